// How far a take has come, how far the engine lags behind, and how late notes are told: what the page shows and the bench reads.

const KEPT = 4000; // entries of each log: a take may last for hours
const SHOWN = 40; // notes whose median delay is shown
const WATCHED_MS = 2000; // sound that is only late has caught up by then
const GAP_MS = 40; // how late sound comes differs by a block or two of the device
const STRAYS = 3e-4; // how much slower than the wall's a device's own clock may be: nothing is lost then

export class LiveClock {
  /** Frames heard and when the last of them came. @type {[number, number][]} */
  marks = [];
  /** Of each note that was told: its onset, and when it was told. @type {[number, number][]} */
  told = [];
  /** Time the engine spent. */
  busyMs = 0;
  /** Seconds of the take that the engine has worked off. */
  doneS = 0;
  /** False from when the engine has done with the take, or has failed: nothing is caught up with any more. */
  isFollowed = true;
  #frames = 0;
  #firstMs = 0;
  #lastMs = 0;
  #watchedMs = 0;
  #leastLateMs = Number.POSITIVE_INFINITY;
  /** How late sound comes where nothing holds it up. @type {number | null} */
  #usualMs = null;
  #lostMs = 0;

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
    this.#watch(heardMs);
  }

  /** Sound that the browser never handed over, at once or in small pieces, makes all that follows late for good. @param {number} heardMs */
  #watch(heardMs) {
    this.#leastLateMs = Math.min(this.#leastLateMs, heardMs - (this.#frames / this.rateHz) * 1000);
    this.#watchedMs ||= heardMs;
    const watchedMs = heardMs - this.#watchedMs;
    if (watchedMs < WATCHED_MS) return;
    const leastMs = this.#leastLateMs;
    this.#usualMs ??= leastMs;
    const laterMs = leastMs - this.#usualMs;
    const isOther = Math.abs(laterMs) > GAP_MS; // less may add up
    if (isOther) this.#lostMs = Math.max(0, this.#lostMs + laterMs);
    this.#usualMs = isOther ? leastMs : Math.min(leastMs, this.#usualMs + STRAYS * watchedMs);
    [this.#leastLateMs, this.#watchedMs] = [Number.POSITIVE_INFINITY, heardMs];
  }

  /** Seconds of sound that never came: the machine was too busy for the browser's audio thread, or the sound was paused. */
  get lostS() {
    return this.#lostMs / 1000;
  }

  /** Milliseconds by which sound lags behind the wall's clock now, beside when it began. */
  get driftMs() {
    return this.#lastMs - this.#firstMs - (this.#frames / this.rateHz) * 1000;
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
