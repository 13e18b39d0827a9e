// The canvas area: the picture, the overlay for pointing, the panels' places in the tab order, the zoom button. The
// picture consists of regions that do not overlap; a phase changes some of them, and only those are painted again.

import { el } from "./controls.js";
import { isUsed, MARK, Painter, stateOf } from "./draw.js";
import { matrix } from "./frames.js";
import { hit, layout, lights } from "./layout.js";
import { drawDiagram, drawInputs, inputCells } from "./network.js";
import { strongest } from "./scale.js";
import { panelLabel, predicted, whereNow } from "./words.js";

// Safari has no idle callbacks.
const whenIdle = globalThis.requestIdleCallback ?? ((what) => setTimeout(what, 50));
const notWhenIdle = globalThis.cancelIdleCallback ?? clearTimeout;
const EDGE = 2; // pixels around a panel that its outline may take

/** What a picture is made of, apart from the phase: where one of these differs, all of it is painted. */
const GROUNDS = ["net", "frame", "layout", "view", "theme", "example", "scroll", "veiled", "locked"];

export class Stage {
  /** `on`: {point(cell or null), click(cell), example(e), zoom(panel id)}. */
  constructor(on) {
    this.on = on;
    this.painter = new Painter();
    this.painted = 0;
    this.scroll = 0;
    this.canvas = el("canvas", { role: "img", "data-testid": "board" });
    this.over = el("canvas", { class: "over", "aria-hidden": "true" });
    this.panels = el("div");
    this.zoom = el("button", { type: "button", class: "zoom", tabindex: "-1", "data-testid": "zoom", title: "open this panel large (double click, or Tab and Enter)", hidden: true });
    this.zoom.setAttribute("aria-label", "open this panel large");
    this.zoom.append(zoomIcon());
    this.veil = el("div", { class: "veil", "data-testid": "veil", hidden: true });
    this.node = el("div", { class: "stage" }, this.canvas, this.over, this.panels, this.zoom, this.veil);
    this.ctx = this.canvas.getContext("2d", { alpha: false });
    this.overCtx = this.over.getContext("2d");
    this.unseen = new OffscreenCanvas(1, 1).getContext("2d");
    this.listen();
  }

  listen() {
    this.over.onpointermove = (event) => this.point(event);
    this.node.onpointerleave = () => this.leave();
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
    this.before = null;
  }

