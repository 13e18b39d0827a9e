// The DOM around the canvas: transport, position in words, phase chips, toolbar, read-out, help.

import { chip, count, exampleName, KEYS, MARKS, whereNow } from "./words.js";

const RATES = [0.5, 1, 2, 5, 10, 20, 30];
const ICONS = {
  epoch_back: "M4 4v12M16 4l-5 6 5 6M10.5 4l-5 6 5 6",
  batch_back: "M15.5 4l-5 6 5 6M9 4l-5 6 5 6",
  phase_back: "M12.5 4l-5 6 5 6",
  phase_next: "M7.5 4l5 6-5 6",
  batch_next: "M4.5 4l5 6-5 6M11 4l5 6-5 6",
  epoch_next: "M16 4v12M4 4l5 6-5 6M9.5 4l5 6-5 6",
};
const TIPS = {
  epoch_back: "an epoch back (Ctrl ←)",
  batch_back: "a mini-batch back (Shift ←)",
  phase_back: "a phase back (←)",
  phase_next: "a phase on (→)",
  batch_next: "a mini-batch on (Shift →)",
  epoch_next: "an epoch on (Ctrl →)",
};
const SEGMENTS = [
  ["scale", "scale", [["panel", "per panel"], ["shared", "shared by row"], ["locked", "locked"]]],
  ["magnitudes", "magnitudes", [["linear", "linear"], ["log", "log"]]],
  ["gradient", "gradient", [["signed", "∇w"], ["size", "|∇w|"]]],
  ["first", "w²", [["pictures", "pictures"], ["matrix", "matrix"]]],
];

/** An element with attributes and children; text is text, never markup. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}

function icon(path, filled = false) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", path);
  if (filled) line.setAttribute("class", "solid");
  svg.append(line);
  return svg;
}

function button(name, label, content, attributes = {}) {
  return el("button", { type: "button", "data-testid": name, "aria-label": label, title: label, ...attributes }, content);
}

function select(name, label, options) {
  return el(
    "select",
    { "data-testid": name, "aria-label": label, title: label },
    ...options.map(([value, text]) => el("option", { value }, text)),
  );
}

/** Builds everything once; `on` has a function for each thing that people do. */
export function controls(on) {
  const parts = { chips: [], segments: {} };
  const moves = Object.fromEntries(
    Object.keys(ICONS).map((name) => [name, button(name, TIPS[name], icon(ICONS[name]))]),
  );
  for (const [name, node] of Object.entries(moves)) node.onclick = () => on.move(name);
  parts.play = button("play", "play (Space)", icon("M6 3.5v13l10.5-6.5z", true), { class: "play" });
  parts.play.onclick = on.play;
  parts.step = el("input", { type: "range", min: 1, max: 1, step: 1, "data-testid": "step", "aria-label": "mini-batch of the run" });
  parts.number = el("input", { type: "number", min: 1, step: 1, "data-testid": "step_number", "aria-label": "go to mini-batch", title: "go to a mini-batch of the run (Enter)" });
  parts.of = el("span", { class: "of" });
  parts.rate = select("play_rate", "moves a second", RATES.map((r) => [r, `${r} / s`]));
  parts.unit = select("play_unit", "what to play", [["phase", "phases"], ["batch", "mini-batches"]]);
  parts.direction = select("play_direction", "direction", [["1", "forwards"], ["-1", "backwards"]]);
  const transport = el(
    "div",
    { class: "transport", role: "group", "aria-label": "transport" },
    el("div", { class: "moves" }, moves.epoch_back, moves.batch_back, moves.phase_back, parts.play, moves.phase_next, moves.batch_next, moves.epoch_next),
    el("div", { class: "scrub" }, parts.step, parts.number, parts.of),
    el("div", { class: "playset" }, parts.rate, parts.unit, parts.direction),
  );

  parts.where = el("span", { class: "where", "data-testid": "where_now" });
  parts.lag = el("span", { class: "lag", "data-testid": "real_rate", hidden: true });
  parts.example = button("example_mean", "show the mean of the mini-batch", "", { class: "name" });
  const back = button("example_back", "the example before (↑)", icon("M12.5 4l-5 6 5 6"));
  const next = button("example_next", "the next example (↓)", icon("M7.5 4l5 6-5 6"));
  back.onclick = () => on.example(-1);
  next.onclick = () => on.example(1);
  parts.example.onclick = () => on.example(0);
  const help = button("help", "keys and marks (?)", "?", { class: "help" });
  help.onclick = on.help;
  const options = button("view_options", "how the board draws", "View", { class: "options", "aria-expanded": "false" });
  options.onclick = () => options.setAttribute("aria-expanded", String(parts.toolbar.classList.toggle("open")));
  const line = el(
    "div", { class: "line" }, parts.where, parts.lag,
    el("div", { class: "picker", role: "group", "aria-label": "example" }, back, parts.example, next), options, help,
  );

  parts.chipRow = el("div", { class: "chips", role: "group", "aria-label": "phases of the mini-batch" });
  parts.toolbar = el("div", { class: "toolbar" });
  for (const [name, label, choices] of SEGMENTS) {
    const options = choices.map(([value, text]) => {
      const node = el("button", { type: "button", "data-testid": `${name}_${value}`, "aria-pressed": "false" }, text);
      node.onclick = () => on.view(name, value);
      return [value, node];
    });
    parts.segments[name] = new Map(options);
    const group = el("div", { class: "segment", role: "group", "aria-label": label }, el("span", { class: "label" }, label), ...options.map(([, node]) => node));
    if (name === "first") parts.firstGroup = group;
    parts.toolbar.append(group);
  }
  parts.key = el("div", { class: "key", role: "img", "aria-label": "colours: negative, zero, positive; magnitudes from zero" },
    el("span", {}, "−"), el("i", { class: "diverging" }), el("span", {}, "+"), el("span", { class: "second" }, "0"), el("i", { class: "sequential" }), el("span", {}, "max"));
  parts.toolbar.append(parts.key);
  parts.readout = el("div", { class: "readout", "data-testid": "readout", "aria-live": "off" });
  wireFields(parts, on);
  keepFocusOff([transport, line, parts.chipRow, parts.toolbar]);
  return { parts, nodes: { transport, line, chips: parts.chipRow, toolbar: parts.toolbar, readout: parts.readout } };
}

