// The waveform as it is stored with its project: a byte that says how many columns make a second, all lowest samples,
// all highest, deflated.
import { deflated, inflated } from "../projects/deflate.js";
import { PEAKS_PER_S } from "./wave-peaks.js";

/** @typedef {import("./wave-peaks.js").WavePeaks} WavePeaks */

const MOST_BYTES = 1 + 2 * PEAKS_PER_S * 3600 * 48; // two days

/** @param {WavePeaks} peaks */
export function packPeaks({ low, high, count }) {
  const bytes = new Uint8Array(1 + 2 * count);
  bytes[0] = PEAKS_PER_S;
  bytes.set(low.subarray(0, count), 1);
  bytes.set(high.subarray(0, count), 1 + count);
  return deflated(bytes);
}

/** @param {Blob | null} blob @returns {Promise<WavePeaks | null>} null where there are none that this version reads */
export async function unpackPeaks(blob) {
  if (!blob) return null;
  try {
    const bytes = await inflated(blob, MOST_BYTES);
    const count = (bytes.length - 1) / 2;
    if (bytes[0] !== PEAKS_PER_S || !Number.isInteger(count)) return null;
    return { low: new Int8Array(bytes.buffer, 1, count), high: new Int8Array(bytes.buffer, 1 + count, count), count };
  } catch {
    return null; // it is drawn again when the recording is heard again
  }
}
