// @ts-check
// Numbers, symbols, read-outs and labels; a cell as links write it. Indices count from 1 on screen, as in the book,
// from 0 in code. Numbers read as in Python: nnviz/number_text.py, and tests/numbers.json holds both to the same cases.

import { partsOf } from "./net.js";

/**
 * @typedef {import("../types/board.js").Cell} Cell
 * @typedef {import("../types/board.js").Frame} Frame
 * @typedef {import("../types/board.js").Net} Net
 * @typedef {import("../types/board.js").Panel} Panel
 */

const UP = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const DOWN = "₀₁₂₃₄₅₆₇₈₉";
const MINUS = "−";
const SHOWN_DIGITS = 4;
const BRIEF_DIGITS = 3;

// ---- numbers

/** For a reader: 0.5, −12.35, 1.235e−7. @param {number} value */
export function shown(value) {
  return asText(value, SHOWN_DIGITS, SHOWN_DIGITS, -4);
}

/** For a caption or a cell: 0.5, −12.3, 1.2e−7. @param {number} value */
export function brief(value) {
  return asText(value, BRIEF_DIGITS, BRIEF_DIGITS - 1, -3);
}

/** @param {number} value @param {number} digits @param {number} scientificDigits @param {number} lowest */
function asText(value, digits, scientificDigits, lowest) {
  if (!Number.isFinite(value))
    return Number.isNaN(value) ? "not a number" : value > 0 ? "infinity" : `${MINUS}infinity`;
  if (value === 0) return "0";
  const size = Math.abs(value);
  const exponent = Number(size.toExponential(digits - 1).split("e")[1]);
  const sign = value < 0 ? MINUS : "";
  if (exponent >= lowest && exponent < 5) return sign + trimmed(size.toFixed(Math.max(digits - 1 - exponent, 0)));
  const [mantissa, power] = size.toExponential(scientificDigits - 1).split("e");
  return `${sign}${trimmed(mantissa)}e${power.replace("+", "").replace("-", MINUS)}`;
}

