// Clicks on the audio clock, counted in before the take begins. They go to the output alone: the take holds of them only
// what the microphone hears.

const AHEAD_S = 2.5; // clicks are handed over this long before: a hidden tab is woken once a second only
const EVERY_MS = 400;
const LEAD_S = 0.15; // before the first click
const CLICK_S = 0.03;

/** Beats in a bar of a metre like 3/4; in 6/8 a beat is a dotted quarter. @param {string} metre */
export function beatsPerBar(metre) {
  const [beats = 4, unit = 4] = metre.split("/").map(Number);
  return unit === 8 && beats % 3 === 0 ? beats / 3 : beats;
}

export class Metronome {
  #timer = 0;
  #next = 0;
  #counted = 0;

  /** @param {AudioContext} context @param {number} tempoBpm @param {number} beats in a bar */
  constructor(context, tempoBpm, beats) {
    this.context = context;
    this.beats = beats;
    this.beatS = 60 / tempoBpm;
    this.startS = context.currentTime + LEAD_S;
    this.out = new GainNode(context, { gain: 0.5 });
    this.out.connect(context.destination);
  }

  /**
   * Count in, and go on if wished; the context's time of the first beat of the take.
   * @param {number} bars
   * @param {boolean} goesOn
   */
  start(bars, goesOn) {
    const counted = bars * this.beats;
    this.#counted = counted;
    const last = goesOn ? Number.POSITIVE_INFINITY : counted;
    const schedule = () => {
      for (; this.#next < last && this.#timeOf(this.#next) < this.context.currentTime + AHEAD_S; this.#next++) {
        this.#click(this.#timeOf(this.#next), this.#next % this.beats === 0);
      }
      if (this.#next >= last) this.#rest();
    };
    this.#timer = window.setInterval(schedule, EVERY_MS);
    schedule();
    return this.#timeOf(counted);
  }

  /** Beats still to be counted, the one that sounds among them; 0 once the take has begun. */
  get beatsLeft() {
    return Math.max(0, this.#counted - Math.max(0, Math.floor((this.context.currentTime - this.startS) / this.beatS)));
  }

  stop() {
    this.#rest();
    this.out.disconnect();
  }

  #rest() {
    clearInterval(this.#timer);
    this.#timer = 0;
  }

  /** @param {number} beat */
  #timeOf(beat) {
    return this.startS + beat * this.beatS;
  }

  /** @param {number} atS @param {boolean} isFirst of its bar */
  #click(atS, isFirst) {
    const tone = new OscillatorNode(this.context, { type: "square", frequency: isFirst ? 1760 : 1175 });
    const loudness = new GainNode(this.context, { gain: 0 });
    loudness.gain.setValueAtTime(0.5, atS);
    loudness.gain.exponentialRampToValueAtTime(0.001, atS + CLICK_S);
    tone.connect(loudness).connect(this.out);
    tone.start(atS);
    tone.stop(atS + CLICK_S);
  }
}
