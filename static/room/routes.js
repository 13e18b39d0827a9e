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
