// Notes of a take as far as they are known: built from events, those that sound apart from those that have ended.
import { BACK, BEND, eachEvent, OFF, ON } from "../../shared/live-events.js";
import { joinNotes, noNotes } from "../../shared/note-columns.js";

/** @typedef {import("../../shared/note-columns.js").NoteColumns} NoteColumns */
/** @typedef {{ pitch: number, velocity: number, onsetS: number, offsetS: number | null, bends: [number, number][] }} LiveNote */

const SETTLED_S = 0.5; // a note that ended so long ago is not taken back any more
const SURE = 0.8; // shown of a note that has not been weighed

export class LiveNotes {
  /** Those that sound, and those that have just ended. @type {Map<number, LiveNote>} */
  young = new Map();
  /** All before them, in order. */
  ended = noNotes();

  /** @param {import("../../shared/live-events.js").LiveEvents} events */
  take(events) {
    for (const { kind, note, pitch, velocity, timeS, cents } of eachEvent(events)) {
      const known = this.young.get(note);
      if (kind === ON) this.young.set(note, { pitch, velocity, onsetS: timeS, offsetS: null, bends: [] });
      else if (kind === BACK) this.young.delete(note);
      else if (known && kind === OFF) known.offsetS = Math.max(timeS, known.onsetS + 0.001);
      else if (known && kind === BEND) known.bends.push([Math.max(timeS, known.onsetS), cents]);
    }
  }

  /** Move what is settled to those that have ended; true where there was any. @param {number} nowS of the take */
  settle(nowS) {
    const settled = [...this.young].filter(([, note]) => note.offsetS !== null && note.offsetS < nowS - SETTLED_S);
    if (settled.length === 0) return false;
    for (const [number] of settled) this.young.delete(number);
    this.ended = joinNotes(this.ended, columnsOf(settled.map(([, note]) => note)));
    return true;
  }

  /** No more comes: what still sounds ends here. @param {number} nowS of the take */
  stop(nowS) {
    for (const note of this.young.values()) note.offsetS ??= Math.max(nowS, note.onsetS + 0.001);
  }
}

/** @param {LiveNote[]} notes @returns {NoteColumns} */
function columnsOf(notes) {
  const rows = notes.toSorted((a, b) => a.onsetS - b.onsetS || a.pitch - b.pitch);
  const bends = rows.flatMap((note) => note.bends);
  const bendStart = new Int32Array(rows.length + 1);
  rows.forEach((note, i) => {
    bendStart[i + 1] = (bendStart[i] ?? 0) + note.bends.length;
  });
  return {
    onsetS: Float64Array.from(rows, (note) => note.onsetS),
    offsetS: Float64Array.from(rows, (note) => Math.max(note.offsetS ?? 0, note.onsetS + 0.001)),
    pitch: Uint8Array.from(rows, (note) => note.pitch),
    velocity: Uint8Array.from(rows, (note) => note.velocity),
    confidence: Float32Array.from(rows, () => SURE),
    bendStart,
    bendS: Float64Array.from(bends, ([timeS]) => timeS),
    bendCents: Float32Array.from(bends, ([, cents]) => cents),
  };
}
