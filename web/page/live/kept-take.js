// The take as it grows, without loss, and as a WAV file in the end: 32-bit float, as it came.

import { wavHead } from "../audio/wav-head.js";

const PART_BYTES = 1 << 20; // pieces are handed to the browser's own store in parts, out of this page's memory

/** @param {Date} now */
export function takeName(now) {
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  return `Take ${day} ${two(now.getHours())}.${two(now.getMinutes())}.${two(now.getSeconds())}`;
}

export class KeptTake {
  /** @type {Blob[]} */
  #parts = [];
  /** @type {Float32Array<ArrayBuffer>[]} */
  #loose = [];
  #looseBytes = 0;
  #bytes = 0;

  /** @param {number} rateHz @param {number} channels */
  constructor(rateHz, channels) {
    this.rateHz = rateHz;
    this.channels = channels;
  }

  /** @param {Float32Array<ArrayBuffer>} pcm interleaved */
  add(pcm) {
    this.#loose.push(pcm);
    this.#looseBytes += pcm.byteLength;
    this.#bytes += pcm.byteLength;
    if (this.#looseBytes < PART_BYTES) return;
    this.#parts.push(new Blob(this.#loose));
    [this.#loose, this.#looseBytes] = [[], 0];
  }

  get frames() {
    return this.#bytes / 4 / this.channels;
  }

  get timeS() {
    return this.frames / this.rateHz;
  }

  /** @param {string} name without ending */
  file(name) {
    const { rateHz, channels } = this;
    const head = wavHead({ rateHz, channels, bits: 32, dataBytes: this.#bytes });
    return new File([head, ...this.#parts, ...this.#loose], `${name}.wav`, { type: "audio/wav" });
  }
}
