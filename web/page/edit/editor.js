// The one writer of edits and its history: every change is one step that undo takes back, however many.
import { at } from "../../shared/note-columns.js";
import { noteOf } from "./edits.js";
import { NO_HISTORY } from "./history.js";

/** @typedef {import("../store.js").Store} Store */
/** @typedef {import("./edits.js").Edits} Edits */
/** @typedef {import("./edits.js").OwnNote} OwnNote */
/** @typedef {Omit<OwnNote, "id">} NewNote */
/** @typedef {import("./history.js").Moment} Moment */

const SAME_HAND_MS = 1000; // changes of one kind that follow each other this quickly are one step

export class Editor {
  #projectId = "";

  /**
   * @param {Store} store
   * @param {() => void} optionsChanged told when undo or redo brought other options back
   */
  constructor(store, optionsChanged) {
    this.store = store;
    this.optionsChanged = optionsChanged;
    store.listen(({ projectId, history }, changed) => {
      const isOther = changed.has("projectId") && projectId !== this.#projectId;
      if (isOther) this.#projectId = projectId;
      if (changed.has("history")) this.#tell();
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
   * @param {string} label what was done, in words
   * @param {{ remove?: readonly OwnNote[], add?: readonly NewNote[], group?: string }} change notes of one `group` that are
   *   changed again at once make one step
   */
  replace(label, { remove = [], add = [], group = "" }) {
    if (remove.length === 0 && add.length === 0) return;
    const { edits } = this.store.state;
    const goes = new Set(remove.map((note) => note.id));
    const unheard = remove
      .filter(({ id }) => id <= 0)
      .map(({ pitch, onsetS, offsetS }) => ({ pitch, onsetS, offsetS }));
    let id = edits.own.reduce((highest, note) => Math.max(highest, note.id), 0);
    const added = add.map((note) => ({ ...note, id: ++id }));
    const own = [...edits.own.filter((note) => !goes.has(note.id)), ...added];
    const after = {
      edits: { removed: [...edits.removed, ...unheard], own },
      selection: new Set(added.map((note) => note.id)),
    };
    this.#step(label, group, after);
  }

  /**
   * The chosen notes, each made anew.
   * @param {string} label
   * @param {(note: OwnNote) => NewNote} make
   * @param {string} [group]
   */
  change(label, make, group = "") {
    const remove = this.chosen();
    this.replace(label, { remove, add: remove.map(make), group });
  }

  /** @param {string} label @param {Record<string, number | string>} change */
  setOptions(label, change) {
    this.#step(label, `option ${Object.keys(change)}`, { options: { ...this.store.state.options, ...change } });
  }

  undo() {
    const { past, future } = this.store.state.history;
    const step = past.at(-1);
    if (step) this.#restore(step.before, { past: past.slice(0, -1), future: [...future, step] });
  }

  redo() {
    const { past, future } = this.store.state.history;
    const step = future.at(-1);
    if (step) this.#restore(step.after, { past: [...past, step], future: future.slice(0, -1) });
  }

  /** @param {string} label @param {string} group @param {Moment} after what changes, and to what */
  #step(label, group, after) {
    const { state } = this.store;
    const before = Object.fromEntries(
      Object.keys(after).map((name) => [name, state[/** @type {keyof Moment} */ (name)]]),
    );
    const { past, future } = state.history;
    const [ms, last] = [performance.now(), past.at(-1)];
    const goesOn = last && group && last.group === group && ms - last.ms < SAME_HAND_MS && future.length === 0;
    const step = goesOn ? { ...last, after, ms } : { label, before, after, ms, group };
    this.store.set({ ...after, history: { past: [...(goesOn ? past.slice(0, -1) : past), step], future: [] } });
  }

  /** @param {Moment} moment @param {import("./history.js").History} history */
  #restore({ selection, ...rest }, history) {
    this.store.set({ ...rest, history });
    const there = new Set(this.store.state.noteKeys);
    if (selection) this.store.set({ selection: new Set([...selection].filter((key) => there.has(key))) });
    if (rest.options) this.optionsChanged();
  }

  #tell() {
    const { past, future } = this.store.state.history;
    this.store.set({ undoLabel: past.at(-1)?.label ?? null, redoLabel: future.at(-1)?.label ?? null });
  }
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
