// @ts-check
// A pad to draw on with mouse, finger or pen. It sends its strokes, points 0..1 from the left and from the top, each
// time the pen is lifted; Python makes an example of them.

import { appended, count, MAX_POINTS, placed } from "./strokes.js";

/** @typedef {import("./strokes.js").Point} Point */

const SIDE = 420; // CSS pixels, at most
const PEN = 0.075; // the pen's width as a share of the pad's

const CSS = `
.pad { display: flex; flex-direction: column; gap: 0.5rem; max-width: ${SIDE}px; font-family: var(--st-font); }
.pad canvas {
  width: 100%; aspect-ratio: 1; touch-action: none; cursor: crosshair; background: #fff; display: block;
  border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius); box-sizing: border-box;
}
.pad canvas:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
.pad .buttons { display: flex; gap: 0.5rem; }
.pad button {
  flex: 1; min-height: 2.5rem; font: inherit; color: var(--st-text-color); background: var(--st-background-color);
  border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius); cursor: pointer;
}
.pad button:disabled { opacity: 0.45; cursor: default; }
.pad button:hover:not(:disabled), .pad button:focus-visible { border-color: var(--st-primary-color); }
`;

/** @type {WeakMap<object, Pad>} */
const pads = new WeakMap();

/**
 * @param {{data: {strokes: Point[][]} | null, parentElement: HTMLElement | ShadowRoot, setStateValue: (name: string,
 *   value: unknown) => void}} component
 */
export default function pad({ data, parentElement, setStateValue }) {
  let instance = pads.get(parentElement);
  if (!instance) pads.set(parentElement, (instance = new Pad(parentElement)));
  instance.setStateValue = setStateValue;
  instance.receive(data);
  return () => {
    instance.end();
    pads.delete(parentElement);
  };
}

class Pad {
  /** @param {HTMLElement | ShadowRoot} parent */
  constructor(parent) {
    this.page = parent.ownerDocument;
    this.ending = new AbortController();
    /** @type {(name: string, value: unknown) => void} */
    this.setStateValue = () => {};
    /** @type {Point[][]} */
    this.strokes = [];
    /** @type {{id: number, stroke: Point[]} | null} */
    this.drawing = null; // the pointer that draws, and its stroke
    this.received = false;
    this.build(parent);
  }

  /** @param {HTMLElement | ShadowRoot} parent */
  build(parent) {
    const style = Object.assign(this.page.createElement("style"), { textContent: CSS });
    const root = Object.assign(this.page.createElement("div"), { className: "pad" });
    this.canvas = Object.assign(this.page.createElement("canvas"), { width: SIDE * 2, height: SIDE * 2, tabIndex: 0 });
    this.canvas.setAttribute("role", "img");
    this.undo = this.button("Undo", "Take back the last stroke");
    this.clear = this.button("Clear", "Start again");
    const buttons = Object.assign(this.page.createElement("div"), { className: "buttons" });
    buttons.append(this.undo, this.clear);
    root.append(this.canvas, buttons);
    parent.append(style, root);
    const { signal } = this.ending;
    this.canvas.addEventListener("pointerdown", (event) => this.start(event), { signal });
    this.canvas.addEventListener("pointermove", (event) => this.move(event), { signal });
    for (const name of /** @type {const} */ (["pointerup", "pointercancel", "lostpointercapture"])) {
      this.canvas.addEventListener(name, (event) => this.lift(event), { signal });
    }
    this.undo.addEventListener("click", () => this.set(this.strokes.slice(0, -1)), { signal });
    this.clear.addEventListener("click", () => this.set([]), { signal });
    this.paint();
  }

  /** @param {string} textContent @param {string} title */
  button(textContent, title) {
    return Object.assign(this.page.createElement("button"), {
      type: /** @type {const} */ ("button"),
      textContent,
      title,
    });
  }

  /**
   * Python's strokes count at the start only, when the visitor comes back to the page; then the pad knows better.
   * @param {{strokes: Point[][]} | null} data
   */
  receive(data) {
    if (this.received) return;
    this.received = true;
    this.strokes = (data?.strokes ?? []).map((stroke) => stroke.map(([x, y]) => [x, y]));
    this.paint();
  }

  /** @param {PointerEvent} event */
  start(event) {
    if (this.drawing || event.button !== 0 || count(this.strokes) >= MAX_POINTS) return;
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.drawing = { id: event.pointerId, stroke: [placed(event, this.canvas.getBoundingClientRect())] };
    this.strokes = [...this.strokes, this.drawing.stroke];
    this.paint();
  }

  /** @param {PointerEvent} event */
  move(event) {
    if (event.pointerId !== this.drawing?.id) return;
    event.preventDefault();
    const box = this.canvas.getBoundingClientRect();
    const events = event.getCoalescedEvents?.() ?? [];
    for (const one of events.length ? events : [event]) appended(this.drawing.stroke, placed(one, box), this.strokes);
    this.paint();
  }

  /** @param {PointerEvent} event */
  lift(event) {
    if (event.pointerId !== this.drawing?.id) return;
    this.drawing = null;
    this.send();
  }

  /** @param {Point[][]} strokes */
  set(strokes) {
    this.strokes = strokes;
    this.paint();
    this.send();
  }

  send() {
    this.setStateValue("strokes", this.strokes);
  }

  paint() {
    const c = this.canvas.getContext("2d");
    const side = this.canvas.width;
    c.clearRect(0, 0, side, side);
    c.strokeStyle = c.fillStyle = "#111";
    c.lineWidth = PEN * side;
    c.lineCap = c.lineJoin = "round";
    for (const stroke of this.strokes) {
      c.beginPath();
      const [[x, y]] = stroke;
      c.moveTo(x * side, y * side);
      if (stroke.length === 1) c.lineTo(x * side, y * side);
      for (const [u, v] of stroke.slice(1)) c.lineTo(u * side, v * side);
      c.stroke();
    }
    if (!this.strokes.length) {
      c.fillStyle = "#767676";
      c.font = `${side / 16}px sans-serif`;
      c.textAlign = "center";
      c.fillText("Draw here", side / 2, side / 2);
    }
    this.undo.disabled = this.clear.disabled = !this.strokes.length;
    const n = this.strokes.length;
    this.canvas.setAttribute("aria-label", n ? `Your drawing, ${n} stroke${n > 1 ? "s" : ""}` : "Empty pad to draw on");
  }

  end() {
    this.ending.abort();
  }
}
