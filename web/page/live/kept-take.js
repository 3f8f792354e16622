// The take as it grows, without loss, and as a WAV file in the end: 32-bit float, as it came.

const PART_BYTES = 1 << 20; // pieces are handed to the browser's own store in parts, out of this page's memory
const HEAD_BYTES = 58;

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
    const head = wavHead(this.rateHz, this.channels, this.#bytes);
    return new File([head, ...this.#parts, ...this.#loose], `${name}.wav`, { type: "audio/wav" });
  }
}

/**
 * RIFF head of 32-bit float samples (fmt, fact, data).
 * @param {number} rateHz
 * @param {number} channels
 * @param {number} dataBytes
 */
function wavHead(rateHz, channels, dataBytes) {
  const view = new DataView(new ArrayBuffer(HEAD_BYTES));
  let at = 0;
  const text = (/** @type {string} */ word) => {
    for (const letter of word) view.setUint8(at++, letter.charCodeAt(0));
  };
  const four = (/** @type {number} */ value) => {
    view.setUint32(at, Math.min(value, 0xffffffff), true);
    at += 4;
  };
  const two = (/** @type {number} */ value) => {
    view.setUint16(at, value, true);
    at += 2;
  };
  text("RIFF");
  four(HEAD_BYTES - 8 + dataBytes);
  text("WAVEfmt ");
  four(18);
  two(3); // float
  two(channels);
  four(rateHz);
  four(rateHz * channels * 4);
  two(channels * 4);
  two(32);
  two(0);
  text("fact");
  four(4);
  four(dataBytes / 4 / channels);
  text("data");
  four(dataBytes);
  return view.buffer;
}
