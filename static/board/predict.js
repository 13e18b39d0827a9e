// @ts-check
// Predict first: the questions that nnviz/lesson/quiz.py describes, asked of the numbers of one moment. No DOM.

import { column, matrix, norm } from "./frames.js";
import { partsOf } from "./net.js";
import { brief, indexed, outputName, symbol } from "./words.js";

/**
 * @typedef {import("../types/board.js").Frame} Frame
 * @typedef {import("../types/board.js").Net} Net
 * @typedef {import("../types/board.js").Question} Question
 * @typedef {import("../types/board.js").Cell & {value: number, panel: number}} Extreme
 * @typedef {{answers: string[], right: number, words: Record<string, string>}} Found
 *
 * @typedef {{step: number, phase: number, example: number | null}} Place
 *
 * @typedef {object} Asked
 * @property {string} text
 * @property {string[]} answers
 * @property {number} right the number of the right answer
 * @property {string} why
 */

const MOST_OUTPUTS = 4; // answers to choose from
const SAME = 2; // sizes that differ by a smaller factor are about the same

/** @type {readonly string[]} */
export const NOTHING = Object.freeze([]);

/**
 * What is asked at a moment; null where its numbers leave nothing to guess.
 * @param {Net} net
 * @param {Frame} frame
 * @param {number} phase
 * @param {number | null} example
 * @returns {Asked | null}
 */
export function asked(net, frame, phase, example) {
  const { question } = net.phases[phase];
  const found = question && MEASURES[question.measure](net, frame, question, example);
  if (!found) return null;
  const { answers, right, words } = found;
  const filled = (/** @type {string} */ text) => text.replace(/\{(\w+)\}/g, (_, name) => words[name]);
  const { text, why } = question;
  return { text: filled(text), answers, right, why: filled(why[Math.min(right, why.length - 1)]) };
}

/**
 * What is asked of one number: its sign.
 * @param {Net} net
 * @param {Frame} frame
 * @param {import("../types/board.js").Cell} cell
 * @param {number | null} example
 * @returns {Asked}
 */
export function askedOf(net, frame, cell, example) {
  const { name, layer, j, k } = net.within(cell, frame.m);
  const { values, cols } = matrix(frame, net, name, layer, example);
  const value = values[j * cols + (cols > 1 ? k : 0)];
  const isOutput = layer === net.depth && net.quantity(name).columns === "examples";
  const called = isOutput ? `${symbol(net, name, layer)} of output ${outputName(net, j)}` : indexed(net, cell);
  return {
    text: `Is ${called} negative or positive?`,
    answers: ["negative", "zero", "positive"],
    right: Math.sign(value) + 1,
    why: `${called} = ${brief(value)}.`,
  };
}

/** What a visitor has predicted, and how well. */
export class Predictions {
  constructor() {
    /** @type {Map<string, number>} */
    this.given = new Map(); // the answers, by mini-batch, phase and example
    this.right = 0;
  }

  forget() {
    this.given.clear();
    this.right = 0;
  }

  /** @param {Place} place */
  at(place) {
    return this.given.get(keyOf(place)) ?? null;
  }

  /**
   * Take an answer; the first one at a place counts.
   * @param {Place} place
   * @param {number} choice
   * @param {Asked} question
   */
  answer(place, choice, { right }) {
    const key = keyOf(place);
    if (this.given.has(key)) return;
    this.given.set(key, choice);
    if (choice === right) this.right++;
  }

  get score() {
    return `${this.right} of ${this.given.size} right`;
  }
}

/** @param {Place} place */
function keyOf({ step, phase, example }) {
  return `${step}.${phase}.${example}`;
}

