// The recording itself, played by the browser's own player: it streams from the file, whatever its length.

export class Source {
  #audio = new Audio();
  #address = "";
  /** @type {GainNode | null} */
  #gain = null;
  #loudness = 1;

  constructor() {
    this.#audio.preload = "auto";
  }

  /** Seconds; 0 where there is no recording or the browser cannot play it. */
  get durationS() {
    const { duration } = this.#audio;
    return this.#address && Number.isFinite(duration) ? duration : 0;
  }

  /** Seconds into the recording; null while it is not heard. */
  get timeS() {
    return this.#address && !this.#audio.paused ? this.#audio.currentTime : null;
  }

  /** @param {File | null} file */
  open(file) {
    this.pause();
    if (this.#address) URL.revokeObjectURL(this.#address);
    this.#address = file ? URL.createObjectURL(file) : "";
    if (file) this.#audio.src = this.#address;
    else this.#audio.removeAttribute("src");
  }

  /** 0-1; holds for what is played later too. */
  get loudness() {
    return this.#loudness;
  }

  set loudness(value) {
    this.#loudness = value;
    this.#gain?.gain.setTargetAtTime(value, this.#gain.context.currentTime, 0.015);
  }

  /**
   * Begin at `fromS`; the context's time at which that second sounds, or null where nothing is to be played.
   * @param {AudioContext} context
   * @param {number} fromS
   * @returns {Promise<number | null>}
   */
  async play(context, fromS) {
    if (!this.#address || this.#audio.error) return null;
    this.#connect(context);
    try {
      this.#audio.currentTime = fromS;
      await this.#audio.play();
    } catch {
      return null; // not a format that this browser plays: the notes are heard alone
    }
    return context.currentTime - (this.#audio.currentTime - fromS);
  }

  pause() {
    this.#audio.pause();
  }

  /** @param {AudioContext} context */
  #connect(context) {
    if (this.#gain) return;
    this.#gain = new GainNode(context, { gain: this.#loudness });
    new MediaElementAudioSourceNode(context, { mediaElement: this.#audio })
      .connect(this.#gain)
      .connect(context.destination);
  }
}
