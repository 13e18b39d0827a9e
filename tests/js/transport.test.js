import assert from "node:assert/strict";
import { test } from "node:test";

import { EarlyMoves, LeftPlace, moved, moveExample, Player, within } from "../../static/board/transport.js";

const NET = { phases: Array(7).fill({}), steps: 4500, batches: 150 };
const START = { step: 0, phase: 0 };
const repeat = (position, action, times) =>
  Array(times)
    .fill(action)
    .reduce((at, name) => moved(NET, at, name), position);

test("24 presses are 24 phases, across mini-batches", () => {
  assert.deepEqual(repeat(START, "phase_next", 24), { step: 3, phase: 3 });
  assert.deepEqual(repeat({ step: 3, phase: 3 }, "phase_back", 24), START);
});

test("mini-batches and epochs keep the phase", () => {
  assert.deepEqual(moved(NET, { step: 3, phase: 5 }, "batch_next"), { step: 4, phase: 5 });
  assert.deepEqual(moved(NET, { step: 3, phase: 5 }, "epoch_next"), { step: 153, phase: 5 });
});

test("the run has two ends", () => {
  for (const action of ["phase_back", "batch_back", "epoch_back", "run_start"])
    assert.deepEqual(moved(NET, START, action), START);
  const end = { step: 4499, phase: 6 };
  for (const action of ["phase_next", "batch_next", "epoch_next", "run_end"])
    assert.deepEqual(moved(NET, end, action), end);
  assert.deepEqual(within(NET, { step: 9e9, phase: -3 }), { step: 4499, phase: 0 });
});

test("down goes through the examples to the mean, up goes back", () => {
  assert.equal(moveExample(0, 3, 1), 1);
  assert.equal(moveExample(2, 3, 1), null);
  assert.equal(moveExample(null, 3, 1), null);
  assert.equal(moveExample(null, 3, -1), 2);
  assert.equal(moveExample(0, 3, -1), 0);
});

/** Play for so many milliseconds, looking every 4; what is shown. */
function play({ rate, unit = "phase", from = START, net = NET, until = 1000, ready = () => true, direction = 1 }) {
  const player = Object.assign(new Player(), { rate, unit, direction });
  player.start(0);
  let position = from;
  const shown = [];
  let lag = null;
  for (let now = 0; now <= until && player.playing; now += 4) {
    const next = player.tick(now, net, position, ready);
    if (next) shown.push((position = next));
    lag = player.lag(now);
  }
  return { player, shown, lag };
}

test("it plays at the chosen rate and skips nothing", () => {
  const { shown } = play({ rate: 30, until: 2000 });
  assert.ok(Math.abs(shown.length - 60) <= 1, `${shown.length} shown`);
  shown.forEach((position, i) => assert.deepEqual(position, repeat(START, "phase_next", i + 1)));
});

test("it stops at the end of the run, forwards and backwards", () => {
  const net = { ...NET, steps: 2 };
  const { player, shown } = play({ rate: 30, unit: "batch", net });
  assert.equal(player.playing, false);
  assert.deepEqual(shown, [{ step: 1, phase: 0 }]);
  assert.deepEqual(play({ rate: 30, unit: "batch", net, from: { step: 1, phase: 2 }, direction: -1 }).shown, [
    { step: 0, phase: 2 },
  ]);
});

test("it waits for a mini-batch that is not at hand, and says how fast it really goes", () => {
  let at = 0;
  const slow = () => ++at % 50 === 0;
  const { shown, lag } = play({ rate: 20, unit: "batch", until: 4000, ready: slow });
  assert.ok(shown.length < 40);
  assert.ok(lag > 0 && lag < 18, `${lag} a second`);
  shown.forEach((position, i) => assert.equal(position.step, i + 1));
});

test("nothing is said about the rate where it is kept", () => {
  assert.equal(play({ rate: 20, until: 3000 }).lag, null);
});

test("moves made before there is a board are kept for some seconds, in order; other keys are not", () => {
  const early = new EarlyMoves();
  assert.equal(early.keep("phase_next", 0), true);
  assert.equal(early.keep("run_end", 4000), true);
  assert.equal(early.keep("example_next", 4500), true);
  assert.equal(early.keep("help", 4500), false);
  assert.deepEqual(early.take(6000), ["run_end", "example_next"]);
  assert.deepEqual(early.take(6000), []);
});

test("a board that is put on the page again goes on from its place, unless Python has moved", () => {
  const left = new LeftPlace();
  assert.equal(left.take("run", 1), null);
  left.keep("run", 1, { step: 0, phase: 1 });
  assert.deepEqual(left.take("run", 1), { step: 0, phase: 1 });
  assert.equal(left.take("run", 1), null);
  left.keep("run", 1, { step: 0, phase: 1 });
  assert.equal(left.take("run", 2), null);
  left.keep("run", 1, { step: 0, phase: 1 });
  assert.equal(left.take("another", 1), null);
});
