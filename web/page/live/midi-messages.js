// Live events as MIDI bytes: one channel, or MPE with a channel a note so that each can bend. What was switched on is
// remembered, so that it can always be switched off.
import { BACK, BEND, eachEvent, OFF, ON } from "../../shared/live-events.js";

/** @typedef {"single" | "mpe"} MidiMode */
/** @typedef {{ channel: number, pitch: number, cents: number }} Sounding */

const MANAGER = 0; // channels are counted from 0, as in the bytes
const MEMBERS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
const DRUMS = 9; // General MIDI's drum channel
const SINGLE_RANGE = 2; // semitones: what General MIDI assumes
const MPE_RANGE = 48; // semitones: the default of MPE for member channels
const [NOTE_OFF, NOTE_ON, CONTROL, WHEEL] = [0x80, 0x90, 0xb0, 0xe0];
const [ALL_SOUND_OFF, RESET_CONTROLLERS, ALL_NOTES_OFF] = [120, 121, 123];

export class MidiMessages {
  /** @type {Map<number, Sounding>} */
  #sounding = new Map();
  /** Member channels, the one that has rested longest first. */
  #resting = [...MEMBERS];

  /** @param {MidiMode} mode */
  constructor(mode) {
    this.mode = mode;
    this.range = mode === "mpe" ? MPE_RANGE : SINGLE_RANGE;
  }

  get channels() {
    return this.mode === "mpe" ? [MANAGER, ...MEMBERS] : [MANAGER];
  }

  /** Bend ranges and centred wheels, to be sent before the first note. @returns {number[][]} */
  setUp() {
    /** @param {number} channel @param {number} number @param {number} value */
    const parameter = (channel, number, value) =>
      [
        [101, 0],
        [100, number],
        [6, value],
        [38, 0],
        [101, 127],
        [100, 127],
      ].map((pair) => [CONTROL | channel, ...pair]);
    const zone = this.mode === "mpe" ? parameter(MANAGER, 6, MEMBERS.length) : [];
    const ranges = this.channels.flatMap((channel) => {
      const range = this.mode === "mpe" && channel !== MANAGER ? MPE_RANGE : SINGLE_RANGE;
      return [...parameter(channel, 0, range), wheel(channel, 0, range)];
    });
    return [...zone, ...ranges];
  }

  /** @param {import("../../shared/live-events.js").LiveEvents} events @param {boolean} [mayStart] else notes only end @returns {number[][]} */
  take(events, mayStart = true) {
    /** @type {number[][]} */
    const out = [];
    for (const { kind, note, pitch, velocity, cents } of eachEvent(events)) {
      if (kind === ON) out.push(...(mayStart ? this.#on(note, pitch, velocity) : []));
      else if (kind === OFF || kind === BACK) out.push(...this.#off(note));
      else if (kind === BEND) out.push(...this.#bend(note, cents));
    }
    return out;
  }

  /** Off messages for all that sounds. @returns {number[][]} */
  allOff() {
    return [...this.#sounding.keys()].flatMap((note) => this.#off(note));
  }

  /** Everything a receiver may need to fall silent, whatever it has missed. @returns {number[][]} */
  panic() {
    const silent = this.channels.flatMap((channel) => [
      ...[ALL_NOTES_OFF, ALL_SOUND_OFF, RESET_CONTROLLERS].map((control) => [CONTROL | channel, control, 0]),
      wheel(channel, 0, this.range),
    ]);
    return [...this.allOff(), ...silent];
  }

  /** @param {number} note @param {number} pitch @param {number} velocity */
  #on(note, pitch, velocity) {
    const out = this.#off(note);
    for (const [other, { pitch: same }] of this.#sounding) {
      if (this.mode === "single" && same === pitch) out.push(...this.#off(other)); // one key cannot be struck twice
    }
    if (this.mode === "single") {
      if (this.#sounding.size > 0) out.push(wheel(MANAGER, 0, this.range)); // the wheel moves all: centred in chords
      this.#sounding.set(note, { channel: MANAGER, pitch, cents: 0 });
      return [...out, [NOTE_ON | MANAGER, pitch, velocity]];
    }
    const channel = this.#rested() ?? this.#takeChannel(out);
    this.#sounding.set(note, { channel, pitch, cents: 0 });
    return [...out, wheel(channel, 0, this.range), [NOTE_ON | channel, pitch, velocity]];
  }

  /** All fifteen sound: the oldest gives up its channel. @param {number[][]} out */
  #takeChannel(out) {
    const [oldest] = this.#sounding.keys();
    if (oldest !== undefined) out.push(...this.#off(oldest));
    return this.#rested() ?? MANAGER;
  }

  /** The channel that has rested longest, the drums' only where no other rests. */
  #rested() {
    const first = this.#resting.findIndex((channel) => channel !== DRUMS);
    return this.#resting.splice(Math.max(0, first), 1)[0];
  }

  /** @param {number} note @returns {number[][]} */
  #off(note) {
    const known = this.#sounding.get(note);
    if (!known) return [];
    this.#sounding.delete(note);
    const out = [[NOTE_OFF | known.channel, known.pitch, 0]];
    if (this.mode === "mpe") this.#resting.push(known.channel);
    else out.push(...this.#unbent(known));
    return out;
  }

  /** One channel's wheel after a note has ended: that of the note that is left, which nobody tells again. @param {Sounding} ended */
  #unbent({ cents }) {
    const [left, another] = this.#sounding.values();
    if (another) return []; // centred for the chord
    if (left) return left.cents === 0 ? [] : [wheel(MANAGER, left.cents, this.range)];
    return cents === 0 ? [] : [wheel(MANAGER, 0, this.range)];
  }

  /** @param {number} note @param {number} cents @returns {number[][]} */
  #bend(note, cents) {
    const known = this.#sounding.get(note);
    if (!known) return [];
    known.cents = cents;
    if (this.mode === "single" && this.#sounding.size > 1) return [];
    return [wheel(known.channel, cents, this.range)];
  }
}

/** @param {number} channel @param {number} cents @param {number} range semitones */
function wheel(channel, cents, range) {
  const value = Math.max(0, Math.min(16383, 8192 + Math.round((cents / 100 / range) * 8192)));
  return [WHEEL | channel, value & 127, value >> 7];
}
