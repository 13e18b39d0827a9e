// @ts-check
// The panels on the canvas. Colours of a panel are made once for a mini-batch and a scale; a phase only blits them.

import { columnNumbers, drawBars, caption as sceneCaption } from "./columns.js";
import { column, matrix } from "./frames.js";
import { drawLarge } from "./inputs.js";
import { isExamples } from "./layout.js";
import { colours, css, level, luminance, pool, unpack } from "./scale.js";
import { brief, layerTitle, rangeOf, symbol } from "./words.js";

/**
 * @typedef {import("../types/board.js").Context} Context
 * @typedef {import("../types/board.js").Matrix} Matrix
 * @typedef {import("../types/board.js").Net} Net
 * @typedef {import("../types/board.js").Panel} Panel
 * @typedef {import("../types/board.js").Rule} Rule
 * @typedef {import("../types/board.js").Scale} Scale
 * @typedef {import("../types/board.js").Scene} Scene
 * @typedef {import("../types/board.js").Theme} Theme
 */

const KEPT = 400; // coloured bitmaps
const NUMBERS = [38, 15]; // the smallest cell, in pixels, that shows its value
export const MARK = 4; // pixels, the longest mark beside a row
const BETWEEN = 5; // pixels between a caption's symbol and its range
const SQUEEZED = 0.6; // of their width the letters of a range keep at least
const LINES = 10; // cells at least this large are kept apart by a hairline

/**
 * Whether a panel is "pending", "now" (computed in this phase) or "done".
 * @param {Net} net
 * @param {readonly string[]} hidden the panels that are to be predicted first
 * @param {string} id
 * @param {number} phase
 */
export function stateOf(net, hidden, id, phase) {
  if (hidden.includes(id)) return "pending";
  const at = net.revealedIn(id);
  return phase < at ? "pending" : phase === at ? "now" : "done";
}

/**
 * How far neurons are saturated: {shares (n,): 0..1 of the examples, cells, dead}. A neuron with a kink is not
 * saturated but dead, if its slope is 0 for all examples.
 * @param {Matrix} slopes
 * @param {number[]} kinked the neurons with a kink
 * @param {number} limit
 */
export function saturation({ rows, cols, values }, kinked, limit) {
  const shares = new Float64Array(rows);
  const hasKink = new Set(kinked);
  let cells = 0;
  let dead = 0;
  for (let j = 0; j < rows; j++) {
    let flat = 0;
    for (let e = 0; e < cols; e++) if (Math.abs(values[j * cols + e]) < limit) flat++;
    if (hasKink.has(j)) {
      shares[j] = flat === cols ? 1 : 0;
      dead += shares[j];
    } else {
      shares[j] = flat / cols;
      cells += flat;
    }
  }
  return { shares, cells, dead };
}

export class Painter {
  constructor() {
    /** @type {Map<string, OffscreenCanvas>} */
    this.bitmaps = new Map();
    /** @type {Map<string, number>} */
    this.widths = new Map();
    /** @type {WeakMap<import("../types/board.js").Frame, Map<string, ReturnType<import("./columns.js").Fitted>>>} */
    this.columns = new WeakMap(); // the columns as they are written: static/board/columns.js
    /** @type {WeakMap<Context, string>} */
    this.fonts = new WeakMap(); // the font that each canvas has: to ask the canvas takes longer than to write a number
  }

  /** Colours or fonts changed. */
  forget() {
    this.bitmaps.clear();
    this.widths.clear();
    this.columns = new WeakMap();
    this.forgetFonts();
  }

  /** A canvas was emptied, and with it its font. */
  forgetFonts() {
    this.fonts = new WeakMap();
  }

  /** @param {Context} ctx @param {Scene} scene */
  heads(ctx, { layout, net, frame, theme }) {
    for (const { layer, head } of [{ layer: 1, head: layout.inputs.head }, ...layout.layers]) {
      if (!head.h) continue;
      const [name, ...rest] = layerTitle(net, frame, layer);
      const y = head.y + layout.line / 2;
      let x = head.x + this.text(ctx, theme, name, head.x, y, { bold: true, room: head.w });
      for (const part of rest) {
        const more = ` · ${part}`;
        if (x + this.width(ctx, theme, more) > head.x + head.w) break;
        x += this.text(ctx, theme, more, x, y, { faint: true });
      }
    }
  }

