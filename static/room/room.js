// @ts-check
// At the end of the navigation: sharing, the room's button with its panel, and the questions to the room.

import { el } from "../board/dom.js";
import { bar } from "../viewer/poll.js";
import { route } from "../viewer/routes.js";
import { copyText } from "./copy.js";
import { Lead } from "./lead.js";
import { ShareView } from "./share.js";
import { CSS } from "./style.js";
import { tour } from "./tour.js";

export const lead = new Lead();
/** @type {WeakMap<object, RoomView>} */
const views = new WeakMap();

/** @param {{parentElement: HTMLElement | ShadowRoot}} component */
export default function room({ parentElement }) {
  if (!views.has(parentElement)) views.set(parentElement, new RoomView(parentElement));
  const view = views.get(parentElement);
  view.show();
  return () => {
    view.end();
    views.delete(parentElement);
  };
}

class RoomView {
  /** @param {HTMLElement | ShadowRoot} parent */
  constructor(parent) {
    const style = el("style");
    style.textContent = CSS;
    this.isOpen = false; // whether the panel is seen
    this.showsRemote = false; // whether its picture is that of the lecturer's remote
    this.button = el("button", { type: "button", class: "room-button" });
    this.button.onclick = () => this.press();
    this.panel = el("section", { class: "panel", hidden: true });
    this.poll = el("section", { class: "poll", "data-testid": "room_poll", hidden: true });
    this.ask = action("poll_open", "Ask", () => this.askRoom(), "primary");
    const opener = el("span", { class: "st-key-room_open" }, this.button);
    this.share = new ShareView();
    const offer = (document.body.dataset.routes === undefined && tour()) || ""; // in the app, not in the viewer
    this.node = el("div", { class: "room" }, this.ask, offer, this.share.node, opener, this.panel, this.poll);
    parent.append(style, this.node);
    this.style = style;
    this.ending = new AbortController();
    this.observer = new ResizeObserver(() => leaveRoom(this.poll.offsetHeight));
    this.observer.observe(this.poll);
    const { signal } = this.ending;
    const leave = () => {
      this.share.open(false);
      this.isOpen = this.showsRemote = false;
      this.show();
    };
    document.addEventListener("pointerdown", (event) => event.composedPath().includes(this.node) || leave(), {
      signal,
    });
    document.addEventListener("keydown", ({ key }) => key === "Escape" && leave(), { signal });
    this.listener = () => this.show();
    lead.listeners.push(this.listener);
    this.shown = "";
  }

  end() {
    this.ending.abort();
    this.observer.disconnect();
    leaveRoom(0);
    this.share.ending.abort();
    lead.listeners = lead.listeners.filter((listener) => listener !== this.listener);
    this.style.remove();
    this.node.remove();
  }

  /** Put the question to the room; what it is about is seen again. */
  askRoom() {
    this.isOpen = false;
    lead.askRoom();
    this.show();
  }

  press() {
    this.isOpen = !lead.isOpen || !this.isOpen;
    if (!lead.isOpen) lead.open();
    this.show();
  }

  show() {
    const { state, problem, isConnected, told } = lead;
    this.share.moved(told?.link ?? "");
    const { isLedElsewhere } = lead;
    const question = state && told?.question; // it takes some computing, so only where it may be asked
    const now = JSON.stringify([state, problem, isConnected, this.isOpen, isLedElsewhere, question?.text]);
    if (now === this.shown) return;
    this.shown = now;
    this.button.replaceChildren("Room", ...(state ? [el("b", {}, ` ${state.room}`), ` · ${state.followers}`] : []));
    if (lead.isLedElsewhere) this.button.append(" · led from another tab");
    this.button.title = state ? "the room: code, address, questions" : "open a room: what you show is on every device";
    this.ask.hidden = !state;
    this.ask.disabled = !question || Boolean(state?.poll);
    this.ask.title = question ? `Ask the room: ${question.text}` : "This phase has no question.";
    this.panel.hidden = !(this.isOpen || (state && problem && isConnected)); // what the server refused is seen at once
    this.panel.replaceChildren(...(state ? this.about() : [el("p", {}, problem || "Connecting …")]));
    this.poll.hidden = !state?.poll;
    this.poll.replaceChildren(...(state?.poll ? this.asked() : []));
  }

