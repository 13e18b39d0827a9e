// Where everything is, and what is at a place. Pure: a network's shapes, a width and a height -> rectangles
// {x, y, w, h} in CSS pixels.
//
// A column per layer; in it a row per stage of the computation: the parameters w b, feedforward z a, the error
// σ′ δ, the gradients ∇w ∇b, the update Δw Δb. The two panels of a stage stand side by side, so that row j of each
// of them is neuron j, as in a = σ(z). All of it stays where it is for a whole run.

export const STAGES = [
  { title: "parameters", names: ["w", "b"] },
  { title: "forward", names: ["z", "a"] },
  { title: "error", names: ["sp", "delta"] },
  { title: "gradients", names: ["nabla_w", "nabla_b"] },
  { title: "update", names: ["dw", "db"] },
];
export const VECTORS = new Set(["b", "nabla_b", "db"]);
export const MATRICES = new Set(["w", "nabla_w", "dw"]);
const NARROW = 640; // below this width the layers stand below each other
const LOW = 440; // below this height there is no diagram
const GAP = 8;

/**
 * `options`: {m, font, pictures, narrow}: the largest mini-batch, the text size in pixels, whether weights of
 * picture data are shown as pictures. The result's `height` is at least `height`, or what a phone needs.
 */
export function layout(net, width, height, { m, font = 12, pictures = false }) {
  const depth = net.sizes.length;
  const stacked = width < NARROW;
  const line = font + 6;
  const columns = stacked
    ? stackedColumns(net, width, m, line)
    : columnsBeside(net, width, height, m, line);
  const { inputs, diagram, layers, gutter, bottom } = columns;
  const rows = stacked ? null : bandHeights(layers[0].top, bottom, line, net);
  const panels = [];
  const stages = [];
  for (const column of layers) {
    let y = column.top;
    STAGES.forEach((stage, index) => {
      const high = stacked ? (MATRICES.has(stage.names[0]) ? 84 : 64) : rows[index];
      if (column.layer === 2 || stacked) {
        stages.push({ title: stage.title, x: gutter, y: y + line, w: font + 6, h: high });
      }
      panels.push(...pair(net, column, stage, y, high, { m, line, pictures }));
      y += line + high + GAP;
    });
  }
  const tall = Math.max(height, ...panels.map((p) => p.box.y + p.box.h + 2));
  return { width, height: stacked ? tall : height, font, line, stacked, depth, inputs, diagram, layers, stages, panels };
}

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

function stackedColumns(net, width, m, line) {
  const head = line + 8;
  const fit = Math.max(1, Math.floor(width / 56));
  const list = { x: 0, y: head, w: width, h: Math.min(Math.ceil(m / fit), 3) * 68 };
  let y = list.y + list.h + 2 * GAP;
  const layers = net.sizes.slice(1).map((_, i) => {
    const column = { layer: i + 2, x: 2, w: width - 4, head: { x: 2, y, w: width - 4, h: head }, top: y + head };
    y += head + STAGES.length * (line + GAP) + 3 * 84 + 2 * 64 + 2 * GAP;
    return column;
  });
  return { inputs: { head: { x: 0, y: 0, w: width, h: head }, list }, diagram: null, layers, gutter: 0, bottom: y };
}

/** The height of each stage. Rows of matrices are up to 1.6 times as high, as long as neurons keep whole pixels. */
function bandHeights(top, bottom, line, net) {
  const room = Math.max(bottom - top - STAGES.length * line - (STAGES.length - 1) * GAP, STAGES.length * 16);
  const neurons = Math.max(...net.sizes.slice(1));
  let best = null;
  for (const ratio of [1.6, 1.5, 1.4, 1.3, 1.2, 1.1, 1]) {
    const vector = Math.floor(room / (3 * ratio + 2));
    const wasted = spare(neurons, vector) / vector;
    if (!best || wasted < best.wasted - 0.05) best = { wasted, vector };
  }
  const matrix = Math.floor((room - 2 * best.vector) / 3);
  return STAGES.map((stage) => (MATRICES.has(stage.names[0]) ? matrix : best.vector));
}

