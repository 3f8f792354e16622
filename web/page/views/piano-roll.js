// The piano roll and its overview: canvases over one view of time and pitch. The roll's picture is redrawn when something
// changes; what moves with the playhead or the pointer is drawn on a clear canvas above it.
import { longestNoteS, noNotes } from "../../shared/note-columns.js";
import { t } from "../translate.js";
import { clock, noteCount, pitchName } from "../words.js";
import { readColours } from "./colours.js";
import { EditGestures } from "./edit-gestures.js";
import { KeyGestures } from "./key-gestures.js";
import { paintEdit } from "./paint-edit.js";
import { paintLive } from "./paint-live.js";
import { paintLoop } from "./paint-loop.js";
import { OverviewPainter, overviewTimeAt } from "./paint-overview.js";
import { paintRoll } from "./paint-roll.js";
import { listenToRoll } from "./roll-gestures.js";
import { bounded, fitted, fittedPitches, KEYS_WIDTH, RULER_HEIGHT, shownLanes, shownS, xOf } from "./roll-view.js";
import { SharpCanvas } from "./sharp-canvas.js";

/** @typedef {import("./roll-view.js").RollView} RollView */
/** @typedef {(context: CanvasRenderingContext2D, view: RollView, colours: import("./colours.js").Colours) => void} Painter */

const LIVE_STEP_S = 10;
const EMPTY_S = 30; // shown while there is no recording

export class PianoRoll {
  /** @type {RollView} */
  view = { leftS: 0, pxPerS: 20, topPitch: 108, lanePx: 6, width: 1, height: 1 };
  notes = noNotes();
  /** @type {Int32Array} */
  keys = new Int32Array(0);
  /** @type {ReadonlySet<number>} */
  selection = new Set();
  /** @type {import("./paint-edit.js").Sketch | null} */
  sketch = null;
  ghosts = noNotes();
  /** @type {import("../see/wave-peaks.js").WavePeaks | null} */
  peaks = null;
  /** Draw what lies under the notes. @type {Painter[]} */
  beneath = [];
  /** Draw what changes with every frame, above all else. @type {Painter[]} */
  above = [];
  durationS = EMPTY_S;
  doneS = 0;
  playheadS = 0;
  isPlaying = false;
  /** @type {readonly [number, number]} */
  range = [21, 108];
  /** @type {import("../../shared/messages.js").BeatGrid | null} */
  grid = null;
  longestS = 0;
  /** Of a take under way. @type {import("../live/live-notes.js").LiveNote[]} */
  liveNotes = [];
  /** @type {import("./paint-loop.js").LoopMark | null} */
  loop = null;
  colours = readColours();
  #strip = new OverviewPainter();
  #hasAll = false;
  #isTouched = false;
  #follows = true; // until a hand moves the roll away while it plays

  /**
   * @param {HTMLCanvasElement} roll
   * @param {HTMLCanvasElement} overlay over the roll
   * @param {HTMLCanvasElement} overview
   * @param {{ audition(pitch: number, velocity: number): void,
   *   setRange(lowest: number, highest: number): void, editor: import("../edit/editor.js").Editor }} hands
   */
  constructor(roll, overlay, overview, hands) {
    this.roll = new SharpCanvas(
      roll,
      (context) => this.#paint(context),
      () => this.#resized(),
    );
    this.overlay = new SharpCanvas(overlay, (context) => this.#paintAbove(context), undefined, true);
    this.overview = new SharpCanvas(overview, (context) => this.#paintOverview(context));
    const edit = new EditGestures(this, hands.editor, hands.audition);
    listenToRoll(roll, this, edit, new KeyGestures(this, hands));
    this.#listenToOverview(overview);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", () => {
      this.colours = readColours();
      this.touch();
    });
  }

  #resized() {
    const { width, height } = this.roll;
    this.view = { ...this.view, width, height };
    if (this.#isTouched) this.view = bounded(this.view, this.durationS);
    else this.#firstLook();
    this.overview.touch();
  }

  /** What is seen until a hand chooses: the beginning, and once all notes are there, the pitches they use. */
  #firstLook() {
    this.view = fitted(this.view, this.durationS);
    if (this.#hasAll) this.view = fittedPitches(this.view, this.#pitches(), this.durationS);
  }

  /** A new recording: start at its beginning. @param {number} durationS */
  open(durationS) {
    this.durationS = durationS > 0 ? Math.max(durationS, 1) : EMPTY_S;
    this.#hasAll = this.#isTouched = false;
    this.#firstLook();
    this.touch();
  }

  /** The recording turned out longer than was known. @param {number} durationS */
  extend(durationS) {
    if (durationS <= this.durationS) return;
    this.durationS = durationS;
    this.touch();
  }

  /** @param {import("../../shared/note-columns.js").NoteColumns} notes @param {Int32Array} keys */
  show(notes, keys) {
    this.notes = notes;
    this.keys = keys;
    this.longestS = longestNoteS(notes);
    this.roll.canvas.setAttribute("aria-label", this.#description());
    this.touch();
  }

  /** @returns {readonly [number, number]} lowest and highest */
  #pitches() {
    let [low, high] = [127, 0];
    for (const pitch of this.notes.pitch) [low, high] = [Math.min(low, pitch), Math.max(high, pitch)];
    return [low, high];
  }

