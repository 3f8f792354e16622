// What the engine said of some notes in time and in tune, kept with their project: the same notes under the same options
// are shown, played and saved so at once, without the engine.
import { isFiniteNumber, isList, isTable, plainNotes, readNotes } from "./projects/project.js";

/** @typedef {import("../shared/note-columns.js").NoteColumns} NoteColumns */
/** @typedef {import("../shared/messages.js").Analysis} Analysis */

/**
 * @typedef {object} Arrangement
 * @property {string} options those that arrange, as one word
 * @property {string} notes a mark of the notes as they were before (`markOf`)
 * @property {Analysis} analysis
 * @property {NoteColumns | null} columns the notes as arranged; null: they stay as they are
 * @property {Int32Array} source the row that each was before
 */

/** A word that is another for other notes: their number and a hash of their bytes (FNV-1a). @param {NoteColumns} notes */
export function markOf(notes) {
  let hash = 0x811c9dc5;
  for (const { buffer, byteOffset, byteLength } of Object.values(notes)) {
    for (const byte of new Uint8Array(buffer, byteOffset, byteLength)) hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return `${notes.onsetS.length} ${(hash >>> 0).toString(16)}`;
}

/** @param {Arrangement} arrangement */
export function plainArrangement({ columns, source, ...rest }) {
  return { ...rest, columns: columns && plainNotes(columns), source: [...source] };
}

const isWord = (/** @type {unknown} */ value) => typeof value === "string";
const isWordOrNull = (/** @type {unknown} */ value) => value === null || isWord(value);
const OF_ANALYSIS = {
  bpm: (/** @type {unknown} */ value) => value === null || isFiniteNumber(value),
  confidence: isFiniteNumber,
  isSteady: (/** @type {unknown} */ value) => typeof value === "boolean",
  firstBarS: isFiniteNumber,
  key: isWordOrNull,
  keyConfidence: isFiniteNumber,
  grid: (/** @type {unknown} */ value) => value === null || isLike(value, OF_GRID),
  keyInForce: isWordOrNull,
};
const OF_GRID = {
  beatS: (/** @type {unknown} */ value) => isList(value, isFiniteNumber),
  firstBar: isFiniteNumber,
  barOne: isFiniteNumber,
  beatsPerBar: isFiniteNumber,
  metre: isWord,
  bpm: isFiniteNumber,
};

/** @param {unknown} value @param {Record<string, (value: unknown) => boolean>} checks by name */
function isLike(value, checks) {
  return isTable(value) && Object.entries(checks).every(([name, isRight]) => isRight(value[name]));
}

/**
 * @param {unknown} value what `plainArrangement` gave
 * @returns {Arrangement | null} null where it is anything else: the engine is asked again
 */
export function readArrangement(value) {
  if (!isTable(value) || !isWord(value.options) || !isWord(value.notes)) return null;
  const { columns, source } = value;
  const count = Number.parseInt(String(value.notes), 10);
  const isRow = (/** @type {unknown} */ row) => Number.isInteger(row) && Number(row) >= 0 && Number(row) < count;
  const notes = columns === null ? null : readNotes(columns);
  if (!isLike(value.analysis, OF_ANALYSIS) || !isList(source, isRow) || (columns !== null && !notes)) return null;
  if (source.length !== (notes?.onsetS.length ?? 0)) return null;
  const read = { ...value, columns: notes, source: Int32Array.from(/** @type {number[]} */ (source)) };
  return /** @type {Arrangement} */ (/** @type {unknown} */ (read));
}
