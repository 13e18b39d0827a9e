// The network over the columns, nodes coloured by the phase's quantity and edges by weight or gradient; and the
// examples that go into it, with target, prediction and cost.

import { bitmapOf } from "./draw.js";
import { matrix } from "./frames.js";
import { examples } from "./layout.js";
import { css, extent, unpack } from "./scale.js";
import { brief, edgesText, exampleText } from "./words.js";

const MOST_EDGES = 200; // between two layers
const MOST_NODES = 40; // of a layer; beyond, a sample
const LANES = 3; // nodes stand in up to so many lanes, so that they can be larger than their distance
const STRENGTHS = [0.15, 0.35, 0.6, 0.95];
const QUIET = 0.35; // opacity of edges that the phase does not use
const EDGE_PICTURES = 12; // kept
const memory = new WeakMap(); // by frame: what was worked out for it
const edgePictures = []; // newest first
const sheets = new WeakMap(); // by frame: {dark, bitmap}

/** Where the nodes of each layer are: by layer, {x, y, r, j} for each one shown. */
export function nodePlaces(layout, net) {
  const { diagram: strip, inputs, layers } = layout;
  const places = new Map();
  net.sizes.forEach((n, i) => {
    const layer = i + 1;
    const room = layer === 1 ? inputs.head : layers[i - 1];
    const centre = room.x + room.w / 2;
    places.set(layer, layer === 1 && net.picture
      ? pixelPlaces(strip, centre, net.picture)
      : lanePlaces(strip, centre, n));
  });
  return places;
}

function lanePlaces({ y, h }, centre, n) {
  const shown = Math.min(n, MOST_NODES);
  const pitch = h / shown;
  const lanes = pitch < 8 ? LANES : 1;
  const r = Math.max(1.5, Math.min(lanes * pitch * 0.42, 7, h / 8));
  const between = shown > 1 ? (h - 2 * r - 2) / (shown - 1) : 0;
  const first = shown > 1 ? y + r + 1 : y + h / 2;
  return Array.from({ length: shown }, (_, i) => ({
    j: shown < n ? Math.floor((i * n) / shown) : i,
    x: centre + ((i % lanes) - (lanes - 1) / 2) * (2 * r + 3),
    y: first + i * between,
    r,
  }));
}

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

/** What the phase shows: {nodes: quantity by layer (null: not there yet), edges, from, to, direction}. */
export function roles(net, phase) {
  const { kind, layer } = net.phases[phase];
  const depth = net.sizes.length;
  const nodes = new Map();
  for (let l = 1; l <= depth; l++) {
    if (kind === "input") nodes.set(l, l === 1 ? "a" : null);
    else if (kind === "feedforward") nodes.set(l, l <= layer ? "a" : null);
    else if (kind === "output error") nodes.set(l, l === depth ? "delta" : "a");
    else if (kind === "backpropagate") nodes.set(l, l >= layer ? "delta" : "a");
    else nodes.set(l, l === 1 ? "a" : kind === "gradients" ? "nabla_b" : "db");
  }
  const edges = kind === "gradients" ? "nabla_w" : kind === "update" ? "dw" : "w";
  if (kind === "feedforward") return { nodes, edges, to: layer, direction: 1 };
  if (kind === "backpropagate") return { nodes, edges, to: layer + 1, direction: -1 };
  return { nodes, edges, to: null, direction: 0 };
}

export function drawDiagram(ctx, scene, painter) {
  const { layout, net, frame, phase, example, theme } = scene;
  if (!layout.diagram) return;
  const places = nodePlaces(layout, net);
  const of = example !== null && example < frame.m ? example : null;
  const role = roles(net, phase);
  const known = memoryOf(frame);
  for (let l = 2; l <= net.sizes.length; l++) {
    const ends = [places.get(l - 1), places.get(l)];
    const strongest = () => remembered(known, `${role.edges}.${l}.${of}`, () =>
      strongestEdges(matrix(frame, net, role.edges, l, of), ...ends).edges);
    const picture = edgePicture({ frame, theme, layout, name: role.edges, l, of }, ends, strongest);
    ctx.globalAlpha = role.to !== null && role.to !== l ? QUIET : 1;
    stamp(ctx, picture);
    ctx.globalAlpha = 1;
  }
  for (const [layer, nodes] of places) {
    if (layer === 1 && net.picture) drawInputPicture(ctx, scene, nodes, of, known);
    else drawNodes(ctx, scene, nodes, layer, role.nodes.get(layer), of, known);
  }
  captions(ctx, scene, places, role, painter);
}

