// @ts-check
// The stepping board: one mini-batch, phase by phase. Wires the modules; the design is in docs/architecture.md.
//
// The board is the authority on the position. Python is told afterwards and answers with words and with the
// mini-batches that are not here yet; it moves the board only by a new `jump`.

import { Asking } from "./asking.js";
import { controls, describeNetwork, followChip, helpBox, showComputing, update } from "./controls.js";
import { el } from "./dom.js";
import { decode, VersionError } from "./frames.js";
import { forFollowers, linkOf } from "./link.js";
import { Messenger, Timers } from "./messages.js";
import { EFFECTS } from "./net.js";
import { captioned } from "./png.js";
import { Readout } from "./readout.js";
import { RunView } from "./run.js";
import { exampleOf, phaseWith, RunScene } from "./run_scene.js";
import { CSS, STALE_CSS, themeOf } from "./theme.js";
import { EarlyMoves, LeftPlace, listen, moved, moveExample, Player, within } from "./transport.js";
import { cellOf, cellText, count, whereNow } from "./words.js";

/**
 * @typedef {import("../types/board.js").Cell} Cell
 * @typedef {import("../types/board.js").Computing} Computing
 * @typedef {import("../types/board.js").Frame} Frame
 * @typedef {import("../types/board.js").Message} Message
 * @typedef {import("../types/board.js").View} View
 * @typedef {Pick<Board, "position" | "example" | "pinned" | "view" | "touched">} Left
 */

const STALE_AFTER = 80; // milliseconds before stale words are marked
const WAITS_AFTER = 100; // milliseconds after which the board says that it waits for a mini-batch
const STAGE = ".st-key-stage"; // the board and all that is said beside it
const WORDS = ".st-key-words"; // what Python says of one mini-batch
const LEAST_HEIGHT = 420;
const COMPACT = 20; // times the text size: the height of a compact board
const SLIM = 900; // pixels of the board below which the strip alone chooses the example, and words take two lines
const LOW = 640; // pixels of the window below which the equation and the numbers need the headline's room
const MARGIN = 16; // below the board, unless its host has --below-board
const NARROW = 640;
const FRAMES_BYTES = 64 * 2 ** 20; // of all mini-batches that are kept
const BETWEEN = 24; // pixels between two runs
const SHARE = 0.5; // of the window's height, at least, for a run's picture where runs stand in several lines
const PICTURE_RATIO = 2; // pixels of a saved picture for each of the screen's
const FIRST = "A"; // the run that others are compared with
const ANSWER = "answer_";
const PRESSES = new Map([
  ["next", "phase_next"],
  ["back", "phase_back"],
]);
const PRESENTED = 16; // pixels: the least size of letters on a projector

const OUTDATED = "nnviz was updated after this page was opened. Reload the page.";

const PLACE_OF_BOARD = ".st-key-board";

/** @type {WeakMap<object, Board>} */
const boards = new WeakMap();
const early = new EarlyMoves();
const leftPlace = new LeftPlace();
let between = new AbortController(); // ends listening while one board has gone and the next has not come

/**
 * The seam between the board and its host, which is Streamlit or the viewer (static/viewer/host.js). A host calls this
 * with each message, as bytes or taken apart, and hears two things: `setStateValue("board", answer)`, where the board
 * is and what it needs, and `setTriggerValue("zoom", panel)`. Whoever is on the page hears of every move by an event on
 * the window, `nnviz-moved`, whose `detail` is `told` below, and can ask for it by `nnviz-ask`; `nnviz-left` says that
 * the board has gone. `nnviz-veil` hides what is computed at a place from a phase on; `nnviz-guide` has a lecture's
 * panels lit and hidden, and its question asked.
 * @param {{data: Uint8Array | Message, parentElement: HTMLElement | ShadowRoot, setStateValue: (name: string, value:
 *   unknown) => void, setTriggerValue: (name: string, value: unknown) => void}} component
 */
export default function board({ data, parentElement, setStateValue, setTriggerValue }) {
  let instance = boards.get(parentElement);
  if (!instance) boards.set(parentElement, (instance = new Board(parentElement)));
  Object.assign(instance, { setStateValue, setTriggerValue });
  instance.receive(data);
  return () => {
    instance.end();
    if (boards.get(parentElement) === instance) boards.delete(parentElement);
  };
}