/** The two panels of a stage in a layer. */
function pair(net, column, stage, y, high, { m, line, pictures }) {
  const layer = column.layer;
  const [n, before] = [net.sizes[layer - 1], net.sizes[layer - 2]];
  const [first, second] = stage.names;
  const vectors = MATRICES.has(first);
  const split = vectors
    ? column.w - GAP - clamp(Math.round(column.w / (before + 1)), column.w < 220 ? 12 : 16, 72)
    : Math.floor((column.w - GAP) / 2);
  // The caption of a narrow strip needs more room than the strip.
  const words = vectors ? Math.min(split, column.w - GAP - Math.max(column.w - split - GAP, line * (column.w > 260 ? 4.8 : 3.6))) : split;
  const asPictures = vectors && layer === 2 && pictures && net.picture;
  return [
    [first, { x: column.x, w: split }, { x: column.x, w: words }, vectors ? before : m, asPictures],
    [
      second,
      { x: column.x + split + GAP, w: column.w - split - GAP },
      { x: column.x + words + GAP, w: column.w - words - GAP },
      vectors ? 1 : m,
      false,
    ],
  ].map(([name, room, words, cols, tiled]) => {
    const space = { ...room, y: y + line, h: high };
    const shape = { id: `${name}.${layer}`, name, layer, rows: n, cols, alignEnd: name === "b" };
    return {
      ...shape,
      caption: { ...words, y, h: line },
      right: vectors && cols === 1,
      ...(tiled ? tiles(space, n, net.picture) : cells(space, n, cols)),
    };
  });
}

/** A matrix of n x cols cells in this space: whole pixels where little is lost by it, pooled below one pixel. */
export function cells(space, rows, cols) {
  const [high, blockRows] = fitted(rows, space.h);
  const [wide, blockCols] = fitted(cols, space.w);
  return { box: { x: space.x, y: space.y, w: wide, h: high }, block: [blockRows, blockCols], tiles: null };
}

/** [the length drawn, how many of the n are one cell]. */
function fitted(n, room) {
  const block = Math.max(1, Math.ceil(n / Math.floor(room)));
  const shown = Math.ceil(n / block);
  const whole = Math.floor(room / shown) * shown;
  return [room - whole <= 0.16 * room ? whole : room, block];
}

function spare(n, room) {
  const shown = Math.ceil(n / Math.max(1, Math.ceil(n / room)));
  const left = room - Math.floor(room / shown) * shown;
  return left <= 0.16 * room ? left / 4 : left;
}

/** One picture for each of n neurons, as large as they fit, with a gap of a pixel or two. */
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
    box: { x: space.x, y: space.y, w: pitch * across - Math.min(gap, pitch - w), h: Math.min(space.h, (h + gap) * down - gap) },
    block: [block, block],
    tiles: { across, down, w, h, dx: pitch, dy: h + gap, rows, cols },
  };
}

