import assert from "node:assert/strict";
import { test } from "node:test";

import { decode } from "../../static/board/frames.js";
import { Net } from "../../static/board/net.js";
import { asked, Predictions } from "../../static/board/predict.js";
import { brief } from "../../static/board/words.js";
import { fromPython } from "./nets.js";

const EXAMPLE = 2;
const largest = (values) => values.reduce((at, v, i) => (Math.abs(v) > Math.abs(values[at]) ? i : at), 0);

for (const [number, { message, expected }] of fromPython("make_frames.py").entries()) {
  const { network, frames } = decode(new Uint8Array(Buffer.from(message, "base64")));
  const [net, [frame]] = [new Net(network), frames];
  const rows = (name, layer, example = null) =>
    expected.find((e) => e.name === name && e.layer === layer && e.example === example).rows;
  const columnOf = (name, layer) => rows(name, layer).map((row) => row[EXAMPLE]);
  const question = (title) =>
    asked(
      net,
      frame,
      net.phases.findIndex((phase) => phase.title === title),
      EXAMPLE,
    );

  test(`network ${number + 1}: the sign of the largest error`, () => {
    const delta = columnOf("delta", net.depth);
    const j = largest(delta);
    const { answers, right, why } = question("output error");
    assert.equal(answers[right], delta[j] < 0 ? "negative" : "positive");
    assert.ok(why.includes(` = ${brief(delta[j])}: a ${delta[j] < 0 ? "larger" : "smaller"} z costs less.`), why);
  });

  test(`network ${number + 1}: the largest output is among the answers, and the right one`, () => {
    if (net.sizes.at(-1) === 1) return;
    const a = columnOf("a", net.depth);
    const { answers, right, why } = question(`feedforward, layer ${net.depth}`);
    const best = a.indexOf(Math.max(...a));
    assert.equal(answers[right], net.info.classes[best]);
    assert.ok(answers.includes(net.info.classes[frame.labels[EXAMPLE]]));
    assert.equal(new Set(answers).size, answers.length);
    assert.ok(why.endsWith(`a = ${brief(a[best])}.`));
  });

  test(`network ${number + 1}: how the error changes on its way back`, () => {
    if (net.depth < 3) return;
    const [here, there] = [2, 3].map((layer) => Math.max(...columnOf("delta", layer).map(Math.abs)));
    const { answers, right } = question("backpropagate, layer 2");
    const ratio = here / there;
    const expectedAnswer = ratio < 0.5 ? "less than half" : ratio > 2 ? "more than twice" : "about the same";
    assert.equal(answers[right], expectedAnswer);
  });

  test(`network ${number + 1}: the layer with the largest gradient`, () => {
    const norms = net.sizes.slice(1).map((_, i) => Math.hypot(...rows("nabla_w", i + 2, EXAMPLE).flat()));
    const { answers, right } = question("gradients");
    assert.equal(answers[right], `layer ${norms.indexOf(Math.max(...norms)) + 2}`);
  });

  test(`network ${number + 1}: the sign of the largest change`, () => {
    const changes = net.sizes.slice(1).flatMap((_, i) => rows("dw", i + 2).flat());
    const change = changes[largest(changes)];
    const { answers, right, text, why } = question("update");
    assert.equal(answers[right], change < 0 ? "negative" : "positive");
    assert.equal(why, `The change is ${brief(change)}.`);
    assert.ok(!text.includes(brief(change)), text);
    const gradients = net.sizes.slice(1).flatMap((_, i) => rows("nabla_w", i + 2).flat());
    assert.ok(text.includes(`Its mean gradient is ${brief(gradients[largest(changes)])}.`), text);
  });

  test(`network ${number + 1}: no text has a hole, and the input asks nothing`, () => {
    net.phases.forEach(({ title }, phase) => {
      for (const example of [EXAMPLE, null]) {
        const found = asked(net, frame, phase, example);
        if (title === "input") assert.equal(found, null);
        else if (found) assert.doesNotMatch(found.text + found.why, /undefined|\{|NaN/);
      }
    });
  });
}

test("the first answer at a place counts", () => {
  const predictions = new Predictions();
  const place = { step: 3, phase: 1, example: 0 };
  const ofAnother = { ...place, example: 1 }; // which has another question
  assert.equal(predictions.at(place), null);
  predictions.answer(place, 1, { right: 0 });
  predictions.answer(place, 0, { right: 0 });
  assert.equal(predictions.at(ofAnother), null);
  predictions.answer({ step: 3, phase: 2, example: 0 }, 0, { right: 0 });
  assert.equal(predictions.at(place), 1);
  assert.equal(predictions.score, "1 of 2 right");
  predictions.forget();
  assert.equal(predictions.at(place), null);
});
