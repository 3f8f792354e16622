// Projects on the page: what is open, what was there before, what comes in. The one door to everything that is kept.
import { noNotes } from "../../shared/note-columns.js";
import { NO_EDITS } from "../edit/edits.js";
import { NO_HISTORY } from "../edit/history.js";
import { t } from "../translate.js";
import { noteCount, sentence } from "../words.js";
import { Autosave } from "./autosave.js";
import { heldElsewhere, hold, isMine, letGo } from "./holds.js";
import { Library } from "./library.js";
import { Parts } from "./parts.js";
import { Turns } from "./turns.js";

/** @typedef {import("./project.js").Project} Project */
/** @typedef {import("../session.js").Session} Session */
/** @typedef {import("../store.js").Store} Store */
/** @typedef {{ notice: import("../views/notices.js").Notices, optionsOf(saved: Project["options"]): Project["options"],
 *   optionsOfNext(last: Project["options"]): Project["options"] }} Hands */

const OPEN_HERE = "linnet-project"; // of this tab, over a reload
const RELOAD_MS = 1500; // a tab that is being reloaded lets go of its project about now

export class Projects {
  /** Projects of other tabs. @type {Set<string>} */
  elsewhere = new Set();
  /** Called when the list is to be shown anew. @type {() => void} */
  onChange = () => {};
  /** Counts what was asked to be put on the page: the last one counts. */
  #asked = 0;
  #own = ""; // what this tab had before it was reloaded
  #coming = ""; // what is about to be on the page

  /** @param {Store} store @param {Session} session @param {Hands} hands */
  constructor(store, session, hands) {
    this.store = store;
    this.session = session;
    this.hands = hands;
    /** @type {Promise<Library>} */
    this.opened = this.#open();
    this.turns = new Turns(store, session, this.opened, {
      optionsOf: hands.optionsOf,
      letGo: (id) => this.#letGo(id),
    });
    this.turns.onChange = () => this.onChange();
    session.redecoder.planesOf = async (id) => (await this.opened).planes(id);
    session.transcribeAgain = (range) => void this.again(store.state.projectId, range);
    session.redecoder.cannot = (why) => this.#offerAgain(why);
  }

