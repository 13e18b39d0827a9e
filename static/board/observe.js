// @ts-check
// What is worth saying of the numbers shown: the measures that nnviz/lesson/band.py names, taken of one example or of
// the mean over the mini-batch.

import { column, norm } from "./frames.js";
import { partsOf } from "./net.js";
import { brief, count, indexed, outputName } from "./words.js";

/**
 * @typedef {import("../types/board.js").Frame} Frame
 * @typedef {import("../types/board.js").Net} Net
 * @typedef {Record<string, string> | null} Found
 */

/**
 * The first observation of a phase that finds something, as a sentence; else "".
 * @param {Net} net
 * @param {Frame} frame
 * @param {number} phase
 * @param {number | null} example
 */
export function observed(net, frame, phase, example) {
  for (const { measure, panels, text, otherwise } of net.bandOf(frame, phase).observations) {
    const found = MEASURES[measure](net, frame, panels, example);
    if (!found) continue;
    const { says = "", ...words } = found;
    const sentence = says === "otherwise" ? otherwise : says || text;
    return sentence.replace(/\{(\w+)\}/g, (_, name) => words[name]);
  }
  return "";
}

/** @type {Record<string, (net: Net, frame: Frame, panels: string[], example: number | null) => Found>} */
const MEASURES = {
  /** The number of largest magnitude; of columns the first panel decides, and the second one is read beside it. */
  largest(net, frame, panels, example) {
    const isMatrix = net.quantity(partsOf(panels[0])[0]).columns === "inputs";
    /** @type {(import("../types/board.js").Cell & {value: number}) | null} */
    let best = null;
    for (const panel of isMatrix ? panels : panels.slice(0, 1)) {
      const [name, layer] = partsOf(panel);
      const { values, cols } = column(frame, net, name, layer, example);
      for (let i = 0; i < values.length; i++) {
        if (!Number.isFinite(values[i])) return null;
        if (!best || Math.abs(values[i]) > Math.abs(best.value))
          best = { value: values[i], name, layer, j: Math.floor(i / cols), k: i % cols };
      }
    }
    if (!best?.value) return null;
    const { value, j } = best;
    const others = isMatrix || !panels[1] ? null : column(frame, net, ...partsOf(panels[1]), example);
    return {
      neuron: String(j + 1),
      name: outputName(net, j),
      cell: isMatrix ? indexed(net, best) : "",
      value: brief(value),
      other: others ? brief(others.values[j]) : "",
    };
  },

  /** How many numbers are so small that hardly anything gets through. */
  flat(net, frame, [panel], example) {
    const { values, rows } = column(frame, net, ...partsOf(panel), example);
    const flat = values.filter((/** @type {number} */ v) => Math.abs(v) < net.info.saturated).length;
    return flat ? { count: count(flat), n: count(rows), limit: brief(net.info.saturated) } : null;
  },

  /** Whether the network is right. */
  verdict(net, { labels, predictions, m }, _, example) {
    if (example === null) {
      const right = labels.filter((label, e) => label === predictions[e]).length;
      return { says: `${right} of the ${m} examples are right.` };
    }
    const words = { predicted: net.info.classes[predictions[example]], target: net.info.classes[labels[example]] };
    return labels[example] === predictions[example] ? words : { says: "otherwise", ...words };
  },

  /** How far the sizes of the layers' matrices are apart. */
  sizes(net, frame, panels, example) {
    const sizes = panels.map((panel) => norm(frame, net, ...partsOf(panel), example));
    const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
    if (!(least > 0) || !Number.isFinite(most) || most < 1.5 * least) return null;
    const layerOf = (/** @type {number} */ size) => String(partsOf(panels[sizes.indexOf(size)])[1]);
    return { small: layerOf(least), large: layerOf(most), ratio: brief(most / least) };
  },
};
