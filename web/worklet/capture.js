// Sound as the device gives it, in the audio thread: small pieces to the engine at once, large ones to the page, which
// keeps the take. Nothing is changed and nothing left out.

const ENGINE_FRAMES = 512; // about 11 ms: two of the network's frames at most wait for one another
const PAGE_FRAMES = 2048;

/** A buffer that is filled quantum by quantum and sent off when full. */
class Piece {
  #at = 0;

  /** @param {number} frames @param {number} channels @param {(pcm: Float32Array) => void} send */
  constructor(frames, channels, send) {
    this.size = frames * channels;
    this.send = send;
    this.pcm = new Float32Array(this.size);
  }

  /** @param {Float32Array} interleaved */
  add(interleaved) {
    for (let from = 0; from < interleaved.length; ) {
      const count = Math.min(this.size - this.#at, interleaved.length - from);
      this.pcm.set(interleaved.subarray(from, from + count), this.#at);
      this.#at += count;
      from += count;
      if (this.#at === this.size) this.flush();
    }
  }

  flush() {
    if (this.#at === 0) return;
    this.send(this.pcm.slice(0, this.#at));
    this.#at = 0;
  }
}

class Capture extends AudioWorkletProcessor {
  /** @type {MessagePort | null} */
  #engine = null;
  #firstFrame = Number.POSITIVE_INFINITY; // of the context; the take begins there
  #isOver = false;
  #peak = 0;

  /** @param {{ processorOptions: { channels: number } }} options */
  constructor({ processorOptions: { channels } }) {
    super();
    this.channels = channels;
    this.forEngine = new Piece(ENGINE_FRAMES, channels, (pcm) => this.#engine?.postMessage({ pcm }, [pcm.buffer]));
    this.forPage = new Piece(PAGE_FRAMES, channels, (pcm) => {
      this.port.postMessage({ pcm, heardMs: Date.now() }, [pcm.buffer]);
    });
    this.port.onmessage = ({ data }) => {
      if (data.engine !== undefined) this.#engine = data.engine;
      if (data.firstFrame !== undefined) this.#firstFrame = data.firstFrame;
      if (data.isOver) this.#end();
    };
  }

  #end() {
    if (this.#isOver) return;
    this.#isOver = true;
    this.forEngine.flush();
    this.forPage.flush();
    this.#engine?.postMessage({ pcm: null });
    this.port.postMessage({ pcm: null, heardMs: Date.now() });
  }

  /** How loud it is before the take begins: a player sets the level while the beats are counted. @param {Float32Array} [samples] */
  #tellLevel(samples = new Float32Array()) {
    for (const sample of samples) this.#peak = Math.max(this.#peak, Math.abs(sample));
    if (currentFrame % PAGE_FRAMES >= 128) return;
    this.port.postMessage({ level: this.#peak });
    this.#peak = 0;
  }

  /** @override @param {Float32Array[][]} inputs */
  process([input]) {
    if (this.#isOver) return false;
    const skipped = Math.min(128, Math.max(0, this.#firstFrame - currentFrame));
    const length = 128 - skipped;
    if (length <= 0) this.#tellLevel(input?.[0]);
    if (length <= 0 || !input) return true;
    const interleaved = new Float32Array(length * this.channels);
    for (let channel = 0; channel < this.channels; channel++) {
      const samples = input[channel] ?? input[0]; // a device that sleeps gives none: silence is kept in its place
      if (!samples) continue;
      for (let i = 0; i < length; i++) interleaved[i * this.channels + channel] = samples[skipped + i] ?? 0;
    }
    this.forEngine.add(interleaved);
    this.forPage.add(interleaved);
    return true;
  }
}

registerProcessor("capture", Capture);
