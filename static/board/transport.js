// @ts-check
// Moving through a run: position arithmetic, which key means which move, and the play clock. Time is handed in.

/**
 * @typedef {{phases: unknown[], steps: number, batches: number}} Run
 * @typedef {{step: number, phase: number}} Position
 */

const ANSWER_KEY = /^[1-9]$/;
const EARLY = 5000; // milliseconds that a move waits for a board
const MOVES = /^(phase|batch|epoch|example)_|^run_/;
const MEASURED = 2000; // milliseconds over which the real rate is taken
const FIELDS = new Set(["textarea", "select"]);
const BUTTONLIKE = new Set("a button summary".split(" "));
const BUTTON_ROLES = new Set(["button", "checkbox", "switch"]);
const NO_TEXT = new Set(["button", "checkbox", "radio", "submit", "reset", "range", "color", "file", "image"]);
const OWN_ARROWS = new Set([
  "slider",
  "combobox",
  "tab",
  "radio",
  "listbox",
  "option",
  "menu",
  "menuitem",
  "spinbutton",
  "textbox",
  "searchbox",
  "grid",
  "gridcell",
  "treegrid",
  "tree",
  "treeitem",
  "radiogroup",
]);

/**
 * {step, phase} moved by phases, stopping at both ends of the run.
 * @param {Run} net
 * @param {Position} position
 * @param {number} by
 * @returns {Position}
 */
function movePhases(net, { step, phase }, by) {
  const n = net.phases.length;
  const at = clamp(step * n + phase + by, 0, net.steps * n - 1);
  return { step: Math.floor(at / n), phase: at % n };
}

/**
 * Moved by mini-batches, in the same phase.
 * @param {Run} net
 * @param {Position} position
 * @param {number} by
 * @returns {Position}
 */
function moveSteps(net, { step, phase }, by) {
  return { step: clamp(step + by, 0, net.steps - 1), phase };
}

/**
 * Moved by epochs; where the run has no such epoch: its first or last mini-batch.
 * @param {Run} net
 * @param {Position} position
 * @param {number} by
 */
function moveEpochs(net, position, by) {
  return moveSteps(net, position, by * net.batches);
}

/**
 * The example after this one: 0, 1, .. m-1, then the mean (null).
 * @param {number | null} example
 * @param {number} m
 * @param {number} by
 */
export function moveExample(example, m, by) {
  const at = clamp((example ?? m) + by, 0, m > 1 ? m : 0); // the mean of one is that one
  return at === m ? null : at;
}

/**
 * One action of the transport, by name.
 * @param {Run} net
 * @param {Position} position
 * @param {string} action
 * @returns {Position}
 */
export function moved(net, position, action) {
  switch (action) {
    case "phase_back":
      return movePhases(net, position, -1);
    case "phase_next":
      return movePhases(net, position, 1);
    case "batch_back":
      return moveSteps(net, position, -1);
    case "batch_next":
      return moveSteps(net, position, 1);
    case "epoch_back":
      return moveEpochs(net, position, -1);
    case "epoch_next":
      return moveEpochs(net, position, 1);
    case "run_start":
      return { step: 0, phase: 0 };
    case "run_end":
      return { step: net.steps - 1, phase: position.phase };
    default:
      throw new Error(`no such move: ${action}`);
  }
}

/**
 * @param {Run} net
 * @param {Position} position
 * @returns {Position}
 */
export function within(net, { step, phase }) {
  return { step: clamp(step, 0, net.steps - 1), phase: clamp(phase, 0, net.phases.length - 1) };
}

/** The play clock: when the next move is due, and how fast it really goes. Nothing is skipped. */
export class Player {
  constructor() {
    this.playing = false;
    this.rate = 2; // moves a second
    /** @type {"phase" | "batch"} */
    this.unit = "phase";
    this.direction = 1;
    this.started = this.due = 0;
    /** @type {number[]} */
    this.shown = []; // when the last moves were made
  }

  /** @param {number} now */
  start(now) {
    this.playing = true;
    this.started = now;
    this.due = now;
    this.shown = [];
  }

  stop() {
    this.playing = false;
  }

  /**
   * @param {number} rate
   * @param {number} now
   */
  setRate(rate, now) {
    this.rate = rate;
    if (this.playing) this.start(now);
  }

  /**
   * Milliseconds until the next move.
   * @param {number} now
   */
  wait(now) {
    return Math.max(0, this.due - now);
  }

  /**
   * The position to show now, or null when it is not time, or its mini-batch is not at hand (`ready(step)`): then
   * the clock waits. Stops at the end of the run.
   * @param {number} now
   * @param {Run} net
   * @param {Position} position
   * @param {(step: number) => boolean} ready
   * @returns {Position | null}
   */
  tick(now, net, position, ready) {
    if (!this.playing || now < this.due) return null;
    const next = this.next(net, position);
    if (next.step === position.step && next.phase === position.phase) {
      this.stop();
      return null;
    }
    if (!ready(next.step)) return null;
    const interval = 1000 / this.rate;
    this.due = Math.max(this.due + interval, now - interval); // a late frame is made up for by one, never by a burst
    this.shown.push(now);
    while (this.shown[0] < now - MEASURED) this.shown.shift();
    return next;
  }

