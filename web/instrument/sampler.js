// A sampled instrument that plays notes by a list of timed events: the same code for what is heard and what is written
// to a file. Each note has a channel of its own, so that the notes of a chord bend apart.
import { SoundBankLoader, SpessaLog, SpessaSynthProcessor } from "../../%INSTRUMENTS%/spessasynth_core.js";
import { EVENT_WIDTH, NOTE_BACK, NOTE_OFF, NOTE_ON } from "../shared/sampler-events.js";

const CHANNELS = 32;
const DRUMS = 9; // of each sixteen
const RANGE_SEMITONES = 24; // of the pitch wheel
const RANGE_CENTS = (12_700 / 128) * RANGE_SEMITONES; // what soundfonts make of that: 127 semitones for a range of 128
const WHEEL_CENTRE = 8192;
const LEAST_FRAMES = 16; // events nearer to each other than this are one moment
const BLOCK_FRAMES = 128;

SpessaLog.setLogLevel(false, false, false);

/** @typedef {{ when: number, kind: number, note: number, a: number, b: number, c: number }} TimedEvent */

export class Sampler {
  #synthesiser;
  #rateHz;
  #isLoaded = false;
  #isFading = false;
  /** Events to come, by time. @type {TimedEvent[]} */
  #events = [];
  /** Channels that no held note has, the one that was left longest ago first. @type {number[]} */
  #free = [];
  /** Which channel and pitch a held note has, oldest first. @type {Map<number, { channel: number, pitch: number }>} */
  #held = new Map();

  /** @param {number} rateHz of what is filled */
  constructor(rateHz) {
    this.#rateHz = rateHz;
    this.#synthesiser = new SpessaSynthProcessor(rateHz, { effectsEnabled: false, eventsEnabled: false });
    this.#synthesiser.onMissingPreset = () => undefined;
  }

  /**
   * Take an instrument in place of the one before.
   * @param {ArrayBuffer} soundfont with one preset, its samples unpacked (SF2)
   */
  load(soundfont) {
    const bank = SoundBankLoader.fromArrayBuffer(soundfont);
    const program = bank.presets[0]?.program ?? 0;
    this.#stop();
    const synthesiser = this.#synthesiser;
    synthesiser.soundBankManager.addSoundBank(bank, "instrument");
    while (synthesiser.midiChannels.length < CHANNELS) synthesiser.createMIDIChannel();
    this.#free = [];
    for (let channel = 0; channel < CHANNELS; channel++) {
      if (channel % 16 === DRUMS) continue;
      synthesiser.midiChannels[channel]?.setDrums(false);
      synthesiser.programChange(channel, program);
      for (const [controller, value] of /** @type {const} */ ([
        [101, 0], // registered parameter 0: the range of the pitch wheel
        [100, 0],
        [6, RANGE_SEMITONES],
        [38, 0],
      ])) {
        synthesiser.controllerChange(channel, controller, value);
      }
      this.#free.push(channel);
    }
    this.#isLoaded = true;
  }

  /** @param {Float64Array} rows of `EVENT_WIDTH` numbers, in the order of time, none before those given before */
  push(rows) {
    for (let row = 0; row + EVENT_WIDTH <= rows.length; row += EVENT_WIDTH) {
      const [when = 0, kind = 0, note = 0, a = 0, b = 0, c = 0] = rows.subarray(row, row + EVENT_WIDTH);
      this.#events.push({ when, kind, note, a, b, c });
    }
    this.#events.sort((first, second) => first.when - second.when); // nearly sorted: quick
  }

  /** Forget what is to come; what sounds is faded out with the next sound that is filled. */
  silence() {
    this.#events = [];
    this.#isFading = this.#synthesiser.voiceCount > 0 || this.#held.size > 0;
  }

  /** True while anything sounds or is to come. */
  get isBusy() {
    return this.#events.length > 0 || this.#synthesiser.voiceCount > 0;
  }

  /**
   * Add sound to the buffers.
   * @param {Float32Array} left
   * @param {Float32Array} right of the same length
   * @param {number} fromS when their first sample sounds
   */
  fill(left, right, fromS) {
    if (!this.#isLoaded) return;
    if (this.#isFading) return this.#fade(left, right);
    if (!this.isBusy) return;
    let frame = 0;
    let taken = 0;
    while (frame < left.length) {
      const nowS = fromS + (frame + LEAST_FRAMES / 2) / this.#rateHz;
      for (; (this.#events[taken]?.when ?? Infinity) <= nowS; taken++) {
        this.#perform(/** @type {TimedEvent} */ (this.#events[taken]));
      }
      const next = this.#events[taken];
      const framesToNext = next ? Math.round((next.when - fromS) * this.#rateHz) - frame : Infinity;
      const count = Math.min(Math.max(framesToNext, LEAST_FRAMES), left.length - frame, BLOCK_FRAMES);
      this.#synthesiser.process(left, right, frame, count);
      frame += count;
    }
    if (taken > 0) this.#events.splice(0, taken);
  }

  /** The last of what sounded. @param {Float32Array} left @param {Float32Array} right */
  #fade(left, right) {
    const count = Math.min(left.length, BLOCK_FRAMES);
    this.#synthesiser.process(left, right, 0, count);
    for (const side of [left, right]) {
      for (let i = 0; i < count; i++) side[i] = /** @type {number} */ (side[i]) * (1 - (i + 1) / count);
    }
    this.#stop();
  }

  #stop() {
    for (const note of [...this.#held.keys()]) this.#release(note);
    this.#synthesiser.stopAllChannels(true);
    this.#isFading = false;
  }

  /** @param {TimedEvent} event */
  #perform({ kind, note, a, b, c }) {
    if (kind === NOTE_ON) this.#start(note, a, b, c);
    else if (kind === NOTE_OFF) this.#release(note);
    else if (kind === NOTE_BACK) this.#cut(note);
    else {
      const held = this.#held.get(note);
      if (held) this.#bend(held.channel, a);
    }
  }

  /** @param {number} note @param {number} pitch @param {number} velocity @param {number} cents */
  #start(note, pitch, velocity, cents) {
    if (this.#free.length === 0) this.#release(/** @type {number} */ (this.#held.keys().next().value)); // the oldest
    const channel = /** @type {number} */ (this.#free.shift());
    this.#held.set(note, { channel, pitch });
    this.#bend(channel, cents);
    this.#synthesiser.noteOn(channel, pitch, velocity);
  }

  /** @param {number} note */
  #release(note) {
    const held = this.#held.get(note);
    if (!held) return;
    this.#held.delete(note);
    this.#free.push(held.channel);
    this.#synthesiser.noteOff(held.channel, held.pitch);
  }

  /** As soon as can be without a click: 16 ms. @param {number} note */
  #cut(note) {
    this.#synthesiser.setSystemParameter("blackMIDIMode", true); // what is switched off in it has no release
    this.#release(note);
    this.#synthesiser.setSystemParameter("blackMIDIMode", false);
  }

  /** @param {number} channel @param {number} cents */
  #bend(channel, cents) {
    const whole = cents + 0.5 * Math.sign(cents); // the synthesiser drops fractions of cents
    const wheel = Math.round(WHEEL_CENTRE + (whole / RANGE_CENTS) * WHEEL_CENTRE);
    this.#synthesiser.pitchWheel(channel, Math.min(Math.max(wheel, 0), 2 * WHEEL_CENTRE - 1));
  }
}