/** Edges of largest magnitude between nodes that are shown: exact, without sorting all of them. */
export function strongestEdges({ rows, cols, values }, from, to) {
  const columns = from.map((node) => node.j);
  const largest = extent({ values }).largest || 1;
  const bins = new Uint32Array(257);
  const each = (visit) => to.forEach(({ j }, row) => columns.forEach((k, col) => {
    const v = values[j * cols + k];
    if (v - v === 0) visit(v, row, col);
  }));
  each((v) => bins[Math.floor((Math.abs(v) / largest) * 256)]++);
  let bin = 256;
  for (let sum = bins[256]; bin > 0 && sum < MOST_EDGES; ) sum += bins[--bin];
  const found = [];
  each((v, row, col) => {
    if (Math.floor((Math.abs(v) / largest) * 256) >= bin) found.push({ from: col, to: row, size: v / largest });
  });
  found.sort((a, b) => Math.abs(b.size) - Math.abs(a.size));
  return { edges: found.slice(0, MOST_EDGES), all: rows * cols };
}

/**
 * The edges between two layers as a picture of the screen's own pixels, {bitmap, x, y} in CSS pixels. Hundreds of
 * lines take longer to draw than all panels, and most phases show the same ones.
 */
function edgePicture(of, [from, to], edges) {
  const ratio = window.devicePixelRatio || 1;
  const same = (kept) => kept.ratio === ratio && Object.keys(of).every((name) => kept.of[name] === of[name]);
  const at = edgePictures.findIndex(same);
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

/** Put a picture of the screen's own pixels on whole ones. */
function stamp(ctx, { bitmap, x, y, ratio }) {
  ctx.save();
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.drawImage(bitmap, Math.round(x * ratio), Math.round(y * ratio));
  ctx.restore();
}

/** Lines in a few strengths, so that each colour is one path. */
function drawEdges(ctx, edges, from, to, theme) {
  for (const [sign, colour] of [[-1, theme.negativeRgb], [1, theme.positiveRgb]]) {
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

function drawNodes(ctx, scene, nodes, layer, name, of, known) {
  const { net, frame, view, theme, ranges } = scene;
  const levels = name && remembered(known, `${name}.${layer}.${of}.nodes`, () => neuronValues(frame, net, name, layer, of));
  const scale = name && ranges.of(net, frame, { ...view, magnitudes: "linear", gradient: "signed" }, name, layer, of);
  const table = scale && (scale.how.kind === "diverging" ? theme.diverging : theme.sequential);
  const limit = levels && (scale.how.limit ?? (extent({ values: levels }).largest || 1));
  for (const { x, y, r, j } of nodes) {
    ctx.beginPath();
    ctx.arc(x, y, r, 0, 2 * Math.PI);
    ctx.fillStyle = theme.background;
    if (levels && Number.isFinite(levels[j])) {
      const t = scale.how.kind === "diverging" ? (levels[j] / limit + 1) / 2 : levels[j] / limit;
      ctx.fillStyle = css(unpack(table[Math.max(0, Math.min(254, Math.round(254 * t)))]));
    }
    ctx.fill();
    ctx.strokeStyle = levels ? theme.faint : theme.line;
    ctx.lineWidth = 1;
    ctx.stroke();
  }
}

/** One value for each neuron: of the example, or the mean over the mini-batch. */
export function neuronValues(frame, net, name, layer, example) {
  const { rows, cols, values } = matrix(frame, net, name, layer, example);
  if (cols === 1 && name !== "a" && name !== "delta") return values;
  const out = new Float64Array(rows);
  for (let j = 0; j < rows; j++) {
    if (example !== null) out[j] = values[j * cols + example];
    else for (let e = 0; e < cols; e++) out[j] += values[j * cols + e] / cols;
  }
  return out;
}

/** The input layer of picture data is the picture itself. */
function drawInputPicture(ctx, { net, frame, theme }, nodes, of, known) {
  const [rows, cols] = net.picture;
  const bitmap = remembered(known, `picture.${of}.${theme.dark}`, () => {
    const values = neuronValues(frame, net, "a", 1, of);
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

/** How many edges are shown, and which way the phase goes: chevrons between the layers it works on. */
function captions(ctx, { layout, net, theme }, places, role, painter) {
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
      plate(ctx, theme, middle - width / 2 - 4, y + h - layout.line + 1, width + 8, layout.line - 1);
      painter.text(ctx, theme, text, middle, y + h - layout.line / 2, { align: "center", faint: true });
    }
    if (role.to === l) chevrons(ctx, theme, middle, y + h / 2 - (all > MOST_EDGES ? 4 : 0), role.direction);
  }
}

function chevrons(ctx, theme, x, y, direction) {
  plate(ctx, theme, x - 26, y - 12, 52, 24);
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

function plate(ctx, theme, x, y, w, h) {
  ctx.fillStyle = theme.veil;
  ctx.beginPath();
  ctx.roundRect(x, y, w, h, 4);
  ctx.fill();
}

function memoryOf(frame) {
  let known = memory.get(frame);
  if (!known) memory.set(frame, (known = new Map()));
  return known;
}

function remembered(known, key, make) {
  if (!known.has(key)) known.set(key, make());
  return known.get(key);
}

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
function sheet(net, frame, theme) {
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
function grey(value, dark) {
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
