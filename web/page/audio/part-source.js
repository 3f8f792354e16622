// A part of a recording as a recording of its own: what lies before is read and passed over, what lies after is not read.

/** @typedef {import("./audio-source.js").AudioSource} AudioSource */

/**
 * @param {AudioSource} source
 * @param {number} fromS
 * @param {number} toS
 * @returns {AudioSource}
 */
export function partOf(source, fromS, toS) {
  const { rateHz, channels } = source;
  /** @param {number} timeS first sample of a frame */
  const sampleAt = (timeS) => Math.max(0, Math.round(timeS * rateHz)) * channels;
  const [first, end] = /** @type {const} */ ([sampleAt(fromS), sampleAt(toS)]);
  return {
    ...source,
    durationS: toS - fromS,
    async *blocks() {
      let at = 0;
      for await (const pcm of source.blocks()) {
        const [from, to] = [Math.max(0, first - at), Math.min(pcm.length, end - at)];
        at += pcm.length;
        if (to > from) yield to - from === pcm.length ? pcm : pcm.slice(from, to);
        if (at >= end) return;
      }
    },
  };
}