  /** Lay out for this size; true where something moved. */
  resize(net, width, height, options) {
    const ratio = window.devicePixelRatio || 1;
    const key = JSON.stringify([net.sizes, width, height, options, ratio]);
    if (key === this.key) return false;
    this.key = key;
    this.layout = layout(net, width, height, options);
    this.before = null; // a canvas of another size is empty
    for (const [canvas, ctx] of [[this.canvas, this.ctx], [this.over, this.overCtx]]) {
      canvas.width = Math.round(this.layout.width * ratio);
      canvas.height = Math.round(this.layout.height * ratio);
      canvas.style.width = `${this.layout.width}px`;
      canvas.style.height = `${this.layout.height}px`;
      ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    this.node.style.height = `${this.layout.height}px`;
    this.placePanels();
    return true;
  }

  placePanels() {
    this.buttons = new Map(this.layout.panels.map((panel) => {
      const { x, y, w, h } = panel.box;
      const node = el("button", { type: "button", class: "panel", "data-panel": panel.id, style: `left:${x}px;top:${y}px;width:${w}px;height:${h}px` });
      node.onclick = () => this.on.zoom(panel.id);
      return [panel.id, node];
    }));
    this.panels.replaceChildren(...this.buttons.values());
    this.zoom.hidden = true;
  }

  /** Paint a scene, {net, frame, phase, example, view, theme, ranges, pinned}; of one like the last only what differs. */
  paint(scene) {
    this.scene = this.whole(scene);
    this.showExample();
    const now = regions(this.scene, this.painter);
    const differs = this.differing(this.scene, now);
    if (differs === now) {
      this.clear({ x: 0, y: 0, w: this.layout.width, h: this.layout.height });
      this.painter.heads(this.ctx, this.scene);
    }
    for (const region of differs) {
      region.boxes.forEach((box) => this.clear(box));
      region.draw(this.ctx);
    }
    this.before = { scene: this.scene, regions: now };
    this.painted++;
    Object.assign(this.canvas.dataset, {
      step: scene.frame.step,
      phase: scene.phase,
      example: scene.example ?? "mean",
      painted: this.painted,
    });
    this.overlay();
    this.describe();
  }

  whole(scene) {
    return { ...scene, layout: this.layout, scroll: this.scroll, veiled: scene.net.veiled, locked: scene.ranges.locked };
  }

  /** Which regions of a scene are not on the canvas already: all of them, unless only the phase is another one. */
  differing(scene, now) {
    return this.before && sameGrounds(this.before.scene, scene) ? changed(this.before.regions, now) : now;
  }

  /**
   * Draw scenes that may come next where nobody sees it, one at a time when there is nothing else to do. By the time
   * they are shown their gradients, colours and edges are made.
   */
  rehearse([scene, ...rest]) {
    this.stopRehearsing();
    if (!scene) return;
    this.rehearsing = whenIdle(() => {
      const next = this.whole(scene);
      for (const region of this.differing(next, regions(next, this.painter))) region.draw(this.unseen);
      this.rehearse(rest);
    });
  }

  stopRehearsing() {
    if (this.rehearsing) notWhenIdle(this.rehearsing);
  }

  clear({ x, y, w, h }) {
    this.ctx.fillStyle = this.scene.theme.background;
    this.ctx.fillRect(x, y, w, h);
  }

  overlay() {
    if (!this.scene) return;
    const { layout, net, frame, theme, phase, pinned } = this.scene;
    drawOverlay(this.overCtx, { layout, net, m: frame.m, hover: this.hover, pinned, scroll: this.scroll, theme, visible: shown(layout, net, phase) });
  }

  /** Words for those who do not see the canvas; after the paint, when there is time. */
  describe() {
    clearTimeout(this.describing);
    this.describing = setTimeout(() => {
      const { net, frame, view, phase, ranges, example } = this.scene;
      const now = [];
      for (const panel of this.layout.panels) {
        const state = stateOf(net, panel, phase);
        const of = example !== null && example < frame.m ? example : null;
        const extent = state === "pending" ? null : ranges.of(net, frame, view, panel.name, panel.layer, of).extent;
        const label = panelLabel(net, panel, extent);
        this.buttons.get(panel.id).setAttribute("aria-label", `${label}; open large`);
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
    if (example !== null && example < frame.m && cells.more && example !== this.followed) {
      const line = Math.floor((example / frame.m) * cells.lines + 1e-9);
      if (line < this.scroll || line >= this.scroll + cells.down) this.scroll = Math.max(0, Math.min(line, cells.maxScroll));
    }
    this.followed = example;
    this.scene.scroll = this.scroll;
  }

  hitAt(event) {
    if (!this.scene) return null;
    const box = this.over.getBoundingClientRect();
    return hit(this.layout, this.scene.net, this.scene.frame.m, event.clientX - box.left, event.clientY - box.top, this.scroll);
  }

  /** The cell that a hit shows: in a pooled block the strongest one. */
  cellAt(found) {
    const { net, frame, phase, example } = this.scene;
    if (!found) return null;
    if (!found.panel) return found.j === null ? null : { name: "a", layer: 1, j: found.j, k: found.example };
    const { name, layer, block, tiles } = found.panel;
    if (stateOf(net, found.panel, phase) === "pending") return null;
    const values = matrix(frame, net, name, layer, example !== null && example < frame.m ? example : null);
    let { j, k } = found;
    if (found.inTile) {
      const own = { rows: tiles.rows, cols: tiles.cols, values: values.values.subarray(j * values.cols, (j + 1) * values.cols) };
      const [r, c] = strongest(own, ...found.inTile, block);
      k = r * tiles.cols + c;
    } else {
      [j, k] = strongest(values, j, k, block);
    }
    return k < values.cols ? { name, layer, j, k } : null;
  }

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
    this.on.point(this.hover);
  }

  leave() {
    this.hover = null;
    this.zoom.hidden = true;
    this.overlay();
    this.on.point(null);
  }

  click(event) {
    const found = this.hitAt(event);
    if (!found) return;
    if (found.panel) {
      const cell = this.cellAt(found);
      if (cell && event.detail < 2) this.on.click(cell);
    } else this.on.example(found.example);
  }

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

  loading(text) {
    this.veil.hidden = text === null;
    if (text !== null) this.veil.textContent = text;
  }

  stop() {
    clearTimeout(this.describing);
    this.stopRehearsing();
  }
}

/** Whether a rectangle lies in no panel that is still empty. */
function shown(layout, net, phase) {
  const empty = layout.panels.filter((panel) => stateOf(net, panel, phase) === "pending").map((panel) => panel.box);
  return ({ x, y }) => !empty.some((b) => x >= b.x - 1 && y >= b.y - 1 && x < b.x + b.w && y < b.y + b.h);
}

function zoomIcon() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M12 3h5v5M17 3l-6 6M8 17H3v-5M3 17l6-6");
  svg.append(path);
  return svg;
}

/** {boxes, says, draw(ctx)} for each region of a scene; `says` is what the region shows of the phase. */
export function regions(scene, painter) {
  const { layout, net, phase } = scene;
  const found = layout.panels.flatMap((panel) => {
    const state = stateOf(net, panel, phase);
    return [
      { boxes: [panel.box], says: state === "pending", draw: (ctx) => painter.inside(ctx, scene, panel) },
      { boxes: around(panel), says: state + isUsed(net, panel, phase), draw: (ctx) => painter.around(ctx, scene, panel) },
    ];
  });
  for (const stage of layout.stacked ? [] : layout.stages) {
    const panels = layout.panels.filter((panel) => panel.box.y === stage.y);
    const says = panels.some((panel) => stateOf(net, panel, phase) === "now");
    const { x, y, w, h } = stage;
    const box = { x, y: y - layout.line / 2, w, h: h + layout.line }; // a title may be longer than its stage is high
    found.push({ boxes: [box], says, draw: (ctx) => painter.stageTitle(ctx, scene, stage, says) });
  }
  found.push({
    boxes: [grown(layout.inputs.list)],
    says: predicted(net, phase) + (phase >= net.sizes.length), // predictions, then costs, come to stand beside them
    draw: (ctx) => drawInputs(ctx, scene, painter),
  });
  if (layout.diagram) {
    found.push({ boxes: [grown(layout.diagram)], says: phase, draw: (ctx) => drawDiagram(ctx, scene, painter) });
  }
  return found;
}

/** Whether two scenes differ in their phase at most. */
export function sameGrounds(a, b) {
  return GROUNDS.every((name) => a[name] === b[name]);
}

/** The regions of `now` that do not look as they did in `before`. */
export function changed(before, now) {
  return now.filter((region, i) => region.says !== before[i].says);
}

/** The strips around a panel: its caption, then above, below, left, and right with room for the marks. */
function around({ box: { x, y, w, h }, caption }) {
  const [left, right] = [x - EDGE, x + w];
  return [
    // Letters may stick out of their place a little; a caption may reach over another panel, whose outline stays.
    { x: caption.x - EDGE, y: caption.y, w: caption.w + 2 * EDGE, h: caption.h - EDGE },
    { x: left, y: y - EDGE, w: w + 2 * EDGE, h: EDGE },
    { x: left, y: y + h, w: w + 2 * EDGE, h: EDGE },
    { x: left, y, w: EDGE, h },
    { x: right, y, w: MARK + 1, h },
  ];
}

function grown({ x, y, w, h }) {
  return { x: x - EDGE, y: y - EDGE, w: w + 2 * EDGE, h: h + 2 * EDGE };
}

/** The overlay: what the pointer lights, and a ring around the pinned cell. */
function drawOverlay(ctx, { layout, net, m, hover, pinned, scroll, theme, visible }) {
  ctx.clearRect(0, 0, layout.width, layout.height);
  if (pinned) {
    const { own } = lights(layout, net, m, pinned, scroll);
    if (own) ring(ctx, own, theme);
  }
  if (!hover) return;
  const { lit, own } = lights(layout, net, m, hover, scroll);
  for (const rect of lit) if (visible(rect)) bracket(ctx, rect, theme, 1);
  if (own) bracket(ctx, own, theme, 2);
}

function bracket(ctx, { x, y, w, h }, theme, width) {
  ctx.lineWidth = width + 2;
  ctx.strokeStyle = theme.halo;
  ctx.strokeRect(x - width / 2, y - width / 2, w + width, h + width);
  ctx.lineWidth = width;
  ctx.strokeStyle = theme.text;
  ctx.strokeRect(x - width / 2, y - width / 2, w + width, h + width);
}

function ring(ctx, { x, y, w, h }, theme) {
  const r = Math.max(Math.hypot(w, h) / 2 + 3, 7);
  const round = w < 24 && h < 24;
  for (const [width, colour] of [[5, theme.halo], [2.5, theme.accent]]) {
    ctx.lineWidth = width;
    ctx.strokeStyle = colour;
    ctx.beginPath();
    if (round) ctx.arc(x + w / 2, y + h / 2, r, 0, 2 * Math.PI);
    else ctx.roundRect(x - 2, y - 2, w + 4, h + 4, 4);
    ctx.stroke();
  }
}
