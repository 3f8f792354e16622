// Who plays the notes: the sampled instrument once it is there, until then a plain tone.
import { PlainTone } from "./plain-tone.js";
import { SampledInstrument } from "./sampled.js";

const SAMPLED_GAIN = 2.4; // as loud as the plain tone and as most recordings

/** The way to the loudspeaker: where a plain tone goes in, and where samples do. @param {AudioContext} context */
export function wayOut(context) {
  const limit = new DynamicsCompressorNode(context, { threshold: -14, ratio: 8 });
  const samples = new GainNode(context, { gain: SAMPLED_GAIN });
  const out = new GainNode(context, { gain: 1 });
  samples.connect(out).connect(limit).connect(context.destination);
  return { out, samples };
}

export class Band {
  #out;
  #plain;
  #sampled;

  /** @param {AudioContext} context */
  constructor(context) {
    const { out, samples } = wayOut(context);
    this.#out = out;
    this.#plain = new PlainTone(context, out);
    this.#sampled = new SampledInstrument(context, samples);
  }

  /** 0-1 */
  set loudness(/** @type {number} */ value) {
    this.#out.gain.setTargetAtTime(value, this.#out.context.currentTime, 0.015);
  }

  /** The General MIDI program that is wanted. */
  set program(/** @type {number} */ program) {
    this.#sampled.load(program);
  }

  /** The program whose samples are heard; null while it is the plain tone. */
  get sampledProgram() {
    return this.#sampled.program;
  }

  /** @param {import("./heard-note.js").HeardNote[]} notes */
  sound(notes) {
    (this.#sampled.program === null ? this.#plain : this.#sampled).sound(notes);
  }

  silence() {
    this.#plain.silence();
    this.#sampled.silence();
  }
}
