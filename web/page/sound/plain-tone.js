// The instrument that is always there: a plain synthesised tone.

/** @typedef {import("./heard-note.js").HeardNote} HeardNote */

const ATTACK_S = 0.008;
const RELEASE_S = 0.06;
const LOUDEST = 0.16; // of one note: several sound together
const MOST_VOICES = 48;

/**
 * A tone that has been struck and fades, without its end.
 * @param {BaseAudioContext} context
 * @param {AudioNode} out
 * @param {{ pitch: number, velocity: number, from: number, attackS: number }} note `from` on the context's clock
 */
export function struck(context, out, { pitch, velocity, from, attackS }) {
  const tone = new OscillatorNode(context, { type: "triangle", frequency: 440 * 2 ** ((pitch - 69) / 12) });
  const loudness = new GainNode(context, { gain: 0 });
  const peak = LOUDEST * (velocity / 127) ** 1.5;
  loudness.gain.setValueAtTime(0, from);
  loudness.gain.linearRampToValueAtTime(peak, from + attackS);
  loudness.gain.setTargetAtTime(peak * 0.55, from + attackS, 0.25);
  tone.connect(loudness).connect(out);
  tone.start(from);
  return { tone, loudness };
}

/** Takes the edge off it. @param {BaseAudioContext} context */
export function softener(context) {
  return new BiquadFilterNode(context, { type: "lowpass", frequency: 3200, Q: 0.3 });
}

export class PlainTone {
  /** @type {Set<OscillatorNode>} */
  #voices = new Set();
  #out;
  #mostVoices;

  /** @param {BaseAudioContext} context @param {AudioNode} out @param {{ mostVoices?: number }} [limits] */
  constructor(context, out, { mostVoices = MOST_VOICES } = {}) {
    this.#mostVoices = mostVoices;
    this.#out = softener(context);
    this.#out.connect(out);
  }

  /** @param {HeardNote[]} notes */
  sound(notes) {
    for (const note of notes) this.#sound(note);
  }

  /** @param {HeardNote} note */
  #sound({ pitch, velocity, fromS, toS, bends }) {
    if (this.#voices.size >= this.#mostVoices) return;
    const from = Math.max(0, fromS);
    const to = Math.max(toS, from + ATTACK_S);
    const note = { pitch, velocity, from, attackS: ATTACK_S };
    const { tone: voice, loudness } = struck(this.#out.context, this.#out, note);
    loudness.gain.setTargetAtTime(0, to, RELEASE_S / 3);
    for (const [whenS, cents] of bends) voice.detune.setValueAtTime(cents, Math.max(0, whenS));
    voice.stop(to + 2 * RELEASE_S);
    voice.onended = () => {
      this.#voices.delete(voice);
      loudness.disconnect();
    };
    this.#voices.add(voice);
  }

  silence() {
    for (const voice of this.#voices) voice.stop();
    this.#voices.clear();
  }
}