  /**
   * @param {Run} net
   * @param {Position} position
   */
  next(net, position) {
    return moved(net, position, `${this.unit}_${this.direction > 0 ? "next" : "back"}`);
  }

  /**
   * The real rate a second where it falls behind the chosen one by more than a tenth, else null.
   * @param {number} now
   */
  lag(now) {
    if (!this.playing || now - this.started < 1000) return null;
    const span = Math.min(now - this.started, MEASURED);
    const real = (this.shown.filter((t) => t >= now - span).length * 1000) / span;
    const counted = (this.rate * span) / 1000;
    return counted >= 3 && real < 0.9 * this.rate ? real : null;
  }
}

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

/**
 * The action that a key means, or null.
 * @param {Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "altKey" | "metaKey">} event
 */
export function action({ key, shiftKey, ctrlKey, altKey, metaKey }) {
  if (altKey || metaKey) return null;
  if (key === "ArrowLeft" || key === "ArrowRight") {
    const way = key === "ArrowLeft" ? "back" : "next";
    return ctrlKey ? `epoch_${way}` : shiftKey ? `batch_${way}` : `phase_${way}`;
  }
  if (ctrlKey) return null;
  switch (key.length === 1 ? key.toUpperCase() : key) {
    case "PageUp":
      return "phase_back";
    case "PageDown":
      return "phase_next";
    case "Home":
      return "run_start";
    case "End":
      return "run_end";
    case "ArrowUp":
      return "example_back";
    case "ArrowDown":
      return "example_next";
    case " ":
      return "play";
    case "A":
      return "change_layout";
    case "Q":
      return "ask_first";
    case "P":
      return "show_large";
    case "?":
      return "help";
    case "Escape":
      return "escape";
    default:
      return ANSWER_KEY.test(key) ? `answer_${Number(key) - 1}` : null;
  }
}

/**
 * Whether a press belongs to the widget that has the focus. `path`: the event's composed path.
 * @param {{key: string}} event
 * @param {EventTarget[]} path
 */
export function belongsElsewhere({ key }, path) {
  const target = /** @type {HTMLElement & {type?: string}} */ (path[0]);
  if (!target?.tagName) return false;
  const tag = target.tagName.toLowerCase();
  if (target.isContentEditable || FIELDS.has(tag)) return true;
  if (tag === "input") {
    if (!NO_TEXT.has(target.type)) return true;
    if (target.type === "radio") return true;
    if (target.type === "range") return key !== " " && key !== "?" && key !== "Escape";
    return key === " ";
  }
  const role = target.getAttribute("role");
  if (OWN_ARROWS.has(role)) return true;
  return key === " " && (BUTTONLIKE.has(tag) || BUTTON_ROLES.has(role));
}

/** Moves made while there is a board but it does not know its network yet. The first board that does makes them. */
export class EarlyMoves {
  constructor() {
    /** @type {{what: string, at: number}[]} */
    this.kept = [];
  }

  /**
   * Whether the action is a move, and so kept for later.
   * @param {string} what
   * @param {number} now
   */
  keep(what, now) {
    if (!MOVES.test(what)) return false;
    this.kept.push({ what, at: now });
    return true;
  }

  /** The moves of the last seconds, in order; they are forgotten here. @param {number} now */
  take(now) {
    const recent = this.kept.filter(({ at }) => now - at <= EARLY);
    this.kept = [];
    return recent.map(({ what }) => what);
  }
}

/**
 * Where a board was when it was taken off the page. React does that while other parts of the page load; the next board
 * then goes on from there, unless Python has moved since.
 */
export class LeftPlace {
  constructor() {
    /** @type {{run: string | null, jump: number | null, place: unknown} | null} */
    this.left = null;
  }

  /**
   * @template T
   * @param {string | null} run
   * @param {number | null} jump the last move that Python made
   * @param {T} place
   */
  keep(run, jump, place) {
    this.left = { run, jump, place };
  }

  /** The place, if nothing has happened since; it is forgotten here. @param {string | null} run @param {number} jump */
  take(run, jump) {
    const { left } = this;
    this.left = null;
    return left && left.run === run && left.jump === jump ? left.place : null;
  }
}

/**
 * Listen on the page until `signal` aborts. `act(action)` says whether it did something with the press.
 * @param {{page: Document, signal: AbortSignal, act: (action: string, event: KeyboardEvent) => boolean}} options
 */
export function listen({ page, signal, act }) {
  page.addEventListener(
    "keydown",
    (event) => {
      if (event.defaultPrevented || event.isComposing) return;
      const what = action(event);
      if (!what || belongsElsewhere(event, event.composedPath())) return;
      if (what !== "escape" && dialogOpen(page)) return;
      if (act(what, event)) event.preventDefault();
    },
    { signal },
  );
}

/** @param {Document} page */
function dialogOpen(page) {
  return [...page.querySelectorAll("[role=dialog]")].some((dialog) => dialog.getClientRects().length > 0);
}
