// Undo, redo and the drawing tool in the header; what is chosen, and what can be done to it, in the panel.
import { at } from "../../shared/note-columns.js";
import { NUDGE_S } from "../edit/edit-hands.js";
import { t } from "../translate.js";
import { clock, pitchName } from "../words.js";

/** @typedef {import("../store.js").Store} Store */
/** @typedef {import("../store.js").State} State */
/** @typedef {import("../edit/edit-hands.js").EditHands} EditHands */

/** Rows of the shown notes that are chosen. @param {State} state */
function chosenRows({ noteKeys, selection }) {
  /** @type {number[]} */
  const rows = [];
  if (selection.size === 0) return rows;
  for (let row = 0; row < noteKeys.length; row++) if (selection.has(at(noteKeys, row))) rows.push(row);
  return rows;
}

/** @param {State} state @param {readonly number[]} rows */
function description({ notes }, rows) {
  const [row] = rows;
  if (row === undefined) return "";
  if (rows.length > 1) return t("{count} notes", { count: rows.length });
  const bends = notes.bendCents.subarray(at(notes.bendStart, row), at(notes.bendStart, row + 1));
  const cents = bends.length > 0 ? Math.round(bends.reduce((sum, value) => sum + value, 0) / bends.length) : 0;
  const lengthMs = Math.round(1000 * (at(notes.offsetS, row) - at(notes.onsetS, row)));
  const off = cents === 0 ? "" : ` ${cents > 0 ? "+" : "−"}${Math.abs(cents)} ¢`;
  return `${pitchName(at(notes.pitch, row))}${off} · ${clock(at(notes.onsetS, row), 3)} · ${lengthMs} ms`;
}

/**
 * @param {Store} store
 * @param {(id: string) => HTMLElement} byId
 * @param {EditHands} hands
 */
export function listenForEditBar(store, byId, hands) {
  const { editor } = hands;
  /** @type {Record<string, () => void>} */
  const verbs = {
    undo: () => editor.undo(),
    redo: () => editor.redo(),
    draw: () => store.set({ isDrawing: !store.state.isDrawing }),
    "edit-up": () => hands.move(0, 1),
    "edit-down": () => hands.move(0, -1),
    "edit-octave-up": () => hands.move(0, 12),
    "edit-octave-down": () => hands.move(0, -12),
    "edit-earlier": () => hands.move(-NUDGE_S, 0),
    "edit-later": () => hands.move(NUDGE_S, 0),
    "edit-shorter": () => hands.lengthen(-NUDGE_S),
    "edit-longer": () => hands.lengthen(NUDGE_S),
    "edit-split": () => hands.split(),
    "edit-join": () => hands.join(),
    "edit-bends": () => hands.toggleBends(),
    "edit-delete": () => hands.remove(),
  };
  for (const [id, verb] of Object.entries(verbs)) {
    byId(id).addEventListener("click", verb);
    for (const twin of document.querySelectorAll(`[data-verb="${id}"]`)) twin.addEventListener("click", verb);
  }
  const velocity = /** @type {HTMLInputElement} */ (byId("edit-velocity"));
  velocity.addEventListener("input", () => hands.setVelocity(Number(velocity.value)));
  store.listen((state, changed) => {
    if (changed.has("undoLabel") || changed.has("redoLabel")) {
      name(byId("undo"), state.undoLabel, t("Undo"));
      name(byId("redo"), state.redoLabel, t("Redo"));
    }
    if (changed.has("isDrawing")) byId("draw").setAttribute("aria-pressed", String(state.isDrawing));
    if (changed.has("notes"))
      byId("draw").hidden = byId("undo").hidden = byId("redo").hidden = !state.file && state.notes.onsetS.length === 0;
    if (!changed.has("selection") && !changed.has("notes")) return;
    const rows = chosenRows(state);
    byId("edit").hidden = byId("edit-quick").hidden = rows.length === 0;
    byId("edit-what").textContent = description(state, rows);
    if (rows.length === 0) return;
    const mean = rows.reduce((sum, row) => sum + at(state.notes.velocity, row), 0) / rows.length;
    velocity.value = String(Math.round(mean));
    byId("edit-velocity-value").textContent = velocity.value;
    /** @type {HTMLButtonElement} */ (byId("edit-join")).disabled = rows.length < 2;
    byId("edit-bends").setAttribute("aria-pressed", String(rows.some((row) => isBent(state, row))));
  });
}

/** @param {State} state @param {number} row */
const isBent = ({ notes }, row) => at(notes.bendStart, row + 1) > at(notes.bendStart, row);

/** @param {HTMLElement} button @param {string | null} label @param {string} verb */
function name(button, label, verb) {
  /** @type {HTMLButtonElement} */ (button).disabled = label === null;
  button.title = label === null ? verb : `${verb}: ${label}`;
  button.setAttribute("aria-label", button.title);
}
