// Draws what hands are doing over the notes: the chosen ones, a change under way, a frame.
import { at, firstFrom } from "../../shared/note-columns.js";
import { noteColour } from "./colours.js";
import { KEYS_WIDTH, RULER_HEIGHT, shownS, xOf, yOf } from "./roll-view.js";

/** @typedef {import("./roll-view.js").RollView} RollView */
/** @typedef {import("./colours.js").Colours} Colours */
/** @typedef {CanvasRenderingContext2D} Context */

/**
 * A change under way: notes as they will be, those they come from, a frame in CSS pixels.
 * @typedef {object} Sketch
 * @property {readonly import("../edit/editor.js").NewNote[]} notes
 * @property {ReadonlySet<number>} hidden keys of notes that will be gone
 * @property {{ x: number, y: number, width: number, height: number } | null} frame
 */

const GONE_OPACITY = 0.72; // of the background laid over a note that is being moved

/** @param {RollView} view @param {{ onsetS: number, offsetS: number, pitch: number }} note */
function boxOf(view, { onsetS, offsetS, pitch }) {
  const gap = view.lanePx > 6 ? 1 : 0;
  const x = xOf(view, onsetS);
  const width = Math.max(3, xOf(view, offsetS) - x - (view.pxPerS > 20 ? 1 : 0));
  return { x, y: yOf(view, pitch) + gap / 2, width, height: Math.max(2, view.lanePx - gap) };
}

/**
 * @param {Context} context scaled to CSS pixels
 * @param {RollView} view
 * @param {Colours} colours
 * @param {{ notes: import("../../shared/note-columns.js").NoteColumns, longestS: number, keys: Int32Array,
 *   selection: ReadonlySet<number>, sketch: Sketch | null }} what
 */
export function paintEdit(context, view, colours, { notes, longestS, keys, selection, sketch }) {
  if (selection.size === 0 && !sketch) return;
  context.save();
  context.beginPath();
  context.rect(KEYS_WIDTH, RULER_HEIGHT, view.width, view.height);
  context.clip();
  const untilS = view.leftS + shownS(view);
  for (let row = firstFrom(notes.onsetS, view.leftS - longestS); row < notes.onsetS.length; row++) {
    const note = { onsetS: at(notes.onsetS, row), offsetS: at(notes.offsetS, row), pitch: at(notes.pitch, row) };
    if (note.onsetS > untilS) break;
    const key = at(keys, row);
    const { x, y, width, height } = boxOf(view, note);
    if (sketch?.hidden.has(key)) {
      context.globalAlpha = GONE_OPACITY;
      context.fillStyle = colours.back;
      context.fillRect(x, y, width, height);
    } else if (selection.has(key)) {
      outline(context, colours, x, y, width, height);
    }
  }
  for (const note of sketch?.notes ?? []) {
    const { x, y, width, height } = boxOf(view, note);
    context.globalAlpha = 1;
    context.fillStyle = noteColour(colours, note.velocity);
    context.fillRect(x, y, width, height);
    outline(context, colours, x, y, width, height);
  }
  if (sketch?.frame) {
    const { x, y, width, height } = sketch.frame;
    context.fillStyle = colours.accent;
    context.globalAlpha = 0.14;
    context.fillRect(x, y, width, height);
    context.globalAlpha = 1;
    context.strokeStyle = colours.accent;
    context.lineWidth = 1;
    context.strokeRect(x + 0.5, y + 0.5, width, height);
  }
  context.restore();
}

/** @param {Context} context @param {Colours} colours @param {number} x @param {number} y @param {number} width @param {number} height */
function outline(context, colours, x, y, width, height) {
  context.globalAlpha = 1;
  context.strokeStyle = colours.text;
  context.lineWidth = 2;
  context.beginPath();
  context.roundRect(x, y, width, height, Math.min(3, height / 3, width / 2));
  context.stroke();
}
