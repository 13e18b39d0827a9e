// @ts-check
// The lecturer's side of a room: the secret, the socket, what the room is told. One for all pages of the app, so that
// the room goes on while the lecturer walks through them.

import { app, randomText, route, socketRoute } from "../viewer/routes.js";

/**
 * @typedef {import("../viewer/room.js").Poll} Poll
 * @typedef {{text: string, answers: string[], right: number, why: string}} Question
 * @typedef {{question: string, answers: string[], right: number, why: string, place: number[] | null}} Asked
 * @typedef {{link: string, follow: string, position: {step: number, phase: number}, question: Question | null, isOwn:
 *   boolean}} Told
 * @typedef {{seq: number, room: string, link: string, poll: Poll | null, followers: number, answered: number, closed:
 *   boolean, blank: boolean, press: [number, string] | null}} State
 */

const SECRET = "nnviz_secret"; // in the browser's storage
const DRIVES = "nnviz_drives"; // in that of the tab: whether it goes on after a reload
const FRAGMENT = "#room="; // of a link that hands the room over
const EVERY = 50; // milliseconds between two moves that are sent; the last one always goes
const WAITS = [300, 1000, 2000, 5000]; // milliseconds before the first, second, … try to connect again
const IS_SECRET = /^[0-9a-f]{32}$/;
const REFUSED = 4400; // the server's code for what it does not take
const NO_CONNECTION = "Not connected. Trying again …";
const WITHOUT_ROUTES =
  "This server was started without nnviz's own routes, so it has no rooms. Start it with: streamlit run app.py";

export class Lead {
  constructor() {
    /** @type {State | null} */
    this.state = null;
    /** @type {WebSocket | null} */
    this.socket = null;
    this.problem = "";
    this.isLedElsewhere = false; // whether another device of the lecturer has moved the room since this one did
    this.veiled = "null"; // where numbers are hidden, as JSON
    this.tries = 0;
    /** @type {Told | null} */
    this.told = null; // what the board shows
    /** @type {{ask: Asked} | null} */
    this.asked = null; // the question that was put last
    /** @type {string | null} */
    this.sent = null; // the link that the room has
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {(() => void)[]} */
    this.listeners = [];
    window.addEventListener("nnviz-moved", (event) => this.moved(/** @type {CustomEvent} */ (event).detail));
    window.addEventListener("nnviz-left", () => this.left());
    window.addEventListener("online", () => this.connect());
    window.addEventListener("nnviz-opened", () => {
      this.veiled = ""; // a board that has just come knows nothing of it
      this.veil();
    });
    this.takeOver();
    if (this.drives) this.connect();
  }

  /** A link with a secret in its fragment hands a room over to this browser. */
  takeOver() {
    if (!location.hash.startsWith(FRAGMENT)) return;
    const handed = location.hash.slice(FRAGMENT.length);
    history.replaceState(history.state, "", location.pathname + location.search);
    if (!IS_SECRET.test(handed)) return;
    sessionStorage[SECRET] = handed; // of this tab alone: the room that this browser has of its own stays
    sessionStorage[DRIVES] = "1";
  }

  /** @returns {string | undefined} */
  get secret() {
    return sessionStorage[SECRET] ?? localStorage[SECRET];
  }

  /** Whether this tab has a room, or is about to have one. */
  get drives() {
    return Boolean(sessionStorage[DRIVES] && this.secret);
  }

  /** Open a room, or go on with the one that this browser has. */
  open() {
    if (!this.secret) localStorage[SECRET] = randomText(16);
    sessionStorage[DRIVES] = "1";
    this.connect();
    this.changed();
  }

  /** End the room for everybody. Without a connection it goes on, and so does the secret that closes it. */
  close() {
    if (this.isConnected) this.say({ close: true });
  }

  forget() {
    if (sessionStorage[SECRET]) delete sessionStorage[SECRET];
    else delete localStorage[SECRET];
    delete sessionStorage[DRIVES];
    this.state = null;
    this.veil();
    const { socket } = this;
    this.socket = null;
    socket?.close();
    this.changed();
  }

  get isOpen() {
    return this.state !== null;
  }

