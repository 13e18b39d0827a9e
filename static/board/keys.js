// The keys of the whole page: which press means which action, and which presses belong to someone else.

const FIELDS = new Set(["textarea", "select"]);
const BUTTONLIKE = new Set(["button", "a", "summary"]);
const NO_TEXT = new Set(["button", "checkbox", "radio", "submit", "reset", "range", "color", "file", "image"]);
const OWN_ARROWS = new Set([
  "slider", "combobox", "tab", "radio", "listbox", "option", "menu", "menuitem", "spinbutton", "textbox", "searchbox",
  "grid", "gridcell", "treegrid", "tree", "treeitem", "radiogroup",
]);

/** The action that a key means, or null. */
export function action({ key, shiftKey, ctrlKey, altKey, metaKey }) {
  if (altKey || metaKey) return null;
  if (key === "ArrowLeft" || key === "ArrowRight") {
    const way = key === "ArrowLeft" ? "back" : "next";
    return ctrlKey ? `epoch_${way}` : shiftKey ? `batch_${way}` : `phase_${way}`;
  }
  if (ctrlKey) return null;
  switch (key) {
    case "PageUp": return "batch_back";
    case "PageDown": return "batch_next";
    case "Home": return "first";
    case "End": return "last";
    case "ArrowUp": return "example_back";
    case "ArrowDown": return "example_next";
    case " ": return "play";
    case "?": return "help";
    case "Escape": return "escape";
    default: return null;
  }
}

/** Whether a press belongs to the widget that has the focus. `path`: the event's composed path. */
export function belongsElsewhere({ key }, path) {
  const target = path[0];
  if (!target?.tagName) return false;
  const tag = target.tagName.toLowerCase();
  if (target.isContentEditable || FIELDS.has(tag)) return true;
  if (tag === "input") {
    if (!NO_TEXT.has(target.type)) return true;
    if (target.type === "radio") return true;
    if (target.type === "range") return key !== " " && key !== "?" && key !== "Escape";
    return key === " ";
  }
  const role = target.getAttribute("role");
  if (OWN_ARROWS.has(role)) return true;
  return key === " " && (BUTTONLIKE.has(tag) || role === "button" || role === "checkbox" || role === "switch");
}

/** Listen on the page until `signal` aborts. `act(action)` says whether it did something with the press. */
export function listen({ page, signal, act }) {
  page.addEventListener(
    "keydown",
    (event) => {
      if (event.defaultPrevented || event.isComposing) return;
      const what = action(event);
      if (!what || belongsElsewhere(event, event.composedPath())) return;
      if (what !== "escape" && dialogOpen(page)) return;
      if (act(what, event)) event.preventDefault();
    },
    { signal },
  );
}

function dialogOpen(page) {
  return [...page.querySelectorAll("[role=dialog]")].some((dialog) => dialog.getClientRects().length > 0);
}
