// @ts-check
// Share what is shown: its link, a QR picture of it, the code for a course page, the moment as a file or a picture.

import { el, text } from "../board/dom.js";
import { app, route } from "../viewer/routes.js";
import { copyText } from "./copy.js";

const LONGEST_QR = 600; // letters, as in nnviz/web/qr.py
const ADDED = "nnviz_added"; // in the browser's storage, as static/beats/beats.js reads it
const KEPT = 10_000; // milliseconds that a browser has to save a picture
const EMBED = { width: 1000, height: 640 }; // pixels of the frame in a course page

export class ShareView {
  constructor() {
    this.link = "";
    this.ending = new AbortController();
    this.button = el("button", { type: "button", class: "share-button" }, "Share");
    this.button.title = "the link, a QR picture, a file or a picture of what is shown";
    this.panel = el("section", { class: "panel", "data-testid": "share", hidden: true });
    this.node = el("span", { class: "st-key-share" }, this.button, this.panel);
    this.button.onclick = () => this.open(Boolean(this.panel.hidden));
    const { signal } = this.ending;
    window.addEventListener("nnviz-picture", (event) => save(/** @type {CustomEvent} */ (event).detail), { signal });
  }

  /** @param {boolean} is */
  open(is) {
    this.panel.hidden = !is;
    if (!is) return;
    window.dispatchEvent(new CustomEvent("nnviz-ask"));
    this.panel.replaceChildren(...(this.link ? this.about() : [el("p", {}, "This page has no board to share.")]));
  }

  /** What the board shows. @param {string} link */
  moved(link) {
    const isOther = link !== this.link;
    this.link = link;
    if (isOther && !this.panel.hidden) this.panel.replaceChildren(...this.about());
  }

  about() {
    const address = app(this.link).href;
    const picture = route(`qr?text=${encodeURIComponent(address)}`).href;
    const inside = route(`view${this.link}&embed=true`).href.replaceAll("&", "&amp;");
    const frame = `<iframe src="${inside}" width="${EMBED.width}" height="${EMBED.height}"></iframe>`;
    const file = el("a", {
      class: "csv",
      "data-testid": "share_file",
      href: route(`file${this.link}`).href,
      download: "",
    });
    file.append("As an HTML file");
    file.title = "Opens without a server: all phases of this mini-batch and two on either side.";
    const png = el("button", { type: "button", "data-testid": "share_png" }, "As a picture");
    png.onclick = () => window.dispatchEvent(new CustomEvent("nnviz-png"));
    return [
      address.length > LONGEST_QR
        ? el("p", {}, "This link is too long for a QR picture.")
        : el("img", { src: picture, alt: `QR picture of ${address}`, width: "180", height: "180" }),
      el(
        "div",
        { class: "words" },
        el("p", { class: "address", "data-testid": "share_link" }, address),
        el(
          "div",
          { class: "actions" },
          copy("Copy the link", address),
          copy("Copy the code for a course page", frame),
          file,
          png,
          adder(this.link),
        ),
      ),
    ];
  }
}

/** Save a picture of the board as a file. @param {{canvas: HTMLCanvasElement, name: string}} picture */
function save({ canvas, name }) {
  canvas.toBlob((blob) => {
    const href = URL.createObjectURL(blob);
    el("a", { href, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(href), KEPT);
  }, "image/png");
}

/** A button that adds a view to the lecture that is being made in this browser. @param {string} link */
function adder(link) {
  const node = el("button", { type: "button", "data-testid": "lecture_add" }, "Add to the lecture");
  node.title = "a beat at this place, on the Lecture page";
  node.onclick = () => {
    localStorage[ADDED] = JSON.stringify([...JSON.parse(localStorage[ADDED] ?? "[]"), link]);
    text(node, "Added");
  };
  return node;
}

/** A button that copies. @param {string} words @param {string} what */
function copy(words, what) {
  const node = el("button", { type: "button" }, words);
  node.onclick = async () => {
    const isDone = await copyText(what, node.parentElement);
    text(node, isDone ? "Copied" : "Press Ctrl+C to copy");
  };
  return node;
}
