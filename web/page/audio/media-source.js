// FLAC, MP3, Ogg, MP4, WebM: taken apart by mediabunny and decoded by WebCodecs, slice by slice, so that an hour of
// audio is never one buffer.

import { ENGINE } from "../../shared/places.js";
import { t } from "../translate.js";
import { BadRecording } from "./bad-recording.js";
import { blockFrames } from "./block-size.js";
import { Interleaver } from "./interleaver.js";
import { mp3Gap } from "./mp3-gap.js";
import { Trim } from "./trim.js";

/** @typedef {import("./audio-source.js").AudioSource} AudioSource */
/** @typedef {import("mediabunny").AudioSample} AudioSample */

/** WebCodecs' sample formats: how to hold one, and the value that becomes 1. */
const KINDS = /** @type {const} */ ({
  u8: { Plane: Uint8Array, middle: 128, full: 128 },
  s16: { Plane: Int16Array, middle: 0, full: 32768 },
  s32: { Plane: Int32Array, middle: 0, full: 2147483648 },
  f32: { Plane: Float32Array, middle: 0, full: 1 },
});

/**
 * Interleaved float32. Integer samples are scaled here by a power of two, as the native host does; browsers' own
 * conversion is not the same for positive and negative ones.
 * @param {AudioSample} sample
 */
export function samplesOf(sample) {
  const { format, numberOfFrames: frames, numberOfChannels: channels } = sample;
  const isPlanar = format.endsWith("-planar") && channels > 1;
  const { Plane, middle, full } = KINDS[/** @type {keyof typeof KINDS} */ (format.replace("-planar", ""))];
  const pcm = new Float32Array(frames * channels);
  for (let planeIndex = 0; planeIndex < (isPlanar ? channels : 1); planeIndex++) {
    const plane = new Plane(isPlanar ? frames : pcm.length);
    sample.copyTo(plane, { planeIndex, format });
    spread(pcm, plane, planeIndex, isPlanar ? channels : 1);
  }
  if (full === 1) return pcm;
  return pcm.map((value) => (value - middle) / full);
}

/**
 * @param {Float32Array} pcm
 * @param {ArrayLike<number>} plane
 * @param {number} first
 * @param {number} step
 */
function spread(pcm, plane, first, step) {
  if (step === 1) return pcm.set(plane);
  for (let i = 0, to = first; i < plane.length; i++, to += step) pcm[to] = /** @type {number} */ (plane[i]);
}

/**
 * @param {File} file
 * @param {string} container what the first bytes say
 * @returns {Promise<AudioSource | null>} null where this browser lacks the codec or mediabunny the container
 */
export async function openMedia(file, container) {
  /** @type {typeof import("mediabunny")} */
  const { ALL_FORMATS, AudioSampleSink, BlobSource, Input } = await import(new URL("mediabunny.min.mjs", ENGINE).href);
  const input = new Input({ source: new BlobSource(file), formats: ALL_FORMATS });
  if (!(await input.canRead())) return null;
  const track = await input.getPrimaryAudioTrack();
  if (!track) throw new BadRecording(t("“{name}” holds no sound.", { name: file.name }));
  if (!(await track.canDecode())) return null;
  const [rateHz, channels] = [track.sampleRate, track.numberOfChannels];
  const gap = container === "mp3" ? await mp3Gap(file) : { start: 0, end: 0 };
  const early = Math.max(0, Math.round(-(await track.getFirstTimestamp()) * rateHz)); // priming before time 0
  // FLAC, and MP3 with an encoder's head, say their length; looking for the last frame of a long file keeps the window busy
  const isStated = container === "flac" || gap.start > 0;
  const statedS = isStated ? await track.getDurationFromMetadata() : null;
  const endS = statedS || (await track.computeDuration());
  const frames = Math.max(0, Math.round(endS * rateHz) - gap.start - gap.end);
  return {
    format: (track.codec ?? container).toUpperCase(),
    rateHz,
    channels,
    durationS: frames / rateHz,
    async *blocks() {
      const joined = new Interleaver(channels, blockFrames(channels));
      const trim = new Trim(channels, gap.start + early, frames);
      let failure = null; // a file that is cut off: some browsers' decoders throw at the cut, others just end
      try {
        for await (const sample of new AudioSampleSink(track).samples()) {
          try {
            joined.add(trim.pass(samplesOf(sample)));
          } finally {
            sample.close();
          }
          yield* joined.whole();
        }
      } catch (error) {
        failure = error;
      }
      yield* joined.rest();
      if (failure) throw failure;
    },
  };
}
