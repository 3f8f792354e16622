// The strip under the roll: all notes at once, and a window over the part that the roll shows.
import { PEAKS_PER_S } from "../see/wave-peaks.js";
import { wavePath } from "./paint-wave.js";
import { StripNotes } from "./strip-notes.js";

/** @typedef {import("./colours.js").Colours} Colours */
/** @typedef {import("../../shared/note-columns.js").NoteColumns} NoteColumns */

const EDGE_PX = 4;
const MARGIN_PX = 6;

/** @param {number} x @param {number} width @param {number} durationS */
export function overviewTimeAt(x, width, durationS) {
  return ((x - EDGE_PX) / Math.max(1, width - 2 * EDGE_PX)) * durationS;
}

/**
 * The strip's picture. Notes and waveform change seldom and the window often, so both are kept as they were drawn.
 */
export class OverviewPainter {
  #notes = new StripNotes();
  #wave = new Path2D();
  #waved = "";
  /** @type {Int8Array | null} */
  #peaks = null;

  /** @param {import("../see/wave-peaks.js").WavePeaks} peaks @param {number} width @param {number} height @param {number} scale */
  #waveOf(peaks, width, height, scale) {
    const key = `${width} ${height} ${scale} ${Math.floor((peaks.count * scale) / PEAKS_PER_S)}`; // by whole pixels
    if (this.#waved !== key || this.#peaks !== peaks.high) {
      const where = { leftS: -EDGE_PX / scale, pxPerS: scale, from: EDGE_PX, to: width - EDGE_PX, height };
      [this.#waved, this.#peaks, this.#wave] = [key, peaks.high, wavePath(peaks, where)];
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
    if (notes.onsetS.length > 0) {
      const { canvas } = context;
      const sharp = canvas.width / width;
      const [left, margin] = [EDGE_PX * sharp, MARGIN_PX * sharp];
      const strip = { width: canvas.width, height: canvas.height, left, pxPerS: scale * sharp, margin };
      context.drawImage(this.#notes.picture(notes, strip, colours.accent), 0, 0, width, height);
    }
    context.fillStyle = colours.accent;
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
