// @ts-check
// Where in the run: the curve of how well the network does, with the place on it that can be dragged, and the moves by
// mini-batches and epochs.

import { button, el, field, icon, text } from "./dom.js";
import { count, curveText } from "./words.js";

/**
 * @typedef {import("../types/board.js").Curve} Curve
 * @typedef {import("../types/board.js").Net} Net
 */

/** @type {Record<string, string>} */
const ICONS = {
  epoch_back: "M4 4v12M16 4l-5 6 5 6M10.5 4l-5 6 5 6",
  batch_back: "M15.5 4l-5 6 5 6M9 4l-5 6 5 6",
  phase_back: "M12.5 4l-5 6 5 6",
  phase_next: "M7.5 4l5 6-5 6",
  batch_next: "M4.5 4l5 6-5 6M11 4l5 6-5 6",
  epoch_next: "M16 4v12M4 4l5 6-5 6M9.5 4l5 6-5 6",
};
/** @type {Record<string, string>} */
const TIPS = {
  epoch_back: "an epoch back (Ctrl ←)",
  batch_back: "a mini-batch back (Shift ←)",
  phase_back: "a phase back (←)",
  phase_next: "a phase on (→)",
  batch_next: "a mini-batch on (Shift →)",
  epoch_next: "an epoch on (Ctrl →)",
};
const SIDE = 6; // pixels beside the curve: half a thumb of the slider, as theme.js has it

/**
 * A button of the transport.
 * @param {string} name
 * @param {{move: (name: string) => void}} on
 */
export function moveButton(name, on) {
  const node = button(name, TIPS[name], icon(ICONS[name]), { class: name });
  node.onclick = () => on.move(name);
  return /** @type {HTMLButtonElement} */ (node);
}

export class RunView {
  /** @param {{move: (name: string) => void, step: (step: number) => void}} on */
  constructor(on) {
    this.slider = field({
      type: "range",
      min: 1,
      max: 1,
      step: 1,
      "data-testid": "step",
      "aria-label": "mini-batch of the run",
    });
    this.number = field({
      type: "number",
      min: 1,
      step: 1,
      "data-testid": "step_number",
      "aria-label": "go to mini-batch",
      title: "go to a mini-batch of the run (Enter)",
    });
    this.of = el("span", { class: "of" });
    this.line = svg("polyline", { "vector-effect": "non-scaling-stroke" });
    this.dot = el("i", { class: "dot" });
    this.value = el("span", { class: "value", "data-testid": "curve_value" });
    this.course = el(
      "div",
      { class: "course", "data-testid": "curve" },
      this.picture(),
      this.slider,
      this.dot,
      this.value,
    );
    const [epochBack, batchBack, batchNext, epochNext] = ["epoch_back", "batch_back", "batch_next", "epoch_next"].map(
      (name) => moveButton(name, on),
    );
    this.node = el(
      "div",
      { class: "run", role: "group", "aria-label": "place in the run" },
      epochBack,
      batchBack,
      this.course,
      batchNext,
      epochNext,
      el("label", {}, this.number, this.of),
    );
    /** @type {Curve | null} */
    this.curve = null;
    this.listen(on);
  }

  picture() {
    const picture = svg("svg", { viewBox: "0 0 1 1", preserveAspectRatio: "none", "aria-hidden": "true" });
    picture.append(this.line);
    return picture;
  }

  /** @param {{step: (step: number) => void}} on */
  listen(on) {
    const { slider, number } = this;
    slider.oninput = () => on.step(Number(slider.value) - 1);
    slider.onpointerup = () => slider.blur();
    number.onchange = () => {
      const wanted = Math.round(Number(number.value));
      if (number.value !== "" && Number.isFinite(wanted)) on.step(wanted - 1);
    };
    number.onkeydown = (event) => {
      if (event.key === "Enter" || event.key === "Escape") number.blur();
    };
    number.onblur = () => (number.value = number.defaultValue);
  }

  /**
   * @param {Net} net
   * @param {number} step
   * @param {Curve | null} curve
   */
  show(net, step, curve) {
    const { slider, number } = this;
    const shown = String(step + 1);
    slider.max = String(net.steps);
    if (slider.value !== shown) slider.value = shown;
    slider.setAttribute("aria-valuetext", `mini-batch ${count(step + 1)} of ${count(net.steps)}`);
    number.max = String(net.steps);
    number.defaultValue = shown;
    const root = /** @type {Document | ShadowRoot} */ (number.getRootNode());
    if (root.activeElement !== number) number.value = shown;
    text(this.of, `of ${count(net.steps)}`);
    if (curve !== this.curve) this.draw(net, curve);
    const across = net.steps > 1 ? step / (net.steps - 1) : 0;
    const height = curve ? valueAt(curve, step) : null;
    this.dot.hidden = height === null;
    this.dot.style.left = `calc(${SIDE}px + (100% - ${2 * SIDE}px) * ${across})`;
    if (height !== null)
      this.dot.style.bottom = `calc(${SIDE}px + (100% - ${2 * SIDE}px) * ${height / highest(curve)})`;
    text(this.value, curve ? curveText(net, curve, step) : "");
  }

  /** @param {Net} net @param {Curve | null} curve */
  draw(net, curve) {
    this.curve = curve;
    const last = Math.max(net.steps - 1, 1);
    const high = curve ? highest(curve) : 1;
    const points = (curve?.points ?? []).map(([step, value]) => `${Math.min(step / last, 1)},${1 - value / high}`);
    this.line.setAttribute("points", points.join(" "));
    this.course.classList.toggle("falls", Boolean(curve && !curve.isShare));
  }
}

/** The value at the top of the curve's picture. @param {Curve} curve */
function highest({ isShare, points }) {
  return isShare ? 1 : Math.max(1e-12, ...points.map(([, value]) => value));
}

/**
 * The curve's height at a step, between the points beside it; null where it is not known.
 * @param {Pick<Curve, "points">} curve
 * @param {number} step
 */
export function valueAt({ points }, step) {
  const next = points.findIndex(([at]) => at >= step);
  if (next < 0) return null;
  const [at, value] = points[next];
  if (at === step || next === 0) return at === step ? value : null;
  const [from, before] = points[next - 1];
  return before + ((value - before) * (step - from)) / (at - from);
}

/** @param {string} tag @param {Record<string, string>} attributes */
function svg(tag, attributes) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}
