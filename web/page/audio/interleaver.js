/** Gathers interleaved samples of any length into blocks of one length. */
export class Interleaver {
  /**
   * @param {number} channels
   * @param {number} blockFrames
   */
  constructor(channels, blockFrames) {
    this.size = channels * blockFrames;
    this.block = new Float32Array(this.size);
    this.filled = 0;
    /** @type {Float32Array<ArrayBuffer>[]} */
    this.done = [];
  }

  /** @param {Float32Array} pcm */
  add(pcm) {
    for (let from = 0; from < pcm.length; ) {
      const count = Math.min(pcm.length - from, this.size - this.filled);
      this.block.set(pcm.subarray(from, from + count), this.filled);
      this.filled += count;
      from += count;
      if (this.filled === this.size) {
        this.done.push(this.block);
        this.block = new Float32Array(this.size);
        this.filled = 0;
      }
    }
  }

  /** Blocks that are full; each is handed out once. */
  *whole() {
    yield* this.done.splice(0);
  }

  /** What is left at the end. */
  *rest() {
    yield* this.whole();
    if (this.filled > 0) yield this.block.slice(0, this.filled);
    this.filled = 0;
  }
}
