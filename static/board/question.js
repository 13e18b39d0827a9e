// @ts-check
// The question over the board while a phase is to be predicted, and after the answer why it is so.

import { button, el } from "./dom.js";

/** @typedef {import("./predict.js").Asked} Asked */

export class QuestionView {
  /** @param {(choice: number) => void} answer */
  constructor(answer) {
    this.answer = answer;
    this.shown = "";
    this.node = el("div", { class: "question", role: "status", "data-testid": "question", hidden: true });
  }

  /**
   * @param {Asked | null} question
   * @param {number | null} given the answer, if there is one
   * @param {string} score
   */
  show(question, given, score) {
    const now = JSON.stringify([question, given, score]);
    if (now === this.shown) return;
    this.shown = now;
    this.node.hidden = !question;
    if (!question) return;
    this.node.replaceChildren(...(given === null ? this.asking(question) : told(question, given, score)));
  }

  /** @param {Asked} question */
  asking({ text, answers }) {
    const buttons = answers.map((words, i) => {
      const node = button(`answer_${i}`, `${words} (key ${i + 1})`, "");
      node.append(el("kbd", {}, String(i + 1)), words);
      node.onclick = () => this.answer(i);
      return node;
    });
    return [el("span", {}, text), el("span", { class: "answers" }, ...buttons)];
  }
}

/** @param {Asked} question @param {number} given @param {string} score */
function told({ answers, right, why }, given, score) {
  const isRight = given === right;
  const verdict = isRight ? `✓ ${answers[right]}.` : `✗ Not ${answers[given]}, but ${answers[right]}.`;
  const word = el("strong", { class: isRight ? "" : "wrong" }, verdict);
  return [word, el("span", {}, why), el("span", { class: "score" }, score)];
}
