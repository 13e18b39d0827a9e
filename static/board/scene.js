// @ts-check
// Where everything is if one example is shown. Pure, as layout.js is: from left to right the examples of the
// mini-batch, the input, and for each layer its matrix and its columns, so that row j of a layer is neuron j and the
// page reads z = w a + b. In a place that several quantities share, the last one computed is seen: seenIn.

import { cells, clamp, tiles } from "./layout.js";

/**
 * @typedef {import("../types/board.js").Box} Box
 * @typedef {import("../types/board.js").Layout} Layout
 * @typedef {import("../types/board.js").Net} Net
 * @typedef {import("../types/board.js").Panel} Panel
 */

const NARROW = 640; // below this width the layers stand below each other
const NARROW_BESIDE = 420; // the same where several runs stand beside each other
const GAP = 4; // between the columns of a layer
const LOW = 420; // pixels; on a lower board cells are less high, so that the network can be drawn, too
const BETWEEN = 15; // between layers
const LEAST_MATRIX = 64;
const MOST_CELL = 5; // times the text size: cells are not higher
const LEAST_DIAGRAM = 110;
const MOST_DIAGRAM = 22; // times the text size

/**
 * @param {Net} net
 * @param {number} width
 * @param {number} height
 * @param {{font?: number, pictures?: boolean, several?: boolean}} options
 * @returns {Layout}
 */
export function sceneLayout(net, width, height, { font = 12, pictures = false, several = false }) {
  const line = Math.round(font * 1.5);
  const size = { font, line, pictures };
  const placed = width < (several ? NARROW_BESIDE : NARROW) ? null : beside(net, width, height, size);
  return placed?.panels.every(({ box }) => box.x + box.w <= width) ? placed : below(net, width, height, size);
}

/** @typedef {{font: number, line: number, pictures: boolean}} Size */

/** @param {Net} net @param {number} width @param {number} height @param {Size} size @returns {Layout} */
function beside(net, width, height, size) {
  const { font, line } = size;
  const head = height > 300 ? line + 2 : 0; // the layers' titles
  const top = head + line + 2;
  const room = height - top - line - 4;
  const most = Math.max(...net.sizes.slice(1));
  const cell = Math.round(font * (height < LOW ? MOST_CELL / 2 : MOST_CELL));
  const high = Math.min(room, Math.max(most * cell, (height < LOW ? 4 : 6) * line));
  const strip = { x: 2, y: top, w: Math.round(font * 2.9), h: room };
  const begins = strip.x + strip.w + 10;
  const plane = net.info.plane ? planeBox(begins, top, width, room, line) : null;
  const leftOf = plane ? plane.x + plane.w + 10 : begins;
  const left = { x: leftOf, y: top, w: inputWidth(net, width, font), h: room };
  const input = inputPanel(net, left, high, size, 5 * line);
  const from = left.x + left.w + BETWEEN;
  const wide = widths(net, width - from - 3, size, high);
  let x = from;
  const layers = [];
  const panels = [input];
  const sizes = [];
  for (let layer = 2; layer <= net.depth; layer++) {
    const w = wide.of(layer);
    panels.push(...layerPanels(net, layer, { x, y: top, w, h: high }, wide, size));
    layers.push({ layer, x, w, head: { x, y: 0, w: w + BETWEEN, h: head }, top });
    sizes.push({ layer, box: { x, y: top + high + 3, w: wide.matrix(layer) + wide.number + GAP, h: line } });
    x += w + BETWEEN;
  }
  const over = plane ?? input.box;
  const verdictTop = over.y + over.h + 6;
  const verdict = {
    x: over.x,
    y: verdictTop,
    w: (plane ? plane.w : left.w) + 4,
    h: (net.info.hasClasses ? 4 : 2) * line,
  };
  const under = Math.max(top + high + line, plane ? 0 : verdictTop + verdict.h) + 8;
  const low = Math.min(height - under, MOST_DIAGRAM * font);
  const diagram = low >= LEAST_DIAGRAM ? { x: left.x, y: under, w: width - left.x, h: low } : null;
  return {
    width,
    height,
    font,
    line,
    stacked: false,
    depth: net.depth,
    inputs: {
      head: { x: plane ? plane.x : left.x, y: 0, w: from - begins - 6, h: head },
      list: strip,
      nodes: input.box,
    },
    diagram,
    layers,
    titles: [],
    panels,
    scene: { verdict, plane, sizes },
  };
}

/**
 * On a phone: the example, then a block for each layer.
 * @param {Net} net @param {number} width @param {number} height @param {Size} size @returns {Layout}
 */
