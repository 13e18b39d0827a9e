import assert from "node:assert/strict";
import { test } from "node:test";

import { appended, count, MAX_POINTS, placed } from "../../static/pad/strokes.js";

const BOX = { left: 100, top: 50, width: 200, height: 200 };

test("a point is a share of the pad, from the left and from the top", () => {
  assert.deepEqual(placed({ clientX: 150, clientY: 200 }, BOX), [0.25, 0.75]);
});

test("a pointer beyond the edge stays on the edge", () => {
  assert.deepEqual(placed({ clientX: 0, clientY: 999 }, BOX), [0, 1]);
});

test("a point has four digits", () => {
  assert.deepEqual(placed({ clientX: 100 + 200 / 3, clientY: 50 }, BOX), [0.3333, 0]);
});

test("points that hardly differ are left out", () => {
  const stroke = [[0.5, 0.5]];
  appended(stroke, [0.503, 0.5], [stroke]);
  appended(stroke, [0.6, 0.5], [stroke]);
  assert.deepEqual(stroke, [
    [0.5, 0.5],
    [0.6, 0.5],
  ]);
});

test("a full drawing takes no more points", () => {
  const full = Array.from({ length: MAX_POINTS - 1 }, () => [0, 0]);
  const stroke = [[0.5, 0.5]];
  appended(stroke, [0.9, 0.9], [full, stroke]);
  assert.equal(count([full, stroke]), MAX_POINTS);
});
