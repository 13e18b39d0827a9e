import assert from "node:assert/strict";
import { test } from "node:test";

import { Frames } from "../../static/board/frames.js";
import { Messenger, Outbox } from "../../static/board/messages.js";
import { moved, Player } from "../../static/board/transport.js";

const NET = { phases: Array(7).fill({}), steps: 4500, batches: 150, info: { maxWanted: 8 } };

/** A clock with timers that a test moves by hand; a paint takes 16 ms. */
class Clock {
  constructor() {
    this.time = 1000;
    this.planned = new Map();
  }

  has(name) {
    return this.planned.has(name);
  }

  later(name, what, ms) {
    this.planned.set(name, { what, at: this.time + ms });
  }

  afterPaint(name, what) {
    this.later(name, what, 16);
  }

  never(name) {
    this.planned.delete(name);
  }

  pass(ms) {
    const end = this.time + ms;
    const due = () => [...this.planned].filter(([, { at }]) => at <= end).sort((a, b) => a[1].at - b[1].at)[0];
    for (let next = due(); next; next = due()) {
      const [name, { what, at }] = next;
      this.planned.delete(name);
      this.time = Math.max(this.time, at);
      what();
    }
    this.time = end;
  }
}

/** A board without a picture, and Python at the other end, which answers when it is told to. */
function setup({ follows = false, at = 10 } = {}) {
  const clock = new Clock();
  const sent = [];
  const board = {
    net: NET,
    position: { step: at, phase: 0 },
    direction: 1,
    example: null,
    pinned: null,
    view: {},
    lock: null,
    player: new Player(),
    frames: new Frames(),
    stale: false,
    target: null,
    consent: true,
  };
  const messenger = new Messenger({
    board,
    timers: clock,
    now: () => clock.time,
    send: (message) => sent.push(message),
    showStale: (is) => (board.stale = is),
  });
  const bring = (steps) => steps.forEach((step) => board.frames.add({ step, m: 10, bytes: 1, derived: new Map() }));
  bring([at - 1, at, at + 1, at + 2]);
  messenger.onMessage({ follows, jump: 1, seq: 0 }, () => true);
  return {
    board,
    clock,
    messenger,
    sent,
    bring,
    press(action) {
      board.position = moved(NET, board.position, action);
      messenger.notify();
    },
    answer() {
      const { seq, want } = sent.at(-1);
      bring(want);
      messenger.onMessage({ follows, jump: 1, seq }, () => false);
    },
  };
}

test("a phase is told at rest only, once, and as a place where nobody is moving", () => {
  const { clock, sent, press, answer } = setup();
  clock.pass(1000);
  const before = sent.length;
  press("phase_next");
  clock.pass(299);
  assert.equal(sent.length, before);
  clock.pass(2);
  assert.equal(sent.length, before + 1);
  assert.deepEqual([sent.at(-1).step, sent.at(-1).phase, sent.at(-1).rests, sent.at(-1).want], [10, 1, true, []]);
  answer();
  clock.pass(5000);
  assert.equal(sent.length, before + 1);
});

test("a held key is told when it is let go", () => {
  const { clock, sent, press } = setup();
  clock.pass(1000);
  const before = sent.length;
  for (let i = 0; i < 6; i++) {
    press("phase_next");
    clock.pass(33);
  }
  assert.equal(sent.length, before);
  clock.pass(300);
  assert.deepEqual([sent.at(-1).phase, sent.at(-1).rests], [6, true]);
});

test("where mini-batches run short they are asked for after the paint", () => {
  const { clock, sent, press } = setup();
  clock.pass(1000);
  press("batch_next");
  press("batch_next");
  const before = sent.length;
  clock.pass(16);
  assert.equal(sent.length, before + 1);
  assert.deepEqual(sent.at(-1).want, [13, 14]);
  assert.equal(sent.at(-1).rests, false);
});

test("a mini-batch that is not there is asked for at once, alone; its neighbours when it has come", () => {
  const { clock, sent, press, answer } = setup();
  clock.pass(1000);
  press("epoch_next");
  assert.deepEqual([sent.at(-1).step, sent.at(-1).want], [160, [160]]);
  answer();
  assert.deepEqual(sent.at(-1).want, [161, 162, 159]);
});

test("what shows this mini-batch beside the board hears of each move after its paint, and is behind until then", () => {
  const { board, clock, sent, press, answer } = setup({ follows: true });
  clock.pass(1000);
  const before = sent.length;
  press("phase_next");
  assert.equal(board.stale, true);
  clock.pass(16);
  assert.equal(sent.length, before + 1);
  answer();
  assert.equal(board.stale, false);
});