  /** All notes are there. */
  complete() {
    this.#hasAll = this.notes.onsetS.length > 0;
    if (!this.#isTouched) this.#firstLook();
    this.touch();
  }

  #description() {
    const count = this.notes.onsetS.length;
    if (count === 0) return t("Piano roll, empty");
    const [low, high] = this.#pitches();
    const length = clock(this.notes.offsetS.reduce((a, b) => Math.max(a, b), 0));
    return t("Piano roll: {count} from {low} to {high}, {length} long. Arrow keys move, plus and minus zoom.", {
      count: noteCount(count),
      low: pitchName(low),
      high: pitchName(high),
      length,
    });
  }

  /** @param {RollView} view */
  look(view) {
    this.view = view;
    this.#isTouched = true;
    this.#follows = this.#isInSight(this.playheadS);
    this.touch();
  }

  lookAtAll() {
    this.look(fitted(this.view, this.durationS, { all: true }));
  }

  /** Keeps the playhead in sight. @param {number} timeS @param {boolean} isPlaying */
  play(timeS, isPlaying) {
    const begins = isPlaying && !this.isPlaying;
    this.playheadS = timeS;
    this.isPlaying = isPlaying;
    if (begins || this.#isInSight(timeS)) this.#follows = true;
    const shown = shownS(this.view);
    if (isPlaying && this.#follows && (timeS < this.view.leftS || timeS > this.view.leftS + 0.92 * shown)) {
      this.view = bounded({ ...this.view, leftS: timeS - 0.08 * shown }, this.durationS);
      this.roll.touch();
    }
    this.overlay.touch();
    this.overview.touch();
  }

  /** @param {number} timeS */
  #isInSight(timeS) {
    return timeS >= this.view.leftS && timeS <= this.view.leftS + shownS(this.view);
  }

  /** In the middle of what is in sight. */
  get middlePitch() {
    return Math.round(this.view.topPitch - shownLanes(this.view) / 2);
  }

  /** Brings a note into sight where it is not. @param {number} timeS @param {number} pitch */
  lookAt(timeS, pitch) {
    const { view } = this;
    const [shown, lanes] = [shownS(view), (view.height - RULER_HEIGHT) / view.lanePx];
    const leftS = this.#isInSight(timeS) ? view.leftS : timeS - 0.3 * shown;
    const isInLanes = pitch < view.topPitch && pitch > view.topPitch - lanes + 1;
    this.look(bounded({ ...view, leftS, topPitch: isInLanes ? view.topPitch : pitch + lanes / 2 }, this.durationS));
  }

  /**
   * Notes of a take under way, over those that have ended; null: the take is over.
   * @param {Iterable<import("../live/live-notes.js").LiveNote> | null} notes
   * @param {number} nowS
   */
  live(notes, nowS) {
    this.liveNotes = notes ? [...notes] : [];
    if (nowS > this.durationS) this.extend(nowS + LIVE_STEP_S); // by steps: each paints the whole roll
    this.play(notes ? nowS : 0, notes !== null);
  }

  touch() {
    this.roll.touch();
    this.overlay.touch();
    this.overview.touch();
  }

  /** @param {CanvasRenderingContext2D} context */
  #paint(context) {
    const { notes, longestS, ghosts, doneS, range, grid } = this;
    /** @type {Painter} */
    const beneath = (...where) => {
      for (const paint of this.beneath) paint(...where);
    };
    paintRoll(context, this.view, this.colours, {
      notes,
      longestS,
      ghosts,
      doneS,
      endS: this.durationS,
      range,
      grid,
      beneath,
    });
    const { keys, selection, sketch } = this;
    paintEdit(context, this.view, this.colours, { notes, longestS, keys, selection, sketch });
    if (this.loop) paintLoop(context, this.view, this.colours, this.loop);
  }

  /** @param {CanvasRenderingContext2D} context */
  #paintAbove(context) {
    const { view, colours } = this;
    if (this.liveNotes.length > 0) paintLive(context, view, colours, this.liveNotes, this.playheadS);
    const x = Math.round(xOf(view, this.playheadS));
    if ((this.isPlaying || this.playheadS > 0) && x >= KEYS_WIDTH) {
      context.fillStyle = colours.text;
      context.fillRect(x, 0, 1, view.height);
    }
    for (const paint of this.above) paint(context, view, colours);
  }

  /** @param {CanvasRenderingContext2D} context */
  #paintOverview(context) {
    const { width, height } = this.overview;
    const window = { leftS: this.view.leftS, widthS: shownS(this.view) };
    const { notes, durationS, doneS, colours, playheadS, peaks } = this;
    this.#strip.paint(context, colours, { width, height, notes, durationS, doneS, window, playheadS, peaks });
  }

  /** @param {HTMLCanvasElement} overview */
  #listenToOverview(overview) {
    /** @param {PointerEvent} event */
    const centre = (event) => {
      const x = event.clientX - overview.getBoundingClientRect().left;
      const timeS = overviewTimeAt(x, this.overview.width, this.durationS);
      this.look(bounded({ ...this.view, leftS: timeS - shownS(this.view) / 2 }, this.durationS));
    };
    overview.addEventListener("pointerdown", (event) => {
      overview.setPointerCapture(event.pointerId);
      centre(event);
    });
    overview.addEventListener("pointermove", (event) => {
      if (event.buttons > 0) centre(event);
    });
  }
}
