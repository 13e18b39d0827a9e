import assert from "node:assert/strict";
import { test } from "node:test";

import { decode, difference, matrix } from "../../static/board/frames.js";
import { Net } from "../../static/board/net.js";
import { phaseWith } from "../../static/board/run_scene.js";
import { Ranges } from "../../static/board/scale.js";
import { fromPython, netsOf } from "./nets.js";

const [SHALLOW, DEEP, RELU] = netsOf([
  { sizes: [2, 3, 2] },
  { sizes: [2, 3, 3, 2] },
  { sizes: [2, 3, 2], activation: "relu" },
]);

test("a run with fewer layers stays at the last phase that both have had", () => {
  const phases = DEEP.phases.map((_, phase) => phaseWith(SHALLOW, DEEP, phase));
  assert.deepEqual(phases, [0, 1, 2, 2, 3, 3, 4, 5, 6]);
  assert.deepEqual(
    DEEP.phases.map((_, phase) => phaseWith(DEEP, DEEP, phase)),
    DEEP.phases.map((_, phase) => phase),
  );
});

/** A mini-batch of one example with these z and a of layer 2. */
const frameOf = (step, z, a) => {
  const column = (values) => ({ rows: values.length, cols: 1, values: Float64Array.from(values) });
  return { step, m: 1, layers: null, derived: new Map(), arrays: { "z.2": column(z), "a.2": column(a) } };
};

/** The limits and the kind of a panel of A, with B beside it. */
function scaleOf(name, [netA, frameA], [netB, frameB], choices = {}, lock = null) {
  const [a, b] = [new Ranges(), new Ranges()];
  a.beside = (panel) => [b.part(netB, frameB, panel)];
  const view = netA.viewOf({ choices, lock });
  if (lock !== null)
    for (const ranges of [a, b]) ranges.locked = { step: lock, example: null, extents: LOCKED.get(ranges === a) };
  const { limits, how } = a.of(netA, frameA, view, name, 2, null);
  return { limits, kind: how.kind };
}

const extent = (largest) => ({ largest, low: -largest, high: largest, broken: 0 });
const LOCKED = new Map([
  [true, new Map([["z.2", extent(1)]])],
  [false, new Map([["z.2", extent(7)]])],
]);

test("runs on one scale have the range of all of them, unless each is to have its own", () => {
  const [a, b] = [frameOf(0, [1, -2, 0], [0.5, 0.1, 0.2]), frameOf(0, [5, 0, 1], [0.9, 0.1, 0.2])];
  assert.deepEqual(scaleOf("z", [SHALLOW, a], [SHALLOW, b]).limits, [-5, 5]);
  assert.deepEqual(scaleOf("z", [SHALLOW, a], [SHALLOW, b], { run_scale: "own" }).limits, [-2, 2]);
});

test("an activation with a bound and one without have the larger range, too", () => {
  const [sigmoid, relu] = [frameOf(0, [1, 1, 1], [0.5, 0.1, 0.2]), frameOf(0, [4.4, 0, 1], [4.4, 0, 1])];
  assert.equal(scaleOf("a", [SHALLOW, sigmoid], [RELU, relu]).limits[1], 4.4);
  assert.equal(scaleOf("a", [SHALLOW, sigmoid], [SHALLOW, sigmoid]).limits[1], 1);
});

test("a locked scale is that of all runs where it was locked", () => {
  const [a, b] = [frameOf(3, [1, -2, 0], [0, 0, 0]), frameOf(3, [5, 0, 1], [0, 0, 0])];
  assert.deepEqual(scaleOf("z", [SHALLOW, a], [SHALLOW, b], { scale: "locked" }, 1).limits, [-7, 7]);
});

test("a run less another one: each number is the difference, without bounds, gradients' included", () => {
  const [one, other] = fromPython("make_frames.py")
    .slice(0, 1)
    .map(({ message }) => decode(new Uint8Array(Buffer.from(message, "base64"))))
    .flatMap(({ network, frames: [frame] }) => {
      const changed = { ...frame, derived: new Map(), arrays: { ...frame.arrays } };
      const { values, ...shape } = frame.arrays["delta.2"];
      changed.arrays["delta.2"] = { ...shape, values: values.map((v, i) => v * 2 + i) };
      return [{ net: new Net(network), frame: changed }, { frame }];
    });
  const { net } = one;
  const less = difference(net, one.frame, other.frame);
  const [a, b] = [one.frame, other.frame].map((frame) => matrix(frame, net, "delta", 2));
  const expected = Array.from(a.values, (v, i) => v - b.values[i]);
  assert.deepEqual(Array.from(matrix(less, net, "delta", 2).values), expected);
  for (const example of [null, 1]) {
    const [with_, without] = [one.frame, other.frame].map((frame) => matrix(frame, net, "nabla_w", 2, example).values);
    matrix(less, net, "nabla_w", 2, example).values.forEach((v, i) => {
      assert.ok(Math.abs(v - (with_[i] - without[i])) < 1e-12);
    });
  }
  assert.deepEqual(matrix(less, net, "a", 1), matrix(one.frame, net, "a", 1)); // the input stays as it is
  assert.ok(matrix(less, net, "w", 2).values.every((v) => v === 0));
  const { how } = new Ranges().of(net, less, net.viewOf(null), "a", 2, null);
  assert.deepEqual([how.kind, how.limit], ["diverging", undefined]);
});
