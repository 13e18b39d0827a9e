// @ts-check
// Where everything is, and what is at a place. Pure: a network's shapes, a width and a height -> rectangles
// {x, y, w, h} in CSS pixels.
//
// A column per layer; in it the rows that Python names, from the parameters to the update. The panels of a row stand
// side by side, so that row j of each of them is neuron j, as in a = σ(z). All of it stays where it is for a whole run.

import { stripCells } from "./scene.js";

/**
 * @typedef {import("../types/board.js").Box} Box
 * @typedef {import("../types/board.js").Cell} Cell
 * @typedef {import("../types/board.js").Column} Column
 * @typedef {import("../types/board.js").Layout} Layout
 * @typedef {import("../types/board.js").Net} Net
 * @typedef {import("../types/board.js").Panel} Panel
 * @typedef {import("../types/board.js").QuantityInfo} QuantityInfo
 */

const NARROW = 640; // below this width the layers stand below each other
const LOW = 440; // below this height there is no diagram
const GAP = 8;

/**
 * `options`: the largest mini-batch, the text size in pixels, whether weights of picture data are shown as pictures.
 * The result's `height` is at least `height`, or what a phone needs.
 * @param {Net} net
 * @param {number} width
 * @param {number} height
 * @param {{m: number, font?: number, pictures?: boolean}} options
 * @returns {Layout}
 */
export function layout(net, width, height, { m, font = 12, pictures = false }) {
  const depth = net.sizes.length;
  const stacked = width < NARROW;
  const line = font + 6;
  const rows = net.info.rows.map((title, i) => rowOf(title, net.inRow(i)));
  const columns = stacked ? stackedColumns(net, rows, width, m, line) : columnsBeside(net, width, height, m, line);
  const { inputs, diagram, layers, gutter, bottom } = columns;
  const heights = stacked ? rows.map(stackedHeight) : rowHeights(rows, layers[0].top, bottom, line, net);
  /** @type {Panel[]} */
  const panels = [];
  const titles = [];
  for (const column of layers) {
    let y = column.top;
    for (const [i, row] of rows.entries()) {
      if (column.layer === 2 || stacked) {
        titles.push({ title: row.title, x: gutter, y: y + line, w: font + 6, h: heights[i] });
      }
      panels.push(...rowPanels(net, column, row, y, heights[i], { m, line, pictures }));
      y += line + heights[i] + GAP;
    }
  }
  const tall = Math.max(height, ...panels.map((p) => p.box.y + p.box.h + 2));
  return {
    width,
    height: stacked ? tall : height,
    font,
    line,
    stacked,
    depth,
    inputs,
    diagram,
    layers,
    titles,
    panels,
  };
}

/**
 * A row of the board: its quantities, and whether one of them is a matrix of weights.
 * @typedef {{title: string, quantities: QuantityInfo[], hasMatrix: boolean}} Row
 */

/** @param {string} title @param {QuantityInfo[]} quantities @returns {Row} */
function rowOf(title, quantities) {
  return { title, quantities, hasMatrix: quantities.some(({ columns }) => columns === "inputs") };
}

/** @param {Row} row */
function stackedHeight({ hasMatrix }) {
  return hasMatrix ? 84 : 64;
}

/** @param {Net} net @param {number} width @param {number} height @param {number} m @param {number} line */
function columnsBeside(net, width, height, m, line) {
  const depth = net.sizes.length;
  const inputWidth = clamp(Math.round(width * 0.13), 92, 176);
  const gutter = inputWidth + GAP;
  const left = gutter + line + 2;
  const gap = depth > 4 ? 10 : 16;
  const right = 2; // room for the accent outline
  const room = width - left - right - gap * (depth - 2);
  const shares = net.sizes.slice(0, -1).map((n) => 1 + 0.12 * Math.log2(Math.max(n, m, 8) / 8));
  const whole = shares.reduce((sum, share) => sum + share, 0);
  const strip = height >= LOW ? clamp(Math.round(height * 0.15), 60, 132) : 0;
  const head = line + 4;
  const top = head + (strip ? strip + GAP : 0);
  let x = left;
  const layers = shares.map((share, i) => {
    const w = Math.floor((room * share) / whole);
    const column = { layer: i + 2, x, w, head: { x, y: 0, w, h: head }, top };
    x += w + gap;
    return column;
  });
  return {
    inputs: {
      head: { x: 0, y: 0, w: inputWidth, h: head },
      list: { x: 0, y: top, w: inputWidth, h: height - top },
    },
    diagram: strip ? { x: 0, y: head, w: width, h: strip } : null,
    layers,
    gutter,
    bottom: height - 2,
  };
}

