// @ts-check
// Points of a drawing: where a pointer is on the pad, and which points are worth keeping.

/** @typedef {[number, number]} Point x and y, 0..1 from the left and from the top */

export const MAX_POINTS = 1500; // Python takes 2,000
const NEAR = 0.008; // points closer than this to the one before are left out

/**
 * Where an event is on the pad: [x, y], 0..1 from the left and from the top, with 4 digits.
 * @param {PointerEvent} event
 * @param {DOMRect} box
 * @returns {Point}
 */
export function placed(event, box) {
  const share = (/** @type {number} */ v) => Math.round(Math.min(Math.max(v, 0), 1) * 1e4) / 1e4;
  return [share((event.clientX - box.left) / box.width), share((event.clientY - box.top) / box.height)];
}

/**
 * How many points all strokes have.
 * @param {Point[][]} strokes
 */
export function count(strokes) {
  return strokes.reduce((sum, stroke) => sum + stroke.length, 0);
}

/**
 * Append a point to a stroke, unless it hardly moved or the drawing is full.
 * @param {Point[]} stroke
 * @param {Point} point
 * @param {Point[][]} strokes
 */
export function appended(stroke, point, strokes) {
  const last = stroke[stroke.length - 1];
  if (last && Math.hypot(point[0] - last[0], point[1] - last[1]) < NEAR) return;
  if (count(strokes) < MAX_POINTS) stroke.push(point);
}
