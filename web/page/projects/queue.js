// Recordings in line: one is worked on, the others wait. One that fails does not stop the rest.

export class Queue {
  /** @type {string[]} */
  #waiting = [];
  #isWorking = false;
  #isHeld = false;

  /**
   * @param {(id: string) => Promise<void>} work on one; never rejects
   * @param {() => void} rests told when nothing waits any more
   */
  constructor(work, rests) {
    this.work = work;
    this.rests = rests;
  }

  get waiting() {
    return [...this.#waiting];
  }

  get isHeld() {
    return this.#isHeld;
  }

  get isWorking() {
    return this.#isWorking;
  }

  /** @param {readonly string[]} ids to the end of the line */
  add(ids) {
    this.#waiting.push(...ids.filter((id) => !this.#waiting.includes(id)));
    this.#go();
  }

  /** @param {string} id before all others */
  addFirst(id) {
    this.remove(id);
    this.#waiting.unshift(id);
    this.#go();
  }

  /** @param {string} id */
  remove(id) {
    this.#waiting = this.#waiting.filter((other) => other !== id);
  }

  /** Begin nothing more till `goOn`; what is being worked on is not touched. */
  hold() {
    this.#isHeld = true;
  }

  goOn() {
    this.#isHeld = false;
    this.#go();
  }

  async #go() {
    if (this.#isWorking || this.#isHeld) return;
    this.#isWorking = true;
    for (let id = this.#next(); id; id = this.#next()) await this.work(id);
    this.#isWorking = false;
    this.rests();
  }

  #next() {
    return this.#isHeld ? undefined : this.#waiting.shift();
  }
}
