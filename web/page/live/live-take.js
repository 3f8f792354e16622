// One take: sound in, notes out while it is played, and in the end a recording with its notes. Whatever happens on the
// way (the input is unplugged, the engine fails, the machine is slow), what was heard is kept.
import { ON } from "../../shared/live-events.js";
import { t } from "../translate.js";
import { clock } from "../words.js";
import { Capture } from "./capture.js";
import { NoInput, openInput } from "./inputs.js";
import { KeptTake, takeName } from "./kept-take.js";
import { LiveClock } from "./live-clock.js";
import { LiveNotes } from "./live-notes.js";
import { isOnGrid } from "./live-settings.js";
import { LiveTone } from "./live-tone.js";
import { Metronome } from "./metronome.js";

/** @typedef {import("./live-settings.js").LiveSettings} LiveSettings */
/** @typedef {import("../../shared/live-events.js").LiveEvents} LiveEvents */

/** @typedef {{ capture: Capture, kept: KeptTake, clock: LiveClock, notes: LiveNotes, settings: LiveSettings,
 *   name: string, tone: LiveTone | null, metronome: Metronome | null }} Take */

const CLIPPED = 0.999;
const TELL_MS = 250;

export class LiveTake {
  /** @type {Take | null} */
  #take = null;
  #clock = new LiveClock(1);
  /** The last take, as a file. @type {File | null} */
  last = null;
  #isAsking = false;
  #told = 0;

  /**
   * @param {import("../store.js").Store} store
   * @param {import("../session.js").Session} session
   * @param {import("./midi-out.js").MidiOut} midi
   * @param {{ sound(peak: number, isClipped: boolean): void, notes(): void, over(): void }} hear
   */
  constructor(store, session, midi, hear) {
    this.store = store;
    this.session = session;
    this.midi = midi;
    this.hear = hear;
    session.onLive = (reply) => this.#hearEngine(reply);
    window.addEventListener("beforeunload", (event) => {
      if (this.#take) event.preventDefault(); // the browser asks before the take is lost
    });
  }

  /** What was measured of the take under way, or of the last one. */
  get figures() {
    const { marks, told, busyMs, doneS, rateHz, behindS } = this.#clock;
    return { marks, told, busyMs, doneS, rateHz, behindS };
  }

  /** The take under way. */
  get now() {
    return this.#take;
  }

  /** @param {LiveSettings} settings @param {number} beats in a bar */
  async start(settings, beats) {
    if (this.#take || this.#isAsking) return;
    this.#isAsking = true;
    try {
      const input = settings.input;
      const stream = await openInput(input === "shared" ? { kind: "shared" } : { kind: "device", deviceId: input });
      this.#begin(await this.#open(stream), settings, beats);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const alarm =
        error instanceof NoInput ? why : t("Recording could not start ({why}). Nothing else changed.", { why });
      this.store.set({ alarm });
    } finally {
      this.#isAsking = false;
    }
  }

  /** @param {MediaStream} stream */
  #open(stream) {
    return Capture.open(stream, {
      piece: (pcm, heardMs) => this.#hearSound(pcm, heardMs),
      lost: (sentence) => this.store.set({ alarm: `${sentence} ${t("What was recorded is kept.")}` }),
      warn: (sentence) => this.store.set({ alarm: sentence }),
      ended: () => this.#end(),
    });
  }

  /** @param {Capture} capture @param {LiveSettings} settings @param {number} beats */
  #begin(capture, settings, beats) {
    const { context, rateHz, channels } = capture;
    const metronome = isOnGrid(settings) ? new Metronome(context, settings.tempoBpm, beats) : null;
    this.#take = {
      capture,
      kept: new KeptTake(rateHz, channels),
      clock: new LiveClock(rateHz),
      notes: new LiveNotes(),
      settings,
      name: takeName(new Date()),
      tone: settings.isHeard ? new LiveTone(context) : null,
      metronome,
    };
    this.#clock = this.#take.clock;
    const { name } = this.#take;
    this.session.beginTake({ name, mode: settings.mode, rateHz, channels, port: capture.enginePort });
    // A player plays to the click as it is heard, and is heard later still: the take's first sample is the one that a
    // note on the first beat begins with.
    const firstS = metronome ? metronome.start(settings.countInBars, settings.hasClick) + capture.roundTripS : 0;
    capture.beginAt(firstS);
    this.#told = 0;
    this.#tell();
  }

  /** Stop; the take follows as a recording. */
  stop() {
    this.#take?.capture.stop();
  }

  /** Silence at once, in the port and in the instrument; the take goes on. */
  silence() {
    this.midi.silence();
    this.#take?.tone?.silence();
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

  /** @param {import("../session.js").LiveReply} reply */
  #hearEngine({ events, doneS, busyMs }) {
    const take = this.#take;
    if (!take) return;
    this.midi.take(events); // first: nobody waits for the page to draw
    take.tone?.take(events);
    take.notes.take(events);
    take.clock.doneS = doneS;
    take.clock.busyMs += busyMs;
    events.kind.forEach((kind, i) => {
      if (kind === ON) take.clock.tell(events.timeS[i] ?? 0);
    });
    this.hear.notes();
  }

  #end() {
    const take = this.#take;
    if (!take) return;
    this.midi.allOff();
    take.tone?.silence();
    take.metronome?.stop();
    this.#take = null;
    this.hear.over();
    const { frames, rateHz, channels, timeS: durationS } = take.kept;
    const file = frames > 0 ? take.kept.file(take.name) : null;
    this.last = file;
    this.session.endTake(file, take.settings.mode, { rateHz, channels, durationS });
  }
}
