// @ts-check
// From numbers to colours: rules, pooling and lookup tables; the scale of every panel, which is its own, shared by the
// quantity's layers, or locked as it was at another mini-batch. Nothing here draws.

import { column, has, matrix } from "./frames.js";
import { EFFECTS } from "./net.js";

/**
 * @typedef {import("../types/board.js").Extent} Extent
 * @typedef {import("../types/board.js").Frame} Frame
 * @typedef {import("../types/board.js").LayerInfo} LayerInfo
 * @typedef {import("../types/board.js").Matrix} Matrix
 * @typedef {import("../types/board.js").Net} Net
 * @typedef {import("../types/board.js").QuantityInfo} QuantityInfo
 * @typedef {import("../types/board.js").Rule} Rule
 * @typedef {import("../types/board.js").Scale} Scale
 * @typedef {import("../types/board.js").View} View
 * @typedef {{how: Rule, extent: Extent}} Part what a panel brings to a scale
 * @typedef {{view: View, effects: Set<string>, name: string, layer: number, example: number | null, alone: boolean}}
 *   Panel
 */

export const LEVELS = 255; // entries of a lookup table; the middle one, 127, is zero of a diverging scale
const MIDDLE = (LEVELS - 1) / 2;
const DECADES = 4; // how far below the largest magnitude a logarithmic scale reaches

/**
 * How a quantity is coloured in a layer: `kind` is diverging, sequential or log, `magnitude` says that |v| is shown,
 * and `limit` is the largest magnitude that the quantity can have there, if it has one.
 * @param {QuantityInfo} quantity
 * @param {LayerInfo} layer
 * @param {Set<string>} effects of the view
 * @returns {Rule}
 */
export function rule(quantity, layer, effects) {
  if (effects.has(EFFECTS.decades) && quantity.spansDecades) return { kind: "logarithmic", magnitude: true };
  if (effects.has(EFFECTS.unsigned) && quantity.isGradient) return { kind: "sequential", magnitude: true };
  const [low, high] = layer.ranges[quantity.name] ?? [null, null];
  const kind = low === null || low < 0 ? "diverging" : "sequential";
  if (low === null || high === null) return { kind, magnitude: false };
  return { kind, magnitude: false, limit: Math.max(Math.abs(low), Math.abs(high)) };
}

/**
 * The largest finite magnitude of a matrix, and how many of its values are not finite.
 * @param {{values: Matrix["values"]}} matrix
 * @returns {Extent}
 */
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

/**
 * The domain of a scale: [from, to] for these extents (one panel's, or all that share it).
 * @param {Rule} how
 * @param {Extent[]} extents
 * @returns {[number, number]}
 */
export function domain(how, extents) {
  const to = how.limit ?? Math.max(0, ...extents.map((e) => e.largest));
  if (how.kind === "diverging") return [-to, to];
  return how.kind === "logarithmic" ? [to * 10 ** -DECADES, to] : [0, to];
}

/**
 * Where a value lies on a scale: an index of the lookup table, or -1 if it is not finite.
 * @param {number} value
 * @param {Rule} how
 * @param {[number, number]} limits
 */
export function level(value, how, [, to]) {
  if (value - value !== 0) return -1;
  if (how.kind === "diverging") return clamp(MIDDLE + Math.round((MIDDLE * value) / (to || 1)));
  const t = (how.magnitude ? Math.abs(value) : value) / (to || 1);
  if (how.kind === "logarithmic") return t > 0 ? clamp(Math.round((LEVELS - 1) * (1 + Math.log10(t) / DECADES))) : 0;
  return clamp(Math.round((LEVELS - 1) * t));
}

/**
 * The matrix as packed colours, one for each cell; not finite: transparent.
 * @param {{values: Matrix["values"]}} matrix
 * @param {Rule} how
 * @param {[number, number]} limits
 * @param {Uint32Array} table
 * @param {Uint32Array<ArrayBuffer>} [into]
 */
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

/**
 * Blocks of cells as one: the signed value of largest magnitude; one that is not finite wins.
 * @param {Matrix} matrix
 * @param {[number, number]} block
 * @returns {Matrix}
 */
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

/**
 * Which cell a pooled block shows: [row, column] of the largest magnitude in it.
 * @param {Matrix} matrix
 * @param {number} row
 * @param {number} col
 * @param {[number, number]} block
 */
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

/** Ten colours as a lookup table of packed pixels, interpolated. @param {string[]} hexColours */
export function lookup(hexColours) {
  const stops = hexColours.map(rgb);
  const table = new Uint32Array(LEVELS);
  for (let i = 0; i < LEVELS; i++) {
    const at = (i / (LEVELS - 1)) * (stops.length - 1);
    const low = Math.min(Math.floor(at), stops.length - 2);
    const [r, g, b] = mix(stops[low], stops[low + 1], at - low);
    table[i] = (255 << 24) | (b << 16) | (g << 8) | r;
  }
  return table;
}

/** @param {string} hex */
export function rgb(hex) {
  const n = parseInt(hex.slice(1), 16);
  return [n >> 16, (n >> 8) & 255, n & 255];
}

