// WAV, read here and not by the browser: every bit depth, rate and channel count, with exactly the samples that
// libsndfile gives the native host (browsers scale positive and negative 16-bit samples differently).
import { t } from "../translate.js";
import { BadRecording } from "./bad-recording.js";
import { blockFrames } from "./block-size.js";

/** @typedef {import("./audio-source.js").AudioSource} AudioSource */
/** @typedef {{ tag: number, channels: number, rateHz: number, frameBytes: number, bits: number }} Format */
/** @typedef {(bytes: ArrayBuffer) => Float32Array<ArrayBuffer>} Reader */

const TAG_PCM = 1;
const TAG_FLOAT = 3;
const TAG_EXTENSIBLE = 0xfffe;

/**
 * @param {ArrayLike<number>} values
 * @param {number} full the value that becomes 1: a power of two
 */
function scaled(values, full) {
  const pcm = Float32Array.from(values);
  for (let i = 0; i < pcm.length; i++) pcm[i] = /** @type {number} */ (pcm[i]) / full;
  return pcm;
}

/** @type {Reader} */
function read24(bytes) {
  const view = new DataView(bytes);
  const pcm = new Float32Array(bytes.byteLength / 3);
  for (let i = 0, at = 0; i < pcm.length; i++, at += 3) {
    pcm[i] = ((view.getInt8(at + 2) << 16) | view.getUint16(at, true)) / 8388608;
  }
  return pcm;
}

/**
 * Sample formats by "tag/bits"; integers become -1 to 1. WAV and every browser's machine are little-endian.
 * @type {Record<string, Reader>}
 */
const READERS = {
  "1/8": (bytes) => scaled(new Uint8Array(bytes), 128).map((value) => value - 1),
  "1/16": (bytes) => scaled(new Int16Array(bytes), 32768),
  "1/24": read24,
  "1/32": (bytes) => scaled(new Int32Array(bytes), 2147483648),
  "3/32": (bytes) => new Float32Array(bytes),
  "3/64": (bytes) => Float32Array.from(new Float64Array(bytes)),
};

/**
 * @param {Blob} blob
 * @param {number} start
 * @param {number} length
 */
async function bytesAt(blob, start, length) {
  return new DataView(await blob.slice(start, start + length).arrayBuffer());
}

/**
 * @param {DataView} view body of the fmt chunk
 * @returns {Format}
 */
function formatOf(view) {
  const tag = view.getUint16(0, true);
  const isExtensible = tag === TAG_EXTENSIBLE && view.byteLength >= 26;
  return {
    tag: isExtensible ? view.getUint16(24, true) : tag,
    channels: view.getUint16(2, true),
    rateHz: view.getUint32(4, true),
    frameBytes: view.getUint16(12, true),
    bits: view.getUint16(14, true),
  };
}

/**
 * Walks the chunks up to the samples.
 * @param {File} file
 * @returns {Promise<{ format: Format, start: number, bytes: number }>}
 */
async function findSamples(file) {
  /** @type {Format | null} */
  let format = null;
  let longBytes = 0; // RF64: the real size of the data chunk
  for (let position = 12; position + 8 <= file.size; ) {
    const head = await bytesAt(file, position, 8);
    const name = String.fromCharCode(...new Uint8Array(head.buffer, 0, 4));
    let bytes = head.getUint32(4, true);
    const body = position + 8;
    if (name === "fmt ") {
      const view = await bytesAt(file, body, Math.min(bytes, 40));
      if (view.byteLength >= 16) format = formatOf(view);
    } else if (name === "ds64") {
      longBytes = Number((await bytesAt(file, body, 16)).getBigUint64(8, true));
    } else if (name === "data") {
      if (!format)
        throw new BadRecording(t("“{name}” is a WAV file without a format before its samples.", { name: file.name }));
      if (bytes === 0xffffffff) bytes = longBytes || file.size;
      return { format, start: body, bytes: Math.min(bytes, file.size - body) };
    }
    position = body + bytes + (bytes % 2);
  }
  throw new BadRecording(
    t("“{name}” is a WAV file that holds no samples; it may have been cut off.", { name: file.name }),
  );
}

/**
 * @param {File} file that begins as a WAV file
 * @returns {Promise<AudioSource | null>} null for compressed kinds of WAV, which others may read
 */
export async function openWav(file) {
  const { format, start, bytes } = await findSamples(file);
  const { tag, bits, channels, rateHz, frameBytes } = format;
  const read = READERS[`${tag}/${bits}`];
  if (!read || (tag !== TAG_PCM && tag !== TAG_FLOAT) || frameBytes !== (channels * bits) / 8) return null;
  const frames = Math.floor(bytes / frameBytes);
  if (frames === 0)
    throw new BadRecording(t("“{name}” is 0 s long: the WAV file holds no samples.", { name: file.name }));
  return {
    format: `WAV, ${bits} bit${tag === TAG_FLOAT ? " float" : ""}`,
    rateHz,
    channels,
    durationS: frames / rateHz,
    async *blocks() {
      const step = blockFrames(channels);
      for (let frame = 0; frame < frames; frame += step) {
        const from = start + frame * frameBytes;
        yield read(await file.slice(from, from + Math.min(step, frames - frame) * frameBytes).arrayBuffer());
      }
    },
  };
}
