import assert from "node:assert/strict";
import { test } from "node:test";

import { forFollowers, linkOf, placeOf } from "../../static/board/link.js";
import { Net } from "../../static/board/net.js";
import { cellOf } from "../../static/board/words.js";
import { fromPython } from "./nets.js";

const fields = (link) => Object.fromEntries(new URLSearchParams(link));

for (const { link, experiment, network, position, example, cell, view } of fromPython("make_links.py")) {
  const net = new Net(network);

  test(`the board writes the link as Python does: ${link}`, () => {
    const shown = { position, example, pinned: cellOf(cell, net), view: net.viewOf(view) };
    assert.deepEqual(fields(linkOf(net, experiment, shown)), fields(link));
  });

  test(`and takes it apart again: ${link}`, () => {
    const found = placeOf(net, link);
    assert.deepEqual(found.position, { ...position, example });
    assert.equal(found.cell, cell);
    assert.deepEqual(found.view, net.viewOf(view));
    assert.deepEqual(fields(found.experiment), fields(experiment));
  });
}

test("followers have screens of their own", () => {
  const [{ network }] = fromPython("make_links.py");
  assert.equal(forFollowers(new Net(network), "?hidden=8&phase=9&present=1"), "?hidden=8&phase=9");
});

test("what is no number in a link counts as left out", () => {
  const [{ network }] = fromPython("make_links.py");
  const { position, cell } = placeOf(new Net(network), "?step=x&phase=-1&example=1e3&cell=nothing");
  assert.deepEqual(position, { step: 0, phase: 0, example: 0 });
  assert.equal(cell, "nothing"); // which the board does not pin
});