/** @param {Net} net @param {Row[]} rows @param {number} width @param {number} m @param {number} line */
function stackedColumns(net, rows, width, m, line) {
  const head = line + 8;
  const fit = Math.max(1, Math.floor(width / 56));
  const list = { x: 0, y: head, w: width, h: Math.min(Math.ceil(m / fit), 3) * 68 };
  let y = list.y + list.h + 2 * GAP;
  const layers = net.sizes.slice(1).map((_, i) => {
    const column = { layer: i + 2, x: 2, w: width - 4, head: { x: 2, y, w: width - 4, h: head }, top: y + head };
    y += head + rows.length * (line + GAP) + sum(rows.map(stackedHeight)) + 2 * GAP;
    return column;
  });
  const diagram = /** @type {Box | null} */ (null);
  return { inputs: { head: { x: 0, y: 0, w: width, h: head }, list }, diagram, layers, gutter: 0, bottom: y };
}

/**
 * The height of each row. Rows of matrices are up to 1.6 times as high, as long as neurons keep whole pixels.
 * @param {Row[]} rows
 * @param {number} top
 * @param {number} bottom
 * @param {number} line
 * @param {Net} net
 */
function rowHeights(rows, top, bottom, line, net) {
  const room = Math.max(bottom - top - rows.length * line - (rows.length - 1) * GAP, rows.length * 16);
  const neurons = Math.max(...net.sizes.slice(1));
  const [high, low] = [true, false].map((is) => rows.filter(({ hasMatrix }) => hasMatrix === is).length);
  let best = null;
  for (const ratio of [1.6, 1.5, 1.4, 1.3, 1.2, 1.1, 1]) {
    const vector = Math.floor(room / (high * ratio + low));
    const wasted = spare(neurons, vector) / vector;
    if (!best || wasted < best.wasted - 0.05) best = { wasted, vector };
  }
  const matrix = high ? Math.floor((room - low * best.vector) / high) : 0;
  return rows.map(({ hasMatrix }) => (hasMatrix ? matrix : best.vector));
}

/**
 * The panels of a row in a layer. Vectors are narrow; the rest share what is left.
 * @param {Net} net
 * @param {Column} column
 * @param {Row} row
 * @param {number} y
 * @param {number} high
 * @param {{m: number, line: number, pictures: boolean}} options
 * @returns {Panel[]}
 */
function rowPanels(net, column, row, y, high, { m, line, pictures }) {
  const { layer } = column;
  const [n, before] = [net.sizes[layer - 1], net.sizes[layer - 2]];
  const here = row.quantities.filter(({ layers }) => layers.includes(layer));
  const narrow = row.hasMatrix ? clamp(Math.round(column.w / (before + 1)), column.w < 220 ? 12 : 16, 72) : 0;
  const isNarrow = here.map(({ columns }) => row.hasMatrix && columns === "none");
  const wide = shares(column.w - GAP * (here.length - 1), isNarrow, narrow);
  // The caption of a narrow strip needs more room than the strip.
  const words = shares(
    column.w - GAP * (here.length - 1),
    isNarrow,
    Math.max(narrow, line * (column.w > 260 ? 4.8 : 3.6)),
  );
  let [x, captionX] = [column.x, column.x];
  return here.map(({ name, columns, oneRow }, i) => {
    const space = { x, y: y + line, w: wide[i], h: high };
    const caption = { x: captionX, y, w: words[i], h: line };
    x += wide[i] + GAP;
    captionX += words[i] + GAP;
    const cols = { inputs: before, none: 1, examples: m }[columns];
    const rows = oneRow ? 1 : n;
    const tiled = columns === "inputs" && layer === 2 && pictures && net.picture;
    const place = tiled ? tiles(space, rows, net.picture) : cells(space, rows, cols);
    return { id: `${name}.${layer}`, name, layer, rows, cols, caption, right: isNarrow[i], ...place };
  });
}

