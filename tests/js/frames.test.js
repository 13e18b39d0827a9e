import assert from "node:assert/strict";
import { test } from "node:test";

import { decode, has, matrix, VERSION, VersionError } from "../../static/board/frames.js";
import { Net } from "../../static/board/net.js";
import { fromPython } from "./nets.js";

const cases = fromPython("make_frames.py");

for (const [number, { message, expected, decay }] of cases.entries()) {
  const {
    network,
    frames: [frame],
    seq,
  } = decode(new Uint8Array(Buffer.from(message, "base64")));
  const net = new Net(network);

  test(`every number of network ${number + 1} is the trace's`, () => {
    assert.equal(seq, 4);
    for (const { name, layer, example, rows } of expected) {
      const found = matrix(frame, net, name, layer, example);
      assert.equal(found.rows, rows.length, `${name}.${layer}`);
      assert.equal(found.cols, rows[0].length, `${name}.${layer}`);
      const largest = Math.max(...rows.flat().map(Math.abs));
      rows.flat().forEach((value, i) => {
        const bound = bounds(net, `${name}.${layer}`, frame, decay, largest, value);
        const text = `${name}.${layer} of ${example}: ${found.values[i]} for ${value}`;
        assert.ok(Math.abs(found.values[i] - value) <= bound, text);
      });
    }
  });
}

/** What is only looked at travels as float32: half a quantum. What is computed from float64: rounding. */
function bounds(net, panel, frame, decay, largest, value) {
  const { operation } = net.quantity(panel.split(".")[0]);
  if (!operation) return frame.arrays[panel].values instanceof Float32Array ? Math.abs(value) * 2 ** -24 : 0;
  return largest * 1e-12 + decay * 2 ** -22;
}

test("a message at an odd place in its buffer is read as well", () => {
  const bytes = Buffer.from(cases[0].message, "base64");
  const moved = new Uint8Array(bytes.length + 3);
  moved.set(bytes, 3);
  const {
    network,
    frames: [frame],
  } = decode(moved.subarray(3));
  const net = new Net(network);
  assert.equal(frame.step, 3);
  assert.ok(has(net, "nabla_w", 2) && has(net, "a", 1) && !has(net, "w", 1));
});

test("a message of another version, or none at all, is told apart", () => {
  const bytes = Buffer.from(cases[0].message, "base64");
  const later = new Uint8Array(bytes);
  new DataView(later.buffer).setUint32(4, VERSION + 1, true);
  assert.throws(() => decode(later), VersionError);
  assert.throws(() => decode(new TextEncoder().encode("{}something else")), VersionError);
});

test("a neuron with another activation brings the range of its layer along", () => {
  const {
    network,
    frames: [frame],
  } = decode(new Uint8Array(Buffer.from(cases[3].message, "base64")));
  const net = new Net(network);
  assert.deepEqual(net.layers(frame)[1].ranges.a, [0, null]);
  assert.deepEqual(net.layers(null)[1].ranges.a, [0, 1]);
});
