// Symbols, read-outs and labels; a cell as links write it. Indices count from 1 on screen, as in the book, from 0 in code.

import { MATRICES, VECTORS } from "./layout.js";

const UP = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const DOWN = "₀₁₂₃₄₅₆₇₈₉";
const PLAIN = {
  w: "wˡ", b: "bˡ", z: "zˡ", a: "aˡ", sp: "σ′(zˡ)", delta: "δˡ",
  nabla_w: "∇wˡ", nabla_b: "∇bˡ", dw: "Δwˡ", db: "Δbˡ",
};

const digits = (n, alphabet) => [...String(n)].map((d) => alphabet[d]).join("");

/** w², σ′(z³); as a magnitude |∇w²|. */
export function symbol(net, name, layer, magnitude = false) {
  const pattern = net.quantities.find((q) => q.name === name)?.symbol ?? PLAIN[name];
  const text = pattern.replace("ˡ", digits(layer, UP));
  return magnitude ? `|${text}|` : text;
}

/** w²₄₈, with indices j and k counted from 0: multi-digit ones are kept apart by a thin space. */
export function indexed(net, name, layer, j, k) {
  const indices = name === "w" || name === "nabla_w" || name === "dw" ? [j + 1, k + 1] : [j + 1];
  const glue = indices.some((i) => i > 9) ? "\u2009" : "";
  const low = indices.map((i) => digits(i, DOWN)).join(glue);
  const text = symbol(net, name, layer);
  return text.endsWith(")") ? text.slice(0, -1) + low + ")" : text + low;
}

/** A value to 4 significant digits. */
export function number(value) {
  if (Number.isNaN(value)) return "not a number";
  if (!Number.isFinite(value)) return value > 0 ? "infinity" : "-infinity";
  return significant(value, 4);
}

export function significant(value, count) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-4) return value.toExponential(count - 1).replace("e+", "e");
  return value.toPrecision(count);
}

/** A short number for captions and cells. */
export function brief(value) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 1e4 || size < 1e-3) return value.toExponential(size >= 9.95e9 || size < 1e-9 ? 0 : 1).replace("e+", "e");
  return value.toPrecision(size >= 1000 ? 4 : 3).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
}

/** The numbers of a scale: ±2.31, 0–0.25, 1e-6–0.01. */
export function rangeText([from, to], how) {
  if (how.kind === "diverging") return `±${brief(to)}`;
  return `${brief(from)}–${brief(to)}`;
}

const WITH_COMMAS = new Intl.NumberFormat("en-US"); // made once: to make one takes longer than to paint a panel

export const count = (n) => WITH_COMMAS.format(n);

/** Epoch 1 of 30 · mini-batch 3 of 150 · phase 2 of 7: feedforward, layer 2 */
export function whereNow(net, { step, phase }) {
  const epoch = Math.floor(step / net.batches) + 1;
  const batch = (step % net.batches) + 1;
  return (
    `Epoch ${count(epoch)} of ${count(net.epochs)} · mini-batch ${count(batch)} of ${count(net.batches)} · ` +
    `phase ${phase + 1} of ${net.phases.length}: ${net.phases[phase].title}`
  );
}

export function exampleName(example, m) {
  return example === null ? `mean of ${m}` : `example ${example + 1} of ${m}`;
}

/** A few letters for a phase's chip. */
export function chip({ kind, layer }, tight) {
  const space = tight ? "" : " ";
  switch (kind) {
    case "feedforward": return `ff${space}${layer}`;
    case "output error": return "BP1";
    case "backpropagate": return tight ? `BP2·${layer}` : `BP2 · ${layer}`;
    case "gradients": return "BP3·4";
    default: return kind;
  }
}

export function layerTitle(net, layer) {
  if (layer === 1) return ["layer 1 · input", count(net.sizes[0])];
  return [`layer ${layer}`, count(net.sizes[layer - 1]), net.activations[layer - 1]];
}

