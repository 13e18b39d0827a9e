// @ts-check
// Where the viewer's numbers come from: the server's routes, or the page itself if it is a file.

import { decode, VERSION } from "../board/frames.js";
import { placeOf } from "../board/link.js";
import { Net } from "../board/net.js";

/**
 * @typedef {import("../types/board.js").Message} Message
 * @typedef {{cell: string, name: string}} Name
 * @typedef {{title: string, cell: string, alone: boolean, equation: {mathml: string}, factor: string | null, terms:
 *   {numbers: string, symbols: string, value: string}[], rest: {count: number, value: string} | null, value: string,
 *   notes: string[], madeOf: Name[], goesInto: Name[]}} Explained
 */

// Answers are kept for ever, so an address says of which nnviz they are: js/VERSION/viewer/source.js.
const BUILD = `build=${import.meta.url.split("/").at(-3)}`;

/** @type {import("../lecture/player.js").Lecture | null} */
const NO_LECTURE = null;

/** The server does not give this. `wait`: seconds after which it may be asked again; 0: never. */
export class Refused extends Error {
  /** @param {string} message @param {number} wait */
  constructor(message, wait) {
    super(message);
    this.wait = wait;
  }
}

/** The server's routes, beside this page. */
export class Routes {
  lecture = NO_LECTURE;

  /** @param {string} link @returns {Promise<Message>} what the board needs to open at a link */
  async open(link) {
    return this.frames(withParams(link, { network: "1", count: "2" }));
  }

  /** @param {string} experiment @param {number} step @returns {Promise<Message>} */
  async step(experiment, step) {
    return this.frames(withParams(experiment, { step: String(step) }));
  }

  /** @param {string} link @returns {Promise<Explained>} */
  async explain(link) {
    return (await answerOf(`explain?${withParams(link, {})}&${BUILD}`)).json();
  }

  /** @param {string} query */
  async frames(query) {
    const answer = await answerOf(`frames?${query}&version=${VERSION}&${BUILD}`);
    return decode(new Uint8Array(await answer.arrayBuffer()));
  }
}

/**
 * What a file has in itself.
 * @typedef {{open: string[], places: Record<string, number>, explained: Record<string, Explained>, lecture:
 *   import("../lecture/player.js").Lecture | null}} Kept
 */

/** A file without a server. */
export class Inside {
  /** @param {Kept} kept messages in base64 */
  constructor(kept) {
    this.kept = kept;
    this.lecture = kept.lecture;
  }

  /** @param {string} link @returns {Promise<Message>} */
  async open(link) {
    const { open, places } = this.kept;
    const message = decode(bytesOf(open[places[link] ?? 0]));
    if (!(link in places)) return message;
    const { position, cell, view } = placeOf(new Net(message.network), link);
    return { ...message, position, cell, view };
  }

  /** @returns {Promise<Message>} */
  async step() {
    throw new Refused("This file has only a few mini-batches. Open it in nnviz for all of them.", 0);
  }

  /** @param {string} link @returns {Promise<Explained>} */
  async explain(link) {
    const params = new URLSearchParams(link);
    const place = [params.get("step") ?? 0, params.get("cell"), params.get("example") ?? ""];
    const found = this.kept.explained[place.join(" ")];
    if (!found) throw new Refused("This file does not explain this number. Open it in nnviz.", 0);
    return found;
  }
}

/** @param {string} base64 */
function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

/** @param {string} link @param {Record<string, string>} more */
function withParams(link, more) {
  const params = new URLSearchParams(link);
  for (const [name, value] of Object.entries(more)) params.set(name, value);
  return String(params);
}

/** @param {string} path */
async function answerOf(path) {
  const answer = await fetch(path);
  if (answer.ok) return answer;
  const told = await answer.json().catch(() => ({}));
  const again = answer.status === 503 && !told.tooLong ? Number(answer.headers.get("Retry-After") ?? 2) : 0;
  throw new Refused(told.error ?? `the server answers ${answer.status}`, again);
}
