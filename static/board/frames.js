// @ts-check
// The mini-batches of a run that are at hand: taken from messages, kept, and which ones to ask for.
//
// A matrix is {rows, cols, values}, row by row. Layers are the book's: 1 is the input.

import { partsOf } from "./net.js";

/**
 * @typedef {import("../types/board.js").Frame} Frame
 * @typedef {import("../types/board.js").FrameInfo} FrameInfo
 * @typedef {import("../types/board.js").Matrix} Matrix
 * @typedef {import("../types/board.js").Message} Message
 * @typedef {import("../types/board.js").Net} Net
 */

export const VERSION = 5; // of the message and of the board's answer: nnviz/board/message.py
const MAGIC = "nnvz";
const HEADER_START = 12; // bytes: magic, version, length of the header
const ALIGNMENT = 8;
const DERIVED_KEPT = 6; // mini-batches whose gradients stay computed

/** @type {Record<string, Float32ArrayConstructor | Float64ArrayConstructor | Uint8ArrayConstructor>} */
const TYPES = { f4: Float32Array, f8: Float64Array, u1: Uint8Array };

/** A message of another version: the page is older than the server, or the other way round. */
export class VersionError extends Error {}

/**
 * The message's header, with `frames` as mini-batches whose arrays can be read.
 * @param {Uint8Array} message
 * @returns {Message}
 */
export function decode(message) {
  const bytes = message.byteOffset % ALIGNMENT ? message.slice() : message;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = String.fromCharCode(...bytes.subarray(0, MAGIC.length));
  const version = magic === MAGIC ? view.getUint32(4, true) : null;
  if (version !== VERSION)
    throw new VersionError(`a message of version ${VERSION} is needed, got ${version ?? "none"}`);
  const length = view.getUint32(8, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(HEADER_START, HEADER_START + length)));
  const start = Math.ceil((HEADER_START + length) / ALIGNMENT) * ALIGNMENT;
  const framesOf = (/** @type {{frames: FrameInfo[]}} */ { frames }) =>
    frames.map((entry) => frameOf(entry, bytes, start));
  const beside = header.beside.map((/** @type {any} */ entry) => ({ ...entry, frames: framesOf(entry) }));
  return { ...header, frames: framesOf(header), beside };
}

/** @param {FrameInfo} entry @param {Uint8Array} bytes @param {number} start @returns {Frame} */
function frameOf(entry, bytes, start) {
  const { arrays, ...facts } = entry;
  /** @type {Frame} */
  const frame = { ...facts, arrays: {}, bytes: 0, derived: new Map() };
  for (const [panel, [rows, cols], type, offset] of arrays) {
    const from = bytes.byteOffset + start + offset;
    // Its own, so that the message can go.
    const values = new TYPES[type](/** @type {ArrayBuffer} */ (bytes.buffer), from, rows * cols).slice();
    frame.arrays[panel] = { rows, cols, values };
    frame.bytes += values.byteLength;
  }
  return frame;
}

/** Whether a mini-batch has this quantity of this layer. @param {Net} net @param {string} name @param {number} layer */
export function has(net, name, layer) {
  return Boolean(net.quantity(name)?.layers.includes(layer));
}

/**
 * A quantity of one layer as a matrix. Gradients: the mean over the mini-batch, or with an `example` that
 * example's own. The changes are of the mini-batch always.
 * @param {Frame} frame
 * @param {Net} net
 * @param {string} name
 * @param {number} layer
 * @param {number | null} [example]
 * @returns {Matrix}
 */
export function matrix(frame, net, name, layer, example = null) {
  const panel = `${name}.${layer}`;
  if (panel === net.info.inputPanel) return remember(frame, panel, () => scaled(frame.arrays[panel], net.info.scale));
  const { operation, operands, isGradient } = net.quantity(name);
  const of = isGradient ? example : null;
  if (frame.less) {
    const { own, other } = frame.less;
    return remember(frame, `${panel}.${of}`, () =>
      subtracted(matrix(own, net, name, layer, of), matrix(other, net, name, layer, of)),
    );
  }
  if (frame.arrays[panel]) return frame.arrays[panel];
  return remember(frame, `${panel}.${of}`, () => {
    const parts = operands[layer].map((operand) => matrix(frame, net, ...partsOf(operand)));
    return OPERATIONS[operation](parts, frame.rates[panel], of);
  });
}

/**
 * One example's column of a quantity, or the mean of all of them; what has no columns for examples stays as it is.
 * @param {Frame} frame
 * @param {Net} net
 * @param {string} name
 * @param {number} layer
 * @param {number | null} example
 * @returns {Matrix}
 */
export function column(frame, net, name, layer, example) {
  const whole = matrix(frame, net, name, layer, example);
  if (net.quantity(name).columns !== "examples") return whole;
  return remember(frame, `${name}.${layer} of ${example}`, () => {
    const values = new Float64Array(whole.rows);
    const examples = chosen(whole.cols, example);
    for (let j = 0; j < whole.rows; j++) for (const e of examples) values[j] += whole.values[j * whole.cols + e];
    return divided({ rows: whole.rows, cols: 1, values }, examples.length);
  });
}

/**
 * The length of a matrix as one vector: the root of the sum of its squares.
 * @param {Frame} frame
 * @param {Net} net
 * @param {string} name
 * @param {number} layer
 * @param {number | null} example
 */
export function norm(frame, net, name, layer, example) {
  const { values } = matrix(frame, net, name, layer, example);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  return Math.sqrt(sum);
}

