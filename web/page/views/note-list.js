// The notes as a table: sorted by any column, page by page, in step with the roll. Beside the roll, not over it: what is chosen
// here is chosen there, and the keys of editing work on it; where no note is chosen, ↑ and ↓ go from row to row.
import { must } from "../../shared/must.js";
import { at, noNotes } from "../../shared/note-columns.js";
import { currentLanguage, t } from "../translate.js";
import { clock, noteCount, pitchName } from "../words.js";
import { element } from "./element.js";
import { placeOf } from "./list-focus.js";

/** @typedef {import("../store.js").Store} Store */
/** @typedef {import("../../shared/note-columns.js").NoteColumns} NoteColumns */
/** @typedef {{ by: number, isFalling: boolean }} Order */

const PAGE_ROWS = 250;

/** Each column's heading, its value to sort by, and its words. */
const COLUMNS =
  /** @type {[string, (notes: NoteColumns, row: number) => number, (notes: NoteColumns, row: number) => string][]} */ ([
    ["Start", (notes, row) => at(notes.onsetS, row), (notes, row) => clock(at(notes.onsetS, row), 3)],
    ["Note", (notes, row) => at(notes.pitch, row), (notes, row) => pitchName(at(notes.pitch, row))],
    ["Length", lengthS, (notes, row) => `${Math.round(1000 * lengthS(notes, row))} ms`],
    ["Velocity", (notes, row) => at(notes.velocity, row), (notes, row) => `${at(notes.velocity, row)}`],
    [
      "Sure",
      (notes, row) => at(notes.confidence, row),
      (notes, row) => `${Math.round(100 * at(notes.confidence, row))} %`,
    ],
  ]);

/** @param {NoteColumns} notes @param {number} row */
function lengthS(notes, row) {
  return at(notes.offsetS, row) - at(notes.onsetS, row);
}

/** Rows in the order of a column; those that are equal stay in the order of time. @param {NoteColumns} notes @param {Order} order */
export function sortedRows(notes, { by, isFalling }) {
  const value = COLUMNS[by]?.[1] ?? ((_, row) => row);
  const values = Float64Array.from(notes.onsetS, (_, row) => value(notes, row));
  const sign = isFalling ? -1 : 1;
  return Uint32Array.from(notes.onsetS.keys()).sort((a, b) => sign * (at(values, a) - at(values, b)) || a - b);
}

export class NoteList {
  /** @type {Order} */
  #order = { by: 0, isFalling: false };
  #page = 0;
  #rows = new Uint32Array(0);
  /** The notes that the rows are of. */
  #notes = noNotes();
  /** And what was heard then: keys are of that. */
  #heard = noNotes();
  #isStale = true;
  /** @type {Element | null} */
  #opener = null;

