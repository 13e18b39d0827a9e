// @ts-check
// The beats of a lecture, each with a small picture of its board. The browser keeps the lecture's text, so that it is
// there after a reload, and the views that were added to it on other pages.

import { el } from "../board/dom.js";
import { route } from "../viewer/routes.js";
import { pictureAt } from "./picture.js";

/** @typedef {{title: string, asks: boolean, link: string}} Beat */
/** @typedef {{text: string | null, keeps: boolean, beats: Beat[], chosen: number}} Data */

const DRAFT = "nnviz_draft"; // in the browser's storage, as static/viewer/viewer.js plays it
const ADDED = "nnviz_added";
const KEPT = 10_000; // milliseconds that a browser has to save a file

const CSS = `
ol { list-style: none; margin: 0; padding: 0; font-family: var(--st-font); color: var(--st-text-color); }
button {
  display: flex; gap: 0.8rem; align-items: center; width: 100%; padding: 0.4rem 0.6rem; border: 2px solid transparent;
  border-radius: 8px; font: inherit; color: inherit; text-align: left; background: none; cursor: pointer;
}
button:hover { background: var(--st-secondary-background-color); }
button[aria-current=true] { border-color: var(--st-primary-color); }
button:focus-visible { outline: 2px solid var(--st-link-color); }
canvas {
  flex: none; width: 144px; height: 81px; border: 1px solid var(--st-border-color); border-radius: 4px;
  background: var(--st-background-color);
}
small { opacity: 0.7; }
.hand-out { display: block; width: auto; margin-top: 0.8rem; border: 1px solid var(--st-border-color); }
[hidden] { display: none; }
p:empty { display: none; }
`;

/** @type {WeakMap<object, BeatList>} */
const lists = new WeakMap();

/**
 * @param {{data: Data, parentElement: HTMLElement | ShadowRoot, setStateValue: (name: string, value: unknown) => void,
 *   setTriggerValue: (name: string, value: unknown) => void}} component
 */
export default function beats({ data, parentElement, setStateValue, setTriggerValue }) {
  if (!lists.has(parentElement)) lists.set(parentElement, new BeatList(parentElement));
  const list = lists.get(parentElement);
  list.show(data, setStateValue, setTriggerValue);
  return () => {
    list.end();
    lists.delete(parentElement);
  };
}

class BeatList {
  /** @param {HTMLElement | ShadowRoot} parent */
  constructor(parent) {
    this.style = el("style");
    this.style.textContent = CSS;
    this.node = el("ol", { "data-testid": "beats" });
    this.text = "";
    this.handOut = el("button", { type: "button", class: "hand-out", hidden: true }, "Hand out as one HTML file");
    this.handOut.title = "opens from a disk, with all beats, and asks no server; your notes are not in it";
    this.handOut.onclick = () => this.give();
    this.trouble = el("p", { role: "alert" });
    this.shown = "";
    parent.append(this.style, this.node, this.handOut, this.trouble);
  }

  end() {
    for (const node of [this.style, this.node, this.handOut, this.trouble]) node.remove();
  }

  /** Save the lecture as a file for the class. */
  async give() {
    const answer = await fetch(route("handout"), { method: "POST", body: this.text }).catch(
      () => /** @type {Response | null} */ (null),
    );
    if (!answer?.ok) {
      const told = answer && (await answer.json().catch(() => /** @type {{error?: string}} */ ({})));
      this.trouble.textContent = told?.error ?? "The server does not give this file now.";
      return;
    }
    this.trouble.textContent = "";
    const href = URL.createObjectURL(await answer.blob());
    el("a", { href, download: "nnviz-lecture.html" }).click();
    setTimeout(() => URL.revokeObjectURL(href), KEPT);
  }

  /**
   * @param {Data} data
   * @param {(name: string, value: unknown) => void} say
   * @param {(name: string, value: unknown) => void} trigger
   */
  show({ text, keeps, beats, chosen }, say, trigger) {
    if (text === null) return say("kept", localStorage[DRAFT] ?? "");
    this.text = text;
    if (keeps) localStorage[DRAFT] = text; // what could not be read stays until there is another lecture
    this.handOut.hidden = beats.length === 0;
    const added = JSON.parse(localStorage[ADDED] ?? "[]");
    if (added.length) {
      delete localStorage[ADDED];
      return trigger("added", added);
    }
    const now = JSON.stringify([beats, chosen]);
    if (now === this.shown) return;
    this.shown = now;
    this.node.replaceChildren(...beats.map((beat, at) => this.row(beat, at, chosen, trigger)));
  }

  /**
   * @param {Beat} beat
   * @param {number} at
   * @param {number} chosen
   * @param {(name: string, value: unknown) => void} trigger
   */
  row({ title, asks, link }, at, chosen, trigger) {
    const picture = /** @type {HTMLCanvasElement} */ (el("canvas", { width: "288", height: "162" }));
    if (link) pictureAt(link, picture, this.node);
    const words = el("span", {}, el("small", {}, `${at + 1}${asks ? " · asks" : ""}`), el("br"), title);
    const node = el("button", { type: "button", "aria-current": String(at === chosen) }, picture, words);
    node.onclick = () => trigger("choose", at);
    return el("li", {}, node);
  }
}
