// The sheet of shortcuts and the list of notes: two dialogs over the roll, one for hands on keys, one for readers.
import { at } from "../../shared/note-columns.js";
import { chooseLanguage, currentLanguage, LANGUAGES, t } from "../translate.js";
import { clock, noteCount, pitchName } from "../words.js";

/** @typedef {import("../store.js").Store} Store */

const KEYS = /** @type {const} */ ([
  ["Space", "play or pause"],
  ["W", "to the start"],
  ["L", "loop the chosen notes, else the marked part, else what is in sight"],
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
  ["← → ↑ ↓ on chosen notes", "move (with Shift: farther, by octaves)"],
  ["Alt+← Alt+→", "shorter, longer"],
  ["Alt+↑ Alt+↓", "louder, softer"],
  ["S J B Del", "split, join, bends on or off, delete"],
  ["Ctrl+C X V D", "copy, cut, paste at the playhead, duplicate"],
  ["D", "draw notes"],
  ["1 to 6", "presets"],
  ["Q", "quantise, or as played"],
  ["← → ↑ ↓", "move the roll (with Shift: farther)"],
  ["+ −", "zoom time"],
  ["] [", "zoom pitch"],
  ["F", "see everything"],
  ["Home End", "to the beginning, to the end"],
  ["?", "this sheet"],
]);
const MOST_ROWS = 2000;

/**
 * @param {string} tag
 * @param {(Node | string)[]} children
 */
function element(tag, ...children) {
  const made = document.createElement(tag);
  made.append(...children);
  return made;
}

/** @param {HTMLElement} table body of the sheet */
export function fillKeys(table) {
  for (const [key, what] of KEYS) {
    table.append(element("tr", element("th", element("kbd", key)), element("td", t(what))));
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
 * Rows of the note list, in the order of time.
 * @param {HTMLElement} body
 * @param {import("../../shared/note-columns.js").NoteColumns} notes
 */
export function fillNotes(body, notes) {
  const rows = [];
  for (let i = 0; i < Math.min(notes.onsetS.length, MOST_ROWS); i++) {
    const [from, to] = [at(notes.onsetS, i), at(notes.offsetS, i)];
    const sure = `${Math.round(100 * at(notes.confidence, i))} %`;
    const cells = [
      clock(from, 3),
      pitchName(at(notes.pitch, i)),
      `${Math.round(1000 * (to - from))} ms`,
      `${at(notes.velocity, i)}`,
      sure,
    ];
    rows.push(element("tr", ...cells.map((text) => element("td", text))));
  }
  body.replaceChildren(...rows);
}

/**
 * @param {Store} store
 * @param {(id: string) => HTMLElement} byId
 */
export function listenForSheets(store, byId) {
  const keys = /** @type {HTMLDialogElement} */ (byId("keys-sheet"));
  const list = /** @type {HTMLDialogElement} */ (byId("note-sheet"));
  fillKeys(byId("keys-table"));
  listenForLanguage(/** @type {HTMLSelectElement} */ (byId("language")));
  const showNotes = () => {
    const { notes } = store.state;
    fillNotes(byId("note-rows"), notes);
    const more = notes.onsetS.length > MOST_ROWS ? t(", the first {count} of them", { count: MOST_ROWS }) : "";
    byId("note-count").textContent = `${noteCount(notes.onsetS.length)}${more}`;
    list.showModal();
  };
  byId("keys-open").addEventListener("click", () => keys.showModal());
  byId("notes-open").addEventListener("click", showNotes);
  for (const sheet of [keys, list]) {
    sheet.addEventListener("click", (event) => {
      if (event.target === sheet) sheet.close(); // beside it
    });
  }
  window.addEventListener("keydown", (event) => {
    const isTyping = event.target instanceof Element && event.target.matches("input, select, button, summary");
    if (isTyping || event.ctrlKey || event.metaKey || keys.open || list.open) return;
    if (event.key === "?") keys.showModal();
    if (event.key === "n" && store.state.notes.onsetS.length > 0) showNotes();
  });
  store.listen((state) => {
    byId("notes-open").hidden = state.notes.onsetS.length === 0;
  });
}
