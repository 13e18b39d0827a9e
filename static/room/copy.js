// @ts-check
// Copying a text, also on a page of plain http, where browsers give no clipboard.

import { el } from "../board/dom.js";

/**
 * Whether it was copied; if not, it stands selected in a field, to be copied by hand.
 * @param {string} what
 * @param {HTMLElement} place where a field may stand
 */
export async function copyText(what, place) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(what);
    return true;
  }
  const field = /** @type {HTMLTextAreaElement} */ (el("textarea", { rows: "2", readonly: true }));
  field.value = what;
  place.append(field);
  field.select();
  const isDone = document.execCommand("copy");
  if (isDone) field.remove();
  return isDone;
}
