// @ts-check
// The DOM around the canvas: transport, position in words, phase chips, toolbar, read-out, help.

import { button, el, flag, icon, select, text } from "./dom.js";
import { EFFECTS, partsOf } from "./net.js";
import { moveButton } from "./run.js";
import { batchText, count, duration, exampleName, KEYS, marks, symbol, whereNow } from "./words.js";

/**
 * @typedef {import("../types/board.js").Net} Net
 * @typedef {import("../types/board.js").Place} Place
 * @typedef {import("../types/board.js").View} View
 * @typedef {import("./transport.js").Player} Player
 *
 * What the viewer does.
 * @typedef {object} Actions
 * @property {(name: string) => void} move
 * @property {() => void} play
 * @property {(step: number) => void} step
 * @property {(phase: number) => void} phase
 * @property {(by: number) => void} example by 0: the mean
 * @property {(option: string, choice: string) => void} view
 * @property {(how: {rate: number, unit: string, direction: number}) => void} playing
 * @property {() => void} help
 * @property {() => void} predict whether to predict each phase first
 * @property {() => void} consent
 * @property {() => void} cancel
 *
 * @typedef {ReturnType<typeof controls>["parts"]} Parts
 */

const HIDDEN = "M3 10c3-5 11-5 14 0-3 5-11 5-14 0zM10 8.2v3.6M8.2 10h3.6M4 16 16 4";
const CROWDED = 8; // phases whose buttons have less room than they want
const RATES = [0.5, 1, 2, 5, 10, 20, 30];
/**
 * Builds everything once; listens until `signal` aborts. `run`: where in the run, which stands beside the headline.
 * @param {Actions} on
 * @param {HTMLElement} run
 * @param {AbortSignal} signal
 */
export function controls(on, run, signal) {
  const phaseNext = moveButton("phase_next", on);
  phaseNext.replaceChildren(el("span", {}, "Next"), el("kbd", {}, "→"));
  const phaseBack = moveButton("phase_back", on);
  const parts = {
    play: button("play", "play (Space)", icon("M6 3.5v13l10.5-6.5z", true), { class: "play" }),
    rate: select(
      "play_rate",
      "moves a second",
      RATES.map((r) => [String(r), `${r} / s`]),
    ),
    unit: select("play_unit", "what to play", [
      ["phase", "phases"],
      ["batch", "mini-batches"],
    ]),
    direction: select("play_direction", "direction", [
      ["1", "forwards"],
      ["-1", "backwards"],
    ]),
    headline: el("h1", { "data-testid": "headline" }),
    where: el("span", { class: "where", "data-testid": "where_now", role: "status" }),
    facts: el("span", { class: "facts", "data-testid": "facts" }),
    lag: el("span", { class: "lag", "data-testid": "real_rate", hidden: true }),
    example: el("button", {
      type: "button",
      class: "name",
      "data-testid": "example_mean",
      title: "show the mean of the mini-batch",
      "aria-live": "polite",
    }),
    chipRow: el("div", { class: "chips", role: "group", "aria-label": "phases of the mini-batch" }),
    toolbar: el("div", { class: "toolbar" }),
    key: el(
      "div",
      { class: "key", role: "img", "aria-label": "colours: negative, zero, positive; magnitudes from zero" },
      el("span", {}, "−"),
      el("i", { class: "diverging" }),
      el("span", {}, "+"),
      el("span", { class: "second" }, "0"),
      el("i", { class: "sequential" }),
      el("span", {}, "max"),
    ),
    readout: el("div", { class: "readout", "data-testid": "readout", "aria-live": "off" }),
    computing: el("div", { class: "computing", role: "status", "data-testid": "computing", hidden: true }),
    next: phaseNext,
    back: phaseBack,
    predict: button("ask_first", "predict each phase before it is shown (Q)", icon(HIDDEN), {
      class: "ask-first",
      "aria-pressed": "false",
    }),
    /** @type {HTMLElement[]} */
    chips: [],
    /** @type {Map<string, Map<string, HTMLElement>>} */
    segments: new Map(), // by option, the button of each choice
  };
  parts.play.onclick = on.play;
  parts.predict.onclick = on.predict;
  const back = button("example_back", "the example before (↑)", icon("M12.5 4l-5 6 5 6"));
  const next = button("example_next", "the next example (↓)", icon("M7.5 4l5 6-5 6"));
  back.onclick = () => on.example(-1);
  next.onclick = () => on.example(1);
  parts.example.onclick = () => on.example(0);
  const help = button("help", "keys and marks (?)", "?", { class: "help" });
  help.onclick = on.help;
  const speed = el("div", { class: "playset" }, parts.rate, parts.unit, parts.direction);
  const options = popover("view_options", "View", "how the board draws", parts.toolbar, signal);
  const playing = popover("play_options", "▾", "what is played, and how fast", speed, signal);
  const head = el(
    "div",
    { class: "head" },
    el("div", { class: "titles" }, parts.headline, el("p", { class: "line" }, parts.where, parts.facts, parts.lag)),
    el("div", { class: "picker", role: "group", "aria-label": "example" }, back, parts.example, next),
    run,
  );
  const transport = el(
    "div",
    { class: "stepper", role: "group", "aria-label": "transport" },
    phaseBack,
    parts.chipRow,
    phaseNext,
    el("div", { class: "player" }, parts.play, playing.node),
    parts.predict,
    options.node,
    help,
  );
  wireFields(parts, on);
  keepFocusOff([head, transport]);
  /** Close what is open over the board; whether something was. */
  const close = () => [options, playing].map((one) => one.close()).some(Boolean);
  return {
    parts,
    close,
    nodes: {
      head,
      transport,
      foot: el("div", { class: "foot" }, parts.readout, parts.key),
      readout: parts.readout,
      computing: parts.computing,
    },
  };
}

