// Some notes of many, and notes moved in time: tables made of tables.
import { at } from "./note-columns.js";

/** @typedef {import("./note-columns.js").NoteColumns} NoteColumns */

/**
 * Some rows of a table, in rising order.
 * @param {NoteColumns} notes
 * @param {readonly number[]} rows
 * @returns {NoteColumns}
 */
export function rowsOf(notes, rows) {
  const bendStart = new Int32Array(rows.length + 1);
  /** @type {number[]} */
  const bends = [];
  rows.forEach((row, i) => {
    for (let bend = at(notes.bendStart, row); bend < at(notes.bendStart, row + 1); bend++) bends.push(bend);
    bendStart[i + 1] = bends.length;
  });
  return {
    onsetS: Float64Array.from(rows, (row) => at(notes.onsetS, row)),
    offsetS: Float64Array.from(rows, (row) => at(notes.offsetS, row)),
    pitch: Uint8Array.from(rows, (row) => at(notes.pitch, row)),
    velocity: Uint8Array.from(rows, (row) => at(notes.velocity, row)),
    confidence: Float32Array.from(rows, (row) => at(notes.confidence, row)),
    bendStart,
    bendS: Float64Array.from(bends, (bend) => at(notes.bendS, bend)),
    bendCents: Float32Array.from(bends, (bend) => at(notes.bendCents, bend)),
  };
}

/**
 * Rows whose notes begin from one time on and before another.
 * @param {NoteColumns} notes
 * @param {number} fromS
 * @param {number} toS
 */
export function rowsWithin(notes, fromS, toS) {
  const rows = [];
  for (let row = 0; row < notes.onsetS.length; row++) {
    const onsetS = at(notes.onsetS, row);
    if (onsetS >= fromS && onsetS < toS) rows.push(row);
  }
  return rows;
}

/**
 * The same notes later.
 * @param {NoteColumns} notes
 * @param {number} byS
 * @returns {NoteColumns}
 */
export function later(notes, byS) {
  if (byS === 0) return notes;
  const moved = (/** @type {Float64Array} */ times) => times.map((timeS) => timeS + byS);
  return { ...notes, onsetS: moved(notes.onsetS), offsetS: moved(notes.offsetS), bendS: moved(notes.bendS) };
}