class Board {
  /** @param {HTMLElement | ShadowRoot} parent */
  constructor(parent) {
    this.host = /** @type {HTMLElement} */ ("host" in parent ? parent.host : parent);
    this.page = this.host.ownerDocument;
    this.ending = new AbortController();
    /** @type {(name: string, value: unknown) => void} */
    this.setStateValue = () => {};
    /** @type {(name: string, value: unknown) => void} */
    this.setTriggerValue = () => {};
    /** @type {string | null} */
    this.run = null;
    this.experiment = ""; // the link of the run's start
    /** @type {number | null} */
    this.jump = null;
    /** @type {ReturnType<typeof themeOf> | null} */
    this.theme = null;
    /** @type {Uint8Array | Message | null} */
    this.lastData = null;
    this.position = { step: 0, phase: 0 };
    this.painted = { step: 0, phase: 0 }; // the last position that was on the screen
    /** @type {number | null} */
    this.example = null;
    /** @type {Cell | null} */
    this.pinned = null;
    /** @type {Cell | null} */
    this.hover = null;
    /** @type {View | null} */
    this.view = null;
    /** @type {Computing | null} */
    this.computing = null;
    /** @type {import("../types/board.js").Curve | null} */
    this.curve = null; // how well the network does over the run
    /** @type {import("../types/board.js").Paths | null} */
    this.paths = null; // of the pinned number
    this.toldLink = this.toldState = ""; // what the page was told last
    this.consent = true; // whether what is asked for is to be computed however long that takes
    this.isCompact = this.firstLook = this.ticking = this.marked = this.touched = false;
    this.width = this.height = this.sceneWidth = this.raf = 0;
    /** @type {ReturnType<typeof helpBox> | null} */
    this.help = null;
    this.player = new Player();
    this.direction = 1;
    this.timers = new Timers();
    this.messenger = new Messenger({
      board: this,
      timers: this.timers,
      send: (message) => this.setStateValue("board", message),
      showStale: (is) => this.showStale(is),
    });
    this.build(parent);
  }

  /** @param {HTMLElement | ShadowRoot} parent */
  build(parent) {
    /** @type {import("./controls.js").Actions} */
    const on = {
      move: (name) => this.act(name),
      play: () => this.act("play"),
      step: (step) => this.move({ ...this.position, step }),
      phase: (phase) => this.move({ ...this.position, phase }),
      example: (by) => this.choose(by ? moveExample(this.example, this.m, by) : null),
      view: (option, choice) => this.setView(option, choice),
      playing: (how) => this.setPlaying(how),
      help: () => this.act("help"),
      predict: () => this.act("ask_first"),
      consent: () => this.agree(),
      cancel: () => this.cancelComputing(),
    };
    this.on = on;
    this.runView = new RunView(on);
    this.controls = controls(on, this.runView.node, this.ending.signal);
    const { nodes } = this.controls;
    this.readout = new Readout(nodes.foot, nodes.readout);
    this.leader = this.newScene();
    /** @type {RunScene[]} */
    this.beside = []; // the other runs that are shown
    this.scenes = el("div", { class: "scenes" }, this.leader.node);
    this.asking = new Asking(this, (choice) => this.answer(choice));
    this.leader.over.append(nodes.computing);
    this.leader.band.say(this.asking.bandView.node);
    const style = el("style");
    style.textContent = CSS;
    this.root = el("div", { class: "board" }, nodes.head, nodes.transport, this.scenes, nodes.foot);
    parent.append(style, this.root);
    this.style = style;
    if (!this.page.getElementById("nnviz-stale")) {
      const pageStyle = el("style", { id: "nnviz-stale" });
      pageStyle.textContent = STALE_CSS;
      this.page.head.append(pageStyle);
    }
    between.abort();
    const { signal } = this.ending;
    listen({ page: this.page, signal, act: (what) => this.act(what) });
    const leave = (/** @type {Event} */ event) => isLink(event) && this.messenger.leave();
    this.page.addEventListener("click", leave, { signal, capture: true });
    window.addEventListener("nnviz-veil", (event) => this.cover(event), { signal });
    window.addEventListener("nnviz-press", (event) => this.pressed(event), { signal });
    window.addEventListener("nnviz-answer", (event) => this.answer(/** @type {CustomEvent} */ (event).detail), {
      signal,
    });
    window.addEventListener("nnviz-guide", (event) => this.follow(event), { signal });
    window.dispatchEvent(new CustomEvent("nnviz-opened")); // whoever hides numbers says so before they are painted
    window.addEventListener("nnviz-png", () => this.givePicture(), { signal });
    window.addEventListener("nnviz-ask", () => this.tellPage(true), { signal });
    window.addEventListener("popstate", () => this.messenger.leave(), { signal });
    this.root.addEventListener("pointerdown", (event) => this.takeKeys(event), { signal });
    window.addEventListener("resize", () => this.refresh(), { signal });
    // What was written before a font was there is written again.
    this.page.fonts.addEventListener("loadingdone", () => this.repaint(), { signal });
    this.observer = new ResizeObserver(() => this.width === Math.floor(this.root.clientWidth) || this.refresh());
    this.observer.observe(this.root);
  }