function wireFields(parts, on) {
  parts.step.oninput = () => on.step(Number(parts.step.value) - 1);
  parts.step.onpointerup = () => parts.step.blur();
  parts.number.onchange = () => {
    const wanted = Math.round(Number(parts.number.value));
    if (parts.number.value !== "" && Number.isFinite(wanted)) on.step(wanted - 1);
  };
  parts.number.onkeydown = (event) => {
    if (event.key === "Enter" || event.key === "Escape") parts.number.blur();
  };
  parts.number.onblur = () => (parts.number.value = parts.number.defaultValue);
  const touched = new WeakSet(); // chosen with the pointer: then the keys are the page's again
  for (const field of [parts.rate, parts.unit, parts.direction]) {
    field.onpointerdown = () => touched.add(field);
    field.onchange = () => {
      on.playing({ rate: Number(parts.rate.value), unit: parts.unit.value, direction: Number(parts.direction.value) });
      if (touched.delete(field)) field.blur();
    };
  }
}

/** A press with the pointer leaves the focus, and with it the keys, where it was. */
function keepFocusOff(nodes) {
  for (const node of nodes) {
    node.addEventListener("mousedown", (event) => {
      if (event.target.closest("button")) event.preventDefault();
    });
  }
}

/** Chips of a network's phases. */
export function setPhases(parts, net, on) {
  parts.chips = net.phases.map((phase, i) => {
    const node = el("button", { type: "button", "data-testid": `chip_${i}`, title: `phase ${i + 1}: ${phase.title}` }, chip(phase, net.phases.length > 9));
    node.onclick = () => on.phase(i);
    return node;
  });
  parts.chipRow.replaceChildren(...parts.chips);
  parts.firstGroup.hidden = !net.picture;
}

/** Show the state: {net, position, example, m, view, player, lag}. */
export function update(parts, { net, position, example, m, view, player, lag }) {
  const step = position.step + 1;
  text(parts.where, whereNow(net, position));
  parts.step.max = net.steps;
  if (Number(parts.step.value) !== step) parts.step.value = step;
  parts.step.setAttribute("aria-valuetext", `mini-batch ${count(step)} of ${count(net.steps)}`);
  parts.number.max = net.steps;
  parts.number.defaultValue = step;
  if (parts.number.getRootNode().activeElement !== parts.number) parts.number.value = step;
  text(parts.of, `of ${count(net.steps)}`);
  text(parts.example, exampleName(example, m));
  parts.example.classList.toggle("one", example !== null);
  parts.chips.forEach((node, i) => {
    flag(node, "aria-current", i === position.phase ? "step" : null);
    node.classList.toggle("past", i < position.phase);
  });
  for (const [name, options] of Object.entries(parts.segments)) {
    for (const [value, node] of options) flag(node, "aria-pressed", String(view[name] === value));
  }
  text(parts.segments.scale.get("locked"), view.scale === "locked" ? `locked at mini-batch ${count(view.lock + 1)}` : "locked");
  showPlaying(parts, player, lag);
}

function showPlaying(parts, player, lag) {
  const label = player.playing ? "stop (Space)" : "play (Space)";
  if (parts.play.title !== label) {
    parts.play.title = label;
    parts.play.setAttribute("aria-label", label);
    parts.play.replaceChildren(icon(player.playing ? "M5.5 5.5h9v9h-9z" : "M6 3.5v13l10.5-6.5z", true));
  }
  parts.rate.value = player.rate;
  parts.unit.value = player.unit;
  parts.direction.value = player.direction;
  parts.lag.hidden = lag === null;
  if (lag !== null) text(parts.lag, `really ${lag.toFixed(lag < 10 ? 1 : 0)} / s`);
}

/** The list of keys, as a dialog. */
export function helpBox(close) {
  const row = ([keys, what]) => el("div", { class: "row" }, el("dt", {}, keys), el("dd", {}, what));
  const shut = el("button", { type: "button", class: "shut" }, "Close");
  shut.onclick = close;
  const box = el(
    "div", { class: "helpbox", role: "dialog", "aria-modal": "true", "aria-label": "keys and marks", "data-testid": "help_box" },
    el("h2", {}, "Keys"), el("dl", {}, ...KEYS.map(row)), el("h2", {}, "Marks"), el("dl", {}, ...MARKS.map(row)), shut,
  );
  const cover = el("div", { class: "cover" }, box);
  cover.onclick = (event) => event.target === cover && close();
  cover.onkeydown = (event) => event.key === "Tab" && (event.preventDefault(), shut.focus());
  return { cover, focus: () => shut.focus() };
}

export function text(node, value) {
  if (node.textContent !== value) node.textContent = value;
}

function flag(node, name, value) {
  if (node.getAttribute(name) === value) return;
  if (value === null) node.removeAttribute(name);
  else node.setAttribute(name, value);
}
