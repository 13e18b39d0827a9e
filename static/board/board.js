// The stepping board: one mini-batch, phase by phase. Wires the modules; the design is in docs/architecture.md.
//
// The board is the authority on where people are. Python is told afterwards and answers with words and with the
// mini-batches that are not here yet; it moves the board only by a new `jump`.

import { controls, el, helpBox, setPhases, text, update } from "./controls.js";
import { stateOf } from "./draw.js";
import { decode, Frames, matrix } from "./frames.js";
import { Messenger, Timers } from "./messages.js";
import { Ranges, viewOf } from "./scale.js";
import { Stage } from "./stage.js";
import { BEHIND_CSS, CSS, themeOf } from "./theme.js";
import { listen, moved, moveExample, Player, within } from "./transport.js";
import { cellOf, cellText, count, readout, whereNow } from "./words.js";

const BEHIND_AFTER = 80; // milliseconds before late words are marked
const WAITS_AFTER = 100; // milliseconds after which the board says that it waits for a mini-batch
const STAGE = ".st-key-stage"; // the board and all that is said beside it
const WORDS = ".st-key-words"; // what Python says of one mini-batch
const PLACE = ".st-key-where p"; // for those who do not see the board
const LEAST_HEIGHT = 520;
const MARGIN = 16; // below the board
const NARROW = 640;

