// @ts-check
// How the room's button, its panel and its questions look.

export const CSS = `
:host { display: block; }
.room {
  position: relative; display: flex; gap: 0.5em; font: 400 1rem/1.4 var(--st-font, sans-serif);
  color: var(--st-text-color);
}
.room [hidden] { display: none !important; }
button, .csv {
  padding: 0.3em 0.8em; border: 1px solid var(--st-border-color); border-radius: 6px; font: inherit; font-weight: 600;
  color: inherit; background: var(--st-background-color); cursor: pointer; white-space: nowrap; text-decoration: none;
}
button:disabled { opacity: 0.5; cursor: default; }
button.primary { color: #fff; background: var(--st-primary-color); border-color: var(--st-primary-color); }
button:focus-visible { outline: 2px solid var(--st-link-color); outline-offset: 1px; }
.room > * > button, .room > button { padding: 0.15em 0.7em; }
.room > .csv { padding: 0.15em 0.7em; font-weight: 400; border-color: var(--st-primary-color); }
.room-button, .share-button { font-weight: 400; font-variant-numeric: tabular-nums; }
.panel {
  position: fixed; right: 1.5rem; top: 4.2rem; z-index: 100; display: flex; gap: 1.2em; align-items: flex-start;
  flex-wrap: wrap; width: max-content; max-width: min(46rem, calc(100vw - 3rem)); padding: 1.2em; border-radius: 10px;
  border: 1px solid var(--st-border-color); background: var(--st-background-color);
  box-shadow: 0 8px 32px rgb(0 0 0 / 0.3);
}
.panel img { border-radius: 6px; }
.panel p { margin: 0.3em 0; }
.words { flex: 1 1 16em; min-width: 0; max-width: 24em; }
.code { display: block; font: 700 3.4em/1.1 ui-monospace, monospace; letter-spacing: 0.06em; }
.address { overflow-wrap: anywhere; font-weight: 600; }
.actions { display: flex; flex-wrap: wrap; gap: 0.5em; align-items: center; margin-top: 0.8em; }
.poll {
  position: fixed; left: 0; right: 0; bottom: 0; z-index: 99; padding: 0.5em 1.5em 0.7em; font-size: 1.05em;
  border-top: 2px solid var(--st-link-color); background: var(--st-background-color);
  box-shadow: 0 -6px 24px rgb(0 0 0 / 0.2);
}
.poll p { margin: 0; }
.poll .line { display: flex; flex-wrap: wrap; gap: 0.4em 1em; align-items: center; margin-bottom: 0.5em; }
.poll .line .asks { flex: 1 1 20em; }
.poll .actions { margin: 0; }
.asks { font-size: 1.2em; font-weight: 650; }
.poll ol { display: flex; flex-wrap: wrap; gap: 0.6em; margin: 0; padding: 0; list-style: none; }
.poll li { flex: 1 1 8em; padding: 0.4em 0.8em; border: 1px solid var(--st-border-color); border-radius: 8px; }
.poll li.right { border: 3px solid var(--st-link-color); font-weight: 650; }
.poll .why { margin: 0.5em 0 0; }
.answered { font-variant-numeric: tabular-nums; }
.count { display: flex; align-items: center; gap: 0.5em; font-variant-numeric: tabular-nums; }
.bar { flex: 1; height: 0.7em; border-radius: 3px; background: var(--st-secondary-background-color); }
.bar i { display: block; height: 100%; border-radius: 3px; background: var(--st-link-color); }
@media (max-height: 640px) {
  .poll { font-size: 0.9em; padding: 0.3em 1.5em 0.4em; }
  .poll li { display: flex; gap: 0.8em; align-items: center; padding: 0.2em 0.7em; }
  .poll .count { flex: 1; }
  .poll .why { margin-top: 0.3em; }
}
@media (max-width: 1000px) {
  .room { gap: 0.25em; }
  .room > * > button, .room > button { padding: 0.15em 0.4em; }
  .room-button b { display: none; }
}
`;
