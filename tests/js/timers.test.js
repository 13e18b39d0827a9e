import assert from "node:assert/strict";
import { test } from "node:test";

import { Timers } from "../../static/board/messages.js";

function setup(t) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const frames = [];
  globalThis.requestAnimationFrame = (what) => frames.push(what);
  t.after(() => delete globalThis.requestAnimationFrame);
  const done = [];
  const paint = () => {
    frames.splice(0).forEach((what) => what());
    t.mock.timers.tick(1);
  };
  return { timers: new Timers(), done, paint, pass: (ms) => t.mock.timers.tick(ms) };
}

test("what is planned again is planned anew, and happens once", (t) => {
  const { timers, done, pass } = setup(t);
  timers.later("a", () => done.push(1), 50);
  pass(40);
  timers.later("a", () => done.push(2), 50);
  pass(40);
  assert.deepEqual([done, timers.has("a")], [[], true]);
  pass(20);
  assert.deepEqual([done, timers.has("a")], [[2], false]);
});

test("after the paint means after the frame, and soon where there is no frame", (t) => {
  const { timers, done, paint, pass } = setup(t);
  timers.afterPaint("a", () => done.push("painted"));
  assert.deepEqual(done, []);
  paint();
  pass(200);
  assert.deepEqual(done, ["painted"]);
  timers.afterPaint("a", () => done.push("unseen"));
  pass(100);
  paint();
  assert.deepEqual(done, ["painted", "unseen"]);
});

test("what was called off does not happen, painted or not", (t) => {
  const { timers, done, paint, pass } = setup(t);
  timers.afterPaint("a", () => done.push("a"));
  timers.later("b", () => done.push("b"), 10);
  timers.stop();
  paint();
  pass(200);
  assert.deepEqual(done, []);
});
