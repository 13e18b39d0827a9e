// The scale of every panel: its own, shared by the quantity's layers, or locked as it was at another mini-batch.

import { has, matrix } from "./decode.js";
import { extent, range, rule } from "./scale.js";

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