  /**
   * The name of a row, beside it.
   * @param {Context} ctx
   * @param {Scene} scene
   * @param {import("../types/board.js").RowTitle} row
   * @param {boolean} now whether something in it is computed in this phase
   */
  rowTitle(ctx, { layout, theme }, row, now) {
    if (this.width(ctx, theme, row.title) > row.h + layout.line * 0.9) return;
    ctx.save();
    ctx.translate(row.x + row.w / 2, row.y + row.h / 2);
    ctx.rotate(-Math.PI / 2);
    this.text(ctx, theme, row.title, 0, 0, { faint: !now, bold: now, align: "center" });
    ctx.restore();
    this.forgetFonts();
    if (!now) return;
    ctx.fillStyle = theme.accent;
    ctx.fillRect(row.x + row.w - 2, row.y, 2, row.h);
  }

  /**
   * What is inside a panel: its cells, or its symbol while it is empty.
   * @param {Context} ctx
   * @param {Scene} scene
   * @param {Panel} panel
   */
  inside(ctx, scene, panel) {
    const { net, frame, theme } = scene;
    const isPending = stateOf(net, scene.hidden, panel.id, scene.phase) === "pending";
    if (panel.as === "bars" && drawBars(ctx, scene, this, panel, !isPending)) return;
    if (isPending) return this.empty(ctx, scene, panel);
    if (panel.as === "picture") return drawLarge(ctx, scene, panel);
    const { of, values, scale } = shownIn(scene, panel);
    const { box } = panel;
    const wide = panel.tiles ? box.w : (box.w / panel.cols) * values.cols;
    if (scale.extent.broken) {
      ctx.fillStyle = theme.hatch(ctx);
      ctx.fillRect(box.x, box.y, wide, box.h);
    }
    const bitmap = this.bitmap(scene, panel, values, scale, of);
    ctx.imageSmoothingEnabled = false;
    if (panel.tiles) return drawTiles(ctx, panel, bitmap);
    ctx.drawImage(bitmap, box.x, box.y, wide, box.h);
    this.cellLines(ctx, panel, theme);
    if (panel.one) return columnNumbers(ctx, scene, this, panel, scale);
    this.cellNumbers(ctx, panel, values, scale, theme);
    if (of !== null && panel.cols > 1 && values.cols === frame.m && isExamples(net, panel))
      outlineColumn(ctx, panel, of, theme);
  }

  /**
   * What is around a panel: its outline, and its caption with symbol, notes and range.
   * @param {Context} ctx
   * @param {Scene} scene
   * @param {Panel} panel
   */
  around(ctx, scene, panel) {
    const state = stateOf(scene.net, scene.hidden, panel.id, scene.phase);
    this.outline(ctx, scene, panel, state);
    if (scene.layout.scene) {
      const scale = state === "pending" ? null : shownIn(scene, panel).scale;
      return sceneCaption(ctx, scene, this, panel, roleColour(scene, panel.id), scale);
    }
    if (state === "pending") return this.narrowSymbol(ctx, scene, panel);
    const { values, scale } = shownIn(scene, panel);
    const marksSaturation = scene.net.quantity(panel.name).marksSaturation && !scene.frame.less;
    const notes = marksSaturation ? this.marks(ctx, scene, panel, values) : [[]];
    this.caption(ctx, scene, panel, state, scale, notes);
  }

  /**
   * @param {Scene} scene
   * @param {Panel} panel
   * @param {Matrix} values
   * @param {Scale} scale
   * @param {number | null} example
   */
  bitmap({ net, frame, theme }, panel, values, { how, limits }, example) {
    const { block, tiles } = panel;
    const of = net.quantity(panel.name).isGradient || panel.one ? example : "";
    const key = [
      frame.step,
      Boolean(frame.less),
      panel.id,
      String(of),
      values.cols,
      how.kind,
      how.magnitude,
      limits[1],
      block,
      tiles ? tiles.across : "m",
      theme.dark,
    ].join("|");
    let made = this.bitmaps.get(key);
    if (made) return made;
    const table = how.kind === "diverging" ? theme.diverging : theme.sequential;
    made = tiles
      ? contactSheet(values, tiles, block, how, limits, table)
      : cellsOf(pool(values, block), how, limits, table);
    this.bitmaps.set(key, made);
    if (this.bitmaps.size > KEPT) this.bitmaps.delete(this.bitmaps.keys().next().value);
    return made;
  }

