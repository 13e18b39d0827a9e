// Streamlit's theme as the canvas needs it: fonts, colours, lookup tables.

import { hatching } from "./draw.js";
import { css, lookup, luminance, mix, rgb, unpack } from "./scale.js";

const SMALLEST = 12; // pixels of text on the canvas

/** The theme of `host` now; `colors` are the palettes of the message's net. */
export function themeOf(host, colors) {
  const style = getComputedStyle(host);
  const variable = (name, fallback) => {
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
  const strong = (table, at) => unpack(table[at]);
  const base = parseFloat(variable("--st-base-font-size", "16")) || 16;
  const font = Math.max(SMALLEST, Math.round(base * 0.75));
  const family = variable("--st-font", "sans-serif");
  const [negative, positive] = dark ? [strong(diverging, 40), strong(diverging, 214)] : [strong(diverging, 28), strong(diverging, 226)];
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
    veil: css(background, 0.86),
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

function gradient(colours) {
  return `linear-gradient(to right, ${colours.join(", ")})`;
}

/** A CSS colour (#rgb, #rrggbb, rgb(...)) as three numbers. */
export function colourOf(value, fallback) {
  if (/^#[0-9a-f]{6}/i.test(value)) return rgb(value.slice(0, 7));
  if (/^#[0-9a-f]{3}$/i.test(value)) return rgb(`#${[...value.slice(1)].map((c) => c + c).join("")}`);
  const numbers = value.match(/[\d.]+/g);
  return value.startsWith("rgb") && numbers.length >= 3 ? numbers.slice(0, 3).map(Number) : fallback;
}
