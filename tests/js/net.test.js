import assert from "node:assert/strict";
import { test } from "node:test";

import { saturation, stateOf } from "../../static/board/draw.js";
import { EFFECTS } from "../../static/board/net.js";
import { netsOf } from "./nets.js";

const [NET, DEEP] = netsOf([{ sizes: [64, 30, 10] }, { sizes: [2, 3, 4, 1] }]);
const phaseOf = (net, title) => net.phases.findIndex((phase) => phase.title === title);

test("parameters are there from the start, and the first phase computes the input alone", () => {
  assert.equal(stateOf(NET, [], "w.2", 0), "done");
  assert.equal(stateOf(NET, [], "a.1", 0), "now");
  assert.equal(stateOf(NET, [], "z.2", 0), "pending");
  assert.deepEqual(NET.phases[0].computes, ["a.1"]);
});

test("a panel that is to be predicted first is pending in every phase", () => {
  for (let phase = 0; phase < NET.phases.length; phase++) assert.equal(stateOf(NET, "w.2", "w.2", phase), "pending");
});

test("backpropagation uses the errors and weights of the layer above", () => {
  const phase = phaseOf(DEEP, "backpropagate, layer 2");
  for (const panel of ["w.3", "delta.3", "z.2"]) assert.ok(DEEP.isUsed(panel, phase), panel);
  for (const panel of ["w.2", "delta.2", "a.1", "w.4"]) assert.ok(!DEEP.isUsed(panel, phase), panel);
});

test("the picture of the network shows the last thing computed in each layer", () => {
  const back = phaseOf(DEEP, "backpropagate, layer 3");
  assert.deepEqual(
    [1, 2, 3, 4].map((layer) => DEEP.inDiagram("nodes", layer, back)),
    ["a", "a", "delta", "delta"],
  );
  const input = phaseOf(DEEP, "input");
  assert.deepEqual(
    [1, 2, 3, 4].map((layer) => DEEP.inDiagram("nodes", layer, input)),
    ["a", null, null, null],
  );
  assert.equal(DEEP.inDiagram("edges", 2, back), "w");
  assert.equal(DEEP.inDiagram("edges", 2, phaseOf(DEEP, "gradients")), "nabla_w");
  assert.equal(DEEP.inDiagram("edges", 2, phaseOf(DEEP, "update")), "dw");
});

test("forward and back go along the edges of the weights that they use", () => {
  assert.deepEqual(DEEP.alongEdges(phaseOf(DEEP, "feedforward, layer 3")), { layer: 3, direction: 1 });
  assert.deepEqual(DEEP.alongEdges(phaseOf(DEEP, "backpropagate, layer 2")), { layer: 3, direction: -1 });
  for (const title of ["input", "output error", "gradients", "update"]) {
    assert.equal(DEEP.alongEdges(phaseOf(DEEP, title)), null, title);
  }
});

test("a view is made valid, whatever came", () => {
  const plain = NET.viewOf(null);
  assert.deepEqual(NET.viewOf({ choices: { scale: "evil", x: "y" }, lock: -1, lockExample: "2" }), plain);
  assert.equal(NET.viewOf({ choices: { scale: "locked" }, lock: null }).choices.scale, "panel");
});

test("locking the scale keeps the choice before and the place, and locking again keeps them", () => {
  const shared = NET.withChoice(NET.viewOf(null), "scale", "shared", { step: 0, example: null });
  const locked = NET.withChoice(shared, "scale", "locked", { step: 12, example: 3 });
  assert.deepEqual([locked.choices.base, locked.lock, locked.lockExample], ["shared", 12, 3]);
  assert.ok(NET.effects(locked).has(EFFECTS.rowScale) && NET.effects(locked).has(EFFECTS.fixedScale));
  const again = NET.withChoice(locked, "scale", "locked", { step: 20, example: null });
  assert.deepEqual([again.choices.base, again.lock], ["shared", 20]);
  assert.ok(!NET.effects(NET.withChoice(locked, "scale", "panel", { step: 0, example: null })).has(EFFECTS.rowScale));
});

test("each neuron is marked by its own kind: saturated by its slope, dead only if it is off everywhere", () => {
  const slopes = { rows: 3, cols: 2, values: Float64Array.from([0.001, 0.2, 0, 1, 0, 0]) };
  assert.deepEqual(saturation(slopes, [1, 2], 0.01), { shares: Float64Array.from([0.5, 0, 1]), cells: 1, dead: 1 });
});
