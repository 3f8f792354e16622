/**
 * Passes interleaved samples on, less the first `skip` frames and whatever lies after `most` further ones.
 */
export class Trim {
  /**
   * @param {number} channels
   * @param {number} skip
   * @param {number} most
   */
  constructor(channels, skip, most) {
    this.toSkip = skip * channels;
    this.left = most * channels;
  }

  /** @param {Float32Array} pcm */
  pass(pcm) {
    const start = Math.min(this.toSkip, pcm.length);
    const end = Math.min(pcm.length, start + this.left);
    this.toSkip -= start;
    this.left -= end - start;
    return pcm.subarray(start, end);
  }
}
