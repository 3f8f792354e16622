// Plays the recording and its notes together, bends included, the notes with a plain synthesised tone. The audio clock is
// the only clock: the playhead asks it.
import { at, firstFrom } from "../../shared/note-columns.js";
import { Source } from "./source.js";

/** @typedef {import("../../shared/note-columns.js").NoteColumns} NoteColumns */

const AHEAD_S = 0.35; // notes are handed to the audio thread this long before they sound
const EVERY_MS = 120;
const ATTACK_S = 0.008;
const RELEASE_S = 0.06;
const AUDITION_S = 0.18;
const LOUDEST = 0.16; // of one note: several sound together
const MOST_VOICES = 48;

export class Player {
  /** @type {AudioContext | null} */
  #context = null;
  /** @type {GainNode | null} */
  #out = null;
  #source = new Source();
  #loudness = 1;
  /** @type {Set<OscillatorNode>} */
  #voices = new Set();
  #timer = 0;
  #turn = 0;
  #startS = 0;
  #startedAt = 0;
  #next = 0;

  /**
   * @param {() => NoteColumns} notes
   * @param {(timeS: number, isPlaying: boolean) => void} tell
   */
  constructor(notes, tell) {
    this.notes = notes;
    this.tell = tell;
  }

  /**
   * The recording to be heard beside the notes; null takes it away.
   * @param {File | null} file
   */
  open(file) {
    this.stop();
    this.#source.open(file);
  }

  /** 0: the recording alone; 1: the notes alone; both are full in the middle. @param {number} value */
  set mix(value) {
    this.#loudness = Math.min(1, 2 * value);
    this.#source.loudness = Math.min(1, 2 - 2 * value);
    this.#out?.gain.setTargetAtTime(this.#loudness, this.#out.context.currentTime, 0.015);
  }

  /** How loud the notes and the recording are, 0-1. */
  get loudness() {
    return { notes: this.#loudness, source: this.#source.loudness };
  }

  get isPlaying() {
    return this.#timer !== 0;
  }

  /** Seconds into the recording. */
  get timeS() {
    return this.#context ? this.#startS + Math.max(0, this.#context.currentTime - this.#startedAt) : this.#startS;
  }

  /** Where the recording itself is, in seconds; null while it is not heard. */
  get sourceS() {
    return this.#source.timeS;
  }

  /** @param {number} fromS */
  async play(fromS) {
    this.stop();
    const turn = ++this.#turn;
    this.#context ??= new AudioContext();
    this.#out ??= this.#makeOut(this.#context);
    await this.#context.resume();
    if (turn !== this.#turn) return; // stopped or moved meanwhile
    const started = await this.#source.play(this.#context, fromS);
    if (turn !== this.#turn) return;
    this.#startS = fromS;
    this.#startedAt = started ?? this.#context.currentTime + 0.05;
    this.#next = firstFrom(this.notes().onsetS, fromS);
    this.#timer = setInterval(() => this.#schedule(), EVERY_MS);
    this.#schedule();
    this.#follow();
  }

  /** Silence at once. */
  stop() {
    this.#turn += 1;
    this.#source.pause();
    if (!this.#timer) return;
    clearInterval(this.#timer);
    this.#timer = 0;
    for (const voice of this.#voices) voice.stop();
    this.#voices.clear();
  }

  /**
   * One note at once, as long as a key is tapped.
   * @param {number} pitch
   * @param {number} velocity 1-127
   */
  async audition(pitch, velocity) {
    this.#context ??= new AudioContext();
    this.#out ??= this.#makeOut(this.#context);
    await this.#context.resume();
    const from = this.#context.currentTime;
    const voice = new OscillatorNode(this.#context, { type: "triangle", frequency: 440 * 2 ** ((pitch - 69) / 12) });
    const loudness = new GainNode(this.#context, { gain: 0 });
    loudness.gain.setTargetAtTime(LOUDEST * (velocity / 127) ** 1.5, from, ATTACK_S / 2);
    loudness.gain.setTargetAtTime(0, from + AUDITION_S, RELEASE_S);
    voice.connect(loudness).connect(this.#out);
    voice.start(from);
    voice.stop(from + AUDITION_S + 6 * RELEASE_S);
  }

  /** @param {AudioContext} context */
  #makeOut(context) {
    const soften = new BiquadFilterNode(context, { type: "lowpass", frequency: 3200, Q: 0.3 });
    const limit = new DynamicsCompressorNode(context, { threshold: -14, ratio: 8 });
    const out = new GainNode(context, { gain: this.#loudness });
    out.connect(soften).connect(limit).connect(context.destination);
    return out;
  }

  #follow() {
    if (!this.#timer) return;
    const notesEndS = this.notes().offsetS.reduce((a, b) => Math.max(a, b), 0);
    const endS = Math.max(notesEndS, this.#source.durationS);
    const isOver = this.timeS > endS + 0.3;
    if (isOver) this.stop();
    this.tell(isOver ? 0 : this.timeS, !isOver);
    if (!isOver) requestAnimationFrame(() => this.#follow());
  }

  #schedule() {
    const notes = this.notes();
    const untilS = this.timeS + AHEAD_S;
    for (; this.#next < notes.onsetS.length && at(notes.onsetS, this.#next) < untilS; this.#next++) {
      if (this.#voices.size < MOST_VOICES) this.#sound(notes, this.#next);
    }
  }

  /** @param {NoteColumns} notes @param {number} i */
  #sound(notes, i) {
    if (!this.#context || !this.#out) return;
    /** @param {number} timeS */
    const when = (timeS) => Math.max(0, this.#startedAt + timeS - this.#startS);
    const [from, to] = [when(at(notes.onsetS, i)), when(at(notes.offsetS, i))];
    const hz = 440 * 2 ** ((at(notes.pitch, i) - 69) / 12);
    const voice = new OscillatorNode(this.#context, { type: "triangle", frequency: hz });
    const loudness = new GainNode(this.#context, { gain: 0 });
    const peak = LOUDEST * (at(notes.velocity, i) / 127) ** 1.5;
    loudness.gain.setValueAtTime(0, from);
    loudness.gain.linearRampToValueAtTime(peak, from + ATTACK_S);
    loudness.gain.setTargetAtTime(peak * 0.55, from + ATTACK_S, 0.25);
    loudness.gain.setTargetAtTime(0, Math.max(to, from + ATTACK_S), RELEASE_S / 3);
    for (let row = at(notes.bendStart, i); row < at(notes.bendStart, i + 1); row++) {
      voice.detune.setValueAtTime(at(notes.bendCents, row), when(at(notes.bendS, row)));
    }
    voice.connect(loudness).connect(this.#out);
    voice.start(from);
    voice.stop(Math.max(to, from + ATTACK_S) + 2 * RELEASE_S);
    voice.onended = () => this.#voices.delete(voice);
    this.#voices.add(voice);
  }
}
