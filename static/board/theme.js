// @ts-check
// How it looks: Streamlit's theme as the canvas needs it, and the style of the DOM around the canvas.

import { hatching } from "./draw.js";
import { css, lookup, luminance, mix, rgb, unpack } from "./scale.js";

const SMALLEST = 12; // pixels of text on the canvas
const LARGEST = 22;
const GROWS = { width: 98, height: 60 }; // pixels of the board and of the window for each pixel of text
const RIGHT = { light: "#0b6b3a", dark: "#5fd38d" }; // what is right, and what is wrong; a mark says the same
const ALARM = { light: "#b3151f", dark: "#ff8a80" };

/**
 * The theme of `host` now; `colors` are the palettes of the message's net.
 * @param {HTMLElement} host
 * @param {import("../types/board.js").Palettes} colors
 */
export function themeOf(host, colors, width = 0, least = 0) {
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
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches; // then nothing moves by itself
  const base = parseFloat(variable("--st-base-font-size", "16")) || 16;
  const grown = Math.min(width / GROWS.width, window.innerHeight / GROWS.height, LARGEST);
  const font = Math.max(SMALLEST, least, Math.round(base * 0.75), Math.floor(grown));
  const family = variable("--st-font", "sans-serif");
  const [negative, positive] = dark
    ? [strong(diverging, 40), strong(diverging, 214)]
    : [strong(diverging, 28), strong(diverging, 226)];
  return {
    key: JSON.stringify([background, text, accent, border, family, font, palette, still]),
    dark,
    still,
    font,
    regular: `400 ${font}px ${family}`,
    bold: `600 ${font}px ${family}`,
    large: [400, 600].map((weight) => `${weight} ${Math.round(font * 1.25)}px ${family}`),
    background: css(background),
    text: css(text),
    faint: css(mix(background, text, 0.68)),
    line: css(border),
    accent: css(accent),
    wrong: css(text),
    right: dark ? RIGHT.dark : RIGHT.light,
    alarm: dark ? ALARM.dark : ALARM.light,
    bar: css(mix(background, text, 0.4)),
    roles: palette.roles,
    classes: palette.classes,
    paper: background,
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

.head { display: flex; align-items: center; gap: 1em; min-height: 2.6em; }
.titles { flex: 1 1 auto; min-width: 0; }
h1 {
  margin: 0; font-size: 1.35em; line-height: 1.25; font-weight: 650; white-space: nowrap; overflow: hidden;
  text-overflow: ellipsis;
}
.line {
  margin: 0; line-height: 1.45; color: var(--soft); white-space: nowrap; overflow: hidden; text-overflow: ellipsis;
}
.where, .facts { font-variant-numeric: tabular-nums; }
.lag { margin-left: 1em; }
.run { display: flex; align-items: center; flex: 0 1 36em; min-width: min-content; }
.run button { width: 1.9em; height: 2em; flex: none; }
.run label { display: flex; align-items: center; white-space: nowrap; }
.board { --course: 2.9em; }
.board.compact, .board.low { --course: 2.1em; }
.course { position: relative; flex: 1; min-width: 40px; height: var(--course); margin: 0 0.2em; }
.course svg {
  position: absolute; left: 6px; top: 6px; width: calc(100% - 12px); height: calc(100% - 12px); overflow: visible;
}
.course polyline { fill: none; stroke: var(--accent); stroke-width: 2; }
.course input {
  appearance: none; position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; cursor: pointer;
  background: linear-gradient(var(--st-border-color), var(--st-border-color)) center bottom 5px / calc(100% - 12px) 1px
    no-repeat;
}
.course input::-webkit-slider-thumb {
  appearance: none; width: 12px; height: var(--course);
  background: linear-gradient(90deg, transparent 5px, var(--st-text-color) 5px 7px, transparent 7px);
}
.course input::-moz-range-thumb {
  width: 12px; height: var(--course); border: 0; border-radius: 0;
  background: linear-gradient(90deg, transparent 5px, var(--st-text-color) 5px 7px, transparent 7px);
}
.course .dot {
  position: absolute; width: 13px; height: 13px; margin: 0 0 -6.5px -6.5px; border-radius: 50%; pointer-events: none;
  background: var(--st-primary-color); border: 2px solid var(--st-background-color);
}
.course .value {
  position: absolute; right: 8px; bottom: 7px; font-size: 0.86em; line-height: 1.2; color: var(--soft);
  pointer-events: none; white-space: nowrap; font-variant-numeric: tabular-nums; padding: 0 3px;
  background: var(--st-background-color); max-width: calc(100% - 16px); overflow: hidden; text-overflow: ellipsis;
}
.course .value:empty { display: none; }
.course.falls .value { bottom: auto; top: 2px; }
.run input[type=number] {
  width: 4.6em; height: 2em; padding: 0 2px 0 6px; margin: 0 0.4em; border: 1px solid var(--st-border-color);
  border-radius: 4px; background: var(--st-background-color); font-variant-numeric: tabular-nums; appearance: textfield;
}
.of { color: var(--soft); }
select {
  height: 2.2em; padding: 0 2px; border: 1px solid var(--st-border-color); border-radius: 4px;
  background: var(--st-background-color); cursor: pointer;
}
select option { color: var(--st-text-color); background: var(--st-background-color); }

.picker { display: flex; border: 1px solid var(--st-border-color); border-radius: 6px; flex: none; }
.picker button { width: 1.9em; height: 1.9em; border-radius: 0; }
.picker svg { width: 16px; height: 16px; }
.picker .name {
  width: auto; min-width: 8.2em; padding: 0 0.4em; white-space: nowrap; font-variant-numeric: tabular-nums;
}

.stepper { display: flex; align-items: stretch; gap: 0.5em; height: 3em; margin-top: 0.4em; }
.stepper > button, .opener, .play, .stepper .phase_back {
  border: 1px solid var(--st-border-color); border-radius: 8px; height: 100%; min-width: 2.4em; flex: none;
}
.opener { padding: 0 0.7em; font-weight: 600; }
.stepper .phase_next {
  display: flex; align-items: center; gap: 0.35em; padding: 0 0.8em; font-size: 1.15em; font-weight: 700; color: #fff;
  background: var(--st-primary-color); border-color: var(--st-primary-color);
}
.stepper .phase_next:hover, .play:hover { background: color-mix(in srgb, var(--st-primary-color) 85%, #000); }
.phase_next kbd {
  font: inherit; font-size: 0.8em; font-weight: 600; line-height: 1.3; padding: 0 0.35em; border-radius: 4px;
  border: 1px solid rgb(255 255 255 / 0.55);
}
.stepper button:disabled { opacity: 0.45; cursor: default; }
.phase_next.untouched {
  outline: 3px solid color-mix(in srgb, var(--st-primary-color) 45%, transparent); outline-offset: 2px;
}
.player { display: flex; }
.player .play { border-radius: 8px 0 0 8px; }
.player .opener { border-radius: 0 8px 8px 0; border-left: 0; min-width: 1.7em; padding: 0 0.3em; }
.chips { display: flex; gap: 3px; flex: 1 1 0; min-width: 0; }
.chips button {
  flex: 1 1 auto; min-width: 0; padding: 0 0.35em; border-radius: 6px; color: var(--soft); overflow: hidden;
  background: var(--st-secondary-background-color); line-height: 1.2; font-weight: 600;
}
.chips button.begins { margin-left: 9px; }
.chips.many button { font-size: 0.86em; padding: 0; }
.chips span { display: block; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.chips small { display: block; font-size: 0.82em; font-weight: 400; white-space: nowrap; }
.chips small:empty { display: none; }
.chips button.past {
  color: var(--st-text-color);
  background: color-mix(in srgb, var(--accent) 13%, var(--st-background-color));
}
.chips button[aria-current] { color: #fff; background: var(--st-primary-color); }
.chips button:hover { outline: 2px solid var(--accent); outline-offset: -2px; }

.band {
  position: relative; display: flex; align-items: center; gap: 2em; margin: 0.5em 0; padding: 0.35em 1em;
  min-height: 4.6em; border: 1px solid var(--st-border-color); border-radius: 10px;
}
.equation {
  flex: none; max-width: 62%; font-family: "STIX Two Math", "Cambria Math", "Latin Modern Math", Georgia, serif;
  font-size: 1.85em; line-height: 1.15; white-space: pre-wrap;
}
.symbol {
  display: inline-block; text-align: center; vertical-align: top; font-style: italic; font-weight: 600; cursor: default;
}
.symbol small {
  display: block; min-height: 1.1em; font: 400 0.42em/1.1 var(--st-font, sans-serif); font-style: normal;
}
.symbol.lit, .symbol:hover { border-radius: 4px; background: color-mix(in srgb, currentColor 18%, transparent); }
.sign { vertical-align: top; }
.equation sup, .equation sub { font-size: 0.62em; line-height: 0; }
.equation sup { vertical-align: 0.5em; margin-left: 0.04em; }
.says { flex: 1; margin: 0; font-size: 1.08em; line-height: 1.35; }
.code-button { flex: none; padding: 0.2em 0.6em; color: var(--accent); text-decoration: underline; }
.code {
  position: absolute; right: 0; top: calc(100% + 4px); z-index: 4; max-width: min(100%, 52em); max-height: 60vh;
  margin: 0; padding: 0.8em 1.1em; overflow: auto; white-space: pre-wrap;
  font: 400 1em/1.5 var(--st-code-font, monospace);
  border-radius: 8px; border: 1px solid var(--st-border-color); background: var(--st-background-color);
  box-shadow: 0 6px 24px rgb(0 0 0 / 0.25);
}
.code span { color: var(--soft); }

.popover { position: relative; }
.popover > :nth-child(2) { display: none; }
.popover.open > :nth-child(2) {
  display: flex; position: absolute; right: 0; top: calc(100% + 6px); z-index: 5; gap: 0.6em; padding: 0.8em 1em;
  border-radius: 8px; border: 1px solid var(--st-border-color); background: var(--st-background-color);
  box-shadow: 0 6px 24px rgb(0 0 0 / 0.25);
}
.popover.open > .toolbar { flex-direction: column; align-items: stretch; min-width: 22em; }
.segment .label { width: 6.5em; }
.help { padding: 0; }
.segment { display: flex; align-items: center; }
.segment .label { color: var(--soft); margin-right: 6px; flex: none; }
.segment button {
  height: 2.2em; padding: 0 0.6em; border: 1px solid var(--st-border-color); border-radius: 0; margin-left: -1px;
  white-space: nowrap;
}
.segment .label + button { border-radius: 4px 0 0 4px; }
.segment button:last-child { border-radius: 0 4px 4px 0; }
.segment button[aria-pressed=true] {
  background: color-mix(in srgb, var(--accent) 16%, var(--st-background-color)); border-color: var(--accent);
  font-weight: 600; position: relative;
}
.key { display: flex; align-items: center; gap: 4px; color: var(--soft); flex: none; }
.key i { width: 56px; height: 10px; border: 1px solid var(--st-border-color); }
.key .second { margin-left: 8px; }

.scenes, .run-scene { display: contents; }
.several .scenes {
  display: grid; grid-template-columns: repeat(var(--across, 2), minmax(0, 1fr)); gap: 0.8em 24px; margin-top: 0.6em;
}
.several .run-scene { display: flex; flex-direction: column; min-width: 0; }
.run-scene h2 {
  margin: 0; font-size: 1.1em; line-height: 1.4; font-weight: 650; white-space: nowrap; overflow: hidden;
  text-overflow: ellipsis;
}
.several :is(h1, .facts) { display: none; }
.several:not(.narrow) .stepper {
  position: sticky; top: 0; z-index: 3; background: var(--st-background-color);
  box-shadow: 0 6px 6px -6px rgb(0 0 0 / 0.2);
}
.several:not(.narrow):not(.stacked) .band {
  flex-wrap: wrap; gap: 0.1em 1em; min-height: 7.4em; align-content: center; margin: 0.3em 0;
}
.several:not(.narrow):not(.stacked) .equation { font-size: 1.6em; max-width: 100%; flex: 1; }
.several:not(.narrow):not(.stacked) .says { order: 3; flex: 1 0 100%; min-height: 2.7em; font-size: 1em; }
.several :is(.zoom, .panel-button) { display: none; }

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
.over-board { position: relative; }
.computing {
  position: absolute; top: 0; left: 50%; transform: translateX(-50%); width: max-content;
  max-width: calc(100% - 16px); z-index: 3; display: flex; align-items: center; gap: 12px; flex-wrap: wrap;
  padding: 8px 12px; font-size: 16px; line-height: 24px; border-radius: 8px; color: var(--st-text-color);
  background: var(--st-background-color); border: 2px solid var(--accent);
}
.computing button.primary { background: var(--st-primary-color); border-color: var(--st-primary-color); color: #fff; }
.computing button { height: 32px; padding: 0 12px; border-color: var(--st-border-color); font-weight: 600; }
.board.asks .band { min-height: 5.9em; }
.asking .says { display: none; }
.question {
  flex: 1; min-width: 0; display: flex; align-items: center; gap: 0.4em 1em; flex-wrap: wrap; font-size: 1.12em;
  line-height: 1.4;
}
.answers { display: flex; gap: 0.5em; flex-wrap: wrap; }
.question button { height: 2.2em; padding: 0 0.8em; border-color: var(--st-border-color); font-weight: 600; }
.question kbd { font: inherit; font-size: 0.8em; color: var(--soft); margin-right: 0.5em; }
.question .wrong, .question .score { color: var(--soft); }
.ask-first[aria-pressed=true] {
  background: color-mix(in srgb, var(--accent) 16%, var(--st-background-color)); border-color: var(--accent);
}
.foot { display: flex; align-items: center; gap: 1em; }
.readout {
  flex: 1; min-width: 0; line-height: 1.45; min-height: 1.9em; padding-top: 4px; white-space: nowrap;
  overflow: hidden; text-overflow: ellipsis;
  color: var(--soft);
}
.readout strong { color: var(--st-text-color); font-weight: 600; font-variant-numeric: tabular-nums; }
.readout .pin { color: var(--accent); font-weight: 600; }

.board.compact :is(.band, h1) { display: none; }
.board.compact .picture { margin-top: 0.6em; }

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

.board.low h1, .board.low .facts { display: none; }
.board.low .head { min-height: 2em; }
.board.large :is(.head, .foot), .board:is(.large, .guided) :is(.ask-first, .popover, .play, .help) { display: none; }
.board.guided:not(.low, .narrow) .band { min-height: 7.4em; }
.board.guided:is(.low, .narrow) .says { display: none; }
.board.guided .titles { flex: 1 1 0; }
.board.guided .run { flex: 0 0 22em; }
.board.guided :is(h1, .phase_next), .board.guided.low .head, .board.guided.narrow .stepper { display: none; }
.board.low .stepper { height: 2.7em; }
.board.low .band { min-height: 3.6em; padding: 0.15em 0.8em; margin: 0.3em 0; }
.board.low .equation { font-size: 1.7em; }
.board.low.asks .band { min-height: 5.9em; }

.board.slim .chips.many small { display: none; }
.board.slim .chips.many span { white-space: normal; }
.board.slim :is(.picker, .phase_next kbd) { display: none; }
.board.slim .chips button { font-size: 0.86em; padding: 0; }

.board.narrow { display: flex; flex-direction: column; gap: 0.4em; }
.board.narrow .head { display: contents; }
.board.narrow :is(h1, .line) { white-space: normal; }
.board.narrow .band { order: 1; margin: 0; }
.board.narrow .over-board { order: 2; }
.board.narrow .picture { order: 3; }
.board.narrow .foot { order: 4; flex-wrap: wrap; }
.board.narrow .foot.reading {
  position: sticky; bottom: 116px; z-index: 2; background: var(--st-background-color);
}
.board.narrow .foot.reading .key { display: none; }
.board.narrow .readout { white-space: normal; }
.board.narrow .picker { order: 5; }
.board.narrow .run { order: 6; min-width: 0; flex: none; }
.board.narrow .picker button { width: 44px; height: 40px; }
.board.narrow .picker .name { flex: 1; }
.board.narrow .run button { width: 40px; height: 40px; }
.board.narrow .stepper {
  order: 7; flex-wrap: wrap; height: auto; gap: 6px; margin: 0; padding: 6px 0; position: sticky; bottom: 0; z-index: 3;
  background: var(--st-background-color);
}
.board.narrow .chips { flex: 1 1 100%; order: -1; overflow-x: auto; }
.board.narrow .chips button { flex: 1 0 76px; height: 44px; }
.board.narrow .stepper > button, .board.narrow .stepper > div:not(.chips) { height: 48px; }
.board.narrow .stepper .phase_next { flex: 1; justify-content: center; }
.board.narrow .band { flex-direction: column; align-items: flex-start; gap: 0.3em; }
.board.narrow.asks .band { min-height: 13em; }
.board.narrow .question { flex: none; }
.board.narrow .equation { max-width: 100%; font-size: 1.6em; }
.board.narrow .segment { flex-wrap: wrap; }
.board.narrow .segment button { height: 40px; padding: 0 10px; }
.board.narrow .segment .label { width: 100%; }
.board.narrow .popover.open > :nth-child(2) {
  position: fixed; left: 8px; right: 8px; top: auto; bottom: 8px; flex-wrap: wrap;
}
.board.narrow .helpbox .row { grid-template-columns: 1fr; gap: 0; }
`;

/** For the page: words that belong to another position are faded and say so. */
export const STALE_CSS = `
:root[data-asks-from] [class*="st-key-hides_"], :root[data-asks-from] [class*="st-key-hides_"] * {
  visibility: hidden !important;
}
.st-key-stage[data-hides] .st-key-explanation, .st-key-stage[data-hides] .st-key-explanation * {
  visibility: hidden !important;
}
.st-key-words[data-stale] > * { opacity: .35; transition: opacity .12s; }
.st-key-words[data-stale] { position: relative; }
.st-key-words[data-stale]::after {
  content: "catching up …"; position: absolute; top: 0; right: 0; z-index: 2; padding: 2px 8px; font-size: 14px;
  border-radius: 4px; color: var(--st-background-color, Canvas); background: var(--st-text-color, CanvasText);
}
`;
