// What a person changed: plain data over the notes that the engine hears, so that it outlives another decoding.
import { at, PER_NOTE, sizedColumns } from "../../shared/note-columns.js";

/** @typedef {import("../../shared/note-columns.js").NoteColumns} NoteColumns */

/**
 * @typedef {object} RemovedNote a heard note that is not to be shown, found again by its pitch and time
 * @property {number} pitch
 * @property {number} onsetS
 * @property {number} offsetS
 *
 * @typedef {object} OwnNote a note that a person drew, moved or changed
 * @property {number} id a whole number above 0, unlike any other of the recording
 * @property {number} onsetS
 * @property {number} offsetS
 * @property {number} pitch MIDI pitch
 * @property {number} velocity 1-127
 * @property {number} confidence 0-1
 * @property {[number, number][]} bends seconds from the start of the recording, cents off `pitch` from then on
 * @property {[number, number][]} [restingBends] the bends of a note whose bends are switched off
 *
 * @typedef {{ readonly removed: readonly RemovedNote[], readonly own: readonly OwnNote[] }} Edits
 * @typedef {{ notes: NoteColumns, keys: Int32Array }} Shown `keys` name the notes: an own note's id, or -1 - row of a heard one
 */

/** @type {Edits} */
export const NO_EDITS = { removed: [], own: [] };

const SAME_NOTE = 0.5; // of a heard note lies within another of its pitch that is the same note, heard otherwise before,
const SAME_ONSET_S = 0.05; // or they begin together

/**
 * The heard notes that no removal names, and a person's own, in order of onset, then pitch. Where a heard note is the
 * same as an own one (heard better after another decoding), the own one stays.
 * @param {NoteColumns} heard
 * @param {Edits} edits
 * @returns {Shown}
 */
export function applyEdits(heard, edits) {
  const n = heard.onsetS.length;
  if (edits.removed.length === 0 && edits.own.length === 0) {
    return { notes: heard, keys: Int32Array.from({ length: n }, (_, row) => -1 - row) };
  }
  const isRemoved = removedRows(heard, [...edits.removed, ...edits.own]);
  const own = edits.own.toSorted(byOnset);
  /** @type {number[]} */
  const keys = [];
  let next = 0;
  const takeOwnBefore = (/** @type {number} */ onsetS, /** @type {number} */ pitch) => {
    for (let note = own[next]; note; note = own[++next]) {
      if (note.onsetS > onsetS || (note.onsetS === onsetS && note.pitch >= pitch)) return;
      keys.push(note.id);
    }
  };
  for (let row = 0; row < n; row++) {
    if (isRemoved[row]) continue;
    takeOwnBefore(at(heard.onsetS, row), at(heard.pitch, row));
    keys.push(-1 - row);
  }
  takeOwnBefore(Number.POSITIVE_INFINITY, 0);
  return { notes: gather(heard, own, keys), keys: Int32Array.from(keys) };
}

/** @param {{ onsetS: number, pitch: number }} a @param {{ onsetS: number, pitch: number }} b */
function byOnset(a, b) {
  return a.onsetS - b.onsetS || a.pitch - b.pitch;
}

/** @param {NoteColumns} heard @param {readonly RemovedNote[]} removed */
function removedRows(heard, removed) {
  const rows = new Uint8Array(heard.onsetS.length);
  const byPitch = Map.groupBy(removed, (note) => note.pitch);
  for (let row = 0; row < rows.length; row++) {
    const [onsetS, offsetS] = [at(heard.onsetS, row), at(heard.offsetS, row)];
    for (const gone of byPitch.get(at(heard.pitch, row)) ?? []) {
      const sharedS = Math.min(offsetS, gone.offsetS) - Math.max(onsetS, gone.onsetS);
      const beginsThere = sharedS > 0 && Math.abs(onsetS - gone.onsetS) <= SAME_ONSET_S;
      if (beginsThere || sharedS >= SAME_NOTE * (offsetS - onsetS)) rows[row] = 1;
    }
  }
  return rows;
}

/** @param {NoteColumns} heard @param {readonly OwnNote[]} own @param {readonly number[]} keys @returns {NoteColumns} */
function gather(heard, own, keys) {
  const byId = new Map(own.map((note) => [note.id, note]));
  const ownBends = own.reduce((sum, note) => sum + note.bends.length, 0);
  const notes = sizedColumns(keys.length, heard.bendS.length + ownBends);
  let bends = 0;
  keys.forEach((key, row) => {
    const note = byId.get(key);
    const from = -1 - key;
    for (const name of PER_NOTE) notes[name][row] = note ? note[name] : at(heard[name], from);
    if (note) {
      for (const [timeS, cents] of note.bends) {
        notes.bendS[bends] = timeS;
        notes.bendCents[bends++] = cents;
      }
    } else {
      for (let i = at(heard.bendStart, from); i < at(heard.bendStart, from + 1); i++) {
        notes.bendS[bends] = at(heard.bendS, i);
        notes.bendCents[bends++] = at(heard.bendCents, i);
      }
    }
    notes.bendStart[row + 1] = bends;
  });
  return { ...notes, bendS: notes.bendS.slice(0, bends), bendCents: notes.bendCents.slice(0, bends) };
}

/**
 * One row of the columns as a note of its own.
 * @param {NoteColumns} notes
 * @param {number} row
 * @param {number} id
 * @returns {OwnNote}
 */
export function noteOf(notes, row, id) {
  /** @type {[number, number][]} */
  const bends = [];
  for (let i = at(notes.bendStart, row); i < at(notes.bendStart, row + 1); i++) {
    bends.push([at(notes.bendS, i), at(notes.bendCents, i)]);
  }
  return {
    id,
    onsetS: at(notes.onsetS, row),
    offsetS: at(notes.offsetS, row),
    pitch: at(notes.pitch, row),
    velocity: at(notes.velocity, row),
    confidence: at(notes.confidence, row),
    bends,
  };
}
