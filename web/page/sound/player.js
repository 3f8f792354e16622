// Plays the recording and its notes together, at any speed, in a loop where one is set. The audio clock is the only clock:
// the playhead asks it.
import { at, firstFrom } from "../../shared/note-columns.js";
import { Band } from "./band.js";
import { heardNote } from "./heard-note.js";
import { PieceClock } from "./piece-clock.js";
import { Source } from "./source.js";

/** @typedef {import("../../shared/note-columns.js").NoteColumns} NoteColumns */
/** @typedef {{ fromS: number, toS: number }} Loop */

const AHEAD_S = 0.35; // notes are handed to the audio thread this long before they sound
const WRAP_AHEAD_S = 0.6; // a loop's next turn is made ready this long before
const WRAP_REST_S = 0.1; // and not before the last turn is over
const EVERY_MS = 100;
const START_S = 0.05;
const LOOKS = 4; // at the recording's clock, which trembles, before it is believed
const DRIFT_S = 0.008; // the notes follow when the recording is farther off than this
const TAIL_S = 0.3;
const AUDITION_S = 0.45;
const WAKE_MS = 2000;
const SLEEP_MS = 5000; // silent for this long, the audio thread is let go

export class Player {
  /** @type {AudioContext | null} */
  #context = null;
  /** @type {Band | null} */
  #band = null;
  #source = new Source();
  #clock = new PieceClock();
  #mix = 0.5;
  #speed = 1;
  #program = 0;
  /** @type {Loop | null} */
  #loop = null;
  #timer = 0;
  #sleepTimer = 0;
  #turn = 0;
  #next = 0;
  #sentS = 0;
  #notesEndS = 0;
  /** By how much the notes were ahead of the recording, lately. @type {number[]} */
  #aheadS = [];
  #isWrapping = false;
  #wrappedAtS = 0;

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

  /** The notes are others now: go on with them from where the old ones have been handed over. */
  refresh() {
    const notes = this.notes();
    this.#notesEndS = notes.offsetS.reduce((a, b) => Math.max(a, b), 0);
    this.#next = firstFrom(notes.onsetS, this.#sentS);
  }