  /** A press on the lecturer's remote, where no lecture does it. @param {Event} event */
  pressed(event) {
    const { detail } = /** @type {CustomEvent} */ (event);
    if (this.net && !event.defaultPrevented && PRESSES.has(detail)) this.act(PRESSES.get(detail));
  }

  /** A press on the board takes the keys from a field beside it. @param {Event} event */
  takeKeys(event) {
    const { activeElement } = this.page;
    const isInside = event.composedPath().some((node) => node instanceof HTMLInputElement);
    if (!isInside && activeElement instanceof HTMLElement && activeElement !== this.host) activeElement.blur();
  }

  /** @returns {RunScene} */
  newScene() {
    const scene = new RunScene({
      point: (cell, panel, row) => this.point(scene, cell, panel, row),
      click: (cell) => this.pin(cell),
      example: (e) => this.choose(!this.isScene && this.example === e ? null : e),
      swipe: (onwards) => this.act(onwards ? "phase_next" : "phase_back"),
      zoom: (id) => this.beside.length || this.setTriggerValue("zoom", id),
    });
    return scene;
  }

  /** The run that leads, and those beside it. */
  get all() {
    return [this.leader, ...this.beside];
  }

  get net() {
    return this.leader.net;
  }

  get canvas() {
    return this.leader.canvas;
  }

  /** The mini-batches that every run has. @returns {import("./messages.js").Known} */
  get frames() {
    return this;
  }

  /** Whether all runs have this mini-batch. @param {number} step */
  has(step) {
    return this.all.every(({ frames }) => frames.has(step));
  }

  /** The mini-batches to ask for: those that some run does not have. @type {import("./frames.js").Frames["missing"]} */
  missing(step, options) {
    const missing = this.all.flatMap(({ frames }) => frames.missing(step, options));
    return [...new Set(missing)].slice(0, options.most);
  }

  // ---- from Python

  /** @param {Uint8Array | Message | null} data */
  receive(data) {
    if (this.net) this.showLesson(); // a full run may have drawn the words anew
    const isNew = data && data !== this.lastData;
    this.lastData = data;
    let changes = "everything"; // called without new data: the theme may be another one
    if (isNew) {
      try {
        changes = this.take(data instanceof Uint8Array ? decode(data) : data);
      } catch (error) {
        if (!(error instanceof VersionError)) throw error;
        this.root.replaceChildren(el("p", { role: "alert" }, OUTDATED));
        return;
      }
    }
    if (this.net && changes === "everything") this.refresh();
    else if (this.net) changes === "frame" ? this.show() : this.prerender();
    if (this.net) for (const what of early.take(performance.now())) this.act(what);
    // So that the rest of the page comes.
    if (this.firstLook) this.timers.afterPaint("notify", () => this.messenger.post());
  }

