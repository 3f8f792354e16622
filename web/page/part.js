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
 * @property {number} durationS of the recording; 0 while unknown
 * @property {State["peaks"]} peaks the waveform that there is
 *
 * @typedef {import("../shared/messages.js").PartToHear & { untilS: number, isAlone: boolean }} HeardPart fed up to `untilS`;
 *   `isAlone`: there are notes beside it that the engine does not know
 */

const LEAD_S = 3; // heard before a part, so that level and tuning are known where it begins
const RING_S = 1; // and after it, so that its last notes end by themselves
const ALIGN_FRAMES = 2; // of the whole, that a part begins with (linnet/part.py)

/**
 * The part that is to be heard, null for all and nothing else. All that is heard again is a part from 0 on, where the
 * planes of the whole can be had: so what comes after stays where it is stopped.
 * @param {Again | undefined} again
 * @param {State["frameGrid"]} frameGrid of the engine
 * @param {() => Promise<void>} holdWhole lets the engine hold the planes of the whole; rejects where they cannot be had
 * @returns {Promise<HeardPart | null>}
 */
export async function partToHear(again, frameGrid, holdWhole) {
  const range = again?.range ?? (again?.isWhole && { fromS: 0, toS: Math.max(again.durationS, again.doneS) });
  if (!again || !range || range.toS <= range.fromS) return null;
  const everyS = ALIGN_FRAMES / must(frameGrid, "the engine's grid").framesPerS;
  const fedFromS = Math.floor(Math.max(0, range.fromS - LEAD_S) / everyS) * everyS;
  let { isWhole: isOnWhole } = again;
  if (isOnWhole) {
    try {
      await holdWhole();
    } catch {
      isOnWhole = false;
    }
  }
  const isAlone = !isOnWhole && again.before.onsetS.length > 0;
  if (isAlone && !again.range) return null;
  return { ...range, fedFromS, untilS: range.toS + RING_S, isOnWhole, isAlone };
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

/**
 * What the engine's notes of a run are of, null for all, and what stands beside them. Where all was heard again and stopped
 * early, and the engine does not know the rest, the notes from before stay for it.
 * @param {import("./run.js").Run} run that has begun
 * @param {boolean} isOver the notes are the run's last
 * @returns {{ part: State["part"], outside: State["heard"] }}
 */
export function standing({ order, part, state, isStopped, outside }, isOver) {
  const ofRun = state?.part ?? null;
  if (!isOver || part?.isAlone) return { part: ofRun, outside };
  if (part || !(isStopped || state?.stage === "failed")) return { part: null, outside };
  const done = { fromS: 0, toS: state?.doneS ?? 0, fedFromS: 0 };
  const rest = beside(order.again?.before ?? noNotes(), done);
  return rest.onsetS.length > 0 ? { part: done, outside: rest } : { part: null, outside };
}

/** Notes as the engine gives them, where they lie in the recording. @param {State["heard"]} columns @param {State["part"]} part */
export function placed(columns, part) {
  if (!part) return columns;
  const moved = later(columns, part.fedFromS);
  return rowsOf(moved, rowsWithin(moved, part.fromS, part.toS));
}