/**
 * How a panel is computed from others: the operations that nnviz/lesson/quantities.py names.
 * @type {Record<string, (parts: Matrix[], rates: number[], example: number | null) => Matrix>}
 */
const OPERATIONS = {
  /** BP3: the mean over the examples, or the column of one. */
  mean: ([delta], _, example) => {
    const values = new Float64Array(delta.rows);
    for (const e of chosen(delta.cols, example)) {
      for (let j = 0; j < delta.rows; j++) values[j] += delta.values[j * delta.cols + e];
    }
    return divided({ rows: delta.rows, cols: 1, values }, example === null ? delta.cols : 1);
  },

  /** BP4: delta^l (a^{l-1})^T, the mean over the examples or that of one. */
  meanOuterProduct: ([delta, a], _, example) => {
    const values = new Float64Array(delta.rows * a.rows);
    const column = new Float64Array(a.rows);
    for (const e of chosen(delta.cols, example)) {
      for (let k = 0; k < a.rows; k++) column[k] = a.values[k * a.cols + e];
      for (let j = 0; j < delta.rows; j++) {
        const d = delta.values[j * delta.cols + e];
        const row = j * a.rows;
        for (let k = 0; k < a.rows; k++) values[row + k] += d * column[k];
      }
    }
    return divided({ rows: delta.rows, cols: a.rows, values }, example === null ? delta.cols : 1);
  },

  /** Each part times its rate, added up; a rate of 0 takes its part out, whatever is in it. */
  weightedSum: (parts, rates) => {
    const values = new Float64Array(parts[0].values.length);
    parts.forEach((part, p) => {
      if (rates[p]) for (let i = 0; i < values.length; i++) values[i] += rates[p] * part.values[i];
    });
    return { ...parts[0], values };
  },
};

/**
 * A mini-batch with every number less that of another run: the input, answers and costs are its own. Its numbers have
 * no bounds. Both networks have the same sizes, both mini-batches as many examples.
 * @param {Net} net
 * @param {Frame} own
 * @param {Frame} other
 * @returns {Frame}
 */
export function difference(net, own, other) {
  const layers = net.layers(own).map(({ title }) => ({ title, kinked: /** @type {number[]} */ ([]), ranges: {} }));
  return { ...own, layers, derived: new Map(), less: { own, other } };
}

/** @param {Matrix} a @param {Matrix} b @returns {Matrix} */
function subtracted(a, b) {
  return { ...a, values: Float64Array.from(a.values, (value, i) => value - b.values[i]) };
}

/** @param {Matrix} x @param {number} scale @returns {Matrix} */
function scaled(x, scale) {
  return { ...x, values: Float64Array.from(x.values, scale === 1 ? undefined : (v) => v / scale) };
}

/** @param {Matrix} result @param {number} by */
function divided(result, by) {
  if (by !== 1) for (let i = 0; i < result.values.length; i++) result.values[i] /= by;
  return result;
}

/** @param {number} m @param {number | null} example */
function chosen(m, example) {
  return example === null ? Array.from({ length: m }, (_, e) => e) : [example];
}

/** @param {Frame} frame @param {string} key @param {() => Matrix} make */
function remember(frame, key, make) {
  let made = frame.derived.get(key);
  if (!made) frame.derived.set(key, (made = make()));
  return made;
}

export class Frames {
  /** @param {number} limit bytes of all arrays kept */
  constructor(limit = 64 * 2 ** 20) {
    this.limit = limit;
    this.bytes = 0;
    /** @type {Map<number, Frame>} */
    this.frames = new Map(); // by step, the least recently used first
    /** @type {number[]} */
    this.computed = []; // steps whose gradients were computed, the latest last
    this.m = 0; // the largest mini-batch seen: panels are that wide for the whole run
  }

  /** @param {Frame} frame */
  add(frame) {
    this.drop(frame.step);
    this.frames.set(frame.step, frame);
    this.bytes += frame.bytes;
    this.m = Math.max(this.m, frame.m);
    for (const step of this.frames.keys()) {
      if (this.bytes <= this.limit || step === frame.step) break;
      this.drop(step);
    }
  }

  /** @param {number} step */
  has(step) {
    return this.frames.has(step);
  }

  /** The mini-batch, if it is at hand, without counting as used. @param {number} step */
  peek(step) {
    return this.frames.get(step);
  }

  /** The mini-batch, or undefined; it counts as used. @param {number} step */
  get(step) {
    const frame = this.frames.get(step);
    if (!frame) return undefined;
    this.frames.delete(step);
    this.frames.set(step, frame);
    this.computed = [...this.computed.filter((other) => other !== step), step];
    while (this.computed.length > DERIVED_KEPT) this.frames.get(this.computed.shift())?.derived.clear();
    return frame;
  }

  /** @param {number} step */
  drop(step) {
    const frame = this.frames.get(step);
    if (!frame) return;
    this.frames.delete(step);
    this.bytes -= frame.bytes;
  }

  clear() {
    this.frames.clear();
    this.computed = [];
    this.bytes = this.m = 0;
  }

  /**
   * The steps to ask for, the most urgent first: the one shown, those ahead, the one behind, `also`.
   * @param {number} step
   * @param {{steps: number, most: number, direction?: number, ahead?: number, also?: number[]}} options
   */
  missing(step, { steps, most, direction = 1, ahead = 1, also = [] }) {
    const wanted = [step];
    for (let i = 1; i <= ahead; i++) wanted.push(step + i * direction);
    wanted.push(step - direction, ...also);
    const inRun = wanted.filter((s) => s >= 0 && s < steps && !this.has(s));
    return [...new Set(inRun)].slice(0, most);
  }
}
