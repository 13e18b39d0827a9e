// @ts-check
// Playing a lecture: the beats' texts beside the board, each beat's place, what is lit and asked there, and the keys.

import { button, el } from "../board/dom.js";
import { textOf } from "./text.js";

/**
 * @typedef {import("./text.js").Paragraph} Paragraph
 * @typedef {{link: string, step: number, phase: number, light: string[], hide: string[], title: string, text:
 *   Paragraph[], ask: {cell: string | null, question: import("../board/predict.js").Asked | null} | null, notes:
 *   string}} Beat
 * @typedef {{title: string, about: Paragraph[], beats: Beat[]}} Lecture
 * @typedef {import("../room/lead.js").Lead} Lead
 */

const NOTES = 1200; // letters that the remote takes
const TITLE = 120;
/** @type {Record<string, "next" | "back" | "blank">} */
const KEYS = { PageDown: "next", PageUp: "back", b: "blank", B: "blank", ".": "blank" };

export class LecturePlayer {
  /**
   * @param {Lecture} lecture
   * @param {number} at the beat to begin with
   * @param {{go: (link: string) => void, ahead: (link: string) => void, moved: (at: number) => void, lead: Lead |
   *   null}} on `go` has the board go to a link, `ahead` fetches what it needs; `lead` leads a room
   */
  constructor(lecture, at, on) {
    this.lecture = lecture;
    this.at = Math.min(Math.max(at, 0), lecture.beats.length - 1);
    this.on = on;
    this.isTold = this.isPut = false; // whether this beat's question is answered, and whether it was put to the room
    this.isAsked = false; // whether an answer is waited for
    this.canAsk = false; // whether the board is where this beat asks
    this.isHere = true; // whether it is at this beat's place
    this.staged = "";
    this.where = el("p", { class: "where" });
    this.title = el("h2", { "data-testid": "beat_title" });
    this.text = el("div", { class: "text" });
    this.question = el("div", { class: "asks", "data-testid": "beat_question", role: "status", hidden: true });
    this.back = button("beat_back", "one beat back (Page Up)", "‹");
    this.next = button("beat_next", "one beat on (Page Down)", "Next ›");
    this.back.onclick = () => this.step("back");
    this.next.onclick = () => this.step("next");
    this.blank = el("div", { class: "blank", hidden: true });
    this.blank.onclick = () => this.step("blank");
    this.again = button("beat_again", "the board goes to this beat's place", "Back to this beat", { hidden: true });
    this.again.onclick = () => this.go(this.at);
    const turn = el("nav", { class: "turn" }, this.back, this.again, this.next);
    this.node = el(
      "section",
      { class: "lecture", "data-testid": "lecture", "aria-live": "polite" },
      this.where,
      this.title,
      this.text,
      this.question,
      turn,
    );
    document.addEventListener("keydown", (event) => this.press(event), { capture: true });
    window.addEventListener("nnviz-press", (event) => this.remote(event), { capture: true });
    window.addEventListener("nnviz-moved", (event) => this.heard(/** @type {CustomEvent} */ (event).detail));
    window.addEventListener("nnviz-opened", () => this.guide());
    on.lead?.listeners.push(() => this.tellRoom());
  }

  get beat() {
    return this.lecture.beats[this.at];
  }

  start() {
    this.go(this.at);
  }

  /** @param {number} at */
  go(at) {
    const { beats } = this.lecture;
    this.at = at;
    this.isTold = this.isPut = this.isAsked = this.canAsk = false;
    this.show();
    this.guide();
    this.on.go(this.beat.link);
    window.dispatchEvent(new CustomEvent("nnviz-ask")); // it may be there already
    this.on.moved(at);
    this.tellRoom();
    if (at + 1 < beats.length) this.on.ahead(beats[at + 1].link);
  }

  show() {
    const { lecture, beat, at } = this;
    this.where.textContent = `${lecture.title} · ${at + 1} of ${lecture.beats.length}`;
    this.title.textContent = beat.title;
    this.text.replaceChildren(...textOf(beat.text, (panels) => this.guide(panels)));
    this.back.toggleAttribute("disabled", at === 0);
    this.showNext();
  }

  showNext() {
    const isLast = this.at === this.lecture.beats.length - 1;
    this.next.textContent = this.hasOpenQuestion ? "Show the answer" : isLast ? "End" : "Next ›";
    this.next.toggleAttribute("disabled", isLast && !this.hasOpenQuestion);
  }

  /** Have the board light, hide and ask what this beat says, or light what words of it point at. */
  guide(/** @type {string[] | null} */ panels = null) {
    const { beat, isTold } = this;
    const silent = Boolean(this.on.lead?.isOpen);
    const ask = beat.ask && { ...beat.ask, step: beat.step, phase: beat.phase, silent, isTold };
    const light = panels ?? (this.isHere ? beat.light : []); // elsewhere the words are not about what is shown
    const detail = { light, hide: isTold ? [] : beat.hide, ask };
    window.dispatchEvent(new CustomEvent("nnviz-guide", { detail }));
  }

