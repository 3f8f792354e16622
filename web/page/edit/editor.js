// The one writer of edits and its history: every change is one step that undo takes back, however many.
import { at } from "../../shared/note-columns.js";
import { noteOf } from "./edits.js";
import { changed, listChange, NO_CHANGE, NO_HISTORY, newStep, optionChange, withStep } from "./history.js";
import { labelWords } from "./label.js";

/** @typedef {import("../store.js").Store} Store */
/** @typedef {import("./edits.js").Edits} Edits */
/** @typedef {import("./edits.js").OwnNote} OwnNote */
/** @typedef {Omit<OwnNote, "id">} NewNote */
/** @typedef {import("./label.js").Label} Label */

export class Editor {
  #projectId = "";

  /**
   * @param {Store} store
   * @param {() => void} optionsChanged told when undo or redo brought other options back
   */
  constructor(store, optionsChanged) {
    this.store = store;
    this.optionsChanged = optionsChanged;
    store.listen(({ projectId, history }, told) => {
      const isOther = told.has("projectId") && projectId !== this.#projectId;
      if (isOther) this.#projectId = projectId;
      if (told.has("history")) this.#tell();
      else if (isOther && history !== NO_HISTORY) store.set({ history: NO_HISTORY }); // its own begins here
    });
  }

  /** The chosen notes as they are before any arranging, in order of time. @returns {OwnNote[]} */
  chosen() {
    return this.notesOf([...this.store.state.selection]);
  }

  /** @param {readonly number[]} keys @returns {OwnNote[]} */
  notesOf(keys) {
    const { heard, edits } = this.store.state;
    const byId = new Map(edits.own.map((note) => [note.id, note]));
    const notes = keys.flatMap((key) => (key > 0 ? (byId.get(key) ?? []) : noteOf(heard, -1 - key, key)));
    return notes.toSorted((a, b) => a.onsetS - b.onsetS || a.pitch - b.pitch);
  }

  /**
   * Take notes away and put others in their place, which are then the chosen ones.
   * @param {Label} label what was done
   * @param {{ remove?: readonly OwnNote[], add?: readonly NewNote[], group?: string }} change notes of one `group` that are
   *   changed again at once make one step
   */
  replace(label, { remove = [], add = [], group = "" }) {
    if (remove.length === 0 && add.length === 0) return;
    const { edits, selection, isRecording } = this.store.state;
    if (isRecording) return; // notes of a take are the engine's till it has ended
    const goes = new Set(remove.map((note) => note.id));
    const unheard = remove
      .filter(({ id }) => id <= 0)
      .map(({ pitch, onsetS, offsetS }) => ({ pitch, onsetS, offsetS }));
    let id = edits.own.reduce((highest, note) => Math.max(highest, note.id), 0);
    const added = add.map((note) => ({ ...note, id: ++id }));
    const removed = unheard.length > 0 ? { gone: [], came: unheard } : NO_CHANGE;
    const own = listChange(edits.own, (note) => goes.has(note.id), added);
    this.#step(label, group, { edits: { removed, own }, selection: [[...selection], added.map((note) => note.id)] });
  }

  /**
   * The chosen notes, each made anew.
   * @param {Label} label
   * @param {(note: OwnNote) => NewNote} make
   * @param {string} [group]
   */
  change(label, make, group = "") {
    const remove = this.chosen();
    this.replace(label, { remove, add: remove.map(make), group });
  }

  /** @param {Label} label @param {Record<string, number | string>} values */
  setOptions(label, values) {
    const { options } = this.store.state;
    const change = optionChange(options, { ...options, ...values });
    if (Object.keys(change).length > 0) this.#step(label, `option ${Object.keys(values)}`, { options: change });
  }

  undo() {
    const { past, future } = this.store.state.history;
    const step = past.at(-1);
    if (step)
      this.#restore(step, "before", {
        past: past.slice(0, -1),
        future: [...future, step],
      });
  }

  redo() {
    const { past, future } = this.store.state.history;
    const step = future.at(-1);
    if (step)
      this.#restore(step, "after", {
        past: [...past, step],
        future: future.slice(0, -1),
      });
  }

  /** @param {Label} label @param {string} group @param {import("./history.js").Change} change */
  #step(label, group, change) {
    const { state } = this.store;
    const history = withStep(state.history, state.edits, newStep(label, change, performance.now(), group));
    this.store.set({ ...changed(state, change, "after"), history });
  }

  /**
   * @param {import("./history.js").Step} step @param {"before" | "after"} side
   * @param {import("./history.js").History} history
   */
  #restore({ change }, side, history) {
    const { selection, ...rest } = changed(this.store.state, change, side);
    this.store.set({ ...rest, history });
    const { noteKeys, heard } = this.store.state;
    const there = new Set(noteKeys);
    // rows of heard notes may be others since: those that come back are found by what they are
    const back = side === "before" ? rowsLike(heard, change.edits?.removed.came ?? []) : [];
    const chosen = [...(selection ?? [])].filter((key) => key > 0);
    if (selection) this.store.set({ selection: new Set([...chosen, ...back].filter((key) => there.has(key))) });
    if (rest.options) this.optionsChanged();
  }

  #tell() {
    const { past, future } = this.store.state.history;
    const [undo, redo] = [past.at(-1), future.at(-1)];
    this.store.set({
      undoLabel: undo ? labelWords(undo.label) : null,
      redoLabel: redo ? labelWords(redo.label) : null,
    });
  }
}

/**
 * Keys of the heard notes that are as these were.
 * @param {import("../../shared/note-columns.js").NoteColumns} heard
 * @param {readonly import("./edits.js").RemovedNote[]} removed
 */
function rowsLike(heard, removed) {
  const words = new Set(removed.map(({ pitch, onsetS, offsetS }) => `${pitch} ${onsetS} ${offsetS}`));
  /** @type {number[]} */
  const keys = [];
  for (let row = 0; words.size > 0 && row < heard.onsetS.length; row++) {
    const word = `${at(heard.pitch, row)} ${at(heard.onsetS, row)} ${at(heard.offsetS, row)}`;
    if (words.has(word)) keys.push(-1 - row);
  }
  return keys;
}

/**
 * Keys of the shown notes that lie within a box of time and pitch, touched ones included.
 * @param {import("../store.js").State} state
 * @param {{ fromS: number, toS: number, lowest: number, highest: number }} box
 */
export function keysWithin({ notes, noteKeys }, { fromS, toS, lowest, highest }) {
  /** @type {number[]} */
  const keys = [];
  for (let row = 0; row < notes.onsetS.length && at(notes.onsetS, row) <= toS; row++) {
    const pitch = at(notes.pitch, row);
    if (at(notes.offsetS, row) >= fromS && pitch >= lowest && pitch <= highest) keys.push(at(noteKeys, row));
  }
  return keys;
}