  async #open() {
    const parts = await Parts.open();
    const library = new Library(parts);
    library.onChange = () => this.onChange();
    this.library = library;
    this.autosave = new Autosave(this.store, library);
    this.#own = sessionStorage.getItem(OPEN_HERE) ?? "";
    this.store.listen(({ projectId }, changed) => {
      if (!changed.has("projectId")) return;
      sessionStorage.setItem(OPEN_HERE, projectId);
      this.hands.notice.hide("again"); // it was about what was on the page before
    });
    parts.onFull = (isFull) => this.#tellFull(isFull);
    if (!parts.areKept) this.#tellUnkept();
    await library.read(() => true);
    return library;
  }

  /** Bring back what this tab had open, else what was open last; go on where something was interrupted. */
  async restore() {
    const library = await this.opened;
    for (const { id, isDeleted } of library.projects) {
      if (isDeleted && (await this.#take(id))) await this.#purge(id);
    }
    this.elsewhere = await heldElsewhere();
    const own = this.#own;
    const isOwn = library.card(own) && (await this.#take(own, RELOAD_MS));
    const latest = library.projects.find(({ state, noteCount }) => state === "running" || noteCount > 0);
    const isAlone = (await heldElsewhere()).size === 0;
    const id = isOwn ? own : isAlone && latest && (await this.#take(latest.id)) ? latest.id : "";
    if (id && !this.store.state.projectId && !this.turns.isWorking) await this.#put(id);
    else if (id) this.#letGo(id); // something was brought in meanwhile
    const cut = library.projects.filter(({ state }) => state === "running" || state === "waiting").reverse();
    for (const card of cut) if (card.id === id || (await this.#take(card.id))) this.#resume(card.id);
  }

  /**
   * Recordings from anywhere. One is worked on at once and takes the page; several stand in line, and the first takes the
   * page where nothing else is being worked on.
   * @param {readonly File[]} files
   * @param {{ areTakes?: boolean }} [kind] takes were made here: they are kept whatever becomes of them
   */
  async add(files, { areTakes = false } = {}) {
    const [{ name = "" } = {}] = files;
    if (!this.session.runningId) this.session.announce(name);
    const library = await this.opened;
    const { projectId, options: shown } = this.store.state;
    const options = projectId ? this.hands.optionsOfNext(shown) : shown; // on an empty page they were set for what comes
    const cards = files.map((file) => library.create(file, options));
    for (const { id } of cards) hold(id);
    const [first, ...others] = cards;
    if (first && others.length === 0) await this.turns.takeNext(first, areTakes);
    else this.turns.addBatch(cards.map(({ id }) => id));
  }

  /**
   * Take a project for this tab, as it is now: another tab may have had it since it was read.
   * @param {string} id @param {number} [patienceMs]
   */
  async #take(id, patienceMs) {
    const wasMine = isMine(id);
    if (!(await hold(id, patienceMs))) return false;
    if (!wasMine) await (await this.opened).readAgain(id);
    return true;
  }

  /** Let other tabs have a project that is neither on the page nor in line. @param {string} id */
  async #letGo(id) {
    const { turns, session, store } = this;
    const needed = () => [store.state.projectId, this.#coming, session.runningId, ...turns.waiting];
    if (needed().includes(id)) return;
    await (await this.opened).written(id);
    if (!needed().includes(id)) letGo(id);
  }

  /** In line again, unless another tab has finished it meanwhile. @param {string} id */
  #resume(id) {
    const state = this.library?.card(id)?.state;
    if (state === "running" || state === "waiting") this.turns.add([id]);
    else this.#letGo(id);
  }

  /**
   * Open a project on the page; what is being worked on goes on.
   * @param {string} id
   * @returns {Promise<boolean>} false where another tab has it, or has removed it
   */
  async show(id) {
    const library = await this.opened;
    const before = this.store.state.projectId;
    if (id === before) return true;
    this.#coming = id;
    const isHere = (await this.#take(id)) && library.card(id) !== undefined;
    if (isHere) {
      await this.autosave?.flush();
      await this.#put(id);
      library.change(id, { openedMs: Date.now() });
    }
    if (this.#coming === id) this.#coming = "";
    this.#letGo(isHere ? before : id);
    return isHere;
  }

  /** @param {string} id of a project that this tab holds */
  async #put(id) {
    const library = await this.opened;
    const asked = ++this.#asked;
    const contents = await library.contents(id);
    const card = library.card(id);
    const { optionsOf } = this.hands;
    const options = optionsOf(card?.options ?? {});
    const history = await library.history(id, { edits: contents.edits, options }, optionsOf);
    if (!card || asked !== this.#asked || this.turns.isPaused) return; // a take has the page
    if (id !== this.session.runningId) this.session.hide();
    else if (this.session.show({ edits: contents.edits, history, options, playheadS: card.playheadS })) return;
    const { file, heard, decodedWith, edits, peaks, arrangement } = contents;
    const { fileName, fileFacts, durationS, doneS, tuningCents, playheadS, part } = card;
    const isCut = card.state === "running" || card.state === "waiting";
    const page = {
      projectId: id,
      fileName,
      file,
      edits,
      history,
      heard,
      options,
      durationS,
      tuningCents,
      playheadS,
      part,
      peaks,
      arrangement,
      alarm: null,
    };
    if (isCut) return this.store.set({ ...page, doneS: 0, isWaiting: true, fileFacts: t("is transcribed again") });
    const status = noteCount(heard.onsetS.length);
    const stage = card.state === "failed" ? "failed" : "done";
    this.store.set({ ...page, fileFacts, doneS, stage, status, isWaiting: false });
    this.session.redecoder.showsKept(this.hands.optionsOf(decodedWith));
  }

  /** A take wants page and engine: what is being transcribed stops, and is taken up again after `goOn`. */
  async makeWay() {
    this.turns.pause();
    await this.leave();
  }

  /** The take is over, or did not begin. */
  goOn() {
    this.turns.goOn();
  }

  /** Settled once every recording that was brought in is on this device. */
  async whenCopied() {
    await (await this.opened).whenCopied();
  }

  /** Nothing on the page: something new begins there. What was on it is kept. */
  async leave() {
    const { projectId } = this.store.state;
    await this.autosave?.flush();
    this.#clear();
    this.#letGo(projectId);
  }

  /** Nothing on the page. */
  #clear() {
    this.#asked += 1;
    this.session.hide();
    this.store.set({
      ...{ projectId: "", stage: "ready", status: t("Ready for a recording"), alarm: null, isWaiting: false },
      ...{ fileName: "", file: null, fileFacts: "", tuningCents: null, durationS: 0, doneS: 0, playheadS: 0 },
      ...{ heard: noNotes(), edits: NO_EDITS, part: null, peaks: null, arrangement: null, history: NO_HISTORY },
      options: this.hands.optionsOfNext(this.store.state.options),
    });
  }

  /**
   * Transcribe a project's recording anew, or a part of it; edits and what lies beside the part stay.
   * @param {string} id
   * @param {import("../store.js").TimeRange | null} [range]
   */
  async again(id, range = null) {
    const isShown = id === this.store.state.projectId;
    if (isShown && !this.session.runningId) this.session.announce(this.store.state.fileName);
    const library = await this.opened;
    if (!(await this.#take(id))) return;
    if (isShown) await this.autosave?.flush();
    library.change(id, { state: "waiting", reason: "" });
    this.turns.add([id], range);
  }

  /** @param {string} why the notes on the page cannot be decoded again */
  #offerAgain(why) {
    const { projectId, file } = this.store.state;
    if (!file) return;
    this.hands.notice.show("again", sentence(why), {
      label: t("Transcribe again"),
      act: () => void this.again(projectId),
    });
  }

  /** Delete, so that it can be had back until `purge`. @param {string} id */
  async remove(id) {
    const library = await this.opened;
    if (!(await this.#take(id))) return;
    this.turns.drop(id);
    if (id === this.store.state.projectId) {
      await this.autosave?.flush();
      this.#clear();
    }
    library.change(id, { isDeleted: true });
  }

  /** @param {string} id */
  async bringBack(id) {
    const library = await this.opened;
    library.change(id, { isDeleted: false });
    if (library.card(id)?.state === "waiting") this.turns.add([id]);
  }

  /** Remove for good what was deleted. */
  async purge() {
    const library = await this.opened;
    for (const { id, isDeleted } of library.projects) if (isDeleted && (await this.#take(id))) await this.#purge(id);
  }

  /** @param {string} id */
  async #purge(id) {
    this.turns.forget(id);
    await this.library?.remove(id);
    letGo(id);
  }

  /** What other tabs have and did meanwhile, for the list. @param {boolean} [isFirst] else since the look before */
  async look(isFirst = true) {
    const library = await this.opened;
    const before = this.elsewhere;
    this.elsewhere = await heldElsewhere();
    const mayDiffer = (/** @type {string} */ id) =>
      isFirst || !library.card(id) || before.has(id) || this.elsewhere.has(id);
    await library.read((id) => !isMine(id) && mayDiffer(id));
  }

  #tellUnkept() {
    const words = t(
      "This browser lets the page keep nothing: what you make is gone when the tab is closed or reloaded. Save notes or project before that.",
    );
    this.hands.notice.show("unkept", words);
  }

  /** @param {boolean} isFull */
  #tellFull(isFull) {
    const { notice } = this.hands;
    if (!isFull) return notice.hide("full");
    notice.show("full", t("Storage is full: edits are kept in this tab only. Export the project now, or free space."));
  }

  /** Resolves when everything is on disk. */
  async flush() {
    await this.opened;
    await this.turns.whenKept();
    await this.autosave?.flush();
    await this.whenCopied();
  }
}
