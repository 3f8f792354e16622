// A run: one recording on its way through the engine, as the page shows it, or would.
import { noNotes } from "../shared/note-columns.js";
import { later, rowsOf, rowsWithin } from "../shared/note-rows.js";
import { partOf } from "./audio/part-source.js";
import { NO_EDITS } from "./edit/edits.js";
import { t } from "./translate.js";
import { channelWord, noteCount, timeLeft } from "./words.js";

/** @typedef {import("./store.js").State} State */
/** @typedef {import("../shared/messages.js").Options} Options */

/**
 * @typedef {Pick<State, "projectId" | "stage" | "status" | "alarm" | "isWaiting" | "fileName" | "file" | "fileFacts"
 *   | "tuningCents" | "durationS" | "doneS" | "heard" | "edits" | "playheadS" | "options" | "part" | "peaks">} RunState a run as the page shows it
 * @typedef {{ projectId: string, file: File, options: Options, edits?: State["edits"],
 *   again?: { range: import("./store.js").TimeRange | null, before: RunState["heard"] } }} Order `again`: the part, or all, that is
 *   heard once more, and the notes before
 * @typedef {{ order: Order, state: RunState | null, outside: RunState["heard"], isShown: boolean, isStopped: boolean, end(): void,
 *   ended: Promise<void> }}
 *   Run `state` is null until the recording is known to be readable; `outside` are the notes beside the part that is heard
 * @typedef {object} Ended how a run ended
 * @property {"done" | "stopped" | "failed"} outcome
 * @property {string} reason of a failure, in words
 * @property {RunState | null} state null where there was nothing to hear
 * @property {Uint8Array<ArrayBuffer> | null} planes what its notes can be decoded again from
 */

/** @typedef {import("./audio/audio-source.js").AudioSource} AudioSource */

const LEAD_S = 3; // heard before a part, so that level and tuning are known where it begins
const RING_S = 1; // and after it, so that its last notes end by themselves

/**
 * The page as a run begins.
 * @param {Order} order
 * @param {AudioSource} source
 * @returns {RunState}
 */
export function beginning({ projectId, file, options, edits, again }, source) {
  const range = again?.range ?? null;
  const part = range && { ...range, fedFromS: Math.max(0, range.fromS - LEAD_S) };
  return {
    projectId,
    stage: "running",
    isWaiting: false,
    alarm: null,
    status: t("Listening to {name}", { name: file.name }),
    fileName: file.name,
    file,
    fileFacts: [source.format, `${source.rateHz / 1000} kHz`, channelWord(source.channels)].join(", "),
    tuningCents: null,
    durationS: source.durationS ?? 0,
    doneS: part?.fedFromS ?? 0,
    heard: again ? beside(again.before, part) : noNotes(),
    edits: edits ?? NO_EDITS,
    playheadS: 0,
    options,
    part,
    peaks: null,
  };
}

/** What is fed of a recording where only a part is heard again. @param {AudioSource} source @param {State["part"]} part */
export function fedOf(source, part) {
  return part ? partOf(source, part.fedFromS, part.toS + RING_S) : source;
}

/** The notes that do not begin in a part; none where all is heard. @param {State["heard"]} notes @param {State["part"]} part */
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

/**
 * How far a run is, and in words.
 * @param {RunState} state
 * @param {number} fedS seconds that the engine has taken
 * @param {number} spentS
 */
export function progressOf({ part, durationS, heard }, fedS, spentS) {
  const startS = part?.fedFromS ?? 0;
  const lengthS = part ? part.toS + RING_S - startS : durationS;
  const leftS = lengthS > 0 ? (spentS / fedS) * Math.max(0, lengthS - fedS) : 0;
  const left = lengthS > 0 ? `, ${timeLeft(leftS)}` : "";
  return { doneS: startS + fedS, status: `${t("Listening")}: ${noteCount(heard.onsetS.length)}${left}`, lengthS };
}
