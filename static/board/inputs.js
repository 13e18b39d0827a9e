// @ts-check
// The examples of the mini-batch, with target, prediction and cost.

import { bitmapOf } from "./draw.js";
import { column, matrix } from "./frames.js";
import { exampleCells, examples } from "./layout.js";
import { partsOf } from "./net.js";
import { stripCells } from "./scene.js";
import { brief, exampleText, isWrong, knownIn } from "./words.js";

/**
 * @typedef {import("../types/board.js").Box} Box
 * @typedef {import("../types/board.js").Context} Context
 * @typedef {import("../types/board.js").Frame} Frame
 * @typedef {import("../types/board.js").Net} Net
 * @typedef {import("../types/board.js").Scene} Scene
 * @typedef {import("../types/board.js").Theme} Theme
 * @typedef {import("./draw.js").Painter} Painter
 * @typedef {ReturnType<typeof import("./layout.js").examples>["shown"][number]} ExampleCell
 */

/** @type {WeakMap<Frame, {dark: boolean, bitmap: OffscreenCanvas}>} */
const sheets = new WeakMap();

/** @param {Scene} scene */
export function inputCells({ layout, frame, scroll }) {
  return exampleCells(layout, frame.m, scroll);
}

/**
 * The examples of a scene as a strip of small pictures, the mean after them; wrong ones have a cross.
 * @param {Context} ctx
 * @param {Scene} scene
 * @param {Painter} painter
 */
export function drawStrip(ctx, scene, painter) {
  const { net, frame, layout, phase, example, theme, scroll, hidden } = scene;
  const { knows } = knownIn(net, frame, phase, hidden);
  const { shown } = stripCells(layout.inputs.list, frame.m, scroll);
  ctx.imageSmoothingEnabled = false;
  for (const { example: e, box, picture } of shown) {
    const [x, y] = [box.x + box.w / 2, box.y + box.h / 2];
    if (e !== null && net.picture) drawPicture(ctx, scene, e, picture);
    else {
      const words = e === null ? "mean" : net.info.hasClasses ? net.info.classes[frame.labels[e]] : String(e + 1);
      ctx.strokeStyle = theme.line;
      ctx.lineWidth = 1;
      ctx.strokeRect(box.x + 0.5, box.y + 0.5, box.w - 1, box.h - 1);
      painter.text(ctx, theme, words, x, y, { align: "center", room: box.w - 4, bold: e === example });
    }
    if (e !== null && knows && isWrong(frame, e)) cross(ctx, box, theme);
    if (e === example) {
      ctx.strokeStyle = theme.accent;
      ctx.lineWidth = 3;
      ctx.strokeRect(box.x - 0.5, box.y - 0.5, box.w + 1, box.h + 1);
    }
  }
}

/** @param {Context} ctx @param {Box} box @param {Theme} theme */
function cross(ctx, { x, y, w }, theme) {
  const size = Math.max(7, Math.round(w / 5));
  ctx.fillStyle = theme.background;
  ctx.fillRect(x + w - size - 3, y + 1, size + 2, size + 2);
  ctx.strokeStyle = theme.alarm;
  ctx.lineWidth = 2;
  ctx.beginPath();
  for (const way of [1, -1]) {
    ctx.moveTo(x + w - size - 1, y + 2 + (way > 0 ? 0 : size - 1));
    ctx.lineTo(x + w - 2, y + 2 + (way > 0 ? size - 1 : 0));
  }
  ctx.stroke();
}

/**
 * The chosen example as a large picture, or the mean of all of them.
 * @param {Context} ctx
 * @param {Scene} scene
 * @param {import("../types/board.js").Panel} panel
 */
export function drawLarge(ctx, { net, frame, example, theme }, { box, grid: [rows, cols], name, layer }) {
  ctx.imageSmoothingEnabled = false;
  const { values } = column(frame, net, name, layer, example);
  const bitmap = bitmapOf(cols, rows, (pixels) => {
    for (let p = 0; p < rows * cols; p++) pixels[p] = grey(values[p], theme.dark);
  });
  ctx.drawImage(bitmap, box.x, box.y, box.w, box.h);
}

/**
 * The column of the scene; `painter` writes the text.
 * @param {Context} ctx
 * @param {Scene} scene
 * @param {Painter} painter
 */
export function drawInputs(ctx, scene, painter) {
  const { net, frame, layout, phase, example, theme } = scene;
  const cells = examples(layout.inputs.list, frame.m, {
    font: layout.font,
    scroll: scene.scroll,
    stacked: layout.stacked,
  });
  ctx.imageSmoothingEnabled = false;
  for (const cell of cells.shown) {
    const { example: e, picture, text } = cell;
    if (net.picture) drawPicture(ctx, scene, e, picture);
    else drawValues(ctx, scene, painter, cell);
    if (e === example) outline(ctx, cell.box, theme);
    const words = exampleText(net, frame, e, phase);
    if (cells.roomy) {
      const lines = text.lines > 1 && words.cost ? 2 : 1;
      const middle = text.y + text.h / 2;
      const y = lines === 2 ? middle - layout.line / 2 + 1 : middle;
      verdict(ctx, painter, theme, words, text.x, y, text.w, "left");
      if (lines === 2)
        painter.text(ctx, theme, words.cost, text.x, middle + layout.line / 2, { faint: true, room: text.w });
    } else {
      verdict(ctx, painter, theme, words, text.x + text.w / 2, text.y + text.h / 2, text.w, "center");
    }
  }
  if (cells.more) {
    const { x, y, w, h } = layout.inputs.list;
    const last = cells.first + cells.shown.length;
    const text = cells.first ? `${cells.first + 1} to ${last} of ${frame.m}` : `+ ${cells.more} more ↓`;
    painter.text(ctx, theme, text, x + w / 2, y + h - layout.line / 2 + 1, { align: "center", faint: true, room: w });
  }
}

