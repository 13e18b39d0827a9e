import assert from "node:assert/strict";
import { test } from "node:test";

import { action, belongsElsewhere } from "../../static/board/transport.js";

const press = (key, more = {}) => ({ key, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, ...more });
const node = (tagName, { type = "", role = null, isContentEditable = false } = {}) => ({
  tagName,
  type,
  isContentEditable,
  getAttribute: () => role,
});

test("every key means what the help says", () => {
  assert.equal(action(press("ArrowRight")), "phase_next");
  assert.equal(action(press("ArrowLeft", { shiftKey: true })), "batch_back");
  assert.equal(action(press("ArrowRight", { ctrlKey: true })), "epoch_next");
  assert.equal(action(press("PageDown")), "phase_next"); // what presenter remotes send
  assert.equal(action(press("Home")), "run_start");
  assert.equal(action(press("ArrowDown")), "example_next");
  assert.equal(action(press(" ")), "play");
  assert.equal(action(press("?", { shiftKey: true })), "help");
});

test("the browser keeps its own keys", () => {
  for (const more of [{ altKey: true }, { metaKey: true }]) assert.equal(action(press("ArrowLeft", more)), null);
  assert.equal(action(press("r", { ctrlKey: true })), null);
});

test("keys belong to the field in which someone types", () => {
  for (const field of [
    node("INPUT", { type: "text" }),
    node("INPUT", { type: "number" }),
    node("TEXTAREA"),
    node("SELECT"),
    node("DIV", { isContentEditable: true }),
    node("DIV", { role: "combobox" }),
    node("DIV", { role: "slider" }),
  ])
    assert.ok(belongsElsewhere(press("ArrowRight"), [field]));
});

test("on a button only Space is the button's", () => {
  const button = node("BUTTON");
  assert.ok(belongsElsewhere(press(" "), [button]));
  assert.ok(!belongsElsewhere(press("ArrowRight"), [button]));
  assert.ok(!belongsElsewhere(press("ArrowRight"), [node("BODY")]));
});
