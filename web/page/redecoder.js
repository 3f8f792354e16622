// Notes once more from planes that are there already: under other settings, at once. Knows what the notes on the page were
// decoded with, and sees to it that the engine holds the planes of what is shown whenever it is free.

import { joinNotes, noNotes } from "../shared/note-columns.js";
import { errorWords, noPlanes } from "./failures.js";
import { beside, placed } from "./part.js";
import { noteCount } from "./words.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./store.js").State} State */
/** @typedef {import("./transcriber.js").Transcriber} Transcriber */
/** @typedef {import("../shared/messages.js").Options} Options */

export class Redecoder {
  /** Options that change the notes; known once the table of options is there. @type {string[]} */
  optionNames = [];
  /** Where planes come from that the engine does not hold. @type {(id: string) => Promise<Uint8Array | null>} */
  planesOf = async () => null;
  /** Told when the notes on the page cannot be decoded again, and why. @type {(why: string) => void} */
  cannot = () => {};
  /** Giving planes back, or decoding again: the engine takes no other recording meanwhile. @type {Promise<unknown> | null} */
  #busy = null;
  /** What the notes on the page were decoded with; null where settings do not act on them. @type {Options | null} */
  #decodedWith = null;
  /** Notes on the page beside the part that the engine heard last. */
  #outside = noNotes();
  /** Settled by the answer to what was asked last. @type {(() => void) | null} */
  #answered = null;
  #startedMs = 0;
  /** Options of the first stage only: a new tempo needs no new notes. @param {Options} options */
  #keyOf = (options) => JSON.stringify(this.optionNames.map((name) => options[name]));

  /**
   * @param {Store} store
   * @param {Transcriber} transcriber
   * @param {{ isRunning(): boolean, timings: Record<string, number> }} run whether a recording is on its way through the
   *   engine; and where it is told how long decoding took, in ms
   */
  constructor(store, transcriber, run) {
    this.store = store;
    this.transcriber = transcriber;
    this.run = run;
  }

  /** Resolves when the engine may be free; null where it is. */
  get busy() {
    return this.#busy;
  }

  /** Whether the next notes of the engine are an answer to `decode`. */
  get isAsked() {
    return this.#answered !== null;
  }

  /** The engine has what the page shows. */
  get isAtHand() {
    return this.store.state.engineId === this.store.state.projectId;
  }

  /** The page shows the notes of a run. @param {Options} options that they are decoded with @param {State["heard"]} outside the notes beside them */
  shows(options, outside) {
    this.#decodedWith = options;
    this.#outside = outside;
  }

  /** The page shows notes that were decoded with these options in an earlier run. @param {Options} options */
  showsKept(options) {
    this.shows(options, beside(this.store.state.heard, this.store.state.part));
    this.takeOver();
  }

  /** Settings act on nothing. */
  forget() {
    this.#decodedWith = null;
  }

  /** Notes again under the options in the store; asked for at once, and once more if they changed meanwhile. */
  decode() {
    const { options, stage } = this.store.state;
    if (this.#busy || this.run.isRunning() || (stage !== "done" && stage !== "failed")) return;
    if (!this.#decodedWith || this.#keyOf(options) === this.#keyOf(this.#decodedWith)) return;
    if (!this.isAtHand) return void this.takeOver();
    this.#startedMs = performance.now();
    this.#decodedWith = options;
    const { promise, resolve } = Promise.withResolvers();
    this.#answered = () => resolve(undefined);
    this.occupy(promise);
    this.transcriber.redecode(options);
  }

  /** @param {State["heard"]} found @param {number} workerMs @param {number | null} tuningCents */
  take(found, workerMs, tuningCents) {
    const heard = joinNotes(this.#outside, placed(found, this.store.state.part));
    const nowMs = performance.now();
    const redecodeMs = nowMs - this.#startedMs;
    Object.assign(this.run.timings, { redecodeMs, redecodeWorkerMs: workerMs, redecodedMs: nowMs });
    if (this.isAtHand) this.store.set({ heard, status: noteCount(heard.onsetS.length), tuningCents });
    this.end();
  }

  /** The engine has answered, or cannot. */
  end() {
    this.#answered?.();
    this.#answered = null;
  }

  /** Nothing else begins on the engine till then. @param {Promise<unknown>} work */
  occupy(work) {
    const busy = work.finally(() => {
      if (this.#busy === busy) this.#busy = null;
      this.decode(); // the page may show something else by now, or the same under other settings
      this.takeOver();
    });
    this.#busy = busy;
  }

  /** Give the engine the planes of what is on the page, if it is free, so that settings act on it. */
  takeOver() {
    const { projectId } = this.store.state;
    if (this.#busy || this.run.isRunning() || !this.#decodedWith || !projectId || this.isAtHand) return;
    this.occupy(this.#takeOver(projectId, this.#decodedWith));
  }

  /** @param {string} projectId @param {Options} options */
  async #takeOver(projectId, options) {
    try {
      await this.hold(projectId, options);
    } catch (error) {
      if (this.store.state.projectId !== projectId) return;
      this.forget();
      this.cannot(errorWords(error));
    }
  }

  /** Let the engine hold the planes of a project; rejects where they cannot be had. @param {string} projectId @param {Options} options */
  async hold(projectId, options) {
    if (this.store.state.engineId === projectId) return;
    const packed = await this.planesOf(projectId);
    if (!packed) throw new Error(noPlanes());
    await this.transcriber.restore(packed, options);
    this.store.set({ engineId: projectId });
  }
}
