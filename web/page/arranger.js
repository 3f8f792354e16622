// Keeps the arranged notes in step with what is heard, edited and chosen: one question to the engine at a time, the
// newest of those that wait. Until the answer comes the store has the notes as they are. What the engine last said is kept
// with the project, and not asked for again.
import { at } from "../shared/note-columns.js";
import { markOf } from "./arrangement.js";
import { errorWords } from "./failures.js";
import { t } from "./translate.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./edit/edits.js").Shown} Arranged arranged notes and which note each is */
/** @typedef {import("../shared/note-columns.js").NoteColumns} NoteColumns */
/** @typedef {import("../shared/messages.js").Options} Options */

const QUIET_MS = 250; // tempo and key alone are asked for when nothing has changed for so long: sliders come first

export class Arranger {
  #isAsking = false;
  #isWanted = false;
  #timer = 0;
  #askedWith = "";
  /** Resolved when no answer is owed any more. @type {(() => void)[]} */
  #settled = [];

  /**
   * @param {Store} store
   * @param {(notes: NoteColumns, options: Options) => Promise<import("./transcriber.js").Arranged>} ask
   * @param {readonly string[]} names of the options that arrange
   */
  constructor(store, ask, names) {
    this.store = store;
    this.ask = ask;
    this.names = names;
    store.listen((state, changed) => {
      const isOther = changed.has("options") && this.#key(state.options) !== this.#askedWith;
      if (changed.has("plain") || changed.has("stage") || isOther) this.#change();
    });
  }

  /** Done when notes, grid and key in the store are those of its options. @returns {Promise<void>} */
  settled() {
    const { options } = this.store.state;
    if (!this.#isAsking && !(this.#isWanted && (isOn(options) || options.grid !== "off"))) return Promise.resolve();
    return new Promise((resolve) => {
      this.#settled.push(resolve);
    });
  }

  /** @param {Options} options */
  #key(options) {
    return JSON.stringify(this.names.map((name) => options[name]));
  }

  #change() {
    const { store } = this;
    const { stage, plain, options, arranged, isArranging, analysis, arrangement } = store.state;
    clearTimeout(this.#timer);
    this.#askedWith = this.#key(options);
    this.#isWanted = stage !== "running" && stage !== "booting" && plain.notes.onsetS.length > 0;
    if (!this.#isWanted) {
      if (arranged || isArranging) store.set({ arranged: null, isArranging: false });
      if (analysis && plain.notes.onsetS.length === 0) store.set({ analysis: null });
      return;
    }
    if (arrangement?.options === this.#askedWith && arrangement.notes === markOf(plain.notes)) {
      this.#isWanted = false;
      return this.#show(arrangement, plain);
    }
    if (!isOn(options)) {
      if (arranged || isArranging) store.set({ arranged: null, isArranging: false });
      const isGrid = options.grid !== "off" || analysis?.grid; // to be seen at once
      this.#timer = window.setTimeout(() => this.#go(), isGrid ? 0 : QUIET_MS);
    } else {
      if (!isArranging) store.set({ isArranging: true });
      this.#go();
    }
  }

  async #go() {
    if (this.#isAsking) return;
    const { store } = this;
    this.#isAsking = true;
    while (this.#isWanted) {
      this.#isWanted = false;
      const { plain, options } = store.state;
      const askedWith = this.#askedWith;
      const isOld = () => this.#isWanted || store.state.plain !== plain || this.#askedWith !== askedWith;
      /** @type {import("./transcriber.js").Arranged} */
      let reply;
      try {
        reply = await this.ask(plain.notes, options);
      } catch (error) {
        if (isOld()) continue;
        const why = errorWords(error);
        const alarm = t("The notes could not be arranged ({why}). They are shown as they are.", { why });
        store.set({ arranged: null, isArranging: false, alarm });
        continue;
      }
      if (isOld()) continue; // there is newer
      const { analysis, columns, source } = reply;
      this.#show({ options: askedWith, notes: markOf(plain.notes), analysis, columns, source }, plain);
    }
    this.#isAsking = false;
    for (const resolve of this.#settled.splice(0)) resolve();
  }

  /** @param {import("./arrangement.js").Arrangement} arrangement @param {Arranged} plain the notes that it is about */
  #show(arrangement, plain) {
    const { columns, source, analysis } = arrangement;
    const arranged = columns && { notes: columns, keys: source.map((row) => at(plain.keys, row)) };
    this.store.set({ arranged, isArranging: false, analysis, arrangement });
  }
}

/** Whether options change notes. @param {Options} options */
function isOn(options) {
  return options.quantise !== "off" || options.snap !== "off";
}
