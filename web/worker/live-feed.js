// Sound of a take on its way to the engine. What came while the engine was busy is taken at once: a machine that cannot
// keep up works in larger pieces, which cost less, and nothing is dropped; where the engine has failed nothing is kept.

/** @typedef {import("../shared/messages.js").LiveSound} LiveSound */

const MOST_PIECES = 86; // about a second at once, so that notes go on appearing while a backlog is worked off

export class LiveFeed {
  /** @type {Float32Array[]} */
  #pieces = [];
  #isOver = false;
  #isAsked = false;

  /**
   * @param {MessagePort} port
   * @param {{ isListening(): boolean, ask(): void, take(pcm: Float32Array): Promise<void>, end(): Promise<void> }} engine
   *   `ask` is to call `work` when the engine's turn comes
   */
  constructor(port, engine) {
    this.port = port;
    this.engine = engine;
    port.onmessage = (/** @type {MessageEvent<LiveSound>} */ { data }) => {
      if (!engine.isListening()) return this.#close();
      if (data.pcm) this.#pieces.push(data.pcm);
      else this.#isOver = true;
      this.#ask();
    };
  }

  #ask() {
    if (this.#isAsked) return;
    this.#isAsked = true;
    this.engine.ask();
  }

  #close() {
    this.port.close();
    this.#pieces = [];
  }

  /** Work off what has come. */
  async work() {
    this.#isAsked = false;
    if (!this.engine.isListening()) return this.#close();
    const pieces = this.#pieces.splice(0, MOST_PIECES);
    if (pieces.length > 0) await this.engine.take(joined(pieces));
    if (this.#pieces.length > 0) this.#ask();
    else if (this.#isOver) {
      this.port.close();
      await this.engine.end();
    }
  }
}

/** @param {Float32Array[]} pieces */
function joined(pieces) {
  const [first] = pieces;
  if (first && pieces.length === 1) return first;
  const whole = new Float32Array(pieces.reduce((size, piece) => size + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
