// @ts-check
// What a network, its phases and its quantities are, as Python describes them in the message; with look-ups.

/**
 * @typedef {import("../types/board.js").NetworkInfo} NetworkInfo
 * @typedef {import("../types/board.js").QuantityInfo} QuantityInfo
 * @typedef {import("../types/board.js").Frame} Frame
 * @typedef {import("../types/board.js").View} View
 */

/** Effects of a view's choices: nnviz/lesson/view.py. */
export const EFFECTS = {
  rowScale: "rowScale",
  fixedScale: "fixedScale",
  decades: "decades",
  unsigned: "unsigned",
  tiles: "tiles",
  scene: "scene",
  parameters: "parameters",
  oneScale: "oneScale",
  asks: "asks",
  presents: "presents",
  subtracts: "subtracts",
};

export class Net {
  /**
   * @param {NetworkInfo} info
   * @param {import("../types/board.js").Palettes | null} colors
   */
  constructor(info, colors = null) {
    this.info = info;
    this.colors = colors;
    this.sizes = info.sizes;
    this.phases = info.phases;
    this.steps = info.steps;
    this.batches = info.batches;
    this.picture = info.picture;
    /** @type {Map<string, QuantityInfo>} */
    this.byName = new Map(info.quantities.map((quantity) => [quantity.name, quantity]));
    /** @type {Map<string, number>} */
    this.computedIn = new Map(info.phases.flatMap(({ computes }, phase) => computes.map((panel) => [panel, phase])));
    /** @type {WeakMap<import("../types/board.js").Band, Map<string, number>>} */
    this.rolesOf = new WeakMap();
    this.used = info.phases.map(({ uses }) => new Set(uses));
    /** Of each phase, the panels that it and those after it compute. */
    this.computedFrom = info.phases.map((_, phase) => info.phases.slice(phase).flatMap(({ computes }) => computes));
  }

  /** @param {string} name */
  quantity(name) {
    return this.byName.get(name);
  }

  get depth() {
    return this.sizes.length;
  }

  /** The phase that computes a panel; -1 if it is there from the start. @param {string} panel */
  revealedIn(panel) {
    return this.computedIn.get(panel) ?? -1;
  }

  /** Whether a phase computes with a panel's values. @param {string} panel @param {number} phase */
  isUsed(panel, phase) {
    return this.used[phase].has(panel);
  }

  /** The quantities of a row of the board, from left to right. @param {number} row */
  inRow(row) {
    return this.info.quantities.filter((quantity) => quantity.row === row);
  }

  /**
   * The quantities that take the same place of a layer in the scene, in turn.
   * @param {number} place
   * @param {number} layer
   */
  inPlace(place, layer) {
    return this.info.quantities.filter((quantity) => quantity.place === place && quantity.layers.includes(layer));
  }

  /** What is said about a phase at a mini-batch. @param {Frame | null} frame @param {number} phase */
  bandOf(frame, phase) {
    return (frame?.bands ?? this.info.bands)[phase];
  }

  /**
   * The role of each panel in a phase: 0 if it is computed, 1, 2, .. if it is used, in the order of the equation.
   * A panel that the equation does not name has none.
   * @param {Frame | null} frame
   * @param {number} phase
   * @returns {Map<string, number>}
   */
  roles(frame, phase) {
    const band = this.bandOf(frame, phase);
    let roles = this.rolesOf.get(band);
    if (roles) return roles;
    const named = new Set(band.equation.flatMap(({ panels }) => panels));
    const computed = this.phases[phase].computes.filter((panel) => named.has(panel));
    roles = new Map(computed.map((panel) => [panel, 0]));
    let last = 0;
    for (const { panels } of band.equation) {
      if (!panels.length || panels.every((panel) => roles.has(panel))) continue;
      last++;
      for (const panel of panels) if (!roles.has(panel)) roles.set(panel, last);
    }
    this.rolesOf.set(band, roles);
    return roles;
  }

  /** The layers as they are at a mini-batch. @param {Frame | null} frame */
  layers(frame) {
    return frame?.layers ?? this.info.layers;
  }