  /**
   * Take in a message. Returns "everything", "frame" (the one shown) or "": what has to be painted again.
   * @param {Message} message
   */
  take(message) {
    const state = () => [this.jump, this.leader.frames.m, this.isCompact].join();
    const before = state();
    if (message.run !== this.run) {
      this.run = message.run;
      this.jump = this.curve = this.hover = null;
      this.asking.predictions.forget();
      for (const scene of this.all) scene.forget();
      this.showBeside(message.beside.length);
    }
    this.leader.take(message, message.colors);
    this.beside.forEach((scene, i) => scene.take(message.beside[i], message.colors));
    this.nameFirst();
    if (message.network) {
      this.experiment = message.experiment ?? "";
      this.view = this.net.viewOf(message.view ?? this.view);
      describeNetwork(this.controls.parts, this.net, this.on, this.beside.length > 0);
    }
    this.isCompact = message.compact;
    this.firstLook = message.firstLook;
    this.root.classList.toggle("compact", this.isCompact);
    const pathsBefore = this.paths;
    this.paths = message.paths;
    if (message.curve) {
      this.curve = message.curve;
      if (this.net) this.runView.show(this.net, this.position.step, this.curve);
    }
    const returned = this.wait(message.computing);
    const isFirst = this.jump === null;
    this.messenger.onMessage(message, () => this.acceptJump(message));
    const place = isFirst && this.net ? leftPlace.take(this.run, message.jump) : null;
    if (place) this.goOn(/** @type {Left} */ (place));
    const { step } = this.position;
    const needed = [step, this.lock ?? step];
    if (message.network || state() !== before) return "everything";
    if (JSON.stringify(this.paths) !== JSON.stringify(pathsBefore)) return "frame";
    return returned || message.frames.some((frame) => needed.includes(frame.step)) ? "frame" : "";
  }

  /** Have places for so many runs beside the one that leads. @param {number} count */
  showBeside(count) {
    for (const { node, canvas } of this.beside) {
      canvas.stop();
      node.remove();
    }
    this.beside = Array.from({ length: count }, () => this.newScene());
    this.scenes.append(...this.beside.map(({ node }) => node));
    this.root.classList.toggle("several", count > 0);
    this.root.classList.remove("stacked");
    for (const scene of this.all) {
      scene.frames.limit = FRAMES_BYTES / this.all.length;
      scene.shareScales(this.all.filter((other) => other !== scene));
    }
  }

  /** Say to every run which one is A. */
  nameFirst() {
    const first = this.all.find((scene) => scene.name === FIRST) ?? null;
    for (const scene of this.all) scene.first = first;
  }

  /**
   * Python computes a mini-batch that was asked for: until it is there, the board stays where it was. Whether it had
   * gone there already.
   * @param {Computing | null} computing
   */
  wait(computing) {
    const returns = computing?.step === this.position.step && !this.frames.has(computing.step);
    if (returns) this.position = { ...this.painted };
    if (computing && !this.computing) this.consent = !computing.needsConsent;
    this.computing = computing;
    showComputing(this.controls.parts, computing, this.on);
    return returns;
  }

  /** Where Python has moved, its position, cell and view are the ones; whether it has. @param {Message} message */
  acceptJump({ jump, position, cell, view }) {
    if (!this.net || jump === this.jump) return false;
    this.jump = jump;
    this.position = within(this.net, position); // first: another network may not have the phase
    this.example = position.example ?? null;
    this.pinned = cellOf(cell, this.net);
    if (view) this.view = this.net.viewOf(view);
    this.stopPlaying();
    return true;
  }

  /** Go on where the board was before it was taken off the page. @param {Left} left */
  goOn({ position, example, pinned, view, touched }) {
    Object.assign(this, { position: { ...position }, example, pinned, view, touched });
    this.messenger.post();
  }

  // ---- what the viewer does

  get m() {
    return this.frame?.m ?? this.leader.frames.m;
  }

  /** The mini-batch of the run that leads, if it is here, without counting as used. */
  get frame() {
    return this.leader.frames.peek(this.position.step);
  }

  /** Whether there may be more of the run's curve than is here. */
  get asksCurve() {
    return this.net !== null && !this.beside.length && !this.firstLook && this.curve?.grows !== false;
  }

  /** The mini-batch that the viewer waits for, while it is being computed. */
  get target() {
    return this.computing?.step ?? null;
  }

