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
  const says = (title, example, hidden = []) =>
    observed(
      net,
      frames[0],
      net.phases.findIndex((phase) => phase.title === title),
      example,
      hidden,
    );
  return { net, frame: frames[0], rows, says };
}

const largest = (values) => values.reduce((at, v, i) => (Math.abs(v) > Math.abs(values[at]) ? i : at), 0);
const size = (rows) => Math.sqrt(rows.flat().reduce((sum, v) => sum + v * v, 0));

for (const [number, one] of fromPython("make_frames.py").entries()) {
  const { net, frame, rows, says } = read(one);
  const columnOf = (name, layer) => rows(name, layer).map((row) => row[EXAMPLE]);

  test(`network ${number + 1}: the most active neuron is the one that the trace has`, () => {
    if (net.depth < 3) return;
    const a = columnOf("a", 2);
    const j = largest(a);
    const z = brief(columnOf("z", 2)[j]);
    assert.equal(
      says("feedforward, layer 2", EXAMPLE),
      `The most active is neuron ${j + 1}: z = ${z}, a = ${brief(a[j])}.`,
    );
    const means = rows("delta", 2).map((row) => row.reduce((sum, v) => sum + v, 0) / row.length);
    if (!says("backpropagate, layer 2", null).startsWith("Slopes"))
      assert.ok(says("backpropagate, layer 2", null).includes(`Neuron ${largest(means) + 1} `));
  });

  test(`network ${number + 1}: nothing is said of what is to be predicted`, () => {
    assert.equal(says("feedforward, layer 2", EXAMPLE, ["a.2"]), "");
    assert.equal(says("gradients", EXAMPLE, ["nabla_w.2"]), "");
    assert.ok(!says("backpropagate, layer 2", EXAMPLE, ["delta.2"]).includes("δ ="));
  });

  test(`network ${number + 1}: right or wrong, one example or all`, () => {
    const title = `feedforward, layer ${net.depth}`;
    const [label, answer] = [frame.labels[EXAMPLE], frame.predictions[EXAMPLE]].map((c) => net.info.classes[c]);
    const words = label === answer ? `The network says ${answer}, and that is right.` : `but the target is ${label}.`;
    assert.ok(says(title, EXAMPLE).includes(words), says(title, EXAMPLE));
    const right = frame.labels.filter((l, e) => l === frame.predictions[e]).length;
    assert.equal(says(title, null), `Of the ${frame.m} examples the network gets ${right} right.`);
  });

  test(`network ${number + 1}: flat slopes are counted, else the largest error is named`, () => {
    const flat = columnOf("sp", 2).filter((v) => Math.abs(v) < net.info.saturated).length;
    const delta = columnOf("delta", 2);
    const words = flat
      ? `Slopes below 0.01, where hardly any error gets through: ${flat} of ${delta.length}.`
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
      `The largest change of a weight: ${indexed(net, best)} = ${brief(best.value)}.`,
    );
  });
}