function below(net, width, height, size) {
  const { font, line } = size;
  const top = 2 * line;
  const left = { x: 2, y: top, w: 112, h: 112 };
  const input = inputPanel(net, left, 112, size, 0);
  const strip = { x: 2, y: top + 112 + 8, w: width - 4, h: Math.round(font * 2.9) };
  let y = strip.y + strip.h + line;
  const layers = [];
  const panels = [input];
  const sizes = [];
  for (let layer = 2; layer <= net.depth; layer++) {
    const n = net.sizes[layer - 1];
    const high = clamp(n * (font + 6), 3 * line, 360);
    const wide = widths(net, width - 4, size, high, [layer]);
    panels.push(...layerPanels(net, layer, { x: 2, y: y + 2 * line, w: width - 4, h: high }, wide, size));
    layers.push({ layer, x: 2, w: width - 4, head: { x: 2, y, w: width - 4, h: line }, top: y + line });
    sizes.push({ layer, box: { x: 2, y: y + 2 * line + high + 3, w: width - 4, h: line } });
    y += 3 * line + high + 14;
  }
  return {
    width,
    height: Math.max(height, y),
    font,
    line,
    stacked: true,
    depth: net.depth,
    inputs: { head: { x: 2, y: 0, w: width - 4, h: line }, list: strip },
    diagram: null,
    layers,
    titles: [],
    panels,
    scene: { verdict: { x: 124, y: top, w: width - 130, h: 4 * line }, plane: null, sizes },
  };
}

/**
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} room
 * @param {number} line
 * @returns {Box}
 */
function planeBox(x, y, width, room, line) {
  const side = Math.round(clamp(Math.min(width * 0.21, room - 4 * line), 90, 460));
  return { x, y, w: side, h: side };
}

/** @param {Net} net @param {number} width @param {number} font */
function inputWidth(net, width, font) {
  if (net.info.plane) return Math.round(font * 4.3);
  return net.picture ? clamp(Math.round(width * 0.135), 96, 260) : Math.round(font * 6.5);
}

/**
 * The input: as a picture, with room for what is said of it below, else as a column of numbers.
 * @param {Net} net
 * @param {Box} left
 * @param {number} high
 * @param {Size} size
 * @param {number} below
 * @returns {Panel}
 */
function inputPanel(net, left, high, { line }, below) {
  const [n] = net.sizes;
  const name = net.info.inputPanel.slice(0, net.info.inputPanel.lastIndexOf("."));
  const caption = { x: left.x, y: left.y - line, w: left.w, h: line };
  const base = { id: net.info.inputPanel, name, layer: 1, rows: n, cols: 1, caption, right: false, one: true };
  if (!net.picture) {
    const most = Math.max(Math.min(high, n * 4 * line, net.info.plane ? high : left.h - below), 24);
    return { ...base, ...cells({ ...left, h: most }, n, 1) };
  }
  const [rows, cols] = net.picture;
  const scale = Math.min(left.w / cols, Math.max(left.h - below, 40) / rows);
  const pixel = scale > 2 ? Math.floor(scale) : scale;
  const box = { x: left.x, y: left.y, w: Math.floor(pixel * cols), h: Math.floor(pixel * rows) };
  return { ...base, box, block: [1, 1], tiles: null, as: "picture", grid: net.picture };
}

/**
 * How wide the columns and matrices are: columns as wide as their numbers if there is room, else narrow.
 * @param {Net} net
 * @param {number} room
 * @param {Size} size
 * @param {number} high
 */
function widths(net, room, { font }, high, layers = net.sizes.slice(1).map((_, i) => i + 2)) {
  const columns = layers.reduce((sum, layer) => sum + columnsOf(net, layer), 0);
  const gaps = layers.reduce((sum, layer) => sum + columnsOf(net, layer) * GAP, 0) + BETWEEN * (layers.length - 1);
  const bars = layers.includes(net.depth) ? 1.4 : 0; // how much wider the output is than a column
  const least = layers.length * LEAST_MATRIX;
  const readable = layers.some((layer) => high / net.sizes[layer - 1] >= font + 1);
  const sizes = readable ? [4.3, 3.9, 3.5] : [];
  const fitting = sizes.map((em) => Math.round(font * em)).find((w) => w * (columns + bars) + gaps + least <= room);
  const spare = (room - gaps - least) / (columns + 3 * bars);
  const number = fitting ?? clamp(Math.floor(spare), 7, Math.round(font * 1.9));
  const barsWidth = Math.max(Math.round(number * (1 + bars)), Math.round(font * 8));
  const last = layers.includes(net.depth) ? barsWidth - number : 0;
  const left = Math.max(room - gaps - columns * number - last, 20 * layers.length);
  const shares = layers.map((layer) => share(net, layer, left, high));
  const whole = shares.reduce((sum, one) => sum + one, 0);
  const matrix = (/** @type {number} */ layer) => Math.floor((left * shares[layers.indexOf(layer)]) / whole);
  const of = (/** @type {number} */ layer) =>
    matrix(layer) + columnsOf(net, layer) * (number + GAP) + (layer === net.depth ? barsWidth - number : 0);
  return { number, bars: barsWidth, matrix, of };
}

