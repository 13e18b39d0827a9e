// @ts-check
// What is asked of a moment, by the view (predict first), by a lecture or of a room, and what is hidden meanwhile.

import { EFFECTS } from "./net.js";
import { asked, askedOf, NOTHING, Predictions } from "./predict.js";
import { QuestionView } from "./question.js";
import { exampleOf } from "./run_scene.js";
import { cellOf } from "./words.js";

/**
 * @typedef {import("../types/board.js").Guide} Guide
 * @typedef {import("./predict.js").Asked} Asked
 *
 * What it is asked about: the board.
 * @typedef {object} Moment
 * @property {import("./net.js").Net} net
 * @property {import("../types/board.js").Frame | null} frame
 * @property {{step: number, phase: number}} position
 * @property {number | null} example
 * @property {number} m
 * @property {import("../types/board.js").View} view
 * @property {unknown[]} beside
 * @property {{playing: boolean}} player
 */

/** @type {Guide} */
const UNGUIDED = Object.freeze({ light: [], hide: [], ask: null });

export class Asking {
  /** @param {Moment} moment @param {(choice: number) => void} answer */
  constructor(moment, answer) {
    this.moment = moment;
    this.predictions = new Predictions();
    this.bandView = new QuestionView(answer);
    /** @type {{step: number, phase: number} | null} */
    this.veil = null; // the place from whose phase on numbers are hidden, as a room is asked for them
    /** @type {Guide} */
    this.guide = UNGUIDED; // what a lecture has lit, hidden and asked
    /** @type {readonly string[]} */
    this.hidden = NOTHING; // the panels that are to be predicted first
    this.hiding = ""; // for what they are hidden
    /** @type {{frame: import("../types/board.js").Frame | null, about: string, found: Asked | null}} */
    this.last = { frame: null, about: "", found: null }; // what was asked last: it is wanted several times a press
  }

  get isGuided() {
    return this.guide !== UNGUIDED;
  }

  /** @param {Guide | null} guide */
  follow(guide) {
    this.guide = guide ?? UNGUIDED;
    this.hiding = "";
  }

  /** Whether what a phase computes is to be predicted before it is seen. */
  get predictsFirst() {
    const { beside, net, view } = this.moment;
    return beside.length === 0 && net.effects(view).has(EFFECTS.asks);
  }

  /** What a lecture asks at this place. */
  get guidesTo() {
    const { ask } = this.guide;
    const { step, phase } = this.moment.position;
    return ask && ask.step === step && ask.phase === phase ? ask : null;
  }

  /** What could be asked at this place: by a lecture, else by the phase. @returns {Asked | null} */
  get askable() {
    const { guidesTo } = this;
    const { net, frame, position, example, beside } = this.moment;
    if (guidesTo?.question) return guidesTo.question;
    if (!frame || (beside.length && !guidesTo)) return null;
    const shown = exampleOf(example, frame.m);
    const about = [guidesTo?.cell, position.phase, shown].join();
    if (this.last.frame !== frame || this.last.about !== about) {
      const cell = guidesTo && cellOf(guidesTo.cell, net);
      const found = cell ? askedOf(net, frame, cell, shown) : asked(net, frame, position.phase, shown);
      this.last = { frame, about, found };
    }
    return this.last.found;
  }

  /** What is asked at this place, or was. */
  get question() {
    const { guidesTo } = this;
    const { frame, player } = this.moment;
    const asks = guidesTo ? !guidesTo.silent : this.predictsFirst;
    return frame && asks && !player.playing ? this.askable : null;
  }

  /** What a question is about. @returns {import("./predict.js").Place} */
  get place() {
    const { position, example, m } = this.moment;
    return { ...position, example: exampleOf(example, m) };
  }

  /** The answer to what is asked here, or that a lecture has told; null if there is none yet. */
  get given() {
    return this.question && this.guidesTo?.isTold ? this.question.right : this.predictions.at(this.place);
  }

  /** Whether something is asked that nobody has answered yet. */
  get waits() {
    return this.question !== null && this.given === null;
  }

  /**
   * Hide what is to be predicted, and ask. Whether the band asks: a lecture does it beside its text.
   * @param {DOMStringMap} page where whoever says more of these numbers reads from which phase on they are hidden
   */
  ask(page) {
    const { question, guide, guidesTo, given, veil } = this;
    const { net, position } = this.moment;
    const own = guidesTo ? null : question;
    this.bandView.show(own, given, this.predictions.score);
    const isOpen = this.waits && !guidesTo?.question;
    const from = veil?.step === position.step ? veil.phase : isOpen ? position.phase : null;
    const hiding = `${from} ${net.sizes.join()}`;
    if (hiding !== this.hiding) {
      const asked = from === null ? NOTHING : net.computedFrom[from];
      this.hidden = guide.hide.length ? [...asked, ...guide.hide] : asked;
      this.hiding = hiding;
    }
    if (from === null) delete page.asksFrom;
    else page.asksFrom = String(from);
    return own !== null;
  }

  /** Take an answer to what is asked; whether anything is. @param {number} choice */
  answer(choice) {
    const { question, predictions, place } = this;
    if (!question || predictions.at(place) !== null || !(choice in question.answers)) return false;
    predictions.answer(place, choice, question);
    return true;
  }

  /** What others on the page may know: whether something is asked here, and what was answered. */
  get told() {
    const { waits: isAsked, given, guidesTo } = this;
    return { isAsked, given, isOwn: Boolean(guidesTo?.question) };
  }
}
