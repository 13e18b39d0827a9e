// @ts-check
// One run on the board: its network, its mini-batches, its equation and its picture. Several of them are shown beside
// each other, go through the phases together and, if the view says so, have one scale.

import { BandView } from "./band.js";
import { CanvasView } from "./canvas.js";
import { el, text } from "./dom.js";
import { difference, Frames, has } from "./frames.js";
import { EFFECTS, Net } from "./net.js";
import { Ranges } from "./scale.js";
import { cellOf, cellText, count } from "./words.js";

/**
 * @typedef {import("../types/board.js").Beside} Beside
 * @typedef {import("../types/board.js").Cell} Cell
 * @typedef {import("../types/board.js").Frame} Frame
 * @typedef {import("../types/board.js").View} View
 *
 * What all runs on a board have in common.
 * @typedef {object} Shown
 * @property {number | null} example
 * @property {View} view
 * @property {ReturnType<typeof import("./theme.js").themeOf>} theme
 * @property {Cell | null} pinned
 * @property {import("../types/board.js").Paths | null} paths
 * @property {readonly string[]} hidden
 * @property {number} width of one run's picture
 * @property {number} height
 * @property {boolean} several
 * @property {number} batches of an epoch of the run that leads
 */

const EXAMPLE_WIDTH = 200; // pixels of the example and the outputs' names
const NO_ACTIONS = { point() {}, click() {}, example() {}, zoom() {}, swipe() {} }; // of a picture that is only kept
const LAYER_WIDTH = 115; // pixels of a layer beside others

export class RunScene {
  /** @param {ConstructorParameters<typeof CanvasView>[0]} on */
  constructor(on) {
    /** @type {Net | null} */
    this.net = null;
    this.frames = new Frames();
    this.ranges = new Ranges();
    /** @type {RunScene | null} */
    this.first = null; // run A, where several are shown
    /** @type {WeakMap<Frame, Frame>} */
    this.differences = new WeakMap(); // to run A, by the own mini-batch
    this.canvas = new CanvasView(on);
    this.band = new BandView({ point: (panels) => this.canvas.light(panels) });
    this.title = el("h2", { "data-testid": "run_title", hidden: true });
    this.told = ""; // the run's name, and what it has different
    this.over = el("div", { class: "over-board" });
    this.node = el("section", { class: "run-scene" }, this.title, this.band.node, this.over, this.canvas.node);
  }

  /** The run's letter. */
  get name() {
    return this.told.split(":")[0];
  }

  /** Its letter, and what is taken from its numbers at a mini-batch. @param {View} view @param {number} step */
  nameIn(view, step) {
    return this.peek(step, view)?.less ? `${this.name} − ${this.first.name}` : this.name;
  }

  /** Whether the first run's numbers are taken from its own. @param {View} view */
  subtracts(view) {
    const { net, first } = this;
    if (!first?.net || first === this || !net.effects(view).has(EFFECTS.subtracts)) return false;
    return first.net.sizes.join() === net.sizes.join();
  }

  /**
   * A mini-batch as it is shown, if it is here, without counting as used.
   * @param {number} step
   * @param {View} view
   */
  peek(step, view) {
    const own = this.frames.peek(step);
    const other = own && this.subtracts(view) ? this.first.frames.peek(step) : null;
    if (!other || other.m !== own.m) return own;
    const known = this.differences.get(own);
    if (known?.less.other === other) return known;
    const made = difference(this.net, own, other);
    this.differences.set(own, made);
    return made;
  }

  /**
   * The picture of a place in a canvas of its own, with so many pixels for each CSS pixel.
   * @param {Shown} shown
   * @param {{step: number, phase: number}} place
   * @param {number} ratio
   */
  pictureOf(shown, place, ratio) {
    const view = new CanvasView(NO_ACTIONS);
    view.ratio = ratio;
    const options = {
      m: this.frames.m,
      font: shown.theme.font,
      pictures: this.net.effects(shown.view).has(EFFECTS.tiles),
      scene: this.net.effects(shown.view).has(EFFECTS.scene),
      several: shown.several,
    };
    view.resize(this.net, shown.width, shown.height, options);
    view.paint(this.sceneAt(shown, place));
    view.stop();
    return { canvas: view.canvas, over: view.over };
  }

  /** Pixels that this run needs to stand beside another one. */
  get leastWidth() {
    return EXAMPLE_WIDTH + (this.net.depth - 1) * LAYER_WIDTH;
  }

  /** Nothing of the run that was shown is of use. */
  forget() {
    this.net = null;
    this.frames.clear();
    this.ranges = new Ranges();
    this.canvas.drop();
  }

  /**
   * Take in what a message says of this run.
   * @param {Beside} told
   * @param {import("../types/board.js").Palettes | null} colors
   */
  take({ network, frames, title, place }, colors) {
    if (network) this.net = new Net(network, colors);
    for (const frame of frames) this.frames.add(frame);
    this.title.hidden = !title;
    if (title !== this.told) text(this.title, title);
    this.told = title;
    this.node.style.order = String(place);
  }

