// What the board tells Python, and when. No DOM; time is handed in, as are the timers.

import { cellText } from "./words.js";

const RESTS_AFTER = 300; // milliseconds without a move
const WORDS_EVERY = 250; // milliseconds, while playing
const RETRY_AFTER = 1000; // milliseconds, where a mini-batch that was asked for did not come
const PATIENCE = 2000; // milliseconds that a message waits for its answer before another one goes
const AHEAD = { batch: 8, phase: 2, still: 2 }; // mini-batches asked for while playing, and while not
const UNSEEN = 100; // milliseconds after which a page that is not seen, and so not painted, counts as painted

/** One message is under way at a time. While one is, only the newest is kept, and it goes when the answer comes. */
export class Outbox {
  constructor({ send, timers }) {
    Object.assign(this, { send, timers });
    this.seq = 0;
    this.waiting = null; // the newest message not yet sent
    this.sent = new Map(); // by seq, those without an answer
    this.known = null; // the last message that Python answered
  }

  get underWay() {
    return this.sent.size > 0 && this.timers.has("patience");
  }

  post(message) {
    this.waiting = message;
    if (!this.underWay) this.flush();
  }

  flush() {
    this.timers.never("patience");
    if (!this.waiting) return;
    const message = { seq: ++this.seq, ...this.waiting };
    this.waiting = null;
    this.sent.set(this.seq, message);
    this.timers.later("patience", () => this.flush(), PATIENCE);
    this.send(message);
  }

  /** Python has processed everything up to `seq`. */
  answer(seq) {
    this.known = this.sent.get(seq) ?? this.known;
    const newest = Math.max(0, ...this.sent.keys());
    for (const old of [...this.sent.keys()]) if (old <= seq) this.sent.delete(old);
    if (seq >= newest) this.flush();
  }
}

/**
 * Tells Python of a move when it has to know: at once where mini-batches run short, after the paint where something
 * beside the board belongs to the mini-batch shown, else when the moving is over.
 *
 * `board`: {net, position, direction, example, pinned, view, lock, player, frames}, as it is at any time.
 */
export class Messenger {
  constructor({ board, send, timers, showBehind, now = () => performance.now() }) {
    Object.assign(this, { board, timers, showBehind, now });
    this.outbox = new Outbox({ timers, send: (message) => send(this.brought(message)) });
    this.moves = { last: -Infinity, before: -Infinity }; // when the last two were made
    this.follows = false; // whether Python shows something that belongs to the mini-batch
    this.jump = null; // the last move made by Python
  }

  // ---- what is said

  message() {
    const { net, position, example, pinned, player, view } = this.board;
    return {
      jump: this.jump,
      step: position.step,
      phase: position.phase,
      example,
      cell: pinned && cellText(pinned),
      playing: player.playing,
      view,
      net: !net,
    };
  }

  /** A message with what is true at the moment it goes. */
  brought(message) {
    return Object.assign(message, { want: this.missing(), rests: this.rests });
  }

  /** The mini-batches to ask for: the one to show by itself, since that is waited for. */
  missing() {
    const { net, position: { step }, frames } = this.board;
    return net && frames.has(step) ? frames.missing(step, this.window()) : [step];
  }

  /** Which mini-batches should be at hand around the one shown. */
  window() {
    const { net, direction, player, lock } = this.board;
    return {
      steps: net.steps,
      direction: player.playing ? player.direction : direction,
      ahead: AHEAD[player.playing ? player.unit : "still"],
      also: lock === null ? [] : [lock],
    };
  }

  /** Whether the next moves would soon have nothing to show. */
  get isShort() {
    const { frames, player, position } = this.board;
    if (player.playing) return this.missing().length > AHEAD[player.unit] / 2;
    return frames.missing(position.step, { ...this.window(), ahead: 1 }).length > 0;
  }

  /** Whether nobody is in the middle of moving: a single press counts as rest, a held key does not, nor does a wait. */
  get rests() {
    const { frames, player, position } = this.board;
    const { last, before } = this.moves;
    if (player.playing || !frames.has(position.step)) return false;
    return last - before >= RESTS_AFTER || this.now() - last >= RESTS_AFTER;
  }

  /** Whether something beside the board shows this mini-batch, or is about to. */
  get isFollowed() {
    return this.follows || this.board.pinned !== null;
  }

  // ---- when it is said

  post() {
    this.outbox.post(this.message());
    this.check();
  }

  /** The board has moved. */
  tell() {
    const { frames, player, position } = this.board;
    this.moves = { last: this.now(), before: this.moves.last };
    this.check();
    if (!frames.has(position.step)) return this.post();
    if (this.timers.has("tell")) return;
    if (this.isShort || (this.isFollowed && !player.playing)) return this.timers.afterPaint("tell", () => this.post());
    if (this.isFollowed && !this.timers.has("words")) this.timers.later("words", () => this.post(), WORDS_EVERY);
  }

  /** A message came from Python; `adopt` takes over its place, where Python has moved. */
  hear({ follows, jump, seq = 0 }, adopt) {
    this.follows = Boolean(follows);
    this.outbox.seq = Math.max(this.outbox.seq, seq);
    this.jump = jump;
    if (adopt()) {
      this.outbox.waiting = null;
      this.outbox.known = { ...this.message(), rests: this.rests, want: [] }; // it knows, but was asked for nothing
    }
    this.outbox.answer(seq);
    if (!this.board.net) this.post();
    else this.askAgain();
    this.check();
  }

  /** Ask for what is still missing, unless it was asked for just now and did not come. */
  askAgain() {
    if (this.outbox.underWay || !this.isShort) return;
    const asked = this.outbox.known?.want ?? [];
    const wanted = this.missing();
    if (wanted.some((step) => !asked.includes(step))) this.post();
    else if (wanted.includes(this.board.position.step)) this.timers.later("retry", () => this.post(), RETRY_AFTER);
  }

  check() {
    this.checkRest();
    this.showBehind(this.isFollowed && !this.isKnown);
  }

  /** At rest Python hears of the place, if it has not, so that the address bar and the page's links say it. */
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
    return ["step", "phase", "example", "cell"].every((name) => known?.[name] === now[name]);
  }
}

export class Timers {
  constructor() {
    this.planned = new Map(); // by name
  }

  has(name) {
    return this.planned.has(name);
  }

  later(name, what, ms) {
    this.never(name);
    const run = () => {
      this.planned.delete(name);
      what();
    };
    this.planned.set(name, setTimeout(run, ms));
  }

  /** Once the frame that was just painted is on the screen. */
  afterPaint(name, what) {
    this.later(name, what, UNSEEN);
    const planned = this.planned.get(name);
    const run = () => {
      if (this.planned.get(name) !== planned) return;
      this.never(name);
      what();
    };
    requestAnimationFrame(() => setTimeout(run));
  }

  never(name) {
    clearTimeout(this.planned.get(name));
    this.planned.delete(name);
  }

  stop() {
    for (const name of [...this.planned.keys()]) this.never(name);
  }
}
