// Ghosts: candidates that the decoder weighed and found too light. Asked for only while they are shown, and again when the
// notes were decoded anew; adopting one makes it a note of the person's own.
import { at, noNotes } from "../../shared/note-columns.js";
import { rowsOf } from "../../shared/note-rows.js";
import { noteOf } from "../edit/edits.js";
import { label } from "../edit/label.js";
import { shownLanes, shownS } from "../views/roll-view.js";

/** @typedef {import("../store.js").Store} Store */
/** @typedef {import("../session.js").Session} Session */
/** @typedef {import("../../shared/note-columns.js").NoteColumns} NoteColumns */
/** @typedef {import("../edit/edits.js").OwnNote} OwnNote */

export class Ghosts {
  /** As the engine gave them. */
  #found = noNotes();
  #isFresh = false;
  #isAsking = false;
  #projectId = "";

  /**
   * @param {Store} store
   * @param {Session} session
   * @param {import("../edit/editor.js").Editor} editor
   */
  constructor(store, session, editor) {
    this.store = store;
    this.editor = editor;
    this.session = session;
    store.listen((state, changed) => {
      if (state.projectId !== this.#projectId) this.#leave(state.projectId);
      if (changed.has("heard")) this.#isFresh = false;
      const isAsked = changed.has("showsGhosts") || changed.has("heard") || changed.has("stage");
      if (isAsked || changed.has("engineId")) this.#refresh();
      else if (changed.has("edits") && state.showsGhosts) this.#show();
    });
  }

  /** What was found belongs to the recording before. @param {string} projectId of the one that is there now */
  #leave(projectId) {
    this.#projectId = projectId;
    this.#isFresh = false;
    this.#found = noNotes();
    if (this.store.state.ghosts.onsetS.length > 0) this.store.set({ ghosts: noNotes() });
  }

  /** @returns {Promise<void>} */
  async #refresh() {
    const { showsGhosts, stage } = this.store.state;
    if (!showsGhosts) {
      if (this.store.state.ghosts.onsetS.length > 0) this.store.set({ ghosts: noNotes() });
      return;
    }
    if (stage === "running" || this.#isAsking) return;
    if (!this.#isFresh) {
      this.#isAsking = true;
      this.#isFresh = true;
      const asked = this.#projectId;
      const found = await this.session.ghosts();
      this.#isAsking = false;
      if (asked !== this.#projectId) return this.#refresh();
      this.#found = found ?? noNotes();
      if (!found)
        this.#isFresh = false; // the engine has another recording, or none yet
      else if (!this.#isFresh) return this.#refresh(); // decoded anew meanwhile
    }
    if (this.store.state.showsGhosts) this.#show();
  }

  #show() {
    this.store.set({ ghosts: stillGhosts(this.#found, this.store.state.edits.own) });
  }

  /** Make these rows of the ghosts notes. @param {readonly number[]} rows */
  adopt(rows) {
    const { ghosts } = this.store.state;
    this.editor.replace(label("adopt"), { add: rows.map((row) => noteOf(ghosts, row, 0)) });
  }

  /** Rows of the ghosts that a part of the roll shows. @param {import("../views/roll-view.js").RollView} view */
  rowsIn(view) {
    const { ghosts } = this.store.state;
    const untilS = view.leftS + shownS(view);
    const lowest = view.topPitch - shownLanes(view);
    const rows = [];
    for (let i = 0; i < ghosts.onsetS.length; i++) {
      const isInTime = at(ghosts.onsetS, i) < untilS && at(ghosts.offsetS, i) > view.leftS;
      const pitch = at(ghosts.pitch, i);
      if (isInTime && pitch <= view.topPitch && pitch > lowest) rows.push(i);
    }
    return rows;
  }
}

/**
 * The ghosts that are none of a person's own notes.
 * @param {NoteColumns} ghosts
 * @param {readonly OwnNote[]} own
 */
export function stillGhosts(ghosts, own) {
  if (own.length === 0) return ghosts;
  const byPitch = Map.groupBy(own, (note) => note.pitch);
  const kept = [];
  for (let i = 0; i < ghosts.onsetS.length; i++) {
    const [onsetS, offsetS] = [at(ghosts.onsetS, i), at(ghosts.offsetS, i)];
    const isTaken = byPitch
      .get(at(ghosts.pitch, i))
      ?.some((note) => Math.min(offsetS, note.offsetS) - Math.max(onsetS, note.onsetS) > (offsetS - onsetS) / 2);
    if (!isTaken) kept.push(i);
  }
  return kept.length === ghosts.onsetS.length ? ghosts : rowsOf(ghosts, kept);
}
