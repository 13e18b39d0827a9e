// From numbers to colours: rules, pooling and lookup tables; the scale of every panel, which is its own, shared by the
// quantity's layers, or locked as it was at another mini-batch. Nothing here draws.

import { has, matrix } from "./frames.js";

export const LEVELS = 255; // entries of a lookup table; the middle one, 127, is zero of a diverging scale
const MIDDLE = (LEVELS - 1) / 2;
const DECADES = 4; // how far below the largest magnitude a logarithmic scale reaches
const BOUNDED = { sigmoid: 1, softmax: 1, tanh: 1 }; // largest |a|
const STEEPEST = { sigmoid: 0.25, softmax: 0.25, tanh: 1, relu: 1, linear: 1 }; // largest sigma'
const SIZES = new Set(["nabla_w", "nabla_b", "dw", "db", "delta"]); // what the log scale shows as magnitudes
const GRADIENTS = new Set(["nabla_w", "nabla_b"]);

/**
 * How a quantity is coloured: `kind` is diverging, sequential or log, `magnitude` says that |v| is shown, and
 * `limit` is the largest value where the quantity itself has one.
 */
export function rule(name, activation, view) {
  if (view.magnitudes === "log" && SIZES.has(name)) return { kind: "log", magnitude: true };
  if (view.gradient === "size" && GRADIENTS.has(name)) return { kind: "sequential", magnitude: true };
  if (name === "sp") return { kind: "sequential", magnitude: false, limit: STEEPEST[activation] };
  if (name === "a") {
    const signed = activation === "tanh" || activation === "linear";
    return { kind: signed ? "diverging" : "sequential", magnitude: false, limit: BOUNDED[activation] };
  }
  return { kind: "diverging", magnitude: false };
}

/** The largest finite magnitude of a matrix, and how many of its values are not finite. */
export function extent({ values }) {
  let largest = 0;
  let broken = 0;
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const v = values[i];
    if (v - v !== 0) {
      broken++;
      continue;
    }
    if (v < low) low = v;
    if (v > high) high = v;
  }
  if (high >= low) largest = Math.max(Math.abs(low), Math.abs(high));
  return { largest, low, high, broken };
}

/** The range of a scale: [from, to] for these extents (one panel's, or all that share it). */
export function range(how, extents) {
  const to = how.limit ?? Math.max(0, ...extents.map((e) => e.largest));
  if (how.kind === "diverging") return [-to, to];
  return how.kind === "log" ? [to * 10 ** -DECADES, to] : [0, to];
}

/** Where a value lies on a scale: an index of the lookup table, or -1 where it is not finite. */
export function level(value, how, [, to]) {
  if (value - value !== 0) return -1;
  if (how.kind === "diverging") return clamp(MIDDLE + Math.round((MIDDLE * value) / (to || 1)));
  const t = (how.magnitude ? Math.abs(value) : value) / (to || 1);
  if (how.kind === "log") return t > 0 ? clamp(Math.round((LEVELS - 1) * (1 + Math.log10(t) / DECADES))) : 0;
  return clamp(Math.round((LEVELS - 1) * t));
}

/** The matrix as packed colours, one for each cell; not finite: transparent. */
export function colours({ values }, how, limits, table, into = new Uint32Array(values.length)) {
  const to = limits[1] || 1;
  if (how.kind === "diverging") {
    const factor = MIDDLE / to;
    for (let i = 0; i < values.length; i++) {
      const v = values[i];
      const at = MIDDLE + Math.round(v * factor);
      into[i] = v - v !== 0 ? 0 : table[at < 0 ? 0 : at >= LEVELS ? LEVELS - 1 : at];
    }
    return into;
  }
  for (let i = 0; i < values.length; i++) {
    const at = level(values[i], how, limits);
    into[i] = at < 0 ? 0 : table[at];
  }
  return into;
}

/** Blocks of block[0] x block[1] cells as one: the signed value of largest magnitude; one that is not finite wins. */
export function pool({ rows, cols, values }, [high, wide]) {
  if (high === 1 && wide === 1) return { rows, cols, values };
  const outRows = Math.ceil(rows / high);
  const outCols = Math.ceil(cols / wide);
  const out = new Float64Array(outRows * outCols);
  for (let r = 0; r < rows; r++) {
    const base = Math.floor(r / high) * outCols;
    for (let c = 0; c < cols; c++) {
      const v = values[r * cols + c];
      const at = base + Math.floor(c / wide);
      if (v - v !== 0 || Math.abs(v) > Math.abs(out[at])) out[at] = v;
    }
  }
  return { rows: outRows, cols: outCols, values: out };
}

/** Which cell a pooled block shows: [row, column] of the largest magnitude in it. */
export function strongest({ rows, cols, values }, row, col, [high, wide]) {
  let best = [row, col];
  let largest = -1;
  for (let r = row; r < Math.min(row + high, rows); r++) {
    for (let c = col; c < Math.min(col + wide, cols); c++) {
      const v = values[r * cols + c];
      const size = v - v !== 0 ? Infinity : Math.abs(v);
      if (size > largest) {
        largest = size;
        best = [r, c];
      }
    }
  }
  return best;
}

