// The last resort: the browser decodes the whole file at once. Costs memory in proportion to its length, so only
// where decoding in slices is not to be had.
import { t } from "../translate.js";
import { BadRecording } from "./bad-recording.js";
import { blockFrames } from "./block-size.js";

/** @typedef {import("./audio-source.js").AudioSource} AudioSource */

const USUAL_RATE_HZ = 44100;
const MOST_BYTES = 300 * 1024 * 1024;

/**
 * The rate that the file states, where its head tells; decoding at another one would resample.
 * @param {string} container
 * @param {Uint8Array} head
 */
function statedRateHz(container, head) {
  if (container !== "flac" || head.length < 21) return USUAL_RATE_HZ;
  const [a = 0, b = 0, c = 0] = head.subarray(18, 21); // STREAMINFO: 20 bits
  return (a << 12) | (b << 4) | (c >> 4) || USUAL_RATE_HZ;
}

/**
 * @param {File} file
 * @param {string} container what the first bytes say
 * @param {Uint8Array} head the first bytes
 * @returns {Promise<AudioSource>}
 */
export async function openWhole(file, container, head) {
  if (file.size > MOST_BYTES)
    throw new BadRecording(t("“{name}” is too long for this browser in this format.", { name: file.name }));
  const rateHz = statedRateHz(container, head);
  let audio;
  try {
    audio = await new OfflineAudioContext(1, 1, rateHz).decodeAudioData(await file.arrayBuffer());
  } catch {
    const kind = container === "unknown" ? "" : ` (${container.toUpperCase()})`;
    throw new BadRecording(
      t("“{name}” holds no audio that Linnet can read{kind}; it may be cut off or no audio.", {
        name: file.name,
        kind,
      }),
    );
  }
  const channels = Array.from({ length: audio.numberOfChannels }, (_, i) => audio.getChannelData(i));
  return {
    format: container.toUpperCase(),
    rateHz: audio.sampleRate,
    channels: channels.length,
    durationS: audio.duration,
    async *blocks() {
      const step = blockFrames(channels.length);
      for (let frame = 0; frame < audio.length; frame += step) {
        const count = Math.min(step, audio.length - frame);
        const pcm = new Float32Array(count * channels.length);
        for (const [channel, plane] of channels.entries()) {
          for (let i = 0; i < count; i++) pcm[i * channels.length + channel] = /** @type {number} */ (plane[frame + i]);
        }
        yield pcm;
      }
    },
  };
}
