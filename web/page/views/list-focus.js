// Where the focus goes when the list of notes is made anew: to the same note, else to what became of it, else to the same place.
import { at } from "../../shared/note-columns.js";

const NEAR_S = 0.05; // the same note under other settings may begin a little elsewhere

/**
 * @typedef {object} HeldRow what had the focus
 * @property {number} place in the list
 * @property {number} key
 * @property {number} onsetS
 * @property {number} pitch
 * @property {boolean} isChosen
 */

/**
 * @param {HeldRow} held
 * @param {import("../store.js").State} state
 * @param {Uint32Array} rows the rows of the notes, as they are listed now
 * @param {boolean} isHeardAnew keys of heard notes name others now
 * @returns {number} a place in the list; -1 where it is empty
 */
export function placeOf(held, { notes, noteKeys, selection }, rows, isHeardAnew) {
  const isAnew = isHeardAnew && held.key <= 0;
  const same = rows.findIndex((row) =>
    isAnew
      ? Math.abs(at(notes.onsetS, row) - held.onsetS) < NEAR_S && at(notes.pitch, row) === held.pitch
      : at(noteKeys, row) === held.key,
  );
  if (same >= 0) return same;
  const off = (/** @type {number} */ place) => Math.abs(place - held.place);
  let nearest = -1;
  rows.forEach((row, place) => {
    if (!held.isChosen || !selection.has(at(noteKeys, row))) return; // what was changed is what is chosen
    if (nearest < 0 || off(place) < off(nearest)) nearest = place;
  });
  return nearest >= 0 ? nearest : Math.min(held.place, rows.length - 1);
}
