// A run: one recording on its way through the engine, as the page shows it, or would.
import { noNotes } from "../shared/note-columns.js";
import { NO_EDITS } from "./edit/edits.js";
import { NO_HISTORY } from "./edit/history.js";
import { beside } from "./part.js";
import { t } from "./translate.js";
import { channelWord, noteCount, timeLeft } from "./words.js";

/** @typedef {import("./store.js").State} State */
/** @typedef {import("../shared/messages.js").Options} Options */

/**
 * @typedef {Pick<State, "projectId" | "stage" | "status" | "alarm" | "isWaiting" | "fileName" | "file" | "fileFacts"
 *   | "tuningCents" | "durationS" | "doneS" | "heard" | "edits" | "history" | "playheadS" | "options" | "part" | "peaks">} RunState a run as the page shows it
 * @typedef {{ projectId: string, file: File, options: Options, edits?: State["edits"], history?: State["history"],
 *   again?: Again }} Order `again`: the part, or all, that is heard once more, and what there was before
 * @typedef {import("./part.js").Again} Again
 * @typedef {{ order: Order, part: import("./part.js").HeardPart | null, state: RunState | null, outside: RunState["heard"],
 *   isShown: boolean, isStopped: boolean, ended: PromiseWithResolvers<void>, over: PromiseWithResolvers<void> }}
 *   Run `state` is null until the recording is known to be readable; `outside` are the notes beside the part that is heard,
 *   where the engine does not know them; `ended`: the engine has said its last note; `over`: it is free for others
 * @typedef {object} Ended how a run ended
 * @property {"done" | "stopped" | "failed"} outcome
 * @property {string} reason of a failure, in words
 * @property {RunState | null} state null where there was nothing to hear
 * @property {Uint8Array<ArrayBuffer> | null} planes what its notes can be decoded again from
 */

/** @typedef {import("./audio/audio-source.js").AudioSource} AudioSource */

/** @param {Order} order @param {boolean} isShown @returns {Run} */
export function runOf(order, isShown) {
  const [ended, over] = [Promise.withResolvers(), Promise.withResolvers()];
  return { order, part: null, state: null, outside: noNotes(), isShown, isStopped: false, ended, over };
}

/** The end of a run that never began. @param {"stopped" | "failed"} outcome @param {string} reason @returns {Ended} */
export function nothing(outcome, reason) {
  return { outcome, reason, state: null, planes: null };
}

/**
 * The page as a run begins.
 * @param {Order} order
 * @param {AudioSource} source
 * @param {Run["part"]} part
 * @param {State} shown what is on the page: what was done there while the run had to wait stays, and so does the playhead
 * @returns {RunState}
 */
export function beginning({ projectId, file, options, again, ...stored }, source, part, shown) {
  const here = shown.projectId === projectId ? shown : null;
  const { edits = NO_EDITS, history = NO_HISTORY } = here ?? stored;
  return {
    projectId,
    stage: "running",
    isWaiting: false,
    alarm: null,
    status: t("Listening to {name}", { name: file.name }),
    fileName: file.name,
    file: here?.file ?? file, // the same to the ear: what plays goes on
    fileFacts: [source.format, `${source.rateHz / 1000} kHz`, channelWord(source.channels)].join(", "),
    tuningCents: null,
    durationS: source.durationS ?? again?.durationS ?? 0,
    doneS: part?.fedFromS ?? 0,
    heard: again ? beside(again.before, part) : noNotes(),
    edits,
    history,
    playheadS: here?.playheadS ?? 0,
    options: here?.options ?? options, // not those that it is decoded with, where they were changed since
    part: part && { fromS: part.fromS, toS: part.toS, fedFromS: 0 }, // planes and notes come in the time of the whole
    peaks: again?.peaks ?? null,
  };
}

/**
 * How far a run is, and in words.
 * @param {RunState} state
 * @param {Run["part"]} part
 * @param {number} fedS seconds that the engine has taken
 * @param {number} spentS
 */
export function progressOf({ durationS, heard }, part, fedS, spentS) {
  const startS = part?.fedFromS ?? 0;
  const lengthS = part ? part.untilS - startS : durationS;
  const leftS = lengthS > 0 ? (spentS / fedS) * Math.max(0, lengthS - fedS) : 0;
  const left = lengthS > 0 ? `, ${timeLeft(leftS)}` : "";
  return { doneS: startS + fedS, status: `${t("Listening")}: ${noteCount(heard.onsetS.length)}${left}`, lengthS };
}

/**
 * The page when a run is over.
 * @param {Run} run
 * @param {RunState} state
 * @param {State["heard"]} heard
 * @param {number} tookMs
 * @returns {Partial<RunState>}
 */
export function ending({ order, part, isStopped }, { stage, doneS, durationS }, heard, tookMs) {
  const count = noteCount(heard.onsetS.length);
  const before = order.again?.doneS ?? 0;
  const toS = part && part.fromS > before ? 0 : Math.min(doneS, part?.toS ?? doneS); // beyond a gap nothing is done
  if (order.again) doneS = Math.max(before, toS);
  if (stage === "failed") return { heard, status: count, doneS };
  const status = isStopped
    ? t("{count}, stopped early; what was done is kept", { count })
    : t("{count} in {seconds} s", { count, seconds: (tookMs / 1000).toFixed(1) });
  return { stage: "done", heard, status, doneS: isStopped || order.again?.range ? doneS : durationS || doneS };
}
