import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { brief, duration, indexed, rangeText, readout, shown, whereNow } from "../../static/board/words.js";
import { netsOf } from "./nets.js";

const cases = JSON.parse(readFileSync(new URL("../numbers.json", import.meta.url), "utf8"));
const [NET] = netsOf([{ sizes: [64, 30, 10] }]);

test("numbers read as they do in Python", () => {
  for (const { value, shown: long, brief: short } of cases) {
    const number = value === "nan" ? NaN : Number(value);
    assert.equal(shown(number), long, value);
    assert.equal(brief(number), short, value);
  }
});

test("symbols carry their indices, multi-digit ones apart", () => {
  assert.equal(indexed(NET, { name: "w", layer: 2, j: 3, k: 7 }), "w²₄₈");
  assert.equal(indexed(NET, { name: "w", layer: 2, j: 3, k: 17 }), "w²₄\u2009₁₈");
  assert.equal(indexed(NET, { name: "sp", layer: 3, j: 0, k: 2 }), "σ′(z³₁)");
  assert.equal(indexed(NET, { name: "cost", layer: 3, j: 0, k: 2 }), "C");
});

test("a read-out says where a number is", () => {
  const where = (cell, example = null) => readout(NET, cell, 0.5, example).where;
  assert.equal(where({ name: "w", layer: 2, j: 3, k: 7 }), "from neuron 8 in layer 1 to neuron 4 in layer 2");
  assert.equal(where({ name: "b", layer: 3, j: 0, k: 0 }), "neuron 1 in layer 3 (output 0)");
  assert.equal(where({ name: "a", layer: 1, j: 9, k: 2 }), "pixel in row 2, column 2, example 3");
  assert.equal(where({ name: "cost", layer: 3, j: 0, k: 2 }), "example 3");
  assert.match(where({ name: "nabla_w", layer: 2, j: 0, k: 0 }), /mean of the mini-batch$/);
  assert.match(where({ name: "nabla_w", layer: 2, j: 0, k: 0 }, 1), /example 2 alone$/);
});

test("a position in words counts from one", () => {
  assert.equal(
    whereNow(NET, { step: 151, phase: 1 }),
    "Epoch 2 of 30 · mini-batch 2 of 150 · phase 2 of 7: feedforward, layer 2",
  );
});

test("a scale says its ends, and a wait how long it is", () => {
  assert.equal(rangeText([-2.345, 2.345], { kind: "diverging", magnitude: false }), "±2.35");
  assert.equal(rangeText([0, 0.25], { kind: "sequential", magnitude: false }), "0–0.25");
  assert.deepEqual([0.4, 30, 300, 7300].map(duration), [
    "about a second",
    "about 30 s",
    "about 5 minutes",
    "about 2 hours",
  ]);
  assert.equal(duration(null), "");
});
