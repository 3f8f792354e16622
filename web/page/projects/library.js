// All projects on this device: their cards in memory, their parts on disk. Says what there is; decides nothing.
import { noNotes } from "../../shared/note-columns.js";
import { plainArrangement, readArrangement } from "../arrangement.js";
import { NO_EDITS } from "../edit/edits.js";
import { packHistory, unpackHistory } from "../edit/history-file.js";
import { packPeaks, unpackPeaks } from "../see/kept-peaks.js";
import { newProject, plainNotes, readEdits, readNotes, readProject } from "./project.js";

/** @typedef {import("./project.js").Project} Project */
/** @typedef {import("./project.js").Options} Options */
/** @typedef {import("../../shared/note-columns.js").NoteColumns} NoteColumns */
/** @typedef {import("../edit/edits.js").Edits} Edits */
/** @typedef {import("../see/wave-peaks.js").WavePeaks} WavePeaks */
/** @typedef {import("../arrangement.js").Arrangement} Arrangement */
/**
 * @typedef {object} Contents
 * @property {File | null} file null where it was not kept
 * @property {NoteColumns} heard
 * @property {Options} decodedWith the options that `heard` was decoded with
 * @property {Edits} edits
 * @property {WavePeaks | null} peaks
 * @property {Arrangement | null} arrangement
 */

const CARD_DELAY_MS = 300;

export class Library {
  /** @type {Map<string, Project>} */
  #cards = new Map();
  /** Recordings as they were chosen, until they are on disk. @type {Map<string, File>} */
  #files = new Map();
  /** Cards to be written. @type {Map<string, ReturnType<typeof setTimeout>>} */
  #due = new Map();
  /** One recording is copied at a time. @type {Promise<void>} */
  #copying = Promise.resolve();
  /** Called when a card changed, came or went. @type {() => void} */
  onChange = () => {};

  /** @param {import("./parts.js").Parts} parts */
  constructor(parts) {
    this.parts = parts;
  }

