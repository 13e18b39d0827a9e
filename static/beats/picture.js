// @ts-check
// A small picture of the board at a link: the board's own drawing, made smaller.

import { decode } from "../board/frames.js";
import { RunScene } from "../board/run_scene.js";
import { themeOf } from "../board/theme.js";
import { route } from "../viewer/routes.js";

const WIDTH = 960; // pixels of the board that is drawn
const HEIGHT = 540;
/** @type {string[]} */
const NONE = [];
/** @type {null} */
const NOTHING = null;
const NO_ACTIONS = { point() {}, click() {}, example() {}, zoom() {}, swipe() {} };
/** @type {Map<string, Promise<HTMLCanvasElement[]>>} */
const made = new Map(); // the picture of each run, by link and colours

/**
 * Draw the board at a link into a canvas, once it is there; where it cannot be had, the canvas stays empty.
 * @param {string} link
 * @param {HTMLCanvasElement} canvas
 * @param {HTMLElement} host an element on the page, whose colours are taken
 */
export async function pictureAt(link, canvas, host) {
  const key = `${link} ${getComputedStyle(host).getPropertyValue("--st-background-color")}`;
  if (!made.has(key)) made.set(key, boardAt(link, host));
  const layers = await made.get(key).catch(() => /** @type {HTMLCanvasElement[]} */ ([]));
  const ctx = canvas.getContext("2d");
  const wide = canvas.width / layers.length; // runs of a comparison stand beside each other
  layers.forEach((layer, i) => ctx.drawImage(layer, i * wide, 0, wide, canvas.height));
}

/** @param {string} link @param {HTMLElement} host @returns {Promise<HTMLCanvasElement[]>} */
async function boardAt(link, host) {
  const answer = await fetch(route(`frames${link}&network=1&count=1`));
  if (!answer.ok) throw new Error(`the server answers ${answer.status}`);
  const message = decode(new Uint8Array(await answer.arrayBuffer()));
  const runs = [message, ...message.beside].sort((a, b) => a.place - b.place);
  return runs.map((run) => drawn(run, message, runs.length, host));
}

/**
 * @param {import("../types/board.js").Beside} run one of them
 * @param {import("../types/board.js").Message} message
 * @param {number} count
 * @param {HTMLElement} host
 */
function drawn(run, { position, colors, view }, count, host) {
  const scene = new RunScene(NO_ACTIONS);
  scene.take(run, colors);
  const { net } = scene;
  const { step, phase, example } = position;
  const width = Math.floor(WIDTH / count);
  const shown = {
    example,
    view: net.viewOf(view),
    theme: themeOf(host, net.colors, width),
    pinned: NOTHING,
    paths: NOTHING,
    hidden: NONE,
    width,
    height: HEIGHT,
    several: count > 1,
    batches: net.batches,
  };
  return scene.pictureOf(shown, { step, phase: Math.min(phase, net.phases.length - 1) }, 1).canvas;
}
