// @ts-check
// The paths of the pinned number: lines from the numbers that it is made of, and to those that it goes into.

import { highlights } from "./layout.js";

/**
 * @typedef {import("../types/board.js").Box} Box
 * @typedef {import("../types/board.js").Cell} Cell
 * @typedef {import("../types/board.js").Scene} Scene
 */

const LINES = 6; // lines in each direction; more cells than these are framed only
const NEAR = 24; // pixels between cells that need no line
const DASHES = [5, 4]; // of the lines onwards

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Scene} scene
 * @param {Box} own the pinned number's place
 * @param {(box: Box) => boolean} visible
 */
export function drawPaths(ctx, scene, own, visible) {
  if (!scene.paths) return;
  const { madeOf, goesInto } = scene.paths;
  ctx.save();
  for (const { cells, dashes } of [
    { cells: goesInto, dashes: DASHES },
    { cells: madeOf, dashes: [] },
  ]) {
    const places = placesOf(scene, cells).filter(visible);
    ctx.setLineDash(dashes);
    for (const box of places) framed(ctx, scene.theme, box);
    const far = places.filter((box) => apart(box, own) > NEAR).slice(0, LINES);
    for (const box of far) line(ctx, scene.theme, box, own);
  }
  ctx.restore();
}

/**
 * Where cells are drawn, each place once: cells of a pooled block share one.
 * @param {Scene} scene
 * @param {Cell[]} cells
 */
function placesOf({ layout, net, frame, scroll, example }, cells) {
  /** @type {Map<string, Box>} */
  const places = new Map();
  for (const cell of cells) {
    const { own } = highlights(layout, net, frame.m, cell, scroll, example);
    if (own) places.set(`${own.x} ${own.y}`, own);
  }
  return [...places.values()];
}

/** @param {Box} box */
const middle = ({ x, y, w, h }) => ({ x: x + w / 2, y: y + h / 2 });

/** @param {Box} a @param {Box} b */
function apart(a, b) {
  const [from, to] = [middle(a), middle(b)];
  return Math.max(Math.abs(from.x - to.x) - (a.w + b.w) / 2, Math.abs(from.y - to.y) - (a.h + b.h) / 2);
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {import("../types/board.js").Theme} theme
 * @param {Box} box
 */
function framed(ctx, theme, { x, y, w, h }) {
  ctx.lineWidth = 3;
  ctx.strokeStyle = theme.halo;
  ctx.strokeRect(x, y, w, h);
  ctx.lineWidth = 1.5;
  ctx.strokeStyle = theme.accent;
  ctx.strokeRect(x, y, w, h);
}

/**
 * A curve between the facing sides of two boxes.
 * @param {CanvasRenderingContext2D} ctx
 * @param {import("../types/board.js").Theme} theme
 * @param {Box} box
 * @param {Box} own
 */
function line(ctx, theme, box, own) {
  const [from, to] = [middle(box), middle(own)];
  const isLeft = from.x < to.x;
  const start = { x: isLeft ? box.x + box.w : box.x, y: from.y };
  const end = { x: isLeft ? own.x : own.x + own.w, y: to.y };
  const bend = (end.x - start.x) / 2;
  for (const { width, colour } of [
    { width: 4, colour: theme.halo },
    { width: 1.5, colour: theme.accent },
  ]) {
    ctx.lineWidth = width;
    ctx.strokeStyle = colour;
    ctx.beginPath();
    ctx.moveTo(start.x, start.y);
    ctx.bezierCurveTo(start.x + bend, start.y, end.x - bend, end.y, end.x, end.y);
    ctx.stroke();
  }
}
