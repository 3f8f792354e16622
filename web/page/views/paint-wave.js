// Draws a waveform over a time axis: for each pixel the lowest and highest value of the columns that fall into it.
import { PEAKS_PER_S } from "../see/wave-peaks.js";

/** @typedef {import("../see/wave-peaks.js").WavePeaks} WavePeaks */

const FULL = 127;
const MARGIN = 0.06; // of the height, above and below the loudest

/** The loudest value so far: quiet recordings fill the height too. @param {WavePeaks} peaks */
function loudest({ low, high, count }) {
  let most = 1;
  for (let i = 0; i < count; i++) most = Math.max(most, high[i] ?? 0, -(low[i] ?? 0));
  return most;
}

/** @type {WeakMap<Int8Array, { count: number, most: number }>} by the column that a waveform is kept in */
const known = new WeakMap();

/** @param {WavePeaks} peaks */
function scaleOf(peaks) {
  const before = known.get(peaks.high);
  if (before?.count === peaks.count) return before.most;
  const most = Math.min(FULL, loudest(peaks));
  known.set(peaks.high, { count: peaks.count, most });
  return most;
}

/**
 * To be filled.
 * @param {WavePeaks} peaks
 * @param {object} where
 * @param {number} where.leftS time at x = 0
 * @param {number} where.pxPerS
 * @param {number} where.from leftmost x to draw at
 * @param {number} where.to
 * @param {number} [where.top]
 * @param {number} where.height
 */
export function wavePath(peaks, { leftS, pxPerS, from, to, top = 0, height }) {
  const most = scaleOf(peaks);
  const reach = (height / 2) * (1 - 2 * MARGIN);
  const middle = top + height / 2;
  const perPx = PEAKS_PER_S / pxPerS;
  const step = Math.max(1, 1 / perPx); // pixels from one bar to the next: columns wider than a pixel are drawn once
  const path = new Path2D();
  const width = Math.max(1, perPx); // in columns; bars lie on the same columns wherever the view begins
  for (let at = Math.max(0, Math.floor(((leftS + from / pxPerS) * PEAKS_PER_S) / width) * width); ; at += width) {
    const x = (at / PEAKS_PER_S - leftS) * pxPerS;
    if (x >= to || at >= peaks.count) break;
    let [low, high] = [0, 0];
    for (let i = Math.floor(at), end = Math.max(i + 1, Math.floor(at + perPx)); i < end && i < peaks.count; i++) {
      low = Math.min(low, /** @type {number} */ (peaks.low[i]));
      high = Math.max(high, /** @type {number} */ (peaks.high[i]));
    }
    const [upper, lower] = [(high / most) * reach, (-low / most) * reach];
    path.rect(x, middle - upper, Math.min(step, to - x) + 0.25, Math.max(1, upper + lower));
  }
  return path;
}
