// @ts-check
// A small picture of the board at a link: the board's own drawing, made smaller.

import { decode } from "../board/frames.js";
import { RunScene } from "../board/run_scene.js";
import { themeOf } from "../board/theme.js";
import { route } from "../room/routes.js";

const WIDTH = 960; // pixels of the board that is drawn
const HEIGHT = 540;
/** @type {string[]} */
const NONE = [];
/** @type {null} */
const NOTHING = null;
const NO_ACTIONS = { point() {}, click() {}, example() {}, zoom() {}, swipe() {} };
/** @type {Map<string, Promise<HTMLCanvasElement[]>>} */
const made = new Map(); // by link and colours

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
  for (const layer of layers) ctx.drawImage(layer, 0, 0, canvas.width, canvas.height);
}

/** @param {string} link @param {HTMLElement} host @returns {Promise<HTMLCanvasElement[]>} */
async function boardAt(link, host) {
  const answer = await fetch(route(`frames${link}&network=1&count=1`));
  if (!answer.ok) throw new Error(`the server answers ${answer.status}`);
  const message = decode(new Uint8Array(await answer.arrayBuffer()));
  const scene = new RunScene(NO_ACTIONS);
  scene.take(message, message.colors);
  const { net } = scene;
  const { step, phase, example } = message.position;
  const shown = {
    example,
    view: net.viewOf(message.view),
    theme: themeOf(host, net.colors, WIDTH),
    pinned: NOTHING,
    paths: NOTHING,
    hidden: NONE,
    width: WIDTH,
    height: HEIGHT,
    several: false,
    batches: net.batches,
  };
  const { canvas } = scene.pictureOf(shown, { step, phase }, 1);
  return [canvas];
}
