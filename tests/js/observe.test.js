import assert from "node:assert/strict";
import { test } from "node:test";

import { decode } from "../../static/board/frames.js";
import { Net } from "../../static/board/net.js";
import { observed } from "../../static/board/observe.js";
import { brief, indexed } from "../../static/board/words.js";
import { fromPython } from "./nets.js";

const EXAMPLE = 2;

/** The sentence of a phase of this title, and the numbers of the trace, by quantity and layer. */
function read({ message, expected }) {
  const { network, frames } = decode(new Uint8Array(Buffer.from(message, "base64")));
  const net = new Net(network);
  const rows = (name, layer, example = null) =>
    expected.find((e) => e.name === name && e.layer === layer && e.example === example).rows;
  const says = (title, example) =>
    observed(
      net,
      frames[0],
      net.phases.findIndex((phase) => phase.title === title),
      example,
    );
  return { net, frame: frames[0], rows, says };
}

const largest = (values) => values.reduce((at, v, i) => (Math.abs(v) > Math.abs(values[at]) ? i : at), 0);
const size = (rows) => Math.sqrt(rows.flat().reduce((sum, v) => sum + v * v, 0));

for (const [number, one] of fromPython("make_frames.py").entries()) {
  const { net, frame, rows, says } = read(one);
  const columnOf = (name, layer) => rows(name, layer).map((row) => row[EXAMPLE]);

  test(`network ${number + 1}: the strongest neuron is the one that the trace has`, () => {
    if (net.depth < 3) return;
    const z = columnOf("z", 2);
    const j = largest(z);
    const a = brief(columnOf("a", 2)[j]);
    assert.equal(
      says("feedforward, layer 2", EXAMPLE),
      `The strongest here is neuron ${j + 1}: z = ${brief(z[j])}, a = ${a}.`,
    );
  });

  test(`network ${number + 1}: right or wrong, one example or all`, () => {
    const title = `feedforward, layer ${net.depth}`;
    const [label, answer] = [frame.labels[EXAMPLE], frame.predictions[EXAMPLE]].map((c) => net.info.classes[c]);
    const words = label === answer ? `The network says ${answer}, and that is right.` : `but the target is ${label}.`;
    assert.ok(says(title, EXAMPLE).includes(words), says(title, EXAMPLE));
    const right = frame.labels.filter((l, e) => l === frame.predictions[e]).length;
    assert.equal(says(title, null), `${right} of the ${frame.m} examples are right.`);
  });

  test(`network ${number + 1}: flat slopes are counted, else the largest error is named`, () => {
    const flat = columnOf("sp", 2).filter((v) => Math.abs(v) < net.info.saturated).length;
    const delta = columnOf("delta", 2);
    const words = flat
      ? `${flat} of ${delta.length} slopes are below 0.01`
      : `Neuron ${largest(delta) + 1} has the largest error: δ = ${brief(delta[largest(delta)])}.`;
    assert.ok(says("backpropagate, layer 2", EXAMPLE).startsWith(words), says("backpropagate, layer 2", EXAMPLE));
  });

  test(`network ${number + 1}: gradients are compared by their sizes`, () => {
    const layers = net.sizes.slice(1).map((_, i) => i + 2);
    for (const example of [null, EXAMPLE]) {
      const sizes = layers.map((layer) => size(rows("nabla_w", layer, example)));
      const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
      const [small, large] = [least, most].map((s) => layers[sizes.indexOf(s)]);
      const words = `Layer ${large} has a gradient ${brief(most / least)} times as large as layer ${small}.`;
      assert.equal(says("gradients", example), least > 0 && most >= 1.5 * least ? words : "");
    }
  });

  test(`network ${number + 1}: the weight that changes most`, () => {
    let best = { value: 0 };
    for (let layer = 2; layer <= net.depth; layer++)
      rows("dw", layer).forEach((row, j) =>
        row.forEach((value, k) => {
          if (Math.abs(value) > Math.abs(best.value)) best = { value, name: "dw", layer, j, k };
        }),
      );
    assert.equal(
      says("update", EXAMPLE),
      `The weight that changes most is ${indexed(net, best)}, by ${brief(best.value)}.`,
    );
  });
}
