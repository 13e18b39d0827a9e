// @ts-check
// Elements: made with attributes and children, changed only where they differ.

/**
 * An element with attributes and children; text is text, never markup.
 * @param {string} tag
 * @param {Record<string, unknown>} attributes
 * @param {(Node | string)[]} children
 * @returns {HTMLElement}
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children);
  return node;
}

/** @param {string} path */
export function icon(path, filled = false) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", path);
  if (filled) line.setAttribute("class", "solid");
  svg.append(line);
  return svg;
}

/**
 * @param {string} name
 * @param {string} label
 * @param {Node | string} content
 * @param {Record<string, unknown>} attributes
 */
export function button(name, label, content, attributes = {}) {
  return el(
    "button",
    { type: "button", "data-testid": name, "aria-label": label, title: label, ...attributes },
    content,
  );
}

/**
 * @param {string} name
 * @param {string} label
 * @param {[string, string][]} options
 */
export function select(name, label, options) {
  const node = el(
    "select",
    { "data-testid": name, "aria-label": label, title: label },
    ...options.map(([value, text]) => el("option", { value }, text)),
  );
  return /** @type {HTMLSelectElement} */ (node);
}

/** @param {Record<string, unknown>} attributes */
export function field(attributes) {
  return /** @type {HTMLInputElement} */ (el("input", attributes));
}

/**
 * @param {Node} node
 * @param {string} value
 */
export function text(node, value) {
  if (node.textContent !== value) node.textContent = value;
}

/**
 * @param {Element} node
 * @param {string} name
 * @param {string | null} value
 */
export function flag(node, name, value) {
  if (node.getAttribute(name) === value) return;
  if (value === null) node.removeAttribute(name);
  else node.setAttribute(name, value);
}
