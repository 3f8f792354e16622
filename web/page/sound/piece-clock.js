// Which second of the piece is heard at which time of the audio clock: at some speed, with jumps where a loop wraps.

/** @typedef {{ atS: number, timeS: number }} Anchor at `atS` of the audio clock, the piece is at `timeS` */

export class PieceClock {
  speed = 1;
  /** Rising in `atS`; the last may lie ahead. @type {Anchor[]} */
  #anchors = [{ atS: 0, timeS: 0 }];

  /** @param {number} atS @param {number} timeS @param {number} speed */
  start(atS, timeS, speed) {
    this.speed = speed;
    this.#anchors = [{ atS, timeS }];
  }

  /** From `atS` on the piece goes on from `timeS`. @param {number} atS @param {number} timeS */
  jump(atS, timeS) {
    this.#anchors.push({ atS, timeS });
  }

  /** Where the piece is; it waits at its start until the clock gets there. @param {number} nowS of the audio clock */
  timeAt(nowS) {
    while (this.#anchors.length > 1 && /** @type {Anchor} */ (this.#anchors[1]).atS <= nowS) this.#anchors.shift();
    const [{ atS, timeS }] = /** @type {[Anchor]} */ (/** @type {unknown} */ (this.#anchors));
    return timeS + Math.max(0, nowS - atS) * this.speed;
  }

  /** When `timeS` is heard, after the last jump that is known of. @param {number} timeS */
  whenIs(timeS) {
    const last = /** @type {Anchor} */ (this.#anchors[this.#anchors.length - 1]);
    return last.atS + (timeS - last.timeS) / this.speed;
  }
}
