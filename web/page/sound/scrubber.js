// The playhead dragged by hand: the notes it passes over are touched; what was playing goes on from where it is let go.
import { at, firstFrom } from "../../shared/note-columns.js";

const MOST_AT_ONCE = 6;

export class Scrubber {
  #wasPlaying = false;
  #isActive = false;

  /**
   * @param {import("../store.js").Store} store
   * @param {import("./player.js").Player} player
   */
  constructor(store, player) {
    this.store = store;
    this.player = player;
  }

  /** @param {number} timeS */
  move(timeS) {
    const { store, player } = this;
    if (!this.#isActive) {
      this.#isActive = true;
      this.#wasPlaying = player.isPlaying;
      player.stop();
    }
    const { onsetS, pitch, velocity } = store.state.notes;
    const [from, to] = [store.state.playheadS, timeS].sort((a, b) => a - b);
    const passed = firstFrom(onsetS, /** @type {number} */ (from));
    for (let i = passed; i < onsetS.length && i < passed + MOST_AT_ONCE; i++) {
      if (at(onsetS, i) >= /** @type {number} */ (to)) break;
      player.audition(at(pitch, i), at(velocity, i));
    }
    store.set({ playheadS: timeS, isPlaying: false });
  }

  end() {
    if (this.#isActive && this.#wasPlaying) this.player.play(this.store.state.playheadS);
    this.#isActive = false;
  }
}