  /**
   * Read the cards of projects that are there, or were.
   * @param {(id: string) => boolean} isWanted
   */
  async read(isWanted) {
    const known = [...this.#cards.keys()];
    const ids = new Set([...(await this.parts.ids()), ...known].filter(isWanted));
    for (const id of ids) await this.readAgain(id);
  }

  /** A card that another tab may have changed, or removed. @param {string} id */
  async readAgain(id) {
    const card = readProject(await this.parts.readJson(id, "project.json"));
    if (this.#due.has(id)) return; // changed here meanwhile
    if (card?.id === id) this.#cards.set(id, card);
    else this.#cards.delete(id);
    this.onChange();
  }

  /** Resolves when a card's changes are on disk. @param {string} id */
  async written(id) {
    if (this.#due.has(id)) await this.#writeCard(id);
  }

  /** The latest first. */
  get projects() {
    return [...this.#cards.values()].sort((a, b) => b.openedMs - a.openedMs);
  }

  /** @param {string} id @returns {Project | undefined} */
  card(id) {
    return this.#cards.get(id);
  }

  /**
   * Begin a project; its recording is copied to this device beside whatever goes on, as a stream.
   * @param {File} file
   * @param {Options} options
   * @returns {Project}
   */
  create(file, options) {
    const card = newProject(file, options);
    this.#files.set(card.id, file);
    this.put(card);
    this.#copying = this.#copying.then(async () => {
      if (this.#cards.has(card.id)) await this.parts.write(card.id, "audio", file);
      this.#files.delete(card.id);
    });
    return card;
  }

  /** Settled once all recordings have been copied. */
  whenCopied() {
    return this.#copying;
  }

  /** A card as it is to be from now on; written at once. @param {Project} card */
  put(card) {
    this.#cards.set(card.id, card);
    this.onChange();
    return this.#writeCard(card.id);
  }

  /** Change a card; written soon. @param {string} id @param {Partial<Project>} change */
  change(id, change) {
    const card = this.#cards.get(id);
    if (!card) return;
    this.#cards.set(id, { ...card, ...change });
    this.onChange();
    if (!this.#due.has(id))
      this.#due.set(
        id,
        setTimeout(() => this.#writeCard(id), CARD_DELAY_MS),
      );
  }

  /** @param {string} id */
  async #writeCard(id) {
    clearTimeout(this.#due.get(id));
    this.#due.delete(id);
    const card = this.#cards.get(id);
    if (card) await this.parts.writeJson(id, "project.json", card);
  }

  /**
   * Write a part of a project, unless it was removed meanwhile.
   * @param {string} id @param {import("./parts.js").PartName} part @param {unknown} value plain data, or a blob as it is
   */
  async #write(id, part, value) {
    if (!this.#cards.has(id)) return;
    await (value instanceof Blob ? this.parts.write(id, part, value) : this.parts.writeJson(id, part, value));
  }

  /** @param {string} id @param {Edits} edits @param {import("../edit/history.js").History} history that ends there */
  async saveEdits(id, edits, history) {
    await this.#write(id, "edits.json", edits);
    await this.#write(id, "history", await packHistory(history, edits));
  }

  /**
   * @param {string} id
   * @param {import("../edit/history-file.js").Stored} present
   * @param {(saved: Options) => Options} optionsOf makes stored options such as this version has
   */
  async history(id, present, optionsOf) {
    return unpackHistory(await this.parts.read(id, "history"), present, optionsOf);
  }

  /** @param {string} id @param {NoteColumns} heard @param {Options} decodedWith */
  saveNotes(id, heard, decodedWith) {
    return this.#write(id, "notes.json", { decodedWith, ...plainNotes(heard) });
  }

  /** @param {string} id @param {Uint8Array<ArrayBuffer>} packed */
  savePlanes(id, packed) {
    return this.#write(id, "planes", new Blob([packed]));
  }

  /** @param {string} id @param {WavePeaks} peaks */
  async savePeaks(id, peaks) {
    return this.#write(id, "peaks", await packPeaks(peaks));
  }

  /** @param {string} id @param {Arrangement} arrangement */
  saveArrangement(id, arrangement) {
    return this.#write(id, "arranged.json", plainArrangement(arrangement));
  }

  /** @param {string} id @returns {Promise<Uint8Array | null>} */
  async planes(id) {
    const blob = await this.parts.read(id, "planes");
    return blob && new Uint8Array(await blob.arrayBuffer());
  }

  /** The recording, under its own name. @param {string} id @returns {Promise<File | null>} */
  async recording(id) {
    const chosen = this.#files.get(id);
    const card = this.#cards.get(id);
    if (chosen || !card) return chosen ?? null;
    const blob = await this.parts.read(id, "audio");
    // a file of the same bytes: nothing is copied
    return blob && new File([blob], card.fileName, { type: card.fileType });
  }

  /** @param {string} id @returns {Promise<Edits>} */
  async edits(id) {
    return readEdits(await this.parts.readJson(id, "edits.json")) ?? NO_EDITS;
  }

  /** @param {string} id @returns {Promise<Contents>} */
  async contents(id) {
    const [file, notes, edits, peaks, arrangement] = await Promise.all([
      this.recording(id),
      this.parts.readJson(id, "notes.json"),
      this.edits(id),
      this.parts.read(id, "peaks").then(unpackPeaks),
      this.parts.readJson(id, "arranged.json").then(readArrangement),
    ]);
    const decodedWith = /** @type {{ decodedWith?: Options } | null} */ (notes)?.decodedWith ?? {};
    return { file, heard: readNotes(notes) ?? noNotes(), decodedWith, edits, peaks, arrangement };
  }

  /** Remove for good. @param {string} id */
  async remove(id) {
    clearTimeout(this.#due.get(id));
    this.#due.delete(id);
    this.#cards.delete(id);
    this.#files.delete(id);
    this.onChange();
    await this.parts.remove(id);
  }

  /** Write what waits to be written; resolves when it is on disk. */
  async flush() {
    await Promise.all([...this.#due.keys()].map((id) => this.#writeCard(id)));
    await this.parts.settled();
  }
}
