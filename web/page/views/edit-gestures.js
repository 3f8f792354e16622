// What a pointer does among the notes: choose, move, stretch, draw, frame. The change is a sketch over the roll until the
// pointer is lifted; then it is one step of the history.
import { keysWithin } from "../edit/editor.js";
import { hitNote } from "../edit/hit.js";
import { label } from "../edit/label.js";
import { FIRST_DRAWN, moved, SHORTEST_S, stretched } from "../edit/note-verbs.js";
import { HIGHEST_PITCH, LOWEST_PITCH, pitchAt, timeAt } from "./roll-view.js";

/** @typedef {import("./piano-roll.js").PianoRoll} PianoRoll */
/** @typedef {import("../edit/editor.js").Editor} Editor */
/** @typedef {import("../edit/edits.js").OwnNote} OwnNote */
/** @typedef {{ x: number, y: number }} Point */
/** @typedef {{ move(here: Point, event: PointerEvent): void, end(): void, cancel(): void }} Drag */

const FINGER_PX = 14;
const START_PX = 4; // a press that moves less is a click

export class EditGestures {
  /** Length and velocity of the last note touched: the next one drawn is like it. */
  #like = FIRST_DRAWN;

  /**
   * @param {PianoRoll} roll
   * @param {Editor} editor
   * @param {(pitch: number, velocity: number) => void} audition lets a note be heard
   */
  constructor(roll, editor, audition) {
    this.roll = roll;
    this.editor = editor;
    this.audition = audition;
  }

