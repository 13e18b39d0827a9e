// @ts-check
// A question to the room, on a device of it: one tap answers, another one changes the answer.

import { el } from "../board/dom.js";

/** @typedef {import("./room.js").Poll} Poll */

const KEPT = "nnviz_vote"; // in the storage of the tab

export class PollView {
  /** @param {(poll: Poll, choice: number) => void} vote */
  constructor(vote) {
    this.vote = vote;
    this.node = el("section", { class: "poll", "data-testid": "poll", role: "status", hidden: true });
    /** @type {number | null} */
    this.chosen = null;
    this.round = ""; // of which question the answer is
    this.room = this.trouble = "";
  }

  /**
   * @param {Poll | null} poll
   * @param {string} room its code
   */
  show(poll, room) {
    this.node.hidden = poll === null;
    if (poll === null) return;
    const round = `${room}.${poll.number}.${poll.round}`;
    if (round !== this.round) {
      this.chosen = keptChoice(round);
      this.trouble = "";
    }
    this.round = round;
    this.room = room;
    this.poll = poll;
    const answers = el("div", { class: "answers" }, ...poll.answers.map((text, i) => this.answer(poll, text, i)));
    this.node.replaceChildren(
      el("p", { class: "asks" }, poll.question),
      answers,
      el("p", { class: "told" }, this.told(poll)),
    );
  }

  /** @param {Poll} poll @param {string} text @param {number} i */
  answer(poll, text, i) {
    const isRight = poll.right === i;
    const node = el(
      "button",
      {
        type: "button",
        "data-testid": `vote_${i}`,
        class: isRight ? "right" : null,
        disabled: !poll.is_open,
        "aria-pressed": String(this.chosen === i),
      },
      el("span", {}, `${isRight ? "✓ " : ""}${text}`),
    );
    node.onclick = () => this.vote(poll, i);
    for (const counts of poll.counts ?? []) node.append(bar(counts, i));
    return node;
  }

  /** The server has taken the answer. @param {number} choice */
  voted(choice) {
    this.chosen = choice;
    this.trouble = "";
    sessionStorage.setItem(KEPT, JSON.stringify([this.round, choice]));
    this.show(this.poll, this.room);
  }

  /** The answer did not arrive, or was not taken. @param {string} why */
  refused(why) {
    this.trouble = why;
    if (this.poll) this.show(this.poll, this.room);
  }

  /** @param {Poll} poll */
  told({ is_open, is_revealed, why, round }) {
    if (is_revealed) return why;
    if (!is_open) return "The answers are in.";
    if (this.trouble) return `Not sent: ${this.trouble}. Tap once more.`;
    if (this.chosen !== null) return "Sent. Tap another one to change it.";
    return round > 1 ? "Once more, after talking it over: tap an answer." : "Tap an answer.";
  }
}

/** The answer that was given before a reload, or null. @param {string} round */
function keptChoice(round) {
  const [known, choice] = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
  return known === round ? choice : null;
}

/** How many chose answer i in a round, as a number and a bar. @param {number[]} counts @param {number} i */
export function bar(counts, i) {
  const all = counts.reduce((sum, count) => sum + count, 0);
  const share = all ? counts[i] / all : 0;
  const filled = el("i", { style: `width:${Math.round(100 * share)}%` });
  return el("span", { class: "count" }, el("span", { class: "bar" }, filled), String(counts[i]));
}
