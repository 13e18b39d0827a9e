import assert from "node:assert/strict";
import { test } from "node:test";

import { valueAt } from "../../static/board/run.js";
import { curveText } from "../../static/board/words.js";

const NET = { batches: 100 };
const SHARES = { text: "{} of the held-out examples right", isShare: true };

test("the place lies on the curve, between the points beside it", () => {
  const points = [
    [0, 0.1],
    [100, 0.5],
    [300, 0.9],
  ];
  assert.equal(valueAt({ points }, 0), 0.1);
  assert.ok(Math.abs(valueAt({ points }, 50) - 0.3) < 1e-12);
  assert.ok(Math.abs(valueAt({ points }, 200) - 0.7) < 1e-12);
  assert.equal(valueAt({ points }, 300), 0.9);
  assert.equal(valueAt({ points }, 301), null);
  assert.equal(valueAt({ points: [] }, 0), null);
});

test("how well the network does is said as it was last evaluated, and not long after that", () => {
  const curve = {
    ...SHARES,
    points: [
      [0, 0.096],
      [100, 0.5],
    ],
  };
  assert.equal(curveText(NET, curve, 99), "9.6 % of the held-out examples right");
  assert.equal(curveText(NET, curve, 199), "50.0 % of the held-out examples right");
  assert.equal(curveText(NET, curve, 200), "");
  assert.equal(curveText(NET, { ...SHARES, points: [] }, 0), "");
  const costs = { text: "cost {} over the training examples", isShare: false, points: [[0, 0.25]] };
  assert.equal(curveText(NET, costs, 0), "cost 0.25 over the training examples");
});