  /** 0: the recording alone; 1: the notes alone; both are full in the middle. @param {number} value */
  set mix(value) {
    this.#mix = value;
    const { notes, source } = this.loudness;
    this.#source.loudness = source;
    if (this.#band) this.#band.loudness = notes;
  }

  /** How loud the notes and the recording are, 0-1. */
  get loudness() {
    return { notes: Math.min(1, 2 * this.#mix), source: Math.min(1, 2 - 2 * this.#mix) };
  }

  /** 1 as recorded; the pitch stays. @param {number} value */
  set speed(value) {
    if (value === this.#speed) return;
    const { timeS } = this;
    this.#speed = value;
    this.#source.rate = value;
    if (this.#context && this.isPlaying) this.#moveTo(this.#context.currentTime, timeS);
  }

  /** The General MIDI program that plays the notes. @param {number} value */
  set program(value) {
    this.#program = value;
    if (this.#band) this.#band.program = value;
  }

  /** The program whose samples are heard; null while it is the plain tone. */
  get sampledProgram() {
    return this.#band?.sampledProgram ?? null;
  }

  /** The part that is played again and again; null for none. @param {Loop | null} loop */
  set loop(loop) {
    const { timeS, isPlaying } = this;
    this.#loop = loop;
    this.#isWrapping = false;
    if (!isPlaying) return;
    if (loop && timeS >= loop.toS) this.play(loop.fromS);
    else this.play(timeS); // notes beyond the end of the loop have been handed over perhaps
  }

  get isPlaying() {
    return this.#timer !== 0;
  }

  /** Seconds into the recording. */
  get timeS() {
    return this.#clock.timeAt(this.#context?.currentTime ?? 0);
  }

  /** Where the recording itself is, in seconds; null while it is not heard. */
  get sourceS() {
    return this.#source.timeS;
  }

  /** @param {number} timeS */
  async play(timeS) {
    this.stop();
    const loop = this.#loop;
    const fromS = loop && (timeS < loop.fromS || timeS >= loop.toS - 0.01) ? loop.fromS : timeS;
    const turn = ++this.#turn;
    const context = await this.#wake();
    if (turn !== this.#turn) return; // stopped or moved meanwhile
    if (context.state !== "running") return this.tell(fromS, false);
    const began = await this.#source.play(context, fromS);
    if (turn !== this.#turn) return;
    this.refresh();
    this.#moveTo(began ?? context.currentTime + START_S, fromS);
    this.#timer = setInterval(() => this.#beat(), EVERY_MS);
    this.#beat();
    this.#follow();
  }

  /** Silence at once. */
  stop() {
    this.#turn += 1;
    this.#source.pause();
    if (!this.#timer) return;
    clearInterval(this.#timer);
    this.#timer = 0;
    this.#band?.silence();
    this.#sleepLater();
  }

  /**
   * Let one note be heard, as when a hand touches it.
   * @param {number} pitch MIDI pitch
   * @param {number} [velocity] 1-127
   */
  async audition(pitch, velocity = 90) {
    const context = await this.#wake();
    if (!this.#band || context.state !== "running") return;
    if (!this.isPlaying) this.#band.loudness = 1; // whatever the mix: it was asked for
    const fromS = context.currentTime + 0.01;
    this.#band.sound([{ pitch, velocity, fromS, toS: fromS + AUDITION_S, bends: [] }]);
    if (!this.isPlaying) this.#sleepLater();
  }

  /** The context, running unless the browser will not let it. */
  async #wake() {
    clearTimeout(this.#sleepTimer);
    if (!this.#context) {
      const context = new AudioContext();
      context.addEventListener("statechange", () => this.#hearState(context));
      this.#context = context;
      this.#band = new Band(context);
    }
    if (this.#band) this.#band.program = this.#program;
    await Promise.race([this.#context.resume(), new Promise((resolve) => setTimeout(resolve, WAKE_MS))]);
    this.mix = this.#mix;
    return this.#context;
  }

  #sleepLater() {
    clearTimeout(this.#sleepTimer);
    this.#sleepTimer = setTimeout(() => this.isPlaying || this.#context?.suspend(), SLEEP_MS);
  }

  /** A call came in, or the sound device went away: pause where it happened. @param {AudioContext} context */
  #hearState(context) {
    if (context.state === "running" || !this.isPlaying) return;
    const { timeS } = this;
    this.stop();
    this.tell(timeS, false);
  }

  /** The piece is at `timeS` at `atS` of the audio clock. @param {number} atS @param {number} timeS */
  #moveTo(atS, timeS) {
    this.#clock.start(atS, timeS, this.#speed);
    this.#band?.silence();
    this.#next = firstFrom(this.notes().onsetS, timeS);
    this.#sentS = timeS;
    this.#aheadS = [];
    this.#isWrapping = false;
    this.#wrappedAtS = 0;
  }

  #follow() {
    if (!this.#timer) return;
    this.tell(this.timeS, true);
    requestAnimationFrame(() => this.#follow());
  }

  #beat() {
    const context = this.#context;
    if (!context || !this.isPlaying) return;
    const nowS = context.currentTime;
    this.#keepStep(nowS);
    const loop = this.#loop;
    if (!loop && this.timeS > Math.max(this.#notesEndS, this.#source.durationS) + TAIL_S) {
      this.stop();
      this.tell(0, false);
      return;
    }
    this.#handOver(nowS + AHEAD_S);
    const mayWrap = !this.#isWrapping && nowS > this.#wrappedAtS + WRAP_REST_S;
    if (loop && mayWrap && this.#clock.whenIs(loop.toS) < nowS + WRAP_AHEAD_S) this.#wrap(context, loop);
  }

  /** Hand over the notes that begin before `untilS` of the audio clock. @param {number} untilS */
  #handOver(untilS) {
    const notes = this.notes();
    const endS = this.#loop?.toS ?? Infinity;
    const clock = this.#clock;
    /** @param {number} timeS */
    const when = (timeS) => clock.whenIs(Math.min(timeS, endS));
    const ready = [];
    for (; this.#next < notes.onsetS.length; this.#next++) {
      const onsetS = at(notes.onsetS, this.#next);
      if (onsetS >= endS || clock.whenIs(onsetS) >= untilS) break;
      ready.push(heardNote(notes, this.#next, when));
      this.#sentS = onsetS + 1e-6;
    }
    this.#band?.sound(ready);
  }

  /** The recording's own clock leads: it may have waited for the disk, or have been slow to change its speed. @param {number} nowS */
  #keepStep(nowS) {
    const { sourceS, timeS } = this;
    if (sourceS === null || this.#isWrapping || nowS < this.#wrappedAtS + WRAP_REST_S) {
      this.#aheadS = [];
      return;
    }
    this.#aheadS.push((timeS - sourceS) / this.#speed);
    if (this.#aheadS.length < LOOKS) return;
    const aheadS = this.#aheadS.reduce((sum, each) => sum + each, 0) / LOOKS;
    this.#aheadS = [];
    if (Math.abs(aheadS) > DRIFT_S) this.#clock.start(nowS, timeS - aheadS * this.#speed, this.#speed);
  }

  /** Begin the loop again when its end is reached. @param {AudioContext} context @param {Loop} loop */
  async #wrap(context, loop) {
    this.#isWrapping = true;
    const [turn, endAtS] = [this.#turn, this.#clock.whenIs(loop.toS)];
    const began = await this.#source.prepare(context, loop.fromS, endAtS);
    if (turn !== this.#turn || loop !== this.#loop || !this.#isWrapping) return;
    const atS = Math.max(began ?? endAtS, context.currentTime + 0.005);
    const timeS = loop.fromS + (atS - (began ?? atS)) * this.#speed;
    if (began !== null) this.#source.cross(context, atS);
    this.#clock.jump(atS, timeS);
    this.#wrappedAtS = atS;
    this.#next = firstFrom(this.notes().onsetS, loop.fromS);
    this.#sentS = loop.fromS;
    this.#isWrapping = false;
    this.#beat();
  }
}
