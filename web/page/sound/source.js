// The recording itself, played by the browser's own player: it streams from the file, whatever its length, and slows
// without changing its pitch. Two decks, so that a loop can begin again on the one while the other still plays.

const EDGE_S = 0.004; // a deck is faded in and out this quickly
const SETTLED_S = 0.15; // a deck's clock is believed this long after it began
const STRETCH_S = 0.05; // what Chromium looks ahead to slow a recording: so much of it is heard before its clock says so

class Deck {
  audio = new Audio();
  /** @type {GainNode | null} */
  gain = null;

  constructor() {
    this.audio.preload = "auto";
  }

  /** @param {AudioContext} context @param {AudioNode} out */
  connect(context, out) {
    if (this.gain) return;
    this.gain = new GainNode(context, { gain: 0 });
    new MediaElementAudioSourceNode(context, { mediaElement: this.audio }).connect(this.gain).connect(out);
  }

  /** Loud or silent from a time on. @param {number} value @param {number} atS */
  fade(value, atS) {
    this.gain?.gain.cancelScheduledValues(atS);
    this.gain?.gain.setTargetAtTime(value, atS, EDGE_S);
  }
}

export class Source {
  #decks = [new Deck(), new Deck()];
  #address = "";
  /** @type {GainNode | null} */
  #out = null;
  #loudness = 1;
  #rate = 1;
  #crossAtS = 0;

  get #now() {
    return /** @type {Deck} */ (this.#decks[0]);
  }

  get #other() {
    return /** @type {Deck} */ (this.#decks[1]);
  }

  /** Seconds; 0 where there is no recording or the browser cannot play it. */
  get durationS() {
    const { duration } = this.#now.audio;
    return this.#address && Number.isFinite(duration) ? duration : 0;
  }

  /** Seconds into the recording; null while it is not heard. */
  get timeS() {
    const isOldHeard = this.#out !== null && this.#out.context.currentTime < this.#crossAtS;
    const { audio } = isOldHeard ? this.#other : this.#now;
    return this.#address && !audio.paused && !audio.seeking ? this.#heardAt(audio) : null;
  }

  /** Which second of the recording is heard from a deck. @param {HTMLAudioElement} audio */
  #heardAt(audio) {
    return audio.currentTime + STRETCH_S * Math.max(0, 1 - this.#rate);
  }

  /** @param {File | null} file */
  open(file) {
    this.pause();
    if (this.#address) URL.revokeObjectURL(this.#address);
    this.#address = file ? URL.createObjectURL(file) : "";
    this.#now.audio.preload = "auto";
    for (const { audio } of this.#decks) {
      if (file) audio.src = this.#address;
      else audio.removeAttribute("src");
    }
  }

  /** 0-1; holds for what is played later too. */
  get loudness() {
    return this.#loudness;
  }

  set loudness(value) {
    this.#loudness = value;
    this.#out?.gain.setTargetAtTime(value, this.#out.context.currentTime, 0.015);
  }

  /** Speed, 1 as recorded; the pitch stays. @param {number} value */
  set rate(value) {
    this.#rate = value;
    for (const { audio } of this.#decks) audio.playbackRate = value;
  }

  /**
   * Begin at `fromS`; the context's time at which that second sounds, or null where nothing is to be played.
   * @param {AudioContext} context
   * @param {number} fromS
   * @returns {Promise<number | null>}
   */
  async play(context, fromS) {
    if (!this.#address || this.#now.audio.error) return null;
    this.#connect(context);
    const began = await this.#begin(this.#now, context, fromS);
    if (began !== null) this.#now.fade(1, context.currentTime);
    return began;
  }

  /**
   * Let the other deck run unheard so that it is at `fromS` about `atS`; when it will be there by its own clock, or null
   * where it cannot. `cross` then makes it the one that is heard.
   * @param {AudioContext} context
   * @param {number} fromS
   * @param {number} atS
   * @returns {Promise<number | null>}
   */
  async prepare(context, fromS, atS) {
    if (this.timeS === null) return null;
    const leadS = Math.max(0, Math.min(atS - context.currentTime, fromS / this.#rate));
    const waitMs = 1000 * (atS - context.currentTime - leadS);
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    const startS = Math.max(0, fromS - leadS * this.#rate);
    const began = await this.#begin(this.#other, context, startS);
    if (began === null) return null;
    const restS = Math.min(SETTLED_S, atS - context.currentTime - 0.05);
    if (restS > 0) await new Promise((resolve) => setTimeout(resolve, 1000 * restS));
    return context.currentTime + (fromS - this.#heardAt(this.#other.audio)) / this.#rate;
  }

  /** The other deck is heard from `atS` on, this one no more. @param {AudioContext} context @param {number} atS */
  cross(context, atS) {
    const [old, next] = [this.#now, this.#other];
    this.#decks.reverse();
    this.#crossAtS = atS;
    next.fade(1, atS);
    old.fade(0, atS);
    setTimeout(() => old !== this.#now && old.audio.pause(), 1000 * (atS - context.currentTime + 10 * EDGE_S));
  }

  pause() {
    this.#crossAtS = 0;
    for (const deck of this.#decks) {
      deck.audio.pause();
      if (deck.gain) deck.fade(0, deck.gain.context.currentTime);
    }
  }

  /**
   * @param {Deck} deck
   * @param {AudioContext} context
   * @param {number} fromS
   * @returns {Promise<number | null>}
   */
  async #begin({ audio }, context, fromS) {
    try {
      audio.playbackRate = this.#rate;
      audio.currentTime = fromS;
      await audio.play();
    } catch {
      return null; // not a format that this browser plays: the notes are heard alone
    }
    return context.currentTime - (audio.currentTime - fromS) / this.#rate;
  }

  /** @param {AudioContext} context */
  #connect(context) {
    this.#out ??= new GainNode(context, { gain: this.#loudness });
    this.#out.connect(context.destination);
    for (const deck of this.#decks) deck.connect(context, this.#out);
  }
}
