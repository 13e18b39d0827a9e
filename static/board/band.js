// @ts-check
// The band above the board: the phase's equation, its symbols in the colours of their panels, what happens, the code.

import { el, text } from "./dom.js";
import { partsOf } from "./net.js";
import { observed } from "./observe.js";
import { shapeOf } from "./words.js";

/**
 * @typedef {import("../types/board.js").Frame} Frame
 * @typedef {import("../types/board.js").Net} Net
 * @typedef {import("../types/board.js").Part} Part
 * @typedef {{net: Net, frame: Frame, phase: number, example: number | null, one: boolean, roles: string[],
 *   hidden: readonly string[]}} State
 */

/** @type {Record<string, string>} */
const RAISED = Object.fromEntries([..."⁰¹²³⁴⁵⁶⁷⁸⁹ˡ⁺⁻ᵀ"].map((letter, i) => [letter, "0123456789l+−T"[i]]));
/** @type {Record<string, string>} */
const LOWERED = { ₓ: "x" };
const SCRIPTS = /([⁰¹²³⁴⁵⁶⁷⁸⁹ˡ⁺⁻ᵀ]+|ₓ)/;
const COMMENT = /^\s*(#|"""|def )/;

export class BandView {
  /** @param {{point: (panels: string[]) => void}} on */
  constructor(on) {
    this.on = on;
    this.equation = el("div", { class: "equation", "data-testid": "equation" });
    this.words = el("p", { class: "says", "data-testid": "says" });
    this.code = el("pre", { class: "code", tabindex: "0", hidden: true });
    this.button = el(
      "button",
      {
        type: "button",
        class: "code-button",
        "data-testid": "code",
        "aria-expanded": "false",
        title: "the code of this phase",
      },
      "code",
    );
    this.button.onmousedown = (event) => event.preventDefault();
    this.button.onclick = () => this.toggleCode();
    this.node = el("div", { class: "band" }, this.equation, this.words, this.button, this.code);
    /** @type {unknown[]} */
    this.shown = []; // what the equation is made of
    /** @type {WeakMap<Part[], {of: unknown[], nodes: HTMLElement[]}>} */
    this.equations = new WeakMap(); // those that were shown
    this.source = ""; // the code of the phase
  }

  /** Have something else said instead, while there is something. @param {Node} node */
  say(node) {
    this.words.after(node);
  }

  /** @param {State} state */
  show(state) {
    const { net, frame, phase, example, one, roles, hidden } = state;
    const band = net.bandOf(frame, phase);
    const mean = example === null;
    const m = one ? 1 : frame.m;
    const now = [net, band, mean, m, roles];
    if (now.some((value, i) => value !== this.shown[i])) {
      this.shown = now;
      this.on.point([]); // the symbol that was pointed at is gone
      this.equation.replaceChildren(...this.nodesOf(mean ? band.meanEquation : band.equation, state, m));
      this.mark(null); // they may have been lit when they were shown before
      this.source = net.phases[phase].code;
      this.showCode();
    }
    const isGradient = net.phases[phase].computes.some((panel) => net.quantity(partsOf(panel)[0]).isGradient);
    const whose = !one && !mean && isGradient ? `Of example ${example + 1} alone.` : "";
    const found = frame.less ? "" : observed(net, frame, phase, example, hidden);
    const says = [whose, mean && (one || isGradient) ? band.meanText : band.text, found].filter(Boolean).join(" ");
    text(this.words, says.replaceAll(" = ", "\u00a0=\u00a0")); // so that no line ends between a symbol and its number
  }

  /**
   * The elements of an equation, made once.
   * @param {Part[]} parts
   * @param {State} state
   * @param {number} m
   */
  nodesOf(parts, { net, frame, phase, roles }, m) {
    const known = this.equations.get(parts);
    const of = [net, m, roles];
    if (known?.of.every((value, i) => value === of[i])) return known.nodes;
    const panelRoles = net.roles(frame, phase);
    const nodes = parts.map((part) => this.part(part, net, panelRoles, roles, m));
    this.equations.set(parts, { of, nodes });
    return nodes;
  }

  /**
   * @param {Part} part
   * @param {Net} net
   * @param {Map<string, number>} panelRoles
   * @param {string[]} roles
   * @param {number} m
   */
  part({ text: words, panels }, net, panelRoles, roles, m) {
    if (!panels.length) return el("span", { class: "sign" }, ...scripts(words));
    const role = Math.min(panelRoles.get(panels[0]) ?? 0, roles.length - 1);
    const shape = panels.length === 1 ? shapeOf(net, panels[0], m) : "";
    const node = el(
      "span",
      { class: "symbol", style: `color:${roles[role]}`, "data-panels": panels.join(" ") },
      ...scripts(words),
      el("small", {}, shape),
    );
    node.onpointerenter = () => this.on.point(panels);
    node.onpointerleave = () => this.on.point([]);
    return node;
  }

  /** Mark the symbols of a panel that is pointed at. @param {string | null} panel */
  mark(panel) {
    for (const node of this.equation.querySelectorAll(".symbol")) {
      const panels = /** @type {HTMLElement} */ (node).dataset.panels.split(" ");
      node.classList.toggle("lit", panel !== null && panels.includes(panel));
    }
  }

  toggleCode() {
    this.code.hidden = !this.code.hidden;
    this.button.setAttribute("aria-expanded", String(!this.code.hidden));
    this.showCode();
  }

  showCode() {
    if (!this.code.hidden) this.code.replaceChildren(...lines(this.source));
  }

  /** Close the code; whether it was open. */
  close() {
    if (this.code.hidden) return false;
    this.toggleCode();
    return true;
  }
}

/** Text whose raised and lowered letters are set as such, in the equation's own font. @param {string} words */
function scripts(words) {
  return words.split(SCRIPTS).map((piece, i) => {
    if (!(i % 2)) return piece;
    const plain = [...piece].map((letter) => RAISED[letter] ?? LOWERED[letter]).join("");
    return el(piece[0] in RAISED ? "sup" : "sub", {}, plain);
  });
}

/** The lines of a function; those that compute stand out. @param {string} code */
function lines(code) {
  let inDocstring = false;
  return code.split("\n").map((line) => {
    const quotes = line.split('"""').length - 1;
    const plain = inDocstring || quotes > 0 || COMMENT.test(line);
    if (quotes % 2) inDocstring = !inDocstring;
    return el(plain ? "span" : "strong", {}, `${line}\n`);
  });
}
