// @ts-check
// The pinned number, explained beside the board: its equation, its numbers one below the other, where to go from it.

import { el } from "../board/dom.js";
import { math } from "../lecture/text.js";

/** @typedef {import("./source.js").Explained} Explained */

const WALKS = 8; // numbers to go to, in each direction

/**
 * @param {Explained} found
 * @param {(cell: string | null) => void} pin
 */
export function explanation(found, pin) {
  const { title, alone, equation, factor, terms, rest, value, notes, madeOf, goesInto } = found;
  const release = el("button", { type: "button", class: "release" }, "Release");
  release.onclick = () => pin(null);
  const rows = terms.map(({ symbols, numbers }, i) => row(symbols, i ? `+ ${numbers}` : numbers));
  if (rest) rows.push(row(`${rest.count} more`, `+ ${rest.value}`));
  return [
    el("h2", {}, title, release),
    alone ? el("p", { class: "note" }, "Of this example alone.") : "",
    math(equation.mathml),
    el(
      "table",
      {},
      ...(factor ? [row("", `${factor} · (`)] : []),
      ...rows,
      row("", `${factor ? ") " : ""}= ${value}`, "sum"),
    ),
    ...notes.map((/** @type {string} */ note) => el("p", { class: "note" }, note)),
    ...walks("Made of", madeOf, pin),
    ...walks("Goes into", goesInto, pin),
  ];
}

/** @param {string} symbols @param {string} numbers @param {string} kind */
function row(symbols, numbers, kind = "") {
  return el("tr", { class: kind }, el("td", {}, symbols), el("td", {}, numbers));
}

/** @param {string} title @param {import("./source.js").Name[]} names @param {(cell: string) => void} pin */
function walks(title, names, pin) {
  if (!names.length) return [];
  const buttons = names.slice(0, WALKS).map(({ cell, name }) => {
    const node = el("button", { type: "button" }, name);
    node.onclick = () => pin(cell);
    return node;
  });
  return [el("h3", {}, title), el("div", { class: "walks" }, ...buttons)];
}
