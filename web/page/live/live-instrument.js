// Live notes as they are heard: through the chosen program's samples, each note on a channel of its own so that it bends
// apart, and through a plain tone until the samples are there. Events are done at once, nothing is planned ahead, so
// silence is always one message away.
import { BACK, BEND, eachEvent, OFF, ON } from "../../shared/live-events.js";
import { EVENT_WIDTH, NOTE_BACK, NOTE_OFF, NOTE_ON, BEND as SAMPLED_BEND } from "../../shared/sampler-events.js";
import { wayOut } from "../sound/band.js";
import { SampledInstrument } from "../sound/sampled.js";
import { LiveTone } from "./live-tone.js";

const AT_ONCE = 0; // s of the audio clock: long past
const FADE_S = 0.008; // time constant of the end of a take

export class LiveInstrument {
  #out;
  #tone;
  #sampled;
  #isOver = false;

  /** @param {AudioContext} context @param {number} program of General MIDI */
  constructor(context, program) {
    this.context = context;
    const { out, samples } = wayOut(context);
    this.#out = out;
    this.#tone = new LiveTone(context, out);
    this.#sampled = new SampledInstrument(context, samples);
    this.program = program;
    // what sounds when the system pauses the sound must not sound on when it comes back
    context.addEventListener("statechange", () => context.state === "running" || this.silence());
  }

  /** The program that is wanted. */
  set program(/** @type {number} */ program) {
    this.#sampled.load(program);
  }

  /** The program whose samples are heard; null while it is the plain tone. */
  get sampledProgram() {
    return this.#sampled.program;
  }

  /** @param {import("../../shared/live-events.js").LiveEvents} events */
  take(events) {
    const mayStart = !this.#isOver && this.context.state === "running"; // else they would pile up, and sound together
    /** @type {number[]} */
    const rows = [];
    for (const { kind, note, pitch, velocity, cents } of eachEvent(events)) {
      if (kind === ON && !mayStart) continue;
      if (kind === ON && this.#sampled.program === null) this.#tone.on(note, pitch, velocity);
      else if (kind === ON) rows.push(AT_ONCE, NOTE_ON, note, pitch, velocity, 0);
      else {
        // whichever of the two has it; samples may have come while it sounds
        if (kind === BEND) this.#tone.bend(note, cents);
        else this.#tone.off(note);
        if (kind === BEND) rows.push(AT_ONCE, SAMPLED_BEND, note, cents, 0, 0);
        else if (kind === OFF) rows.push(AT_ONCE, NOTE_OFF, note, 0, 0, 0);
        else if (kind === BACK) rows.push(AT_ONCE, NOTE_BACK, note, 0, 0, 0);
      }
    }
    if (rows.length >= EVENT_WIDTH) this.#sampled.perform(Float64Array.from(rows));
  }

  /** Silence at once; what begins later is heard. */
  silence() {
    this.#tone.silence();
    this.#sampled.silence();
  }

  /** Silence for good. */
  end() {
    this.#isOver = true;
    this.#out.gain.setTargetAtTime(0, this.context.currentTime, FADE_S);
    this.silence();
  }
}