/**
 * A button that opens what belongs to it, over the board. A press elsewhere closes it, as `close` does.
 * @param {string} name
 * @param {string} label
 * @param {string} title
 * @param {HTMLElement} content
 * @param {AbortSignal} signal
 */
function popover(name, label, title, content, signal) {
  const opener = button(name, title, label, { class: "opener", "aria-expanded": "false" });
  const node = el("div", { class: "popover" }, opener, content);
  const set = (/** @type {boolean} */ isOpen) => {
    opener.setAttribute("aria-expanded", String(isOpen));
    node.classList.toggle("open", isOpen);
  };
  const close = () => {
    const wasOpen = node.classList.contains("open");
    set(false);
    return wasOpen;
  };
  opener.onclick = () => set(!node.classList.contains("open"));
  node.addEventListener("focusout", ({ relatedTarget: to }) => to instanceof Node && !node.contains(to) && close());
  document.addEventListener("pointerdown", (event) => event.composedPath().includes(node) || close(), { signal });
  return { node, close };
}

/**
 * @param {any} parts
 * @param {Actions} on
 */
function wireFields(parts, on) {
  const touched = new WeakSet(); // chosen with the pointer: then the keys are the page's again
  for (const box of [parts.rate, parts.unit, parts.direction]) {
    box.onpointerdown = () => touched.add(box);
    box.onchange = () => {
      on.playing({ rate: Number(parts.rate.value), unit: parts.unit.value, direction: Number(parts.direction.value) });
      if (touched.delete(box)) box.blur();
    };
  }
}

/**
 * A press with the pointer leaves the focus, and with it the keys, where it was.
 * @param {HTMLElement[]} nodes
 */
function keepFocusOff(nodes) {
  for (const node of nodes) {
    node.addEventListener("mousedown", (event) => {
      if (event.target instanceof Element && event.target.closest("button")) event.preventDefault();
    });
  }
}

/**
 * What depends on the network: a chip for each phase, the view's choices.
 * @param {Parts} parts
 * @param {Net} net
 * @param {Actions} on
 */
export function describeNetwork(parts, net, on, several = false) {
  text(parts.headline, net.info.headline);
  parts.chips = net.phases.map((phase, i) => {
    const node = el(
      "button",
      {
        type: "button",
        "data-testid": `chip_${i}`,
        title: `phase ${i + 1}: ${phase.title}`,
        class: net.phases[i - 1] && net.phases[i - 1].group !== phase.group ? "begins" : null,
      },
      el("span", {}, phase.word),
      el("small", {}, phase.equations || computed(net, phase)),
    );
    node.onclick = () => on.phase(i);
    return node;
  });
  parts.chipRow.replaceChildren(...parts.chips);
  parts.chipRow.classList.toggle("many", parts.chips.length > CROWDED);
  parts.predict.hidden = several;
  parts.segments.clear();
  const groups = net.info.viewOptions
    .filter(({ keeps, hasButton, picturesOnly }) => !keeps && !hasButton && (net.picture || !picturesOnly))
    .filter(({ severalOnly }) => several || !severalOnly)
    .map((option) => {
      const buttons = option.choices.map(({ name, label }) => {
        const node = el(
          "button",
          { type: "button", "data-testid": `${option.name}_${name}`, "aria-pressed": "false" },
          label,
        );
        node.onclick = () => on.view(option.name, name);
        return node;
      });
      parts.segments.set(option.name, new Map(option.choices.map(({ name }, i) => [name, buttons[i]])));
      return el(
        "div",
        { class: "segment", role: "group", "aria-label": option.label },
        el("span", { class: "label" }, option.label),
        ...buttons,
      );
    });
  parts.toolbar.replaceChildren(...groups);
}

/**
 * The symbols that a phase computes: z², a².
 * @param {Net} net
 * @param {import("../types/board.js").PhaseInfo} phase
 */
function computed(net, { computes }) {
  if (computes.length > 2) return "";
  return computes.map((panel) => symbol(net, ...partsOf(panel))).join(" ");
}

/**
 * Show the state.
 * @param {Parts} parts
 * @param {{net: Net, position: Place, frame: import("../types/board.js").Frame | undefined, example: number | null, m:
 *   number, view: View, player: Player, lag: number | null, isNew: boolean, hidden: readonly string[]}} state
 */
