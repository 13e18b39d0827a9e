// @ts-check
// What a scene shows beside heatmaps: columns with their numbers, the output as named bars, captions in the colour of
// their role, the size of each layer's matrix.

import { column, norm } from "./frames.js";
import { extent, level, luminance, unpack } from "./scale.js";
import {
  brief,
  columnFormat,
  inColumn,
  narrowSymbol,
  outputName,
  powerText,
  rangeOf,
  shapeOf,
  symbol,
  verdictLines,
} from "./words.js";

/**
 * @typedef {import("../types/board.js").Box} Box
 * @typedef {import("../types/board.js").Context} Context
 * @typedef {import("../types/board.js").Panel} Panel
 * @typedef {import("../types/board.js").Scale} Scale
 * @typedef {import("../types/board.js").Scene} Scene
 * @typedef {import("./draw.js").Painter} Painter
 */

const VERDICT = 1.25; // times a line: what is said of the example is written larger
const BESIDE = 4; // pixels between a symbol and what stands beside it
const PAD = 4; // pixels between a number and the edge of its cell

/** @typedef {typeof fitted} Fitted */

/**
 * What `fitted` finds, which the painter remembers: caption and cells of a column ask for it, in phase after phase.
 * @param {Context} ctx
 * @param {Scene} scene
 * @param {Painter} painter
 * @param {Panel} panel
 * @param {boolean} magnitude
 */
function written(ctx, scene, painter, panel, magnitude) {
  const { frame, example } = scene;
  let known = painter.columns.get(frame);
  if (!known) painter.columns.set(frame, (known = new Map()));
  const { box } = panel;
  const key = [panel.id, example, magnitude, box.x, box.w, box.h].join("|");
  if (!known.has(key)) known.set(key, fitted(ctx, scene, painter, panel, magnitude));
  return known.get(key);
}

/**
 * The numbers of a column as they are written, if they fit into its cells and their power into its caption; else null.
 * @param {Context} ctx
 * @param {Scene} scene
 * @param {Painter} painter
 * @param {Panel} panel
 * @param {boolean} magnitude whether magnitudes are shown
 */
function fitted(ctx, { net, frame, example, theme, layout }, painter, panel, magnitude) {
  const { box, rows, block, name, layer, as, caption: place } = panel;
  const h = box.h / rows;
  if (as || block[0] > 1 || h < layout.font + 1) return null;
  const { values } = column(frame, net, name, layer, example);
  const format = columnFormat(extent({ values }).largest);
  const texts = Array.from(values, (value) => inColumn(magnitude ? Math.abs(value) : value, format));
  const widest = Math.max(...texts.map((text) => painter.width(ctx, theme, text)));
  const power = powerText(format.power);
  const heads = [symbol(net, name, layer, magnitude), narrowSymbol(net, name, layer, magnitude)];
  const head = heads.find((text) => {
    const beside = power && BESIDE + painter.width(ctx, theme, power);
    return painter.width(ctx, theme, text, true) + Number(beside) <= place.w;
  });
  return head === undefined || widest + PAD + 1 > box.w ? null : { values, texts, widest, power, head, h };
}

/**
 * The numbers of a column, right-aligned.
 * @param {Context} ctx
 * @param {Scene} scene
 * @param {Painter} painter
 * @param {Panel} panel
 * @param {Scale} scale
 */
export function columnNumbers(ctx, scene, painter, panel, { how, limits }) {
  const { theme } = scene;
  const found = written(ctx, scene, painter, panel, how.magnitude);
  if (!found) return;
  const { box } = panel;
  const { values, texts, widest, h } = found;
  const right = box.x + box.w - Math.min(PAD, (box.w - widest) / 2);
  const table = how.kind === "diverging" ? theme.diverging : theme.sequential;
  texts.forEach((text, j) => {
    const at = level(values[j], how, limits);
    const light = at < 0 ? theme.dark === false : luminance(unpack(table[at])) > 0.2;
    painter.text(ctx, theme, text, right, box.y + (j + 0.5) * h + 0.5, {
      align: "right",
      colour: light ? "#000" : "#fff",
    });
  });
}

/**
 * The output as bars, one for each class, the true one marked; before it is known the names alone.
 * @param {Context} ctx
 * @param {Scene} scene
 * @param {Painter} painter
 * @param {Panel} panel
 * @param {boolean} known
 */
