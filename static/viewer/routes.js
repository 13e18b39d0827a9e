// @ts-check
// Where nnviz's own routes are, from a page of the app or from the viewer, which is one of them.

/** @param {string} path */
export function route(path) {
  return new URL(path, new URL(document.body.dataset.routes ?? "nnviz/v1/", document.baseURI));
}

/** The app's own address. @param {string} link */
export function app(link) {
  return new URL(link, route("../../"));
}

/** A route's address for a socket. @param {string} path */
export function socketRoute(path) {
  const address = route(path);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  return address;
}

/** So many random bytes as text, for a secret or a name that nobody guesses. @param {number} bytes */
export function randomText(bytes) {
  return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (n) => n.toString(16).padStart(2, "0")).join("");
}
