// Work for the sampled instrument that would disturb the window and the audio thread: unpacking a soundfont, and writing
// what the instrument plays. Takes: { unpack: address }, answered by { bank }; { render: {...} }, answered by { pcm }
// for each slice, then { done }. A failure is answered by { failed: why }; a job is stopped by ending this worker.
import { BasicSoundBank, SoundBankLoader } from "../../%INSTRUMENTS%/spessasynth_core.js";
import { Sampler } from "./sampler.js";

const SLICE_S = 2;
const KNEE = 0.7; // louder sums of many notes are bent round instead of cut off

/** @param {string} address @returns {Promise<ArrayBuffer>} */
async function unpacked(address) {
  const [answer] = await Promise.all([fetch(address), BasicSoundBank.isSF3DecoderReady]);
  if (!answer.ok) throw new Error(`the instrument's samples answered ${answer.status}`);
  const bank = SoundBankLoader.fromArrayBuffer(await answer.arrayBuffer());
  await bank.setSampleFormat({ format: "pcm" });
  return bank.writeSF2();
}

/** @param {number} value */
function rounded(value) {
  const size = Math.abs(value);
  return size <= KNEE ? value : Math.sign(value) * (KNEE + (1 - KNEE) * Math.tanh((size - KNEE) / (1 - KNEE)));
}

/**
 * Stereo, 16 bits, in slices.
 * @param {{ address: string, events: Float64Array, lengthS: number, rateHz: number, gain: number }} what
 */
async function render({ address, events, lengthS, rateHz, gain }) {
  const sampler = new Sampler(rateHz);
  sampler.load(await unpacked(address));
  sampler.push(events);
  const frames = Math.ceil(lengthS * rateHz);
  for (let from = 0; from < frames; from += SLICE_S * rateHz) {
    const count = Math.min(SLICE_S * rateHz, frames - from);
    const [left, right] = [new Float32Array(count), new Float32Array(count)];
    sampler.fill(left, right, from / rateHz);
    const pcm = new Int16Array(2 * count);
    for (let i = 0; i < count; i++) {
      pcm[2 * i] = Math.round(32767 * rounded(gain * /** @type {number} */ (left[i])));
      pcm[2 * i + 1] = Math.round(32767 * rounded(gain * /** @type {number} */ (right[i])));
    }
    postMessage({ pcm, doneS: (from + count) / rateHz }, [pcm.buffer]);
  }
  postMessage({ done: true });
}

self.addEventListener("message", async ({ data }) => {
  try {
    if (data.render) return await render(data.render);
    const bank = await unpacked(data.unpack);
    postMessage({ bank }, [bank]);
  } catch (error) {
    postMessage({ failed: error instanceof Error ? error.message : String(error) });
  }
});
