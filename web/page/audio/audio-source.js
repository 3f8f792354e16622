// One door to every recording: what it is, by its first bytes and not by its name, and its samples in blocks.
import { t } from "../translate.js";
import { BadRecording } from "./bad-recording.js";
import { openMedia } from "./media-source.js";
import { openWav } from "./wav-source.js";
import { openWhole } from "./whole-source.js";

/**
 * @typedef {object} AudioSource
 * @property {string} format what the file is, in words
 * @property {number} rateHz the recording's own rate
 * @property {number} channels
 * @property {number | null} durationS where it is known beforehand
 * @property {() => AsyncGenerator<Float32Array<ArrayBuffer>, void>} blocks interleaved float32, a few seconds each;
 *   every block is the receiver's own
 */

const HEAD_BYTES = 64;

/**
 * @param {Uint8Array} head
 * @param {number} start
 * @param {number} end
 */
function ascii(head, start, end) {
  return String.fromCharCode(...head.subarray(start, end));
}

/**
 * The container, by content.
 * @param {Uint8Array} head the file's first bytes
 */
export function sniff(head) {
  const four = ascii(head, 0, 4);
  if ((four === "RIFF" || four === "RF64") && ascii(head, 8, 12) === "WAVE") return "wav";
  if (four === "fLaC") return "flac";
  if (four === "OggS") return "ogg";
  if (four === "FORM") return "aiff";
  if (ascii(head, 4, 8) === "ftyp") return "mp4";
  if (head[0] === 0x1a && head[1] === 0x45 && head[2] === 0xdf && head[3] === 0xa3) return "webm";
  if (ascii(head, 0, 3) === "ID3") return "mp3";
  if (head[0] === 0xff && ((head[1] ?? 0) & 0xf6) === 0xf0) return "aac";
  if (head[0] === 0xff && ((head[1] ?? 0) & 0xe0) === 0xe0) return "mp3";
  return "unknown";
}

/** Containers that mediabunny reads in slices. */
const SLICED = new Set(["flac", "ogg", "mp4", "webm", "mp3", "aac", "wav", "unknown"]);

/**
 * Find out what the file is and open it; BadRecording says what a person can do where that fails.
 * @param {File} file
 * @returns {Promise<AudioSource>}
 */
export async function openAudio(file) {
  if (file.size === 0) throw new BadRecording(t("“{name}” is empty (0 bytes).", { name: file.name }));
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  const container = sniff(head);
  if (container === "wav") {
    const wav = await openWav(file);
    if (wav) return wav;
  }
  const sliced = SLICED.has(container) ? await openMedia(file, container) : null;
  if (sliced) return sliced;
  return openWhole(file, container, head);
}