/** @param {string} text */
function trimmed(text) {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

const WITH_COMMAS = new Intl.NumberFormat("en-US"); // made once: to make one takes longer than to paint a panel

/** @param {number} n */
export const count = (n) => WITH_COMMAS.format(n);

/**
 * The numbers of a scale: ±2.31, 0–0.25.
 * @param {[number, number]} limits
 * @param {import("../types/board.js").Rule} how
 */
export function rangeText([from, to], how) {
  if (how.kind === "diverging") return `±${brief(to)}`;
  return `${brief(from)}–${brief(to)}`;
}

/** The range of a scale as a caption says it. @param {import("../types/board.js").Scale} scale */
export function rangeOf({ how, limits, extent }) {
  return extent.broken ? "not finite" : rangeText(limits, how) + (how.kind === "logarithmic" ? " log" : "");
}

// ---- symbols and places

/** @param {number} n @param {string} alphabet */
const digits = (n, alphabet) => [...String(n)].map((d) => alphabet[Number(d)]).join("");

/** w², σ′(z³); as a magnitude |∇w²|. @param {Net} net @param {string} name @param {number} layer */
export function symbol(net, name, layer, magnitude = false) {
  const text = net.quantity(name).symbol.replaceAll("ˡ", digits(layer, UP));
  return magnitude ? `|${text}|` : text;
}

/** The symbol where there is little room: σ′³. @param {Net} net @param {string} name @param {number} layer */
export function narrowSymbol(net, name, layer, magnitude = false) {
  const text = net.quantity(name).narrow.replaceAll("ˡ", digits(layer, UP));
  return magnitude ? `|${text}|` : text;
}

/**
 * w²₄₈, with indices from 0: multi-digit ones are kept apart by a thin space.
 * @param {Net} net
 * @param {Cell} cell
 */
export function indexed(net, { name, layer, j, k }) {
  const { columns, oneRow } = net.quantity(name);
  const indices = columns === "inputs" ? [j + 1, k + 1] : oneRow ? [] : [j + 1];
  const glue = indices.some((i) => i > 9) ? "\u2009" : "";
  const low = indices.map((i) => digits(i, DOWN)).join(glue);
  const text = symbol(net, name, layer);
  return text.endsWith(")") ? `${text.slice(0, -1)}${low})` : text + low;
}

/**
 * Epoch 1 of 30 · mini-batch 3 of 150 · phase 2 of 7: feedforward, layer 2.
 * @param {Net} net
 * @param {{step: number, phase: number}} place
 */
export function whereNow(net, { step, phase }) {
  const epoch = Math.floor(step / net.batches) + 1;
  const batch = (step % net.batches) + 1;
  return (
    `Epoch ${count(epoch)} of ${count(net.info.epochs)} · mini-batch ${count(batch)} of ${count(net.batches)} · ` +
    `phase ${phase + 1} of ${net.phases.length}: ${net.phases[phase].title}`
  );
}

/** @param {number | null} example @param {number} m */
export function exampleName(example, m) {
  return example === null ? `mean of ${m}` : `example ${example + 1} of ${m}`;
}

/**
 * How well the network does at a step: 93.1 % of the held-out examples right. It is evaluated now and then: the value
 * is that of the last time before here. Empty where that is not known.
 * @param {Net} net
 * @param {import("../types/board.js").Curve} curve
 * @param {number} step
 */
export function curveText(net, { text, isShare, points }, step) {
  const before = points.filter(([at]) => at <= step).at(-1);
  const isLatest = before && (before !== points.at(-1) || step - before[0] < net.batches);
  if (!isLatest) return "";
  return text.replace("{}", isShare ? `${(100 * before[1]).toFixed(1)} %` : brief(before[1]));
}

/** What output j stands for: its class, or its number where no class does. @param {Net} net @param {number} j */
export function outputName(net, j) {
  return net.sizes.at(-1) === net.info.classes.length ? net.info.classes[j] : String(j + 1);
}

/**
 * 30 × 64: rows and columns of a panel for one example, or for m.
 * @param {Net} net
 * @param {string} panel
 * @param {number} m
 */
export function shapeOf(net, panel, m) {
  const [name, layer] = partsOf(panel);
  const { columns, oneRow } = net.quantity(name);
  const cols = { inputs: net.sizes[layer - 2], none: 1, examples: m }[columns];
  return `${oneRow ? 1 : net.sizes[layer - 1]} × ${cols}`;
}

/** The power of ten that a column's numbers are divided by, and how many decimals they have. @param {number} largest */
export function columnFormat(largest) {
  if (!(largest > 0) || !Number.isFinite(largest)) return { power: 0, decimals: 2 };
  const power = largest >= 0.1 && largest < 1000 ? 0 : 3 * Math.floor(Math.log10(largest) / 3);
  const size = largest / 10 ** power;
  return { power, decimals: size < 10 ? 2 : size < 100 ? 1 : 0 };
}

/** A number in a column. @param {number} value @param {{power: number, decimals: number}} format */
export function inColumn(value, { power, decimals }) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "∞" : `${MINUS}∞`;
  if (value === 0) return "0";
  const text = Math.abs(value / 10 ** power).toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? MINUS + text : text;
}

/** ·10⁻³ @param {number} power */
export function powerText(power) {
  return power ? `·10${power < 0 ? "⁻" : ""}${digits(Math.abs(power), UP)}` : "";
}

/**
 * What is said under the example of a scene, line by line, as far as it is known in a phase.
 * @param {Net} net
 * @param {Frame} frame
 * @param {number | null} example
 * @param {number} phase
 * @param {readonly string[]} hidden the panels that are to be predicted first
 * @returns {{text: string, bold?: boolean, wrong?: boolean}[]}
 */
export function verdictLines(net, frame, example, phase, hidden) {
  const { labels, predictions, m } = frame;
  const isKnown = labels[example] >= 0;
  const { knows, costs } = knownIn(net, frame, phase, hidden);
  const lines = [];
  if (example === null) {
    lines.push({ text: `Mean of ${m} examples`, bold: true });
    if (knows) lines.push({ text: `${rightOnes(frame)} of ${withTargets(frame)} right` });
    if (costs) lines.push({ text: `Mean cost ${brief(mean(costs))}` });
    return lines;
  }
  if (net.info.hasClasses) lines.push({ text: `Target ${className(net, labels[example])}`, bold: true });
  const wrong = isWrong(frame, example);
  const answer = `Network says ${className(net, predictions[example])}`;
  if (knows) lines.push(isKnown ? { text: `${answer} ${wrong ? "✗" : "✓"}`, wrong } : { text: answer });
  if (costs) lines.push({ text: `Cost ${brief(costs[example])}` });
  return lines;
}

