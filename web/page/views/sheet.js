// The sheet of shortcuts, and how it and the list of notes are opened.
import { chooseLanguage, currentLanguage, LANGUAGES, t } from "../translate.js";
import { element } from "./element.js";
import { isSheetOver, isTyping } from "./key-owner.js";
import { NoteList } from "./note-list.js";

/** @typedef {import("../store.js").Store} Store */

const KEYS = /** @type {const} */ ([
  ["Space", "play or pause; stop recording"],
  ["W", "to the start"],
  [", .", "playhead a step back, a step on"],
  ["← → PgUp PgDn", "playhead by steps, by bars, where the ruler has the focus"],
  ["P", "playhead to the chosen notes"],
  ["L", "loop the chosen notes, else the marked part, else what is in sight"],
  ["I O", "loop from the playhead, to the playhead"],
  ["A", "hear the recording alone, or the notes alone"],
  ["< >", "slower, faster"],
  ["R", "record, or stop recording"],
  ["Ctrl+O", "open a file"],
  ["Ctrl+S", "save MIDI"],
  ["Esc", "stop transcribing; close a message"],
  ["N", "list of notes"],
  ["Ctrl+Z, Ctrl+Y", "undo, redo"],
  ["Ctrl+← Ctrl+→", "choose the note before, the next (Shift: one more)"],
  ["Ctrl+A", "choose all notes"],
  ["← → ↑ ↓", "move the chosen notes (with Shift: farther, by octaves)"],
  ["Alt+← Alt+→", "shorter, longer"],
  ["Alt+↑ Alt+↓", "louder, softer"],
  ["S J B Del", "split, join, bends on or off, delete"],
  ["Ctrl+C X V D", "copy, cut, paste at the playhead, duplicate"],
  ["D", "draw notes"],
  ["Shift+D", "draw a note at the playhead"],
  ["1 – 6", "choose a preset"],
  ["Q", "quantise, or as played"],
  ["← → ↑ ↓", "move the roll where none is chosen (with Shift: farther), or through the list of notes"],
  ["U", "what lies under the notes: nothing, waveform, spectrum, likelihood"],
  ["Shift+G", "show ghosts: candidates that were found too faint"],
  ["G", "adopt the ghosts in sight"],
  ["H Shift+H", "the next ghost, the one before"],
  ["Enter", "adopt that ghost"],
  ["+ −", "zoom time"],
  ["] [", "zoom pitch"],
  ["F", "see everything"],
  ["Home End", "to the beginning, to the end"],
  ["?", "this sheet"],
]);

/** @param {HTMLElement} table a list of keys and what they do */
export function fillKeys(table) {
  for (const [key, what] of KEYS) {
    const name = element("dt", {}, [element("kbd", {}, [key])]);
    table.append(element("div", {}, [name, element("dd", {}, [t(what)])]));
  }
}

/** @param {HTMLSelectElement} select */
function listenForLanguage(select) {
  for (const [code, name] of Object.entries(LANGUAGES)) select.append(new Option(name, code));
  select.value = currentLanguage();
  select.addEventListener("change", () => {
    chooseLanguage(/** @type {import("../translate.js").Language} */ (select.value));
  });
}

/**
 * @param {Store} store
 * @param {(id: string) => HTMLElement} byId
 * @param {(timeS: number, pitch: number) => void} lookAt brings a note into sight on the roll
 */
export function listenForSheets(store, byId, lookAt) {
  const keys = /** @type {HTMLDialogElement} */ (byId("keys-sheet"));
  const list = new NoteList(store, byId, lookAt);
  fillKeys(byId("keys-table"));
  listenForLanguage(/** @type {HTMLSelectElement} */ (byId("language")));
  byId("keys-open").addEventListener("click", () => keys.showModal());
  byId("notes-open").addEventListener("click", () => list.open());
  keys.addEventListener("click", (event) => {
    if (event.target === keys) keys.close(); // beside it
  });
  window.addEventListener("keydown", (event) => {
    if (isTyping(event.target) || event.ctrlKey || event.metaKey || isSheetOver()) return;
    if (event.key === "?") keys.showModal();
    if (event.key === "n" && store.state.notes.onsetS.length > 0) list.open();
  });
  store.listen((state) => {
    byId("notes-open").hidden = state.notes.onsetS.length === 0;
  });
}
