// The notes of a whole recording as a picture of a few pixels' height. Set pixel by pixel: to fill as many rectangles as an
// hour has notes takes a browser a tenth of a second, and the strip is painted whenever the roll or the playhead moves.
import { at } from "../../shared/note-columns.js";

/** @typedef {import("../../shared/note-columns.js").NoteColumns} NoteColumns */

/**
 * @typedef {object} Strip in the device's own pixels
 * @property {number} width
 * @property {number} height
 * @property {number} left of time 0
 * @property {number} pxPerS
 * @property {number} margin above and below the notes
 */

/**
 * Which pixels are a note's.
 * @param {NoteColumns} notes
 * @param {Strip} strip
 * @returns {Uint8Array} row by row, 1 where there is a note
 */
export function stripOf(notes, { width, height, left, pxPerS, margin }) {
  const pixels = new Uint8Array(width * height);
  let [low, high] = [127, 0];
  for (const pitch of notes.pitch) [low, high] = [Math.min(low, pitch), Math.max(high, pitch)];
  const lane = (height - 2 * margin) / Math.max(12, high - low + 1);
  for (let i = 0; i < notes.onsetS.length; i++) {
    const from = Math.round(left + at(notes.onsetS, i) * pxPerS);
    const to = Math.min(width, Math.max(from + 1, Math.round(left + at(notes.offsetS, i) * pxPerS)));
    const top = margin + (high - at(notes.pitch, i)) * lane;
    const end = Math.min(height, Math.max(Math.round(top) + 1, Math.round(top + lane)));
    for (let y = Math.round(top); y < end; y++) pixels.fill(1, y * width + from, y * width + to);
  }
  return pixels;
}

/** Keeps the picture until notes, size or colour are others. */
export class StripNotes {
  #canvas = document.createElement("canvas");
  #made = "";
  /** @type {NoteColumns | null} */
  #notes = null;

  /**
   * @param {NoteColumns} notes
   * @param {Strip} strip
   * @param {string} colour
   */
  picture(notes, strip, colour) {
    const key = `${Object.values(strip)} ${colour}`;
    if (this.#notes === notes && this.#made === key) return this.#canvas;
    [this.#notes, this.#made] = [notes, key];
    const { width, height } = strip;
    [this.#canvas.width, this.#canvas.height] = [width, height];
    const context = this.#canvas.getContext("2d");
    if (!context) throw new Error("this browser gives no 2D canvas");
    const image = context.createImageData(width, height);
    stripOf(notes, strip).forEach((isNote, pixel) => {
      if (isNote) image.data[4 * pixel + 3] = 255;
    });
    context.putImageData(image, 0, 0);
    context.globalCompositeOperation = "source-in";
    context.fillStyle = colour;
    context.fillRect(0, 0, width, height);
    return this.#canvas;
  }
}
