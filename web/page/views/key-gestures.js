// The keys at the left: press one to hear it, slide over them to hear more, drag a handle to bound the pitches looked for.
import { HIGHEST_PITCH, KEYS_WIDTH, LOWEST_PITCH, pitchAt, yOf } from "./roll-view.js";

/** @typedef {import("./piano-roll.js").PianoRoll} PianoRoll */
/** @typedef {import("./edit-gestures.js").Drag} Drag */
/** @typedef {import("./edit-gestures.js").Point} Point */

const HANDLE_PX = 7; // above and below a bound, in which it is taken
const VELOCITY = 80;

export class KeyGestures {
  /**
   * @param {PianoRoll} roll
   * @param {{ audition(pitch: number, velocity: number): void, setRange(lowest: number, highest: number): void }} hands
   */
  constructor(roll, hands) {
    this.roll = roll;
    this.hands = hands;
  }

  /** Which bound lies here. @param {Point} point @returns {"lowest" | "highest" | null} */
  #bound({ y }) {
    const [lowest, highest] = this.roll.range;
    if (Math.abs(y - yOf(this.roll.view, highest)) < HANDLE_PX) return "highest";
    if (Math.abs(y - yOf(this.roll.view, lowest - 1)) < HANDLE_PX) return "lowest";
    return null;
  }

  /** @param {Point} point */
  cursorAt(point) {
    return this.#bound(point) ? "ns-resize" : "pointer";
  }

  /** @param {Point} point @returns {Drag} */
  begin(point) {
    const bound = this.#bound(point);
    return bound ? this.#bind(bound) : this.#slide(point);
  }

  /** @param {"lowest" | "highest"} bound @returns {Drag} */
  #bind(bound) {
    const before = this.roll.range;
    return {
      move: (here) => {
        const [lowest, highest] = this.roll.range;
        const edge = Math.round(pitchAt(this.roll.view, here.y)); // bounds lie between lanes
        if (bound === "highest") this.#set(lowest, Math.min(HIGHEST_PITCH, Math.max(lowest, edge)));
        else this.#set(Math.max(LOWEST_PITCH, Math.min(highest, edge + 1)), highest);
      },
      end() {},
      cancel: () => this.#set(...before),
    };
  }

  /** @param {number} lowest @param {number} highest */
  #set(lowest, highest) {
    const [low, high] = this.roll.range;
    if (lowest !== low || highest !== high) this.hands.setRange(lowest, highest);
  }

  /** @param {Point} point @returns {Drag} */
  #slide(point) {
    let last = 0;
    const sound = (/** @type {Point} */ { x, y }) => {
      const pitch = Math.ceil(pitchAt(this.roll.view, y));
      if (x > KEYS_WIDTH || pitch === last || pitch < LOWEST_PITCH || pitch > HIGHEST_PITCH) return;
      last = pitch;
      this.hands.audition(pitch, VELOCITY);
    };
    sound(point);
    return { move: sound, end() {}, cancel() {} };
  }
}
