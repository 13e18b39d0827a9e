// @ts-check
// What is worth saying of the numbers shown: the measures that nnviz/lesson/band.py names, taken of one example or of
// the mean over the mini-batch.

import { column, norm } from "./frames.js";
import { partsOf } from "./net.js";
import { brief, count, indexed, outputName, rightOnes, withTargets } from "./words.js";

/**
 * @typedef {import("../types/board.js").Frame} Frame
 * @typedef {import("../types/board.js").Net} Net
 * @typedef {{words: Record<string, string>, opposite?: boolean} | null} Found
 */

/**
 * The first observation of a phase that finds something, as a sentence; else "".
 * @param {Net} net
 * @param {Frame} frame
 * @param {number} phase
 * @param {number | null} example
 * @param {readonly string[]} hidden the panels that are to be predicted first, of which nothing is said
 */
export function observed(net, frame, phase, example, hidden) {
  for (const { measure, panels, text, otherwise, ofAll } of net.bandOf(frame, phase).observations) {
    if (panels.some((panel) => hidden.includes(panel))) continue;
    const found = MEASURES[measure](net, frame, panels, example);
    if (!found) continue;
    const { opposite = false, words } = found;
    const sentence = ofAll && example === null ? ofAll : opposite ? otherwise : text;
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
    const words = { neuron: String(j + 1), name: outputName(net, j), value: brief(value) };
    if (isMatrix) return { words: { ...words, cell: indexed(net, best) } };
    return { words: others ? { ...words, other: brief(others.values[j]) } : words };
  },

  /** How many numbers are so small that hardly anything gets through. */
  flat(net, frame, [panel], example) {
    const { values, rows } = column(frame, net, ...partsOf(panel), example);
    const flat = values.filter((/** @type {number} */ v) => Math.abs(v) < net.info.saturated).length;
    return flat ? { words: { count: count(flat), n: count(rows), limit: brief(net.info.saturated) } } : null;
  },

  /** Whether the network is right, where the targets stand for classes. */
  verdict(net, frame, _, example) {
    if (!net.info.hasClasses) return null;
    if (example === null) return { words: { m: count(withTargets(frame)), right: count(rightOnes(frame)) } };
    if (frame.labels[example] < 0) return null;
    const [label, answer] = [frame.labels[example], frame.predictions[example]];
    const words = { predicted: net.info.classes[answer], target: net.info.classes[label] };
    return { words, opposite: label !== answer };
  },

  /** How far the sizes of the layers' matrices are apart. */
  sizes(net, frame, panels, example) {
    const sizes = panels.map((panel) => norm(frame, net, ...partsOf(panel), example));
    const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
    if (!(least > 0) || !Number.isFinite(most) || most < 1.5 * least) return null;
    const layerOf = (/** @type {number} */ size) => String(partsOf(panels[sizes.indexOf(size)])[1]);
    return { words: { small: layerOf(least), large: layerOf(most), ratio: brief(most / least) } };
  },
};
