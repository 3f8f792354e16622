// A part of a recording that is heard by itself: what is fed for it, and what stands beside it. Its planes go into those of the
// whole where there are any, so that everything acts on the whole afterwards; else its notes stand beside those from before.
import { must } from "../shared/must.js";
import { noNotes } from "../shared/note-columns.js";
import { later, rowsOf, rowsWithin } from "../shared/note-rows.js";
import { partOf } from "./audio/part-source.js";

/** @typedef {import("./store.js").State} State */
/** @typedef {import("./store.js").TimeRange} TimeRange */
/** @typedef {import("./audio/audio-source.js").AudioSource} AudioSource */

/**
 * @typedef {object} Again what is to be heard once more
 * @property {TimeRange | null} range null: all of it
 * @property {State["heard"]} before the notes that there are
 * @property {boolean} isWhole the planes that are kept are of all these notes
 * @property {number} doneS how far the recording was transcribed
 * @property {State["peaks"]} peaks the waveform that there is
 *
 * @typedef {import("../shared/messages.js").PartToHear & { untilS: number, isAlone: boolean }} HeardPart fed up to `untilS`;
 *   `isAlone`: there are notes beside it that the engine does not know
 */

const LEAD_S = 3; // heard before a part, so that level and tuning are known where it begins
const RING_S = 1; // and after it, so that its last notes end by themselves
const ALIGN_FRAMES = 2; // of the whole, that a part begins with (linnet/part.py)

/**
 * The part that is to be heard, null for all.
 * @param {Again | undefined} again
 * @param {State["frameGrid"]} frameGrid of the engine
 * @param {() => Promise<void>} holdWhole lets the engine hold the planes of the whole; rejects where they cannot be had
 * @returns {Promise<HeardPart | null>}
 */
export async function partToHear(again, frameGrid, holdWhole) {
  if (!again?.range) return null;
  const everyS = ALIGN_FRAMES / must(frameGrid, "the engine's grid").framesPerS;
  const fedFromS = Math.floor(Math.max(0, again.range.fromS - LEAD_S) / everyS) * everyS;
  let { isWhole: isOnWhole } = again;
  if (isOnWhole) {
    try {
      await holdWhole();
    } catch {
      isOnWhole = false;
    }
  }
  const isAlone = !isOnWhole && again.before.onsetS.length > 0;
  return { ...again.range, fedFromS, untilS: again.range.toS + RING_S, isOnWhole, isAlone };
}

/** What is fed of a recording where only a part is heard. @param {AudioSource} source @param {HeardPart | null} part */
export function fedOf(source, part) {
  return part ? partOf(source, part.fedFromS, part.untilS) : source;
}

/** The notes that do not begin in a part; none where all is heard. @param {State["heard"]} notes @param {TimeRange | null} part */
export function beside(notes, part) {
  if (!part) return noNotes();
  const within = new Set(rowsWithin(notes, part.fromS, part.toS));
  return rowsOf(
    notes,
    [...notes.onsetS.keys()].filter((row) => !within.has(row)),
  );
}

/** Notes as the engine gives them, where they lie in the recording. @param {State["heard"]} columns @param {State["part"]} part */
export function placed(columns, part) {
  if (!part) return columns;
  const moved = later(columns, part.fedFromS);
  return rowsOf(moved, rowsWithin(moved, part.fromS, part.toS));
}
