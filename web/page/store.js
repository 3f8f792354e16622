// The page's state: plain data, one writer function, listeners told after every change.
import { noNotes } from "../shared/note-columns.js";
import { applyEdits, NO_EDITS } from "./edit/edits.js";
import { NO_HISTORY } from "./edit/history.js";

/** @typedef {import("../shared/note-columns.js").NoteColumns} NoteColumns */
/** @typedef {import("../shared/messages.js").Options} Options */
/** @typedef {"booting" | "ready" | "running" | "done" | "failed"} Stage */

/** @typedef {{ fromS: number, toS: number }} TimeRange */

/**
 * @typedef {object} State
 * @property {Stage} stage
 * @property {string} status one line: what is going on
 * @property {string | null} alarm what went wrong, what is kept, what to do
 * @property {string} projectId of what is on the page; "" while there is nothing
 * @property {string} engineId the project whose planes the engine holds; "" for none
 * @property {string} fileName "" while there is none
 * @property {File | null} file the recording itself, to be heard; null while there is none
 * @property {string} fileFacts format, rate, channels in words
 * @property {number | null} tuningCents how far the recording lies off A = 440 Hz; null while that is not known
 * @property {number} durationS of the recording; 0 while unknown
 * @property {number} doneS transcribed so far
 * @property {NoteColumns} heard what the engine hears under the present options
 * @property {import("./edit/edits.js").Edits} edits what a person changed in it
 * @property {import("./edit/edits.js").Shown} plain the heard notes with the edits applied
 * @property {import("./arranger.js").Arranged | null} arranged the plain notes put in time and in tune, where they are
 * @property {boolean} isArranging other arranged notes are about to come: a picture of the old ones may stand till then
 * @property {import("../shared/messages.js").Analysis | null} analysis what the notes say of tempo and key
 * @property {import("./arrangement.js").Arrangement | null} arrangement the engine's last word on that, and what notes it was about
 * @property {NoteColumns} notes what is shown, played and saved: the arranged notes, else the plain ones
 * @property {Int32Array} noteKeys which note each row of `notes` is (edits.js)
 * @property {Options} options
 * @property {ReadonlySet<number>} selection keys of the chosen notes
 * @property {boolean} isDrawing a press on an empty place draws a note
 * @property {import("./edit/history.js").History} history what undo and redo take back and do again
 * @property {string | null} undoLabel what undo would take back; null where there is nothing
 * @property {string | null} redoLabel
 * @property {import("./see/underlays.js").Underlay} underlay what is drawn under the notes
 * @property {readonly import("./see/underlays.js").Underlay[]} lacking underlays that this recording has nothing for
 * @property {import("./see/wave-peaks.js").WavePeaks | null} peaks the waveform, as far as it has been read
 * @property {boolean} showsGhosts
 * @property {NoteColumns} ghosts candidates below the threshold; empty while they are not shown
 * @property {(TimeRange & { fedFromS: number }) | null} part what the engine's planes are of, where there
 *   are notes beside it that they are not of, and where their first frame lies; while a part is heard, that part
 * @property {{ framesPerS: number, lowestPitch: number } | null} frameGrid of the model; null until the engine is ready
 * @property {boolean} isWaiting a file has been chosen and waits for the engine
 * @property {boolean} savesChosen files hold the chosen notes alone
 * @property {boolean} isSaving
 * @property {boolean} isRecording
 * @property {number} playheadS
 * @property {boolean} isPlaying
 * @property {number} mix what is heard: 0 the recording alone, 1 the notes alone, 0.5 both
 * @property {number} speed 1 as recorded
 * @property {{ fromS: number, toS: number } | null} loop the region that is marked on the ruler
 * @property {boolean} isLooping the region is played again and again
 */

/** @returns {State} */
function startingState() {
  return {
    stage: "booting",
    status: "",
    alarm: null,
    projectId: "",
    engineId: "",
    fileName: "",
    file: null,
    fileFacts: "",
    tuningCents: null,
    durationS: 0,
    doneS: 0,
    heard: noNotes(),
    edits: NO_EDITS,
    plain: { notes: noNotes(), keys: new Int32Array(0) },
    arranged: null,
    isArranging: false,
    analysis: null,
    arrangement: null,
    notes: noNotes(),
    noteKeys: new Int32Array(0),
    options: {},
    selection: new Set(),
    isDrawing: false,
    history: NO_HISTORY,
    undoLabel: null,
    redoLabel: null,
    underlay: "none",
    lacking: [],
    peaks: null,
    showsGhosts: false,
    ghosts: noNotes(),
    part: null,
    frameGrid: null,
    isWaiting: false,
    savesChosen: false,
    isSaving: false,
    isRecording: false,
    playheadS: 0,
    isPlaying: false,
    mix: 0.5,
    speed: 1,
    loop: null,
    isLooping: false,
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

  /** Notes follow from what is heard, edited and arranged. @param {Partial<Omit<State, "notes" | "noteKeys" | "plain">>} change */
  set(change) {
    const changed = new Set(/** @type {(keyof State)[]} */ (Object.keys(change)));
    const isOther = (change.projectId ?? this.state.projectId) !== this.state.projectId;
    this.state = { ...this.state, ...change };
    if (isOther && !change.selection) {
      this.state = { ...this.state, selection: new Set() }; // keys name other notes there
      changed.add("selection");
    }
    if (changed.has("heard") || changed.has("edits")) {
      this.state = { ...this.state, plain: applyEdits(this.state.heard, this.state.edits), arranged: null };
      changed.add("plain").add("arranged");
    }
    if (changed.has("arranged")) {
      const { notes, keys } = this.state.arranged ?? this.state.plain;
      this.state = { ...this.state, notes, noteKeys: keys };
      changed.add("notes").add("noteKeys");
      const chosen = this.state.selection;
      const isThere = new Set(chosen.size > 0 ? keys : []);
      const isSame = changed.has("heard") ? (/** @type {number} */ key) => key > 0 : () => true; // rows are others now
      const selection = new Set([...chosen].filter((key) => isThere.has(key) && isSame(key)));
      if (selection.size !== chosen.size) {
        this.state = { ...this.state, selection };
        changed.add("selection");
      }
    }
    if (this.state.savesChosen && this.state.selection.size === 0) {
      this.state = { ...this.state, savesChosen: false };
      changed.add("savesChosen");
    }
    for (const listener of this.#listeners) listener(this.state, changed);
  }
}
