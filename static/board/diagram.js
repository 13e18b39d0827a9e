// @ts-check
// The network over the columns: nodes coloured by the phase's quantity, edges by weight or gradient.

import { bitmapOf } from "./draw.js";
import { matrix } from "./frames.js";
import { grey } from "./inputs.js";
import { partsOf } from "./net.js";
import { css, extent, luminance, unpack } from "./scale.js";
import { colourOf } from "./theme.js";
import { brief, edgesText } from "./words.js";

/**
 * @typedef {import("../types/board.js").Box} Box
 * @typedef {import("../types/board.js").Context} Context
 * @typedef {import("../types/board.js").Frame} Frame
 * @typedef {import("../types/board.js").Layout} Layout
 * @typedef {import("../types/board.js").Matrix} Matrix
 * @typedef {import("../types/board.js").Net} Net
 * @typedef {import("../types/board.js").Scene} Scene
 * @typedef {import("../types/board.js").Theme} Theme
 * @typedef {import("./draw.js").Painter} Painter
 * @typedef {{j: number, x: number, y: number, r: number}} Node
 * @typedef {{from: number, to: number, size: number}} Edge
 */

const MOST_EDGES = 200; // between two layers
const MOST_NODES = 40; // of a layer; beyond, a sample
const SMALL = 7; // pixels, the largest radius of a node
const LARGE = 24;
const NUMBERED = 16; // pixels of radius from which a node shows its number
const LABELLED = 30; // edges between two layers that still show theirs
const LANES = 3; // at most: nodes stand in several lanes, so that they can be larger than their distance
const STRENGTHS = [0.15, 0.35, 0.6, 0.95];
const QUIET = 0.35; // opacity of edges that the phase does not use
const EDGE_PICTURES = 12; // kept
/** @type {WeakMap<Frame, Map<string, any>>} */
const memory = new WeakMap(); // what was worked out for a mini-batch
/** @type {{of: EdgesOf, ratio: number, bitmap: OffscreenCanvas, x: number, y: number}[]} */
const edgePictures = []; // newest first
/** @typedef {{frame: Frame, theme: Theme, layout: Layout, name: string, l: number, of: number | null}} EdgesOf */

/**
 * Where the nodes of each layer are: by layer, {x, y, r, j} for each one shown.
 * @param {Layout} layout
 * @param {Net} net
 * @returns {Map<number, Node[]>}
 */
export function nodePlaces(layout, net) {
  const { diagram: strip, inputs, layers } = layout;
  const places = new Map();
  net.sizes.forEach((n, i) => {
    const layer = i + 1;
    const room = layer === 1 ? (inputs.nodes ?? inputs.head) : layers[i - 1];
    const centre = room.x + room.w / 2;
    places.set(
      layer,
      layer === 1 && net.picture
        ? pixelPlaces(strip, centre, net.picture)
        : lanePlaces(strip, centre, n, layout.scene ? LARGE : SMALL),
    );
  });
  return places;
}

/**
 * @param {Box} strip
 * @param {number} centre
 * @param {number} n
 * @param {number} most the largest radius
 * @returns {Node[]}
 */
function lanePlaces({ y, h }, centre, n, most) {
  const shown = Math.min(n, MOST_NODES);
  const pitch = h / shown;
  const lanes = pitch < 8 ? LANES : 1;
  const r = Math.max(1.5, Math.min(lanes * pitch * 0.42, most, h / 8));
  const between = shown > 1 ? (h - 2 * r - 2) / (shown - 1) : 0;
  const first = shown > 1 ? y + r + 1 : y + h / 2;
  return Array.from({ length: shown }, (_, i) => ({
    j: shown < n ? Math.floor((i * n) / shown) : i,
    x: centre + ((i % lanes) - (lanes - 1) / 2) * (2 * r + 3),
    y: first + i * between,
    r,
  }));
}

/**
 * @param {Box} strip
 * @param {number} centre
 * @param {[number, number]} picture
 * @returns {Node[]}
 */
function pixelPlaces({ y, h }, centre, [rows, cols]) {
  const side = h - 4;
  const size = side / Math.max(rows, cols);
  const [left, top] = [centre - (size * cols) / 2, y + (h - size * rows) / 2];
  return Array.from({ length: rows * cols }, (_, j) => ({
    j,
    x: left + ((j % cols) + 0.5) * size,
    y: top + (Math.floor(j / cols) + 0.5) * size,
    r: size / 2,
  }));
}