  /** @param {Context} ctx @param {Panel} panel @param {Theme} theme */
  cellLines(ctx, { box, rows, cols, block }, theme) {
    const [w, h] = [box.w / cols, box.h / rows];
    if (block[0] > 1 || block[1] > 1) return;
    ctx.fillStyle = theme.background;
    if (h >= LINES) for (let j = 1; j < rows; j++) ctx.fillRect(box.x, Math.round(box.y + j * h), box.w, 1);
    if (w >= LINES) for (let k = 1; k < cols; k++) ctx.fillRect(Math.round(box.x + k * w), box.y, 1, box.h);
  }

  /**
   * The numbers themselves, if the cells are large enough.
   * @param {Context} ctx
   * @param {Panel} panel
   * @param {Matrix} values
   * @param {Scale} scale
   * @param {Theme} theme
   */
  cellNumbers(ctx, { box, rows, cols }, values, { how, limits }, theme) {
    const [w, h] = [box.w / cols, box.h / rows];
    if (w < NUMBERS[0] || h < NUMBERS[1]) return;
    const table = how.kind === "diverging" ? theme.diverging : theme.sequential;
    for (let i = 0; i < values.values.length; i++) {
      const value = values.values[i];
      const at = level(value, how, limits);
      const light = at < 0 ? theme.dark === false : luminance(unpack(table[at])) > 0.2;
      const x = box.x + ((i % values.cols) + 0.5) * w;
      const y = box.y + (Math.floor(i / values.cols) + 0.5) * h;
      this.text(ctx, theme, brief(value), x, y, { align: "center", colour: light ? "#000" : "#fff", room: w - 2 });
    }
  }

  /** @param {Context} ctx @param {Scene} scene @param {Panel} panel @param {string} state */
  outline(ctx, scene, panel, state) {
    const { net, phase, theme } = scene;
    const { x, y, w, h } = panel.box;
    const colour = roleColour(scene, panel.id) ?? theme.faint;
    ctx.lineWidth = 1;
    if (state === "now") {
      ctx.strokeStyle = colour;
      ctx.lineWidth = 2;
      ctx.strokeRect(x - 1, y - 1, w + 2, h + 2);
    } else if (net.isUsed(panel.id, phase) && (!panel.one || roleColour(scene, panel.id))) {
      ctx.strokeStyle = colour;
      ctx.lineWidth = 2;
      ctx.setLineDash([5, 3]);
      ctx.strokeRect(x - 1, y - 1, w + 2, h + 2);
      ctx.setLineDash([]);
    } else {
      ctx.strokeStyle = theme.line;
      ctx.strokeRect(x - 0.5, y - 0.5, w + 1, h + 1);
    }
  }

  /** @param {Context} ctx @param {Scene} scene @param {Panel} panel */
  empty(ctx, { net, theme, layout }, panel) {
    if (layout.scene) return; // its caption stands over it
    const { x, y, w, h } = panel.box;
    const name = symbol(net, panel.name, panel.layer);
    if (panel.right && this.width(ctx, theme, name) > w - 2) return;
    this.text(ctx, theme, name, x + w / 2, y + h / 2, { faint: true, align: "center", room: w });
  }

  /**
   * The symbol of an empty panel that is too narrow for it stands over it.
   * @param {Context} ctx
   * @param {Scene} scene
   * @param {Panel} panel
   */
  narrowSymbol(ctx, { net, theme, layout }, { name, layer, right, box, caption }) {
    const words = symbol(net, name, layer);
    if (!right || this.width(ctx, theme, words) <= box.w - 2) return;
    this.text(ctx, theme, words, caption.x + caption.w, caption.y + layout.line / 2, { faint: true, align: "right" });
  }

