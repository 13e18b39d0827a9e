// @ts-check
// The canvas area: the picture, the overlay for pointing, the panels' places in the tab order, the zoom button. The
// picture consists of regions that do not overlap; a phase changes some of them, and only those are painted again.

import { drawSize, drawVerdict } from "./columns.js";
import { drawDiagram } from "./diagram.js";
import { el } from "./dom.js";
import { MARK, Painter, stateOf } from "./draw.js";
import { column, matrix } from "./frames.js";
import { drawInputs, drawStrip, inputCells } from "./inputs.js";
import { hit, layout } from "./layout.js";
import { EFFECTS, partsOf } from "./net.js";
import { drawFlow, drawOverlay } from "./overlay.js";
import { drawPlane, pointAt } from "./plane.js";
import { strongest } from "./scale.js";
import { sceneLayout, seenIn } from "./scene.js";
import { panelLabel, symbol, whereNow } from "./words.js";

/**
 * @typedef {import("../types/board.js").Box} Box
 * @typedef {import("../types/board.js").Cell} Cell
 * @typedef {import("../types/board.js").Context} Context
 * @typedef {import("../types/board.js").Layout} Layout
 * @typedef {import("../types/board.js").Net} Net
 * @typedef {import("../types/board.js").Panel} Panel
 * @typedef {import("../types/board.js").Scene} Scene
 * @typedef {{boxes: Box[], stateKey: unknown, draw: (ctx: Context) => unknown}} Region
 */

// Safari has no idle callbacks.
const whenIdle = globalThis.requestIdleCallback ?? ((/** @type {() => void} */ what) => setTimeout(what, 50));
const cancelIdle = globalThis.cancelIdleCallback ?? clearTimeout;
const FLOW = 170; // milliseconds until all is still again
const SWIPE = 48; // pixels that a finger goes sideways
const EDGE = 2; // pixels around a panel that its outline may take

/** Scene fields whose change needs a full repaint: everything but the phase. @type {(keyof Scene)[]} */
const FULL_REPAINT = ["net", "frame", "whole", "view", "theme", "example", "scroll", "hidden", "lockedRanges"];

export class CanvasView {
  /**
   * @param {{point: (cell: Cell | null, panel: Panel | null, row: number | null) => void, click: (cell: Cell) =>
   *   void, example: (e: number | null) => void, zoom: (panel: string) => void, swipe: (onwards: boolean) => void}} on
   */
  constructor(on) {
    this.on = on;
    this.painter = new Painter();
    /** @type {number | null} */
    this.ratio = null; // pixels of the picture for each CSS pixel, if not those of the screen
    this.paints = 0;
    this.place = ""; // of the last painted scene
    this.scroll = 0;
    const about = { role: "img", "data-testid": "board", "aria-label": "the mini-batch" }; // told in full once painted
    this.canvas = /** @type {HTMLCanvasElement} */ (el("canvas", about));
    this.over = /** @type {HTMLCanvasElement} */ (el("canvas", { class: "over", "aria-hidden": "true" }));
    this.panels = el("div");
    this.zoom = el("button", {
      type: "button",
      class: "zoom",
      tabindex: "-1",
      "data-testid": "zoom",
      title: "open this panel large (double click, or Tab and Enter)",
      hidden: true,
    });
    this.zoom.setAttribute("aria-label", "open this panel large");
    this.zoom.append(zoomIcon());
    this.message = el("div", { class: "message", "data-testid": "loading", hidden: true });
    this.node = el("div", { class: "picture" }, this.canvas, this.over, this.panels, this.zoom, this.message);
    this.ctx = this.canvas.getContext("2d", { alpha: false });
    this.overCtx = this.over.getContext("2d");
    this.offscreen = new OffscreenCanvas(1, 1).getContext("2d");
    /** @type {Cell | null} */
    this.hover = null;
    /** @type {Scene | null} */
    this.scene = null;
    /** @type {{scene: Scene, regions: Region[]} | null} */
    this.painted = null;
    /** @type {Layout | null} */
    this.layout = null;
    /** @type {string | null} */
    this.layoutKey = null;
    /** @type {number | null | undefined} */
    this.followed = undefined; // the example that was last scrolled to
    /** @type {HTMLElement[]} */
    this.buttons = []; // one for each panel that is seen
    /** @type {string[]} */
    this.lit = []; // the panels that the equation points at
    /** @type {string[]} */
    this.shone = []; // the panels and numbers that a lecture speaks of
    this.prerendering = this.describing = this.flowing = 0;
    /** @type {import("../types/board.js").Hit} */
    this.pressed = null; // what the last press of the pointer was on
    /** @type {PointerEvent | null} */
    this.pressedAt = null;
    this.listen();
  }