/** @type {Record<string, (net: Net, frame: Frame, question: Question, example: number | null) => Found | null>} */
const MEASURES = {
  /** The sign of the number of largest magnitude. */
  sign(net, frame, { panels, beside, about, answers }, example) {
    const most = extreme(net, frame, panels, example);
    if (!most) return null;
    const { name, layer, j, k, value } = most;
    const { columns, isGradient } = net.quantity(name);
    const of = columns === "examples" || isGradient ? example : null; // a change is that of the whole mini-batch
    const at = (/** @type {string} */ panel) => {
      const { values, cols } = column(frame, net, ...partsOf(panel), of);
      return values[j * cols + k];
    };
    const cellIn = (/** @type {string} */ panel) => {
      const [other, l] = partsOf(panel);
      return indexed(net, { name: other, layer: l, j, k });
    };
    const words = {
      neuron: String(j + 1),
      layer: String(layer),
      name: outputName(net, j),
      cell: indexed(net, { name, layer, j, k }),
      value: brief(value),
      other: beside.length ? brief(at(beside[most.panel])) : "",
      about: about.length ? cellIn(about[most.panel]) : "",
    };
    return { answers, right: Math.sign(value) + 1, words };
  },

  /** Which output is the largest: the right one, the target's and the next largest are to choose from. */
  largestOutput(net, frame, { panels: [panel] }, example) {
    const { values } = column(frame, net, ...partsOf(panel), example);
    if (!Array.from(values).every(Number.isFinite)) return null;
    const order = Array.from(values, (_, j) => j).sort((i, j) => values[j] - values[i]);
    const label = example === null || !net.info.hasClasses ? -1 : frame.labels[example];
    const target = label >= 0 && values.length === net.info.classes.length ? [label] : [];
    const offered = [...new Set([order[0], ...target, ...order])].slice(0, MOST_OUTPUTS).sort((i, j) => i - j);
    if (values[order[0]] === values[order[1]]) return null;
    const words = { name: outputName(net, order[0]), value: brief(values[order[0]]) };
    return { answers: offered.map((j) => outputName(net, j)), right: offered.indexOf(order[0]), words };
  },

  /** How large the largest number of one panel is beside that of another. */
  ratio(net, frame, { panels, beside, answers }, example) {
    const [here, there] = [panels, beside].map((group) => extreme(net, frame, group, example));
    if (!here || !there?.value) return null;
    const ratio = Math.abs(here.value / there.value);
    const words = {
      value: brief(Math.abs(here.value)),
      other: brief(Math.abs(there.value)),
      ratio: brief(ratio),
      layer: String(here.layer),
      after: String(there.layer),
    };
    return { answers, right: ratio < 1 / SAME ? 0 : ratio > SAME ? 2 : 1, words };
  },

  /** Which layer's matrix is the largest. */
  largestLayer(net, frame, { panels }, example) {
    const sizes = panels.map((panel) => norm(frame, net, ...partsOf(panel), example));
    const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
    if (!Number.isFinite(most) || least === most) return null;
    const answers = panels.map((panel) => String(partsOf(panel)[1]));
    const [right, smallest] = [sizes.indexOf(most), sizes.indexOf(least)];
    const words = { name: answers[right], value: brief(most), after: answers[smallest], other: brief(least) };
    return { answers: answers.map((layer) => `layer ${layer}`), right, words };
  },
};

/**
 * The number of largest magnitude in some panels; null if some are not finite.
 * @param {Net} net
 * @param {Frame} frame
 * @param {string[]} panels
 * @param {number | null} example
 * @returns {Extreme | null}
 */
function extreme(net, frame, panels, example) {
  /** @type {Extreme | null} */
  let most = null;
  for (const [panel, id] of panels.entries()) {
    const [name, layer] = partsOf(id);
    const { values, cols } = column(frame, net, name, layer, example);
    for (let i = 0; i < values.length; i++) {
      if (!Number.isFinite(values[i])) return null;
      if (!most || Math.abs(values[i]) > Math.abs(most.value))
        most = { value: values[i], panel, name, layer, j: Math.floor(i / cols), k: i % cols };
    }
  }
  return most;
}