/** Ten colours as a lookup table of packed pixels, interpolated. */
export function lookup(hexColours) {
  const stops = hexColours.map(rgb);
  const table = new Uint32Array(LEVELS);
  for (let i = 0; i < LEVELS; i++) {
    const at = (i / (LEVELS - 1)) * (stops.length - 1);
    const low = Math.min(Math.floor(at), stops.length - 2);
    const mix = stops[low].map((v, c) => Math.round(v + (stops[low + 1][c] - v) * (at - low)));
    table[i] = (255 << 24) | (mix[2] << 16) | (mix[1] << 8) | mix[0];
  }
  return table;
}

export function rgb(hex) {
  const n = parseInt(hex.slice(1), 16);
  return [n >> 16, (n >> 8) & 255, n & 255];
}

export function unpack(pixel) {
  return [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
}

export function css([r, g, b], alpha = 1) {
  return alpha === 1 ? `rgb(${r},${g},${b})` : `rgba(${r},${g},${b},${alpha})`;
}

/** Relative luminance 0..1 (WCAG). */
export function luminance(colour) {
  const [r, g, b] = colour.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function mix(a, b, share) {
  return a.map((v, i) => Math.round(v + (b[i] - v) * share));
}

function clamp(at) {
  return at < 0 ? 0 : at >= LEVELS ? LEVELS - 1 : at;
}

/** How people look at it, as it travels in a link. */
export const VIEW = {
  scale: "panel", // panel, shared or locked
  base: "panel", // what was locked: panel or shared
  lock: null, // the mini-batch whose ranges are locked, from 0
  lockExample: null, // and the example whose gradients were shown there
  magnitudes: "linear", // or log
  gradient: "signed", // or size
  first: "pictures", // first-layer weights of picture data: pictures or matrix
};

const CHOICES = {
  scale: ["panel", "shared", "locked"],
  base: ["panel", "shared"],
  magnitudes: ["linear", "log"],
  gradient: ["signed", "size"],
  first: ["pictures", "matrix"],
};

/** A view with every part valid, whatever came. */
export function viewOf(given) {
  const view = { ...VIEW };
  for (const [name, choices] of Object.entries(CHOICES)) {
    if (choices.includes(given?.[name])) view[name] = given[name];
  }
  if (Number.isInteger(given?.lock) && given.lock >= 0) view.lock = given.lock;
  if (Number.isInteger(given?.lockExample) && given.lockExample >= 0) view.lockExample = given.lockExample;
  if (view.scale === "locked" && view.lock === null) view.scale = view.base;
  return view;
}

export class Ranges {
  constructor() {
    this.extents = new WeakMap(); // by frame
    this.locked = null; // {step, example, extents: Map by "name.layer"}
  }

  /** The extremes of a panel's values in this mini-batch. */
  extent(net, frame, name, layer, example) {
    let known = this.extents.get(frame);
    if (!known) this.extents.set(frame, (known = new Map()));
    const of = name.startsWith("nabla") ? example : null;
    const key = `${name}.${layer}.${of}`;
    if (!known.has(key)) known.set(key, extent(matrix(frame, net, name, layer, of)));
    return known.get(key);
  }

  /** Keep the extremes of this mini-batch for as long as the scale is locked at it. */
  lock(net, frame, example) {
    const of = example !== null && example < frame.m ? example : null;
    const extents = new Map();
    for (const { name } of net.quantities) {
      for (let layer = 1; layer <= net.sizes.length; layer++) {
        if (has(frame, name, layer)) extents.set(`${name}.${layer}`, this.extent(net, frame, name, layer, of));
      }
    }
    this.locked = { step: frame.step, example, extents };
  }

  isLockedAt(view) {
    return Boolean(this.locked) && this.locked.step === view.lock && this.locked.example === view.lockExample;
  }

  /** {how, limits, extent} for a panel. */
  of(net, frame, view, name, layer, example) {
    const how = rule(name, net.activations[layer - 1], view);
    const own = this.extent(net, frame, name, layer, example);
    const locked = view.scale === "locked" && this.isLockedAt(view);
    const mode = view.scale === "locked" ? view.base : view.scale;
    const extentOf = (l) =>
      locked ? this.locked.extents.get(`${name}.${l}`) : this.extent(net, frame, name, l, example);
    if (mode === "panel") return { how, extent: own, limits: range(how, [extentOf(layer)]) };
    const layers = net.sizes.map((_, i) => i + 1).filter((l) => l > 1 && has(frame, name, l));
    const limit = Math.max(0, ...layers.map((l) => rule(name, net.activations[l - 1], view).limit ?? 0));
    const shared = limit ? { ...how, limit } : how;
    return { how: shared, extent: own, limits: range(shared, layers.map(extentOf)) };
  }
}
