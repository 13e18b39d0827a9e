// The picture as regions that do not overlap. A phase changes some of them, and only those are painted again.

import { drawDiagram } from "./diagram.js";
import { isUsed, MARK, stateOf } from "./draw.js";
import { drawInputs, predicted } from "./inputs.js";

const EDGE = 2; // pixels around a panel that its outline may take

/** What a picture is made of, apart from the phase: where one of these differs, all of it is painted. */
const GROUNDS = ["net", "frame", "layout", "view", "theme", "example", "scroll", "veiled", "locked"];

/** {boxes, says, draw(ctx)} for each region of a scene; `says` is what the region shows of the phase. */
export function regions(scene, painter) {
  const { layout, net, phase } = scene;
  const found = layout.panels.flatMap((panel) => {
    const state = stateOf(net, panel, phase);
    return [
      { boxes: [panel.box], says: state === "pending", draw: (ctx) => painter.inside(ctx, scene, panel) },
      { boxes: around(panel), says: state + isUsed(net, panel, phase), draw: (ctx) => painter.around(ctx, scene, panel) },
    ];
  });
  for (const stage of layout.stacked ? [] : layout.stages) {
    const panels = layout.panels.filter((panel) => panel.box.y === stage.y);
    const says = panels.some((panel) => stateOf(net, panel, phase) === "now");
    const { x, y, w, h } = stage;
    const box = { x, y: y - layout.line / 2, w, h: h + layout.line }; // a title may be longer than its stage is high
    found.push({ boxes: [box], says, draw: (ctx) => painter.stageTitle(ctx, scene, stage, says) });
  }
  found.push({
    boxes: [grown(layout.inputs.list)],
    says: predicted(net, phase) + (phase >= net.sizes.length), // predictions, then costs, come to stand beside them
    draw: (ctx) => drawInputs(ctx, scene, painter),
  });
  if (layout.diagram) {
    found.push({ boxes: [grown(layout.diagram)], says: phase, draw: (ctx) => drawDiagram(ctx, scene, painter) });
  }
  return found;
}

/** Whether two scenes differ in their phase at most. */
export function sameGrounds(a, b) {
  return GROUNDS.every((name) => a[name] === b[name]);
}

/** The regions of `now` that do not look as they did in `before`. */
export function changed(before, now) {
  return now.filter((region, i) => region.says !== before[i].says);
}

/** The strips around a panel: its caption, then above, below, left, and right with room for the marks. */
function around({ box: { x, y, w, h }, caption }) {
  const [left, right] = [x - EDGE, x + w];
  return [
    // Letters may stick out of their place a little; a caption may reach over another panel, whose outline stays.
    { x: caption.x - EDGE, y: caption.y, w: caption.w + 2 * EDGE, h: caption.h - EDGE },
    { x: left, y: y - EDGE, w: w + 2 * EDGE, h: EDGE },
    { x: left, y: y + h, w: w + 2 * EDGE, h: EDGE },
    { x: left, y, w: EDGE, h },
    { x: right, y, w: MARK + 1, h },
  ];
}

function grown({ x, y, w, h }) {
  return { x: x - EDGE, y: y - EDGE, w: w + 2 * EDGE, h: h + 2 * EDGE };
}
