// From ghost to ghost by keys: each is framed, heard and said, and can be made a note on its own.
import { at } from "../../shared/note-columns.js";
import { t } from "../translate.js";
import { noteLines } from "../views/roll-pointer.js";
import { KEYS_WIDTH, xOf, yOf } from "../views/roll-view.js";
import { pitchName } from "../words.js";

const FRAME_PX = 2;

export class GhostWalk {
  /** The ghost, or where it was before it was adopted. @type {{ onsetS: number, pitch: number } | null} */
  #here = null;

  /**
   * @param {import("../store.js").Store} store
   * @param {import("../views/piano-roll.js").PianoRoll} roll
   * @param {import("./ghosts.js").Ghosts} ghosts
   * @param {{ audition(pitch: number, velocity: number): void, say(words: string): void }} out
   */
  constructor(store, roll, ghosts, out) {
    this.store = store;
    this.roll = roll;
    this.ghosts = ghosts;
    this.out = out;
    store.listen((state, changed) => {
      if (changed.has("projectId") || !state.showsGhosts) this.leave();
    });
    roll.above.push((context, view, colours) => this.#paint(context, view, colours));
  }

  /** Row of the ghost; -1 for none. */
  get #row() {
    const { onsetS, pitch } = this.store.state.ghosts;
    const here = this.#here;
    return here ? onsetS.findIndex((s, row) => s === here.onsetS && at(pitch, row) === here.pitch) : -1;
  }

  /** To the next in time or the one before; at first from the playhead. @param {1 | -1} direction */
  go(direction) {
    const { ghosts, playheadS } = this.store.state;
    const from = this.#here ?? { onsetS: playheadS, pitch: direction > 0 ? -1 : Number.POSITIVE_INFINITY };
    const rows = [...ghosts.onsetS.keys()];
    const off = (/** @type {number} */ row) =>
      at(ghosts.onsetS, row) - from.onsetS || at(ghosts.pitch, row) - from.pitch;
    const row = (direction > 0 ? rows.find((row) => off(row) > 0) : rows.findLast((row) => off(row) < 0)) ?? this.#row;
    if (row < 0) return;
    const [onsetS, pitch] = [at(ghosts.onsetS, row), at(ghosts.pitch, row)];
    this.#here = { onsetS, pitch };
    this.roll.lookAt(onsetS, pitch);
    this.out.audition(pitch, at(ghosts.velocity, row));
    this.out.say([...noteLines(ghosts, row, onsetS), t("a candidate: Enter adopts it")].join(", "));
  }

  /** Make it a note. */
  adopt() {
    const row = this.#row;
    if (row < 0) return;
    const name = pitchName(at(this.store.state.ghosts.pitch, row));
    this.ghosts.adopt([row]);
    this.out.say(t("{name} adopted", { name }));
  }

  leave() {
    if (!this.#here) return;
    this.#here = null;
    this.roll.overlay.touch();
  }

  /** @type {import("../views/piano-roll.js").Painter} */
  #paint(context, view, colours) {
    const row = this.#row;
    if (row < 0) return;
    const { onsetS, offsetS, pitch } = this.store.state.ghosts;
    const [x, end] = [xOf(view, at(onsetS, row)), xOf(view, at(offsetS, row))].map((x) => Math.max(KEYS_WIDTH, x));
    context.strokeStyle = colours.text;
    context.lineWidth = FRAME_PX;
    context.strokeRect(x ?? 0, yOf(view, at(pitch, row)), (end ?? 0) - (x ?? 0), view.lanePx);
  }
}
