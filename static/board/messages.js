// @ts-check
// What the board tells Python, and when. No DOM; time is handed in, as are the timers.

import { VERSION } from "./frames.js";
import { cellText } from "./words.js";

/**
 * @typedef {import("../types/board.js").Answer} Answer
 * @typedef {import("../types/board.js").Cell} Cell
 * @typedef {import("../types/board.js").Message} Message
 * @typedef {Pick<Timers, "has" | "later" | "afterPaint" | "never">} Clock
 *
 * The mini-batches that are at hand.
 * @typedef {Pick<import("./frames.js").Frames, "has" | "missing">} Known
 *
 * The board, as it is at any time.
 * @typedef {object} State
 * @property {import("../types/board.js").Net | null} net
 * @property {{step: number, phase: number}} position
 * @property {number} direction
 * @property {number | null} example
 * @property {Cell | null} pinned
 * @property {import("../types/board.js").View | null} view
 * @property {number | null} lock
 * @property {number | null} target the mini-batch that the viewer waits for
 * @property {boolean} consent whether it is to be computed however long that takes
 * @property {boolean} asksCurve whether there may be more of the run's curve than the board has
 * @property {import("./transport.js").Player} player
 * @property {Known} frames
 */

const RESTS_AFTER = 300; // milliseconds without a move
const WORDS_EVERY = 250; // milliseconds, while playing
const RETRY_AFTER = 1000; // milliseconds, if a mini-batch that was asked for did not come
const PATIENCE = 2000; // milliseconds that a message waits for its answer before another one goes
/** @type {("step" | "phase" | "example" | "cell" | "target")[]} */
const PLACE = ["step", "phase", "example", "cell", "target"];
const AHEAD = { batch: 8, phase: 2, still: 2 }; // mini-batches asked for while playing, and while not
const HIDDEN_TAB = 100; // milliseconds; in a hidden tab requestAnimationFrame does not fire
const COMPUTING_EVERY = 500; // milliseconds between two questions how far a long computation is
const LEAVING = 3000; // milliseconds that a visitor who goes to another page has to get there
const CURVE_EVERY = 700; // milliseconds between two questions for a growing curve

/** One message is under way at a time. While one is, only the newest is kept, and it goes when the answer comes. */
export class Outbox {
  /** @param {{send: (message: Answer) => void, timers: Clock}} options */
  constructor({ send, timers }) {
    this.send = send;
    this.timers = timers;
    this.seq = 0;
    /** @type {Answer | null} */
    this.waiting = null; // the newest message not yet sent
    /** @type {Map<number, Answer>} */
    this.sent = new Map(); // by seq, those without an answer
    /** @type {Answer | null} */
    this.known = null; // the last message that Python answered
  }

  get underWay() {
    return this.sent.size > 0 && this.timers.has("patience");
  }

  /** @param {Answer} message */
  post(message) {
    this.waiting = message;
    if (!this.underWay) this.flush();
  }

  flush() {
    this.timers.never("patience");
    if (!this.waiting || this.timers.has("leaving")) return;
    const message = { seq: ++this.seq, ...this.waiting };
    this.waiting = null;
    this.sent.set(this.seq, message);
    this.timers.later("patience", () => this.flush(), PATIENCE);
    this.send(message);
  }

  /**
   * Python has processed everything up to `seq`.
   * @param {number} seq
   */
  answer(seq) {
    this.known = this.sent.get(seq) ?? this.known;
    const newest = Math.max(0, ...this.sent.keys());
    for (const old of [...this.sent.keys()]) if (old <= seq) this.sent.delete(old);
    if (seq >= newest) this.flush();
  }
}

/**
 * Tells Python of a move when it has to know: at once if mini-batches run short, after the paint if something beside
 * the board belongs to the mini-batch shown, else when the viewer stops moving.
 */
export class Messenger {
  /**
   * @param {{board: State, send: (message: Answer) => void, timers: Clock, showStale: (is: boolean) => void, now?: ()
   *   => number}} options
   */
  constructor({ board, send, timers, showStale, now = () => performance.now() }) {
    this.board = board;
    this.timers = timers;
    this.showStale = showStale;
    this.now = now;
    this.outbox = new Outbox({ timers, send: (message) => send(this.withCurrentState(message)) });
    this.moves = { last: -Infinity, before: -Infinity }; // when the last two were made
    this.follows = false; // whether Python shows something that belongs to the mini-batch
    /** @type {number | null} */
    this.jump = null; // the last move made by Python
  }

  // ---- what is said

  /** @returns {Answer} */
  message() {
    const { net, position, example, pinned, player, view, target, consent } = this.board;
    return {
      version: VERSION,
      jump: this.jump,
      step: position.step,
      phase: position.phase,
      example,
      cell: net && pinned ? cellText(net, pinned) : null,
      playing: player.playing,
      view,
      isNew: !net,
      target,
      consent,
    };
  }

  /** Add what must be current when the message is sent. @param {Answer} message @returns {Answer} */
  withCurrentState(message) {
    const rests = this.idle;
    return Object.assign(message, { want: this.stepsToRequest(), rests, curve: rests && this.board.asksCurve });
  }

  /** The mini-batches to ask for: the one to show by itself, since that is waited for. */
  stepsToRequest() {
    const {
      net,
      position: { step },
      frames,
    } = this.board;
    return net && frames.has(step) ? frames.missing(step, this.window()) : [step];
  }