  /**
   * Do a named action; whether it was one.
   * @param {string} what
   */
  act(what) {
    if (!this.net) return early.keep(what, performance.now());
    if (this.help && what !== "help" && what !== "escape") return false;
    switch (what) {
      case "play":
        this.player.playing ? this.stopPlaying(true) : this.play();
        return true;
      case "example_back":
        this.choose(moveExample(this.example, this.m, -1));
        return true;
      case "example_next":
        this.choose(moveExample(this.example, this.m, 1));
        return true;
      case "help":
        this.toggleHelp();
        return true;
      case "change_layout":
        return this.toggle(EFFECTS.scene);
      case "ask_first":
        return this.beside.length === 0 && this.toggle(EFFECTS.asks);
      case "show_large":
        return this.toggle(EFFECTS.presents);
      case "escape":
        return this.escape();
      default:
        if (what.startsWith(ANSWER)) return this.answer(Number(what.slice(ANSWER.length)));
        this.move(moved(this.net, this.position, what));
        return true;
    }
  }

  /**
   * Go there: paint and then tell Python. A mini-batch that is not here is asked for; what was seen stays a moment.
   * @param {{step: number, phase: number}} position
   */
  move(position) {
    const to = within(this.net, position);
    if (this.computing) this.cancelComputing();
    if (this.player.playing && !this.ticking) this.stopPlaying();
    if (to.step === this.position.step && to.phase === this.position.phase) return;
    this.touched = true;
    if (to.step !== this.position.step) this.direction = to.step > this.position.step ? 1 : -1;
    this.position = to;
    const here = this.frames.has(to.step);
    if (here) this.show();
    if (here && this.isScene && !this.player.playing) for (const { canvas } of this.all) canvas.flow();
    this.messenger.notify();
    if (!here && !this.timers.has("wait")) this.timers.later("wait", () => this.show(), WAITS_AFTER);
  }

  /** Compute what is waited for, however long it takes. */
  agree() {
    this.consent = true;
    this.messenger.post();
  }

  /** Stay here. */
  cancelComputing() {
    this.wait(null);
    this.consent = true;
    this.messenger.post();
  }

  /** @param {number | null} example */
  choose(example) {
    if (example === this.example) return;
    this.example = example;
    if (this.isScene && this.pinned && example !== null && this.net.quantity(this.pinned.name).columns === "examples")
      this.pinned = { ...this.pinned, k: example }; // the same number of the example that is shown
    this.show();
    this.messenger.notify();
  }

  /** Whether one example is shown. */
  get isScene() {
    return this.net.effects(this.view).has(EFFECTS.scene);
  }

  /** Have an effect of the view, or have it no more; whether there is that choice. @param {string} effect */
  toggle(effect) {
    const has = (/** @type {import("../types/board.js").Choice} */ { effects }) => effects.includes(effect);
    const option = this.net.info.viewOptions.find(({ choices }) => choices.some(has));
    if (!option) return false;
    const isOn = this.net.effects(this.view).has(effect);
    this.setView(option.name, option.choices.find((choice) => has(choice) !== isOn).name);
    return true;
  }

  /** The panels that are to be predicted first. */
  get hidden() {
    return this.asking.hidden;
  }

  /** Whether the pinned number is one that is to be predicted first. */
  get hidesPinned() {
    const { pinned, hidden } = this;
    return pinned !== null && hidden.includes(`${pinned.name}.${pinned.layer}`);
  }

  /**
   * Do what a lecture says: light and hide panels, ask, or tell the answer.
   * @param {Event} event
   */
  follow(event) {
    this.asking.follow(/** @type {CustomEvent} */ (event).detail);
    this.root.classList.toggle("guided", this.asking.isGuided);
    for (const { canvas } of this.all) canvas.shine(this.asking.guide.light);
    this.show();
  }

  /**
   * Hide what is computed from a phase on while a room is asked, or show it again. `detail`: the place, or null.
   * @param {Event} event
   */
  cover(event) {
    this.asking.veil = /** @type {CustomEvent} */ (event).detail;
    this.show();
  }

  /** Take an answer to what is asked; whether anything is. @param {number} choice */
  answer(choice) {
    if (!this.asking.answer(choice)) return false;
    this.show();
    if (this.isScene) this.canvas.flow();
    return true;
  }

  /** @param {string} option @param {string} choice */
  setView(option, choice) {
    this.view = this.net.withChoice(this.view, option, choice, { step: this.painted.step, example: this.example });
    this.refresh();
    this.messenger.post();
  }

