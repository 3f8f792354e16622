// The engine and what it works on: from a recording to notes, in the store where the page shows that recording, else kept
// with the run until it ends. Decides what every answer of the engine means.

import { PHASE_WORDS } from "../shared/messages.js";
import { joinNotes, noNotes } from "../shared/note-columns.js";
import { openAudio } from "./audio/audio-source.js";
import { brokenOff, engineFailed, noEngine, pageAfter, pageBroken, unreadable } from "./failures.js";
import { notesToSave } from "./notes-to-save.js";
import { fedOf, partToHear, placed, standing } from "./part.js";
import { Redecoder } from "./redecoder.js";
import { beginning, ending, nothing, progressOf, runOf } from "./run.js";
import { measured, noPeaks } from "./see/wave-peaks.js";
import { Transcriber } from "./transcriber.js";
import { t } from "./translate.js";
import { inARow, noteCount } from "./words.js";

/** @import { Store, State } from "./store.js" */
/** @import { TranscriberEvent } from "./transcriber.js" */
/** @import { FileKind, Options } from "../shared/messages.js" */
/** @import { AudioSource } from "./audio/audio-source.js" */
/** @import { Run, RunState, Order, Ended } from "./run.js" */

export class Session {
  /** What was measured, for tests and the curious (ms since the page began, or lengths). @type {Record<string, number>} */
  timings = {};
  #transcriber;
  #isReady = false;
  #ready = /** @type {PromiseWithResolvers<void>} */ (Promise.withResolvers());
  #booted = /** @type {PromiseWithResolvers<void>} */ (Promise.withResolvers());
  /** @type {Run | null} */
  #run = null;
  /** A run that waits till the engine is free. @type {Run | null} */
  #next = null;
  /** What has been opened before its turn. @type {WeakMap<File, AudioSource>} */
  #opened = new WeakMap();
  #startedMs = 0;
  #engineAlarm = "";
  #peaks = noPeaks();
  /** Told everything first; true where it was a take's. @type {(event: TranscriberEvent) => boolean} */
  isOfTake = () => false;

