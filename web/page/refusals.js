// What the core refuses, in words of the page: an error that a person can meet here carries a reason (linnet/errors.py), and
// each reason has its sentence. Without a full stop, for they also stand within others.
import { currentLanguage, t } from "./translate.js";
import { pitchName } from "./words.js";

/** @typedef {import("../shared/messages.js").FailedReply} FailedReply */

/** @param {string | number | undefined} value */
const number = (value) => Number(value).toLocaleString(currentLanguage());
/** @param {string | number | undefined} value */
const word = (value) => String(value);

/** @type {Record<string, (values: FailedReply["values"]) => string>} */
const SENTENCES = {
  empty: () => t("the recording holds no sound (0 samples); choose another"),
  rate: ({ rate_hz, lowest_hz, highest_hz }) =>
    t("the recording has {rate} samples a second, and only {lowest} to {highest} can be read; convert it to 44.1 kHz", {
      rate: number(rate_hz),
      lowest: number(lowest_hz),
      highest: number(highest_hz),
    }),
  "not-finite": () =>
    t("the recording holds samples that are not numbers; export it again from the program that made it"),
  "pitch-range": ({ lowest_pitch, highest_pitch }) =>
    t("the lowest note to look for ({lowest}) lies above the highest ({highest}); move one of them", {
      lowest: pitchName(Number(lowest_pitch)),
      highest: pitchName(Number(highest_pitch)),
    }),
  "other-model": ({ theirs, mine }) =>
    t(
      "these notes were found by the model {theirs}, and this page has {mine}; they are kept, but for settings to act on them, transcribe the recording again",
      { theirs: word(theirs), mine: word(mine) },
    ),
  "other-network": ({ model }) =>
    t(
      "these notes were found by another version of the model {model}; they are kept, but for settings to act on them, transcribe the recording again",
      { model: word(model) },
    ),
  "other-layout": () =>
    t(
      "what these notes were read from was written by another version of Linnet; the notes are kept, but for settings to act on them, transcribe the recording again",
    ),
  "broken-planes": () =>
    t(
      "what these notes were read from is damaged; the notes are kept, but for settings to act on them, transcribe the recording again",
    ),
};

/**
 * A failure with its sentence for a message; what has none keeps its own.
 * @param {FailedReply} failure
 * @returns {FailedReply}
 */
export function refused(failure) {
  const sentence = SENTENCES[failure.reason];
  return sentence ? { ...failure, message: sentence(failure.values) } : failure;
}
