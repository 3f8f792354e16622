// The built-in instrument for live notes: a plain tone that starts, bends and stops at once.
import { BACK, BEND, eachEvent, OFF, ON } from "../../shared/live-events.js";
import { softener, struck } from "../sound/plain-tone.js";

/** @typedef {{ tone: OscillatorNode, loudness: GainNode }} Voice */

const ATTACK_S = 0.006;
const RELEASE_S = 0.05;
const MOST_VOICES = 32;

export class LiveTone {
  /** @type {Map<number, Voice>} */
  #voices = new Map();

  /** @param {AudioContext} context */
  constructor(context) {
    this.context = context;
    const limit = new DynamicsCompressorNode(context, { threshold: -14, ratio: 8 });
    this.out = softener(context);
    this.out.connect(limit).connect(context.destination);
  }

  /** @param {import("../../shared/live-events.js").LiveEvents} events */
  take(events) {
    for (const { kind, note, pitch, velocity, cents } of eachEvent(events)) {
      if (kind === ON) this.#on(note, pitch, velocity);
      else if (kind === OFF || kind === BACK) this.#off(note);
      else if (kind === BEND)
        this.#voices.get(note)?.tone.detune.setTargetAtTime(cents, this.context.currentTime, 0.005);
    }
  }

  silence() {
    for (const note of [...this.#voices.keys()]) this.#off(note);
  }

  /** @param {number} note @param {number} pitch @param {number} velocity */
  #on(note, pitch, velocity) {
    const [oldest] = this.#voices.keys();
    if (this.#voices.size >= MOST_VOICES && oldest !== undefined) this.#off(oldest);
    const from = this.context.currentTime;
    this.#voices.set(note, struck(this.context, this.out, { pitch, velocity, from, attackS: ATTACK_S }));
  }

  /** @param {number} note */
  #off(note) {
    const voice = this.#voices.get(note);
    if (!voice) return;
    this.#voices.delete(note);
    const now = this.context.currentTime;
    voice.loudness.gain.cancelScheduledValues(now);
    voice.loudness.gain.setTargetAtTime(0, now, RELEASE_S / 3);
    voice.tone.stop(now + 2 * RELEASE_S);
  }
}
