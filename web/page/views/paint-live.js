// Notes that sound or have just ended, on the roll: open at the right while they sound, outlined because they may change.
import { RULER_HEIGHT, xOf, yOf } from "./roll-view.js";

/** @typedef {import("../live/live-notes.js").LiveNote} LiveNote */

/**
 * @param {CanvasRenderingContext2D} context
 * @param {import("./roll-view.js").RollView} view
 * @param {import("./colours.js").Colours} colours
 * @param {Iterable<LiveNote>} notes
 * @param {number} nowS
 */
export function paintLive(context, view, colours, notes, nowS) {
  const height = Math.max(3, view.lanePx - (view.lanePx > 6 ? 1 : 0));
  context.save();
  context.beginPath();
  context.rect(xOf(view, view.leftS), RULER_HEIGHT, view.width, view.height);
  context.clip();
  for (const note of notes) {
    const x = xOf(view, note.onsetS);
    const width = Math.max(3, xOf(view, note.offsetS ?? Math.max(nowS, note.onsetS)) - x);
    const y = yOf(view, note.pitch) + (view.lanePx - height) / 2;
    context.beginPath();
    context.roundRect(x, y, width, height, Math.min(3, height / 3, width / 2));
    context.globalAlpha = note.offsetS === null ? 0.9 : 0.6;
    context.fillStyle = colours.accent;
    context.fill();
    context.globalAlpha = 1;
    if (note.offsetS === null) {
      context.strokeStyle = colours.text;
      context.lineWidth = 1;
      context.stroke();
    }
    if (note.bends.length > 0) paintBend(context, view, colours, note, nowS);
  }
  context.restore();
}

/** @param {CanvasRenderingContext2D} context @param {import("./roll-view.js").RollView} view
 * @param {import("./colours.js").Colours} colours @param {LiveNote} note @param {number} nowS */
function paintBend(context, view, colours, note, nowS) {
  const middle = (/** @type {number} */ cents) => yOf(view, note.pitch + cents / 100) + view.lanePx / 2;
  context.strokeStyle = colours.bend;
  context.lineWidth = view.lanePx >= 12 ? 1.75 : 1.25;
  context.beginPath();
  let last = 0;
  context.moveTo(xOf(view, note.onsetS), middle(0));
  for (const [timeS, cents] of note.bends) {
    context.lineTo(xOf(view, timeS), middle(cents));
    last = cents;
  }
  context.lineTo(xOf(view, note.offsetS ?? nowS), middle(last));
  context.stroke();
}
