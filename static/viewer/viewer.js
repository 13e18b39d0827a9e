// @ts-check
// The viewer: the board without Streamlit, at a link, in a room, in the page of a course, or in a file.

import { el, text } from "../board/dom.js";
import { LecturePlayer } from "../lecture/player.js";
import { explanation } from "./explained.js";
import { Host } from "./host.js";
import { PollView } from "./poll.js";
import { Follower } from "./room.js";
import { Inside, Routes } from "./source.js";

const OWN = ["room", "embed", "lecture", "beat"]; // parameters of the viewer, which are no part of a link
const SEEN = "You see what the lecturer shows.";
const DRAFT = "draft"; // the name of the lecture that is being made in this browser
const DRAFT_KEPT = "nnviz_draft";
const AT_REST = 300; // milliseconds between two changes of the address bar
const CODE = /^[0-9a-z]{6}$/i;

const params = new URLSearchParams(location.search);
const roomCode = params.get("room");
const isEmbedded = params.get("embed") === "true";
const lectureName = params.get("lecture");
const firstBeat = (Number.parseInt(params.get("beat") ?? "1", 10) || 1) - 1;
for (const name of OWN) params.delete(name);
const inside = document.getElementById("nnviz-inside");
/** @type {Inside | Routes} */
const source = inside ? new Inside(JSON.parse(inside.textContent)) : new Routes();

const status = el("span", { class: "status", "data-testid": "room_status", role: "status" });
const back = el(
  "button",
  { type: "button", class: "primary", "data-testid": "room_back", hidden: true },
  "Back to the lecturer",
);
const otherCode = el("a", { href: "view", hidden: true, "data-testid": "other_code" }, "Type another code");
const bar = el("div", { class: "bar", hidden: true }, status, back, otherCode);
const trouble = el("p", { class: "trouble", role: "alert", hidden: true });
const place = el("div", { class: "place" });
const aside = el("aside", { class: "explained", "data-testid": "explained", hidden: true });
const opener = /** @type {HTMLAnchorElement} */ (
  el("a", { "data-testid": "open_in_nnviz", target: "_blank", rel: "noopener" }, "Open in nnviz")
);
/** @type {Follower | null} */
let follower = null;
const poll = new PollView((asked, choice) => follower?.vote(asked, choice));
const foot = el("footer", {}, el("strong", {}, "nnviz"), el("span", {}, "a neural network, step by step"), opener);
const dark = el("div", { class: "blank", hidden: true });
const above = el("div", {}, bar, trouble, poll.node);
document.body.append(above, el("main", { class: "stage" }, place, aside), foot, dark);
// The board takes the height that is left.
new ResizeObserver(() => window.dispatchEvent(new Event("resize"))).observe(above);
document.body.classList.toggle("embedded", isEmbedded);

const host = new Host(place, source, {
  explain: (found) => {
    aside.hidden = found === null;
    if (found) aside.replaceChildren(...explanation(found, pin));
  },
  trouble: (words) => {
    trouble.hidden = words === null;
    text(trouble, words ?? "");
  },
});

let here = ""; // the link of what is shown
let room = ""; // the link of what the lecturer shows
let isAway = false;
let seen = SEEN; // what the bar says of the lecturer: where a lecture is, if one is played
/** @type {LecturePlayer | null} */
let player = null;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let writing;
let written = -Infinity; // when the address was
/** @type {{step: number, phase: number} | null} */
let veil = null; // the place whose numbers the room is asked for

/** @param {typeof veil} to */
function setVeil(to) {
  const isOther = JSON.stringify(to) !== JSON.stringify(veil);
  veil = to;
  if (isOther) tellVeil();
}

const tellVeil = () => window.dispatchEvent(new CustomEvent("nnviz-veil", { detail: veil }));
window.addEventListener("nnviz-opened", tellVeil); // a board that comes while the room is asked

/** @param {string | null} cell */
function pin(cell) {
  const link = new URLSearchParams(here);
  if (cell) link.set("cell", cell);
  else link.delete("cell");
  go(String(link));
}

/** Go to a link by the visitor's own doing. @param {string} link */
function go(link) {
  if (follower) setAway(true);
  host.follow(link);
}

window.addEventListener("nnviz-moved", (event) => {
  const { link, hidesPinned } = /** @type {CustomEvent} */ (event).detail;
  aside.classList.toggle("veiled", hidesPinned);
  here = link;
  opener.href = appAddress(link);
  if (!host.telling && follower && room && link !== room) setAway(true);
  host.explain(link);
  if (inside) return;
  clearTimeout(writing);
  // Browsers take only so many of these in a while.
  if (!roomCode && !player)
    writing = setTimeout(() => writeLink(link), Math.max(0, written + AT_REST - performance.now()));
  if (isEmbedded && parent !== window) parent.postMessage({ nnviz: link }, "*");
});

/** Have the address bar say where the board is. @param {string} link */
function writeLink(link) {
  written = performance.now();
  history.replaceState(null, "", `${location.pathname}${withOwn(link)}`);
}

/** A link with the viewer's own parameters. @param {string} link */
function withOwn(link) {
  return isEmbedded ? `${link}${link.length > 1 ? "&" : ""}embed=true` : link;
}