export function drawBars(ctx, scene, painter, { box, rows, name, layer }, known) {
  const { net, frame, example, theme, layout } = scene;
  const h = box.h / rows;
  if (h < layout.font * 0.8) return false;
  const { values } = column(frame, net, name, layer, example);
  const [low, high] = net.layers(frame)[layer - 1].ranges[name] ?? [null, null];
  const largest = high ?? Math.max(1e-12, ...Array.from(values, Math.abs));
  const signed = low === null || low < 0;
  const target = example === null || !net.info.hasClasses ? null : frame.labels[example];
  const names = Array.from(values, (_, j) => (rows > 1 ? outputName(net, j) : ""));
  const wide = Math.min(Math.max(...names.map((n) => painter.width(ctx, theme, n, true))), box.w * 0.4);
  const format = columnFormat(largest);
  const number = Math.max(...Array.from(values, (v) => painter.width(ctx, theme, inColumn(v, format), true))) + 2;
  const left = box.x + PAD + layout.font * 0.7 + wide + (wide ? 6 : 0);
  const room = Math.max(box.x + box.w - number - left - 6, 4);
  const zero = signed ? left + room / 2 : left;
  names.forEach((text, j) => {
    const y = box.y + (j + 0.5) * h;
    const isTarget = rows > 1 && j === target;
    if (isTarget) painter.text(ctx, theme, "▸", box.x + PAD - 1, y, { bold: true, colour: theme.right });
    painter.text(ctx, theme, text, box.x + PAD + layout.font * 0.7, y, {
      bold: isTarget,
      room: wide,
      colour: isTarget ? theme.right : null,
    });
    if (!known) return;
    const length = Math.min(Math.abs(values[j]) / largest, 1) * (signed ? room / 2 : room);
    ctx.fillStyle = isTarget ? theme.right : theme.bar;
    const thick = Math.max(3, Math.min(h * 0.6, layout.font * 1.4));
    ctx.fillRect(values[j] < 0 ? zero - length : zero, y - thick / 2, Math.max(length, 1), thick);
    painter.text(ctx, theme, inColumn(values[j], format), box.x + box.w - PAD, y, {
      align: "right",
      bold: isTarget,
    });
  });
  return true;
}

/**
 * A panel's symbol in the colour of its role, then its power of ten or its shape and range.
 * @param {Context} ctx
 * @param {Scene} scene
 * @param {Painter} painter
 * @param {Panel} panel
 * @param {string | null} colour of its role
 * @param {Scale | null} scale null if it is not computed yet
 */
export function caption(ctx, scene, painter, panel, colour, scale) {
  const { net, theme, layout, frame, example } = scene;
  const { x, y, w } = panel.caption;
  const middle = y + layout.line / 2 - 1;
  const magnitude = Boolean(scale?.how.magnitude);
  const numbers = scale && panel.one ? written(ctx, scene, painter, panel, magnitude) : null;
  const long = symbol(net, panel.name, panel.layer, magnitude);
  const short = narrowSymbol(net, panel.name, panel.layer, magnitude);
  const words = numbers?.head ?? (painter.width(ctx, theme, long, true) <= w - 4 ? long : short);
  const taken = painter.text(ctx, theme, words, x, middle, { bold: true, colour, room: w, faint: !scale && !colour });
  const { isGradient, columns } = net.quantity(panel.name);
  const mean = isGradient && example === null ? `mean of ${frame.m}` : "";
  const shape = columns === "inputs" ? [[shapeOf(net, panel.id, 1), mean].filter(Boolean).join(" · ")] : [];
  const more = scale && shape.length ? [`${shape[0]} · ${pooled(panel)}${rangeOf(scale)}`, ...shape] : shape;
  if (scale?.extent.broken) more.unshift(rangeOf(scale));
  if (numbers) more.push(numbers.power);
  const fits = more.find((text) => text && taken + BESIDE + painter.width(ctx, theme, text) <= w);
  if (fits) painter.text(ctx, theme, fits, x + taken + BESIDE, middle, { faint: true });
}

/** @param {Panel} panel */
function pooled({ block: [high, wide] }) {
  return high * wide > 1 ? `max of ${high} × ${wide} · ` : "";
}

/**
 * The size of the gradient or the change that a layer shows, as a number and as a bar on one scale for all layers.
 * @param {Context} ctx
 * @param {Scene} scene
 * @param {Painter} painter
 * @param {{layer: number, box: Box}} place
 * @param {Panel} panel
 */
export function drawSize(ctx, scene, painter, { box }, panel) {
  const { net, frame, example, theme, layout } = scene;
  const sizes = layout.panels
    .filter(({ place, name, id }) => place === panel.place && name === panel.name && !scene.hidden.includes(id))
    .map(({ name, layer }) => norm(frame, net, name, layer, example));
  const own = norm(frame, net, panel.name, panel.layer, example);
  const text = `‖${symbol(net, panel.name, panel.layer)}‖ = ${brief(own)}`;
  const taken = painter.text(ctx, theme, text, box.x, box.y + box.h / 2, { room: box.w, colour: theme.roles[0] });
  const room = box.w - taken - 8;
  const share = own / Math.max(...sizes);
  if (room < 12 || !Number.isFinite(share)) return;
  const thick = Math.round(layout.font * 0.6);
  const [x, y] = [box.x + taken + 8, box.y + (box.h - thick) / 2];
  ctx.fillStyle = theme.line;
  ctx.fillRect(x, y + thick - 1, room, 1);
  ctx.fillStyle = theme.roles[0];
  ctx.fillRect(x, y, Math.max(share * room, 1), thick);
}

/**
 * Target, answer and cost of the example, as far as they are known.
 * @param {Context} ctx
 * @param {Scene} scene
 * @param {Painter} painter
 */
export function drawVerdict(ctx, { net, frame, example, phase, hidden, layout, theme }, painter) {
  const { x, y, w } = layout.scene.verdict;
  verdictLines(net, frame, example, phase, hidden).forEach(({ text, bold, wrong }, i) => {
    const colour = wrong === undefined ? null : wrong ? theme.alarm : theme.right;
    painter.text(ctx, theme, text, x, y + (i + 0.5) * layout.line * VERDICT, {
      bold: bold || wrong,
      colour,
      room: w,
      large: true,
    });
  });
}
