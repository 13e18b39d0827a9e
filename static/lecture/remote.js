// @ts-check
// The lecturer's phone in the hall: on, back, the notes, the time, and the question's buttons. It drives the lecturer's
// screen through the room, by the secret in the fragment of its address.

import { button, el, text } from "../board/dom.js";
import { socketRoute } from "../viewer/routes.js";

/**
 * @typedef {import("../viewer/room.js").Poll} Poll
 * @typedef {{at: number, of: number, title: string, following: string, notes: string}} Stage
 * @typedef {{seq: number, room: string, poll: Poll | null, followers: number, answered: number, closed: boolean, blank:
 *   boolean, stage: Stage | null, error?: string}} State
 */

const FRAGMENT = "#room=";
const WAITS = [300, 1000, 2000, 5000]; // milliseconds before the first, second, … try to connect again
const SECOND = 1000;
const REFUSED = 4400; // the server's code for what it does not take

class Remote {
  constructor() {
    this.secret = location.hash.startsWith(FRAGMENT) ? location.hash.slice(FRAGMENT.length) : "";
    this.began = Date.now();
    this.tries = 0;
    /** @type {WebSocket | null} */
    this.socket = null;
    /** @type {State | null} */
    this.state = null;
    this.status = el("p", { class: "status", role: "status" });
    this.clock = el("p", { class: "clock" });
    this.title = el("h1");
    this.following = el("p", { class: "following" });
    this.notes = el("div", { class: "notes", tabindex: "0" });
    this.poll = el("section", { class: "poll" });
    this.blank = press("remote_blank", "Dark", () => this.say({ press: "blank" }));
    this.back = press("remote_back", "‹ Back", () => this.say({ press: "back" }));
    this.next = press("remote_next", "Next ›", () => this.say({ press: "next" }));
    const head = el("header", {}, this.clock, this.blank);
    const turn = el("nav", {}, this.back, this.next);
    document.body.append(head, this.status, this.title, this.following, this.notes, this.poll, turn);
    setInterval(() => this.tick(), SECOND);
    document.addEventListener("visibilitychange", () => document.hidden || this.connect());
    this.tick();
    this.connect();
  }

  tick() {
    const now = new Date();
    const minutes = Math.floor((Date.now() - this.began) / 60_000);
    const time = now.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    text(this.clock, `${time} · ${minutes} min`);
  }

  connect() {
    if (this.socket) return;
    if (!this.secret) return this.trouble("This address has no room in it. Scan the QR picture on your screen again.");
    const socket = new WebSocket(socketRoute("rooms/open"));
    this.socket = socket;
    socket.onopen = () => socket.send(JSON.stringify({ secret: this.secret, joins: true }));
    socket.onmessage = ({ data }) => this.take(JSON.parse(data));
    socket.onclose = ({ code, reason }) => {
      this.socket = null;
      if (this.state?.closed) return;
      this.trouble(reason || "Not connected. Trying again …");
      if (code !== REFUSED) setTimeout(() => this.connect(), WAITS[Math.min(this.tries++, WAITS.length - 1)]);
    };
  }

  /** @param {State} message */
  take(message) {
    if (message.error !== undefined) return this.trouble(message.error);
    this.tries = 0;
    this.state = message;
    if (message.closed) return this.end();
    this.show();
  }

  /** The room is closed: nothing is left to press. */
  end() {
    for (const node of [this.title, this.following, this.notes, this.poll]) node.replaceChildren();
    for (const node of [this.back, this.next, this.blank]) node.toggleAttribute("disabled", true);
    this.trouble("The room is closed.");
  }

  /** @param {string} words */
  trouble(words) {
    text(this.status, words);
    this.status.classList.add("wrong");
  }

  show() {
    const { stage, poll, room, followers, answered, blank } = this.state;
    this.status.classList.remove("wrong");
    const place = stage ? `beat ${stage.at + 1} of ${stage.of} · ` : "";
    text(this.status, `${place}room ${room} · ${followers} follow`);
    text(this.title, stage?.title.trim() || "No lecture is played; the buttons move by phases.");
    text(this.following, stage?.following.trim() ? `next: ${stage.following}` : "");
    text(this.notes, stage?.notes.trim() ?? "");
    this.blank.setAttribute("aria-pressed", String(blank));
    text(this.blank, blank ? "Light" : "Dark");
    this.poll.replaceChildren(...(poll ? this.asked(poll, answered) : [this.ask()]));
  }

  ask() {
    return press("remote_ask", "Ask the room", () => this.say({ press: "ask" }));
  }

  /** @param {Poll} poll @param {number} answered */
  asked(poll, answered) {
    const answers = poll.answers.map((words, i) => {
      const counts = (poll.counts ?? []).map((round) => round[i]).join(" → ");
      return el("li", { class: poll.right === i ? "right" : "" }, words, el("b", {}, counts));
    });
    const show = press("remote_show", "Show", () => this.say({ show: true }));
    const again = press("remote_again", "Ask again", () => this.say({ ask_again: true }));
    const reveal = press("remote_reveal", "Reveal", () => this.say({ reveal: true }));
    const end = press("remote_end", "Done", () => this.say({ end_poll: true }));
    const canAgain = poll.is_shown && !poll.is_revealed && poll.round < 2;
    return [
      el("p", {}, poll.question),
      el("ul", {}, ...answers),
      el("p", { class: "answered" }, `${answered} answered`),
      el(
        "div",
        { class: "actions" },
        ...(poll.is_shown ? [] : [show]),
        ...(canAgain ? [again] : []),
        ...(poll.is_revealed ? [end] : [reveal]),
      ),
    ];
  }

  /** @param {object} message */
  say(message) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }
}

/** @param {string} name @param {string} words @param {() => void} what */
function press(name, words, what) {
  const node = button(name, words, words);
  node.onclick = what;
  return node;
}

new Remote();
