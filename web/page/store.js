// The page's state: plain data, one writer function, listeners told after every change.
import { noNotes } from "../shared/note-columns.js";

/** @typedef {import("../shared/note-columns.js").NoteColumns} NoteColumns */
/** @typedef {import("../shared/messages.js").Options} Options */
/** @typedef {"booting" | "ready" | "running" | "done" | "failed"} Stage */

/**
 * @typedef {object} State
 * @property {Stage} stage
 * @property {string} status one line: what is going on
 * @property {string | null} alarm what went wrong, what is kept, what to do
 * @property {string} fileName "" while there is none
 * @property {File | null} file the recording itself, to be heard; null while there is none
 * @property {string} fileFacts format, rate, channels in words
 * @property {number | null} tuningCents how far the recording lies off A = 440 Hz; null while that is not known
 * @property {number} durationS of the recording; 0 while unknown
 * @property {number} doneS transcribed so far
 * @property {NoteColumns} notes
 * @property {Options} options
 * @property {boolean} isWaiting a file has been chosen and waits for the engine
 * @property {boolean} isSaving
 * @property {boolean} isRecording
 * @property {number} playheadS
 * @property {boolean} isPlaying
 */

/** @returns {State} */
function startingState() {
  return {
    stage: "booting",
    status: "Starting",
    alarm: null,
    fileName: "",
    file: null,
    fileFacts: "",
    tuningCents: null,
    durationS: 0,
    doneS: 0,
    notes: noNotes(),
    options: {},
    isWaiting: false,
    isSaving: false,
    isRecording: false,
    playheadS: 0,
    isPlaying: false,
  };
}

export class Store {
  state = startingState();
  /** @type {((state: State, changed: ReadonlySet<keyof State>) => void)[]} */
  #listeners = [];

  /** @param {(state: State, changed: ReadonlySet<keyof State>) => void} listener */
  listen(listener) {
    this.#listeners.push(listener);
    listener(this.state, new Set(/** @type {(keyof State)[]} */ (Object.keys(this.state))));
  }

  /** @param {Partial<State>} change */
  set(change) {
    const changed = new Set(/** @type {(keyof State)[]} */ (Object.keys(change)));
    this.state = { ...this.state, ...change };
    for (const listener of this.#listeners) listener(this.state, changed);
  }
}