/** The app's own address for a link; of a file, the one that it was made at. @param {string} link */
function appAddress(link) {
  const made = document.body.dataset.app;
  return made ? made + link : String(new URL(`../../${link}`, location.href));
}

// ---- in a room

/** @param {boolean} is */
function setAway(is) {
  isAway = is;
  back.hidden = !is;
  showStatus();
}

function showStatus(words = isAway ? "You are looking around by yourself." : seen) {
  bar.hidden = false;
  text(status, `Room ${roomCode.toUpperCase()} · ${words}`);
}

back.onclick = () => {
  setAway(false);
  host.follow(room);
};

/** @param {import("./room.js").State} state */
function take(state) {
  const hasMoved = state.link !== room;
  room = state.link;
  const asked = state.poll;
  dark.hidden = !state.blank;
  setVeil(asked?.place && !asked.is_revealed ? { step: asked.place[0], phase: asked.place[1] } : null);
  poll.show(asked, state.room);
  otherCode.hidden = true;
  seen = state.beat ? `${state.beat.at + 1} of ${state.beat.of}: ${state.beat.title}` : SEEN;
  showStatus();
  if (room && hasMoved && !isAway) host.follow(room);
  if (!room) showStatus("The lecturer has not shown anything yet.");
}

/** The lecturer has closed the room. */
function end() {
  poll.show(null, roomCode);
  setVeil(null);
  back.hidden = true;
  showStatus("The lecturer has closed the room. You can go on by yourself.");
}

/** Ask for the code of a room. @param {string} why what is wrong with the one that was given */
function askForCode(why = "The lecturer's screen shows it.") {
  const input = /** @type {HTMLInputElement} */ (
    el("input", {
      name: "room",
      maxlength: "6",
      autocomplete: "off",
      autocapitalize: "characters",
      "aria-label": "code",
    })
  );
  const form = el("form", { class: "join" }, el("h1", {}, "Join a room"), el("label", {}, "Code", input));
  form.append(
    el("button", { class: "primary", type: "submit" }, "Join"),
    el("p", { class: "note", role: "status" }, why),
  );
  form.onsubmit = (event) => {
    event.preventDefault();
    const code = input.value.trim();
    if (CODE.test(code)) location.search = `?room=${code.toUpperCase()}`;
    else text(form.querySelector(".note"), "A code has six letters and digits.");
  };
  document.body.prepend(form);
  input.focus();
}

/** There is no such room, or not yet again: whoever mistyped the code can type another one. */
function gone() {
  showStatus("There is no such room here now. Waiting for it …");
  otherCode.hidden = false;
}

// ---- a lecture

/**
 * Play a lecture.
 * @param {import("../lecture/player.js").Lecture} lecture
 * @param {import("../room/lead.js").Lead | null} lead
 */
function play(lecture, lead) {
  if (!lecture.beats.length) return say("This lecture has no beats yet.");
  document.title = `${lecture.title} · nnviz`;
  player = new LecturePlayer(lecture, firstBeat, {
    go: (link) => host.follow(link),
    ahead: (link) => host.ahead(link),
    moved: (at) => {
      if (inside) return;
      history.replaceState(null, "", `?lecture=${encodeURIComponent(lectureName)}&beat=${at + 1}`);
      localStorage[`nnviz_at_${lectureName}`] = JSON.stringify([at + 1, lecture.beats.length]);
    },
    lead,
  });
  document.body.classList.add("lecturing");
  document.querySelector("main").prepend(el("div", { class: "side" }, player.node, aside));
  document.body.append(player.blank);
  player.start();
  window.addEventListener("pagehide", () => lead?.say({ stage: null, blank: false })); // no beat is played any more
}

/** Fetch a lecture that ships, or the draft that this browser keeps, and play it where a room can be opened. */
async function playNamed() {
  const draft = lectureName === DRAFT ? (localStorage[DRAFT_KEPT] ?? "") : null;
  const asked =
    draft === null
      ? fetch(`lectures/${encodeURIComponent(lectureName || "none")}`)
      : fetch("lectures", { method: "POST", body: draft });
  const [answer, { default: mountRoom, lead }] = await Promise.all([asked, import("../room/room.js")]);
  const told = await answer.json().catch(() => ({ error: "There is no such lecture." }));
  if (!told.beats) return say(told.error ?? "There is no such lecture.");
  const corner = el("div", { class: "corner" });
  opener.before(corner);
  mountRoom({ parentElement: corner.attachShadow({ mode: "open" }) });
  play(told, lead);
}

/** @param {string} words of trouble */
function say(words) {
  trouble.hidden = false;
  text(trouble, words);
}

if (source.lecture) play(source.lecture, null);
else if (lectureName !== null) playNamed();
else if (roomCode !== null && !CODE.test(roomCode)) {
  askForCode("A code has six letters and digits.");
} else if (roomCode) {
  follower = new Follower(roomCode, {
    state: take,
    gone,
    ended: () => end(),
    lost: () => showStatus("Not connected. Trying again …"),
    voted: (choice) => poll.voted(choice),
    refused: (why) => poll.refused(why),
  });
} else if (!inside && !location.search) askForCode();
else host.open(`?${params}`);