/**
 * How the mini-batch does, as far as it is known in a phase: 3 of 10 right, mean cost 0.53.
 * @param {Net} net
 * @param {Frame} frame
 * @param {number} phase
 * @param {readonly string[]} hidden
 */
export function batchText(net, frame, phase, hidden) {
  const { knows, costs } = knownIn(net, frame, phase, hidden);
  const right = knows ? [`${rightOnes(frame)} of ${withTargets(frame)} right`] : [];
  return [...right, ...(costs ? [`mean cost ${brief(mean(costs))}`] : [])].join(", ");
}

/** How many examples the network gets right. @param {Frame} frame */
export function rightOnes({ labels, predictions }) {
  return labels.filter((label, e) => label === predictions[e]).length;
}

/**
 * How many examples have a target that is known: a drawing has none before one says what it is.
 * @param {Frame} frame
 */
export function withTargets({ labels }) {
  return labels.filter((label) => label >= 0).length;
}

/** Whether the network gets an example wrong. @param {Frame} frame @param {number} e */
export function isWrong({ labels, predictions }, e) {
  return labels[e] >= 0 && labels[e] !== predictions[e];
}

/**
 * Whether the answers are known in a phase, and the costs if they are; nothing of a panel that is to be predicted.
 * @param {Net} net
 * @param {Frame} frame
 * @param {number} phase
 * @param {readonly string[]} hidden
 */
export function knownIn(net, frame, phase, hidden) {
  const { info } = net;
  const output = `${partsOf(info.inputPanel)[0]}.${net.depth}`;
  return {
    knows: info.hasClasses && phase >= info.predictedIn && !hidden.includes(output),
    costs: phase >= info.costIn && !hidden.includes(info.costPanel) ? frame.arrays[info.costPanel].values : null,
  };
}

