// @ts-check
// The line under the board: the number under the pointer, or the pinned one, in every run that is shown.

import { el, text } from "./dom.js";
import { stateOf } from "./draw.js";
import { column, matrix } from "./frames.js";
import { exampleOf } from "./run_scene.js";
import { cellText, readout } from "./words.js";

/**
 * @typedef {import("../types/board.js").Cell} Cell
 * @typedef {import("./run_scene.js").RunScene} RunScene
 *
 * What the board shows.
 * @typedef {object} Shown
 * @property {import("../types/board.js").Net} net of the run that leads
 * @property {RunScene[]} all
 * @property {{step: number, phase: number}} position
 * @property {(scene: RunScene, place: {step: number, phase: number}) => {step: number, phase: number}} placeIn
 * @property {number | null} example
 * @property {import("../types/board.js").View} view
 * @property {Cell | null} hover
 * @property {Cell | null} pinned
 * @property {readonly string[]} hidden
 */

const POINT_AT = "Point at a cell to read it, click to pin it. Double click opens its panel. Keys: ?";
const POINT_AT_SEVERAL = "Point at a cell to read it in every run, click to pin it. Keys: ?";

export class Readout {
  /** @param {HTMLElement} foot @param {HTMLElement} node */
  constructor(foot, node) {
    this.foot = foot;
    this.node = node;
  }

  /**
   * symbol = value, where; of the cell under the pointer, or the pinned one.
   * @param {Shown} shown
   */
  show(shown) {
    const { net, all, hover, pinned } = shown;
    const aimed = hover ?? pinned;
    const readings = aimed ? all.map((scene) => reading(shown, scene, aimed)).filter((found) => found !== null) : [];
    this.foot.classList.toggle("reading", readings.length > 0);
    if (!readings.length) return text(this.node, all.length > 1 ? POINT_AT_SEVERAL : POINT_AT);
    const isPinned = pinned && cellText(net, aimed) === cellText(net, pinned);
    const [{ symbol, title, where }] = readings;
    const several = all.length > 1 ? readings.map(({ name, says }) => `${name}${says}`).join("  · ") : "";
    this.node.replaceChildren(
      ...(isPinned ? [el("span", { class: "pin" }, "◉ ")] : []),
      el("strong", {}, several ? `${symbol}:  ${several}` : `${symbol}${readings[0].says}`),
      `  ${title} · ${where}`,
    );
  }

  /**
   * The mean in a column: it is no number of any example, so that it cannot be pinned.
   * @param {Shown} shown
   * @param {import("../types/board.js").Panel} panel
   * @param {number} row
   */
  showMean(shown, { id, name, layer }, row) {
    const { net, all, position, view, hidden } = shown;
    const frame = all[0].peek(position.step, view);
    if (!frame || stateOf(net, hidden, id, position.phase) === "pending") return this.show(shown);
    const value = column(frame, net, name, layer, null).values[row];
    const words = readout(net, { name, layer, j: row, k: 0 }, value, null);
    const where = words.where.replace(/, example 1$/, "");
    const strong = el("strong", {}, `mean of ${words.symbol} = ${words.value}`);
    this.node.replaceChildren(strong, `  ${words.title} · ${where}, over ${frame.m} examples`);
  }
}

/**
 * What a cell is in a run, by the number of its place; null if the run has no such cell.
 * @param {Shown} shown
 * @param {RunScene} scene
 * @param {Cell} aimed
 */
function reading(shown, scene, aimed) {
  const { position, view, hidden } = shown;
  const frame = scene.peek(position.step, view);
  const own = scene.own(aimed);
  if (!frame || !own) return null;
  const of = exampleOf(shown.example, frame.m);
  const cell = scene.net.within(own, frame.m);
  const { values, cols } = matrix(frame, scene.net, cell.name, cell.layer, of);
  const value = values[cell.j * cols + (cols > 1 ? cell.k : 0)];
  const words = readout(scene.net, cell, value, of);
  const id = `${cell.name}.${cell.layer}`;
  const { phase } = shown.placeIn(scene, position);
  const isComputed = phase >= scene.net.revealedIn(id);
  const says = !isComputed
    ? ": not computed yet in this phase"
    : hidden.includes(id)
      ? ": predict it first"
      : ` = ${words.value}`;
  return { ...words, says, name: scene.nameIn(view, position.step) };
}
