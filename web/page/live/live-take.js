// One take: sound in, notes out while it is played, and in the end a recording with its notes. Whatever happens on the
// way (the input is unplugged, the engine fails, the machine is slow), what was heard is kept.

import { ON } from "../../shared/live-events.js";
import { errorWords } from "../failures.js";
import { t } from "../translate.js";
import { clock, inARow } from "../words.js";
import { Capture } from "./capture.js";
import { NoInput, openInput } from "./inputs.js";
import { KeptTake, takeName } from "./kept-take.js";
import { LiveClock } from "./live-clock.js";
import { LiveInstrument } from "./live-instrument.js";
import { LiveNotes } from "./live-notes.js";
import { isOnGrid } from "./live-settings.js";
import { Metronome } from "./metronome.js";
import { stayAwake } from "./stay-awake.js";

/** @typedef {import("./live-settings.js").LiveSettings} LiveSettings */
/** @typedef {import("../../shared/note-columns.js").NoteColumns} NoteColumns */
/** @typedef {Omit<Parameters<import("../transcriber.js").Transcriber["live"]>[0], "options">} Handed */

/** @typedef {{ capture: Capture, kept: KeptTake, clock: LiveClock, notes: LiveNotes, settings: LiveSettings,
 *   name: string, instrument: LiveInstrument | null, metronome: Metronome | null, letSleep: () => void, isTold: boolean,
 *   told: PromiseWithResolvers<NoteColumns | null> }} Take `told`: the engine has done with it, or will never begin */

const CLIPPED = 0.999;
const TELL_MS = 250;

export class LiveTake {
  /** @type {Take | null} */
  #take = null;
  #clock = new LiveClock(1);
  /** Notes of the last take as the engine had them in the end. @type {NoteColumns | null} */
  heard = null;
  /** The take that the engine hears: this one, or one that has been stopped. @type {Take | null} */
  #heardBy = null;
  /** Takes that are not on the disk yet. */
  #unsaved = 0;
  #isAsking = false;
  #told = 0;