/** How wide each panel of a row is. @param {number} room @param {boolean[]} isNarrow @param {number} narrow */
function shares(room, isNarrow, narrow) {
  const others = isNarrow.filter((is) => !is).length;
  const left = room - narrow * (isNarrow.length - others);
  return isNarrow.map((is) => (is ? narrow : others === 1 ? left : Math.floor(left / others)));
}

/**
 * A matrix of n x cols cells in this space: whole pixels where little is lost by it, pooled below one pixel.
 * @param {Box} space
 * @param {number} rows
 * @param {number} cols
 * @returns {Pick<Panel, "box" | "block" | "tiles">}
 */
export function cells(space, rows, cols) {
  const [high, blockRows] = fitted(rows, space.h);
  const [wide, blockCols] = fitted(cols, space.w);
  return { box: { x: space.x, y: space.y, w: wide, h: high }, block: [blockRows, blockCols], tiles: null };
}

/**
 * [the length drawn, how many of the n are one cell].
 * @param {number} n
 * @param {number} room
 * @returns {[number, number]}
 */
function fitted(n, room) {
  const block = Math.max(1, Math.ceil(n / Math.floor(room)));
  const shown = Math.ceil(n / block);
  const whole = Math.floor(room / shown) * shown;
  return [room - whole <= 0.16 * room ? whole : room, block];
}

/** @param {number} n @param {number} room */
function spare(n, room) {
  const shown = Math.ceil(n / Math.max(1, Math.ceil(n / room)));
  const left = room - Math.floor(room / shown) * shown;
  return left <= 0.16 * room ? left / 4 : left;
}

/**
 * One picture for each of n neurons, as large as they fit, with a gap of a pixel or two.
 * @param {Box} space
 * @param {number} n
 * @param {[number, number]} picture
 * @returns {Pick<Panel, "box" | "block" | "tiles">}
 */
export function tiles(space, n, [rows, cols]) {
  let best = null;
  for (let across = 1; across <= n; across++) {
    const down = Math.ceil(n / across);
    const gap = space.w / across > 20 ? 2 : 1;
    const scale = Math.min((space.w / across - gap) / cols, (space.h / down - gap) / rows);
    if (!best || scale > best.scale + 1e-9) best = { across, down, gap, scale };
  }
  const { across, down, gap } = best;
  const block = best.scale >= 1 ? 1 : Math.ceil(1 / Math.max(best.scale, 0.01));
  const snapped = best.scale >= 2 ? Math.floor(best.scale * 2) / 2 : best.scale;
  const w = Math.max(1, Math.floor(snapped * cols));
  const h = Math.max(1, Math.floor(snapped * rows));
  const pitch = Math.floor(Math.min(space.w / across, w + 6));
  return {
    box: {
      x: space.x,
      y: space.y,
      w: pitch * across - Math.min(gap, pitch - w),
      h: Math.min(space.h, (h + gap) * down - gap),
    },
    block: [block, block],
    tiles: { across, down, w, h, dx: pitch, dy: h + gap, rows, cols },
  };
}

/**
 * Where the examples of the input column stand: `picture` and `text` boxes of those in view.
 * @param {Box} rect
 * @param {number} m
 * @param {{font?: number, scroll?: number, stacked?: boolean}} options
 */
export function examples(rect, m, { font = 12, scroll = 0, stacked = false }) {
  const line = font + 4;
  const roomy = !stacked && rect.h / m >= 2 * line + 2;
  const [cellWidth, cellHeight] = roomy
    ? [rect.w, Math.min(Math.floor(rect.h / m), 72)]
    : stacked
      ? [56, 68]
      : [Math.floor(rect.w / Math.floor(rect.w / 44)), 28 + line + 4];
  const across = Math.max(1, Math.floor(rect.w / cellWidth));
  let down = Math.max(1, Math.floor(rect.h / cellHeight));
  const lines = Math.ceil(m / across);
  const cut = lines > down;
  if (cut && !stacked) down = Math.max(1, Math.floor((rect.h - line) / cellHeight));
  const first = cut ? clamp(scroll, 0, lines - down) * across : 0;
  const shown = [];
  for (let i = 0; i < across * down && first + i < m; i++) {
    const x = rect.x + (i % across) * cellWidth;
    const y = rect.y + Math.floor(i / across) * cellHeight;
    const side = roomy
      ? Math.min(cellHeight - 6, Math.floor(rect.w * 0.5))
      : Math.min(cellWidth - 8, cellHeight - line - 6);
    shown.push({
      example: first + i,
      box: { x, y, w: cellWidth - 2, h: cellHeight - 2 },
      picture: { x: x + (roomy ? 4 : Math.floor((cellWidth - 2 - side) / 2)), y: y + 2, w: side, h: side },
      text: roomy
        ? { x: x + side + 10, y: y + 2, w: cellWidth - side - 12, h: side, lines: side >= 2 * line - 4 ? 2 : 1 }
        : { x: x + 1, y: y + side + 3, w: cellWidth - 4, h: line, lines: 1 },
    });
  }
  return { shown, roomy, more: m - shown.length, first, lines, down, maxScroll: Math.max(0, lines - down) };
}