  /**
   * The quantity that colours the nodes or the edges of a layer in a phase: the last one computed by then.
   * @param {string} part nodes or edges
   * @param {number} layer
   * @param {number} phase
   * @param {readonly string[]} hidden the panels that are to be predicted first
   * @returns {string | null}
   */
  inDiagram(part, layer, phase, hidden = []) {
    let last = -2;
    let shown = null;
    for (const { name, diagram, layers } of this.info.quantities) {
      if (diagram !== part || !layers.includes(layer) || hidden.includes(`${name}.${layer}`)) continue;
      const at = this.revealedIn(`${name}.${layer}`);
      if (at <= phase && at > last) [last, shown] = [at, name];
    }
    return shown;
  }

  /** The layer whose edges a phase goes along, and its direction; null if it goes along none. @param {number} phase */
  alongEdges(phase) {
    const { direction } = this.phases[phase];
    if (!direction) return null;
    for (let layer = 2; layer <= this.depth; layer++) {
      const edges = this.inDiagram("edges", layer, phase);
      if (edges && this.isUsed(`${edges}.${layer}`, phase)) return { layer, direction };
    }
    return null;
  }

  /**
   * The cell, or that of the last of m examples if the mini-batch is smaller than others.
   * @param {import("../types/board.js").Cell} cell
   * @param {number} m
   * @returns {import("../types/board.js").Cell}
   */
  within(cell, m) {
    return this.quantity(cell.name).columns === "examples" ? { ...cell, k: Math.min(cell.k, m - 1) } : cell;
  }

  /** What a view's choices do. @param {View} view @returns {Set<string>} */
  effects(view) {
    const chosen = (/** @type {import("../types/board.js").ViewOption} */ option) =>
      option.choices.find(({ name }) => name === view.choices[option.name]) ?? option.choices[0];
    const kept = new Map();
    const effects = new Set();
    for (const option of this.info.viewOptions) {
      if (option.keeps) kept.set(option.keeps, chosen(option).effects);
      else chosen(option).effects.forEach((effect) => effects.add(effect));
    }
    if (effects.has(EFFECTS.fixedScale))
      for (const more of kept.values()) more.forEach((/** @type {string} */ e) => effects.add(e));
    return effects;
  }

  /**
   * A view with every part valid; whatever else is in `given` is left out.
   * @param {Partial<View> | null} given
   * @returns {View}
   */
  viewOf(given) {
    /** @type {View} */
    const view = { choices: {}, lock: null, lockExample: null };
    for (const { name, choices } of this.info.viewOptions) {
      const wanted = given?.choices?.[name];
      view.choices[name] = choices.some((choice) => choice.name === wanted) ? wanted : choices[0].name;
    }
    if (Number.isInteger(given?.lock) && given.lock >= 0) view.lock = given.lock;
    if (Number.isInteger(given?.lockExample) && given.lockExample >= 0) view.lockExample = given.lockExample;
    if (view.lock === null) this.unlock(view);
    return view;
  }

  /** Without a mini-batch to lock the scale at, the choice that was kept is the choice. @param {View} view */
  unlock(view) {
    for (const keeper of this.info.viewOptions.filter(({ keeps }) => keeps)) {
      const option = this.info.viewOptions.find(({ name }) => name === keeper.keeps);
      const chosen = option.choices.find(({ name }) => name === view.choices[option.name]);
      if (chosen.effects.includes(EFFECTS.fixedScale)) view.choices[option.name] = view.choices[keeper.name];
    }
  }

  /**
   * The view with another choice. Where that locks the scale: at this mini-batch and example, and the choice before is
   * kept.
   * @param {View} view
   * @param {string} option
   * @param {string} choice
   * @param {{step: number, example: number | null}} at
   */
  withChoice(view, option, choice, at) {
    const before = view.choices[option];
    const changed = { ...view, choices: { ...view.choices, [option]: choice } };
    const locks = (/** @type {string} */ name) =>
      this.info.viewOptions
        .find((o) => o.name === option)
        .choices.find((c) => c.name === name)
        ?.effects.includes(EFFECTS.fixedScale);
    if (locks(choice)) {
      const keeper = this.info.viewOptions.find(({ keeps }) => keeps === option);
      if (keeper && !locks(before)) changed.choices[keeper.name] = before;
      Object.assign(changed, { lock: at.step, lockExample: at.example });
    }
    return this.viewOf(changed);
  }
}

/** A panel's id as a quantity's name and a layer. @param {string} id @returns {[string, number]} */
export function partsOf(id) {
  const at = id.lastIndexOf(".");
  return [id.slice(0, at), Number(id.slice(at + 1))];
}
