// A component without a face: when the board has come to rest, Python makes the address bar and the page links follow.
//
// It lives in a fragment of its own, so that the presses before did not have to wait for that.

const listeners = new Map(); // by the element it is mounted in

/** The board has come to rest. */
export function rested() {
  for (const tell of listeners.values()) tell();
}

export default function settled({ parentElement, setTriggerValue }) {
  listeners.set(parentElement, () => setTriggerValue("rested", performance.now()));
  return () => listeners.delete(parentElement);
}