  /**
   * @param {Shown} shown
   * @param {{step: number, phase: number}} place with the phase of this run
   * @returns {import("../types/board.js").Scene}
   */
  sceneAt({ example, view, theme, pinned, paths, hidden, several }, { step, phase }) {
    const { net, ranges } = this;
    this.frames.get(step); // which counts as used
    const frame = this.peek(step, view);
    const own = this.own(pinned);
    return {
      net,
      frame,
      phase,
      example: (several ? nearest : exampleOf)(example, frame.m),
      view,
      theme,
      ranges,
      pinned: own && net.within(own, frame.m),
      paths: own && this.pathsOf(own, paths),
      hidden,
    };
  }

  /**
   * The paths of the pinned number, if those that are known are its.
   * @param {Cell} pinned
   * @param {import("../types/board.js").Paths | null} paths
   */
  pathsOf(pinned, paths) {
    if (paths?.cell !== cellText(this.net, pinned)) return null;
    const cells = (/** @type {string[]} */ texts) => texts.map((text) => cellOf(text, this.net)).filter(Boolean);
    return { madeOf: cells(paths.madeOf), goesInto: cells(paths.goesInto) };
  }

  /** A cell of another run as one of this network, if it has it. @param {Cell | null} cell */
  own(cell) {
    return cell && this.net?.quantity(cell.name) ? cellOf(cellText(this.net, cell), this.net) : null;
  }

  /**
   * Paint a place whose mini-batch is here.
   * @param {Shown} shown
   * @param {{step: number, phase: number}} place
   */
  paint(shown, place) {
    if (shown.several) this.showTitle(shown, place.step);
    const scene = this.net.effects(shown.view).has(EFFECTS.scene);
    this.resize(shown, scene);
    this.lockRanges(shown.view);
    const now = this.sceneAt(shown, place);
    this.canvas.paint(now);
    this.band.show({ ...now, one: scene, roles: shown.theme.roles });
  }

  /**
   * Its name; and where in its own run it is, if its epochs are not as long as those of the run that leads.
   * @param {Shown} shown
   * @param {number} step
   */
  showTitle({ batches, view }, step) {
    const { net, title } = this;
    const place = `epoch ${count(Math.floor(step / net.batches) + 1)}, mini-batch ${count((step % net.batches) + 1)}`;
    const parts = [this.told];
    if (this.subtracts(view)) {
      const isLess = Boolean(this.peek(step, view)?.less);
      parts.push(isLess ? `shown is ${this.nameIn(view, step)}` : "its mini-batch is of another size: not less A");
    }
    if (net.batches !== batches) parts.push(`${place} of ${count(net.batches)}`);
    text(title, parts.join(" · "));
    title.title = title.textContent;
  }

  /** @param {Shown} shown @param {boolean} scene */
  resize({ view, theme, width, height, several }, scene) {
    const pictures = this.net.effects(view).has(EFFECTS.tiles);
    const options = { m: this.frames.m, font: theme.font, pictures, scene, several };
    this.canvas.resize(this.net, width, height, options);
  }

  /**
   * Make ready what the next press is likely to show.
   * @param {Shown} shown
   * @param {{step: number, phase: number}[]} places
   */
  prerender(shown, places) {
    if (!this.canvas.layout) return;
    this.canvas.prerender(places.filter(({ step }) => this.frames.has(step)).map((at) => this.sceneAt(shown, at)));
  }

  /** The mini-batch whose ranges are to be locked and are not known yet, or null. @param {View} view */
  lock(view) {
    if (!this.net?.effects(view).has(EFFECTS.fixedScale)) return null;
    return this.ranges.isLockedAt(view) ? null : view.lock;
  }

  /** @param {View} view */
  lockRanges(view) {
    const frame = this.frames.peek(this.lock(view));
    if (frame) this.ranges.lock(this.net, frame, view.lockExample);
  }

  /** Have the scales of this run hold those of others, too. @param {RunScene[]} others */
  shareScales(others) {
    this.ranges.beside = ({ step, ...panel }) => {
      const isDifference = Boolean(this.peek(step, panel.view)?.less);
      return others
        .map((other) => ({ net: other.net, ranges: other.ranges, frame: other.net && other.peek(step, panel.view) }))
        .filter(({ net, frame }) => frame && has(net, panel.name, panel.layer) && Boolean(frame.less) === isDifference)
        .map(({ net, frame, ranges }) =>
          ranges.part(net, frame, { ...panel, example: nearest(panel.example, frame.m) }),
        );
    };
  }
}

/**
 * The phase of a run while `leader` is in `phase`: the last one that both have had. A run with fewer layers waits.
 * @param {Pick<Net, "phases">} net
 * @param {Pick<Net, "phases">} leader
 * @param {number} phase
 */
export function phaseWith(net, leader, phase) {
  const had = new Set(leader.phases.slice(0, phase + 1).map(({ title }) => title));
  const last = net.phases.map(({ title }) => had.has(title)).lastIndexOf(true);
  return Math.max(last, 0);
}

/**
 * The chosen example, or the last one of a mini-batch that has fewer; null: the mean.
 * @param {number | null} example
 * @param {number} m
 */
function nearest(example, m) {
  return example === null ? null : Math.min(example, m - 1);
}

/**
 * The chosen example if a mini-batch of m examples has it, else null: the mean.
 * @param {number | null} example
 * @param {number} m
 */
export function exampleOf(example, m) {
  return example !== null && example < m ? example : null;
}
