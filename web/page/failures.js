// What went wrong, in sentences for a person: what happened, what is kept, what to do.
import { BadRecording } from "./audio/bad-recording.js";
import { t } from "./translate.js";
import { inARow, noteCount, sentence } from "./words.js";

/** @typedef {import("./store.js").State} State */

/** What an error says. @param {unknown} error */
export function errorSentence(error) {
  return error instanceof Error ? error.message : String(error);
}

/** The same within another sentence: without its full stop. @param {unknown} error */
export function errorWords(error) {
  return errorSentence(error).replace(/[.。]$/, "");
}

/** A recording that could not be opened. @param {unknown} error @param {string} name of the file */
export function unreadable(error, name) {
  if (error instanceof BadRecording) return { what: error.message, advice: error.advice };
  return {
    what: t("“{name}” could not be read to its end ({why}).", { name, why: errorWords(error) }),
    advice: t("Convert it to WAV or FLAC and open that."),
  };
}

/** A recording that broke off; what came before is transcribed. @param {unknown} error @param {string} name */
export function brokenOff(error, name) {
  return t(
    "“{name}” could not be read to its end ({why}). The notes up to there are kept. For the rest, convert it to WAV or FLAC and open that.",
    { name, why: errorWords(error) },
  );
}

/** @param {string} why */
export function noEngine(why) {
  return t(
    "The engine could not be started ({why}). Nothing was lost. Reload the page; if that does not help, use a current Chromium or Firefox.",
    { why },
  );
}

/** Something that nobody has foreseen. @param {string} message in whatever language */
export function engineFailed(message) {
  return t("something went wrong in the engine ({why})", { why: errorWords(message) });
}

export function noPlanes() {
  return t("What these notes were read from was not kept; for settings to act on them, transcribe the recording again");
}

/**
 * The page after a recording that could not be opened: what was there stays.
 * @param {State} state
 * @param {string} what happened
 * @param {string} advice
 * @returns {Pick<State, "stage" | "isWaiting" | "alarm" | "status" | "fileName" | "fileFacts">}
 */
export function pageAfter(state, what, advice) {
  const count = state.notes.onsetS.length;
  const kept = count > 0 ? t("The notes on the page are kept.") : t("Nothing else changed.");
  return {
    stage: "failed",
    isWaiting: false,
    alarm: inARow(what, kept, advice),
    status: count > 0 ? noteCount(count) : t("Ready for a recording"),
    fileName: state.projectId ? state.fileName : "",
    fileFacts: state.projectId ? state.fileFacts : "",
  };
}

/**
 * The page after the engine failed on the way.
 * @param {State} state
 * @param {string} words
 * @returns {Pick<State, "stage" | "alarm" | "status">}
 */
export function pageBroken(state, words) {
  const kept = state.notes.onsetS.length > 0 ? t("The notes so far are kept.") : t("Nothing else changed.");
  return { stage: "failed", alarm: inARow(sentence(words), kept), status: t("Ready for a recording") };
}
