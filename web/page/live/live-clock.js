// How far a take has come, how far the engine lags behind, and how late notes are told: what the page shows and the bench reads.

const KEPT = 4000; // entries of each log: a take may last for hours
const SHOWN = 40; // notes whose median delay is shown

export class LiveClock {
  /** Frames heard and when the last of them came. @type {[number, number][]} */
  marks = [];
  /** Of each note that was told: its onset, and when it was told. @type {[number, number][]} */
  told = [];
  /** Time the engine spent. */
  busyMs = 0;
  /** Seconds of the take that the engine has worked off. */
  doneS = 0;
  #frames = 0;
  #firstMs = 0;
  #lastMs = 0;

  /** @param {number} rateHz */
  constructor(rateHz) {
    this.rateHz = rateHz;
  }

  /** @param {number} frames @param {number} heardMs */
  hear(frames, heardMs) {
    this.#frames += frames;
    this.#lastMs = heardMs;
    if (this.#firstMs === 0) this.#firstMs = heardMs - (frames / this.rateHz) * 1000;
    remember(this.marks, [this.#frames, heardMs]);
  }

  /** Seconds of the take by now. */
  get nowS() {
    if (this.#lastMs === 0) return 0;
    return this.#frames / this.rateHz + Math.min(0.2, (Date.now() - this.#lastMs) / 1000);
  }

  /** @param {number} onsetS */
  tell(onsetS) {
    remember(this.told, [onsetS, Date.now()]);
  }

  /** How long after its onset a note is told, the median of the last ones, ms; null before there is one. */
  get delayMs() {
    const late = this.told.slice(-SHOWN).map(([onsetS, ms]) => ms - this.#msOf(onsetS));
    return late.length > 0 ? (late.toSorted((a, b) => a - b)[late.length >> 1] ?? null) : null;
  }

  /** @param {number} timeS of the take */
  #msOf(timeS) {
    const frame = timeS * this.rateHz;
    const mark = this.marks.findLast(([frames]) => frames <= frame) ?? this.marks[0];
    return mark ? mark[1] + ((frame - mark[0]) / this.rateHz) * 1000 : 0;
  }

  /** Seconds of sound that wait for the engine. */
  get behindS() {
    return Math.max(0, this.#frames / this.rateHz - this.doneS);
  }
}

/** @param {[number, number][]} log @param {[number, number]} entry */
function remember(log, entry) {
  log.push(entry);
  if (log.length > 2 * KEPT) log.splice(0, KEPT);
}
