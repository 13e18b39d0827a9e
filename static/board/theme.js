// @ts-check
// How it looks: Streamlit's theme as the canvas needs it, and the style of the DOM around the canvas.

import { hatching } from "./draw.js";
import { css, lookup, luminance, mix, rgb, unpack } from "./scale.js";

const SMALLEST = 12; // pixels of text on the canvas

/**
 * The theme of `host` now; `colors` are the palettes of the message's net.
 * @param {HTMLElement} host
 * @param {import("../types/board.js").Palettes} colors
 */
export function themeOf(host, colors) {
  const style = getComputedStyle(host);
  const variable = (/** @type {string} */ name, /** @type {string} */ fallback) => {
    const value = style.getPropertyValue(name).trim();
    return value && value !== "unset" ? value : fallback;
  };
  const background = colourOf(variable("--st-background-color", "#ffffff"), [255, 255, 255]);
  const dark = luminance(background) < 0.2;
  const text = colourOf(variable("--st-text-color", "#11161d"), dark ? [242, 244, 247] : [17, 22, 29]);
  const primary = variable("--st-primary-color", "#0b5fc0");
  const accent = colourOf(variable("--st-link-color", primary), [11, 95, 192]);
  const border = colourOf(variable("--st-border-color", "#c3cad4"), mix(background, text, 0.25));
  const palette = dark ? colors.dark : colors.light;
  const diverging = lookup(palette.diverging);
  const sequential = lookup(palette.sequential);
  const strong = (/** @type {Uint32Array} */ table, /** @type {number} */ at) => unpack(table[at]);
  const base = parseFloat(variable("--st-base-font-size", "16")) || 16;
  const font = Math.max(SMALLEST, Math.round(base * 0.75));
  const family = variable("--st-font", "sans-serif");
  const [negative, positive] = dark
    ? [strong(diverging, 40), strong(diverging, 214)]
    : [strong(diverging, 28), strong(diverging, 226)];
  return {
    key: JSON.stringify([background, text, accent, border, family, font, palette]),
    dark,
    font,
    regular: `400 ${font}px ${family}`,
    bold: `600 ${font}px ${family}`,
    background: css(background),
    text: css(text),
    faint: css(mix(background, text, 0.68)),
    line: css(border),
    accent: css(accent),
    wrong: css(text),
    halo: css(background, 0.85),
    cover: css(background, 0.86),
    hatch: hatching(mix(background, text, 0.5)),
    negativeRgb: negative,
    positiveRgb: positive,
    negative: css(negative),
    positive: css(positive),
    diverging,
    sequential,
    gradients: { diverging: gradient(palette.diverging), sequential: gradient(palette.sequential) },
  };
}

/** @param {string[]} colours */
function gradient(colours) {
  return `linear-gradient(to right, ${colours.join(", ")})`;
}

/**
 * A CSS colour (#rgb, #rrggbb, rgb(...)) as three numbers.
 * @param {string} value
 * @param {number[]} fallback
 */