  /**
   * ▸ symbol title .... notes range, as much of it as fits; the range is squeezed before it is left out. `notes`: each
   * in several forms, the longest first.
   * @param {Context} ctx
   * @param {Scene} scene
   * @param {Panel} panel
   * @param {string} state
   * @param {Scale} scale
   * @param {string[][]} notes
   */
  caption(ctx, { net, layout, theme }, panel, state, scale, notes) {
    const { x, y, w } = panel.caption;
    const middle = y + layout.line / 2;
    const name = (state === "now" ? "▸ " : "") + symbol(net, panel.name, panel.layer, scale.how.magnitude);
    const range = rangeOf(scale);
    const nameWidth = this.width(ctx, theme, name, true);
    const wanted = this.width(ctx, theme, range);
    const rangeWidth = Math.min(wanted, w - nameWidth - BETWEEN);
    const right = panel.right
      ? x + w
      : Math.min(x + w, panel.box.x + Math.max(panel.box.w, nameWidth + rangeWidth + BETWEEN));
    if (rangeWidth < SQUEEZED * wanted) {
      this.text(ctx, theme, name, panel.right ? right : x, middle, {
        align: panel.right ? "right" : "left",
        bold: true,
      });
      return;
    }
    this.text(ctx, theme, range, right, middle, { align: "right", faint: true, room: rangeWidth });
    if (panel.right) {
      this.text(ctx, theme, name, right - rangeWidth - BETWEEN, middle, { align: "right", bold: true });
      return;
    }
    this.text(ctx, theme, name, x, middle, { bold: true });
    let room = right - x - nameWidth - rangeWidth - 8;
    const { title } = net.quantity(panel.name);
    const [high, wide] = panel.block;
    const pooled = high * wide > 1 ? [`max of ${high} × ${wide}`, `${high}×${wide}`] : [];
    let from = x + nameWidth + 6;
    for (const forms of [...notes, pooled, [title]]) {
      const fits = forms.find((form) => this.width(ctx, theme, form) <= room - 6);
      if (!fits) continue;
      const taken = this.text(ctx, theme, fits, from, middle, { faint: true }) + 8;
      from += taken;
      room -= taken;
    }
  }

  /**
   * A mark at the row of each saturated neuron, longer for more examples; what to say about it.
   * @param {Context} ctx
   * @param {Scene} scene
   * @param {Panel} panel
   * @param {Matrix} values
   */
  marks(ctx, { net, frame, theme }, panel, values) {
    const { kinked } = net.layers(frame)[panel.layer - 1];
    const { shares, cells, dead } = saturation(values, kinked, net.info.saturated);
    const { x, y, w, h } = panel.box;
    const high = h / panel.rows;
    ctx.fillStyle = theme.text;
    for (let j = 0; j < shares.length; j++) {
      if (shares[j])
        ctx.fillRect(x + w + 1, y + j * high, Math.max(1.5, MARK * shares[j]), Math.max(1, Math.min(high - 0.5, 8)));
    }
    const all = (panel.rows - kinked.length) * frame.m;
    const saturated = cells ? [`${cells} of ${all} saturated`, `${cells} saturated`, `${cells} sat.`] : [];
    return [saturated, dead ? [`${dead} of ${kinked.length} dead`, `${dead} dead`] : []];
  }

  /**
   * Text about its vertical middle; gives the width.
   * @param {Context} ctx
   * @param {Theme} theme
   * @param {string} string
   * @param {number} x
   * @param {number} y
   * @param {{bold?: boolean, faint?: boolean, align?: CanvasTextAlign, colour?: string | null, room?: number, large?:
   *   boolean}} [options]
   */
  text(ctx, theme, string, x, y, options = {}) {
    const { bold = false, faint = false, align = "left", colour = null, room = Infinity, large = false } = options;
    const width = this.width(ctx, theme, string, bold, large); // sets the font
    ctx.fillStyle = colour ?? (faint ? theme.faint : theme.text);
    ctx.textBaseline = "middle";
    ctx.textAlign = align;
    if (width > room) ctx.fillText(string, x, y, room);
    else ctx.fillText(string, x, y);
    return Math.min(width, room);
  }

  /** @param {Context} ctx @param {Theme} theme @param {string} string */
  width(ctx, theme, string, bold = false, large = false) {
    const font = large ? theme.large[Number(bold)] : bold ? theme.bold : theme.regular;
    if (this.fonts.get(ctx) !== font) this.fonts.set(ctx, (ctx.font = font));
    const key = `${Number(bold)}${Number(large)}${string}`;
    let width = this.widths.get(key);
    if (width === undefined) {
      if (this.widths.size > 4000) this.widths.clear();
      this.widths.set(key, (width = ctx.measureText(string).width));
    }
    return width;
  }
}