  /** Which mini-batches should be at hand around the one shown. */
  window() {
    const { net, direction, player, lock } = this.board;
    return {
      steps: net.steps,
      most: net.info.maxWanted,
      direction: player.playing ? player.direction : direction,
      ahead: AHEAD[player.playing ? player.unit : "still"],
      also: lock === null ? [] : [lock],
    };
  }

  /** Whether the next moves would soon have nothing to show. */
  get isShort() {
    const { frames, player, position } = this.board;
    if (player.playing) return this.stepsToRequest().length > AHEAD[player.unit] / 2;
    return frames.missing(position.step, { ...this.window(), ahead: 1 }).length > 0;
  }

  /** Whether the viewer has stopped moving: true unless playing, a key is held, or the mini-batch is still loading. */
  get idle() {
    const { frames, player, position } = this.board;
    const { last, before } = this.moves;
    if (player.playing || !frames.has(position.step)) return false;
    return last - before >= RESTS_AFTER || this.now() - last >= RESTS_AFTER;
  }

  /** Whether something beside the board shows this mini-batch, or is about to. */
  get needsEveryMove() {
    return this.follows || this.board.pinned !== null;
  }

  // ---- when it is said

  /**
   * The visitor goes to another page: nothing more is said here. A message of this page that comes after the new one
   * was asked for makes Streamlit clear it, and leaves the screen empty.
   */
  leave() {
    this.timers.later("leaving", () => this.outbox.flush(), LEAVING);
  }

  post() {
    this.outbox.post(this.message());
    this.check();
  }

  /** The board has moved. */
  notify() {
    const { frames, player, position } = this.board;
    this.moves = { last: this.now(), before: this.moves.last };
    this.check();
    if (!frames.has(position.step)) return this.post();
    if (this.timers.has("notify")) return;
    if (this.isShort || (this.needsEveryMove && !player.playing))
      return this.timers.afterPaint("notify", () => this.post());
    if (this.needsEveryMove && !this.timers.has("words")) this.timers.later("words", () => this.post(), WORDS_EVERY);
  }

  /**
   * A message came from Python; `acceptJump` takes over its place, if Python has moved.
   * @param {Pick<Message, "follows" | "jump" | "seq"> & Partial<Message>} message
   * @param {() => boolean} acceptJump
   */
  onMessage({ follows, jump, seq = 0 }, acceptJump) {
    this.follows = Boolean(follows);
    this.outbox.seq = Math.max(this.outbox.seq, seq);
    this.jump = jump;
    if (acceptJump()) {
      this.outbox.waiting = null;
      this.outbox.known = { ...this.message(), rests: this.idle, want: [] }; // it knows, but was asked for nothing
    }
    this.outbox.answer(seq);
    if (!this.board.net) this.post();
    else this.askAgain();
    if (this.board.target !== null) this.timers.later("computing", () => this.post(), COMPUTING_EVERY);
    else this.timers.never("computing");
    this.followCurve();
    this.check();
  }

  /** Ask for more of the run's curve again and again while it grows and the viewer rests: an answer may be lost. */
  followCurve() {
    if (!this.board.asksCurve || this.timers.has("curve")) return;
    const ask = () => {
      if (this.idle && !this.outbox.underWay) this.post();
      this.followCurve();
    };
    this.timers.later("curve", ask, CURVE_EVERY);
  }

  /** Ask for what is still missing, unless it was asked for just now and did not come. */
  askAgain() {
    if (this.outbox.underWay || !this.isShort) return;
    const asked = this.outbox.known?.want ?? [];
    const wanted = this.stepsToRequest();
    if (wanted.some((step) => !asked.includes(step))) this.post();
    else if (wanted.includes(this.board.position.step)) this.timers.later("retry", () => this.post(), RETRY_AFTER);
  }

  check() {
    this.checkRest();
    this.showStale(this.needsEveryMove && !this.isKnown);
  }

  /**
   * When the viewer stops, Python hears of the place, if it has not, so that the address bar and the page's links say
   *   it.
   */
  checkRest() {
    const { net, player } = this.board;
    const told = this.outbox.known?.rests && this.isKnown;
    if (told || !net || player.playing) return this.timers.never("rest");
    const wait = Math.max(0, RESTS_AFTER - (this.now() - this.moves.last));
    this.timers.later("rest", () => this.outbox.underWay || this.post(), wait);
  }

  /** Whether Python has answered what would be said now. */
  get isKnown() {
    const [now, { known }] = [this.message(), this.outbox];
    return PLACE.every((name) => known?.[name] === now[name]);
  }
}

export class Timers {
  constructor() {
    /** @type {Map<string, ReturnType<typeof setTimeout>>} */
    this.planned = new Map();
  }

  /** @param {string} name */
  has(name) {
    return this.planned.has(name);
  }

  /**
   * @param {string} name
   * @param {() => void} what
   * @param {number} ms
   */
  later(name, what, ms) {
    this.never(name);
    const run = () => {
      this.planned.delete(name);
      what();
    };
    this.planned.set(name, setTimeout(run, ms));
  }

  /**
   * Once the frame that was just painted is on the screen.
   * @param {string} name
   * @param {() => void} what
   */
  afterPaint(name, what) {
    this.later(name, what, HIDDEN_TAB);
    const planned = this.planned.get(name);
    const run = () => {
      if (this.planned.get(name) !== planned) return;
      this.never(name);
      what();
    };
    requestAnimationFrame(() => setTimeout(run));
  }

  /** @param {string} name */
  never(name) {
    clearTimeout(this.planned.get(name));
    this.planned.delete(name);
  }

  stop() {
    for (const name of [...this.planned.keys()]) this.never(name);
  }
}
