// The notes as a sound file: what is heard, written by the same instrument in slices, so that length costs no memory.
import { at } from "../../shared/note-columns.js";
import { wavHead } from "../audio/wav-head.js";
import { t } from "../translate.js";
import { heardNote, samplerEvents } from "./heard-note.js";
import { PlainTone } from "./plain-tone.js";
import { samplesOf, startSamplerWorker } from "./sampled.js";

/** @typedef {import("../../shared/note-columns.js").NoteColumns} NoteColumns */

const RATE_HZ = 44100;
const TAIL_S = 2;
const GAIN = 3;
const FORMAT = { rateHz: RATE_HZ, channels: 2, bits: 16 };
export const MOST_S = 2 * 3600;
export const MOST_PLAIN_S = 10 * 60; // the plain tone is held in memory as a whole

/** Why no file was made; the message is for people. */
export class NoWav extends Error {}

/** @param {NoteColumns} notes */
function played(notes) {
  return Array.from(notes.onsetS, (_, i) => heardNote(notes, i, (timeS) => timeS));
}

/** @param {BlobPart[]} slices */
function wav(slices) {
  const dataBytes = slices.reduce((sum, slice) => sum + /** @type {Blob} */ (slice).size, 0);
  return new Blob([wavHead({ ...FORMAT, dataBytes }), ...slices], { type: "audio/wav" });
}

/**
 * @param {NoteColumns} notes
 * @param {number} lengthS
 * @param {number} program
 * @param {(part: number) => void} tell
 * @param {AbortSignal} signal
 * @returns {Promise<Blob | null>} null where the samples are not to be had
 */
function sampled(notes, lengthS, program, tell, signal) {
  const worker = startSamplerWorker();
  /** @type {Blob[]} */
  const slices = []; // the browser keeps these outside of the page's memory
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
    worker.onmessage = ({ data }) => {
      if (data.pcm) {
        slices.push(new Blob([data.pcm]));
        tell(data.doneS / lengthS);
      } else if (data.done) resolve(wav(slices));
      else if (slices.length === 0) resolve(null);
      else reject(new Error(data.failed));
    };
    worker.onerror = () => resolve(null);
    const events = samplerEvents(played(notes), 0);
    const render = { address: samplesOf(program), events, lengthS, rateHz: RATE_HZ, gain: GAIN };
    worker.postMessage({ render }, [events.buffer]);
  }).finally(() => worker.terminate());
}

/** @param {NoteColumns} notes @param {number} lengthS @param {AbortSignal} signal */
async function plain(notes, lengthS, signal) {
  const context = new OfflineAudioContext(1, Math.ceil(lengthS * RATE_HZ), RATE_HZ);
  const tone = new PlainTone(context, context.destination, { mostVoices: Infinity });
  tone.sound(played(notes));
  const buffer = await context.startRendering();
  signal.throwIfAborted();
  const samples = buffer.getChannelData(0);
  const pcm = new Int16Array(2 * samples.length);
  samples.forEach((value, i) => {
    pcm[2 * i] = pcm[2 * i + 1] = Math.round(32767 * Math.max(-1, Math.min(1, value)));
  });
  return wav([new Blob([pcm])]);
}

/**
 * The notes as 16-bit stereo WAV, from the beginning of the recording on, so that the two can be laid side by side.
 * @param {NoteColumns} notes
 * @param {number} program General MIDI
 * @param {(part: number) => void} tell how much of it is done, 0-1
 * @param {AbortSignal} signal
 * @returns {Promise<{ file: Blob, isSampled: boolean }>} not sampled: by the plain tone, for want of the samples
 */
export async function renderWav(notes, program, tell, signal) {
  let endS = 0;
  for (let i = 0; i < notes.offsetS.length; i++) endS = Math.max(endS, at(notes.offsetS, i));
  const lengthS = endS + TAIL_S;
  if (lengthS > MOST_S) {
    const minutes = { minutes: Math.round(lengthS / 60), most: MOST_S / 60 };
    throw new NoWav(t("The notes last {minutes} minutes; a WAV may hold {most}.", minutes));
  }
  const file = await sampled(notes, lengthS, program, tell, signal);
  if (file) return { file, isSampled: true };
  if (lengthS > MOST_PLAIN_S) {
    const most = { most: MOST_PLAIN_S / 60 };
    throw new NoWav(
      t("The instrument's samples could not be fetched, and the plain tone writes {most} minutes at most.", most),
    );
  }
  return { file: await plain(notes, lengthS, signal), isSampled: false };
}
