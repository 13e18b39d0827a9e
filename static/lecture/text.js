// @ts-check
// A beat's text, as nnviz/lecture/text.py takes it apart, as nodes: nothing in it is live.

import { el } from "../board/dom.js";

/**
 * @typedef {{kind: string, text: string, panel?: string}} Piece
 * @typedef {{kind: string, pieces: Piece[]}} Paragraph
 */

/** @type {Record<string, string>} */
const TAGS = { strong: "strong", em: "em", code: "code" };

/**
 * @param {Paragraph[]} paragraphs
 * @param {(panels: string[] | null) => void} light has panels lit, or those of the beat again
 */
export function textOf(paragraphs, light) {
  return paragraphs.map(({ kind, pieces }) => {
    return el("p", { class: kind }, ...pieces.map((piece) => nodeOf(piece, light)));
  });
}

/** @param {Piece} piece @param {(panels: string[] | null) => void} light @returns {Node} */
function nodeOf({ kind, text, panel }, light) {
  if (kind === "math") return math(text);
  if (kind !== "panel") return kind in TAGS ? el(TAGS[kind], {}, text) : document.createTextNode(text);
  const node = el("button", { type: "button", class: "points", "data-panel": panel }, text);
  node.onpointerenter = node.onfocus = node.onclick = () => light([panel]);
  node.onpointerleave = node.onblur = () => light(null);
  return node;
}

/** MathML that nnviz wrote itself, taken as XML: what is not well-formed is not shown. @param {string} text */
export function math(text) {
  const { documentElement } = new DOMParser().parseFromString(text, "application/xml");
  const isMath = documentElement.localName === "math";
  return isMath ? document.importNode(documentElement, true) : document.createTextNode("");
}