  /** Whether somebody is to answer before it goes on. */
  get hasOpenQuestion() {
    const { lead } = this.on;
    if (lead?.state?.poll) return lead.isConnected && !lead.state.poll.is_revealed; // without a room it just goes on
    return this.isAsked;
  }

  /** @param {"next" | "back" | "blank"} what */
  step(what) {
    const { lead } = this.on;
    if (what === "blank") return this.setBlank(Boolean(this.blank.hidden));
    if (!this.blank.hidden) return this.setBlank(false); // the first press brings the light back
    if (what === "next" && this.hasOpenQuestion) return this.tell();
    const to = this.at + (what === "next" ? 1 : -1);
    if (to < 0 || to >= this.lecture.beats.length) return;
    if (lead?.state?.poll) lead.say({ end_poll: true });
    this.go(to);
  }

  /** Show what was asked. */
  tell() {
    const { lead } = this.on;
    if (lead?.state?.poll) return lead.say({ reveal: true });
    this.isTold = true;
    this.guide();
  }

  /** @param {boolean} is */
  setBlank(is) {
    this.blank.hidden = !is;
    this.on.lead?.say({ blank: is });
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const what = KEYS[event.key];
    if (!what || event.ctrlKey || event.altKey || event.metaKey || isTyping(event)) return;
    event.preventDefault();
    event.stopPropagation();
    this.step(what);
  }

  /** A press on the remote. @param {Event} event */
  remote(event) {
    event.preventDefault();
    const what = /** @type {CustomEvent} */ (event).detail;
    if (what === "ask") this.on.lead?.askRoom();
    else this.step(what);
  }

  /**
   * The board has moved.
   * @param {{position: {step: number, phase: number}, question: import("../board/predict.js").Asked | null, isAsked:
   *   boolean, given: number | null}} told
   */
  heard({ position, question, isAsked, given }) {
    const { beat } = this;
    const isHere = position.step === beat.step && position.phase === beat.phase;
    this.isAsked = isHere && Boolean(beat.ask) && isAsked;
    this.again.hidden = isHere;
    const hasMoved = isHere !== this.isHere;
    this.isHere = isHere;
    if (hasMoved) this.guide();
    this.showQuestion(isHere && beat.ask && !this.on.lead?.isOpen ? question : null, given);
    this.canAsk = isHere && beat.ask !== null && question !== null;
    this.putToRoom();
    this.showNext();
  }

  /**
   * What is asked, to be answered by a press; then what is right, and why.
   * @param {import("../board/predict.js").Asked | null} question
   * @param {number | null} given
   */
  showQuestion(question, given) {
    this.question.hidden = question === null;
    if (question === null) return;
    const { text, answers, right, why } = question;
    const buttons = answers.map((words, i) => {
      const kind = given === null ? "" : i === right ? "right" : i === given ? "wrong" : "other";
      const mark = kind === "right" ? "✓ " : kind === "wrong" ? "✗ " : "";
      const node = button(`answer_${i}`, `${words} (key ${i + 1})`, "", { class: kind, disabled: given !== null });
      node.append(el("kbd", {}, String(i + 1)), `${mark}${words}`);
      node.onclick = () => window.dispatchEvent(new CustomEvent("nnviz-answer", { detail: i }));
      return node;
    });
    this.question.replaceChildren(el("p", {}, text), ...buttons, given === null ? "" : el("p", { class: "why" }, why));
  }

  /** Where a room is open, it answers. */
  putToRoom() {
    const { lead } = this.on;
    if (!this.canAsk || this.isPut || !lead?.isOpen || lead.state.poll) return; // one question at a time
    this.isPut = true;
    lead.askRoom();
  }

  /** Where the lecture is, for the lecturer's remote. */
  tellRoom() {
    const { lead } = this.on;
    if (!lead) return;
    this.showNext();
    if (!lead.isOpen) {
      this.staged = "";
      return;
    }
    const { beats } = this.lecture;
    const { title, notes } = this.beat;
    const following = beats[this.at + 1]?.title ?? "";
    const cut = (/** @type {string} */ text, /** @type {number} */ most) => Array.from(text).slice(0, most).join("");
    const stage = {
      at: this.at,
      of: beats.length,
      title: cut(title, TITLE),
      following: cut(following, TITLE),
      notes: cut(notes, NOTES),
    };
    this.putToRoom();
    this.blank.hidden = !lead.state.blank; // the room's, also after a reload
    const now = JSON.stringify(stage);
    if (now === this.staged || !lead.isConnected) return;
    this.staged = now;
    lead.say({ stage });
    this.guide(); // a question is the room's from now on
  }
}

/** Whether the press belongs to a field. @param {KeyboardEvent} event */
function isTyping(event) {
  const [target] = event.composedPath();
  return target instanceof HTMLInputElement && !["range", "button", "checkbox"].includes(target.type);
}