/** @param {number} value @param {number} low @param {number} high */
export function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

/** @param {number[]} values */
function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}

/** Whether a panel's columns are examples. @param {Net} net @param {Panel} panel */
export function isExamples(net, panel) {
  return net.quantity(panel.name).columns === "examples";
}

/** The examples that are in view. @param {Layout} layout @param {number} m @param {number} scroll */
export function exampleCells(layout, m, scroll) {
  const { list } = layout.inputs;
  if (layout.scene) return stripCells(list, m, scroll);
  return examples(list, m, { font: layout.font, scroll, stacked: layout.stacked });
}

/**
 * What is at (x, y): {panel, j, k}, the first cell of the block there, or {example, j}, an example and the input
 * under the pointer (null beside its picture), or null.
 * @param {Layout} layout
 * @param {Net} net
 * @param {number} m
 * @param {number} x
 * @param {number} y
 * @returns {import("../types/board.js").Hit | null}
 */
export function hit(layout, net, m, x, y, scroll = 0) {
  const panel = layout.panels.find(({ box }) => inside(box, x, y));
  if (panel) return panelHit(panel, x, y);
  const { list } = layout.inputs;
  if (!inside(list, x, y)) return null;
  const cell = exampleCells(layout, m, scroll).shown.find(({ box }) => inside(box, x, y));
  if (!cell) return null;
  return { example: cell.example, j: net.picture && !layout.scene ? pixelAt(cell.picture, net.picture, x, y) : null };
}

/** @param {Panel} panel @param {number} x @param {number} y */
function panelHit(panel, x, y) {
  const { box, block, tiles, rows, cols, grid } = panel;
  if (grid) return { panel, j: pixelAt(box, grid, x, y) ?? 0, k: 0 };
  if (!tiles) {
    const shown = [Math.ceil(rows / block[0]), Math.ceil(cols / block[1])];
    const j = Math.min(Math.floor(((y - box.y) / box.h) * shown[0]), shown[0] - 1) * block[0];
    const k = Math.min(Math.floor(((x - box.x) / box.w) * shown[1]), shown[1] - 1) * block[1];
    return { panel, j, k };
  }
  const [c, r] = [Math.floor((x - box.x) / tiles.dx), Math.floor((y - box.y) / tiles.dy)];
  const j = r * tiles.across + c;
  if (c >= tiles.across || j >= rows) return null;
  const place = { x: box.x + c * tiles.dx, y: box.y + r * tiles.dy, w: tiles.w, h: tiles.h };
  // The gap between two pictures belongs to the one before it.
  const [px, py] = [Math.min(x - place.x, tiles.w - 1e-3), Math.min(y - place.y, tiles.h - 1e-3)];
  const row = Math.floor(Math.floor((py / place.h) * tiles.rows) / block[0]) * block[0];
  const col = Math.floor(Math.floor((px / place.w) * tiles.cols) / block[1]) * block[1];
  return { panel, j, k: row * tiles.cols + col, inTile: [row, col] };
}

/** @param {Box} box @param {[number, number]} picture @param {number} x @param {number} y */
function pixelAt({ x: left, y: top, w, h }, [rows, cols], x, y) {
  const scale = Math.min(w / cols, h / rows);
  const [c, r] = [Math.floor((x - left) / scale), Math.floor((y - top) / scale)];
  return c >= 0 && r >= 0 && c < cols && r < rows ? r * cols + c : null;
}

/**
 * Rectangles that light up with a cell: its neuron's row, its column in the next weights; `own` is the cell itself.
 * @param {Layout} layout
 * @param {Net} net
 * @param {number} m
 * @param {Cell} cell
 * @param {number} scroll
 * @param {number | null} example the one that is shown, where one is
 */
