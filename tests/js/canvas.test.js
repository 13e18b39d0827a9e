import assert from "node:assert/strict";
import { test } from "node:test";
import { changed, regions, sameButPhase } from "../../static/board/canvas.js";
import { layout } from "../../static/board/layout.js";
import { sceneLayout, seenIn } from "../../static/board/scene.js";
import { netsOf } from "./nets.js";

const overlap = (a, b) =>
  a.x < b.x + b.w - 0.01 && b.x < a.x + a.w - 0.01 && a.y < b.y + b.h - 0.01 && b.y < a.y + a.h - 0.01;

const sceneOf = (net, placed, phase) => ({
  net,
  layout: seenIn(placed, net, phase, false),
  phase,
  frame: {},
  view: {},
  example: null,
  hidden: [],
});

const SIZES = [
  [64, 30, 10],
  [64, 12, 14, 10],
  [64, 30, 30, 30, 30, 10],
  [64, 30, 20, 16, 12, 10],
  [2, 2, 1],
  [2, 8, 2],
  [13, 20, 3],
];

for (const net of netsOf(SIZES.map((sizes) => ({ sizes })))) {
  for (const [width, height] of [
    [640, 380],
    [857, 532],
    [1380, 900],
    [342, 0],
  ]) {
    for (const place of [layout, sceneLayout]) {
      const placed = place(net, width, height, { m: 10, pictures: true });
      const name = `${place.name} of ${net.sizes.join("-")} at ${width} x ${height}`;

      test(`${name}: no region reaches into another one`, () => {
        const found = regions(sceneOf(net, placed, 0), {});
        for (const [i, one] of found.entries()) {
          for (const other of found.slice(i + 1)) {
            for (const box of one.boxes)
              for (const rival of other.boxes) assert.ok(!overlap(box, rival), JSON.stringify([box, rival]));
          }
        }
      });

      test(`${name}: every region is on the canvas`, () => {
        for (const { boxes } of regions(sceneOf(net, placed, net.phases.length - 1), {}))
          for (const { x, y, w, h } of boxes)
            assert.ok(
              x >= -2 && y >= -2 && x + w <= placed.width + 4 && y + h <= placed.height + 10,
              `${[x, y, w, h]}`,
            );
      });

      test(`${name}: a phase changes some regions, the same phase none`, () => {
        for (let phase = 1; phase < net.phases.length; phase++) {
          const [before, now] = [phase - 1, phase].map((p) => regions(sceneOf(net, placed, p), {}));
          const differing = changed(before, now).length;
          assert.ok(differing > 0 && differing < now.length, `phase ${phase}: ${differing} of ${now.length}`);
          assert.equal(changed(now, regions(sceneOf(net, placed, phase), {})).length, 0);
        }
      });
    }
  }
}

test("another mini-batch, view or example is another ground", () => {
  const scene = {
    net: {},
    frame: {},
    whole: {},
    view: {},
    theme: {},
    example: null,
    scroll: 0,
    hidden: [],
    lockedRanges: null,
    phase: 2,
  };
  assert.ok(sameButPhase(scene, { ...scene, phase: 3 }));
  for (const name of ["frame", "view", "theme", "whole"])
    assert.ok(!sameButPhase(scene, { ...scene, [name]: {} }), name);
  assert.ok(!sameButPhase(scene, { ...scene, example: 0 }));
  assert.ok(!sameButPhase(scene, { ...scene, hidden: ["z.2"] }));
});
