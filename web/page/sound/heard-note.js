// A note as an instrument plays it: in seconds of the audio clock, whatever the speed.
import { at } from "../../shared/note-columns.js";
import { BEND, EVENT_WIDTH, NOTE_OFF, NOTE_ON } from "../../shared/sampler-events.js";

/**
 * @typedef {object} HeardNote
 * @property {number} pitch MIDI pitch
 * @property {number} velocity 1-127
 * @property {number} fromS
 * @property {number} toS
 * @property {[number, number][]} bends from when on, how many cents off the pitch
 */

/**
 * @param {import("../../shared/note-columns.js").NoteColumns} notes
 * @param {number} i
 * @param {(timeS: number) => number} when from seconds of the recording to seconds of the audio clock
 * @returns {HeardNote}
 */
export function heardNote(notes, i, when) {
  /** @type {[number, number][]} */
  const bends = [];
  for (let row = at(notes.bendStart, i); row < at(notes.bendStart, i + 1); row++) {
    bends.push([when(at(notes.bendS, row)), at(notes.bendCents, row)]);
  }
  return {
    pitch: at(notes.pitch, i),
    velocity: at(notes.velocity, i),
    fromS: when(at(notes.onsetS, i)),
    toS: when(at(notes.offsetS, i)),
    bends,
  };
}

/**
 * What the sampler is to do for some notes, in the order of time.
 * @param {HeardNote[]} notes
 * @param {number} firstNumber of the notes; no two that sound together may have the same
 */
export function samplerEvents(notes, firstNumber) {
  /** @type {number[][]} */
  const events = [];
  notes.forEach(({ pitch, velocity, fromS, toS, bends }, i) => {
    const number = firstNumber + i;
    const later = bends.filter(([whenS]) => whenS > fromS);
    const first = bends.length > later.length ? bends[bends.length - later.length - 1]?.[1] : 0;
    events.push([fromS, NOTE_ON, number, pitch, velocity, first ?? 0]);
    for (const [whenS, cents] of later) events.push([whenS, BEND, number, cents, 0, 0]);
    events.push([Math.max(toS, fromS), NOTE_OFF, number, 0, 0, 0]);
  });
  events.sort((a, b) => /** @type {number} */ (a[0]) - /** @type {number} */ (b[0]));
  const rows = new Float64Array(events.length * EVENT_WIDTH);
  events.forEach((event, i) => {
    rows.set(event, i * EVENT_WIDTH);
  });
  return rows;
}