  /** @param {Cell} cell */
  pin(cell) {
    const own = this.leader.own(cell);
    if (!own) return; // a run that is shown beside may have neurons that the one that leads has not
    const same = this.pinned && cellText(this.net, own) === cellText(this.net, this.pinned);
    this.pinned = same ? null : own;
    this.show();
    this.messenger.post();
  }

  /**
   * @param {RunScene} scene
   * @param {Cell | null} cell
   * @param {import("../types/board.js").Panel | null} panel
   * @param {number | null} row of the panel
   */
  point(scene, cell, panel, row) {
    this.hover = cell;
    for (const other of this.all) {
      other.band.mark(panel?.id ?? null);
      if (other !== scene) other.canvas.mark(other.own(cell));
    }
    if (cell || !panel?.one || row === null) this.readout.show(this);
    else this.readout.showMean(this, panel, row);
  }

  escape() {
    if (this.help) this.toggleHelp();
    else if (this.controls.close() || this.all.some(({ band }) => band.close())) return true;
    else if (this.computing) this.cancelComputing();
    else if (this.pinned) this.pin(this.pinned);
    else if (this.net.effects(this.view).has(EFFECTS.presents)) this.toggle(EFFECTS.presents);
    else return false;
    return true;
  }

  toggleHelp() {
    if (this.help) {
      this.help.cover.remove();
      this.help = null;
      return;
    }
    this.help = helpBox(this.net, () => this.toggleHelp());
    this.root.append(this.help.cover);
    this.help.focus();
  }

  // ---- playing

  play() {
    this.player.start(performance.now());
    this.messenger.post();
    this.showControls();
    this.loop();
  }

  stopPlaying(tell = false) {
    this.player.stop();
    this.timers.never("play");
    cancelAnimationFrame(this.raf);
    if (tell) this.messenger.post();
    if (this.net) this.showControls();
  }

  /** @param {{rate: number, unit: string, direction: number}} how */
  setPlaying({ rate, unit, direction }) {
    Object.assign(this.player, { unit, direction });
    this.player.setRate(rate, performance.now());
    if (!this.player.playing) return;
    this.timers.never("play");
    cancelAnimationFrame(this.raf);
    this.loop();
  }

  loop() {
    const wait = this.player.wait(performance.now());
    const onFrame = () => (this.raf = requestAnimationFrame(() => this.beat()));
    if (wait > 24) this.timers.later("play", onFrame, wait - 12);
    else onFrame();
  }

  beat() {
    const now = performance.now();
    // At most half a frame early, so that 30 a second are 30 on a screen of 60.
    const next = this.player.tick(now + 4, this.net, this.position, (step) => this.frames.has(step));
    this.ticking = true;
    if (next) this.move(next);
    this.ticking = false;
    if (this.player.playing) {
      if (!next) this.showControls();
      this.loop();
    } else this.stopPlaying(true);
  }

  // ---- on the screen

  /** The theme, the size or the network may have changed. */
  refresh() {
    if (!this.net || !this.root.isConnected) return;
    const least = this.net.effects(this.view).has(EFFECTS.presents) ? PRESENTED : 0;
    const theme = themeOf(this.host, this.net.colors, Math.floor(this.root.clientWidth), least);
    if (theme.key !== this.theme?.key) this.setTheme(theme);
    this.showControls();
    this.readout.show(this);
    this.measure();
    this.show();
  }

  /** Paint everything anew. */
  repaint() {
    for (const { canvas } of this.all) canvas.forget();
    this.refresh();
  }

