// The waveform as it is shown: the lowest and highest sample of each hundredth of a second, a byte each. An hour takes
// 0.7 MB; the audio itself is not kept.

export const PEAKS_PER_S = 100;
const FIRST_PEAKS = 6000; // a minute; the columns double as they fill

/**
 * @typedef {object} WavePeaks
 * @property {Int8Array} low 127 is full scale; louder audio is cut there
 * @property {Int8Array} high
 * @property {number} count columns filled so far
 */

/** @returns {WavePeaks} */
export function noPeaks() {
  return { low: new Int8Array(FIRST_PEAKS), high: new Int8Array(FIRST_PEAKS), count: 0 };
}

/** @param {Int8Array} column @param {number} size */
function atLeast(column, size) {
  if (column.length >= size) return column;
  const wider = new Int8Array(Math.max(size, 2 * column.length));
  wider.set(column);
  return wider;
}

/**
 * Measures a recording as its blocks pass by. All channels of a hundredth share one column.
 */
export class PeakMeter {
  #frame = 0;

  /** @param {number} rateHz @param {number} channels @param {number} [startS] where in the recording the first block lies */
  constructor(rateHz, channels, startS = 0) {
    this.rateHz = rateHz;
    this.channels = channels;
    this.#frame = Math.round(startS * rateHz);
  }

  /**
   * @param {WavePeaks} peaks so far; its columns may be reused
   * @param {Float32Array} pcm interleaved
   * @returns {WavePeaks}
   */
  take(peaks, pcm) {
    const { rateHz, channels } = this;
    const end = this.#frame + Math.floor(pcm.length / channels);
    const size = Math.ceil((end * PEAKS_PER_S) / rateHz);
    const [low, high] = [atLeast(peaks.low, size), atLeast(peaks.high, size)];
    let sample = 0;
    for (let frame = this.#frame; frame < end; ) {
      const column = Math.floor((frame * PEAKS_PER_S) / rateHz);
      const next = Math.min(end, Math.ceil(((column + 1) * rateHz) / PEAKS_PER_S));
      let [least, most] = [0, 0];
      for (const stop = sample + (next - frame) * channels; sample < stop; sample++) {
        const value = /** @type {number} */ (pcm[sample]);
        if (value < least) least = value;
        else if (value > most) most = value;
      }
      low[column] = Math.min(low[column] ?? 0, Math.max(-127, Math.round(127 * least)));
      high[column] = Math.max(high[column] ?? 0, Math.min(127, Math.round(127 * most)));
      frame = next;
    }
    this.#frame = end;
    return { low, high, count: Math.max(peaks.count, size) };
  }
}

/**
 * The same recording, its waveform measured on the way.
 * @param {import("../audio/audio-source.js").AudioSource} source
 * @param {number} startS where it begins in the recording
 * @param {WavePeaks} peaks of what was measured before; its columns may be reused
 * @param {(peaks: WavePeaks) => void} tell told after every block
 * @returns {import("../audio/audio-source.js").AudioSource}
 */
export function measured(source, startS, peaks, tell) {
  const meter = new PeakMeter(source.rateHz, source.channels, startS);
  let soFar = peaks;
  return {
    ...source,
    async *blocks() {
      for await (const pcm of source.blocks()) {
        soFar = meter.take(soFar, pcm);
        tell(soFar);
        yield pcm;
      }
    },
  };
}
