// The input column: the examples of the mini-batch, with target, prediction and cost.

import { matrix } from "./decode.js";
import { bitmapOf } from "./draw.js";
import { examples } from "./layout.js";
import { brief } from "./words.js";

const sheets = new WeakMap(); // by frame: {dark, bitmap}

/** From this phase on the prediction is known: the last feedforward. */
export function predicted(net, phase) {
  return phase >= net.sizes.length - 1;
}

/** What stands beside example e: ["5 → 8 ✗", "C 0.12"]. */
export function exampleText(net, frame, e, phase) {
  const target = className(net, frame.labels[e]);
  if (!predicted(net, phase)) return { text: target, wrong: false, cost: "" };
  const wrong = frame.labels[e] !== frame.predictions[e];
  const text = `${target} → ${className(net, frame.predictions[e])}`;
  const cost = phase >= net.sizes.length ? `C ${brief(frame.arrays.cost[0].values[e])}` : "";
  return { text, wrong, cost };
}

const className = (net, label) => net.classes[label] ?? String(label);

export function inputCells({ layout, frame, scroll }) {
  return examples(layout.inputs.list, frame.m, { font: layout.font, scroll, stacked: layout.stacked });
}

/** The column of the scene; `painter` writes the text. */
export function drawInputs(ctx, scene, painter) {
  const { net, frame, layout, phase, example, theme } = scene;
  const cells = inputCells(scene);
  ctx.imageSmoothingEnabled = false;
  for (const cell of cells.shown) {
    const { example: e, picture, text } = cell;
    if (net.picture) drawPicture(ctx, net, frame, e, picture, theme);
    else drawValues(ctx, scene, painter, cell);
    if (e === example) outline(ctx, cell.box, theme);
    const words = exampleText(net, frame, e, phase);
    if (cells.roomy) {
      const lines = text.lines > 1 && words.cost ? 2 : 1;
      const middle = text.y + text.h / 2;
      const y = lines === 2 ? middle - layout.line / 2 + 1 : middle;
      verdict(ctx, painter, theme, words, text.x, y, text.w, "left");
      if (lines === 2) painter.text(ctx, theme, words.cost, text.x, middle + layout.line / 2, { faint: true, room: text.w });
    } else {
      verdict(ctx, painter, theme, words, text.x + text.w / 2, text.y + text.h / 2, text.w, "center");
    }
  }
  if (cells.more) {
    const { x, y, w, h } = layout.inputs.list;
    const last = cells.first + cells.shown.length;
    const says = cells.first ? `${cells.first + 1} to ${last} of ${frame.m}` : `+ ${cells.more} more ↓`;
    painter.text(ctx, theme, says, x + w / 2, y + h - layout.line / 2 + 1, { align: "center", faint: true, room: w });
  }
}

/** Target and prediction; a wrong one has a cross and a stronger weight. */
function verdict(ctx, painter, theme, { text, wrong }, x, y, room, align) {
  painter.text(ctx, theme, wrong ? `${text} ✗` : text, x, y, { align, room, bold: wrong, colour: wrong ? theme.wrong : null });
}

function drawPicture(ctx, net, frame, e, { x, y, w, h }, theme) {
  const [rows, cols] = net.picture;
  const scale = Math.min(w / cols, h / rows);
  const [wide, high] = [Math.round(scale * cols), Math.round(scale * rows)];
  ctx.drawImage(sheet(net, frame, theme), e * cols, 0, cols, rows, x, y, wide, high);
  ctx.strokeStyle = theme.line;
  ctx.lineWidth = 1;
  ctx.strokeRect(x - 0.5, y - 0.5, wide + 1, high + 1);
}

/** All pictures of a mini-batch beside each other: ink on paper in light, light on dark in dark. */
export function sheet(net, frame, theme) {
  const known = sheets.get(frame);
  if (known?.dark === theme.dark) return known.bitmap;
  const [rows, cols] = net.picture;
  const bitmap = bitmapOf(cols * frame.m, rows, (pixels) => {
    const x = frame.arrays.x[1];
    for (let p = 0; p < rows * cols; p++) {
      const at = Math.floor(p / cols) * cols * frame.m + (p % cols);
      for (let e = 0; e < frame.m; e++) pixels[at + e * cols] = grey(x.values[p * x.cols + e] / net.scale, theme.dark);
    }
  });
  sheets.set(frame, { dark: theme.dark, bitmap });
  return bitmap;
}

/** An input 0..1 as a packed grey. */
export function grey(value, dark) {
  const ink = Math.max(0, Math.min(1, value));
  const g = Math.round(dark ? 24 + 231 * ink : 255 * (1 - ink));
  return ((255 << 24) | (g << 16) | (g << 8) | g) >>> 0;
}

/** Inputs that are no picture: names with values, or bars where there are many. */
function drawValues(ctx, { net, frame, layout, theme }, painter, { example, picture, text, box }) {
  const a = matrix(frame, net, "a", 1);
  const n = a.rows;
  const value = (k) => a.values[k * a.cols + example];
  const lines = Math.floor(picture.h / (layout.font + 2));
  if (n <= lines) {
    const high = picture.h / n;
    for (let k = 0; k < n; k++) {
      const words = `${net.names[k] ?? `x${k + 1}`} ${brief(value(k))}`;
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
    ctx.fillRect(picture.x + k * wide, high < 0 ? zero : zero - high, Math.max(1, wide - 1), Math.max(Math.abs(high), 0.5));
  }
  ctx.fillStyle = theme.line;
  ctx.fillRect(picture.x, zero, picture.w, 1);
}

function outline(ctx, { x, y, w, h }, theme) {
  ctx.strokeStyle = theme.accent;
  ctx.lineWidth = 2;
  ctx.strokeRect(x + 1, y - 1, w - 2, h);
}
