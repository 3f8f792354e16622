// The verbs of editing on whatever is chosen; keys, buttons and the list of notes call the same ones.
import { at } from "../../shared/note-columns.js";
import { t } from "../translate.js";
import { pitchName } from "../words.js";
import { label } from "./label.js";
import { bent, FIRST_DRAWN, joined, louder, moved, split, stretched } from "./note-verbs.js";

/** @typedef {import("./editor.js").Editor} Editor */
/** @typedef {import("./edits.js").OwnNote} OwnNote */

/** How far a note is moved at a time where no grid says it. */
export const NUDGE_S = 0.025;

export class EditHands {
  /** @type {readonly OwnNote[]} */
  #clipboard = [];

  /**
   * @param {Editor} editor
   * @param {{ audition(pitch: number, velocity: number): void, say(words: string): void,
   *   look(timeS: number, pitch: number): void, middle(): number }} out lets a note be heard; says what happened to those
   *   who do not see it; brings a place into sight; the pitch in the middle of what is in sight
   */
  constructor(editor, out) {
    this.editor = editor;
    this.out = out;
  }

  get #state() {
    return this.editor.store.state;
  }

  get hasChosen() {
    return this.#state.selection.size > 0;
  }

  /** @param {number} byS @param {number} semitones */
  move(byS, semitones) {
    const notes = this.editor.chosen();
    if (notes.length === 0) return;
    const add = moved(notes, byS, semitones);
    this.editor.replace(semitones ? label("transpose") : label("move"), {
      remove: notes,
      add,
      group: semitones ? "pitch" : "time",
    });
    const [first] = add;
    if (semitones && first) this.out.audition(first.pitch, first.velocity);
    if (first) this.out.say(pitchName(first.pitch));
  }

  /** @param {number} byS */
  lengthen(byS) {
    this.editor.change(label("change length"), (note) => stretched(note, { endByS: byS }), "length");
  }

  /** @param {number} by */
  louder(by) {
    this.editor.change(label("change velocity"), (note) => louder(note, by), "velocity");
  }

  /** @param {number} velocity 1-127 */
  setVelocity(velocity) {
    this.editor.change(label("change velocity"), (note) => louder({ ...note, velocity: 0 }, velocity), "velocity");
  }

  remove() {
    const remove = this.editor.chosen();
    this.editor.replace(label("delete"), { remove });
    this.out.say(t("{count} deleted", { count: remove.length }));
  }

  /** At the playhead where it lies within a chosen note, else in the middle of each. */
  split() {
    const atS = this.#state.playheadS;
    const notes = this.editor.chosen();
    const isWithin = notes.some((note) => note.onsetS < atS && atS < note.offsetS);
    const add = notes.flatMap((note) => split(note, isWithin ? atS : (note.onsetS + note.offsetS) / 2));
    if (add.length > notes.length) this.editor.replace(label("split"), { remove: notes, add });
  }

  join() {
    const notes = this.editor.chosen();
    const add = joined(notes);
    if (add.length < notes.length) this.editor.replace(label("join"), { remove: notes, add });
  }

  /** Off where any chosen note bends, else on again. */
  toggleBends() {
    const notes = this.editor.chosen();
    const isOn = !notes.some((note) => note.bends.length > 0);
    if (isOn && !notes.some((note) => note.restingBends)) return;
    this.editor.replace(isOn ? label("bends on") : label("bends off"), {
      remove: notes,
      add: notes.map((note) => bent(note, isOn)),
    });
  }

  chooseAll() {
    this.editor.store.set({ selection: new Set(this.#state.noteKeys) });
    this.out.say(t("{count} selected", { count: this.#state.noteKeys.length }));
  }

  chooseNone() {
    this.editor.store.set({ selection: new Set() });
  }

  /**
   * The next note in time (1) or the one before (-1), from what is chosen or else from the playhead.
   * @param {1 | -1} direction
   * @param {boolean} isMore keep what is chosen
   */
  chooseNext(direction, isMore) {
    const { notes, noteKeys, selection, playheadS } = this.#state;
    if (noteKeys.length === 0) return;
    let row = -1;
    noteKeys.forEach((key, i) => {
      if (selection.has(key) && (direction > 0 || row < 0)) row = i;
    });
    if (row < 0) {
      const later = notes.onsetS.findIndex((onsetS) => onsetS >= playheadS);
      row = direction > 0 ? (later < 0 ? noteKeys.length : later) - 1 : later < 0 ? noteKeys.length : later;
    }
    const next = Math.min(noteKeys.length - 1, Math.max(0, row + direction));
    this.editor.store.set({ selection: new Set([...(isMore ? selection : []), at(noteKeys, next)]) });
    this.out.look(at(notes.onsetS, next), at(notes.pitch, next));
    this.out.audition(at(notes.pitch, next), at(notes.velocity, next));
    this.#sayPlace(at(notes.pitch, next), at(notes.onsetS, next));
  }

  /** @param {number} pitch @param {number} onsetS */
  #sayPlace(pitch, onsetS) {
    this.out.say(t("{name} at {time} seconds", { name: pitchName(pitch), time: onsetS.toFixed(2) }));
  }

  /** A note at the playhead, like the chosen one; the arrows bring it where it is to be. */
  draw() {
    const { playheadS: onsetS, fileName, stage } = this.#state;
    if (fileName === "" || stage === "running" || stage === "booting") return;
    const like = this.editor.chosen().at(-1);
    const pitch = like?.pitch ?? this.out.middle();
    const velocity = like?.velocity ?? FIRST_DRAWN.velocity;
    const offsetS = onsetS + (like ? like.offsetS - like.onsetS : FIRST_DRAWN.lengthS);
    this.editor.replace(label("draw"), { add: [{ onsetS, offsetS, pitch, velocity, confidence: 1, bends: [] }] });
    this.out.look(onsetS, pitch);
    this.out.audition(pitch, velocity);
    this.#sayPlace(pitch, onsetS);
  }

  /** What is copied, in words for other programs. */
  get copied() {
    return this.#clipboard.map((note) => pitchName(note.pitch)).join(" ");
  }

  copy() {
    if (this.hasChosen) this.#clipboard = this.editor.chosen();
    this.out.say(t("{count} copied", { count: this.#clipboard.length }));
  }

  cut() {
    this.copy();
    this.remove();
  }

  /** At the playhead. */
  paste() {
    this.#put(label("paste"), this.#clipboard, this.#state.playheadS);
  }

  /** The chosen notes once more, right behind themselves. */
  duplicate() {
    const notes = this.editor.chosen();
    this.#put(label("duplicate"), notes, Math.max(...notes.map((note) => note.offsetS)));
  }

  /** @param {import("./label.js").Label} what @param {readonly OwnNote[]} notes @param {number} atS */
  #put(what, notes, atS) {
    if (notes.length === 0) return;
    const first = notes.reduce((found, note) => (note.onsetS < found.onsetS ? note : found));
    this.editor.replace(what, { add: moved(notes, atS - first.onsetS, 0) });
    this.out.look(atS, first.pitch);
  }
}