/**
 * @param {Context} ctx
 * @param {Scene} scene
 * @param {Painter} painter
 */
export function drawDiagram(ctx, scene, painter) {
  const { layout, net, frame, phase, example, theme, hidden } = scene;
  if (!layout.diagram) return;
  const places = nodePlaces(layout, net);
  const of = example !== null && example < frame.m ? example : null;
  const along = net.alongEdges(phase);
  const known = memoryOf(frame);
  for (let l = 2; l <= net.depth; l++) {
    const name = net.inDiagram("edges", l, phase, hidden);
    /** @type {[Node[], Node[]]} */
    const ends = [places.get(l - 1), places.get(l)];
    const strongest = () =>
      remembered(known, `${name}.${l}.${of}`, () => strongestEdges(matrix(frame, net, name, l, of), ...ends));
    const picture = edgePicture({ frame, theme, layout, name, l, of }, ends, strongest);
    ctx.globalAlpha = along && along.layer !== l ? QUIET : 1;
    blit(ctx, picture);
    ctx.globalAlpha = 1;
    if (layout.scene) edgeNumbers(ctx, theme, painter, matrix(frame, net, name, l, of), ends);
  }
  for (const [layer, nodes] of places) {
    if (layer === 1 && net.picture) drawInputPicture(ctx, scene, nodes, of, known);
    else drawNodes(ctx, scene, nodes, layer, net.inDiagram("nodes", layer, phase, hidden), of, known, painter);
  }
  captions(ctx, scene, places, along, painter);
}

/**
 * Edges of largest magnitude between nodes that are shown: exact, without sorting all of them.
 * @param {Matrix} matrix
 * @param {Node[]} from
 * @param {Node[]} to
 */
export function strongestEdges({ cols, values }, from, to) {
  const columns = from.map((node) => node.j);
  const largest = extent({ values }).largest || 1;
  const bins = new Uint32Array(257);
  const each = (/** @type {(v: number, row: number, col: number) => void} */ visit) =>
    to.forEach(({ j }, row) =>
      columns.forEach((k, col) => {
        const v = values[j * cols + k];
        if (v - v === 0) visit(v, row, col);
      }),
    );
  each((v) => bins[Math.floor((Math.abs(v) / largest) * 256)]++);
  let bin = 256;
  for (let sum = bins[256]; bin > 0 && sum < MOST_EDGES; ) sum += bins[--bin];
  /** @type {Edge[]} */
  const found = [];
  each((v, row, col) => {
    if (Math.floor((Math.abs(v) / largest) * 256) >= bin) found.push({ from: col, to: row, size: v / largest });
  });
  found.sort((a, b) => Math.abs(b.size) - Math.abs(a.size));
  return found.slice(0, MOST_EDGES);
}

/**
 * The edges between two layers as a picture of the screen's own pixels, {bitmap, x, y} in CSS pixels. Hundreds of
 * lines take longer to draw than all panels, and most phases show the same ones.
 * @param {EdgesOf} of
 * @param {[Node[], Node[]]} ends
 * @param {() => Edge[]} edges
 */
function edgePicture(of, [from, to], edges) {
  const ratio = window.devicePixelRatio || 1;
  const keys = /** @type {(keyof EdgesOf)[]} */ (Object.keys(of));
  const at = edgePictures.findIndex((kept) => kept.ratio === ratio && keys.every((name) => kept.of[name] === of[name]));
  if (at >= 0) return edgePictures[at];
  const { y, h } = of.layout.diagram;
  const xs = [...from, ...to].map((node) => node.x);
  const x = Math.floor(Math.min(...xs)) - 2;
  const bitmap = new OffscreenCanvas(Math.ceil((Math.max(...xs) + 2 - x) * ratio), Math.ceil(h * ratio));
  const pen = bitmap.getContext("2d");
  pen.scale(ratio, ratio);
  pen.translate(-x, -y);
  drawEdges(pen, edges(), from, to, of.theme);
  edgePictures.unshift({ of, ratio, bitmap, x, y });
  edgePictures.splice(EDGE_PICTURES);
  return edgePictures[0];
}

/**
 * Put a picture of the screen's own pixels on whole ones.
 * @param {Context} ctx
 * @param {{bitmap: OffscreenCanvas, x: number, y: number, ratio: number}} picture
 */
function blit(ctx, { bitmap, x, y, ratio }) {
  ctx.save();
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.drawImage(bitmap, Math.round(x * ratio), Math.round(y * ratio));
  ctx.restore();
}