  about() {
    const { state, problem } = lead;
    const address = this.showsRemote ? lead.remote : lead.address;
    const picture = route(`qr?text=${encodeURIComponent(address)}`);
    const join = route("view");
    const close = action("room_close", "Close the room", () => lead.close());
    const copy = action("room_hand_over", "Copy the link for your other device", () =>
      copyText(lead.handOver, this.node),
    );
    copy.title = "Whoever has this link drives the room.";
    const remote = action(
      "room_remote",
      this.showsRemote ? "The room's own QR picture" : "Remote on your phone",
      () => {
        this.showsRemote = !this.showsRemote;
        this.shown = "";
        this.show();
      },
    );
    remote.title = "A QR picture for your phone alone: whoever scans it drives the room.";
    return [
      el("img", { src: picture, alt: `QR picture of ${address}`, width: "220", height: "220" }),
      el(
        "div",
        { class: "words" },
        this.showsRemote ? el("p", { role: "alert" }, "For your phone alone: whoever scans this drives the room.") : "",
        el("strong", { class: "code", "data-testid": "room_code" }, state.room),
        el("p", {}, "at ", el("span", { class: "address" }, `${join.host}${join.pathname}`)),
        el(
          "p",
          {},
          el("span", { "data-testid": "room_followers" }, String(state.followers)),
          state.followers === 1 ? " follows" : " follow",
        ),
        problem ? el("p", { role: "alert" }, problem) : "",
        el("div", { class: "actions" }, remote, copy, close),
      ),
    ];
  }

  asked() {
    const { poll, answered, followers } = lead.state;
    const list = poll.answers.map((words, i) => {
      const counts = (poll.counts ?? []).map((round) => bar(round, i));
      return el(
        "li",
        { class: poll.right === i ? "right" : null },
        el("span", {}, (poll.right === i ? "✓ " : "") + words),
        ...counts,
      );
    });
    const count = el(
      "span",
      { class: "answered", "data-testid": "poll_answered" },
      `${answered} of ${followers} answered`,
    );
    const show = action("poll_show", "Show the answers", () => lead.say({ show: true }), "primary");
    const again = action("poll_again", "Ask again", () => lead.say({ ask_again: true }));
    const reveal = action("poll_reveal", "Reveal", () => lead.say({ reveal: true }), poll.is_shown ? "primary" : "");
    const end = action("poll_end", "Done", () => lead.say({ end_poll: true }));
    const csv = el("a", { href: csvOf(poll), download: "nnviz-poll.csv", class: "csv" }, "CSV");
    const [shown, over] = [poll.is_shown, poll.is_revealed];
    return [
      el(
        "div",
        { class: "line" },
        el("p", { class: "asks" }, poll.question),
        count,
        el(
          "div",
          { class: "actions" },
          ...(shown ? [] : [show]),
          ...(shown && !over ? [again] : []),
          ...(over ? [] : [reveal]),
          ...(shown ? [csv] : []),
          end,
        ),
      ),
      el("ol", {}, ...list),
      poll.why ? el("p", { class: "why" }, poll.why) : "",
    ];
  }
}

/** Have the board end above so many pixels at the bottom of the window. @param {number} pixels */
function leaveRoom(pixels) {
  const { style } = document.documentElement;
  if (pixels) style.setProperty("--question-bar", `${pixels}px`);
  else style.removeProperty("--question-bar");
  window.dispatchEvent(new Event("resize"));
}

/** @param {string} name @param {string} words @param {() => void} what */
function action(name, words, what, kind = "") {
  const node = /** @type {HTMLButtonElement} */ (
    el("button", { type: "button", class: `${kind} st-key-${name}`, "data-testid": name }, words)
  );
  node.onclick = what;
  return node;
}

/** The results as a table: an answer a line, a round a column. @param {import("./lead.js").Poll} poll */
function csvOf({ question, answers, counts }) {
  const rounds = (counts ?? []).map((_, round) => `round ${round + 1}`);
  const lines = [
    [question, ...rounds],
    ...answers.map((words, i) => [words, ...(counts ?? []).map((round) => round[i])]),
  ];
  const quoted = (/** @type {unknown} */ value) =>
    `"${String(value)
      .replaceAll('"', '""')
      .replace(/^[=+\-@]/, "'$&")}"`;
  const table = lines.map((line) => line.map(quoted).join(",")).join("\r\n");
  return `data:text/csv;charset=utf-8,${encodeURIComponent(table)}`;
}