/** @param {import("../types/board.js").Values} values */
function mean(values) {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** The parts of a layer's title. @param {Net} net @param {Frame} frame @param {number} layer */
export function layerTitle(net, frame, layer) {
  const n = count(net.sizes[layer - 1]);
  return layer === 1 ? ["layer 1 · input", n] : [`layer ${layer}`, n, net.layers(frame)[layer - 1].title];
}

/**
 * What is under the pointer, in words.
 * @param {Net} net
 * @param {Cell} cell
 * @param {number} value
 * @param {number | null} example
 */
export function readout(net, cell, value, example) {
  const { name, layer, j, k } = cell;
  const { columns, title, isGradient, oneRow } = net.quantity(name);
  const output = layer === net.depth && outputName(net, j) !== String(j + 1) ? ` (output ${outputName(net, j)})` : "";
  const neuron = oneRow ? "" : `neuron ${j + 1} in layer ${layer}${output}`;
  let where = neuron;
  if (columns === "inputs") where = `from neuron ${k + 1} in layer ${layer - 1} to ${neuron}`;
  else if (columns === "examples") {
    where = [layer === 1 ? inputName(net, j) : neuron, `example ${k + 1}`].filter(Boolean).join(", ");
  }
  if (isGradient) where += example === null ? ", mean of the mini-batch" : `, example ${example + 1} alone`;
  return { symbol: indexed(net, cell), value: shown(value), where, title };
}

/** @param {Net} net @param {number} j */
function inputName(net, j) {
  if (net.info.names[j]) return net.info.names[j];
  if (!net.picture) return `input ${j + 1}`;
  return `pixel in row ${Math.floor(j / net.picture[1]) + 1}, column ${(j % net.picture[1]) + 1}`;
}

/**
 * weights, layer 2, 30 × 64, from −3.1 to 2.9.
 * @param {Net} net
 * @param {Panel} panel
 * @param {import("../types/board.js").Extent | null} extent
 */
export function panelLabel(net, panel, extent) {
  const shape = `${panel.rows} × ${panel.cols}`;
  const title = net.quantity(panel.name).title;
  const text = `${symbol(net, panel.name, panel.layer)}, ${title}, layer ${panel.layer}, ${shape}`;
  if (!extent) return `${text}, not computed yet in this phase`;
  if (extent.high < extent.low) return `${text}, not finite`;
  return `${text}, from ${brief(extent.low)} to ${brief(extent.high)}${extent.broken ? ", some not finite" : ""}`;
}

/** @param {number} drawn @param {number} all */
export function edgesText(drawn, all) {
  return drawn < all ? `strongest ${count(drawn)} of ${count(all)} edges` : `${count(all)} edges`;
}

/** How long something takes, in words: about 5 minutes. @param {number | null} seconds */
export function duration(seconds) {
  if (seconds === null) return "";
  if (seconds < 1.5) return "about a second";
  if (seconds < 90) return `about ${Math.round(seconds)} s`;
  return seconds < 5400 ? `about ${Math.round(seconds / 60)} minutes` : `about ${Math.round(seconds / 3600)} hours`;
}

/** The keys, as the help lists them. @type {[string, string][]} */
export const KEYS = [
  ["← →", "one phase back, on"],
  ["Page Up, Page Down", "the same: what presenter remotes send; in a lecture one beat back, on"],
  ["Shift ← →", "one mini-batch back, on"],
  ["Ctrl ← →", "one epoch back, on"],
  ["Home, End", "first, last mini-batch of the run"],
  ["↑ ↓", "the example: 1, 2, …, and after the last one the mean of all"],
  ["A", "one example, or all numbers of the mini-batch"],
  ["Space", "play, stop"],
  ["Q", "predict first: each phase hides its numbers until you have answered"],
  ["1 to 4", "answer"],
  ["P", "present: the board alone, large, for a projector"],
  ["Tab, Enter", "go to a panel, open it large"],
  ["Esc", "cancel computing, release the pinned cell, close this"],
  ["?", "this list"],
];

/** @param {Net} net @returns {[string, string][]} */
export const marks = (net) => [
  ["a thick frame", "computed in this phase, in the colour of its symbol in the equation"],
  ["a dashed frame", "used in this phase, in the colour of its symbol"],
  ["an empty frame", "not computed yet"],
  [
    "marks right of the slopes",
    `neurons that are saturated (slope below ${shown(net.info.saturated)}): the longer, the more examples`,
  ],
  ["hatching", "values that are not finite"],
];

/**
 * What stands beside example e: "5 → 8 ✗", "C 0.12".
 * @param {Net} net
 * @param {Frame} frame
 * @param {number} e
 * @param {number} phase
 */
export function exampleText(net, frame, e, phase) {
  const target = className(net, frame.labels[e]);
  if (phase < net.info.predictedIn) return { text: target, wrong: false, cost: "" };
  const wrong = isWrong(frame, e);
  const text = `${target} → ${className(net, frame.predictions[e])}`;
  const { symbol } = net.quantity(partsOf(net.info.costPanel)[0]);
  const cost = phase >= net.info.costIn ? `${symbol} ${brief(frame.arrays[net.info.costPanel].values[e])}` : "";
  return { text, wrong, cost };
}

/** @param {Net} net @param {number} label */
const className = (net, label) => (label < 0 ? "?" : (net.info.classes[label] ?? String(label)));

// ---- cells

/** w.2.3.7, as it travels in links; neurons and examples count from 0. @param {Net} net @param {Cell} cell */
export function cellText(net, { name, layer, j, k }) {
  return net.quantity(name).columns === "none" ? `${name}.${layer}.${j}` : `${name}.${layer}.${j}.${k}`;
}

/**
 * The cell that such a text means in this network, or null.
 * @param {string | null} text
 * @param {Net} net
 * @returns {Cell | null}
 */
export function cellOf(text, net) {
  const [name, ...rest] = String(text ?? "").split(".");
  const quantity = net.quantity(name);
  const [layer, j, k = 0] = rest.map((part) => (/^\d+$/.test(part) ? Number(part) : NaN));
  if (!quantity || rest.length !== (quantity.columns === "none" ? 2 : 3) || !quantity.layers.includes(layer))
    return null;
  const rows = quantity.oneRow ? 1 : net.sizes[layer - 1];
  const cols = { inputs: net.sizes[layer - 2], none: 1, examples: net.info.maxExamples }[quantity.columns];
  return j >= 0 && j < rows && k >= 0 && k < cols ? { name, layer, j, k } : null;
}