  listen() {
    this.over.onpointermove = (event) => this.point(event);
    this.node.onpointerleave = () => this.leave();
    this.over.onpointerdown = (event) => this.press(event);
    this.over.onpointerup = (event) => this.swipe(event);
    this.over.onclick = (event) => this.click(event);
    this.over.ondblclick = (event) => {
      const found = this.hitAt(event);
      if (found?.panel) this.on.zoom(found.panel.id);
    };
    this.over.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.zoom.onmousedown = (event) => event.preventDefault();
    this.zoom.onclick = () => this.on.zoom(this.zoom.dataset.panel);
  }

  /** Colours, fonts or the run are others: nothing that was made is of use. */
  forget() {
    this.painter.forget();
    this.painted = null;
  }

  /** Nothing is shown any more. */
  drop() {
    this.forget();
    this.scene = this.hover = null;
    this.layoutKey = null;
  }

  /**
   * Lay out for this size; true where something moved.
   * @param {Net} net
   * @param {number} width
   * @param {number} height
   * @param {{m: number, font: number, pictures: boolean, scene: boolean, several: boolean}} options
   */
  resize(net, width, height, options) {
    const ratio = this.ratio ?? (window.devicePixelRatio || 1);
    const key = JSON.stringify([net.sizes, width, height, options, ratio]);
    if (key === this.layoutKey) return false;
    this.layoutKey = key;
    this.layout = (options.scene ? sceneLayout : layout)(net, width, height, options);
    this.painted = null; // a canvas of another size is empty
    this.painter.forgetFonts();
    for (const ctx of [this.ctx, this.overCtx]) {
      const { canvas } = ctx;
      canvas.width = Math.round(this.layout.width * ratio);
      canvas.height = Math.round(this.layout.height * ratio);
      canvas.style.width = `${this.layout.width}px`;
      canvas.style.height = `${this.layout.height}px`;
      ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    this.node.style.height = `${this.layout.height}px`;
    this.placePanels(net);
    return true;
  }

  /** @param {Net} net */
  placePanels(net) {
    this.buttons = seenIn(this.layout, net, 0, false).panels.map((panel) => {
      const { x, y, w, h } = panel.box;
      const node = el("button", {
        type: "button",
        class: "panel-button",
        "data-panel": panel.id,
        "aria-label": symbol(net, panel.name, panel.layer), // until it is told in full
        style: `left:${x}px;top:${y}px;width:${w}px;height:${h}px`,
      });
      node.onclick = () => this.on.zoom(node.dataset.panel);
      return node;
    });
    this.panels.replaceChildren(...this.buttons);
    this.zoom.hidden = true;
  }

  /**
   * Paint a scene; of one like the last only what differs.
   * @param {Scene} scene
   */
  paint(scene) {
    // The same place painted again, as after an answer of Python, lets the flow go on.
    const place = `${scene.frame.step}.${scene.phase}`;
    if (place !== this.place) cancelAnimationFrame(this.flowing);
    this.place = place;
    this.scene = this.withLayout(scene);
    this.showExample();
    const now = regions(this.scene, this.painter);
    const differs = this.dirtyRegions(this.scene, now);
    if (differs === now) {
      this.clear({ x: 0, y: 0, w: this.layout.width + 1, h: this.layout.height + 1 }); // half pixels included
      this.painter.heads(this.ctx, this.scene);
    }
    for (const region of differs) {
      region.boxes.forEach((box) => this.clear(box));
      region.draw(this.ctx);
    }
    this.painted = { scene: this.scene, regions: now };
    this.paints++;
    Object.assign(this.canvas.dataset, {
      step: scene.frame.step,
      phase: scene.phase,
      example: scene.example ?? "mean",
      painted: this.paints,
    });
    this.overlay();
    this.describe();
  }

  /**
   * @param {Scene} scene
   * @returns {Scene}
   */
  withLayout(scene) {
    const { net, phase, view } = scene;
    const seen = seenIn(this.layout, net, phase, net.effects(view).has(EFFECTS.parameters));
    return { ...scene, layout: seen, whole: this.layout, scroll: this.scroll, lockedRanges: scene.ranges.locked };
  }

  /**
   * Which regions of a scene are not on the canvas already: all of them, unless only the phase is another one.
   * @param {Scene} scene
   * @param {Region[]} now
   */
  dirtyRegions(scene, now) {
    return this.painted && sameButPhase(this.painted.scene, scene) ? changed(this.painted.regions, now) : now;
  }

  /**
   * Draw scenes that may come next offscreen, one at a time in idle time: their colours and edges are made by then.
   * @param {Scene[]} scenes
   */
  prerender([scene, ...rest]) {
    this.stopPrerendering();
    if (!scene) return;
    this.prerendering = whenIdle(() => {
      const next = this.withLayout(scene);
      for (const region of this.dirtyRegions(next, regions(next, this.painter))) region.draw(this.offscreen);
      this.prerender(rest);
    });
  }

  stopPrerendering() {
    if (this.prerendering) cancelIdle(this.prerendering);
  }

  /** @param {Box} box */
  clear({ x, y, w, h }) {
    this.ctx.fillStyle = this.scene.theme.background;
    this.ctx.fillRect(x, y, w, h);
  }

  overlay() {
    if (!this.scene) return;
    drawOverlay(this.overCtx, this.scene, this.hover, [...this.lit, ...this.shone]);
  }

  /** Light what the phase computes with, and let a light pass over what it computes, in its direction. */
  flow() {
    cancelAnimationFrame(this.flowing);
    if (!this.scene || this.scene.theme.still) return;
    /** @type {number | null} */
    let start = null; // its own first frame: it is seen however late that comes
    const next = (/** @type {number} */ now) => {
      start ??= now;
      const share = (now - start) / FLOW;
      this.overlay();
      if (share >= 1) return;
      drawFlow(this.overCtx, this.scene, share);
      this.flowing = requestAnimationFrame(next);
    };
    // From the second frame on: the first one has the numbers, as soon as possible.
    this.flowing = requestAnimationFrame(() => (this.flowing = requestAnimationFrame(next)));
  }

  /** Words for those who do not see the canvas; after the paint, when there is time. */
  describe() {
    clearTimeout(this.describing);
    this.describing = setTimeout(() => {
      const { net, frame, view, phase, ranges, example, hidden } = this.scene;
      const now = [];
      for (const [i, panel] of this.scene.layout.panels.entries()) {
        const state = stateOf(net, hidden, panel.id, phase);
        const of = example !== null && example < frame.m ? example : null;
        const extent =
          state === "pending" ? null : ranges.of(net, frame, view, panel.name, panel.layer, of, panel.one).extent;
        const label = panelLabel(net, panel, extent);
        this.buttons[i].dataset.panel = panel.id;
        this.buttons[i].setAttribute("aria-label", `${label}; open large`);
        if (state === "now") now.push(label);
      }
      this.canvas.setAttribute("aria-label", `${whereNow(net, { step: frame.step, phase })}. ${now.join("; ")}`);
    }, 120);
  }

  /** Scroll the input column so that the chosen example is in it. */
  showExample() {
    const cells = inputCells(this.scene);
    this.scroll = Math.min(this.scroll, cells.maxScroll);
    const { example, frame } = this.scene;
    const at = example !== null && example < frame.m ? example : this.layout.scene ? frame.m : null;
    if (at !== null && cells.more && example !== this.followed) {
      const line = this.layout.scene ? at : Math.floor((at / frame.m) * cells.lines + 1e-9);
      if (line < this.scroll || line >= this.scroll + cells.down)
        this.scroll = Math.max(0, Math.min(line, cells.maxScroll));
    }
    this.followed = example;
    this.scene.scroll = this.scroll;
  }

  /** @param {MouseEvent} event */
  hitAt(event) {
    if (!this.scene) return null;
    const { net, frame, layout } = this.scene;
    const box = this.over.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const point = layout.scene?.plane ? pointAt(net, frame, layout.scene.plane, x, y) : null;
    return point === null ? hit(layout, net, frame.m, x, y, this.scroll) : { example: point, j: null };
  }

  /**
   * The cell that a hit shows: in a pooled block the strongest one.
   * @param {import("../types/board.js").Hit} found
   * @returns {Cell | null}
   */
  cellAt(found) {
    if (!found) return null;
    const { net, frame, phase, example, hidden } = this.scene;
    if (!found.panel) {
      const [name, layer] = partsOf(net.info.inputPanel);
      return found.j === null ? null : { name, layer, j: found.j, k: found.example };
    }
    const { id, name, layer, block, tiles, one } = found.panel;
    if (stateOf(net, hidden, id, phase) === "pending") return null;
    if (one) return this.cellOfColumn(found);
    const values = matrix(frame, net, name, layer, example !== null && example < frame.m ? example : null);
    let { j, k } = found;
    if (found.inTile) {
      const own = {
        rows: tiles.rows,
        cols: tiles.cols,
        values: values.values.subarray(j * values.cols, (j + 1) * values.cols),
      };
      const [r, c] = strongest(own, found.inTile[0], found.inTile[1], block);
      k = r * tiles.cols + c;
    } else {
      [j, k] = strongest(values, j, k, block);
    }
    return k < values.cols ? { name, layer, j, k } : null;
  }

  /**
   * The cell in a column of one example; a mean is no cell of its own.
   * @param {import("../types/board.js").Hit} found
   * @returns {Cell | null}
   */
  cellOfColumn({ panel: { name, layer, block }, j }) {
    const { net, frame, example } = this.scene;
    const isExample = net.quantity(name).columns === "examples";
    if (isExample && example === null) return null;
    const [row] = strongest(column(frame, net, name, layer, example), j, 0, block);
    return { name, layer, j: row, k: isExample ? example : 0 };
  }

  /** Light these panels up, as the equation is pointed at. @param {string[]} panels */
  light(panels) {
    this.lit = panels;
    this.overlay();
  }

  /** Light panels and numbers up for as long as a lecture speaks of them. @param {string[]} targets */
  shine(targets) {
    this.shone = targets;
    this.overlay();
  }

  /** Light a cell up, as it is pointed at in another run. @param {Cell | null} cell */
  mark(cell) {
    this.hover = cell;
    this.overlay();
  }

  /** @param {PointerEvent} event */
  point(event) {
    const found = this.hitAt(event);
    this.node.classList.toggle("pointing", Boolean(found));
    this.hover = this.cellAt(found);
    const panel = event.pointerType === "touch" ? null : found?.panel;
    if (panel && panel.box.w > 40) {
      this.zoom.dataset.panel = panel.id;
      this.zoom.style.left = `${panel.box.x + panel.box.w - 24}px`;
      this.zoom.style.top = `${panel.box.y + 2}px`;
    }
    this.zoom.hidden = !panel || panel.box.w <= 40;
    this.overlay();
    this.on.point(this.hover, found?.panel ?? null, found?.j ?? null);
  }

  leave() {
    this.hover = null;
    this.zoom.hidden = true;
    this.overlay();
    this.on.point(null, null, null);
  }

  /** @param {PointerEvent} event */
  press(event) {
    this.pressed = this.hitAt(event);
    this.pressedAt = event;
  }

  /** A finger that goes sideways turns the page: to the left goes on. @param {PointerEvent} event */
  swipe({ pointerType, clientX, clientY }) {
    if (pointerType !== "touch" || !this.pressedAt) return;
    const [x, y] = [clientX - this.pressedAt.clientX, clientY - this.pressedAt.clientY];
    if (Math.abs(x) > SWIPE && Math.abs(x) > 2 * Math.abs(y)) this.on.swipe(x < 0);
  }

  /**
   * A click pins what the pointer was on: the place of a click is rounded, that of a press is not.
   * @param {MouseEvent} event
   */
  click(event) {
    const found = this.pressed ?? this.hitAt(event);
    if (!found) return;
    if (found.panel) {
      const cell = this.cellAt(found);
      if (cell && event.detail < 2) this.on.click(cell);
    } else this.on.example(found.example);
  }

  /** @param {WheelEvent} event */
  wheel(event) {
    if (!this.scene) return;
    const { list } = this.layout.inputs;
    const box = this.over.getBoundingClientRect();
    const cells = inputCells(this.scene);
    if (event.clientX - box.left > list.x + list.w || event.clientY - box.top < list.y || !cells.maxScroll) return;
    if (this.layout.stacked && event.clientY - box.top > list.y + list.h) return;
    event.preventDefault();
    this.scroll = Math.max(0, Math.min(cells.maxScroll, this.scroll + Math.sign(event.deltaY)));
    this.paint(this.scene);
  }

  /** @param {string | null} text */
  loading(text) {
    this.message.hidden = text === null;
    if (text !== null) this.message.textContent = text;
  }

  stop() {
    cancelAnimationFrame(this.flowing);
    clearTimeout(this.describing);
    this.stopPrerendering();
  }
}

function zoomIcon() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M12 3h5v5M17 3l-6 6M8 17H3v-5M3 17l6-6");
  svg.append(path);
  return svg;
}

