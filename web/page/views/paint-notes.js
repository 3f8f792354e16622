// Draws notes, their bends and the ghosts. What has the same colour and opacity is one path: a thousand notes cost a few
// fills, not a thousand.
import { at, firstFrom } from "../../shared/note-columns.js";
import { shadeOf } from "./colours.js";
import { shownS, xOf, yOf } from "./roll-view.js";

/** @typedef {import("./roll-view.js").RollView} RollView */
/** @typedef {import("./colours.js").Colours} Colours */
/** @typedef {import("../../shared/note-columns.js").NoteColumns} NoteColumns */
/** @typedef {CanvasRenderingContext2D} Context */

const LEAST_OPACITY = 0.45;
const OPACITIES = 6; // steps from there to 1
const BENT = 0.72; // of the opacity of a note whose curve is drawn in it
const LEAST_EDGED_PX = 4; // lower notes have no outline: it would be all there is; they are drawn surer instead
const LEAST_WIDTH_PX = 2; // narrower notes are drawn as wide; of such a note with an outline only that is seen
const GHOST_DASH = [4, 3];

/** Boxes of one height and colour, from left to right: those of a lane that touch are drawn as one. */
class Slivers {
  #path = new Path2D();
  /** By the top of their lane. @type {Map<number, { from: number, end: number }>} */
  #open = new Map();

  /** @param {number} height */
  constructor(height) {
    this.height = height;
  }

  /** @param {number} x @param {number} y */
  add(x, y) {
    const run = this.#open.get(y);
    if (run && x <= run.end) run.end = Math.max(run.end, x + LEAST_WIDTH_PX);
    else {
      if (run) this.#close(run, y);
      this.#open.set(y, { from: x, end: x + LEAST_WIDTH_PX });
    }
  }

  /** @param {{ from: number, end: number }} run @param {number} y */
  #close({ from, end }, y) {
    this.#path.rect(from, y, end - from, this.height);
  }

  whole() {
    for (const [y, run] of this.#open) this.#close(run, y);
    this.#open.clear();
    return this.#path;
  }
}

/** @param {Path2D} path @param {number} x @param {number} y @param {number} width @param {number} height */
function addBox(path, x, y, width, height) {
  if (width > 4 && height > 4) path.roundRect(x, y, width, height, Math.min(3, height / 3, width / 2));
  else path.rect(x, y, width, height); // corners would not be seen
}

/**
 * @param {Context} context @param {RollView} view @param {Colours} colours @param {NoteColumns} notes
 * @param {number} longestS
 */
export function paintNotes(context, view, colours, notes, longestS) {
  const from = firstFrom(notes.onsetS, view.leftS - longestS);
  const end = firstFrom(notes.onsetS, view.leftS + shownS(view));
  const gap = view.lanePx > 6 ? 1 : 0;
  const height = Math.max(2, view.lanePx - gap);
  const isEdged = height >= LEAST_EDGED_PX;
  const least = isEdged ? 0 : Math.ceil(OPACITIES / 2);
  const inset = isEdged ? 0.5 : 0;
  const seam = view.pxPerS > 20 ? 1 : 0;
  /** @type {(Path2D | undefined)[]} */
  const fills = [];
  const [edges, curves, slivers] = [new Path2D(), new Path2D(), new Slivers(height)];
  for (let i = from; i < end; i++) {
    const x = xOf(view, at(notes.onsetS, i));
    const width = Math.max(LEAST_WIDTH_PX, xOf(view, at(notes.offsetS, i)) - x - seam);
    const y = yOf(view, at(notes.pitch, i)) + gap / 2;
    if (x + width < 0 || y + height < 0 || y > view.height) continue;
    if (isEdged && width === LEAST_WIDTH_PX) {
      slivers.add(x, y);
      continue;
    }
    const isBent = at(notes.bendStart, i + 1) > at(notes.bendStart, i);
    const sure = at(notes.confidence, i) * (isBent ? BENT : 1);
    const slot = shadeOf(at(notes.velocity, i)) * (OPACITIES + 1) + Math.max(least, Math.round(sure * OPACITIES));
    let path = fills[slot];
    if (!path) fills[slot] = path = new Path2D();
    addBox(path, x, y, width, height);
    if (isEdged) addBox(edges, x + inset, y + inset, Math.max(1, width - 1), height - 1);
    if (isBent) addCurve(curves, view, notes, i);
  }
  fills.forEach((path, slot) => {
    if (!path) return;
    context.globalAlpha = LEAST_OPACITY + ((1 - LEAST_OPACITY) * (slot % (OPACITIES + 1))) / OPACITIES;
    context.fillStyle = colours.notes[Math.floor(slot / (OPACITIES + 1))] ?? colours.accent;
    context.fill(path);
  });
  context.globalAlpha = 1;
  context.fillStyle = colours.noteEdge;
  context.fill(slivers.whole());
  context.lineWidth = 1;
  context.strokeStyle = colours.noteEdge;
  context.stroke(edges);
  context.strokeStyle = colours.bend;
  context.lineWidth = view.lanePx >= 12 ? 1.75 : 1.25;
  context.lineJoin = "round";
  context.stroke(curves);
}

/**
 * The curve in true cents: it leaves the lane where the pitch does.
 * @param {Path2D} path @param {RollView} view @param {NoteColumns} notes @param {number} i
 */
function addCurve(path, view, notes, i) {
  const [from, to] = [at(notes.bendStart, i), at(notes.bendStart, i + 1)];
  const stride = Math.max(1, Math.floor(1 / (view.pxPerS * 0.012))); // points closer than a pixel are not drawn
  /** @param {number} row */
  const y = (row) => yOf(view, at(notes.pitch, i) + at(notes.bendCents, row) / 100) + view.lanePx / 2;
  path.moveTo(xOf(view, at(notes.bendS, from)), y(from));
  for (let row = from + stride; row < to; row += stride) path.lineTo(xOf(view, at(notes.bendS, row)), y(row));
  path.lineTo(xOf(view, at(notes.offsetS, i)) - 1, y(to - 1));
}

/**
 * Candidates that are no notes yet: dashed outlines, filled a little where they are likely.
 * @param {Context} context @param {RollView} view @param {Colours} colours @param {NoteColumns} ghosts
 */
export function paintGhosts(context, view, colours, ghosts) {
  const path = new Path2D();
  const height = Math.max(3, view.lanePx - 1);
  for (let i = 0; i < ghosts.onsetS.length; i++) {
    const [x, end] = [xOf(view, at(ghosts.onsetS, i)), xOf(view, at(ghosts.offsetS, i))];
    const y = yOf(view, at(ghosts.pitch, i));
    if (end < 0 || x > view.width || y + height < 0 || y > view.height) continue;
    path.rect(Math.round(x) + 0.5, Math.round(y) + 0.5, Math.max(3, Math.round(end - x) - 1), Math.round(height) - 1);
  }
  context.save();
  context.fillStyle = context.strokeStyle = colours.noteEdge;
  context.globalAlpha = 0.1;
  context.fill(path);
  context.globalAlpha = 1;
  context.setLineDash(GHOST_DASH);
  context.lineWidth = 1;
  context.stroke(path);
  context.restore();
}
