import assert from "node:assert/strict";
import { test } from "node:test";

import { stateOf } from "../../static/board/draw.js";
import { decode, matrix } from "../../static/board/frames.js";
import { hit, layout } from "../../static/board/layout.js";
import { Net } from "../../static/board/net.js";
import { Ranges } from "../../static/board/scale.js";
import { cellOf, cellText, layerTitle, symbol } from "../../static/board/words.js";
import { fromPython } from "./nets.js";

const { message, ratio } = fromPython("make_added.py");
const {
  network,
  frames: [frame],
} = decode(new Uint8Array(Buffer.from(message, "base64")));
const net = new Net(network);
const placed = layout(net, 1280, 600, { m: 10, pictures: true });

test("a new quantity has its panel in its row, with its numbers, in its phase", () => {
  const panel = placed.panels.find(({ id }) => id === "ratio.2");
  const beside = placed.panels.find(({ id }) => id === "dw.2");
  assert.equal(panel.box.y, beside.box.y);
  const { rows, cols, values } = matrix(frame, net, "ratio", 2);
  assert.deepEqual([rows, cols], [30, 64]);
  ratio.flat().forEach((value, i) => assert.ok(Math.abs(values[i] - value) <= Math.abs(value) * 2 ** -23));
  assert.equal(stateOf(net, [], "ratio.2", net.phases.length - 2), "pending");
  assert.equal(stateOf(net, [], "ratio.2", net.phases.length - 1), "now");
  assert.equal(symbol(net, "ratio", 2), "Δw²/w²");
  assert.equal(cellText(net, cellOf("ratio.2.3.7", net)), "ratio.2.3.7");
  const { box } = panel;
  assert.equal(hit(placed, net, 10, box.x + box.w / 2, box.y + box.h / 2).panel, panel);
});

test("a new activation is named over its layer and coloured by its own range", () => {
  assert.deepEqual(layerTitle(net, frame, 2), ["layer 2", "30", "softplus"]);
  const { how, limits } = new Ranges().of(net, frame, net.viewOf(null), "a", 2, null);
  assert.equal(how.kind, "sequential");
  assert.equal(limits[1], Math.max(...matrix(frame, net, "a", 2).values));
});

test("a new way of drawing can be chosen", () => {
  const chosen = net.withChoice(net.viewOf(null), "grid", "plain", { step: 0, example: null });
  assert.equal(chosen.choices.grid, "plain");
  assert.ok(net.effects(chosen).has("noGrid"));
});
