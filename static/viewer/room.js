// @ts-check
// A device in a room: it hears what the lecturer shows, by a socket, or by asking every second where no socket works.

import { randomText, socketRoute } from "./routes.js";

/**
 * @typedef {{number: number, question: string, answers: string[], right: number | null, why: string, place: [number,
 *   number] | null, round: number, is_open: boolean, is_shown: boolean, is_revealed: boolean, counts: number[][] |
 *   null}} Poll
 * @typedef {{at: number, of: number, title: string}} Beat
 * @typedef {{seq: number, room: string, link: string, poll: Poll | null, beat: Beat | null, blank: boolean, closed:
 *   boolean}} State
 */

const WAITS = [300, 1000, 2000, 4000]; // milliseconds before the first, second, … try to connect again
const SOCKET_TRIES = 3; // after which the room is asked
const MISSING_AGAIN = 2000; // milliseconds
const ASKS_EVERY = 1000; // milliseconds
const ASKS_BETWEEN = 10; // before a socket is tried again
const GONE = 4404; // the server's code for a room that is not there

export class Follower {
  /**
   * @param {string} code
   * @param {{state: (state: State) => void, gone: () => void, ended: () => void, lost: () => void, voted: (choice:
   *   number) => void, refused: (why: string) => void}} on
   */
  constructor(code, on) {
    this.code = code;
    this.on = on;
    this.tries = this.asked = 0; // to connect in vain; for the room's state since then
    this.ended = false;
    /** @type {WebSocket | null} */
    this.socket = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    document.addEventListener("visibilitychange", () => document.hidden || this.wake());
    window.addEventListener("online", () => this.wake());
    this.connect();
  }

  connect() {
    clearTimeout(this.timer);
    if (this.ended) return;
    const socket = new WebSocket(socketRoute(`rooms/${this.code}`));
    this.socket = socket;
    socket.onmessage = ({ data }) => this.take(JSON.parse(data));
    socket.onclose = ({ code }) => {
      if (this.socket !== socket) return;
      this.socket = null;
      if (this.ended) return;
      if (code === GONE) return this.missing();
      this.on.lost();
      this.timer = setTimeout(() => this.again(), WAITS[Math.min(this.tries++, WAITS.length - 1)]);
    };
  }

  again() {
    if (this.tries >= SOCKET_TRIES) this.ask();
    else this.connect();
  }

  /** Where no socket works: ask, and try a socket now and then. */
  async ask() {
    const answer = await fetch(`rooms/${this.code}`, { cache: "no-store" }).catch(
      () => /** @type {Response | null} */ (null),
    );
    if (this.ended || this.socket) return; // meanwhile the device was woken
    if (answer?.ok) this.take(await answer.json());
    else if (answer?.status === 404) return this.missing();
    else this.on.lost();
    const isTime = ++this.asked % ASKS_BETWEEN === 0;
    if (!this.ended) this.timer = setTimeout(() => (isTime ? this.connect() : this.ask()), ASKS_EVERY);
  }

  /** The device was asleep, or without a network. */
  wake() {
    if (this.ended || this.socket?.readyState === WebSocket.OPEN) return;
    this.tries = 0;
    const { socket } = this;
    this.socket = null;
    socket?.close();
    this.connect();
  }

  /** @param {State & {voted?: number, error?: string}} message */
  take(message) {
    if (this.socket) this.tries = 0;
    if (message.voted !== undefined) return this.on.voted(message.voted);
    if (message.error !== undefined) return this.on.refused(message.error);
    if (message.seq === undefined) return;
    if (message.closed) return this.end();
    this.on.state(message);
  }

  /** The server does not know the room: it may have been started again, before the lecturer's browser was back. */
  missing() {
    this.on.gone();
    this.timer = setTimeout(() => this.connect(), MISSING_AGAIN);
  }

  /** The lecturer has closed the room. */
  end() {
    this.ended = true;
    clearTimeout(this.timer);
    this.socket?.close();
    this.on.ended();
  }

  /** @param {Poll} poll @param {number} choice */
  async vote({ number, round }, choice) {
    const ballot = JSON.stringify({ poll: number, round, choice, device: device() });
    if (this.socket?.readyState === WebSocket.OPEN) return this.socket.send(ballot);
    const sent = await fetch(`rooms/${this.code}`, { method: "POST", body: ballot }).catch(
      () => /** @type {Response | null} */ (null),
    );
    const answer = await sent?.json().catch(() => /** @type {{voted?: number, error?: string}} */ ({}));
    if (answer?.voted !== undefined) this.on.voted(answer.voted);
    else this.on.refused(answer?.error ?? "there is no connection");
  }
}

/** The name that this device gives itself, for one answer a device; it says nothing of whose it is. */
function device() {
  const known = sessionStorage.getItem("nnviz_device");
  if (known) return known;
  const made = randomText(12);
  sessionStorage.setItem("nnviz_device", made);
  return made;
}