const boards = new WeakMap();

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
  constructor(parent) {
    this.host = parent.host ?? parent;
    this.page = this.host.ownerDocument;
    this.ending = new AbortController();
    this.net = this.run = this.jump = this.theme = this.lastData = null;
    this.position = { step: 0, phase: 0 };
    this.example = this.pinned = this.hover = null;
    this.view = viewOf(null);
    this.frames = new Frames();
    this.ranges = new Ranges();
    this.player = new Player();
    this.direction = 1;
    this.timers = new Timers();
    this.messenger = new Messenger({
      board: this,
      timers: this.timers,
      send: (message) => this.setStateValue("board", message),
      showBehind: (is) => this.showBehind(is),
    });
    this.build(parent);
  }

  build(parent) {
    const on = {
      move: (name) => this.act(name),
      play: () => this.act("play"),
      step: (step) => this.move({ ...this.position, step }),
      phase: (phase) => this.move({ ...this.position, phase }),
      example: (by) => this.choose(by ? moveExample(this.example, this.m, by) : null),
      view: (name, value) => this.look(name, value),
      playing: (how) => this.setPlaying(how),
      help: () => this.act("help"),
    };
    this.on = on;
    this.controls = controls(on);
    const { nodes } = this.controls;
    this.stage = new Stage({
      point: (cell) => this.point(cell),
      click: (cell) => this.pin(cell),
      example: (e) => this.choose(this.example === e ? null : e),
      zoom: (id) => this.setTriggerValue("zoom", id),
    });
    const style = el("style");
    style.textContent = CSS;
    this.root = el("div", { class: "board" }, nodes.transport, nodes.line, nodes.chips, nodes.toolbar, this.stage.node, nodes.readout);
    parent.append(style, this.root);
    this.style = style;
    if (!this.page.getElementById("nnviz-behind")) {
      const pageStyle = el("style", { id: "nnviz-behind" });
      pageStyle.textContent = BEHIND_CSS;
      this.page.head.append(pageStyle);
    }
    const { signal } = this.ending;
    listen({ page: this.page, signal, act: (what) => this.act(what) });
    window.addEventListener("resize", () => this.refresh(), { signal });
    // What was written before a font was there is written again.
    this.page.fonts.addEventListener("loadingdone", () => this.repaint(), { signal });
    this.observer = new ResizeObserver(() => this.width === Math.floor(this.root.clientWidth) || this.refresh());
    this.observer.observe(this.root);
  }

  // ---- from Python

  receive(data) {
    if (this.net) this.showLesson(); // a full run may have drawn the words anew
    const isNew = data && data !== this.lastData;
    const changed = isNew ? this.take(decode(data)) : "all"; // called without new data: the theme may be another one
    this.lastData = data;
    if (this.net && changed === "all") this.refresh();
    else if (this.net) changed === "frame" ? this.show() : this.rehearse();
    if (this.firstLook) this.timers.afterPaint("tell", () => this.messenger.post()); // so that the rest of the page comes
  }

  /** Take in a message; what it changes: "all", the "frame" shown, or nothing that is seen, only what is to come. */
  take(message) {
    const before = { jump: this.jump, m: this.frames.m, veiled: this.net?.veiled, bare: this.bare };
    if (message.run !== this.run) {
      this.frames.clear();
      this.ranges = new Ranges();
      this.stage.forget();
      this.run = message.run;
      this.net = this.jump = null;
      this.stage.key = null;
    }
    if (message.net) {
      this.net = message.colors ? { ...message.net, colors: message.colors } : message.net;
      setPhases(this.controls.parts, this.net, this.on);
    }
    this.bare = Boolean(message.transportOnly);
    this.firstLook = Boolean(message.firstLook);
    this.root.classList.toggle("transport-only", this.bare);
    if (this.net) this.net.veiled = message.veiled ?? null;
    for (const frame of message.frames) this.frames.add(frame);
    this.messenger.hear(message, () => this.adopt(message));
    const { step } = this.position;
    const needed = [step, this.view.scale === "locked" ? this.view.lock : step];
    const now = { jump: this.jump, m: this.frames.m, veiled: this.net?.veiled, bare: this.bare };
    if (message.net || Object.keys(now).some((name) => now[name] !== before[name])) return "all";
    return message.frames.some((frame) => needed.includes(frame.step)) ? "frame" : "";
  }

  /** Where Python has moved, its position, cell and view are the ones; whether it has. */
  adopt({ jump, position, cell, view }) {
    if (!this.net || jump === this.jump) return false;
    this.jump = jump;
    this.stopPlaying();
    this.position = within(this.net, position);
    this.example = position.example ?? null;
    this.pinned = cellOf(cell, this.net, 256);
    if (view) this.view = viewOf({ ...this.view, ...view });
    return true;
  }

  // ---- what people do

  get m() {
    return this.frames.frames.get(this.position.step)?.m ?? this.frames.m;
  }

  /** Do a named action; whether it was one. */
  act(what) {
    if (!this.net) return false;
    if (this.help && what !== "help" && what !== "escape") return false;
    switch (what) {
      case "play": this.player.playing ? this.stopPlaying(true) : this.play(); return true;
      case "example_back": this.choose(moveExample(this.example, this.m, -1)); return true;
      case "example_next": this.choose(moveExample(this.example, this.m, 1)); return true;
      case "help": this.toggleHelp(); return true;
      case "escape": return this.escape();
      default: this.move(moved(this.net, this.position, what)); return true;
    }
  }

  /** Go there: paint and then tell Python. A mini-batch that is not here is asked for; what was seen stays a moment. */
  move(position) {
    const to = within(this.net, position);
    if (this.player.playing && !this.ticking) this.stopPlaying();
    if (to.step === this.position.step && to.phase === this.position.phase) return;
    if (to.step !== this.position.step) this.direction = to.step > this.position.step ? 1 : -1;
    this.position = to;
    const here = this.frames.has(to.step);
    if (here) this.show();
    this.messenger.tell();
    if (!here && !this.timers.has("wait")) this.timers.later("wait", () => this.show(), WAITS_AFTER);
  }

  choose(example) {
    if (example === this.example) return;
    this.example = example;
    this.show();
    this.messenger.tell();
  }

  look(name, value) {
    const view = { ...this.view };
    if (name === "scale" && value === "locked") {
      const step = Number(this.stage.canvas.dataset.step);
      Object.assign(view, { base: view.scale === "locked" ? view.base : view.scale, lock: step, lockExample: this.example });
    }
    this.view = viewOf({ ...view, [name]: value });
    this.refresh();
    this.messenger.post();
  }

  pin(cell) {
    const same = this.pinned && cellText(cell) === cellText(this.pinned);
    this.pinned = same ? null : cell;
    this.show();
    this.messenger.post();
  }

  point(cell) {
    this.hover = cell;
    this.showReadout();
  }

  escape() {
    if (this.help) return this.toggleHelp(), true;
    if (!this.pinned) return false;
    this.pinned = null;
    this.show();
    this.messenger.post();
    return true;
  }

  toggleHelp() {
    if (this.help) {
      this.help.cover.remove();
      this.help = null;
      return;
    }
    this.help = helpBox(() => this.toggleHelp());
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
    const theme = themeOf(this.host, this.net.colors);
    if (theme.key !== this.theme?.key) this.setTheme(theme);
    this.showControls();
    this.showReadout();
    this.measure();
    this.show();
  }

  /** Paint everything anew. */
  repaint() {
    this.stage.forget();
    this.refresh();
  }

  /** The height that leaves nothing to scroll on a desktop screen. */
  measure() {
    this.width = Math.floor(this.root.clientWidth);
    const narrow = this.width < NARROW;
    this.root.classList.toggle("narrow", narrow);
    const scroller = this.host.closest("[data-testid=stMain]")?.scrollTop ?? window.scrollY;
    const top = this.root.getBoundingClientRect().top + scroller;
    const whole = Math.max(LEAST_HEIGHT, window.innerHeight - top - MARGIN);
    const around = this.stage.node.offsetTop + this.controls.nodes.readout.offsetHeight;
    this.height = narrow ? 0 : Math.floor(whole - around);
    if (!this.stage.layout) this.stage.node.style.height = `${Math.max(this.height, 200)}px`;
  }

  /** Paint the position; where its mini-batch is not here yet, say so over the last picture. */
  show() {
    if (!this.net || !this.width) return;
    this.timers.never("wait");
    const frame = this.frames.get(this.position.step);
    if (frame) this.paint(frame);
    this.timers.afterPaint("lesson", () => this.showLesson());
    this.stage.loading(frame ? null : `loading mini-batch ${count(this.position.step + 1)} …`);
    this.showControls();
    this.showReadout();
  }

  /** The words, equation and code of the phase: all phases' stand on the page, one is seen. And the place, read out. */
  showLesson() {
    const stage = this.page.querySelector(STAGE);
    if (stage) stage.dataset.phase = this.position.phase;
    const place = this.page.querySelector(PLACE);
    if (!place?.firstChild) return;
    place.setAttribute("aria-live", this.player.playing ? "off" : "polite");
    const words = whereNow(this.net, this.position);
    if (place.firstChild.data !== words) place.firstChild.data = words; // the text node stays the page's own
  }

  /** Words on the page that belong to another position say so, unless they follow soon. */
  showBehind(is) {
    const mark = () => {
      this.page.querySelectorAll(WORDS).forEach((node) => node.toggleAttribute("data-behind", is));
      this.marked = is;
    };
    if (is) {
      if (!this.timers.has("behind")) this.timers.later("behind", mark, BEHIND_AFTER);
      return;
    }
    this.timers.never("behind");
    if (this.marked) mark();
  }

  paint(frame) {
    const { font } = this.theme;
    const options = { m: this.frames.m, font, pictures: this.view.first === "pictures" };
    this.stage.resize(this.net, this.width, this.height, options);
    this.lockRanges();
    this.stage.paint(this.sceneAt(this.position));
    this.rehearse();
  }

  sceneAt({ step, phase }) {
    const { net, view, theme, ranges, example, pinned } = this;
    return { net, frame: this.frames.get(step), phase, example, view, theme, ranges, pinned };
  }

  /** Make ready what the next press is likely to show. */
  rehearse() {
    if (!this.stage.layout) return;
    const way = this.direction > 0 ? "next" : "back";
    const likely = [`phase_${way}`, `batch_${way}`].map((move) => moved(this.net, this.position, move));
    this.stage.rehearse(likely.filter(({ step }) => this.frames.has(step)).map((at) => this.sceneAt(at)));
  }

  /** The mini-batch whose ranges are to be locked and are not known yet, or null. */
  get lock() {
    return this.view.scale === "locked" && !this.ranges.isLockedAt(this.view) ? this.view.lock : null;
  }

  lockRanges() {
    const frame = this.frames.frames.get(this.lock);
    if (frame) this.ranges.lock(this.net, frame, this.view.lockExample);
  }

  setTheme(theme) {
    this.theme = theme;
    this.stage.forget();
    const { key } = this.controls.parts;
    for (const name of ["diverging", "sequential"]) key.querySelector(`.${name}`).style.background = theme.gradients[name];
  }

  showControls() {
    const { net, position, example, m, view, player } = this;
    update(this.controls.parts, { net, position, example, m, view, player, lag: player.lag(performance.now()) });
  }

  /** symbol = value, where; of the cell under the pointer, or the pinned one. */
  showReadout() {
    const node = this.controls.nodes.readout;
    const cell = this.hover ?? this.pinned;
    const frame = this.frames.frames.get(this.position.step);
    if (!cell || !frame) {
      text(node, "Point at a cell to read it, click to pin it. Double click opens its panel. Keys: ?");
      return;
    }
    const of = this.example !== null && this.example < frame.m ? this.example : null;
    const isPinned = this.pinned && cellText(cell) === cellText(this.pinned);
    const values = matrix(frame, this.net, cell.name, cell.layer, of);
    const value = cell.k < values.cols || values.cols === 1 ? values.values[cell.j * values.cols + (values.cols > 1 ? cell.k : 0)] : NaN;
    const words = readout(this.net, cell, value, of);
    const pending = stateOf(this.net, cell, this.position.phase) === "pending";
    const veiled = this.net.veiled === `${cell.name}.${cell.layer}`;
    node.replaceChildren(
      ...(isPinned ? [el("span", { class: "pin" }, "◉ ")] : []),
      el("b", {}, veiled ? `${words.symbol}: predict it first` : pending ? `${words.symbol}: not computed yet in this phase` : `${words.symbol} = ${words.value}`),
      `  ${words.title} · ${words.where}`,
    );
  }

  end() {
    this.ending.abort();
    this.observer.disconnect();
    this.player.stop();
    this.timers.stop();
    cancelAnimationFrame(this.raf);
    this.stage.stop();
    this.showBehind(false);
    this.style.remove();
    this.root.remove();
  }
}
