import assert from "node:assert/strict";
import { test } from "node:test";

import { highlights } from "../../static/board/layout.js";
import { drawPaths } from "../../static/board/paths.js";
import { sceneLayout, seenIn } from "../../static/board/scene.js";
import { netsOf } from "./nets.js";

const [net] = netsOf([{ sizes: [64, 30, 10] }]);
const M = 10;
const PINNED = { name: "z", layer: 3, j: 4, k: 0 };
const layout = seenIn(sceneLayout(net, 1200, 560, { m: M, pictures: true }), net, 3, false);
const placeOf = (cell) => highlights(layout, net, M, cell, 0, 0).own;

/** A canvas that writes down the frames and curves drawn on it. */
function recorder() {
  const drawn = { frames: [], curves: [], dashes: [] };
  let dashes = [];
  const ctx = {
    save() {},
    restore() {},
    beginPath() {},
    moveTo() {},
    stroke() {},
    setLineDash: (next) => (dashes = next),
    strokeRect: (...box) => drawn.frames.push({ box, dashed: dashes.length > 0 }),
    bezierCurveTo: (...points) => drawn.curves.push(points.slice(4)),
  };
  return { ctx, drawn };
}

function drawnFor(paths, visible = () => true) {
  const { ctx, drawn } = recorder();
  drawPaths(ctx, { layout, net, frame: { m: M }, scroll: 0, example: 0, theme: {}, paths }, placeOf(PINNED), visible);
  return drawn;
}

const among = ({ frames }, { x, y, w, h }) => frames.filter(({ box }) => box.join() === [x, y, w, h].join());

test("what the number is made of is framed where it is drawn, and what it goes into is framed with dashes", () => {
  const [a, into] = [
    { name: "a", layer: 2, j: 20, k: 0 },
    { name: "a", layer: 3, j: 4, k: 0 },
  ];
  const drawn = drawnFor({ madeOf: [a], goesInto: [into] });
  assert.ok(among(drawn, placeOf(a)).every(({ dashed }) => !dashed) && among(drawn, placeOf(a)).length > 0);
  assert.ok(among(drawn, placeOf(into)).every(({ dashed }) => dashed) && among(drawn, placeOf(into)).length > 0);
});

test("a line leads to the pinned number's facing side, from the strongest terms only", () => {
  const terms = Array.from({ length: 20 }, (_, j) => ({ name: "a", layer: 2, j, k: 0 }));
  const { curves } = drawnFor({ madeOf: terms, goesInto: [] });
  const own = placeOf(PINNED);
  assert.ok(curves.length > 0 && curves.length < 2 * terms.length);
  for (const [x, y] of curves) assert.deepEqual([x, y], [own.x, own.y + own.h / 2]);
});

test("what is not seen in this phase, another example's number, and no paths at all draw nothing", () => {
  const cell = { name: "a", layer: 2, j: 3, k: 0 };
  assert.equal(drawnFor({ madeOf: [cell], goesInto: [] }, () => false).frames.length, 0);
  assert.equal(drawnFor({ madeOf: [{ ...cell, k: 7 }], goesInto: [] }).frames.length, 0);
  assert.equal(drawnFor(null).frames.length, 0);
});
