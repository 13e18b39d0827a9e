// @ts-check
// The overlay over the picture: what is pointed at or spoken of, the pinned number and its paths, a phase's light.

import { roleColour, stateOf } from "./draw.js";
import { highlights } from "./layout.js";
import { drawPaths } from "./paths.js";
import { cellOf } from "./words.js";

/**
 * @typedef {import("../types/board.js").Box} Box
 * @typedef {import("../types/board.js").Cell} Cell
 * @typedef {import("../types/board.js").Context} Context
 * @typedef {import("../types/board.js").Scene} Scene
 */

/**
 * The overlay: what the pointer lights, and a ring around the pinned cell.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Scene} scene
 * @param {Cell | null} hover
 * @param {string[]} lit panels and numbers that something points at
 */
export function drawOverlay(ctx, scene, hover, lit) {
  const { layout, net, frame, pinned, scroll, theme, example } = scene;
  ctx.clearRect(0, 0, layout.width, layout.height);
  if (pinned) {
    const { own } = highlights(layout, net, frame.m, pinned, scroll, example);
    if (own) drawPaths(ctx, scene, own, visibleIn(scene));
    if (own) ring(ctx, own, theme);
  }
  for (const { id, box } of layout.panels.filter((panel) => lit.includes(panel.id))) {
    ctx.lineWidth = 5;
    ctx.strokeStyle = roleColour(scene, id) ?? theme.accent;
    ctx.strokeRect(box.x - 3, box.y - 3, box.w + 6, box.h + 6);
  }
  for (const cell of lit.map((target) => cellOf(target, net))) {
    const own = cell && highlights(layout, net, frame.m, cell, scroll, example).own;
    if (own) ring(ctx, own, theme);
  }
  if (!hover) return;
  const { lit: related, own } = highlights(layout, net, frame.m, hover, scroll, example);
  const visible = visibleIn(scene);
  for (const rect of related) if (visible(rect)) frameAround(ctx, rect, theme, 1);
  if (own) frameAround(ctx, own, theme, 2);
}

/**
 * The flow at a share 0..1 of its time: first the frames of what is used, then a light over what is computed.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Scene} scene
 * @param {number} share
 */
export function drawFlow(ctx, scene, share) {
  const { layout, net, phase, hidden } = scene;
  const backwards = net.phases[phase].direction < 0;
  ctx.save();
  for (const { id, box } of layout.panels) {
    const colour = roleColour(scene, id);
    if (!colour || hidden.includes(id)) continue;
    ctx.strokeStyle = ctx.fillStyle = colour;
    if (stateOf(net, hidden, id, phase) === "now") {
      const at = Math.max(0, share - 0.3) / 0.7;
      const wide = Math.max(6, box.w * 0.3);
      const from = backwards ? box.x + box.w - at * (box.w + wide) : box.x - wide + at * (box.w + wide);
      const left = Math.max(from, box.x);
      ctx.globalAlpha = 0.35;
      ctx.fillRect(left, box.y, Math.max(0, Math.min(from + wide, box.x + box.w) - left), box.h);
    } else if (net.isUsed(id, phase)) {
      ctx.globalAlpha = Math.max(0, 1 - share);
      ctx.lineWidth = 6;
      ctx.strokeRect(box.x - 3, box.y - 3, box.w + 6, box.h + 6);
    }
  }
  ctx.restore();
}

/**
 * @param {Context} ctx
 * @param {Box} box
 * @param {import("../types/board.js").Theme} theme
 * @param {number} width
 */
function frameAround(ctx, { x, y, w, h }, theme, width) {
  ctx.lineWidth = width + 2;
  ctx.strokeStyle = theme.halo;
  ctx.strokeRect(x - width / 2, y - width / 2, w + width, h + width);
  ctx.lineWidth = width;
  ctx.strokeStyle = theme.text;
  ctx.strokeRect(x - width / 2, y - width / 2, w + width, h + width);
}

/**
 * @param {Context} ctx
 * @param {Box} box
 * @param {import("../types/board.js").Theme} theme
 */
function ring(ctx, { x, y, w, h }, theme) {
  const r = Math.max(Math.hypot(w, h) / 2 + 3, 7);
  const round = w < 24 && h < 24;
  for (const { width, colour } of [
    { width: 5, colour: theme.halo },
    { width: 2.5, colour: theme.accent },
  ]) {
    ctx.lineWidth = width;
    ctx.strokeStyle = colour;
    ctx.beginPath();
    if (round) ctx.arc(x + w / 2, y + h / 2, r, 0, 2 * Math.PI);
    else ctx.roundRect(x - 2, y - 2, w + 4, h + 4, 4);
    ctx.stroke();
  }
}

/** Whether a rectangle lies in no panel that is still empty. @param {Scene} scene @returns {(box: Box) => boolean} */
function visibleIn({ layout, net, phase, hidden }) {
  const empty = layout.panels
    .filter(({ id }) => stateOf(net, hidden, id, phase) === "pending")
    .map((panel) => panel.box);
  return ({ x, y }) => !empty.some((b) => x >= b.x - 1 && y >= b.y - 1 && x < b.x + b.w && y < b.y + b.h);
}
