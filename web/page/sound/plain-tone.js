// The instrument that is always there: a plain synthesised tone.

/** @typedef {import("./heard-note.js").HeardNote} HeardNote */

const ATTACK_S = 0.008;
const RELEASE_S = 0.06;
const LOUDEST = 0.16; // of one note: several sound together
const MOST_VOICES = 48;

export class PlainTone {
  /** @type {Set<OscillatorNode>} */
  #voices = new Set();
  #out;
  #mostVoices;

  /** @param {BaseAudioContext} context @param {AudioNode} out @param {{ mostVoices?: number }} [limits] */
  constructor(context, out, { mostVoices = MOST_VOICES } = {}) {
    this.#mostVoices = mostVoices;
    this.#out = new BiquadFilterNode(context, { type: "lowpass", frequency: 3200, Q: 0.3 });
    this.#out.connect(out);
  }

  /** @param {HeardNote[]} notes */
  sound(notes) {
    for (const note of notes) this.#sound(note);
  }

  /** @param {HeardNote} note */
  #sound({ pitch, velocity, fromS, toS, bends }) {
    if (this.#voices.size >= this.#mostVoices) return;
    const { context } = this.#out;
    const from = Math.max(0, fromS);
    const to = Math.max(toS, from + ATTACK_S);
    const voice = new OscillatorNode(context, { type: "triangle", frequency: 440 * 2 ** ((pitch - 69) / 12) });
    const loudness = new GainNode(context, { gain: 0 });
    const peak = LOUDEST * (velocity / 127) ** 1.5;
    loudness.gain.setValueAtTime(0, from);
    loudness.gain.linearRampToValueAtTime(peak, from + ATTACK_S);
    loudness.gain.setTargetAtTime(peak * 0.55, from + ATTACK_S, 0.25);
    loudness.gain.setTargetAtTime(0, to, RELEASE_S / 3);
    for (const [whenS, cents] of bends) voice.detune.setValueAtTime(cents, Math.max(0, whenS));
    voice.connect(loudness).connect(this.#out);
    voice.start(from);
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
