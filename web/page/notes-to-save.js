// What files hold: all notes, or the chosen ones alone where that is asked for.
import { rowsOf } from "../shared/note-rows.js";
import { t } from "./translate.js";
import { noteCount } from "./words.js";

/** @typedef {import("./store.js").Store} Store */

/** @param {import("./store.js").State} state @returns {import("../shared/note-columns.js").NoteColumns} */
export function notesToSave({ notes, noteKeys, selection, savesChosen }) {
  if (!savesChosen) return notes;
  const rows = [...noteKeys.keys()].filter((row) => selection.has(/** @type {number} */ (noteKeys[row])));
  return rowsOf(notes, rows);
}

/** The box that asks for it; there while notes are chosen. @param {Store} store @param {(id: string) => HTMLElement} byId */
export function listenForScope(store, byId) {
  const box = /** @type {HTMLInputElement} */ (byId("save-chosen"));
  box.addEventListener("change", () => store.set({ savesChosen: box.checked }));
  store.listen(({ selection, savesChosen }, changed) => {
    if (!changed.has("selection") && !changed.has("savesChosen")) return;
    byId("save-scope").hidden = selection.size === 0;
    box.checked = savesChosen;
    byId("save-chosen-words").textContent = t("Only what is chosen ({count})", { count: noteCount(selection.size) });
  });
}
