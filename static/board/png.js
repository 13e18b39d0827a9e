// @ts-check
// A picture to be kept: what is on canvases, under it in words what it is, and the link that leads there.

import { el } from "./dom.js";

const LINE = 1.6; // of the text's size
const MARGIN = 16; // CSS pixels

/**
 * @param {HTMLCanvasElement[]} layers of the same size, one over the other
 * @param {string[]} words the lines under it
 * @param {import("../types/board.js").Theme} theme
 * @param {number} ratio pixels for each CSS pixel
 */
export function captioned(layers, words, theme, ratio) {
  const { width, height } = layers[0];
  const line = theme.font * LINE * ratio;
  const margin = MARGIN * ratio;
  const canvas = /** @type {HTMLCanvasElement} */ (el("canvas", {}));
  canvas.width = width + 2 * margin;
  canvas.height = Math.ceil(height + 2 * margin + words.length * line);
  const ctx = canvas.getContext("2d");
  ctx.fillStyle = theme.background;
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  for (const layer of layers) ctx.drawImage(layer, margin, margin);
  ctx.scale(ratio, ratio);
  ctx.textBaseline = "middle";
  words.forEach((text, i) => {
    ctx.fillStyle = i ? theme.faint : theme.text;
    ctx.font = i ? theme.regular : theme.bold;
    ctx.fillText(text, MARGIN, (margin + height + (i + 0.5) * line) / ratio, (canvas.width - 2 * margin) / ratio);
  });
  return canvas;
}