  /** The height that leaves nothing to scroll on a desktop screen. */
  measure() {
    this.width = Math.floor(this.root.clientWidth);
    const narrow = this.width < NARROW;
    this.root.classList.toggle("narrow", narrow);
    this.root.classList.toggle("slim", !narrow && this.width < SLIM);
    this.root.classList.toggle("asks", this.asking.predictsFirst);
    this.root.classList.toggle("low", !narrow && window.innerHeight < LOW);
    const presents = this.net.effects(this.view).has(EFFECTS.presents);
    this.root.classList.toggle("large", presents);
    this.page.documentElement.toggleAttribute("data-present", presents);
    const scroller = this.host.closest("[data-testid=stMain]")?.scrollTop ?? window.scrollY;
    const top = this.root.getBoundingClientRect().top + scroller;
    const style = getComputedStyle(this.host);
    const pixels = (/** @type {string} */ name) => parseFloat(style.getPropertyValue(name)) || 0;
    const below = (pixels("--below-board") || MARGIN) + pixels("--question-bar");
    const whole = Math.max(LEAST_HEIGHT, window.innerHeight - top - below);
    const topOf = (/** @type {HTMLElement} */ node) => node.getBoundingClientRect().top;
    const picture = topOf(this.canvas.node);
    const above = this.beside.length
      ? topOf(this.scenes) - topOf(this.root) + picture - topOf(this.leader.node)
      : picture - topOf(this.root);
    const around = above + this.controls.nodes.foot.offsetHeight;
    const compact = Math.round(COMPACT * parseFloat(getComputedStyle(this.root).fontSize));
    const [across, lines] = this.grid();
    this.scenes.style.setProperty("--across", String(across));
    this.root.classList.toggle("stacked", this.beside.length > 0 && across === 1);
    this.sceneWidth = Math.floor((this.width - (across - 1) * BETWEEN) / across);
    this.height = narrow ? 0 : this.isCompact ? compact : Math.floor(whole - around);
    if (lines > 1 && !narrow) this.height = Math.max(this.height, Math.round(window.innerHeight * SHARE));
    if (!this.canvas.layout) this.canvas.node.style.height = `${Math.max(this.height, 200)}px`;
  }

  /** How many runs stand beside each other, and in how many lines. @returns {[number, number]} */
  grid() {
    const runs = this.all.length;
    const least = Math.max(...this.all.map(({ leastWidth }) => leastWidth));
    const fit = Math.max(1, Math.floor((this.width + BETWEEN) / (least + BETWEEN)));
    const across = fit >= runs ? runs : Math.min(fit, 2);
    return [across, Math.ceil(runs / across)];
  }

  /** Paint the position; where its mini-batch is not here yet, say so over the last picture. */
  show() {
    if (!this.net || !this.width) return;
    this.timers.never("wait");
    const here = this.has(this.position.step);
    const isAsked = this.asking.ask(this.page.documentElement.dataset);
    this.leader.node.classList.toggle("asking", isAsked);
    if (here) this.paint();
    this.timers.afterPaint("lesson", () => this.showLesson());
    const loading = here ? null : `loading mini-batch ${count(this.position.step + 1)} …`;
    for (const { canvas } of this.all) canvas.loading(loading);
    this.showControls();
    this.readout.show(this);
    this.tellPage();
  }

  /** Say to whoever listens on the page what is shown now, in the frame of the press. */
  tellPage(again = false) {
    if (!this.net) return;
    this.toldLink = linkOf(this.net, this.experiment, this);
    const { waits, given } = this.asking;
    const now = [this.toldLink, this.hidesPinned, waits, given].join();
    if (now === this.toldState && !again) return;
    this.toldState = now;
    window.dispatchEvent(new CustomEvent("nnviz-moved", { detail: this.told }));
  }

  /** What others on the page may know of this moment: its link, and what could be asked of it, if they want to know. */
  get told() {
    const { net, asking, position, toldLink: link } = this;
    return {
      link,
      position: { ...position },
      hidesPinned: this.hidesPinned,
      ...asking.told,
      get follow() {
        return forFollowers(net, link);
      },
      get question() {
        return asking.askable;
      },
    };
  }

  /** Give the page a picture of what is shown: sharp, with where it is and the link. */
  givePicture() {
    const { net, position, shown, leader } = this;
    if (!this.has(position.step)) return;
    const lines = [net.info.headline, whereNow(net, position), this.controls.nodes.readout.textContent];
    const link = new URL(this.toldLink, this.page.baseURI).href;
    const { canvas, over } = leader.pictureOf(shown, position, PICTURE_RATIO);
    const picture = captioned([canvas, over], [...lines, link], shown.theme, PICTURE_RATIO);
    const detail = { canvas: picture, name: `nnviz-mini-batch-${position.step + 1}.png` };
    window.dispatchEvent(new CustomEvent("nnviz-picture", { detail }));
  }