  /**
   * @param {import("../store.js").Store} store
   * @param {import("../session.js").Session} session
   * @param {import("../projects/projects.js").Projects} projects
   * @param {import("./midi-out.js").MidiOut} midi
   * @param {{ sound(peak: number, isClipped: boolean): void, notes(): void, over(): void }} hear
   */
  constructor(store, session, projects, midi, hear) {
    this.store = store;
    this.session = session;
    this.projects = projects;
    this.midi = midi;
    this.hear = hear;
    session.isOfTake = (event) => this.#hearEngine(event);
    window.addEventListener("beforeunload", (event) => {
      if (!this.#take && this.#unsaved === 0 && !projects.library?.parts.holdsSound) return;
      if (this.#take) this.silence(); // the page stands still while it is asked, and no note would end
      event.preventDefault(); // the browser asks before the take is lost
    });
    window.addEventListener("pagehide", () => this.#take?.instrument?.silence());
    store.listen((state, changed) => {
      const instrument = this.#take?.instrument;
      if (instrument && changed.has("options")) instrument.program = programOf(state.options);
    });
  }

  /** What was measured of the take under way, or of the last one. */
  get figures() {
    const { marks, told, busyMs, doneS, rateHz, behindS, lostS, driftMs } = this.#clock;
    const heard = Object.entries(this.heard ?? {}).map(([name, column]) => [name, Array.from(column)]);
    const sampledProgram = this.#take?.instrument?.sampledProgram ?? null;
    return {
      marks,
      told,
      busyMs,
      doneS,
      rateHz,
      behindS,
      lostS,
      driftMs,
      sampledProgram,
      unsaved: this.#unsaved,
      heard: Object.fromEntries(heard),
    };
  }

  /** The take under way. */
  get now() {
    return this.#take;
  }

  /** @param {LiveSettings} settings @param {number} beats in a bar */
  async start(settings, beats) {
    if (this.#take || this.#isAsking) return;
    this.#isAsking = true;
    /** @type {Capture | null} */
    let capture = null;
    try {
      const input = settings.input;
      const stream = await openInput(input === "shared" ? { kind: "shared" } : { kind: "device", deviceId: input });
      capture = await this.#open(stream); // nothing of it is kept before it is told where the take begins
      await this.projects.makeWay();
      if (capture.lostWhy) throw new NoInput(inARow(capture.lostWhy, t("Nothing was recorded.")));
      this.#begin(capture, settings, beats);
    } catch (error) {
      const alarm =
        error instanceof NoInput
          ? error.message
          : t("Recording could not start ({why}). Nothing else changed.", { why: errorWords(error) });
      if (!this.#take) {
        capture?.stop();
        this.projects.goOn();
      }
      this.store.set({ alarm });
    } finally {
      this.#isAsking = false;
    }
  }

  /** @param {MediaStream} stream */
  #open(stream) {
    let warned = "";
    return Capture.open(stream, {
      piece: (pcm, heardMs) => this.#hearSound(pcm, heardMs),
      level: (peak) => this.hear.sound(peak, peak >= CLIPPED),
      // a notice, for alarms make way when the take is opened as a recording
      lost: (sentence) => {
        if (!this.#take) return; // `start` says so
        this.#hush();
        this.projects.hands.notice.show("take", inARow(sentence, t("What was recorded is kept.")));
      },
      paused: () => this.midi.allOff(),
      warn: (sentence) => {
        warned = sentence;
        this.store.set({ alarm: sentence });
      },
      calm: (sentence) => {
        if (this.store.state.alarm === warned) this.store.set({ alarm: null });
        this.projects.hands.notice.show("take", sentence);
      },
      ended: (isWhole) => this.#end(isWhole),
    });
  }

  /** @param {Capture} capture @param {LiveSettings} settings @param {number} beats */
  #begin(capture, settings, beats) {
    const { context, rateHz, channels } = capture;
    const metronome = isOnGrid(settings) ? new Metronome(context, settings.tempoBpm, beats) : null;
    /** @type {Take} */
    const take = {
      capture,
      kept: new KeptTake(rateHz, channels),
      clock: new LiveClock(rateHz),
      notes: new LiveNotes(),
      settings,
      name: takeName(new Date()),
      instrument: settings.isHeard ? new LiveInstrument(context, programOf(this.store.state.options)) : null,
      metronome,
      letSleep: stayAwake(),
      isTold: false,
      told: Promise.withResolvers(),
    };
    this.#take = take;
    this.projects.hands.notice.hide("take"); // of the take before
    this.#clock = take.clock;
    const { name } = take;
    const status = t("Ready for a recording");
    this.store.set({ isRecording: true, stage: "running", alarm: null, fileName: name, status });
    void this.#hand(take, { mode: settings.mode, rateHz, channels, port: capture.enginePort });
    // A player plays to the click as it is heard, and is heard later still: the take's first sample is the one that a
    // note on the first beat begins with.
    const firstS = metronome ? metronome.start(settings.countInBars, settings.hasClick) + capture.roundTripS : 0;
    capture.beginAt(firstS);
    this.#told = 0;
    this.#tell();
  }

  /** Stop; the take follows as a recording. */
  stop() {
    this.#hush();
    this.#take?.capture.stop();
  }

  /** Nothing of the take sounds any more; the audio thread may take seconds to hand over the last of it. */
  #hush() {
    this.midi.allOff();
    this.#take?.instrument?.end();
  }

  /** Silence at once, in the port and in the instrument; the take goes on. */
  silence() {
    this.midi.silence();
    this.#take?.instrument?.silence();
  }

  /** @param {Float32Array<ArrayBuffer>} pcm @param {number} heardMs */
  #hearSound(pcm, heardMs) {
    const take = this.#take;
    if (!take) return;
    take.kept.add(pcm);
    take.clock.hear(pcm.length / take.kept.channels, heardMs);
    let peak = 0;
    for (const sample of pcm) peak = Math.max(peak, Math.abs(sample));
    this.hear.sound(peak, peak >= CLIPPED);
    if (performance.now() - this.#told >= TELL_MS) this.#tell();
  }

  #tell() {
    const take = this.#take;
    if (!take) return;
    this.#told = performance.now();
    const time = clock(take.kept.timeS);
    const isCounting = take.metronome && take.kept.frames === 0;
    const status = isCounting ? t("Counting in") : t("Recording {time}; press again to stop", { time });
    const { doneS } = take.clock;
    this.store.set(take.notes.settle(doneS) ? { status, doneS, heard: take.notes.ended } : { status, doneS });
  }

  /**
   * Give the engine the take, and keep what it has heard in the end: null where it followed one voice or failed.
   * @param {Take} take
   * @param {Handed} handed
   */
  async #hand(take, handed) {
    const engine = await this.session.lend(take.told.promise);
    if (this.session.isBroken) finish(take, null);
    if (take.isTold) take.capture.leaveEngine();
    else {
      this.#heardBy = take;
      engine.live({ ...handed, options: this.store.state.options });
    }
    this.heard = await take.told.promise;
    if (this.#heardBy === take) this.#heardBy = null;
  }

  /** True where the event is about a take. @param {import("../transcriber.js").TranscriberEvent} event */
  #hearEngine(event) {
    const take = this.#heardBy;
    if (!take) return false;
    if (event.type === "live") {
      if (take === this.#take) this.#hearEvents(take, event);
      if (event.isLast) finish(take, null);
      return true;
    }
    if (event.type === "notes") finish(take, event.columns);
    if (event.type !== "failed") return event.type === "notes";
    finish(take, null);
    take.capture.leaveEngine();
    if (take === this.#take) this.#endNotes(take); // what has begun would sound for ever
    if (event.during !== "live") return false;
    if (take !== this.#take) return true;
    const why = errorWords(event.message);
    this.store.set({
      alarm: t("Notes stopped coming ({why}). The take goes on and is transcribed when you stop.", { why }),
    });
    return true;
  }

  /** @param {Take} take @param {Extract<import("../transcriber.js").TranscriberEvent, { type: "live" }>} reply */
  #hearEvents(take, { events, doneS, busyMs }) {
    this.midi.take(events, take.capture.isHearing); // first: nobody waits for the page to draw
    take.instrument?.take(events);
    take.notes.take(events);
    take.clock.doneS = doneS;
    take.clock.busyMs += busyMs;
    events.kind.forEach((kind, i) => {
      if (kind === ON) take.clock.tell(events.timeS[i] ?? 0);
    });
    this.hear.notes();
  }

  /** @param {Take} take */
  #endNotes(take) {
    this.midi.allOff();
    take.instrument?.silence();
    take.notes.stop(take.kept.timeS);
  }

  /** @param {boolean} isWhole the engine has all of the take's sound */
  async #end(isWhole) {
    const take = this.#take;
    if (!take) return;
    this.#hush();
    take.metronome?.stop();
    take.letSleep();
    if (!isWhole || take.kept.frames === 0) finish(take, null);
    this.#take = null;
    this.hear.over();
    if (take.kept.frames === 0) {
      this.store.set({ isRecording: false });
      await this.projects.leave();
      return this.projects.goOn();
    }
    const { lostS } = take.clock;
    if (lostS > 0) {
      const s = lostS.toFixed(1);
      const gap = t("About {s} s of sound never came to this page, so the take has gaps.", { s });
      this.projects.hands.notice.show("gap", `${gap} ${t("Close other programs before the next one.")}`);
    }
    const file = take.kept.file(take.name);
    this.store.set({ isRecording: false, status: t("Listening to {name}", { name: file.name }) });
    // a recording like any other from here on: on its way to the disk at once, and transcribed when the engine is free
    this.#unsaved += 1;
    await this.projects.add([file], { areTakes: true });
    this.projects.goOn();
    await this.projects.whenCopied();
    this.#unsaved -= 1;
  }
}

/** The engine has done with a take. @param {Take} take @param {NoteColumns | null} columns */
function finish(take, columns) {
  take.isTold = true;
  take.clock.isFollowed = false;
  take.told.resolve(columns);
}

/** @param {import("../../shared/messages.js").Options} options */
function programOf({ program }) {
  return Number(program ?? 0);
}