/** What is under the pointer, in words: {symbol, value, where}. */
export function readout(net, cell, value, example) {
  const { name, layer, j, k } = cell;
  let where;
  if (name === "w" || name === "nabla_w" || name === "dw") {
    where = `from neuron ${k + 1} in layer ${layer - 1} to neuron ${j + 1} in layer ${layer}`;
  } else if (name === "b" || name === "nabla_b" || name === "db") {
    where = `neuron ${j + 1} in layer ${layer}`;
  } else if (name === "a" && layer === 1) {
    where = `${inputName(net, j)}, example ${k + 1}`;
  } else {
    where = `neuron ${j + 1} in layer ${layer}, example ${k + 1}`;
  }
  if (name.startsWith("nabla")) where += example === null ? ", mean of the mini-batch" : `, example ${example + 1} alone`;
  const title = net.quantities.find((q) => q.name === name)?.title ?? "";
  return { symbol: indexed(net, name, layer, j, k), value: number(value), where, title };
}

function inputName(net, j) {
  if (net.names[j]) return net.names[j];
  if (!net.picture) return `input ${j + 1}`;
  return `pixel in row ${Math.floor(j / net.picture[1]) + 1}, column ${(j % net.picture[1]) + 1}`;
}

/** weights, layer 2, 30 × 64, from -3.1 to 2.9 */
export function panelLabel(net, panel, extent) {
  const title = net.quantities.find((q) => q.name === panel.name)?.title ?? panel.name;
  const shape = `${panel.rows} × ${panel.cols}`;
  const text = `${symbol(net, panel.name, panel.layer)}, ${title}, layer ${panel.layer}, ${shape}`;
  if (!extent) return `${text}, not computed yet in this phase`;
  if (extent.high < extent.low) return `${text}, not finite`;
  return `${text}, from ${brief(extent.low)} to ${brief(extent.high)}${extent.broken ? ", some not finite" : ""}`;
}

export function edgesText(shown, all) {
  return shown < all ? `strongest ${count(shown)} of ${count(all)} edges` : `${count(all)} edges`;
}

/** The keys, as the help lists them. */
export const KEYS = [
  ["← →", "one phase back, on"],
  ["Shift ← →, PageUp PageDown", "one mini-batch back, on"],
  ["Ctrl ← →", "one epoch back, on"],
  ["Home, End", "first, last mini-batch of the run"],
  ["↑ ↓", "the example: mean, 1, 2, …"],
  ["Space", "play, stop"],
  ["Tab, Enter", "go to a panel, open it large"],
  ["Esc", "release the pinned cell, close this"],
  ["?", "this list"],
];

export const MARKS = [
  ["▸ and a thick frame", "computed in this phase"],
  ["a dashed frame", "used in this phase"],
  ["an empty frame", "not computed yet"],
  ["marks right of σ′(z)", "neurons that are saturated (σ′ < 0.01): the longer, the more examples"],
  ["hatching", "values that are not finite"],
];

/** From this phase on the prediction is known: the last feedforward. */
export function predicted(net, phase) {
  return phase >= net.sizes.length - 1;
}

/** What stands beside example e: ["5 → 8 ✗", "C 0.12"]. */
export function exampleText(net, frame, e, phase) {
  const target = className(net, frame.labels[e]);
  if (!predicted(net, phase)) return { text: target, wrong: false, cost: "" };
  const wrong = frame.labels[e] !== frame.predictions[e];
  const text = `${target} → ${className(net, frame.predictions[e])}`;
  const cost = phase >= net.sizes.length ? `C ${brief(frame.arrays.cost[0].values[e])}` : "";
  return { text, wrong, cost };
}

const className = (net, label) => net.classes[label] ?? String(label);

/** w.2.3.7, as it travels in links; neurons and examples count from 0. */
export function cellText({ name, layer, j, k }) {
  return VECTORS.has(name) ? `${name}.${layer}.${j}` : `${name}.${layer}.${j}.${k}`;
}

/** The cell that such a text means in this network, or null. `m`: examples of the mini-batch. */
export function cellOf(text, net, m) {
  const [name, ...rest] = String(text ?? "").split(".");
  const [layer, j, k = 0] = rest.map(Number);
  const expected = VECTORS.has(name) ? 2 : 3;
  if (!Object.hasOwn(PLAIN, name) || rest.length !== expected || ![layer, j, k].every(Number.isInteger)) return null;
  const first = name === "a" ? 1 : 2;
  const cols = MATRICES.has(name) ? net.sizes[layer - 2] : VECTORS.has(name) ? 1 : m;
  const fits = layer >= first && layer <= net.sizes.length && j >= 0 && j < net.sizes[layer - 1] && k >= 0 && k < cols;
  return fits ? { name, layer, j, k } : null;
}