  /** What can wait until the picture is painted: the lesson of the phase, and on a phone its button in view. */
  showLesson() {
    const stage = /** @type {HTMLElement | null} */ (this.page.querySelector(STAGE));
    if (stage) {
      stage.dataset.phase = String(this.position.phase);
      stage.toggleAttribute("data-hides", this.hidesPinned);
    }
    const { chipRow, chips } = this.controls.parts;
    if (this.root.classList.contains("narrow")) followChip(chipRow, chips[this.position.phase]);
  }

  /**
   * Words on the page that belong to another position say so, unless they follow soon.
   * @param {boolean} is
   */
  showStale(is) {
    const mark = () => {
      this.page.querySelectorAll(WORDS).forEach((node) => node.toggleAttribute("data-stale", is));
      this.marked = is;
    };
    if (is) {
      if (!this.timers.has("stale")) this.timers.later("stale", mark, STALE_AFTER);
      return;
    }
    this.timers.never("stale");
    if (this.marked) mark();
  }

  paint() {
    const { position } = this;
    const [shown, all] = [this.shown, this.all];
    for (const scene of all) scene.paint(shown, this.placeIn(scene, position));
    this.painted = { ...position };
    this.prerender();
  }

  /**
   * A place of the run that leads, as another run has it.
   * @param {RunScene} scene
   * @param {{step: number, phase: number}} place
   */
  placeIn(scene, { step, phase }) {
    return { step, phase: scene === this.leader ? phase : phaseWith(scene.net, this.net, phase) };
  }

  /** What all runs have in common. @returns {import("./run_scene.js").Shown} */
  get shown() {
    const { example, view, theme, pinned, paths, hidden, sceneWidth: width, height } = this;
    const several = this.beside.length > 0;
    return { example, view, theme, pinned, paths, hidden, width, height, several, batches: this.net.batches };
  }

  /** Make ready what the next press is likely to show. */
  prerender() {
    const way = this.direction > 0 ? "next" : "back";
    const likely = [`phase_${way}`, `batch_${way}`].map((move) => moved(this.net, this.position, move));
    for (const scene of this.all) {
      const places = likely.map((place) => this.placeIn(scene, place));
      scene.prerender(this.shown, places);
    }
  }

  /** The mini-batch whose ranges are to be locked and are not known yet, or null. */
  get lock() {
    return this.all.map((scene) => scene.lock(this.view)).find((step) => step !== null) ?? null;
  }

  /** @param {ReturnType<typeof themeOf>} theme */
  setTheme(theme) {
    this.theme = theme;
    this.root.style.fontSize = `${theme.font + 2}px`;
    for (const { canvas } of this.all) canvas.forget();
    const { key } = this.controls.parts;
    for (const [name, gradient] of Object.entries(theme.gradients)) {
      /** @type {HTMLElement} */ (key.querySelector(`.${name}`)).style.background = gradient;
    }
  }

  showControls() {
    const { net, position, m, view, player } = this;
    const lag = player.lag(performance.now());
    const { frame } = this;
    const example = exampleOf(this.example, m);
    const { hidden, touched } = this;
    this.runView.show(net, position.step, this.curve);
    update(this.controls.parts, { net, position, frame, example, m, view, player, lag, isNew: !touched, hidden });
  }

  /** React may take the board off the page and put it there again while other parts load: keys pressed then count. */
  keepEarlyMoves() {
    between = new AbortController();
    const { page } = this;
    listen({
      page,
      signal: between.signal,
      act: (what) => Boolean(page.querySelector(PLACE_OF_BOARD)) && early.keep(what, performance.now()),
    });
  }

  end() {
    this.ending.abort();
    this.keepEarlyMoves();
    const { run, jump, position, example, pinned, view, touched } = this;
    if (this.net) leftPlace.keep(run, jump, { position, example, pinned, view, touched });
    window.dispatchEvent(new CustomEvent("nnviz-left"));
    this.observer.disconnect();
    this.player.stop();
    this.timers.stop();
    cancelAnimationFrame(this.raf);
    for (const { canvas } of this.all) canvas.stop();
    this.showStale(false);
    delete this.page.documentElement.dataset.asksFrom;
    this.page.documentElement.removeAttribute("data-present");
    this.style.remove();
    this.root.remove();
  }
}

/** Whether a click is on a link. @param {Event} event */
function isLink(event) {
  return event.composedPath().some((node) => node instanceof HTMLAnchorElement && node.href !== "");
}
