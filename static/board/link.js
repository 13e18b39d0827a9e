// @ts-check
// The link that restores what the board shows, as nnviz/run/link.py and nnviz/lesson/view.py write it.

import { EFFECTS } from "./net.js";
import { cellOf, cellText } from "./words.js";

const MEAN = "mean"; // in place of an example

/**
 * @param {import("../types/board.js").Net} net
 * @param {string} experiment the link of the run's start
 * @param {{position: {step: number, phase: number}, example: number | null, pinned: import("../types/board.js").Cell |
 *   null, view: import("../types/board.js").View}} shown
 */
export function linkOf(net, experiment, { position, example, pinned, view }) {
  const params = new URLSearchParams(experiment);
  if (position.step) params.set("step", String(position.step));
  if (position.phase) params.set("phase", String(position.phase));
  if (pinned) params.set("cell", cellText(net, pinned));
  const usual = pinned && net.quantity(pinned.name).columns === "examples" ? pinned.k : 0;
  if (example !== usual) params.set("example", example === null ? MEAN : String(example));
  for (const { name, choices } of net.info.viewOptions) {
    if (view.choices[name] !== choices[0].name) params.set(name, view.choices[name]);
  }
  if (view.lock !== null) params.set("lock", String(view.lock));
  if (view.lockExample !== null) params.set("lock_example", String(view.lockExample));
  return `?${params}`;
}

/**
 * The same for the devices that follow: they have their own screens.
 * @param {import("../types/board.js").Net} net
 * @param {string} link
 */
export function forFollowers(net, link) {
  const params = new URLSearchParams(link);
  for (const { name, choices } of net.info.viewOptions) {
    if (choices.some(({ effects }) => effects.includes(EFFECTS.presents))) params.delete(name);
  }
  return `?${params}`;
}

/**
 * A link taken apart: the run's start, with its fields in order, and where the board is in it.
 * @param {import("../types/board.js").Net} net
 * @param {string} link
 */
export function placeOf(net, link) {
  const params = new URLSearchParams(link);
  const taken = (/** @type {string} */ name) => {
    const value = params.get(name);
    params.delete(name);
    return value;
  };
  const whole = (/** @type {string | null} */ text) => (text && /^\d{1,15}$/.test(text) ? Number(text) : null);
  const [step, phase] = [whole(taken("step")) ?? 0, whole(taken("phase")) ?? 0];
  const cell = taken("cell");
  const pinned = cellOf(cell, net);
  const usual = pinned && net.quantity(pinned.name).columns === "examples" ? pinned.k : 0;
  const said = taken("example");
  const example = said === MEAN ? null : (whole(said) ?? usual);
  /** @type {Record<string, string>} */
  const choices = {};
  for (const { name } of net.info.viewOptions) choices[name] = taken(name);
  const view = net.viewOf({ choices, lock: whole(taken("lock")), lockExample: whole(taken("lock_example")) });
  params.sort();
  return { experiment: String(params), position: { step, phase, example }, cell, view };
}
