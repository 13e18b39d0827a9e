// @ts-check
// Inputs that are points of the plane: what the network decides at each one, the training examples, the mini-batch.

import { bitmapOf } from "./draw.js";
import { EFFECTS } from "./net.js";
import { mix, rgb } from "./scale.js";
import { isWrong, knownIn } from "./words.js";

/**
 * @typedef {import("../types/board.js").Box} Box
 * @typedef {import("../types/board.js").Context} Context
 * @typedef {import("../types/board.js").Frame} Frame
 * @typedef {import("../types/board.js").Net} Net
 * @typedef {import("../types/board.js").Scene} Scene
 */

const WEAK = 0.12; // how strong a class's colour is where the network is not sure, and where it is
const STRONG = 0.45;
const NEAR = 14; // pixels from a point that still mean it

/**
 * @param {Context} ctx
 * @param {Scene} scene
 */
export function drawPlane(ctx, scene) {
  const { net, frame, phase, example, theme, layout, hidden, view } = scene;
  const { knows } = knownIn(net, frame, phase, hidden);
  const box = layout.scene.plane;
  const { points } = net.info.plane;
  ctx.save();
  ctx.beginPath();
  ctx.rect(box.x, box.y, box.w, box.h);
  ctx.clip();
  ctx.imageSmoothingEnabled = true;
  const isAsked = hidden.length > 0 || net.effects(view).has(EFFECTS.asks);
  if (knows || !isAsked) ctx.drawImage(regions(frame, theme), box.x, box.y, box.w, box.h);
  ctx.globalAlpha = 0.45;
  for (const [x1, x2, label] of points) mark(ctx, placeOf(net, box, x1, x2), label, 2.5, theme.classes);
  ctx.globalAlpha = 1;
  for (let e = 0; e < frame.m; e++) {
    const place = exampleAt(net, frame, box, e);
    mark(ctx, place, frame.labels[e], 5, theme.classes, theme.background);
    const wrong = knows && isWrong(frame, e);
    if (wrong) cross(ctx, place, theme.text);
  }
  if (example !== null && example < frame.m) {
    const { x, y } = exampleAt(net, frame, box, example);
    ctx.lineWidth = 2.5;
    ctx.strokeStyle = theme.text;
    ctx.beginPath();
    ctx.arc(x, y, 10, 0, 2 * Math.PI);
    ctx.stroke();
  }
  ctx.restore();
  ctx.lineWidth = 1;
  ctx.strokeStyle = theme.line;
  ctx.strokeRect(box.x - 0.5, box.y - 0.5, box.w + 1, box.h + 1);
}

/**
 * The decision at each point of a grid, the stronger the surer the network is.
 * @param {Frame} frame
 * @param {import("../types/board.js").Theme} theme
 */
function regions({ arrays: { decision, certainty } }, theme) {
  const colours = theme.classes.map(rgb);
  const { rows, cols } = decision;
  return bitmapOf(cols, rows, (pixels) => {
    for (let i = 0; i < rows * cols; i++) {
      const share = WEAK + (STRONG - WEAK) * (certainty.values[i] / 255);
      const [r, g, b] = mix(theme.paper, colours[decision.values[i] % colours.length], share);
      // Rows of the grid come from the bottom.
      const at = (rows - 1 - Math.floor(i / cols)) * cols + (i % cols);
      pixels[at] = ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
    }
  });
}

/**
 * A point of a class: its shape says which one, too.
 * @param {Context} ctx
 * @param {{x: number, y: number}} place
 * @param {number} label
 * @param {number} r
 * @param {string[]} colours
 * @param {string} [halo]
 */
function mark(ctx, { x, y }, label, r, colours, halo) {
  ctx.beginPath();
  if (label % 3 === 0) ctx.arc(x, y, r, 0, 2 * Math.PI);
  else if (label % 3 === 1) ctx.rect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8);
  else {
    ctx.moveTo(x, y - r * 1.2);
    ctx.lineTo(x + r * 1.1, y + r * 0.8);
    ctx.lineTo(x - r * 1.1, y + r * 0.8);
    ctx.closePath();
  }
  ctx.fillStyle = colours[label % colours.length];
  ctx.fill();
  if (!halo) return;
  ctx.lineWidth = 1;
  ctx.strokeStyle = halo;
  ctx.stroke();
}

/** @param {Context} ctx @param {{x: number, y: number}} place @param {string} colour */
function cross(ctx, { x, y }, colour) {
  ctx.lineWidth = 2;
  ctx.strokeStyle = colour;
  ctx.beginPath();
  ctx.moveTo(x - 6, y - 6);
  ctx.lineTo(x + 6, y + 6);
  ctx.moveTo(x + 6, y - 6);
  ctx.lineTo(x - 6, y + 6);
  ctx.stroke();
}

/** @param {Net} net @param {Box} box @param {number} x1 @param {number} x2 */
function placeOf(net, box, x1, x2) {
  const { low, high } = net.info.plane;
  return {
    x: box.x + ((x1 - low[0]) / (high[0] - low[0])) * box.w,
    y: box.y + box.h - ((x2 - low[1]) / (high[1] - low[1])) * box.h,
  };
}

/** @param {Net} net @param {Frame} frame @param {Box} box @param {number} e */
function exampleAt(net, frame, box, e) {
  const { values, cols } = frame.arrays[net.info.inputPanel];
  return placeOf(net, box, values[e] / net.info.scale, values[cols + e] / net.info.scale);
}

/**
 * The example of the mini-batch at this place of the plane, or null.
 * @param {Net} net
 * @param {Frame} frame
 * @param {Box} box
 * @param {number} x
 * @param {number} y
 */
export function pointAt(net, frame, box, x, y) {
  let [best, least] = [/** @type {number | null} */ (null), NEAR];
  for (let e = 0; e < frame.m; e++) {
    const place = exampleAt(net, frame, box, e);
    const distance = Math.hypot(place.x - x, place.y - y);
    if (distance < least) [best, least] = [e, distance];
  }
  return best;
}
