// The plain tone for live notes, until the samples of an instrument are there: it starts, bends and stops at once.
import { softener, struck } from "../sound/plain-tone.js";

/** @typedef {{ tone: OscillatorNode, loudness: GainNode }} Voice */

const ATTACK_S = 0.006;
const RELEASE_S = 0.05;
const MOST_VOICES = 32;
const BEND_S = 0.005; // time constant

export class LiveTone {
  /** @type {Map<number, Voice>} */
  #voices = new Map();
  #out;

  /** @param {AudioContext} context @param {AudioNode} out */
  constructor(context, out) {
    this.context = context;
    this.#out = softener(context);
    this.#out.connect(out);
  }

  /** @param {number} note @param {number} pitch @param {number} velocity */
  on(note, pitch, velocity) {
    const [oldest] = this.#voices.keys();
    if (this.#voices.size >= MOST_VOICES && oldest !== undefined) this.off(oldest);
    const from = this.context.currentTime;
    this.#voices.set(note, struck(this.context, this.#out, { pitch, velocity, from, attackS: ATTACK_S }));
  }

  /** @param {number} note @param {number} cents */
  bend(note, cents) {
    this.#voices.get(note)?.tone.detune.setTargetAtTime(cents, this.context.currentTime, BEND_S);
  }

  /** @param {number} note */
  off(note) {
    const voice = this.#voices.get(note);
    if (!voice) return;
    this.#voices.delete(note);
    const now = this.context.currentTime;
    voice.loudness.gain.cancelScheduledValues(now);
    voice.loudness.gain.setTargetAtTime(0, now, RELEASE_S / 3);
    voice.tone.stop(now + 2 * RELEASE_S);
  }

  silence() {
    for (const note of [...this.#voices.keys()]) this.off(note);
  }
}