/**
 * Target and prediction; a wrong one has a cross and a stronger weight.
 * @param {Context} ctx
 * @param {Painter} painter
 * @param {Theme} theme
 * @param {{text: string, wrong: boolean}} words
 * @param {number} x
 * @param {number} y
 * @param {number} room
 * @param {CanvasTextAlign} align
 */
function verdict(ctx, painter, theme, { text, wrong }, x, y, room, align) {
  painter.text(ctx, theme, wrong ? `${text} ✗` : text, x, y, {
    align,
    room,
    bold: wrong,
    colour: wrong ? theme.wrong : null,
  });
}

/**
 * @param {Context} ctx
 * @param {Scene} scene
 * @param {number} e
 * @param {Box} box
 */
function drawPicture(ctx, { net, frame, theme }, e, { x, y, w, h }) {
  const [rows, cols] = net.picture;
  const scale = Math.min(w / cols, h / rows);
  const [wide, high] = [Math.round(scale * cols), Math.round(scale * rows)];
  ctx.drawImage(contactSheet(net, frame, theme), e * cols, 0, cols, rows, x, y, wide, high);
  ctx.strokeStyle = theme.line;
  ctx.lineWidth = 1;
  ctx.strokeRect(x - 0.5, y - 0.5, wide + 1, high + 1);
}

/**
 * All pictures of a mini-batch beside each other: ink on paper in light, light on dark in dark.
 * @param {Net} net
 * @param {Frame} frame
 * @param {Theme} theme
 */
function contactSheet(net, frame, theme) {
  const known = sheets.get(frame);
  if (known?.dark === theme.dark) return known.bitmap;
  const [rows, cols] = net.picture;
  const bitmap = bitmapOf(cols * frame.m, rows, (pixels) => {
    const x = frame.arrays[net.info.inputPanel];
    for (let p = 0; p < rows * cols; p++) {
      const at = Math.floor(p / cols) * cols * frame.m + (p % cols);
      for (let e = 0; e < frame.m; e++)
        pixels[at + e * cols] = grey(x.values[p * x.cols + e] / net.info.scale, theme.dark);
    }
  });
  sheets.set(frame, { dark: theme.dark, bitmap });
  return bitmap;
}

/**
 * An input 0..1 as a packed grey.
 * @param {number} value
 * @param {boolean} dark
 */
export function grey(value, dark) {
  const ink = Math.max(0, Math.min(1, value));
  const g = Math.round(dark ? 24 + 231 * ink : 255 * (1 - ink));
  return ((255 << 24) | (g << 16) | (g << 8) | g) >>> 0;
}

/**
 * Inputs that are no picture: names with values, or bars where there are many.
 * @param {Context} ctx
 * @param {Scene} scene
 * @param {Painter} painter
 * @param {ExampleCell} cell
 */
function drawValues(ctx, { net, frame, layout, theme }, painter, { example, picture }) {
  const a = matrix(frame, net, ...partsOf(net.info.inputPanel));
  const n = a.rows;
  const value = (/** @type {number} */ k) => a.values[k * a.cols + example];
  const lines = Math.floor(picture.h / (layout.font + 2));
  if (n <= lines) {
    const high = picture.h / n;
    for (let k = 0; k < n; k++) {
      const words = `${net.info.names[k] ?? `x${k + 1}`} ${brief(value(k))}`;
      painter.text(ctx, theme, words, picture.x, picture.y + (k + 0.5) * high, { room: picture.w });
    }
    return;
  }
  const largest = Math.max(1e-12, ...Array.from({ length: n }, (_, k) => Math.abs(value(k))));
  const wide = picture.w / n;
  const zero = picture.y + picture.h / 2;
  for (let k = 0; k < n; k++) {
    const high = (value(k) / largest) * (picture.h / 2 - 1);
    ctx.fillStyle = high < 0 ? theme.negative : theme.positive;
    ctx.fillRect(
      picture.x + k * wide,
      high < 0 ? zero : zero - high,
      Math.max(1, wide - 1),
      Math.max(Math.abs(high), 0.5),
    );
  }
  ctx.fillStyle = theme.line;
  ctx.fillRect(picture.x, zero, picture.w, 1);
}

/**
 * @param {Context} ctx
 * @param {Box} box
 * @param {Theme} theme
 */
function outline(ctx, { x, y, w, h }, theme) {
  ctx.strokeStyle = theme.accent;
  ctx.lineWidth = 2;
  ctx.strokeRect(x + 1, y - 1, w - 2, h);
}
