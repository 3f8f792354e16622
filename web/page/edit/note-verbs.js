// What can be done to a note: pure functions from notes to notes. Bends keep their place in the music.
import { HIGHEST_PITCH, LOWEST_PITCH } from "../views/roll-view.js";

/** @typedef {import("./edits.js").OwnNote} OwnNote */
/** @typedef {import("./editor.js").NewNote} NewNote */
/** @typedef {[number, number][]} Bends */

export const SHORTEST_S = 0.01;
/** What a drawn note is like where there is none to be like. */
export const FIRST_DRAWN = { lengthS: 0.25, velocity: 80 };
const NEAR_S = 1e-9;

/** @param {number} low @param {number} value @param {number} high */
const clamp = (low, value, high) => Math.min(high, Math.max(low, value));

/** @param {Bends | undefined} bends @param {number} byS @returns {Bends} */
const later = (bends, byS) => (bends ?? []).map(([timeS, cents]) => [timeS + byS, cents]);

/**
 * Moved together: as far as all of them can go.
 * @param {readonly OwnNote[]} notes
 * @param {number} byS
 * @param {number} semitones
 * @returns {NewNote[]}
 */
export function moved(notes, byS, semitones) {
  const earliest = Math.min(...notes.map((note) => note.onsetS));
  const pitches = notes.map((note) => note.pitch);
  const dt = Math.max(byS, -earliest);
  const dp = clamp(LOWEST_PITCH - Math.min(...pitches), Math.round(semitones), HIGHEST_PITCH - Math.max(...pitches));
  return notes.map((note) => ({
    ...note,
    onsetS: note.onsetS + dt,
    offsetS: note.offsetS + dt,
    pitch: note.pitch + dp,
    bends: later(note.bends, dt),
    ...(note.restingBends && { restingBends: later(note.restingBends, dt) }),
  }));
}

/** The bends of a part of a note: what held at its beginning holds on. @param {Bends} bends @param {number} fromS @param {number} toS @returns {Bends} */
function part(bends, fromS, toS) {
  const held = bends.findLast(([timeS]) => timeS <= fromS + NEAR_S);
  const within = bends.filter(([timeS]) => timeS > fromS + NEAR_S && timeS < toS);
  return held ? [[fromS, held[1]], ...within] : within;
}

/**
 * With another beginning or end; never shorter than it can be heard.
 * @param {OwnNote} note
 * @param {{ startByS?: number, endByS?: number }} by
 * @returns {NewNote}
 */
export function stretched(note, { startByS = 0, endByS = 0 }) {
  const onsetS = clamp(0, note.onsetS + startByS, Math.max(0, note.offsetS - SHORTEST_S));
  const offsetS = Math.max(onsetS + SHORTEST_S, note.offsetS + endByS);
  return {
    ...note,
    onsetS,
    offsetS,
    bends: part(note.bends, onsetS, offsetS),
    ...(note.restingBends && { restingBends: part(note.restingBends, onsetS, offsetS) }),
  };
}

/** @param {OwnNote} note @param {number} atS @returns {NewNote[]} one note where `atS` is too near to its ends */
export function split(note, atS) {
  if (atS < note.onsetS + SHORTEST_S || atS > note.offsetS - SHORTEST_S) return [note];
  return [stretched(note, { endByS: atS - note.offsetS }), stretched(note, { startByS: atS - note.onsetS })];
}

/** One note of each pitch, from the first beginning to the last end. @param {readonly OwnNote[]} notes @returns {NewNote[]} */
export function joined(notes) {
  return [...Map.groupBy(notes, (note) => note.pitch).values()].map((row) => {
    const first = /** @type {OwnNote} */ (row[0]);
    return {
      ...first,
      offsetS: Math.max(...row.map((note) => note.offsetS)),
      velocity: Math.max(...row.map((note) => note.velocity)),
      confidence: Math.max(...row.map((note) => note.confidence)),
      bends: row.flatMap((note, i) => (i > 0 && note.bends.length === 0 ? [centred(note)] : note.bends)),
    };
  });
}

/** A note without bends that follows one with bends is in tune again. @param {OwnNote} note @returns {[number, number]} */
const centred = (note) => [note.onsetS, 0];

/** @param {OwnNote} note @param {number} by @returns {NewNote} */
export function louder(note, by) {
  return { ...note, velocity: clamp(1, Math.round(note.velocity + by), 127) };
}

/** @param {OwnNote} note @param {boolean} isOn @returns {NewNote} */
export function bent(note, isOn) {
  const { restingBends = [], ...rest } = note;
  if (isOn) return note.bends.length > 0 ? note : { ...rest, bends: restingBends };
  return note.bends.length > 0 ? { ...rest, bends: [], restingBends: note.bends } : note;
}