/**
 * Lines in a few strengths, so that each colour is one path.
 * @param {Context} ctx
 * @param {Edge[]} edges
 * @param {Node[]} from
 * @param {Node[]} to
 * @param {Theme} theme
 */
function drawEdges(ctx, edges, from, to, theme) {
  for (const { sign, colour } of [
    { sign: -1, colour: theme.negativeRgb },
    { sign: 1, colour: theme.positiveRgb },
  ]) {
    STRENGTHS.forEach((alpha, s) => {
      ctx.beginPath();
      for (const edge of edges) {
        if (Math.sign(edge.size) !== sign || Math.min(3, Math.floor(Math.abs(edge.size) * 4)) !== s) continue;
        ctx.moveTo(from[edge.from].x, from[edge.from].y);
        ctx.lineTo(to[edge.to].x, to[edge.to].y);
      }
      ctx.strokeStyle = css(colour, alpha);
      ctx.lineWidth = 0.6 + 0.4 * s;
      ctx.stroke();
    });
  }
}

/**
 * @param {Context} ctx
 * @param {Scene} scene
 * @param {Node[]} nodes
 * @param {number} layer
 * @param {string | null} name of the quantity that colours them; null: none is computed yet
 * @param {number | null} of the example
 * @param {Map<string, any>} known
 * @param {Painter} painter
 */
function drawNodes(ctx, scene, nodes, layer, name, of, known, painter) {
  const { net, frame, theme, ranges } = scene;
  const plain = net.viewOf(null); // neither logarithmic nor locked
  const levels =
    name && remembered(known, `${name}.${layer}.${of}.nodes`, () => neuronValues(frame, net, name, layer, of));
  const scale = name && ranges.of(net, frame, plain, name, layer, of);
  const table = scale && (scale.how.kind === "diverging" ? theme.diverging : theme.sequential);
  const limit = levels && (scale.how.limit ?? (extent({ values: levels }).largest || 1));
  for (const { x, y, r, j } of nodes) {
    let fill = theme.background;
    ctx.beginPath();
    ctx.arc(x, y, r, 0, 2 * Math.PI);
    if (levels && Number.isFinite(levels[j])) {
      const t = scale.how.kind === "diverging" ? (levels[j] / limit + 1) / 2 : levels[j] / limit;
      fill = css(unpack(table[Math.max(0, Math.min(254, Math.round(254 * t)))]));
    }
    ctx.fillStyle = fill;
    ctx.fill();
    ctx.strokeStyle = levels ? theme.faint : theme.line;
    ctx.lineWidth = 1;
    ctx.stroke();
    if (levels && r >= NUMBERED) {
      const light = luminance(colourOf(fill, [255, 255, 255])) > 0.2;
      painter.text(ctx, theme, brief(levels[j]), x, y, {
        align: "center",
        colour: light ? "#000" : "#fff",
        room: 2 * r - 4,
      });
    }
  }
}

/**
 * The numbers of a few edges, each on its line, nearer to where it comes from.
 * @param {Context} ctx
 * @param {Theme} theme
 * @param {Painter} painter
 * @param {Matrix} matrix
 * @param {[Node[], Node[]]} ends
 */
function edgeNumbers(ctx, theme, painter, { cols, values }, [from, to]) {
  if (values.length > LABELLED || from[0].r < NUMBERED) return;
  ctx.strokeStyle = theme.line;
  ctx.lineWidth = 0.5; // also where a weight is so small that its own line is hardly seen
  for (const a of from) {
    for (const [i, b] of to.entries()) {
      ctx.beginPath();
      ctx.moveTo(a.x, a.y);
      ctx.lineTo(b.x, b.y);
      ctx.stroke();
      const at = 0.26 + 0.16 * (i % 3);
      const text = brief(values[b.j * cols + a.j]);
      const [x, y] = [a.x + at * (b.x - a.x), a.y + at * (b.y - a.y)];
      const w = painter.width(ctx, theme, text) + 6;
      labelBackground(ctx, theme, x - w / 2, y - 9, w, 18);
      painter.text(ctx, theme, text, x, y, { align: "center" });
    }
  }
}

/**
 * One value for each neuron: of the example, or the mean over the mini-batch.
 * @param {Frame} frame
 * @param {Net} net
 * @param {string} name
 * @param {number} layer
 * @param {number | null} example
 */
