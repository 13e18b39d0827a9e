// Networks as Python describes them, for the tests of the board.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { Net } from "../../static/board/net.js";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const python = process.env.NNVIZ_PYTHON ?? [here("../../.venv/bin/python")].find(existsSync) ?? "python3";

/** What a script of this folder prints, as JSON. */
export function fromPython(script, ...args) {
  return JSON.parse(execFileSync(python, [here(script), ...args], { maxBuffer: 2 ** 27 }));
}

/** Networks with these sizes, activation and output; inputs of 64 and 784 are pictures. */
export function netsOf(descriptions) {
  return fromPython("make_nets.py", JSON.stringify(descriptions)).map((info) => new Net(info));
}
