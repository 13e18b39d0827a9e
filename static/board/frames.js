// The mini-batches of a run that are at hand, and which ones to ask for.

const DERIVED_KEPT = 6; // mini-batches whose gradients stay computed

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