/**
 * The regions of a scene; `stateKey` is what a region shows of the phase.
 * @param {Scene} scene
 * @param {Painter} painter
 * @returns {Region[]}
 */
export function regions(scene, painter) {
  const { layout, net, frame, phase, hidden } = scene;
  /** @type {Region[]} */
  const all = layout.panels.flatMap((panel) => {
    const state = stateOf(net, hidden, panel.id, phase);
    const { id } = panel;
    return [
      {
        boxes: [panel.box],
        stateKey: `${id} ${state === "pending"}`,
        draw: (ctx) => painter.inside(ctx, scene, panel),
      },
      {
        boxes: around(panel),
        stateKey: `${id} ${state} ${net.isUsed(id, phase)} ${net.roles(frame, phase).get(id)}`,
        draw: (ctx) => painter.around(ctx, scene, panel),
      },
    ];
  });
  for (const row of layout.stacked ? [] : layout.titles) {
    const panels = layout.panels.filter((panel) => panel.box.y === row.y);
    const now = panels.some(({ id }) => stateOf(net, hidden, id, phase) === "now");
    const { x, y, w, h } = row;
    const box = { x, y: y - layout.line / 2, w, h: h + layout.line }; // a title may be longer than its row is high
    all.push({ boxes: [box], stateKey: now, draw: (ctx) => painter.rowTitle(ctx, scene, row, now) });
  }
  const { predictedIn, costIn } = net.info;
  const known = Number(phase >= predictedIn) + Number(phase >= costIn); // predictions, then costs, come to stand there
  all.push({
    boxes: [grown(layout.inputs.list)],
    stateKey: known,
    draw: (ctx) => (layout.scene ? drawStrip : drawInputs)(ctx, scene, painter),
  });
  if (layout.scene) {
    all.push({ boxes: [layout.scene.verdict], stateKey: known, draw: (ctx) => drawVerdict(ctx, scene, painter) });
    if (layout.scene.plane) {
      all.push({ boxes: [grown(layout.scene.plane)], stateKey: known > 0, draw: (ctx) => drawPlane(ctx, scene) });
    }
    all.push(...layout.scene.sizes.map((size) => sizeRegion(scene, painter, size)));
  }
  if (layout.diagram) {
    all.push({ boxes: [grown(layout.diagram)], stateKey: phase, draw: (ctx) => drawDiagram(ctx, scene, painter) });
  }
  return all;
}

