// One recording at a time: from a chosen file to notes in the store. Decides what every answer of the engine means.

import { PHASE_WORDS } from "../shared/messages.js";
import { joinNotes, noNotes } from "../shared/note-columns.js";
import { later, rowsOf, rowsWithin } from "../shared/note-rows.js";
import { openAudio } from "./audio/audio-source.js";
import { BadRecording } from "./audio/bad-recording.js";
import { partOf } from "./audio/part-source.js";
import { NO_EDITS } from "./edit/edits.js";
import { measured, noPeaks, PeakMeter } from "./see/wave-peaks.js";
import { Transcriber } from "./transcriber.js";
import { t } from "./translate.js";
import { channelWord, noteCount, timeLeft } from "./words.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./transcriber.js").TranscriberEvent} TranscriberEvent */
/** @typedef {import("../shared/messages.js").FileKind} FileKind */
/** @typedef {import("../shared/messages.js").Options} Options */
/** @typedef {Extract<TranscriberEvent, { type: "live" }>} LiveReply */

const LEAD_S = 3; // heard before a part, so that level and tuning are known where it begins
const RING_S = 1; // and after it, so that its last notes end by themselves

export class Session {
  /** What was measured, for tests and the curious (ms since the page began, or lengths). @type {Record<string, number>} */
  timings = {};
  #transcriber;
  #isReady = false;
  /** @type {() => void} */
  #becomeReady = () => {};
  /** @type {Promise<void>} */
  #ready = new Promise((resolve) => {
    this.#becomeReady = resolve;
  });
  #turn = 0;
  #startedMs = 0;
  #isCancelled = false;
  #isRedecoding = false;
  #engineAlarm = "";
  /** Notes beside the part that the engine hears. */
  #outside = noNotes();
  #peaks = noPeaks();
  /** @type {Options | null} */
  #decodedWith = null;
  /** Told what is heard while a take is played. @type {(reply: LiveReply) => void} */
  onLive = () => {};
  /** A take's notes that came before the take itself. @type {Extract<TranscriberEvent, { type: "notes" }> | null} */
  #early = null;
  /** Options of the first stage only: a new tempo needs no new notes. @param {Options} options */
  #decodeKey = (options) => JSON.stringify(this.decodeNames.map((name) => options[name]));

  /**
   * @param {Store} store
   */
  constructor(store) {
    this.store = store;
    /** Options that change the notes; known once the table of options is there. @type {string[]} */
    this.decodeNames = [];
    this.#transcriber = new Transcriber((event) => this.#hear(event));
  }

  /** @returns {Promise<void>} */
  whenReady() {
    return this.#ready;
  }

  /**
   * Transcribe a file; it replaces the one before, whose notes stay until this one is known to be readable.
   * @param {File} file
   */
  async choose(file) {
    const { store } = this;
    if (this.#engineAlarm) return store.set({ alarm: this.#engineAlarm });
    const turn = ++this.#turn;
    delete this.timings.firstNoteMs;
    this.#transcriber.cancel();
    try {
      if (this.#isReady) store.set({ stage: "running", alarm: null, status: t("Opening {name}", { name: file.name }) });
      else store.set({ isWaiting: true, alarm: null, fileName: file.name, fileFacts: t("waits for the engine") });
      const source = await openAudio(file);
      await this.#ready;
      if (turn !== this.#turn) return;
      this.#startedMs = performance.now();
      this.#isCancelled = false;
      const facts = [source.format, `${source.rateHz / 1000} kHz`, channelWord(source.channels)].join(", ");
      store.set({
        stage: "running",
        isWaiting: false,
        alarm: null,
        status: t("Listening to {name}", { name: file.name }),
        fileName: file.name,
        file,
        fileFacts: facts,
        tuningCents: null,
        durationS: source.durationS ?? 0,
        doneS: 0,
        heard: noNotes(),
        edits: NO_EDITS,
        playheadS: 0,
        part: null,
        peaks: null,
      });
      this.#outside = noNotes();
      this.#peaks = noPeaks();
      this.#decodedWith = store.state.options;
      try {
        await this.#transcriber.transcribe(this.#metered(source, 0), store.state.options);
      } catch (error) {
        if (turn !== this.#turn) return;
        if (this.#transcriber.blocksSent === 0) throw error;
        this.#failLate(error, file.name);
      }
    } catch (error) {
      if (turn === this.#turn) this.#fail(error, file.name);
    }
  }

  /**
   * Hear a part of the present recording again, or all of it (null). Notes beside the part stay, and so does every edit.
   * @param {import("./store.js").TimeRange | null} range
   */
  async transcribeAgain(range) {
    const { store } = this;
    const { file } = store.state;
    if (!file) return;
    const turn = ++this.#turn;
    this.#transcriber.cancel();
    try {
      const source = await openAudio(file);
      if (turn !== this.#turn) return;
      this.#startedMs = performance.now();
      this.#isCancelled = false;
      const { heard, options } = store.state;
      const fedFromS = range ? Math.max(0, range.fromS - LEAD_S) : 0;
      const isBeside = new Set(range ? rowsWithin(heard, range.fromS, range.toS) : []);
      const rows = [...heard.onsetS.keys()].filter((row) => !isBeside.has(row));
      this.#outside = range ? rowsOf(heard, rows) : noNotes();
      store.set({
        stage: "running",
        alarm: null,
        status: t("Listening to {name}", { name: file.name }),
        doneS: fedFromS,
        heard: this.#outside,
        part: range && { ...range, fedFromS },
      });
      this.#decodedWith = options;
      const fed = range ? partOf(source, fedFromS, range.toS + RING_S) : source;
      await this.#transcriber.transcribe(this.#metered(fed, fedFromS), options);
    } catch (error) {
      if (turn === this.#turn) this.#failLate(error, file.name);
    }
  }

  /** @param {import("./audio/audio-source.js").AudioSource} source @param {number} startS where it begins in the recording */
  #metered(source, startS) {
    const meter = new PeakMeter(source.rateHz, source.channels, startS);
    return measured(source, (pcm) => {
      this.#peaks = meter.take(this.#peaks, pcm);
    });
  }

  /** Notes as the engine gives them, where they lie in the recording. @param {import("./transcriber.js").NoteColumns} columns */
  #placed(columns) {
    const { part } = this.store.state;
    if (!part) return columns;
    const moved = later(columns, part.fedFromS);
    return rowsOf(moved, rowsWithin(moved, part.fromS, part.toS));
  }

  /** @param {Parameters<Transcriber["underlay"]>} window */
  underlay(...window) {
    return this.#transcriber.underlay(...window);
  }

  /** Candidates below the present bar; null where they cannot be had. */
  async ghosts() {
    const columns = await this.#transcriber.ghosts();
    return columns && this.#placed(columns);
  }

  /** @param {unknown} error @param {string} name */
  #fail(error, name) {
    const { store } = this;
    const isKnown = error instanceof BadRecording;
    const what = isKnown
      ? error.message
      : t("“{name}” could not be read to its end ({why}).", { name, why: errorWords(error) });
    const advice = isKnown ? error.advice : t("Convert it to WAV or FLAC and open that.");
    const kept =
      store.state.notes.onsetS.length > 0 ? t("The notes on the page are kept.") : t("Nothing else changed.");
    const hadNotes = store.state.notes.onsetS.length > 0;
    store.set({
      stage: "failed",
      isWaiting: false,
      alarm: `${what} ${kept} ${advice}`,
      status: hadNotes ? noteCount(store.state.notes.onsetS.length) : t("Ready for a recording"),
      fileName: hadNotes ? store.state.fileName : "",
      fileFacts: hadNotes ? store.state.fileFacts : "",
    });
  }

  /**
   * The recording broke off: the engine finishes what it got, and those notes come like any others.
   * @param {unknown} error @param {string} name
   */
  #failLate(error, name) {
    const why = errorWords(error);
    this.store.set({
      stage: "failed",
      alarm: t(
        "“{name}” could not be read to its end ({why}). The notes up to there are kept. For the rest, convert it to WAV or FLAC and open that.",
        { name, why },
      ),
    });
  }

  /**
   * A take begins: it replaces the recording before; its notes come while it is played (`onLive`).
   * @param {{ name: string, mode: import("../shared/messages.js").LiveMode, rateHz: number, channels: number,
   *   port: MessagePort }} take
   */
  beginTake({ name, ...take }) {
    this.#turn += 1;
    this.#isCancelled = false;
    this.#early = null;
    this.store.set({
      stage: "running",
      isRecording: true,
      isWaiting: false,
      alarm: this.#engineAlarm || null,
      fileName: name,
      file: null,
      fileFacts: "",
      tuningCents: null,
      durationS: 0,
      doneS: 0,
      heard: noNotes(),
      edits: NO_EDITS,
      playheadS: 0,
    });
    const { options } = this.store.state;
    this.#decodedWith = options;
    this.#transcriber.live({ ...take, options });
  }

  /**
   * The take is over: a recording like any other from here on. null: it was stopped before it began.
   * @param {File | null} file
   * @param {import("../shared/messages.js").LiveMode} mode
   * @param {{ rateHz: number, channels: number, durationS: number }} sound
   */
  endTake(file, mode, { rateHz, channels, durationS }) {
    const { store } = this;
    store.set({ isRecording: false });
    if (!file) {
      this.#transcriber.forget();
      return store.set({
        stage: this.#isReady ? "ready" : "booting",
        fileName: "",
        status: t("Ready for a recording"),
      });
    }
    // One voice alone was followed, or the engine failed: the take is transcribed like a file.
    if (mode === "play" || store.state.stage !== "running") return this.choose(file);
    this.#startedMs = performance.now();
    const fileFacts = ["WAV", `${rateHz / 1000} kHz`, channelWord(channels)].join(", ");
    const status = t("Listening to {name}", { name: file.name });
    store.set({ file, fileName: file.name, fileFacts, durationS, status });
    if (this.#early) this.#takeNotes(this.#early);
    this.#early = null;
  }

  cancel() {
    this.#isCancelled = true;
    if (this.#transcriber.isRunning) return this.#transcriber.cancel();
    this.#turn += 1; // still opening the file: forget it
    this.store.set({ stage: "done", status: noteCount(this.store.state.notes.onsetS.length) });
  }

  /** Notes again under the options in the store; asked for at once, and once more if they changed meanwhile. */
  redecode() {
    const { options, stage } = this.store.state;
    if (this.#isRedecoding || this.#transcriber.isRunning || (stage !== "done" && stage !== "failed")) return;
    if (!this.#decodedWith || this.#decodeKey(options) === this.#decodeKey(this.#decodedWith)) return;
    this.#isRedecoding = true;
    this.#startedMs = performance.now();
    this.#decodedWith = options;
    this.#transcriber.redecode(options);
  }

  /** @param {import("../shared/note-columns.js").NoteColumns} notes @param {Options} options */
  async arrange(notes, options) {
    await this.#ready;
    const startedMs = performance.now();
    const arranged = await this.#transcriber.arrange(notes, options);
    this.timings.arrangeMs = performance.now() - startedMs;
    return arranged;
  }

  /** @param {FileKind} kind @param {string} title */
  exportFile(kind, title) {
    const { options, notes, analysis } = this.store.state;
    return this.#transcriber.exportFile(kind, options, title, notes, analysis);
  }

  /** @param {TranscriberEvent} event */
  #hear(event) {
    const { store } = this;
    if (event.type === "phase") {
      store.set({ status: `${t(PHASE_WORDS[event.name])}…` });
    } else if (event.type === "ready") {
      this.#isReady = true;
      store.set({ frameGrid: { framesPerS: event.framesPerS, lowestPitch: event.lowestPitch } });
      this.timings = { ...this.timings, ...event.phases, threads: event.threads, readyMs: performance.now() };
      if (store.state.stage === "booting") store.set({ stage: "ready", status: t("Ready for a recording") });
      this.#becomeReady();
    } else if (event.type === "progress") {
      const { part } = store.state;
      const startS = part?.fedFromS ?? 0;
      const lengthS = part ? part.toS + RING_S - startS : store.state.durationS;
      const spentS = (performance.now() - this.#startedMs) / 1000;
      const leftS = lengthS > 0 ? (spentS / event.doneS) * Math.max(0, lengthS - event.doneS) : 0;
      const left = lengthS > 0 ? `, ${timeLeft(leftS)}` : "";
      const doneS = startS + event.doneS;
      store.set({
        doneS,
        peaks: this.#peaks,
        status: `${t("Listening")}: ${noteCount(store.state.notes.onsetS.length)}${left}`,
      });
    } else if (event.type === "live") {
      this.onLive(event);
    } else if (event.type === "notes") {
      if (store.state.isRecording) this.#early = event;
      else this.#takeNotes(event);
    } else {
      this.#hearFailure(event);
    }
  }

  /** @param {Extract<TranscriberEvent, { type: "notes" }>} event */
  #takeNotes({ columns: found, whole, ms, tuningCents }) {
    const { store } = this;
    const placed = this.#placed(found);
    if (!whole) {
      this.timings.firstNoteMs ??= performance.now() - this.#startedMs;
      store.set({ heard: joinNotes(store.state.heard, placed) });
      return;
    }
    const columns = joinNotes(this.#outside, placed);
    const tookMs = performance.now() - this.#startedMs;
    const words = noteCount(columns.onsetS.length);
    store.set({ tuningCents });
    if (this.#isRedecoding) {
      this.#isRedecoding = false;
      Object.assign(this.timings, { redecodeMs: tookMs, redecodeWorkerMs: ms, redecodedMs: performance.now() });
      store.set({ heard: columns, status: words });
    } else if (store.state.stage !== "failed") {
      this.timings.transcribeMs = tookMs;
      const count = words;
      const sentence = this.#isCancelled
        ? t("{count}, stopped early; what was done is kept", { count })
        : t("{count} in {seconds} s", { count, seconds: (tookMs / 1000).toFixed(1) });
      const { doneS, durationS } = store.state;
      store.set({
        stage: "done",
        heard: columns,
        status: sentence,
        doneS: this.#isCancelled ? doneS : durationS || doneS,
      });
    } else {
      store.set({ heard: columns, status: words });
    }
    this.redecode();
  }

  /** @param {Extract<TranscriberEvent, { type: "failed" }>} event */
  #hearFailure({ during, message }) {
    this.#isRedecoding = false;
    if (during === "open") {
      this.#engineAlarm = t(
        "The engine could not be started ({why}). Nothing was lost. Reload the page; if that does not help, use a current Chromium or Firefox.",
        { why: message },
      );
      this.store.set({
        stage: "failed",
        status: t("The engine is not running"),
        alarm: this.#engineAlarm,
        isWaiting: false,
      });
      return;
    }
    const sentence = `${message.charAt(0).toUpperCase()}${message.slice(1)}${message.endsWith(".") ? "" : "."}`;
    const kept =
      this.store.state.notes.onsetS.length > 0 ? t("The notes so far are kept.") : t("Nothing else changed.");
    this.store.set({ stage: "failed", alarm: `${sentence} ${kept}`, status: t("Ready for a recording") });
  }
}

/** @param {unknown} error */
function errorWords(error) {
  return error instanceof Error ? error.message.replace(/\.$/, "") : String(error);
}
