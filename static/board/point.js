// What is under the pointer, and what lights up with it. Hit testing is pure; the overlay never repaints a panel.

import { isExamples } from "./draw.js";
import { examples } from "./layout.js";

const VECTORS = new Set(["b", "nabla_b", "db"]);
const MATRICES = new Set(["w", "nabla_w", "dw"]);
const LAYERS_OWN = new Set(["w", "b", "z", "a", "sp", "delta", "nabla_w", "nabla_b", "dw", "db"]);

/**
 * What is at (x, y): {panel, j, k}, the first cell of the block there, or {example, j}, an example and the input
 * under the pointer (null beside its picture), or null.
 */
export function hit(layout, net, m, x, y, scroll = 0) {
  const panel = layout.panels.find(({ box }) => inside(box, x, y));
  if (panel) return panelHit(panel, x, y);
  const { list } = layout.inputs;
  if (!inside(list, x, y)) return null;
  const cells = examples(list, m, { font: layout.font, scroll, stacked: layout.stacked });
  const cell = cells.shown.find(({ box }) => inside(box, x, y));
  if (!cell) return null;
  return { example: cell.example, j: net.picture ? pixelAt(cell.picture, net.picture, x, y) : null };
}

function panelHit(panel, x, y) {
  const { box, block, tiles, rows, cols } = panel;
  if (!tiles) {
    const shown = [Math.ceil(rows / block[0]), Math.ceil(cols / block[1])];
    const j = Math.min(Math.floor(((y - box.y) / box.h) * shown[0]), shown[0] - 1) * block[0];
    const k = Math.min(Math.floor(((x - box.x) / box.w) * shown[1]), shown[1] - 1) * block[1];
    return { panel, j, k };
  }
  const [c, r] = [Math.floor((x - box.x) / tiles.dx), Math.floor((y - box.y) / tiles.dy)];
  const j = r * tiles.across + c;
  const place = { x: box.x + c * tiles.dx, y: box.y + r * tiles.dy, w: tiles.w, h: tiles.h };
  if (c >= tiles.across || j >= rows || !inside(place, x, y)) return null;
  const row = Math.floor(Math.floor(((y - place.y) / place.h) * tiles.rows) / block[0]) * block[0];
  const col = Math.floor(Math.floor(((x - place.x) / place.w) * tiles.cols) / block[1]) * block[1];
  return { panel, j, k: row * tiles.cols + col, inTile: [row, col] };
}

function pixelAt({ x: left, y: top, w, h }, [rows, cols], x, y) {
  const scale = Math.min(w / cols, h / rows);
  const [c, r] = [Math.floor((x - left) / scale), Math.floor((y - top) / scale)];
  return c >= 0 && r >= 0 && c < cols && r < rows ? r * cols + c : null;
}

/** w.2.3.7, as it travels in links; neurons and examples count from 0. */
export function cellText({ name, layer, j, k }) {
  return VECTORS.has(name) ? `${name}.${layer}.${j}` : `${name}.${layer}.${j}.${k}`;
}

/** The cell that such a text means in this network, or null. `m`: examples of the mini-batch. */
export function cellOf(text, net, m) {
  const [name, ...rest] = String(text ?? "").split(".");
  const [layer, j, k = 0] = rest.map(Number);
  const expected = VECTORS.has(name) ? 2 : 3;
  if (!LAYERS_OWN.has(name) || rest.length !== expected || ![layer, j, k].every(Number.isInteger)) return null;
  const first = name === "a" ? 1 : 2;
  const cols = MATRICES.has(name) ? net.sizes[layer - 2] : VECTORS.has(name) ? 1 : m;
  const fits = layer >= first && layer <= net.sizes.length && j >= 0 && j < net.sizes[layer - 1] && k >= 0 && k < cols;
  return fits ? { name, layer, j, k } : null;
}

/** Rectangles that light up with a cell: its neuron's row, its column in the next weights; `own` is the cell itself. */
export function lights(layout, net, m, cell, scroll = 0) {
  const { name, layer, j, k } = cell;
  const lit = [];
  let own = null;
  for (const panel of layout.panels) {
    const matrix = MATRICES.has(panel.name);
    if (panel.layer === layer) {
      if (panel.name === name) own = place(panel, j, VECTORS.has(name) ? 0 : k);
      lit.push(row(panel, j, isExamples(net, panel) ? m : panel.cols));
    } else if (panel.layer === layer + 1 && matrix) {
      lit.push(...columnOf(panel, j));
    } else if (panel.layer === layer - 1 && MATRICES.has(name) && panel.name === "a") {
      lit.push(row(panel, k, m));
    }
  }
  const onInputs = inputLights(layout, net, m, cell, scroll);
  if (name === "a" && layer === 1) own = onInputs.own;
  return { lit: [...lit, ...onInputs.lit], own };
}

function inputLights(layout, net, m, { name, layer, j, k }, scroll) {
  const { shown } = examples(layout.inputs.list, m, { font: layout.font, scroll, stacked: layout.stacked });
  const pixel = layer === 1 ? j : layer === 2 && MATRICES.has(name) ? k : null;
  const example = MATRICES.has(name) || VECTORS.has(name) ? null : k;
  const lit = [];
  let own = null;
  for (const { example: e, picture, box } of shown) {
    if (e === example) lit.push(box);
    if (pixel === null || !net.picture) continue;
    const [rows, cols] = net.picture;
    const scale = Math.min(picture.w / cols, picture.h / rows);
    const [x, y] = [picture.x + (pixel % cols) * scale, picture.y + Math.floor(pixel / cols) * scale];
    const dot = { x, y, w: scale, h: scale };
    if (e === example && layer === 1) own = dot;
    else lit.push(dot);
  }
  return { lit, own };
}

/** Where cell (j, k) of a panel is drawn. */
export function place({ box, block, tiles, rows, cols }, j, k) {
  if (tiles) {
    const [w, h] = [(tiles.w / Math.ceil(tiles.cols / block[1])), (tiles.h / Math.ceil(tiles.rows / block[0]))];
    return {
      x: box.x + (j % tiles.across) * tiles.dx + Math.floor((k % tiles.cols) / block[1]) * w,
      y: box.y + Math.floor(j / tiles.across) * tiles.dy + Math.floor(Math.floor(k / tiles.cols) / block[0]) * h,
      w,
      h,
    };
  }
  const [w, h] = [box.w / Math.ceil(cols / block[1]), box.h / Math.ceil(rows / block[0])];
  return { x: box.x + Math.floor(k / block[1]) * w, y: box.y + Math.floor(j / block[0]) * h, w, h };
}

function row(panel, j, m) {
  const { box, tiles, cols } = panel;
  if (tiles) return { ...place(panel, j, 0), w: tiles.w, h: tiles.h };
  return { ...place(panel, j, 0), w: (box.w * Math.min(m, cols)) / cols };
}

function columnOf(panel, k) {
  const { box, tiles, rows } = panel;
  if (tiles) return Array.from({ length: rows }, (_, j) => place(panel, j, k));
  return [{ ...place(panel, 0, k), y: box.y, h: box.h }];
}

/** The overlay: what the pointer lights, and a ring around the pinned cell. */
export function drawOverlay(ctx, { layout, net, m, hover, pinned, scroll, theme, visible }) {
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

function inside({ x, y, w, h }, px, py) {
  return px >= x && py >= y && px < x + w && py < y + h;
}
