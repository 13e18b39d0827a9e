import assert from "node:assert/strict";
import { test } from "node:test";

import { layout } from "../../static/board/layout.js";
import { changed, regions, sameGrounds } from "../../static/board/stage.js";

const NAMES = ["w", "b", "z", "a", "sp", "delta", "nabla_w", "nabla_b", "dw", "db"];
const overlap = (a, b) => a.x < b.x + b.w - 0.01 && b.x < a.x + a.w - 0.01 && a.y < b.y + b.h - 0.01 && b.y < a.y + a.h - 0.01;

/** A network's phases, and when each quantity is made, as Python says them. */
function netOf(sizes) {
  const depth = sizes.length;
  const later = (from, to, kind) => Array.from({ length: Math.abs(to - from) + 1 }, (_, i) => ({ kind, layer: from < to ? from + i : from - i }));
  const phases = [
    { kind: "input" },
    ...later(2, depth, "feedforward"),
    { kind: "output error", layer: depth },
    ...(depth > 2 ? later(depth - 1, 2, "backpropagate") : []),
    { kind: "gradients" },
    { kind: "update" },
  ];
  const made = { w: () => 0, b: () => 0, z: (l) => l - 1, a: (l) => l - 1 };
  for (const name of ["sp", "delta"]) made[name] = (l) => 2 * depth - l;
  for (const name of ["nabla_w", "nabla_b"]) made[name] = () => phases.length - 2;
  for (const name of ["dw", "db"]) made[name] = () => phases.length - 1;
  const layers = sizes.map((_, i) => i + 1).slice(1);
  const quantities = NAMES.map((name) => ({ name, phases: Object.fromEntries(layers.map((l) => [l, made[name](l)])) }));
  return { sizes, phases, quantities, picture: sizes[0] === 64 ? [8, 8] : null };
}

const sceneOf = (net, placed, phase) => ({ net, layout: placed, phase, frame: {}, view: {}, example: null });

for (const sizes of [[64, 30, 10], [64, 12, 14, 10], [64, 30, 30, 30, 30, 10], [2, 2, 1]]) {
  for (const [width, height] of [[857, 532], [1380, 900], [342, 0]]) {
    const net = netOf(sizes);
    const placed = layout(net, width, height, { m: 10, pictures: true });
    const name = `${sizes.join("-")} at ${width} x ${height}`;

    test(`${name}: no region reaches into another one`, () => {
      const found = regions(sceneOf(net, placed, 0), {});
      for (const [i, one] of found.entries()) {
        for (const other of found.slice(i + 1)) {
          for (const box of one.boxes) for (const rival of other.boxes) assert.ok(!overlap(box, rival), JSON.stringify([box, rival]));
        }
      }
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

test("another mini-batch, view or example is another ground", () => {
  const scene = { net: {}, frame: {}, layout: {}, view: {}, theme: {}, example: null, scroll: 0, veiled: null, locked: null, phase: 2 };
  assert.ok(sameGrounds(scene, { ...scene, phase: 3 }));
  for (const name of ["frame", "view", "theme", "layout"]) assert.ok(!sameGrounds(scene, { ...scene, [name]: {} }), name);
  assert.ok(!sameGrounds(scene, { ...scene, example: 0 }));
  assert.ok(!sameGrounds(scene, { ...scene, veiled: "z.2" }));
});