export function colourOf(value, fallback) {
  if (/^#[0-9a-f]{6}/i.test(value)) return rgb(value.slice(0, 7));
  if (/^#[0-9a-f]{3}$/i.test(value)) return rgb(`#${[...value.slice(1)].map((c) => c + c).join("")}`);
  const numbers = value.match(/[\d.]+/g);
  return value.startsWith("rgb") && numbers.length >= 3 ? numbers.slice(0, 3).map(Number) : fallback;
}

export const CSS = `
:host { display: block; }
.board {
  font: 400 14px/20px var(--st-font, sans-serif); color: var(--st-text-color); position: relative; min-width: 0;
}
.board *, .board *::before { box-sizing: border-box; }
.board [hidden] { display: none !important; }
.board {
  --soft: color-mix(in srgb, var(--st-text-color) 68%, var(--st-background-color));
  --accent: var(--st-link-color, var(--st-primary-color));
}
button, select, input { font: inherit; color: inherit; margin: 0; }
button { cursor: pointer; border: 1px solid transparent; background: none; padding: 0; border-radius: 4px; }
button:hover { background: color-mix(in srgb, var(--accent) 12%, transparent); }
button:focus-visible, select:focus-visible, input:focus-visible, .panel-button:focus-visible {
  outline: 2px solid var(--accent); outline-offset: 1px;
}
svg {
  display: block; width: 20px; height: 20px; margin: auto; fill: none; stroke: currentColor; stroke-width: 2;
  stroke-linecap: round; stroke-linejoin: round;
}
svg .solid { fill: currentColor; stroke-width: 1; }

.transport { display: flex; align-items: center; gap: 16px; height: 40px; }
.moves { display: flex; border: 1px solid var(--st-border-color); border-radius: 8px; overflow: hidden; flex: none; }
.moves button { width: 36px; height: 36px; border-radius: 0; }
.moves button + button { border-left: 1px solid var(--st-border-color); }
.moves button.play {
  width: 48px; background: var(--st-primary-color); color: #fff; border-left-color: var(--st-primary-color);
}
.moves button.play:hover { background: color-mix(in srgb, var(--st-primary-color) 85%, #000); }
.moves button:focus-visible { outline-offset: -3px; }
.scrub { display: flex; align-items: center; gap: 8px; flex: 1 1 160px; min-width: 0; }
.scrub input[type=range] {
  flex: 1; min-width: 40px; height: 36px; accent-color: var(--st-primary-color); cursor: pointer;
}
.scrub input[type=number] {
  width: 68px; height: 32px; padding: 0 4px 0 8px; border: 1px solid var(--st-border-color); border-radius: 4px;
  background: var(--st-background-color); font-variant-numeric: tabular-nums; appearance: textfield;
}
.of { color: var(--soft); white-space: nowrap; }
.playset { display: flex; gap: 4px; flex: none; }
select {
  height: 32px; padding: 0 2px; border: 1px solid var(--st-border-color); border-radius: 4px;
  background: var(--st-background-color); cursor: pointer;
}
select option { color: var(--st-text-color); background: var(--st-background-color); }

.line { display: flex; align-items: center; gap: 8px; min-height: 28px; margin-top: 4px; }
.where {
  font-weight: 600; font-variant-numeric: tabular-nums; white-space: nowrap; overflow: hidden; text-overflow: ellipsis;
  margin-right: auto;
}
.lag { color: var(--soft); white-space: nowrap; }
.picker { display: flex; border: 1px solid var(--st-border-color); border-radius: 4px; flex: none; }
.picker button { width: 26px; height: 26px; border-radius: 0; }
.picker svg { width: 16px; height: 16px; }
.picker .name {
  width: auto; min-width: 112px; padding: 0 8px; white-space: nowrap; font-variant-numeric: tabular-nums;
}
.picker .name.one { color: var(--accent); font-weight: 600; }
.help { width: 28px; height: 28px; border: 1px solid var(--st-border-color); border-radius: 4px; flex: none; }

.chips { display: flex; gap: 2px; margin-top: 4px; }
.chips button {
  flex: 1 1 0; min-width: 0; height: 26px; padding: 0 2px; white-space: nowrap; border-radius: 0; color: var(--soft);
  background: var(--st-secondary-background-color); border-bottom: 3px solid transparent; line-height: 22px;
  overflow: hidden;
}
.chips button:first-child { border-radius: 4px 0 0 4px; }
.chips button:last-child { border-radius: 0 4px 4px 0; }
.chips button.past { border-bottom-color: color-mix(in srgb, var(--accent) 45%, transparent); }
.chips button[aria-current] {
  color: var(--st-text-color); font-weight: 700;
  background: color-mix(in srgb, var(--accent) 16%, var(--st-background-color)); border-bottom-color: var(--accent);
}

.toolbar {
  display: flex; align-items: center; gap: 4px 16px; margin: 6px 0 8px; min-height: 24px; font-size: 13px;
  flex-wrap: wrap;
}
.segment { display: flex; align-items: center; }
.segment .label { color: var(--soft); margin-right: 6px; }
.segment button {
  height: 24px; padding: 0 7px; border: 1px solid var(--st-border-color); border-radius: 0; margin-left: -1px;
  white-space: nowrap; line-height: 20px;
}
.segment .label + button { border-radius: 4px 0 0 4px; }
.segment button:last-child { border-radius: 0 4px 4px 0; }
.segment button[aria-pressed=true] {
  background: color-mix(in srgb, var(--accent) 16%, var(--st-background-color)); border-color: var(--accent);
  font-weight: 600; position: relative;
}
.key { display: flex; align-items: center; gap: 4px; margin-left: auto; color: var(--soft); font-size: 12px; }
.key i { width: 56px; height: 10px; border: 1px solid var(--st-border-color); }
.key .second { margin-left: 8px; }

.picture { position: relative; overflow: hidden; }
.picture canvas { display: block; position: absolute; left: 0; top: 0; }
.picture .over { touch-action: pan-y; }
.picture.pointing .over { cursor: crosshair; }
.panel-button { position: absolute; pointer-events: none; border-radius: 2px; background: none !important; }
.zoom {
  position: absolute; width: 22px; height: 22px; background: var(--st-background-color);
  border-color: var(--st-border-color); box-shadow: 0 1px 3px rgba(0,0,0,.25);
}
.zoom:hover { background: var(--st-secondary-background-color); }
.zoom svg { width: 14px; height: 14px; }
.message {
  position: absolute; inset: 0; display: grid; place-items: center;
  background: color-mix(in srgb, var(--st-background-color) 78%, transparent); font-size: 16px;
}
.over-toolbar { position: relative; }
.computing {
  position: absolute; bottom: 0; left: 50%; transform: translateX(-50%); width: max-content;
  max-width: calc(100% - 16px); z-index: 3; display: flex; align-items: center; gap: 12px; flex-wrap: wrap;
  padding: 8px 12px; font-size: 16px; line-height: 24px; border-radius: 8px; color: var(--st-text-color);
  background: var(--st-background-color); border: 2px solid var(--accent);
}
.computing button.primary { background: var(--st-primary-color); border-color: var(--st-primary-color); color: #fff; }
.computing button { height: 32px; padding: 0 12px; border-color: var(--st-border-color); font-weight: 600; }
.readout {
  min-height: 24px; padding-top: 4px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis;
  color: var(--soft);
}
.readout strong { color: var(--st-text-color); font-weight: 600; font-variant-numeric: tabular-nums; }
.readout .pin { color: var(--accent); font-weight: 600; }

.board.transport-only :is(.toolbar, .picture, .readout, .picker) {
  display: none;
}

.cover {
  position: fixed; inset: 0; z-index: 1000; background: rgba(0,0,0,.45); display: grid; place-items: center;
  padding: 16px;
}
.helpbox {
  background: var(--st-background-color); border: 1px solid var(--st-border-color); border-radius: 8px;
  padding: 20px 24px; max-width: 620px; max-height: 100%; overflow: auto; font-size: 15px; line-height: 22px;
}
.helpbox h2 { font-size: 16px; margin: 0 0 8px; font-weight: 600; }
.helpbox dl { margin: 0 0 16px; }
.helpbox .row { display: grid; grid-template-columns: 220px 1fr; gap: 12px; padding: 3px 0; }
.helpbox dt { font-weight: 600; }
.helpbox dd { margin: 0; color: var(--soft); }
.shut { height: 36px; padding: 0 16px; border-color: var(--st-border-color); }

.board.narrow .transport { flex-wrap: wrap; height: auto; gap: 4px 8px; }
.board.narrow .moves { width: 100%; }
.board.narrow .moves button { flex: 1; height: 44px; }
.board.narrow .moves button.play { flex: 1.3; }
.board.narrow .scrub { flex: 1 1 100%; }
.board.narrow .scrub input[type=range], .board.narrow .scrub input[type=number] { height: 40px; }
.board.narrow .playset { width: 100%; }
.board.narrow .playset select { flex: 1; height: 40px; min-width: 0; }
.board.narrow .line { flex-wrap: wrap; }
.board.narrow .where { white-space: normal; width: 100%; }
.board.narrow .picker { flex: 1; }
.board.narrow .picker button { width: 44px; height: 40px; }
.board.narrow .picker .name { flex: 1; }
.board.narrow .help { width: 44px; height: 42px; }
.options { display: none; }
.board.narrow .options {
  display: block; width: 64px; height: 42px; border: 1px solid var(--st-border-color); border-radius: 4px; flex: none;
}
.board.narrow .toolbar:not(.open) .segment { display: none; }
.board.narrow .chips { flex-wrap: wrap; }
.board.narrow .chips button { flex: 1 0 44px; height: 40px; font-size: 13px; }
.board.narrow .segment button { height: 40px; padding: 0 10px; }
.board.narrow .segment .label { width: 84px; }
.board.narrow .key { margin-left: 0; }
.board.narrow .readout {
  white-space: normal; position: sticky; bottom: 0; background: var(--st-background-color); min-height: 32px;
}
.board.narrow .helpbox .row { grid-template-columns: 1fr; gap: 0; }
`;

/** For the page: words that belong to another position are faded and say so. */
export const STALE_CSS = `
.st-key-words[data-stale] > * { opacity: .35; transition: opacity .12s; }
.st-key-words[data-stale] { position: relative; }
.st-key-words[data-stale]::after {
  content: "catching up …"; position: absolute; top: 0; right: 0; z-index: 2; padding: 2px 8px; font-size: 14px;
  border-radius: 4px; color: var(--st-background-color, Canvas); background: var(--st-text-color, CanvasText);
}
`;
