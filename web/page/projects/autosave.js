// Saves what changes on the page while it is open: edits within half a second, in a small file of their own; settings and
// the playhead a little later. Nothing waits for the page to be closed, for a page is not always asked.

/** @typedef {import("../store.js").State} State */

const EDITS_DELAY_MS = 400;
const NOTES_DELAY_MS = 1000;
const PLAYHEAD_DELAY_MS = 2000;

/** Runs the latest of the jobs it is given, some time after the first. */
class Later {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {(() => unknown) | null} */
  #job = null;
  /** All that was begun so far. @type {Promise<unknown>} */
  #working = Promise.resolve();

  /** @param {number} delayMs */
  constructor(delayMs) {
    this.delayMs = delayMs;
  }

  /** @param {() => unknown} job */
  ask(job) {
    this.#job = job;
    this.#timer ??= setTimeout(() => this.now(), this.delayMs);
  }

  /** Whatever waits, at once; resolves when that and all that was begun before is done. */
  now() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const job = this.#job;
    this.#job = null;
    if (job) this.#working = Promise.all([this.#working.catch(() => {}), job()]);
    return this.#working;
  }
}

export class Autosave {
  #edits = new Later(EDITS_DELAY_MS);
  #notes = new Later(NOTES_DELAY_MS);
  #arrangement = new Later(NOTES_DELAY_MS);
  #playhead = new Later(PLAYHEAD_DELAY_MS);
  #all = [this.#edits, this.#notes, this.#arrangement, this.#playhead];
  #projectId = "";
  #isComing = false;

  /**
   * @param {import("../store.js").Store} store
   * @param {import("./library.js").Library} library
   */
  constructor(store, library) {
    this.library = library;
    store.listen((state, changed) => this.#hear(state, changed));
    // a page in the background may be ended without a word
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.flush();
    });
  }

  /** @param {State} state @param {ReadonlySet<keyof State>} changed */
  #hear(state, changed) {
    const { library } = this;
    const id = state.projectId;
    if (id !== this.#projectId) {
      this.#projectId = id; // what came with the project needs no saving; jobs that wait know their own project
      for (const later of this.#all) later.now();
      this.#isComing = !changed.has("projectId"); // others have answered already to what is not yet told here
      return;
    }
    if (this.#isComing && changed.has("projectId")) {
      this.#isComing = false;
      return;
    }
    if (!id) return;
    const { edits, history, heard, options, playheadS, arrangement } = state;
    const isOver = state.stage === "done" || state.stage === "failed"; // a run saves its own notes when it ends
    if (changed.has("edits") || changed.has("history")) {
      this.#edits.ask(() => library.saveEdits(id, edits, history));
    }
    if (changed.has("notes") && isOver) library.change(id, { noteCount: state.notes.onsetS.length });
    if (changed.has("options")) library.change(id, { options });
    if (changed.has("arrangement") && arrangement) {
      this.#arrangement.ask(() => library.saveArrangement(id, arrangement));
    }
    if (changed.has("playheadS")) this.#playhead.ask(() => library.change(id, { playheadS }));
    if (changed.has("heard") && isOver) this.#notes.ask(() => library.saveNotes(id, heard, options));
  }

  /** Resolves when everything on the page is on disk. */
  async flush() {
    await Promise.all(this.#all.map((later) => later.now()));
    await this.library.flush();
  }
}
