// Numbers in words: times as m:ss, pitches as C♯4, files by their kind.

import { currentLanguage, t } from "./translate.js";

const BLACK = new Set([1, 3, 6, 8, 10]);
const LETTERS = "C D EF G A B"; // each at its pitch class

// Pitches and keys go by the names that musicians of a language use, everywhere on the page: H is German for B, and B for B♭;
// Do is Spanish for C, as in its keys. The number of the octave is the same in all of them. Files keep the English letters.
const pitchClasses = () => t("C C♯ D E♭ E F F♯ G A♭ A B♭ B").split(" ");
// Tonics as keys are mostly written, with six sharps or flats at most.
const ofMajor = () => t("C D♭ D E♭ E F F♯ G A♭ A B♭ B").split(" ");
const ofMinor = () => t("C C♯ D E♭ E F F♯ G G♯ A B♭ B").split(" ");

/** @param {number} pitch */
export function pitchName(pitch) {
  return `${pitchClasses()[pitch % 12]}${Math.floor(pitch / 12) - 1}`;
}

/** A key as musicians say it. @param {string} key tonic, with an m for minor (linnet/theory.py) */
export function keyWord(key) {
  const accidental = { "#": 1, b: -1 }[key.charAt(1)] ?? 0;
  const tonic = LETTERS.indexOf(key.charAt(0)) + accidental;
  return key.endsWith("m")
    ? t("{tonic} minor", { tonic: ofMinor()[tonic] ?? key })
    : t("{tonic} major", { tonic: ofMajor()[tonic] ?? key });
}

const UNSURE = 0.3; // confidence below which a tempo is said to be about right only

/** @param {import("../shared/messages.js").Analysis | null} analysis */
export function tempoWord(analysis) {
  if (analysis?.grid) return `♩=${analysis.grid.bpm.toFixed(1)}`;
  if (!analysis?.bpm) return "";
  return `♩${analysis.confidence < UNSURE ? "≈" : "="}${analysis.bpm.toFixed(analysis.confidence < UNSURE ? 0 : 1)}`;
}

/** @param {number} pitch */
export function isBlackKey(pitch) {
  return BLACK.has(pitch % 12);
}

/**
 * m:ss, with `digits` decimals.
 * @param {number} seconds
 * @param {number} [digits]
 */
export function clock(seconds, digits = 0) {
  const unit = 10 ** digits;
  const rounded = Math.round(Math.max(0, seconds) * unit) / unit;
  const minutes = Math.floor(rounded / 60);
  const rest = (rounded - 60 * minutes).toFixed(digits);
  return `${minutes}:${rest.padStart(digits ? 3 + digits : 2, "0")}`;
}

/** @param {number} count */
export function noteCount(count) {
  return count === 1 ? t("1 note") : t("{count} notes", { count: count.toLocaleString(currentLanguage()) });
}

/** @param {number} seconds */
export function timeLeft(seconds) {
  if (seconds < 1.5) return t("a moment left");
  if (seconds < 90) return t("{count} s left", { count: Math.round(seconds) });
  return t("{count} min left", { count: Math.round(seconds / 60) });
}

/** @param {number} channels */
export function channelWord(channels) {
  return channels === 1 ? t("mono") : channels === 2 ? t("stereo") : t("{count} channels", { count: channels });
}

/** The file's name without its ending. @param {string} name */
export function stem(name) {
  return name.replace(/\.[^.]{1,5}$/, "") || name;
}

/**
 * The pitch that a recording's A has, where it is known.
 * @param {number | null} cents off 440 Hz
 */
export function tuningWord(cents) {
  return cents === null ? "" : `${pitchClasses()[9]} = ${(440 * 2 ** (cents / 1200)).toFixed(0)} Hz`;
}

/** Words as a sentence of its own. @param {string} words */
export function sentence(words) {
  const stop = currentLanguage() === "ja" || currentLanguage() === "zh" ? "。" : ".";
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.。]$/.test(words) ? "" : stop}`;
}

/** Sentences one after the other; those of Japanese and Chinese stand close. @param {...string} sentences */
export function inARow(...sentences) {
  return sentences.join(" ").replaceAll("。 ", "。");
}