test("while playing, words hear of it a few times a second", () => {
  const { board, clock, sent, press, answer } = setup({ follows: true });
  clock.pass(1000);
  board.player.start(clock.time);
  const before = sent.length;
  for (let i = 0; i < 30; i++) {
    press("phase_next");
    clock.pass(1000 / 30);
    if (sent.length > before) answer();
  }
  const told = sent.length - before;
  assert.ok(told >= 3 && told <= 8, `${told} messages in a second`);
});

test("a board that knows no network asks for it and for the mini-batch it was told of", () => {
  const { board, clock, messenger, sent } = setup();
  board.net = null;
  messenger.post();
  clock.pass(5000);
  assert.deepEqual([sent.at(-1).isNew, sent.at(-1).want], [true, [10]]);
});

test("a mini-batch that does not come is asked for again, a second later", () => {
  const { board, clock, messenger, sent, press } = setup();
  clock.pass(1000);
  press("epoch_next");
  const asked = sent.length;
  messenger.onMessage({ follows: false, jump: 1, seq: sent.at(-1).seq }, () => false);
  assert.equal(sent.length, asked);
  clock.pass(1001);
  assert.ok(sent.length > asked);
  assert.deepEqual(sent.at(-1).want, [board.position.step]);
});

test("where Python has moved, what the board wanted to say before is not said", () => {
  const { board, clock, messenger, sent, press } = setup();
  clock.pass(1000);
  press("epoch_next"); // under way
  press("phase_next"); // waits
  messenger.onMessage({ follows: false, jump: 2, seq: sent.at(-1).seq }, () => {
    board.position = { step: 11, phase: 0 };
    return true;
  });
  clock.pass(5000);
  assert.ok(sent.filter(({ jump }) => jump === 2).every(({ step }) => step === 11));
});

test("where Python has moved, what is missing there is asked for at once", () => {
  const { board, messenger, sent } = setup();
  messenger.onMessage({ follows: false, jump: 2, seq: 0 }, () => {
    board.position = { step: 200, phase: 0 };
    board.frames.add({ step: 200, m: 10, bytes: 1, derived: new Map() });
    return true;
  });
  assert.deepEqual(sent.at(-1).want, [201, 202, 199]);
});

test("one message is under way at a time, and the newest one goes next", () => {
  const sent = [];
  const outbox = new Outbox({ send: (message) => sent.push(message), timers: new Clock() });
  for (let step = 1; step <= 5; step++) outbox.post({ step });
  assert.deepEqual(
    sent.map((m) => m.step),
    [1],
  );
  outbox.answer(1);
  assert.deepEqual(
    sent.map((m) => m.step),
    [1, 5],
  );
  outbox.answer(2);
  assert.equal(sent.length, 2);
  assert.equal(outbox.known.step, 5);
});

test("without an answer the newest message goes after a while", () => {
  const sent = [];
  const clock = new Clock();
  const outbox = new Outbox({ send: (message) => sent.push(message), timers: clock });
  outbox.post({ step: 1 });
  outbox.post({ step: 2 });
  clock.pass(1999);
  assert.deepEqual(
    sent.map((m) => m.step),
    [1],
  );
  clock.pass(1);
  assert.deepEqual(
    sent.map((m) => m.step),
    [1, 2],
  );
});

test("an answer that was merged with later ones counts for all of them", () => {
  const sent = [];
  const clock = new Clock();
  const outbox = new Outbox({ send: (message) => sent.push(message), timers: clock });
  outbox.post({ step: 1 });
  outbox.post({ step: 2 });
  clock.pass(2000);
  outbox.answer(2);
  assert.equal(outbox.known.step, 2);
  assert.equal(outbox.underWay, false);
});

test("a growing curve is asked for again and again, also where an answer is lost, and not once it is whole", () => {
  const { board, clock, sent, messenger } = setup();
  board.asksCurve = true;
  messenger.onMessage({ follows: false, jump: 1, seq: 0 }, () => false);
  const asked = () => sent.filter(({ curve }) => curve).length;
  clock.pass(1500);
  const first = asked();
  assert.ok(first > 0);
  clock.pass(6000); // no answer comes
  assert.ok(asked() > first);
  board.asksCurve = false;
  clock.pass(3000);
  const last = asked();
  clock.pass(6000);
  assert.equal(asked(), last);
});

test("while a mini-batch is being computed Python is asked every half a second, and not once it is there", () => {
  const { board, clock, messenger, sent } = setup();
  clock.pass(1000);
  const before = sent.length;
  const hear = () => messenger.onMessage({ follows: false, jump: 1, seq: sent.at(-1)?.seq ?? 0 }, () => false);
  board.target = 4000;
  hear();
  for (let i = 0; i < 4; i++) {
    clock.pass(500);
    hear();
  }
  assert.ok(sent.length - before >= 4);
  assert.equal(sent.at(-1).target, 4000);
  board.target = null;
  hear();
  clock.pass(400);
  hear();
  const after = sent.length;
  clock.pass(5000);
  assert.equal(sent.length, after);
});
