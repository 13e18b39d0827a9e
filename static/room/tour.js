// @ts-check
// The shortest lecture, offered to whoever is here for the first time, until it has been seen to its end.

import { el } from "../board/dom.js";
import { route } from "../viewer/routes.js";

const NAME = "one-mini-batch";
const AT = `nnviz_at_${NAME}`; // in the browser's storage: the beat and how many there are, written by the viewer

/** A link to it; null once it was seen. */
export function tour() {
  const [at, of] = JSON.parse(localStorage[AT] ?? "[0,1]");
  if (at === of) return null;
  const words = at ? `Go on: ${at} of ${of}` : "New here? Two minutes";
  const href = route(`view?lecture=${NAME}&beat=${at || 1}`);
  return el("a", { class: "csv tour", "data-testid": "tour", href, title: "one mini-batch, step by step" }, words);
}