  get #state() {
    return this.editor.store.state;
  }

  /** @param {Point} point @param {boolean} isFinger */
  #hit(point, isFinger) {
    const { notes, longestS, view } = this.roll;
    return hitNote(notes, longestS, view, point, isFinger ? FINGER_PX : undefined);
  }

  /** @param {number} row */
  #keyOf(row) {
    return this.#state.noteKeys[row] ?? 0;
  }

  /** @param {Iterable<number>} keys */
  #choose(keys) {
    this.editor.store.set({ selection: new Set(keys) });
  }

  /** What the pointer would do here, as the name of a cursor. @param {Point} point */
  cursorAt(point) {
    const hit = this.#hit(point, false);
    if (!hit) return this.#state.isDrawing ? "crosshair" : "default";
    return hit.part === "body" ? "move" : "ew-resize";
  }

  /**
   * A pointer went down among the notes: what its movements do from now on, or null where it moves the view.
   * @param {Point} point
   * @param {PointerEvent} event
   * @returns {Drag | null}
   */
  begin(point, event) {
    const isFinger = event.pointerType === "touch";
    const hit = this.#hit(point, isFinger);
    const { selection, isDrawing, stage } = this.#state;
    if (stage === "running" || stage === "booting") return null;
    if (!hit) {
      if (isDrawing) return this.#draw(point);
      return isFinger ? null : this.#frame(point, event.shiftKey || event.ctrlKey || event.metaKey);
    }
    const key = this.#keyOf(hit.row);
    if (isFinger && !selection.has(key) && !isDrawing) return null; // a tap chooses, a swipe moves the view
    if (event.shiftKey || event.ctrlKey || event.metaKey) {
      const toggled = new Set(selection);
      if (!toggled.delete(key)) toggled.add(key);
      this.#choose(toggled);
      return toggled.has(key) ? this.#move(point, event.altKey) : { move() {}, end() {}, cancel() {} };
    }
    if (!selection.has(key)) this.#choose([key]);
    this.#hear(hit.row);
    return hit.part === "body" ? this.#move(point, event.altKey) : this.#stretch(point, hit.part);
  }

  /** A finger tapped without moving. @param {Point} point */
  tap(point) {
    if (this.#state.isRecording) return;
    const hit = this.#hit(point, true);
    this.#choose(hit ? [this.#keyOf(hit.row)] : []);
    if (hit) this.#hear(hit.row);
  }

  /** Double press: a note goes or comes. @param {Point} point */
  twice(point) {
    const { isDrawing, isRecording } = this.#state;
    if (isRecording || isDrawing) return; // while drawing, each press has drawn already
    const hit = this.#hit(point, false);
    if (hit) {
      this.editor.replace(label("delete"), { remove: this.editor.notesOf([this.#keyOf(hit.row)]) });
    } else {
      const onsetS = Math.max(0, timeAt(this.roll.view, point.x));
      this.#add(onsetS, onsetS + this.#like.lengthS, this.#pitchAt(point));
    }
  }

  /** @param {Point} point */
  #pitchAt(point) {
    return Math.min(HIGHEST_PITCH, Math.max(LOWEST_PITCH, Math.ceil(pitchAt(this.roll.view, point.y))));
  }

  /** @param {number} row */
  #hear(row) {
    const { pitch, velocity, onsetS, offsetS } = this.roll.notes;
    this.#like = { lengthS: (offsetS[row] ?? 0) - (onsetS[row] ?? 0), velocity: velocity[row] ?? FIRST_DRAWN.velocity };
    this.audition(pitch[row] ?? 69, velocity[row] ?? FIRST_DRAWN.velocity);
  }

  /** @param {number} onsetS @param {number} offsetS @param {number} pitch */
  #add(onsetS, offsetS, pitch) {
    const { velocity } = this.#like;
    this.editor.replace(label("draw"), { add: [{ onsetS, offsetS, pitch, velocity, confidence: 1, bends: [] }] });
    this.audition(pitch, velocity);
  }

  /** @param {readonly import("../edit/editor.js").NewNote[]} notes @param {Iterable<number>} hidden */
  #sketch(notes, hidden) {
    this.roll.sketch = { notes, hidden: new Set(hidden), frame: null };
    this.roll.touch();
  }

  #clearSketch() {
    this.roll.sketch = null;
    this.roll.touch();
  }

  /** @param {Point} from @param {boolean} isCopy @returns {Drag} */
  #move(from, isCopy) {
    const notes = this.editor.chosen();
    const hidden = isCopy ? [] : this.#state.selection;
    /** @type {import("../edit/editor.js").NewNote[] | null} */
    let next = null;
    let lastPitch = 0;
    return {
      move: (here, event) => {
        if (!next && Math.hypot(here.x - from.x, here.y - from.y) < START_PX) return;
        const byS = event.shiftKey ? 0 : (here.x - from.x) / this.roll.view.pxPerS;
        const semitones = Math.round((from.y - here.y) / this.roll.view.lanePx);
        next = moved(notes, byS, semitones);
        this.#sketch(next, hidden);
        if (semitones !== lastPitch && next[0]) this.audition(next[0].pitch, next[0].velocity);
        lastPitch = semitones;
      },
      end: () => {
        this.#clearSketch();
        if (next)
          this.editor.replace(isCopy ? label("copy") : label("move"), { remove: isCopy ? [] : notes, add: next });
      },
      cancel: () => this.#clearSketch(),
    };
  }

  /** @param {Point} from @param {"start" | "end"} part @returns {Drag} */
  #stretch(from, part) {
    const notes = this.editor.chosen();
    const hidden = this.#state.selection;
    /** @type {import("../edit/editor.js").NewNote[] | null} */
    let next = null;
    return {
      move: (here) => {
        if (!next && Math.abs(here.x - from.x) < START_PX) return;
        const byS = (here.x - from.x) / this.roll.view.pxPerS;
        next = notes.map((note) => stretched(note, part === "end" ? { endByS: byS } : { startByS: byS }));
        this.#sketch(next, hidden);
      },
      end: () => {
        this.#clearSketch();
        if (next) this.editor.replace(label("change length"), { remove: notes, add: next });
      },
      cancel: () => this.#clearSketch(),
    };
  }

  /** @param {Point} from @returns {Drag} */
  #draw(from) {
    const pitch = this.#pitchAt(from);
    const startS = Math.max(0, timeAt(this.roll.view, from.x));
    let [fromS, toS] = [startS, startS + this.#like.lengthS];
    const { velocity } = this.#like;
    const show = () => this.#sketch([{ onsetS: fromS, offsetS: toS, pitch, velocity, confidence: 1, bends: [] }], []);
    show();
    return {
      move: (here) => {
        if (Math.abs(here.x - from.x) < START_PX) return;
        const hereS = Math.max(0, timeAt(this.roll.view, here.x));
        [fromS, toS] = [Math.min(startS, hereS), Math.max(startS, hereS, Math.min(startS, hereS) + SHORTEST_S)];
        show();
      },
      end: () => {
        this.#clearSketch();
        this.#add(fromS, toS, pitch);
      },
      cancel: () => this.#clearSketch(),
    };
  }

  /** @param {Point} from @param {boolean} isMore @returns {Drag} */
  #frame(from, isMore) {
    const before = isMore ? this.#state.selection : new Set();
    return {
      move: (here) => {
        if (!this.roll.sketch && Math.hypot(here.x - from.x, here.y - from.y) < START_PX) return;
        const { view } = this.roll;
        const frame = {
          x: Math.min(from.x, here.x),
          y: Math.min(from.y, here.y),
          width: Math.abs(here.x - from.x),
          height: Math.abs(here.y - from.y),
        };
        this.roll.sketch = { notes: [], hidden: new Set(), frame };
        const within = keysWithin(this.#state, {
          fromS: timeAt(view, frame.x),
          toS: timeAt(view, frame.x + frame.width),
          lowest: Math.ceil(pitchAt(view, frame.y + frame.height)),
          highest: Math.ceil(pitchAt(view, frame.y)),
        });
        this.#choose([...before, ...within]);
      },
      end: () => {
        if (!this.roll.sketch && !isMore) this.#choose([]);
        this.#clearSketch();
      },
      cancel: () => this.#clearSketch(),
    };
  }
}