/**
 * Under a layer's matrix, how large it is, if the matrix was computed.
 * @param {Scene} scene
 * @param {Painter} painter
 * @param {{layer: number, box: Box}} size
 * @returns {Region}
 */
function sizeRegion(scene, painter, size) {
  const { layout, net, phase, hidden } = scene;
  const panel = layout.panels.find(({ layer, place }) => layer === size.layer && place === 0);
  const isShown = net.revealedIn(panel.id) >= 0 && stateOf(net, hidden, panel.id, phase) !== "pending";
  return {
    boxes: [size.box],
    stateKey: isShown && panel.id,
    draw: (ctx) => isShown && drawSize(ctx, scene, painter, size, panel),
  };
}

/**
 * Whether two scenes differ in their phase at most.
 * @param {Scene} a
 * @param {Scene} b
 */
export function sameButPhase(a, b) {
  return FULL_REPAINT.every((name) => a[name] === b[name]);
}

/**
 * The regions of `now` that do not look as they did in `before`.
 * @param {Region[]} before
 * @param {Region[]} now
 */
export function changed(before, now) {
  return now.filter((region, i) => region.stateKey !== before[i].stateKey);
}

/**
 * The strips around a panel: its caption, then above, below, left, and right with room for the marks.
 * @param {Panel} panel
 * @returns {Box[]}
 */
function around({ box: { x, y, w, h }, caption, place }) {
  const marks = place === undefined ? MARK + 1 : EDGE; // in a scene the next column begins there
  const [left, right] = [x - EDGE, x + w];
  return [
    // Letters may stick out of their place a little; a caption may reach over another panel, whose outline stays.
    { x: caption.x - EDGE, y: caption.y, w: caption.w + 2 * EDGE, h: caption.h - EDGE },
    { x: left, y: y - EDGE, w: w + 2 * EDGE, h: EDGE },
    { x: left, y: y + h, w: w + 2 * EDGE, h: EDGE },
    { x: left, y, w: EDGE, h },
    { x: right, y, w: marks, h },
  ];
}

/**
 * @param {Box} box
 * @returns {Box}
 */
function grown({ x, y, w, h }) {
  return { x: x - EDGE, y: y - EDGE, w: w + 2 * EDGE, h: h + 2 * EDGE };
}
