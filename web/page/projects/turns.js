// Recordings that take turns on the engine: what comes next, what gives way to another, and what is kept of each at its end.
import { t } from "../translate.js";
import { Queue } from "./queue.js";

/** @typedef {import("./library.js").Library} Library */
/** @typedef {import("./project.js").Project} Project */
/** @typedef {import("../session.js").Session} Session */
/** @typedef {import("../store.js").Store} Store */
/** @typedef {import("../store.js").TimeRange} TimeRange */

export class Turns {
  /** What was brought in with others, in order. @type {string[]} */
  batch = [];
  /** How much of the one that is worked on is done, 0-1. */
  doneShare = 0;
  /** Called when `doneShare` changed, and when nothing waits any more. @type {() => void} */
  onChange = () => {};
  /** The work on the present one. @type {Promise<void>} */
  #working = Promise.resolve();
  #queue = new Queue(
    (id) => {
      this.#working = this.#work(id);
      return this.#working;
    },
    () => this.#rest(),
  );
  /** Of recordings that take the page when their turn comes. @type {Set<string>} */
  #toShow = new Set();
  /** Files that were opened by themselves in this visit and of which it is not known whether they can be read. @type {Set<string>} */
  #unproven = new Set();
  /** Runs that were stopped for a file, and for a take. @type {Set<string>} */
  #gaveWay = new Set();
  /** @type {Set<string>} */
  #toResume = new Set();
  /** What of a project is to be heard again. @type {Map<string, TimeRange>} */
  #ranges = new Map();

  /**
   * @param {Store} store @param {Session} session @param {Promise<Library>} opened
   * @param {{ optionsOf(saved: Project["options"]): Project["options"], letGo(id: string): void }} hands `letGo` is told
   *   what is over, so that other tabs may have it
   */
  constructor(store, session, opened, hands) {
    this.store = store;
    this.session = session;
    this.opened = opened;
    this.hands = hands;
    session.progressed = (_, doneS, durationS) => {
      this.doneShare = durationS > 0 ? Math.min(1, doneS / durationS) : 0;
      this.onChange();
    };
  }

  get waiting() {
    return this.#queue.waiting;
  }

  get isWorking() {
    return this.#queue.isWorking;
  }

  /** A take has page and engine. */
  get isPaused() {
    return this.#queue.isHeld;
  }

  /**
   * One that was opened by itself: it is next, takes the page, and what is worked on gives way and goes on later.
   * @param {Project} card @param {boolean} isTake made here: kept whatever becomes of it
   */
  async takeNext({ id, fileName }, isTake) {
    if (!isTake) {
      this.#unproven.add(id);
      if (this.session.runningId && !(await this.#isReadable(id))) return;
    }
    this.#toShow.add(id);
    const { runningId } = this.session;
    if (runningId) {
      this.#gaveWay.add(runningId);
      this.session.cancel();
      this.session.announce(fileName);
    }
    this.#queue.addFirst(id);
  }

  /** Nothing gives way to what cannot be opened: that is said and is gone again. @param {string} id */
  async #isReadable(id) {
    const library = await this.opened;
    const file = await library.recording(id);
    if (file && (await this.session.canOpen(file))) return true;
    this.#unproven.delete(id);
    await library.remove(id);
    this.hands.letGo(id);
    return false;
  }

  /** Several that were opened together; the first takes the page where nothing is worked on. @param {readonly string[]} ids */
  addBatch(ids) {
    this.batch.push(...ids);
    if (!this.session.runningId) this.#toShow.add(ids[0] ?? "");
    this.add(ids);
  }

  /** To the end of the line. @param {readonly string[]} ids @param {TimeRange | null} [range] only this is heard, anew */
  add(ids, range = null) {
    for (const id of ids) if (range) this.#ranges.set(id, range);
    this.#queue.add(ids);
  }

  /** It is to be deleted: out of the line, and no further. @param {string} id */
  drop(id) {
    this.#queue.remove(id);
    if (id === this.session.runningId) this.session.cancel();
  }

  /** It is deleted for good. @param {string} id */
  forget(id) {
    this.batch = this.batch.filter((other) => other !== id);
  }

  /** A take wants the engine: what is being transcribed stops, and is taken up again after `goOn`. */
  pause() {
    this.#queue.hold();
    const { runningId } = this.session;
    if (runningId && !this.session.isEnding) this.#toResume.add(runningId);
  }

  goOn() {
    this.#queue.goOn();
  }

  /** Settled once the notes of a run that has ended are kept; one that still runs is not waited for. */
  async whenKept() {
    if (this.session.isEnding) await this.#working;
  }

  /** @param {string} id */
  async #work(id) {
    const library = await this.opened;
    const card = library.card(id);
    if (!card || card.isDeleted) return;
    const [file, edits] = [await library.recording(id), await library.edits(id)];
    const isShown = this.#toShow.delete(id) || this.store.state.projectId === id || !this.store.state.projectId;
    if (!file) {
      const reason = t(
        "The recording was not kept whole: the page was closed while it was being copied. Open it again.",
      );
      library.change(id, { state: "failed", reason });
      if (isShown) this.store.set({ alarm: `“${card.fileName}”: ${reason}`, isWaiting: false });
      return this.hands.letGo(id);
    }
    this.doneShare = 0;
    library.change(id, { state: "running", reason: "" });
    const shownBefore = this.store.state.projectId;
    const range = this.#ranges.get(id) ?? null;
    this.#ranges.delete(id);
    const { part, doneS, durationS } = card;
    const { heard: before, peaks } = await library.contents(id);
    const isAgain = range || before.onsetS.length > 0;
    const again = isAgain ? { range, before, peaks, isWhole: !part, doneS, durationS } : undefined;
    const { optionsOf } = this.hands;
    const options = optionsOf(card.options);
    const history = await library.history(id, { edits, options }, optionsOf);
    const order = { projectId: id, file, options, edits, history, again };
    const ended = await this.session.transcribe(order, isShown);
    await this.#keep(id, ended, options, range);
    if (shownBefore !== this.store.state.projectId) this.hands.letGo(shownBefore);
    this.hands.letGo(id);
  }

  /** @param {string} id @param {import("../run.js").Ended} ended @param {Project["options"]} decodedWith @param {TimeRange | null} range */
  async #keep(id, { outcome, reason, state, planes }, decodedWith, range) {
    const library = await this.opened;
    const card = library.card(id);
    if (!card) return;
    const gaveWay = this.#gaveWay.delete(id) && outcome !== "failed" && !card.isDeleted;
    if (this.#toResume.delete(id) || gaveWay) {
      library.change(id, { state: "waiting" });
      return this.add([id], range);
    }
    if (this.session.isBroken) return library.change(id, { state: "waiting" }); // for the engine of another visit
    const isUnreadable = outcome === "failed" && !state;
    // what was not there before this visit goes again; whoever opened it still has it
    if (this.#unproven.delete(id) && isUnreadable) return library.remove(id);
    if (!state) return library.change(id, { state: outcome, reason });
    const { fileFacts, durationS, doneS, tuningCents, heard, part, peaks } = state;
    const noteCount = this.store.state.projectId === id ? this.store.state.notes.onsetS.length : heard.onsetS.length;
    await Promise.all([
      library.saveNotes(id, heard, decodedWith),
      planes && library.savePlanes(id, planes),
      peaks && library.savePeaks(id, peaks),
    ]);
    const facts = { fileFacts, durationS: durationS || doneS, doneS, tuningCents, noteCount, part };
    const now = library.card(id); // it may have been changed meanwhile, or removed
    if (now) await library.put({ ...now, ...facts, state: outcome, reason });
  }

  async #rest() {
    this.session.redecoder.takeOver();
    this.onChange();
    if ((await this.opened).parts.areKept) navigator.storage?.persist?.(); // there is something to lose now
  }
}