export function highlights(layout, net, m, cell, scroll = 0, example = cell.k) {
  const { name, layer, j, k } = cell;
  const { columns } = net.quantity(name);
  const lit = [];
  let own = null;
  for (const panel of layout.panels) {
    const isMatrix = net.quantity(panel.name).columns === "inputs";
    if (panel.layer === layer) {
      const isShown = !panel.one || columns !== "examples" || k === example;
      if (panel.name === name && isShown) own = place(panel, j, columns === "none" || panel.one ? 0 : k);
      lit.push(row(panel, j, isExamples(net, panel) && !panel.one ? m : panel.cols));
    } else if (panel.layer === layer + 1 && isMatrix) {
      lit.push(...columnOf(panel, j));
    } else if (panel.layer === layer - 1 && columns === "inputs" && net.quantity(panel.name).layers.includes(1)) {
      lit.push(row(panel, k, panel.one ? 1 : m));
    }
  }
  if (layout.scene) return { lit, own };
  const onInputs = inputLights(layout, net, m, cell, scroll);
  if (`${name}.${layer}` === net.info.inputPanel) own = onInputs.own;
  return { lit: [...lit, ...onInputs.lit], own };
}

/** @param {Layout} layout @param {Net} net @param {number} m @param {Cell} cell @param {number} scroll */
function inputLights(layout, net, m, { name, layer, j, k }, scroll) {
  const { shown } = exampleCells(layout, m, scroll);
  const { columns } = net.quantity(name);
  const pixel = layer === 1 ? j : layer === 2 && columns === "inputs" ? k : null;
  const example = columns === "examples" ? k : null;
  const lit = [];
  let own = null;
  for (const { example: e, picture, box } of shown) {
    if (e === example) lit.push(box);
    if (pixel === null || !net.picture) continue;
    const [rows, cols] = net.picture;
    const scale = Math.min(picture.w / cols, picture.h / rows);
    const [x, y] = [picture.x + (pixel % cols) * scale, picture.y + Math.floor(pixel / cols) * scale];
    const dot = { x, y, w: scale, h: scale };
    if (e === example && layer === 1) own = dot;
    else lit.push(dot);
  }
  return { lit, own };
}

/**
 * Where cell (j, k) of a panel is drawn.
 * @param {Panel} panel
 * @param {number} j
 * @param {number} k
 * @returns {Box}
 */
function place({ box, block, tiles, rows, cols, grid }, j, k) {
  if (grid) {
    const side = box.w / grid[1];
    return { x: box.x + (j % grid[1]) * side, y: box.y + Math.floor(j / grid[1]) * side, w: side, h: side };
  }
  if (tiles) {
    const [w, h] = [tiles.w / Math.ceil(tiles.cols / block[1]), tiles.h / Math.ceil(tiles.rows / block[0])];
    return {
      x: box.x + (j % tiles.across) * tiles.dx + Math.floor((k % tiles.cols) / block[1]) * w,
      y: box.y + Math.floor(j / tiles.across) * tiles.dy + Math.floor(Math.floor(k / tiles.cols) / block[0]) * h,
      w,
      h,
    };
  }
  const [w, h] = [box.w / Math.ceil(cols / block[1]), box.h / Math.ceil(rows / block[0])];
  return { x: box.x + Math.floor(k / block[1]) * w, y: box.y + Math.floor(j / block[0]) * h, w, h };
}

/** @param {Panel} panel @param {number} j @param {number} m @returns {Box} */
function row(panel, j, m) {
  const { box, tiles, cols, grid } = panel;
  if (grid) return place(panel, j, 0);
  if (tiles) return { ...place(panel, j, 0), w: tiles.w, h: tiles.h };
  return { ...place(panel, j, 0), w: (box.w * Math.min(m, cols)) / cols };
}

/** @param {Panel} panel @param {number} k @returns {Box[]} */
function columnOf(panel, k) {
  const { box, tiles, rows } = panel;
  if (tiles) return Array.from({ length: rows }, (_, j) => place(panel, j, k));
  return [{ ...place(panel, 0, k), y: box.y, h: box.h }];
}

/** @param {Box} box @param {number} px @param {number} py */
function inside({ x, y, w, h }, px, py) {
  return px >= x && py >= y && px < x + w && py < y + h;
}
