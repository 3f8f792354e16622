// Which part of time and pitch the roll shows, and the arithmetic between seconds, pitches and CSS pixels.
// Pure data and functions: the canvas, the overview and the gestures all ask here.

export const LOWEST_PITCH = 21;
export const HIGHEST_PITCH = 108;
export const KEYS_WIDTH = 56;
export const RULER_HEIGHT = 28;

const MOST_PX_PER_S = 2000;
const MOST_LANE_PX = 48;
const FIRST_LOOK_S = 45; // a long recording opens on this much of it
const MARGIN_S = 0.5;
const MARGIN_LANES = 3;
const TOP_LANES = 1; // more of it above, where the choice of layers is
const LEAST_LANES = 36;

/**
 * @typedef {object} RollView
 * @property {number} leftS time at the left edge of the notes
 * @property {number} pxPerS
 * @property {number} topPitch pitch at the top edge, in lanes (fractions allowed)
 * @property {number} lanePx height of one semitone
 * @property {number} width of the canvas, with keys
 * @property {number} height of the canvas, with ruler
 */

/** @param {RollView} view @param {number} timeS */
export const xOf = (view, timeS) => KEYS_WIDTH + (timeS - view.leftS) * view.pxPerS;
/** @param {RollView} view @param {number} x */
export const timeAt = (view, x) => view.leftS + (x - KEYS_WIDTH) / view.pxPerS;
/** Top of the lane of a pitch; fractions are cents. @param {RollView} view @param {number} pitch */
export const yOf = (view, pitch) => RULER_HEIGHT + (view.topPitch - pitch) * view.lanePx;
/** @param {RollView} view @param {number} y */
export const pitchAt = (view, y) => view.topPitch - (y - RULER_HEIGHT) / view.lanePx;
/** @param {RollView} view */
export const shownS = (view) => Math.max(1, view.width - KEYS_WIDTH) / view.pxPerS;
/** @param {RollView} view */
export const shownLanes = (view) => Math.max(1, view.height - RULER_HEIGHT) / view.lanePx;

/** @param {number} low @param {number} value @param {number} high */
const clamp = (low, value, high) => Math.min(Math.max(value, low), Math.max(low, high));

/**
 * Kept within what there is to see.
 * @param {RollView} view
 * @param {number} durationS
 * @returns {RollView}
 */
export function bounded(view, durationS) {
  const wholeS = Math.max(durationS, 1) + 2 * MARGIN_S;
  const lanes = HIGHEST_PITCH - LOWEST_PITCH + 1;
  const leastPx = (view.width - KEYS_WIDTH) / wholeS;
  const pxPerS = clamp(Math.min(leastPx, MOST_PX_PER_S), view.pxPerS, MOST_PX_PER_S);
  const lanePx = clamp((view.height - RULER_HEIGHT) / lanes, view.lanePx, MOST_LANE_PX);
  const sized = { ...view, pxPerS, lanePx };
  const leftS = clamp(-MARGIN_S, view.leftS, wholeS - MARGIN_S - shownS(sized));
  const topPitch = clamp(LOWEST_PITCH - 1 + Math.min(lanes, shownLanes(sized)), view.topPitch, HIGHEST_PITCH);
  return { ...sized, leftS, topPitch };
}

/**
 * The first look at a recording: all of it, or the beginning of a long one.
 * @param {RollView} view
 * @param {number} durationS
 * @param {{ all?: boolean }} [how]
 */
export function fitted(view, durationS, { all = false } = {}) {
  const wantedS = (all ? durationS : Math.min(durationS, FIRST_LOOK_S)) + 2 * MARGIN_S;
  const pxPerS = (view.width - KEYS_WIDTH) / Math.max(wantedS, 1);
  return bounded({ ...view, leftS: -MARGIN_S, pxPerS, lanePx: 0, topPitch: HIGHEST_PITCH }, durationS);
}

/**
 * Showing these pitches with some room about them, where that is nearer than before.
 * @param {RollView} view
 * @param {readonly [number, number]} pitches lowest, highest
 * @param {number} durationS
 */
export function fittedPitches(view, [low, high], durationS) {
  const lanes = Math.max(LEAST_LANES, high - low + 1 + 2 * MARGIN_LANES);
  const sized = bounded({ ...view, lanePx: (view.height - RULER_HEIGHT) / lanes }, durationS);
  const topPitch = (low + high) / 2 + shownLanes(sized) / 2 + TOP_LANES;
  return bounded({ ...sized, topPitch }, durationS);
}

/**
 * Zoomed in time about a point that stays where it is.
 * @param {RollView} view
 * @param {number} factor
 * @param {number} x
 * @param {number} durationS
 */
export function zoomedTime(view, factor, x, durationS) {
  const pxPerS = bounded({ ...view, pxPerS: view.pxPerS * factor }, durationS).pxPerS;
  return bounded({ ...view, pxPerS, leftS: timeAt(view, x) - (x - KEYS_WIDTH) / pxPerS }, durationS);
}

/**
 * Zoomed in pitch about a point that stays where it is.
 * @param {RollView} view
 * @param {number} factor
 * @param {number} y
 * @param {number} durationS
 */
export function zoomedPitch(view, factor, y, durationS) {
  const lanePx = bounded({ ...view, lanePx: view.lanePx * factor }, durationS).lanePx;
  return bounded({ ...view, lanePx, topPitch: pitchAt(view, y) + (y - RULER_HEIGHT) / lanePx }, durationS);
}

/**
 * Moved by pixels.
 * @param {RollView} view
 * @param {number} dx
 * @param {number} dy
 * @param {number} durationS
 */
export function panned(view, dx, dy, durationS) {
  return bounded(
    { ...view, leftS: view.leftS + dx / view.pxPerS, topPitch: view.topPitch - dy / view.lanePx },
    durationS,
  );
}
