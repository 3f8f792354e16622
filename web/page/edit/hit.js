// Which note lies under a point of the roll, and which part of it.
import { at, firstFrom } from "../../shared/note-columns.js";
import { pitchAt, timeAt, xOf } from "../views/roll-view.js";

/** @typedef {import("../../shared/note-columns.js").NoteColumns} NoteColumns */
/** @typedef {import("../views/roll-view.js").RollView} RollView */
/** @typedef {"body" | "start" | "end"} NotePart */

const EDGE_PX = 7; // of a note's end, by which it is stretched
const LEAST_BODY_PX = 8; // a narrow note can still be moved
const NEAR_PX = 3; // beside a note counts as on it

/**
 * The note drawn topmost under a point.
 * @param {NoteColumns} notes
 * @param {number} longestS of all notes
 * @param {RollView} view
 * @param {{ x: number, y: number }} point CSS pixels
 * @param {number} [slackPx] how far beside a note still counts: fingers are wider than pointers
 * @returns {{ row: number, part: NotePart } | null}
 */
export function hitNote(notes, longestS, view, { x, y }, slackPx = NEAR_PX) {
  const [slackS, slackLanes] = [slackPx / view.pxPerS, Math.max(0, slackPx - NEAR_PX) / view.lanePx];
  const [timeS, lane] = [timeAt(view, x), pitchAt(view, y)];
  let best = null;
  let nearest = Number.POSITIVE_INFINITY;
  for (let row = firstFrom(notes.onsetS, timeS - longestS - slackS); row < notes.onsetS.length; row++) {
    const [onsetS, offsetS] = [at(notes.onsetS, row), at(notes.offsetS, row)];
    if (onsetS > timeS + slackS) break;
    if (offsetS < timeS - slackS) continue;
    const off = Math.abs(at(notes.pitch, row) - (lane + 0.5)); // lanes from the middle of the note's own
    if (off > 0.5 + slackLanes || off > nearest) continue;
    nearest = off;
    best = row;
  }
  if (best === null) return null;
  const [left, right] = [xOf(view, at(notes.onsetS, best)), xOf(view, at(notes.offsetS, best))];
  const edge = Math.min(EDGE_PX, (right - left - LEAST_BODY_PX) / 2);
  return { row: best, part: x < left + edge ? "start" : x > right - edge ? "end" : "body" };
}