  get isConnected() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  connect() {
    if (this.socket || !this.drives) return;
    const socket = new WebSocket(socketRoute("rooms/open"));
    this.socket = socket;
    socket.onopen = () => {
      const link = this.told?.follow ?? this.sent;
      socket.send(JSON.stringify({ secret: this.secret, ...(link && { link }), ...this.again }));
      this.sent = link;
      this.sendLink();
    };
    socket.onmessage = ({ data }) => this.take(JSON.parse(data));
    socket.onclose = ({ code, reason }) => {
      if (this.socket !== socket) return;
      this.socket = null;
      if (code === REFUSED && !this.state) this.forget(); // another press opens another room
      this.lost(reason);
    };
    this.ask();
  }

  /** @param {string} reason */
  async lost(reason) {
    this.problem = reason || ((await lacksRoutes()) ? WITHOUT_ROUTES : NO_CONNECTION);
    this.changed();
    setTimeout(() => this.connect(), WAITS[Math.min(this.tries++, WAITS.length - 1)]);
  }

  /** @param {State & {error?: string}} message */
  take(message) {
    if (message.error !== undefined) this.problem = message.error;
    else if (message.closed) return this.forget();
    else {
      this.tries = 0;
      this.problem = "";
      const { press } = this.state ?? message;
      this.isLedElsewhere = Boolean(this.sent && !this.timer && message.link && message.link !== this.sent);
      this.state = message;
      this.veil();
      if (message.press && message.press[0] !== press?.[0]) this.pressed(message.press[1]);
    }
    this.changed();
  }

  /** A press on the lecturer's remote: a lecture does it, else the board. @param {string} what */
  pressed(what) {
    if (this.isLedElsewhere) return; // that tab does it
    const press = new CustomEvent("nnviz-press", { detail: what, cancelable: true });
    if (!window.dispatchEvent(press)) return;
    if (what === "ask") this.askRoom();
    if (what === "blank") this.say({ blank: !this.state.blank });
  }

  /** The number that the room is asked for is hidden on the lecturer's board, too. */
  veil() {
    const poll = this.state?.poll;
    const detail = poll?.place && !poll.is_revealed ? { step: poll.place[0], phase: poll.place[1] } : null;
    if (JSON.stringify(detail) === this.veiled) return;
    this.veiled = JSON.stringify(detail);
    window.dispatchEvent(new CustomEvent("nnviz-veil", { detail }));
  }

  /** Have the board say what it shows: it may have been there before this. */
  ask() {
    window.dispatchEvent(new CustomEvent("nnviz-ask"));
  }

  /** The board has gone: what it showed is not what is shown now. */
  left() {
    this.told = null;
    this.changed();
  }

  /** The board has moved. @param {Told} told */
  moved(told) {
    this.told = told;
    this.sendLink();
    this.changed();
  }

  sendLink() {
    if (this.timer || !this.isConnected || !this.told || this.told.follow === this.sent) return;
    this.sent = this.told.follow;
    this.say({ link: this.sent });
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.sendLink();
    }, EVERY);
  }

  /** Ask the room what the board could ask of this moment. */
  askRoom() {
    if (!this.told?.question) return;
    const { question, position, isOwn } = this.told;
    const { text, answers, right, why } = question;
    const place = isOwn ? null : [position.step, position.phase]; // a question of its own is not about its numbers
    this.asked = { ask: { question: text, answers, right, why, place } };
    this.say(this.asked);
  }

  /** What was asked and is not answered yet, for a server that was started again. */
  get again() {
    const poll = this.state?.poll;
    return poll && !poll.is_revealed && this.asked?.ask.question === poll.question ? this.asked : null;
  }

  /** @param {object} message */
  say(message) {
    if (this.isConnected) this.socket.send(JSON.stringify(message));
  }

  /** The address for followers. */
  get address() {
    return String(route(`view?room=${this.state.room}`));
  }

  /** The address of the lecturer's remote, with the secret in its fragment. */
  get remote() {
    return `${route("remote")}${FRAGMENT}${this.secret}`;
  }

  /** The link that hands the room over, with its secret, to another device of the lecturer. */
  get handOver() {
    return String(app(`${this.sent ?? ""}${FRAGMENT}${this.secret}`));
  }

  changed() {
    for (const listener of this.listeners) listener();
  }
}

/** Whether the server has no routes of nnviz: a runner that knows no st.App answers with Streamlit's own page. */
async function lacksRoutes() {
  const answer = await fetch(route("rooms/none")).catch(() => /** @type {Response | null} */ (null));
  return Boolean(answer?.ok && (answer.headers.get("content-type") ?? "").includes("html"));
}