/**
 * How much of the room a layer's matrix gets: no more than its cells can use.
 * @param {Net} net
 * @param {number} layer
 * @param {number} left
 * @param {number} high
 */
function share(net, layer, left, high) {
  const [n, before] = [net.sizes[layer - 1], net.sizes[layer - 2]];
  const useful = before * Math.max(high / n, 14);
  return clamp(useful / Math.max(left, 1), 0.3, 1) * (layer === 2 && net.picture ? 1.35 : 1);
}

/** How many columns a layer has beside its matrix. @param {Net} net @param {number} layer */
function columnsOf(net, layer) {
  return net.info.places.filter((_, place) => net.inPlace(place, layer).some(({ columns }) => columns !== "inputs"))
    .length;
}

/**
 * The panels of a layer, those that share a place with the same box.
 * @param {Net} net
 * @param {number} layer
 * @param {Box} space
 * @param {ReturnType<typeof widths>} wide
 * @param {Size} size
 * @returns {Panel[]}
 */
function layerPanels(net, layer, { x, y, h }, wide, { line, pictures }) {
  const [n, before] = [net.sizes[layer - 1], net.sizes[layer - 2]];
  /** @type {Panel[]} */
  const panels = [];
  for (const place of net.info.places.keys()) {
    const here = net.inPlace(place, layer);
    if (!here.length) continue;
    const isMatrix = here[0].columns === "inputs";
    const isOutput = layer === net.depth && here[0].name === net.info.inputPanel.split(".")[0];
    const w = isMatrix ? wide.matrix(layer) : isOutput ? wide.bars : wide.number;
    const caption = { x, y: y - line, w, h: line }; // and no further, for the next one begins there
    const space = { x, y, w, h };
    for (const { name } of here) {
      const base = { id: `${name}.${layer}`, name, layer, rows: n, cols: isMatrix ? before : 1, caption, right: false };
      const box = isMatrix && layer === 2 && pictures && net.picture ? tiles(space, n, net.picture) : null;
      const as = /** @type {"bars" | undefined} */ (isOutput ? "bars" : undefined);
      panels.push({ ...base, place, one: !isMatrix, as, ...(box ?? cells(space, n, base.cols)) });
    }
    x += w + GAP;
  }
  return panels;
}

/** @type {WeakMap<Layout, Map<string, Layout>>} */
const seen = new WeakMap();

/**
 * A layout with the panels that are seen in a phase: of those that share a place the last one computed by then, or
 * with `parameters` the one that is there from the start.
 * @param {Layout} layout
 * @param {Net} net
 * @param {number} phase
 * @param {boolean} parameters
 */
export function seenIn(layout, net, phase, parameters) {
  if (!layout.scene) return layout;
  if (!seen.has(layout)) seen.set(layout, new Map());
  const known = seen.get(layout);
  const key = `${phase}.${parameters}`;
  if (!known.has(key)) {
    /** @type {Map<string, Panel>} */
    const shown = new Map();
    for (const panel of layout.panels) {
      const place = `${panel.layer}.${panel.place}`;
      const at = net.revealedIn(panel.id);
      if (!shown.has(place) || (!parameters && at <= phase && at > net.revealedIn(shown.get(place).id)))
        shown.set(place, panel);
    }
    known.set(key, { ...layout, panels: [...shown.values()] });
  }
  return known.get(key);
}

/**
 * The examples in the strip, and the mean after them: as many as fit around the one chosen.
 * @param {Box} strip
 * @param {number} m
 * @param {number} scroll
 */
export function stripCells(strip, m, scroll) {
  const wide = strip.w > strip.h;
  const [along, across] = wide ? [strip.w, strip.h] : [strip.h, strip.w];
  const all = m > 1 ? m + 1 : 1;
  const pitch = clamp(Math.floor(along / all), Math.min(20, across), across + 4);
  const fits = Math.max(1, Math.min(all, Math.floor(along / pitch)));
  const first = clamp(scroll, 0, all - fits);
  const side = Math.min(across, pitch - 4);
  const shown = Array.from({ length: fits }, (_, i) => {
    const [x, y] = wide ? [strip.x + i * pitch, strip.y] : [strip.x + (strip.w - side) / 2, strip.y + i * pitch];
    const box = { x: Math.round(x), y: Math.round(y), w: side, h: side };
    return { example: first + i < m ? first + i : null, box, picture: box };
  });
  return { shown, first, lines: all, down: fits, maxScroll: all - fits, more: all - fits };
}
