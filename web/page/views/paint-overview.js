// The strip under the roll: all notes at once, and a window over the part that the roll shows.
import { at } from "../../shared/note-columns.js";
import { wavePath } from "./paint-wave.js";

/** @typedef {import("./colours.js").Colours} Colours */
/** @typedef {import("../../shared/note-columns.js").NoteColumns} NoteColumns */

const EDGE_PX = 4;
const MARGIN_PX = 6;

/** @param {number} x @param {number} width @param {number} durationS */
export function overviewTimeAt(x, width, durationS) {
  return ((x - EDGE_PX) / Math.max(1, width - 2 * EDGE_PX)) * durationS;
}

/**
 * The strip's picture. The notes change seldom and the window often, so the notes are kept as one path.
 */
export class OverviewPainter {
  #path = new Path2D();
  #made = "";
  /** @type {NoteColumns | null} */
  #notes = null;
  #wave = new Path2D();
  #waved = "";

  /** @param {NoteColumns} notes @param {number} width @param {number} height @param {number} durationS */
  #pathOf(notes, width, height, durationS) {
    const key = `${width} ${height} ${durationS}`;
    if (this.#notes === notes && this.#made === key) return this.#path;
    [this.#notes, this.#made, this.#path] = [notes, key, new Path2D()];
    const scale = (width - 2 * EDGE_PX) / Math.max(durationS, 0.001);
    let [low, high] = [127, 0];
    for (const pitch of notes.pitch) [low, high] = [Math.min(low, pitch), Math.max(high, pitch)];
    const lane = (height - 2 * MARGIN_PX) / Math.max(12, high - low + 1);
    for (let i = 0; i < notes.onsetS.length; i++) {
      const [from, to] = [at(notes.onsetS, i) * scale, at(notes.offsetS, i) * scale];
      const y = MARGIN_PX + (high - at(notes.pitch, i)) * lane;
      this.#path.rect(EDGE_PX + from, y, Math.max(1, to - from), Math.max(1, lane));
    }
    return this.#path;
  }

  /** @param {import("../see/wave-peaks.js").WavePeaks} peaks @param {number} width @param {number} height @param {number} scale */
  #waveOf(peaks, width, height, scale) {
    const key = `${width} ${height} ${scale} ${peaks.count}`;
    if (this.#waved !== key) {
      const where = { leftS: -EDGE_PX / scale, pxPerS: scale, from: EDGE_PX, to: width - EDGE_PX, height };
      [this.#waved, this.#wave] = [key, wavePath(peaks, where)];
    }
    return this.#wave;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Colours} colours
   * @param {object} what
   * @param {number} what.width
   * @param {number} what.height
   * @param {NoteColumns} what.notes
   * @param {number} what.durationS
   * @param {number} what.doneS
   * @param {{ leftS: number, widthS: number }} what.window
   * @param {number} what.playheadS
   * @param {import("../see/wave-peaks.js").WavePeaks | null} what.peaks
   */
  paint(context, colours, { width, height, notes, durationS, doneS, window, playheadS, peaks }) {
    const scale = (width - 2 * EDGE_PX) / Math.max(durationS, 0.001);
    /** @param {number} timeS */
    const x = (timeS) => EDGE_PX + timeS * scale;
    context.fillStyle = colours.blackRow;
    context.fillRect(0, 0, width, height);
    const [from, to] = [Math.max(0, x(window.leftS)), Math.min(width, x(window.leftS + window.widthS))];
    context.fillStyle = colours.back;
    context.fillRect(from, 0, to - from, height);
    if (peaks) {
      context.fillStyle = colours.wave;
      context.fill(this.#waveOf(peaks, width, height, scale));
    }
    context.fillStyle = colours.accent;
    context.fill(this.#pathOf(notes, width, height, durationS));
    if (doneS > 0) context.fillRect(EDGE_PX, height - 2, doneS * scale, 2);
    if (from > EDGE_PX || to < width - EDGE_PX) {
      context.strokeStyle = colours.quiet;
      context.lineWidth = 1;
      context.strokeRect(from + 0.5, 0.5, Math.max(2, to - from - 1), height - 1);
    }
    if (playheadS > 0) {
      context.fillStyle = colours.text;
      context.fillRect(Math.round(x(playheadS)), 0, 1, height);
    }
  }
}