/** Where the examples of the input column stand: `picture` and `text` boxes of those in view. */
export function examples(rect, m, { font = 12, scroll = 0, stacked = false }) {
  const line = font + 4;
  const roomy = !stacked && rect.h / m >= 2 * line + 2;
  const [cellWidth, cellHeight] = roomy
    ? [rect.w, Math.min(Math.floor(rect.h / m), 72)]
    : stacked ? [56, 68] : [Math.floor(rect.w / Math.floor(rect.w / 44)), 28 + line + 4];
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
    const side = roomy ? Math.min(cellHeight - 6, Math.floor(rect.w * 0.5)) : Math.min(cellWidth - 8, cellHeight - line - 6);
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

export function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

export function isExamples(net, panel) {
  return net.quantities.find((q) => q.name === panel.name).columns === "examples";
}

/**
 * What is at (x, y): {panel, j, k}, the first cell of the block there, or {example, j}, an example and the input
 * under the pointer (null beside its picture), or null.
 */
export function hit(layout, net, m, x, y, scroll = 0) {
  const panel = layout.panels.find(({ box }) => inside(box, x, y));
  if (panel) return panelHit(panel, x, y);
  const { list } = layout.inputs;
  if (!inside(list, x, y)) return null;
  const cells = examples(list, m, { font: layout.font, scroll, stacked: layout.stacked });
  const cell = cells.shown.find(({ box }) => inside(box, x, y));
  if (!cell) return null;
  return { example: cell.example, j: net.picture ? pixelAt(cell.picture, net.picture, x, y) : null };
}

function panelHit(panel, x, y) {
  const { box, block, tiles, rows, cols } = panel;
  if (!tiles) {
    const shown = [Math.ceil(rows / block[0]), Math.ceil(cols / block[1])];
    const j = Math.min(Math.floor(((y - box.y) / box.h) * shown[0]), shown[0] - 1) * block[0];
    const k = Math.min(Math.floor(((x - box.x) / box.w) * shown[1]), shown[1] - 1) * block[1];
    return { panel, j, k };
  }
  const [c, r] = [Math.floor((x - box.x) / tiles.dx), Math.floor((y - box.y) / tiles.dy)];
  const j = r * tiles.across + c;
  const place = { x: box.x + c * tiles.dx, y: box.y + r * tiles.dy, w: tiles.w, h: tiles.h };
  if (c >= tiles.across || j >= rows || !inside(place, x, y)) return null;
  const row = Math.floor(Math.floor(((y - place.y) / place.h) * tiles.rows) / block[0]) * block[0];
  const col = Math.floor(Math.floor(((x - place.x) / place.w) * tiles.cols) / block[1]) * block[1];
  return { panel, j, k: row * tiles.cols + col, inTile: [row, col] };
}

function pixelAt({ x: left, y: top, w, h }, [rows, cols], x, y) {
  const scale = Math.min(w / cols, h / rows);
  const [c, r] = [Math.floor((x - left) / scale), Math.floor((y - top) / scale)];
  return c >= 0 && r >= 0 && c < cols && r < rows ? r * cols + c : null;
}

/** Rectangles that light up with a cell: its neuron's row, its column in the next weights; `own` is the cell itself. */
export function lights(layout, net, m, cell, scroll = 0) {
  const { name, layer, j, k } = cell;
  const lit = [];
  let own = null;
  for (const panel of layout.panels) {
    const matrix = MATRICES.has(panel.name);
    if (panel.layer === layer) {
      if (panel.name === name) own = place(panel, j, VECTORS.has(name) ? 0 : k);
      lit.push(row(panel, j, isExamples(net, panel) ? m : panel.cols));
    } else if (panel.layer === layer + 1 && matrix) {
      lit.push(...columnOf(panel, j));
    } else if (panel.layer === layer - 1 && MATRICES.has(name) && panel.name === "a") {
      lit.push(row(panel, k, m));
    }
  }
  const onInputs = inputLights(layout, net, m, cell, scroll);
  if (name === "a" && layer === 1) own = onInputs.own;
  return { lit: [...lit, ...onInputs.lit], own };
}

function inputLights(layout, net, m, { name, layer, j, k }, scroll) {
  const { shown } = examples(layout.inputs.list, m, { font: layout.font, scroll, stacked: layout.stacked });
  const pixel = layer === 1 ? j : layer === 2 && MATRICES.has(name) ? k : null;
  const example = MATRICES.has(name) || VECTORS.has(name) ? null : k;
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

/** Where cell (j, k) of a panel is drawn. */
function place({ box, block, tiles, rows, cols }, j, k) {
  if (tiles) {
    const [w, h] = [(tiles.w / Math.ceil(tiles.cols / block[1])), (tiles.h / Math.ceil(tiles.rows / block[0]))];
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

function row(panel, j, m) {
  const { box, tiles, cols } = panel;
  if (tiles) return { ...place(panel, j, 0), w: tiles.w, h: tiles.h };
  return { ...place(panel, j, 0), w: (box.w * Math.min(m, cols)) / cols };
}

function columnOf(panel, k) {
  const { box, tiles, rows } = panel;
  if (tiles) return Array.from({ length: rows }, (_, j) => place(panel, j, k));
  return [{ ...place(panel, 0, k), y: box.y, h: box.h }];
}

function inside({ x, y, w, h }, px, py) {
  return px >= x && py >= y && px < x + w && py < y + h;
}