  /** @param {Store} store */
  constructor(store) {
    this.store = store;
    /** Asked to hear a part of what is on the page again, or all of it. @type {(range: import("./store.js").TimeRange | null) => void} */
    this.transcribeAgain = () => {};
    /** Told how far a run is. @type {(projectId: string, doneS: number, durationS: number) => void} */
    this.progressed = () => {};
    this.#transcriber = new Transcriber((event) => this.#hear(event));
    const { timings } = this;
    this.redecoder = new Redecoder(store, this.#transcriber, { isRunning: () => this.#run !== null, timings });
  }

  /** @returns {Promise<void>} */
  whenReady() {
    return this.#ready.promise;
  }

  /** Settled once the engine runs, or is known not to. @returns {Promise<void>} */
  whenBooted() {
    return this.#booted.promise;
  }

  get isReady() {
    return this.#isReady;
  }

  /** True from the last note of a run until it has been handed over. */
  get isEnding() {
    const stage = this.#run?.state?.stage;
    return stage === "done" || stage === "failed";
  }

  /** True where the engine could not be started. */
  get isBroken() {
    return this.#engineAlarm !== "";
  }

  /** The project that is being worked on, "" for none. */
  get runningId() {
    return (this.#run ?? this.#next)?.order.projectId ?? "";
  }

  /**
   * Transcribe a recording; one at a time. Shown, it replaces what is on the page once it is known to be readable.
   * @param {Order} order
   * @param {boolean} isShown
   * @returns {Promise<Ended>}
   */
  async transcribe(order, isShown) {
    const { store } = this;
    const { file } = order;
    const run = runOf(order, isShown);
    this.#next = run;
    while (this.redecoder.busy && !run.isStopped) await this.redecoder.busy;
    this.#next = null;
    if (run.isStopped) return nothing("stopped", "");
    this.#run = run;
    delete this.timings.firstNoteMs;
    let reason = "";
    try {
      if (isShown && !this.#engineAlarm) this.announce(file.name);
      const source = this.#opened.get(file) ?? (await openAudio(file));
      this.#opened.delete(file);
      await this.#booted.promise;
      if (this.#engineAlarm) {
        store.set({ alarm: this.#engineAlarm });
        return nothing("failed", this.#engineAlarm);
      }
      run.part = await partToHear(order.again, store.state.frameGrid, () =>
        this.redecoder.hold(order.projectId, order.options),
      );
      if (run.isStopped) return nothing("stopped", "");
      this.#begin(run, source);
      try {
        const { part } = run;
        const fed = measured(fedOf(source, part), part?.fedFromS ?? 0, this.#peaks, (peaks) => {
          this.#peaks = peaks;
        });
        await this.#transcriber.transcribe(fed, order.options, part);
      } catch (error) {
        if (this.#transcriber.blocksSent === 0 && !order.again) throw error;
        reason = this.#failLate(error, run);
      }
      await run.ended.promise;
      const state = /** @type {RunState | null} */ (run.state);
      reason ||= state?.stage === "failed" ? (state.alarm ?? "") : "";
      // without planes the notes are kept all the same; that settings no longer act is said where they are opened again
      const planes = this.isBroken ? null : await this.#transcriber.planes().catch(() => null);
      return { outcome: reason ? "failed" : run.isStopped ? "stopped" : "done", reason, state, planes };
    } catch (error) {
      return nothing("failed", this.#fail(error, run));
    } finally {
      this.#run = null;
      run.over.resolve();
      this.redecoder.decode(); // settings that were changed meanwhile
    }
  }

  /** Whether a recording can be opened; where it cannot, that is said, and what is on the page stays. @param {File} file */
  async canOpen(file) {
    try {
      this.#opened.set(file, await openAudio(file));
      return true;
    } catch (error) {
      const { what, advice } = unreadable(error, file.name);
      this.store.set({ alarm: pageAfter(this.store.state, what, advice).alarm });
      return false;
    }
  }

  /** Say at once that a recording is on its way to the page. @param {string} name */
  announce(name) {
    const { store } = this;
    if (this.#isReady) store.set({ stage: "running", alarm: null, status: t("Opening {name}", { name }) });
    else if (store.state.projectId) store.set({ alarm: null, status: t("{name} waits for the engine", { name }) });
    else store.set({ isWaiting: true, alarm: null, fileName: name, fileFacts: t("waits for the engine") });
  }

  /** @param {Run} run @param {AudioSource} source */
  #begin(run, source) {
    this.#startedMs = performance.now();
    this.store.set({ engineId: run.order.projectId });
    run.state = beginning(run.order, source, run.part, this.store.state);
    run.outside = run.part && !run.part.isAlone ? noNotes() : run.state.heard;
    this.#peaks = run.state.peaks ?? noPeaks();
    if (!run.isShown) return;
    this.redecoder.shows(run.order.options, run.outside);
    this.store.set(run.state);
  }

  /** What a run makes known: on the page where it is shown. @param {Partial<RunState>} change */
  #tell(change) {
    const run = this.#run;
    if (run?.state) run.state = { ...run.state, ...change };
    if (!run || run.isShown) this.store.set(change);
  }

  /** The page shows something else from now on; the run goes on. */
  hide() {
    if (this.#run) this.#run.isShown = false;
  }

  /** The page shows the run again. @param {Pick<State, "edits" | "history" | "options" | "playheadS">} made @returns {boolean} false: nothing to see yet */
  show(made) {
    const run = this.#run;
    if (run) run.isShown = true;
    if (!run?.state) return false;
    this.redecoder.shows(run.order.options, run.outside);
    this.store.set({ ...run.state, ...made });
    return true;
  }

  /** The recording could not be opened. @param {unknown} error @param {Run} run @returns {string} why */
  #fail(error, run) {
    const { store } = this;
    const { what, advice } = unreadable(error, run.order.file.name);
    if (!run.isShown) return inARow(what, advice);
    store.set(pageAfter(store.state, what, advice));
    return inARow(what, advice);
  }

  /** It broke off: the engine finishes what it got, and those notes come like any others. @param {unknown} error @param {Run} run */
  #failLate(error, run) {
    const alarm = brokenOff(error, run.order.file.name);
    this.#tell({ stage: "failed", alarm });
    return alarm;
  }

  /** Stop the run; what is done is kept. */
  cancel() {
    const run = this.#run ?? this.#next;
    if (!run) return;
    run.isStopped = true;
    if (this.#run && this.#transcriber.isRunning) return this.#transcriber.cancel();
    if (!run.state && run.isShown) {
      // still opening the file: forget it
      const { projectId, notes } = this.store.state;
      const status = projectId ? noteCount(notes.onsetS.length) : t("Ready for a recording");
      this.store.set({ stage: projectId ? "done" : "ready", isWaiting: false, status });
    }
  }

  /** Lend the engine to a take: nothing else begins on it till then. @param {Promise<unknown>} end @returns {Promise<Transcriber>} */
  async lend(end) {
    this.cancel();
    const before = [this.redecoder.busy, this.#run?.over.promise];
    this.redecoder.occupy(end.then(() => this.#transcriber.forget()));
    await Promise.all(before);
    this.redecoder.forget();
    this.store.set({ engineId: "" });
    return this.#transcriber;
  }

  /** Null while the engine is at work on another recording than the page shows. @param {Parameters<Transcriber["underlay"]>} window */
  async underlay(...window) {
    return this.redecoder.isAtHand ? this.#transcriber.underlay(...window) : null;
  }

  /** Candidates below the present bar; null where they cannot be had. */
  async ghosts() {
    if (!this.redecoder.isAtHand) return null;
    const columns = await this.#transcriber.ghosts();
    return columns && placed(columns, this.store.state.part);
  }

  /** @param {State["notes"]} notes @param {Options} options */
  async arrange(notes, options) {
    await this.#ready.promise;
    const startedMs = performance.now();
    const arranged = await this.#transcriber.arrange(notes, options);
    this.timings.arrangeMs = performance.now() - startedMs;
    return arranged;
  }

  /** @param {FileKind} kind @param {string} title */
  async exportFile(kind, title) {
    const { options, analysis } = this.store.state;
    if (kind === "npz" && !this.redecoder.isAtHand) throw new Error(t("the engine is at work on another recording"));
    return this.#transcriber.exportFile(kind, options, title, notesToSave(this.store.state), analysis);
  }

  /** Makes files of any notes. */
  get exporter() {
    return this.#transcriber;
  }

  /** @param {TranscriberEvent} event */
  #hear(event) {
    const { store } = this;
    if (this.isOfTake(event)) return;
    if (event.type === "phase") {
      store.set({ status: `${t(PHASE_WORDS[event.name])}…` });
    } else if (event.type === "ready") {
      this.#isReady = true;
      store.set({ frameGrid: { framesPerS: event.framesPerS, lowestPitch: event.lowestPitch } });
      Object.assign(this.timings, event.phases, { threads: event.threads, readyMs: performance.now() });
      if (store.state.stage === "booting") store.set({ stage: "ready", status: t("Ready for a recording") });
      else store.set({ status: noteCount(store.state.notes.onsetS.length) });
      this.#ready.resolve();
      this.#booted.resolve();
    } else if (event.type === "progress") {
      this.#hearProgress(event.doneS);
    } else if (event.type === "notes") {
      this.#takeNotes(event);
    } else if (event.type === "failed") {
      this.#hearFailure(event);
    }
  }

  /** @param {number} fedS */
  #hearProgress(fedS) {
    const { state, part } = this.#run ?? {};
    if (!state) return;
    const { lengthS, ...change } = progressOf(state, part ?? null, fedS, (performance.now() - this.#startedMs) / 1000);
    this.#tell({ ...change, peaks: this.#peaks });
    this.progressed(state.projectId, fedS, lengthS);
  }

  /** @param {Extract<TranscriberEvent, { type: "notes" }>} event */
  #takeNotes({ columns: found, whole, ms, tuningCents }) {
    if (this.redecoder.isAsked) return this.redecoder.take(found, ms, tuningCents);
    const run = this.#run;
    if (!run?.state) return;
    const { part, outside } = standing(run, whole);
    const notes = placed(found, part);
    const tookMs = performance.now() - this.#startedMs;
    if (!whole) {
      this.timings.firstNoteMs ??= tookMs;
      return this.#tell({ heard: joinNotes(run.state.heard, notes) });
    }
    run.outside = outside;
    if (run.isShown) this.redecoder.shows(run.order.options, outside);
    const columns = joinNotes(outside, notes);
    if (run.state.stage !== "failed") this.timings.transcribeMs = tookMs;
    this.#tell({ ...ending(run, run.state, columns, tookMs), tuningCents, part });
    run.ended.resolve();
  }

  /** @param {Extract<TranscriberEvent, { type: "failed" }>} event */
  #hearFailure({ during, reason, message }) {
    if (during === "redecode") this.redecoder.end();
    if (during === "open") {
      this.#engineAlarm = noEngine(message);
      const change = { status: t("The engine is not running"), alarm: this.#engineAlarm, isWaiting: false };
      this.store.set({ stage: "failed", ...change });
      this.#booted.resolve();
      this.#run?.ended.resolve();
      return;
    }
    this.#tell(pageBroken(this.store.state, reason ? message : engineFailed(message)));
    if (during === "transcribe") this.#run?.ended.resolve(); // else the engine sends what it has
  }
}