/** @param {number} pixel */
export function unpack(pixel) {
  return [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
}

/** @param {number[]} colour */
export function css([r, g, b], alpha = 1) {
  return alpha === 1 ? `rgb(${r},${g},${b})` : `rgba(${r},${g},${b},${alpha})`;
}

/** Relative luminance 0..1 (WCAG). @param {number[]} colour */
export function luminance(colour) {
  const [r, g, b] = colour.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** @param {number[]} a @param {number[]} b @param {number} share */
export function mix(a, b, share) {
  return a.map((v, i) => Math.round(v + (b[i] - v) * share));
}

/** @param {number} at */
function clamp(at) {
  return at < 0 ? 0 : at >= LEVELS ? LEVELS - 1 : at;
}

/**
 * The rule that panels on one scale have in common.
 * @param {Rule} how
 * @param {Part[]} parts
 * @returns {Rule}
 */
function common(how, parts) {
  const limit = Math.max(0, ...parts.map((part) => part.how.limit ?? 0));
  const bounded = limit > 0 && parts.every((part) => part.how.limit !== undefined);
  const kind = parts.some((part) => part.how.kind === "diverging") ? "diverging" : how.kind;
  /** @type {Rule} */
  const shared = { ...how, kind };
  if (bounded) shared.limit = limit;
  else delete shared.limit;
  return shared;
}

export class Ranges {
  constructor() {
    /** @type {WeakMap<Frame, Map<string, Extent>>} */
    this.extents = new WeakMap();
    /** @type {{step: number, example: number | null, extents: Map<string, Extent>} | null} */
    this.locked = null;
    /** @type {(of: Panel & {step: number}) => Part[]} */
    this.beside = () => []; // the same panel of the runs with which this one has one scale
  }

  /**
   * The extremes of a panel's values in this mini-batch.
   * @param {Net} net
   * @param {Frame} frame
   * @param {string} name
   * @param {number} layer
   * @param {number | null} example
   */
  extent(net, frame, name, layer, example, alone = false) {
    let known = this.extents.get(frame);
    if (!known) this.extents.set(frame, (known = new Map()));
    const of = net.quantity(name).isGradient || alone ? example : null;
    const key = `${name}.${layer}.${of}.${alone}`;
    if (!known.has(key)) {
      known.set(key, extent((alone ? column : matrix)(frame, net, name, layer, of)));
    }
    return known.get(key);
  }

  /**
   * Keep the extremes of this mini-batch for as long as the scale is locked at it.
   * @param {Net} net
   * @param {Frame} frame
   * @param {number | null} example
   */
  lock(net, frame, example) {
    const of = example !== null && example < frame.m ? example : null;
    const extents = new Map();
    for (const { name, layers } of net.info.quantities) {
      for (const layer of layers) extents.set(`${name}.${layer}`, this.extent(net, frame, name, layer, of));
    }
    this.locked = { step: frame.step, example, extents };
  }

  /** @param {View} view */
  isLockedAt(view) {
    return Boolean(this.locked) && this.locked.step === view.lock && this.locked.example === view.lockExample;
  }

  /**
   * The scale of a panel.
   * @param {Net} net
   * @param {Frame} frame
   * @param {View} view
   * @param {string} name
   * @param {number} layer
   * @param {number | null} example
   * @returns {Scale}
   */
  of(net, frame, view, name, layer, example, alone = false) {
    const effects = net.effects(view);
    return this.with(net, frame, view, effects, name, layer, example, alone);
  }

  /**
   * The same with the view's effects at hand.
   * @param {Net} net
   * @param {Frame} frame
   * @param {View} view
   * @param {Set<string>} effects
   * @param {string} name
   * @param {number} layer
   * @param {number | null} example
   * @returns {Scale}
   */
  with(net, frame, view, effects, name, layer, example, alone = false) {
    const own = this.extent(net, frame, name, layer, example, alone);
    const partsOf = (/** @type {number} */ l) => {
      const panel = { view, effects, name, layer: l, example, alone };
      const beside = effects.has(EFFECTS.oneScale) ? this.beside({ ...panel, step: frame.step }) : [];
      return [this.part(net, frame, panel), ...beside];
    };
    const layers = net.sizes.map((_, i) => i + 1).filter((l) => l > 1 && has(net, name, l));
    const parts = effects.has(EFFECTS.rowScale) ? layers.flatMap(partsOf) : partsOf(layer);
    const ownRule = rule(net.quantity(name), net.layers(frame)[layer - 1], effects);
    const how = parts.length > 1 ? common(ownRule, parts) : ownRule;
    const extents = parts.map((part) => part.extent);
    return { how, extent: own, limits: domain(how, extents) };
  }

  /**
   * What a panel by itself brings to a scale.
   * @param {Net} net
   * @param {Frame} frame
   * @param {Panel} panel
   * @returns {Part}
   */
  part(net, frame, { view, effects, name, layer, example, alone }) {
    const how = rule(net.quantity(name), net.layers(frame)[layer - 1], effects);
    const locked = effects.has(EFFECTS.fixedScale) && this.isLockedAt(view);
    if (locked && !frame.less) return { how, extent: this.locked.extents.get(`${name}.${layer}`) };
    return { how, extent: this.extent(net, frame, name, layer, example, alone) };
  }
}