  /**
   * @param {Store} store
   * @param {(id: string) => HTMLElement} byId
   * @param {(timeS: number, pitch: number) => void} lookAt brings a note into sight on the roll
   */
  constructor(store, byId, lookAt) {
    this.store = store;
    this.lookAt = lookAt;
    this.sheet = /** @type {HTMLDialogElement} */ (byId("note-sheet"));
    this.body = byId("note-rows");
    this.region = must(this.body.closest(".rows"), "the region of the rows");
    this.count = byId("note-count");
    this.place = byId("note-page");
    this.before = /** @type {HTMLButtonElement} */ (byId("note-page-before"));
    this.next = /** @type {HTMLButtonElement} */ (byId("note-page-next"));
    this.heads = COLUMNS.map(([name], by) => this.#head(name, by));
    byId("note-heads").append(...this.heads);
    this.before.addEventListener("click", () => this.#turnTo(this.#page - 1));
    this.next.addEventListener("click", () => this.#turnTo(this.#page + 1));
    this.sheet.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation(); // this message closes the list, nothing else
      this.close();
    });
    this.body.addEventListener("keydown", (event) => {
      const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      const held = this.#held();
      if (!by || !held || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      event.preventDefault(); // else the list is scrolled too
      this.#focus(Math.min(this.#rows.length - 1, Math.max(0, held.place + by)));
    });
    byId("note-close").addEventListener("click", () => this.close());
    store.listen((state, changed) => {
      if (changed.has("notes")) this.#isStale = true;
      if (changed.has("file")) [this.#order, this.#page] = [{ by: 0, isFalling: false }, 0];
      if (!this.sheet.open) return;
      if (changed.has("notes")) this.#showAnew();
      else if (changed.has("selection")) this.#follow(state.selection);
    });
  }

  open() {
    this.#opener = document.activeElement;
    if (this.#isStale) this.#showOrder();
    this.sheet.show();
    this.#follow(this.store.state.selection);
  }

  close() {
    this.sheet.close();
    if (this.#opener instanceof HTMLElement) this.#opener.focus();
  }

  /** @param {string} name @param {number} by */
  #head(name, by) {
    const button = element("button", { type: "button" }, [t(name)]);
    button.addEventListener("click", () => {
      this.#order = { by, isFalling: this.#order.by === by && !this.#order.isFalling };
      this.#page = 0;
      this.#showOrder();
    });
    return element("th", { scope: "col" }, [button]);
  }

  /** The row that has the focus. @returns {import("./list-focus.js").HeldRow | null} */
  #held() {
    const shown = document.activeElement?.closest("#note-rows tr");
    if (!(shown instanceof HTMLElement)) return null;
    const place = this.#page * PAGE_ROWS + [...this.body.children].indexOf(shown);
    const row = at(this.#rows, place);
    const [onsetS, pitch] = [at(this.#notes.onsetS, row), at(this.#notes.pitch, row)];
    return { place, key: Number(shown.dataset.key), onsetS, pitch, isChosen: shown.classList.contains("is-chosen") };
  }

  /** @param {number} place in the list @param {boolean} [isAsBefore] the list is not scrolled */
  #focus(place, isAsBefore = false) {
    const page = Math.floor(place / PAGE_ROWS);
    if (place >= 0 && page !== this.#page) this.#turnTo(page);
    const button = this.body.children[place % PAGE_ROWS]?.querySelector("button") ?? this.region;
    /** @type {HTMLElement} */ (button).focus({ preventScroll: isAsBefore });
  }

  /** The notes are others: whoever is among the rows stays there. */
  #showAnew() {
    const held = this.#held();
    const isHeardAnew = this.#heard !== this.store.state.heard;
    this.#showOrder();
    if (!held) return;
    const place = placeOf(held, this.store.state, this.#rows, isHeardAnew);
    this.#focus(place, place === held.place);
  }

  #showOrder() {
    this.#isStale = false;
    this.#notes = this.store.state.notes;
    this.#heard = this.store.state.heard;
    this.#rows = sortedRows(this.#notes, this.#order);
    this.heads.forEach((head, by) => {
      if (by !== this.#order.by) head.removeAttribute("aria-sort");
      else head.setAttribute("aria-sort", this.#order.isFalling ? "descending" : "ascending");
    });
    this.#turnTo(this.#page);
  }

  /** @param {number} page */
  #turnTo(page) {
    const pages = Math.max(1, Math.ceil(this.#rows.length / PAGE_ROWS));
    this.#page = Math.min(pages - 1, Math.max(0, page));
    const [from, to] = [this.#page * PAGE_ROWS, Math.min(this.#rows.length, (this.#page + 1) * PAGE_ROWS)];
    const { notes, noteKeys } = this.store.state;
    const made = [...this.#rows.subarray(from, to)].map((row) => this.#row(notes, row, at(noteKeys, row)));
    this.body.replaceChildren(...made);
    this.count.textContent = noteCount(this.#rows.length);
    this.place.textContent = t("{from} to {to} of {count}", {
      from: (to > 0 ? from + 1 : 0).toLocaleString(currentLanguage()),
      to: to.toLocaleString(currentLanguage()),
      count: this.#rows.length.toLocaleString(currentLanguage()),
    });
    const pressed = document.activeElement;
    this.before.disabled = this.#page === 0;
    this.next.disabled = this.#page === pages - 1;
    if (pressed === this.next && this.next.disabled) this.before.focus();
    if (pressed === this.before && this.before.disabled) this.next.focus();
    this.#mark(this.store.state.selection);
  }

  /** @param {NoteColumns} notes @param {number} row @param {number} key */
  #row(notes, row, key) {
    const [first, ...rest] = COLUMNS.map(([, , words]) => words(notes, row));
    const button = element("button", { type: "button" }, [first ?? ""]);
    const made = element("tr", {}, [element("td", {}, [button]), ...rest.map((text) => element("td", {}, [text]))]);
    made.dataset.key = String(key);
    made.addEventListener("click", (event) => {
      const { selection, isRecording } = this.store.state;
      const isMore = event.ctrlKey || event.metaKey;
      this.lookAt(at(notes.onsetS, row), at(notes.pitch, row));
      if (isRecording) return;
      const others = [...selection].filter((other) => isMore && other !== key);
      this.store.set({ selection: new Set(isMore && selection.has(key) ? others : [...others, key]) });
    });
    return made;
  }

  /** What is chosen on the roll, in sight here; the focus goes with it. @param {ReadonlySet<number>} selection */
  #follow(selection) {
    const held = this.#held();
    this.#mark(selection);
    const isSeen = [...this.body.children].some((row) => row.classList.contains("is-chosen"));
    if (selection.size === 0 || (isSeen && !(held && selection.size === 1))) return;
    const { noteKeys } = this.store.state;
    const place = this.#rows.findIndex((row) => selection.has(at(noteKeys, row)));
    if (place < 0) return;
    if (held) return this.#focus(place);
    this.#turnTo(Math.floor(place / PAGE_ROWS));
    this.body.children[place % PAGE_ROWS]?.scrollIntoView({ block: "nearest" });
  }

  /** @param {ReadonlySet<number>} selection */
  #mark(selection) {
    for (const row of this.body.children) {
      const isChosen = selection.has(Number(/** @type {HTMLElement} */ (row).dataset.key));
      row.classList.toggle("is-chosen", isChosen);
      row.querySelector("button")?.setAttribute("aria-pressed", String(isChosen));
    }
  }
}
