import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

import { decode, has, matrix } from "../../static/board/frames.js";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const python = process.env.NNVIZ_PYTHON ?? [here("../../.venv/bin/python")].find(existsSync) ?? "python3";
const cases = JSON.parse(execFileSync(python, [here("make_frames.py")], { maxBuffer: 2 ** 27 }));

for (const [number, { message, expected, cost }] of cases.entries()) {
  const { net, frames: [frame], seq } = decode(new Uint8Array(Buffer.from(message, "base64")));

  test(`every number of network ${number + 1} is the trace's`, () => {
    assert.equal(seq, 4);
    for (const { name, layer, example, rows } of expected) {
      const found = matrix(frame, net, name, layer, example);
      assert.equal(found.rows, rows.length, `${name}.${layer}`);
      assert.equal(found.cols, rows[0].length, `${name}.${layer}`);
      const largest = Math.max(...rows.flat().map(Math.abs));
      rows.flat().forEach((value, i) => {
        const bound = bounds(name, frame, largest, value);
        const text = `${name}.${layer} of ${example}: ${found.values[i]} for ${value}`;
        assert.ok(Math.abs(found.values[i] - value) <= bound, text);
      });
    }
  });

  test(`the costs of network ${number + 1} are the trace's`, () => {
    assert.deepEqual([...frame.arrays.cost[0].values], cost);
  });
}

/** What is only looked at travels as float32: half a quantum. What is computed from float64: rounding. */
function bounds(name, frame, largest, value) {
  const half = Math.abs(value) * 2 ** -24;
  if (["w", "b", "z", "sp"].includes(name)) return half;
  if (name === "dw") return largest * 1e-12 + frame.decay * 2 ** -22;
  return name.startsWith("nabla") || name === "db" ? largest * 1e-12 : 0;
}

test("a message at an odd place in its buffer is read as well", () => {
  const bytes = Buffer.from(cases[0].message, "base64");
  const moved = new Uint8Array(bytes.length + 3);
  moved.set(bytes, 3);
  const { frames: [frame] } = decode(moved.subarray(3));
  assert.equal(frame.step, 3);
  assert.ok(has(frame, "nabla_w", 2) && has(frame, "a", 1) && !has(frame, "w", 1));
});
