import assert from "node:assert/strict";
import { test } from "node:test";

import { examples, hit, layout } from "../../static/board/layout.js";
import { cellOf, cellText } from "../../static/board/words.js";
import { netsOf } from "./nets.js";

const NETS = netsOf(
  [
    [64, 30, 10],
    [784, 30, 10],
    [2, 2, 1],
    [64, 30, 30, 30, 30, 10],
    [64, 400, 10],
    [64, 10],
  ].map((sizes) => ({ sizes })),
);
const SIZES = [
  [864, 532],
  [1380, 900],
  [640, 400],
  [342, 0],
];
const overlap = (a, b) =>
  a.x < b.x + b.w - 0.01 && b.x < a.x + a.w - 0.01 && a.y < b.y + b.h - 0.01 && b.y < a.y + a.h - 0.01;

for (const net of NETS) {
  for (const [width, height] of SIZES) {
    for (const pictures of [true, false]) {
      const name = `${net.sizes.join("-")} at ${width} x ${height}${pictures ? ", as pictures" : ""}`;
      const placed = layout(net, width, height, { m: 10, pictures });

      test(`${name}: panels are inside and do not overlap`, () => {
        assert.equal(placed.panels.length, 10 * (net.sizes.length - 1));
        for (const [i, { id, box }] of placed.panels.entries()) {
          assert.ok(box.w >= 1 && box.h >= 1, `${id} has no room`);
          assert.ok(box.x >= 0 && box.x + box.w <= width + 0.01, `${id} is outside`);
          assert.ok(box.y >= 0 && box.y + box.h <= placed.height + 0.01, `${id} is below the end`);
          for (const other of placed.panels.slice(i + 1))
            assert.ok(!overlap(box, other.box), `${id} and ${other.id} overlap`);
        }
      });

      test(`${name}: a cell is at least a pixel, or says how many it pools`, () => {
        for (const { rows, cols, box, block, tiles } of placed.panels) {
          if (tiles) {
            assert.ok(tiles.w * block[1] >= tiles.cols && tiles.h * block[0] >= tiles.rows);
            continue;
          }
          assert.ok(box.h / Math.ceil(rows / block[0]) >= 1);
          assert.ok(box.w / Math.ceil(cols / block[1]) >= 1);
        }
      });
    }
  }
}

test("a phone has one column of layers", () => {
  const { panels, stacked } = layout(NETS[0], 342, 0, { m: 10, pictures: true });
  assert.ok(stacked);
  const bottom = (layer) => Math.max(...panels.filter((p) => p.layer === layer).map((p) => p.box.y + p.box.h));
  const top = (layer) => Math.min(...panels.filter((p) => p.layer === layer).map((p) => p.box.y));
  assert.ok(bottom(2) < top(3));
});

test("the pointer finds the cell that is drawn there", () => {
  const net = NETS[0];
  const placed = layout(net, 864, 532, { m: 10, pictures: false });
  for (const panel of placed.panels.filter((p) => p.block[0] === 1 && p.block[1] === 1)) {
    const { box, rows, cols } = panel;
    for (const [j, k] of [
      [0, 0],
      [rows - 1, cols - 1],
      [rows >> 1, cols >> 1],
    ]) {
      const found = hit(placed, net, 10, box.x + ((k + 0.5) / cols) * box.w, box.y + ((j + 0.5) / rows) * box.h);
      assert.deepEqual([found.panel.id, found.j, found.k], [panel.id, j, k]);
    }
  }
  assert.equal(hit(placed, net, 10, -5, -5), null);
});

test("with up to 256 examples those in view fit, and the rest is counted", () => {
  const list = { x: 0, y: 0, w: 112, h: 400 };
  for (const m of [1, 10, 64, 256]) {
    const { shown, more, maxScroll } = examples(list, m, {});
    assert.equal(shown.length + more, m);
    for (const { box } of shown) assert.ok(box.x + box.w <= list.w && box.y + box.h <= list.h);
    if (more) assert.equal(examples(list, m, { scroll: maxScroll }).shown.at(-1).example, m - 1);
  }
});

test("a cell reads back as it is written, and nothing else does", () => {
  const net = NETS[0];
  for (const text of [
    "w.2.3.7",
    "b.3.9",
    "z.2.29.9",
    "a.1.63.0",
    "nabla_w.3.0.29",
    "db.2.0",
    "cost.3.0.1",
    "nabla_a.3.4.10",
  ]) {
    assert.equal(cellText(net, cellOf(text, net)), text);
  }
  for (const text of [
    "",
    null,
    "w.2.30.0",
    "w.1.0.0",
    "z.2.0.11",
    "cost.2.0.0",
    "cost.3.1.0",
    "b.2.0.0",
    "q.2.0.0",
    "w.2.x.0",
    "w.2.-1.0",
    "<b>",
  ]) {
    assert.equal(cellOf(text, net), null);
  }
});

test("the gap between two pictures belongs to the one before it", () => {
  const placed = layout(NETS[0], 864, 532, { m: 10, pictures: true });
  const panel = placed.panels.find(({ tiles }) => tiles);
  const { box, tiles } = panel;
  const found = hit(placed, NETS[0], 10, box.x + tiles.w + 0.5, box.y + 1);
  assert.deepEqual([found.panel.id, found.j], [panel.id, 0]);
});
