// Words on the ruler.
import { RULER_HEIGHT } from "./roll-view.js";

const APART_PX = 5; // from a line to its label

/**
 * A label beside a line, unless the roll's edge would cut it.
 * @param {CanvasRenderingContext2D} context with the ruler's font and alignment
 * @param {import("./roll-view.js").RollView} view
 * @param {import("./colours.js").Colours} colours
 * @param {string} label
 * @param {number} x of the line
 */
export function paintLabel(context, view, colours, label, x) {
  if (x + APART_PX + context.measureText(label).width > view.width) return;
  context.fillStyle = colours.quiet;
  context.fillText(label, x + APART_PX, RULER_HEIGHT / 2);
}
