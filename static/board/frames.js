// The mini-batches of a run that are at hand: taken from messages, kept, and which ones to ask for.
//
// A matrix is {rows, cols, values}, row by row. Layers are the book's: 1 is the input.

const TYPES = { f4: Float32Array, f8: Float64Array, u1: Uint8Array };
const ALIGNMENT = 8;
const DERIVED = new Set(["nabla_w", "nabla_b", "dw", "db"]);
const DERIVED_KEPT = 6; // mini-batches whose gradients stay computed

/** The message's header, with `frames` as mini-batches whose arrays can be read. */
export function decode(message) {
  const bytes = message.byteOffset % ALIGNMENT ? message.slice() : message;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const start = Math.ceil((4 + length) / ALIGNMENT) * ALIGNMENT;
  return { ...header, frames: header.frames.map((entry) => frameOf(entry, bytes, start)) };
}

function frameOf(entry, bytes, start) {
  const { arrays, ...facts } = entry;
  const frame = { ...facts, arrays: {}, bytes: 0, derived: new Map() };
  for (const [name, layer, shape, type, offset] of arrays) {
    const [rows, cols] = shape.length === 1 ? [1, shape[0]] : shape;
    const from = bytes.byteOffset + start + offset;
    const values = new TYPES[type](bytes.buffer, from, rows * cols).slice(); // its own, so the message can go
    (frame.arrays[name] ??= {})[layer] = { rows, cols, values };
    frame.bytes += values.byteLength;
  }
  return frame;
}

/** Whether the board can show this quantity of this layer. */
export function has(frame, name, layer) {
  if (DERIVED.has(name)) return Boolean(frame.arrays.delta[layer]);
  return Boolean(name === "a" && layer === 1 ? frame.arrays.x : frame.arrays[name]?.[layer]);
}

/**
 * A quantity of one layer as a matrix. Gradients: the mean over the mini-batch, or with an `example` that
 * example's own. The changes are of the mini-batch always.
 */
export function matrix(frame, net, name, layer, example = null) {
  if (name === "a" && layer === 1) return remember(frame, "a.1", () => scaled(frame.arrays.x[1], net.scale));
  if (!DERIVED.has(name)) return frame.arrays[name][layer];
  const of = name.startsWith("nabla") ? example : null;
  return remember(frame, `${name}.${layer}.${of}`, () => derive(frame, net, name, layer, of));
}

function derive(frame, net, name, layer, example) {
  const delta = frame.arrays.delta[layer];
  if (name === "nabla_b") return meanOf(delta, example);
  if (name === "nabla_w") return outer(delta, matrix(frame, net, "a", layer - 1), example);
  if (name === "db") return changeOf(matrix(frame, net, "nabla_b", layer), frame.learnBiases ? frame.eta : 0);
  return changeOf(matrix(frame, net, "nabla_w", layer), frame.eta, frame.decay, frame.arrays.w[layer]);
}

/** BP3: dC/db^l = delta^l, the mean over the examples or that of one. */
function meanOf(delta, example) {
  const values = new Float64Array(delta.rows);
  for (const e of chosen(delta.cols, example)) {
    for (let j = 0; j < delta.rows; j++) values[j] += delta.values[j * delta.cols + e];
  }
  return divided({ rows: delta.rows, cols: 1, values }, example === null ? delta.cols : 1);
}

/** BP4: dC/dw^l = delta^l (a^{l-1})^T, the mean over the examples or that of one. */
function outer(delta, a, example) {
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
}

/** w -> (1 - decay) w - eta dC/dw: what is added. */
function changeOf(nabla, eta, decay = 0, parameter = null) {
  const values = nabla.values.map((n, i) => (eta ? -eta * n : 0) - (decay ? decay * parameter.values[i] : 0));
  return { ...nabla, values };
}

function scaled(x, scale) {
  return { ...x, values: Float64Array.from(x.values, scale === 1 ? undefined : (v) => v / scale) };
}

function divided(result, by) {
  if (by !== 1) for (let i = 0; i < result.values.length; i++) result.values[i] /= by;
  return result;
}

function chosen(m, example) {
  return example === null ? Array.from({ length: m }, (_, e) => e) : [example];
}

function remember(frame, key, make) {
  let made = frame.derived.get(key);
  if (!made) frame.derived.set(key, (made = make()));
  return made;
}

export class Frames {
  /** `limit`: bytes of all arrays kept. */
  constructor(limit = 64 * 2 ** 20) {
    this.limit = limit;
    this.bytes = 0;
    this.frames = new Map(); // by step, the least recently used first
    this.computed = []; // steps whose gradients were computed, the latest last
    this.m = 0; // the largest mini-batch seen: panels are that wide for the whole run
  }

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

  has(step) {
    return this.frames.has(step);
  }

  /** The mini-batch, or undefined; it counts as used. */
  get(step) {
    const frame = this.frames.get(step);
    if (!frame) return undefined;
    this.frames.delete(step);
    this.frames.set(step, frame);
    this.computed = [...this.computed.filter((other) => other !== step), step];
    while (this.computed.length > DERIVED_KEPT) this.frames.get(this.computed.shift())?.derived.clear();
    return frame;
  }

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

  /** The steps to ask for, the most urgent first: the one shown, those ahead, the one behind, `also`. */
  missing(step, { steps, direction = 1, ahead = 1, most = 8, also = [] }) {
    const wanted = [step];
    for (let i = 1; i <= ahead; i++) wanted.push(step + i * direction);
    wanted.push(step - direction, ...also);
    const inRun = wanted.filter((s) => s >= 0 && s < steps && !this.has(s));
    return [...new Set(inRun)].slice(0, most);
  }
}
