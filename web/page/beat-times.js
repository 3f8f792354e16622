// Times of a grid's beats; before its first and after its last beat they go on evenly.
import { at } from "../shared/note-columns.js";

/** @typedef {import("../shared/messages.js").BeatGrid} BeatGrid */
/** @typedef {import("../shared/messages.js").Options} Options */

const NEAR_BEATS = 1e-6; // a time so near to a line is on it
const FINEST_QUARTERS = 0.25; // arrows move by sixteenths where nothing else is chosen

/** @param {BeatGrid} grid @param {number} beat counted as in `beatS`, fractions allowed @returns {number} seconds */
export function beatTime({ beatS }, beat) {
  const i = Math.min(Math.max(Math.floor(beat), 0), beatS.length - 2);
  const [left, right] = [at(beatS, i), at(beatS, i + 1)];
  return left + (beat - i) * (right - left);
}

/** The inverse of `beatTime`. @param {BeatGrid} grid @param {number} timeS */
export function beatAt({ beatS }, timeS) {
  let [low, high] = [0, beatS.length - 2];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (at(beatS, middle) <= timeS) low = middle;
    else high = middle - 1;
  }
  const [left, right] = [at(beatS, low), at(beatS, low + 1)];
  return low + (timeS - left) / (right - left);
}

/** Bar and beat, both counted from 1, as musicians say them. @param {BeatGrid} grid @param {number} timeS */
export function barAndBeat(grid, timeS) {
  const beat = Math.floor(beatAt(grid, timeS) - grid.barOne + 1e-6);
  const bar = Math.floor(beat / grid.beatsPerBar);
  return `${bar + 1}.${beat - bar * grid.beatsPerBar + 1}`;
}

/**
 * How long a step of the grid is where the playhead is; null without a grid.
 * @param {BeatGrid | null | undefined} grid
 * @param {Options} options
 * @param {number} timeS
 */
export function stepS(grid, options, timeS) {
  if (!grid) return null;
  const beat = beatAt(grid, timeS);
  return beatTime(grid, beat + stepBeats(grid, options)) - timeS;
}

/**
 * A step of the grid, in beats: of the division that notes are quantised to, else a sixteenth.
 * @param {BeatGrid} grid
 * @param {Options} options
 */
export function stepBeats(grid, options) {
  const division = String(options.quantise);
  const [, value, triplet] = division.match(/^1\/(\d+)(T?)$/) ?? [];
  const quarters = value ? (4 / Number(value)) * (triplet ? 2 / 3 : 1) : FINEST_QUARTERS;
  return quarters / (grid.metre === "6/8" ? 1.5 : 1);
}

/**
 * When the next line of a grid is, before (-1) or after (1) a time.
 * @param {BeatGrid} grid
 * @param {number} timeS
 * @param {1 | -1} direction
 * @param {number} apart beats from line to line
 * @param {number} [line] a beat that is one of them
 * @returns {number} seconds
 */
export function lineBeside(grid, timeS, direction, apart, line = 0) {
  const place = (beatAt(grid, timeS) - line) / apart;
  const next = direction > 0 ? Math.floor(place + NEAR_BEATS) + 1 : Math.ceil(place - NEAR_BEATS) - 1;
  return beatTime(grid, line + next * apart);
}