export function neuronValues(frame, net, name, layer, example) {
  const { rows, cols, values } = matrix(frame, net, name, layer, example);
  if (net.quantity(name).columns !== "examples") return values;
  const out = new Float64Array(rows);
  for (let j = 0; j < rows; j++) {
    if (example !== null) out[j] = values[j * cols + example];
    else for (let e = 0; e < cols; e++) out[j] += values[j * cols + e] / cols;
  }
  return out;
}

/**
 * The input layer of picture data is the picture itself.
 * @param {Context} ctx
 * @param {Scene} scene
 * @param {Node[]} nodes
 * @param {number | null} of
 * @param {Map<string, any>} known
 */
function drawInputPicture(ctx, { net, frame, theme }, nodes, of, known) {
  const [rows, cols] = net.picture;
  const bitmap = remembered(known, `picture.${of}.${theme.dark}`, () => {
    const values = neuronValues(frame, net, ...partsOf(net.info.inputPanel), of);
    return bitmapOf(cols, rows, (pixels) => values.forEach((v, i) => (pixels[i] = grey(v, theme.dark))));
  });
  const r = nodes[0].r;
  const [x, y, w, h] = [nodes[0].x - r, nodes[0].y - r, 2 * r * cols, 2 * r * rows];
  ctx.save();
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(bitmap, x, y, w, h);
  ctx.restore();
  ctx.strokeStyle = theme.line;
  ctx.lineWidth = 1;
  ctx.strokeRect(x - 0.5, y - 0.5, w + 1, h + 1);
}

/**
 * How many edges are shown, and which way the phase goes: chevrons between the layers it works on.
 * @param {Context} ctx
 * @param {Scene} scene
 * @param {Map<number, Node[]>} places
 * @param {{layer: number, direction: number} | null} along
 * @param {Painter} painter
 */
function captions(ctx, { layout, net, theme }, places, along, painter) {
  const { y, h } = layout.diagram;
  for (let l = 2; l <= net.sizes.length; l++) {
    const [from, to] = [places.get(l - 1), places.get(l)];
    const left = Math.max(...from.map((n) => n.x + n.r));
    const right = Math.min(...to.map((n) => n.x - n.r));
    const middle = (left + right) / 2;
    const all = net.sizes[l - 1] * net.sizes[l - 2];
    const text = edgesText(Math.min(MOST_EDGES, all), all);
    const room = right - left - 16;
    const width = painter.width(ctx, theme, text);
    if (all > MOST_EDGES && width <= room) {
      labelBackground(ctx, theme, middle - width / 2 - 4, y + h - layout.line + 1, width + 8, layout.line - 1);
      painter.text(ctx, theme, text, middle, y + h - layout.line / 2, { align: "center", faint: true });
    }
    if (along?.layer === l) chevrons(ctx, theme, middle, y + h / 2 - (all > MOST_EDGES ? 4 : 0), along.direction);
  }
}

/**
 * @param {Context} ctx
 * @param {Theme} theme
 * @param {number} x
 * @param {number} y
 * @param {number} direction
 */
function chevrons(ctx, theme, x, y, direction) {
  labelBackground(ctx, theme, x - 26, y - 12, 52, 24);
  ctx.save();
  ctx.strokeStyle = theme.accent;
  ctx.lineWidth = 3;
  ctx.lineCap = "round";
  ctx.lineJoin = "round";
  for (const shift of [-14, 0, 14]) {
    ctx.beginPath();
    ctx.moveTo(x + shift - 4 * direction, y - 7);
    ctx.lineTo(x + shift + 4 * direction, y);
    ctx.lineTo(x + shift - 4 * direction, y + 7);
    ctx.stroke();
  }
  ctx.restore();
}

/**
 * @param {Context} ctx
 * @param {Theme} theme
 * @param {number} x
 * @param {number} y
 * @param {number} w
 * @param {number} h
 */
function labelBackground(ctx, theme, x, y, w, h) {
  ctx.fillStyle = theme.cover;
  ctx.beginPath();
  ctx.roundRect(x, y, w, h, 4);
  ctx.fill();
}

/** @param {Frame} frame */
function memoryOf(frame) {
  let known = memory.get(frame);
  if (!known) memory.set(frame, (known = new Map()));
  return known;
}

/**
 * @template T
 * @param {Map<string, any>} known
 * @param {string} key
 * @param {() => T} make
 * @returns {T}
 */
function remembered(known, key, make) {
  if (!known.has(key)) known.set(key, make());
  return known.get(key);
}
