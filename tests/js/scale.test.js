import assert from "node:assert/strict";
import { test } from "node:test";

import {
  colours,
  domain,
  extent,
  LEVELS,
  level,
  lookup,
  pool,
  rule,
  strongest,
  unpack,
} from "../../static/board/scale.js";
import { netsOf } from "./nets.js";

const TEN = [
  "#000010",
  "#000020",
  "#000030",
  "#000040",
  "#000050",
  "#500000",
  "#400000",
  "#300000",
  "#200000",
  "#100000",
];
const [SIGMOID, TANH, RELU] = netsOf(
  ["sigmoid", "tanh", "relu"].map((activation) => ({ sizes: [64, 30, 20, 10], activation })),
);
const ruleOf = (net, name, choices = {}, layer = 2) =>
  rule(net.quantity(name), net.layers(null)[layer - 1], net.effects(net.viewOf({ choices })));
const DIVERGING = ruleOf(SIGMOID, "z");
const of = (...values) => ({ rows: 1, cols: values.length, values: Float64Array.from(values) });

test("the ends of a palette are its first and last colour, and equal values are equal colours", () => {
  const table = lookup(TEN);
  assert.deepEqual(unpack(table[0]), [0, 0, 16]);
  assert.deepEqual(unpack(table[LEVELS - 1]), [16, 0, 0]);
  const painted = colours(of(-2, 2, 0.5, 0.5), DIVERGING, [-2, 2], table);
  assert.equal(painted[0], table[0]);
  assert.equal(painted[1], table[LEVELS - 1]);
  assert.equal(painted[2], painted[3]);
});

test("zero is the middle of a diverging scale, and opposite values are equally far from it", () => {
  const middle = (LEVELS - 1) / 2;
  assert.equal(level(0, DIVERGING, [-3, 3]), middle);
  for (const v of [0.1, 1, 2.9]) {
    assert.equal(level(v, DIVERGING, [-3, 3]) - middle, middle - level(-v, DIVERGING, [-3, 3]));
  }
});

test("a range spans the largest magnitude of all that share it", () => {
  assert.deepEqual(domain(DIVERGING, [extent(of(-1, 0.5)), extent(of(0, 4))]), [-4, 4]);
});

test("slopes and activations keep the range of their function", () => {
  assert.deepEqual(domain(ruleOf(SIGMOID, "sp"), [extent(of(0.001))]), [0, 0.25]);
  assert.deepEqual(domain(ruleOf(TANH, "a"), [extent(of(0.001))]), [-1, 1]);
  assert.deepEqual(domain(ruleOf(SIGMOID, "a"), [extent(of(0.001))]), [0, 1]);
});

test("a logarithmic scale shows magnitudes, each decade as wide as the next", () => {
  const how = ruleOf(SIGMOID, "delta", { magnitudes: "log" });
  const limits = domain(how, [extent(of(-1, 0.001))]);
  const at = (v) => level(v, how, limits);
  assert.equal(at(-1), at(1));
  assert.ok(Math.abs(at(1) - at(0.1) - (at(0.1) - at(0.01))) <= 1);
  assert.equal(at(0), 0);
});

test("what is not finite has no colour and does not count for the range", () => {
  const table = lookup(TEN);
  const broken = of(NaN, Infinity, 1);
  assert.deepEqual([...colours(broken, DIVERGING, [-1, 1], table)].slice(0, 2), [0, 0]);
  assert.equal(extent(broken).largest, 1);
  assert.equal(extent(broken).broken, 2);
});

test("pooling keeps the signed value of largest magnitude, and pointing finds that cell", () => {
  const matrix = { rows: 2, cols: 5, values: Float64Array.from([1, -3, 2, 0, 0.5, 2, 0, -1, 0, -4]) };
  assert.deepEqual([...pool(matrix, [2, 2]).values], [-3, 2, -4]);
  assert.deepEqual(strongest(matrix, 0, 0, [2, 2]), [0, 1]);
  assert.deepEqual(strongest(matrix, 0, 4, [2, 2]), [1, 4]);
  assert.equal(pool(matrix, [1, 1]).values, matrix.values);
});

test("an activation without a bound is coloured up to its largest value", () => {
  assert.deepEqual(domain(ruleOf(RELU, "a"), [extent(of(0, 4.41))]), [0, 4.41]);
});

test("a layer in which one neuron has another activation has the range of both", () => {
  const mixed = { title: "", kinked: [3], ranges: { a: [-1, null] } };
  assert.deepEqual(rule(SIGMOID.quantity("a"), mixed, new Set()), { kind: "diverging", magnitude: false });
});