/**
 * What a panel shows: the values, of the chosen example if it has its own, and their scale.
 * @param {Scene} scene
 * @param {Panel} panel
 */
function shownIn({ net, frame, view, ranges, example }, { name, layer, one }) {
  const of = example !== null && example < frame.m ? example : null;
  if (one) {
    const values = column(frame, net, name, layer, of);
    return { of, values, scale: ranges.of(net, frame, view, name, layer, of, true) };
  }
  return { of, values: matrix(frame, net, name, layer, of), scale: ranges.of(net, frame, view, name, layer, of) };
}

/** The colour of what a panel is to the phase, or null if it is nothing. @param {Scene} scene @param {string} panel */
export function roleColour({ net, frame, phase, theme }, panel) {
  const role = net.roles(frame, phase).get(panel);
  return role === undefined ? null : theme.roles[Math.min(role, theme.roles.length - 1)];
}

/** @param {Context} ctx @param {Panel} panel @param {number} e @param {Theme} theme */
function outlineColumn(ctx, { box, cols }, e, theme) {
  const w = box.w / cols;
  ctx.strokeStyle = theme.text;
  ctx.lineWidth = 1.5;
  ctx.strokeRect(box.x + e * w, box.y, Math.max(w, 2), box.h);
}

/** @param {Matrix} values @param {Rule} how @param {[number, number]} limits @param {Uint32Array} table */
function cellsOf(values, how, limits, table) {
  return bitmapOf(values.cols, values.rows, (pixels) => colours(values, how, limits, table, pixels));
}

/**
 * The pictures of a layer's neurons, side by side without gaps.
 * @param {Matrix} values
 * @param {import("../types/board.js").Tiles} tiles
 * @param {[number, number]} block
 * @param {Rule} how
 * @param {[number, number]} limits
 * @param {Uint32Array} table
 */
function contactSheet(values, { across, down, rows, cols }, block, how, limits, table) {
  const [high, wide] = [Math.ceil(rows / block[0]), Math.ceil(cols / block[1])];
  return bitmapOf(across * wide, down * high, (pixels) => {
    for (let j = 0; j < values.rows; j++) {
      const own = { rows, cols, values: values.values.subarray(j * rows * cols, (j + 1) * rows * cols) };
      const picture = colours(pool(own, block), how, limits, table);
      const start = Math.floor(j / across) * high * across * wide + (j % across) * wide;
      for (let r = 0; r < high; r++) pixels.set(picture.subarray(r * wide, (r + 1) * wide), start + r * across * wide);
    }
  });
}

/** @param {Context} ctx @param {Panel} panel @param {OffscreenCanvas} bitmap */
function drawTiles(ctx, { box, tiles, block, rows: n }, bitmap) {
  const [high, wide] = [Math.ceil(tiles.rows / block[0]), Math.ceil(tiles.cols / block[1])];
  for (let j = 0; j < n; j++) {
    const [r, c] = [Math.floor(j / tiles.across), j % tiles.across];
    ctx.drawImage(bitmap, c * wide, r * high, wide, high, box.x + c * tiles.dx, box.y + r * tiles.dy, tiles.w, tiles.h);
  }
}

/**
 * A small canvas of packed pixels that `fill` writes.
 * @param {number} width
 * @param {number} height
 * @param {(pixels: Uint32Array<ArrayBuffer>) => unknown} fill
 */
export function bitmapOf(width, height, fill) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  fill(new Uint32Array(image.data.buffer));
  context.putImageData(image, 0, 0);
  return canvas;
}

/** Faint diagonal lines for what is not finite. @param {number[]} colour @returns {(ctx: Context) => CanvasPattern} */
export function hatching(colour) {
  /** @type {CanvasPattern | null} */
  let pattern = null;
  return (ctx) => {
    if (pattern) return pattern;
    const tile = new OffscreenCanvas(6, 6);
    const pen = tile.getContext("2d");
    pen.strokeStyle = css(colour, 0.8);
    pen.beginPath();
    for (const at of [-6, 0, 6]) {
      pen.moveTo(at, 6);
      pen.lineTo(at + 6, 0);
    }
    pen.stroke();
    return (pattern = ctx.createPattern(tile, "repeat"));
  };
}
