// @ts-check
// The board's other host: it does for the board what Streamlit does on the Step page, from a source of mini-batches.

import board from "../board/board.js";
import { placeOf } from "../board/link.js";
import { Net } from "../board/net.js";
import { Refused } from "./source.js";

/**
 * @typedef {import("../types/board.js").Answer} Answer
 * @typedef {import("../types/board.js").Message} Message
 * @typedef {import("./source.js").Explained} Explained
 * @typedef {Pick<import("./source.js").Routes, "open" | "step" | "explain">} Source
 */

/** @type {null} */
const NONE = null; // of a network that the board knows
const AGAIN = 1000; // milliseconds after which a server that could not be reached is asked again
/** What every message has. @type {Omit<Message, "run" | "position">} */
const PLAIN = {
  jump: 0,
  seq: 0,
  cell: null,
  compact: false,
  follows: false,
  firstLook: false,
  computing: null,
  curve: null,
  paths: null,
  title: "",
  place: 0,
  beside: [],
  network: null,
  experiment: null,
  colors: null,
  view: null,
  frames: [],
};

export class Host {
  /**
   * @param {HTMLElement} place of the board
   * @param {Source} source
   * @param {{explain: (found: Explained | null) => void, trouble: (words: string | null) => void}} on
   */
  constructor(place, source, on) {
    this.root = place.attachShadow({ mode: "open" });
    this.source = source;
    this.on = on;
    this.seq = this.jump = this.opening = 0;
    this.telling = false; // whether what the board does now is done by this host
    /** @type {Message | null} */
    this.opened = null;
    this.link = "";
    /** @type {string | null} */
    this.explained = null; // the number that is explained, and where
    /** @type {import("../types/board.js").Paths | null} */
    this.paths = null;
  }

  /**
   * Go to a link. Where the source does not have it, say why, and try again if that may help.
   * @param {string} link
   */
  async open(link) {
    const opening = ++this.opening;
    try {
      const message = await this.source.open(link);
      if (opening !== this.opening) return; // the visitor, or the room, has gone on
      this.on.trouble(null);
      this.opened = message;
      this.paths = null;
      this.tell({ ...PLAIN, ...message, seq: this.seq, jump: ++this.jump });
      await this.explain(link);
    } catch (error) {
      this.trouble(error, () => opening === this.opening && this.open(link));
    }
  }

  /**
   * Follow to a link: without asking for what is here, if it is of the run that is shown.
   * @param {string} link
   */
  async follow(link) {
    const { opened } = this;
    if (!opened) return this.open(link);
    const net = new Net(opened.network);
    const { experiment, ...place } = placeOf(net, link);
    if (experiment !== placeOf(net, opened.experiment).experiment) return this.open(link);
    this.opening++;
    this.on.trouble(null);
    const beside = this.besideWith([]);
    this.tell({ ...PLAIN, run: opened.run, ...place, seq: this.seq, jump: ++this.jump, paths: this.paths, beside });
    await this.explain(link);
  }

  /** Have what a link needs at hand, before it is gone to. @param {string} link */
  async ahead(link) {
    const { opened, source } = this;
    if (!opened) return;
    const net = new Net(opened.network);
    const { experiment, position } = placeOf(net, link);
    const isHere = experiment === placeOf(net, opened.experiment).experiment;
    await (isHere ? source.step(opened.experiment, position.step) : source.open(link)).catch(() => {});
  }

  /** @param {Message} message */
  tell(message) {
    this.telling = true;
    board({
      data: message,
      parentElement: this.root,
      setStateValue: (_, answer) => this.hear(/** @type {Answer} */ (answer)),
      setTriggerValue: () => {},
    });
    this.telling = false;
  }

  /** The board says where it is and what it needs. @param {Answer} answer */
  async hear(answer) {
    this.seq = answer.seq;
    const { run, position, experiment } = this.opened;
    const wanted = answer.want ?? [];
    /** @type {Message[]} */
    let messages = [];
    try {
      messages = await Promise.all(wanted.map((step) => this.source.step(experiment, step)));
      if (wanted.length) this.on.trouble(null);
    } catch (error) {
      if (wanted.includes(answer.step)) this.trouble(error, () => {});
    }
    if (run !== this.opened.run) return;
    const frames = messages.flatMap((message) => message.frames);
    const beside = this.besideWith(messages);
    this.tell({ ...PLAIN, run, position, seq: answer.seq, jump: this.jump, paths: this.paths, frames, beside });
  }

  /** The runs beside the one that leads, with their mini-batches in these messages. @param {Message[]} messages */
  besideWith(messages) {
    return this.opened.beside.map(({ title, place }, i) => {
      return { title, place, network: NONE, frames: messages.flatMap(({ beside }) => beside[i].frames) };
    });
  }

  /** Explain the pinned number of a link, if it has one. @param {string} link */
  async explain(link) {
    if (!new URLSearchParams(link).has("cell")) {
      this.explained = null;
      this.on.explain(null);
      return;
    }
    const asked = this.numberOf(link);
    if (this.explained === asked) return;
    this.explained = asked;
    try {
      const found = await this.source.explain(asked);
      if (this.explained !== asked) return;
      const cells = (/** @type {import("./source.js").Name[]} */ names) => names.map(({ cell }) => cell);
      this.paths = { cell: found.cell, madeOf: cells(found.madeOf), goesInto: cells(found.goesInto) };
      this.on.explain(found);
      const { run, position } = this.opened;
      const beside = this.besideWith([]);
      this.tell({ ...PLAIN, run, position, seq: this.seq, jump: this.jump, paths: this.paths, beside });
    } catch (error) {
      if (this.explained !== asked) return;
      this.on.explain(null);
      this.explained = "";
      if (!(error instanceof Refused)) throw error;
      if (error.wait) setTimeout(() => this.explained === "" && this.explain(link), error.wait * 1000);
    }
  }

  /** What a link says of its pinned number: neither phase nor view change the explanation. @param {string} link */
  numberOf(link) {
    const params = new URLSearchParams(link);
    for (const { name } of this.opened.network.viewOptions) params.delete(name);
    for (const name of ["phase", "lock", "lock_example"]) params.delete(name);
    return `?${params}`;
  }

  /**
   * @param {unknown} error
   * @param {() => void} again
   */
  trouble(error, again) {
    if (error instanceof Refused) {
      this.on.trouble(error.message);
      if (error.wait) setTimeout(again, error.wait * 1000);
    } else if (error instanceof TypeError) {
      this.on.trouble("The server cannot be reached. Trying again …"); // what fetch says where there is no network
      setTimeout(again, AGAIN);
    } else throw error;
  }
}