export function update(parts, { net, position, frame, example, m, view, player, lag, isNew, hidden }) {
  parts.where.setAttribute("aria-live", player.playing ? "off" : "polite");
  text(parts.where, whereNow(net, position));
  const facts = frame ? batchText(net, frame, position.phase, hidden) : "";
  text(parts.facts, facts && ` · ${facts}`);
  parts.next.classList.toggle("untouched", isNew);
  text(parts.example, exampleName(example, m));
  parts.next.disabled = position.step === net.steps - 1 && position.phase === net.phases.length - 1;
  parts.back.disabled = position.step === 0 && position.phase === 0;
  parts.chips.forEach((node, i) => {
    flag(node, "aria-current", i === position.phase ? "step" : null);
    node.classList.toggle("past", i < position.phase);
  });
  showChoices(parts, net, view);
  showPlaying(parts, player, lag);
}

/**
 * Scroll the row of phases, if it is wider than the screen, so that this one is seen.
 * @param {HTMLElement} row
 * @param {HTMLElement} chip
 */
export function followChip(row, chip) {
  if (row.scrollWidth <= row.clientWidth) return;
  const left = chip.offsetLeft - row.offsetLeft;
  if (left < row.scrollLeft || left + chip.offsetWidth > row.scrollLeft + row.clientWidth)
    row.scrollLeft = left - (row.clientWidth - chip.offsetWidth) / 2;
}

/** @param {Parts} parts @param {Net} net @param {View} view */
function showChoices(parts, net, view) {
  flag(parts.predict, "aria-pressed", String(net.effects(view).has(EFFECTS.asks)));
  for (const option of net.info.viewOptions) {
    for (const { name, label, effects } of option.choices) {
      const node = parts.segments.get(option.name)?.get(name);
      if (!node) continue;
      const chosen = view.choices[option.name] === name;
      flag(node, "aria-pressed", String(chosen));
      const locked = chosen && effects.includes(EFFECTS.fixedScale);
      text(node, locked ? `${label} at mini-batch ${count(view.lock + 1)}` : label);
    }
  }
}

/**
 * What the viewer waits for, with a way out.
 * @param {Parts} parts
 * @param {import("../types/board.js").Computing | null} computing
 * @param {Actions} on
 */
export function showComputing(parts, computing, on) {
  const { computing: node } = parts;
  node.hidden = computing === null;
  if (computing === null) return node.replaceChildren();
  const { step, seconds, needsConsent } = computing;
  const to = `mini-batch ${count(step + 1)}`;
  const long = duration(seconds);
  const words = needsConsent ? `Computing up to ${to} takes ${long}.` : `Computing to ${to}${long && `, ${long}`}`;
  const stay = button(
    "computing_cancel",
    needsConsent ? "stay here (Esc)" : "cancel (Esc)",
    needsConsent ? "Stay here" : "Cancel",
  );
  stay.onclick = on.cancel;
  const go = button("computing_go", "compute it", "Compute");
  go.classList.add("primary");
  go.onclick = on.consent;
  node.replaceChildren(el("span", {}, words), ...(needsConsent ? [go] : []), stay);
}

/**
 * @param {Parts} parts
 * @param {Player} player
 * @param {number | null} lag
 */
function showPlaying(parts, player, lag) {
  const label = player.playing ? "stop (Space)" : "play (Space)";
  if (parts.play.title !== label) {
    parts.play.title = label;
    parts.play.setAttribute("aria-label", label);
    parts.play.replaceChildren(icon(player.playing ? "M5.5 5.5h9v9h-9z" : "M6 3.5v13l10.5-6.5z", true));
  }
  parts.rate.value = String(player.rate);
  parts.unit.value = player.unit;
  parts.direction.value = String(player.direction);
  parts.lag.hidden = lag === null;
  if (lag !== null) text(parts.lag, `really ${lag.toFixed(lag < 10 ? 1 : 0)} / s`);
}

/**
 * The list of keys, as a dialog.
 * @param {Net} net
 * @param {() => void} close
 */
export function helpBox(net, close) {
  const row = (/** @type {[string, string]} */ [keys, what]) =>
    el("div", { class: "row" }, el("dt", {}, keys), el("dd", {}, what));
  const shut = el("button", { type: "button", class: "shut" }, "Close");
  shut.onclick = close;
  const box = el(
    "div",
    {
      class: "helpbox",
      role: "dialog",
      "aria-modal": "true",
      "aria-label": "keys and marks",
      "data-testid": "help_box",
    },
    el("h2", {}, "Keys"),
    el("dl", {}, ...KEYS.map(row)),
    el("h2", {}, "Marks"),
    el("dl", {}, ...marks(net).map(row)),
    shut,
  );
  const cover = el("div", { class: "cover" }, box);
  cover.onclick = (event) => event.target === cover && close();
  cover.onkeydown = (event) => {
    if (event.key !== "Tab") return;
    event.preventDefault();
    shut.focus();
  };
  return { cover, focus: () => shut.focus({ preventScroll: true }) };
}
