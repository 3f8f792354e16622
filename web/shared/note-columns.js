// NoteColumns: the notes as a struct of arrays, the same columns as Python's NoteTable (linnet/notes.py).

/**
 * @typedef {object} NoteColumns
 * @property {Float64Array} onsetS seconds, rising
 * @property {Float64Array} offsetS seconds
 * @property {Uint8Array} pitch MIDI pitch
 * @property {Uint8Array} velocity 1-127
 * @property {Float32Array} confidence 0-1
 * @property {Int32Array} bendStart n + 1 rows: the curve of note i is rows bendStart[i] to bendStart[i + 1]
 * @property {Float64Array} bendS seconds from the start of the recording
 * @property {Float32Array} bendCents deviation from `pitch` from that time on
 */

/** @returns {NoteColumns} */
export function noNotes() {
  return sizedColumns(0, 0);
}

/**
 * Both sets of notes in order of onset, then pitch. Quick where the second begins near the end of the first, as notes
 * do that have just ended: what lies before is copied, not compared.
 * @param {NoteColumns} first
 * @param {NoteColumns} second
 * @returns {NoteColumns}
 */
export function joinNotes(first, second) {
  const [n, m] = [first.onsetS.length, second.onsetS.length];
  if (m === 0) return first;
  if (n === 0) return second;
  const kept = firstFrom(first.onsetS, at(second.onsetS, 0));
  const bendsKept = at(first.bendStart, kept);
  const joined = sizedColumns(n + m, first.bendS.length + second.bendS.length);
  for (const name of PER_NOTE) joined[name].set(first[name].subarray(0, kept));
  joined.bendStart.set(first.bendStart.subarray(0, kept + 1));
  for (const name of PER_BEND) joined[name].set(first[name].subarray(0, bendsKept));
  let [i, j, bends] = [kept, 0, bendsKept];
  for (let row = kept; row < n + m; row++) {
    const takesFirst = j >= m || (i < n && comesBefore(first, i, second, j));
    const [notes, from] = takesFirst ? [first, i++] : [second, j++];
    for (const name of PER_NOTE) joined[name][row] = at(notes[name], from);
    const [start, end] = [at(notes.bendStart, from), at(notes.bendStart, from + 1)];
    for (const name of PER_BEND) joined[name].set(notes[name].subarray(start, end), bends);
    bends += end - start;
    joined.bendStart[row + 1] = bends;
  }
  return joined;
}

export const PER_NOTE = /** @type {const} */ (["onsetS", "offsetS", "pitch", "velocity", "confidence"]);
const PER_BEND = /** @type {const} */ (["bendS", "bendCents"]);

/** Columns of zeros. @param {number} count of notes @param {number} bends rows of all curves @returns {NoteColumns} */
export function sizedColumns(count, bends) {
  return {
    onsetS: new Float64Array(count),
    offsetS: new Float64Array(count),
    pitch: new Uint8Array(count),
    velocity: new Uint8Array(count),
    confidence: new Float32Array(count),
    bendStart: new Int32Array(count + 1),
    bendS: new Float64Array(bends),
    bendCents: new Float32Array(bends),
  };
}

/** @param {NoteColumns} a @param {number} i @param {NoteColumns} b @param {number} j */
function comesBefore(a, i, b, j) {
  const [left, right] = [at(a.onsetS, i), at(b.onsetS, j)];
  return left < right || (left === right && at(a.pitch, i) <= at(b.pitch, j));
}

/**
 * The element, or an error: columns of one table are equally long, so it is there.
 * @param {ArrayLike<number>} column
 * @param {number} i
 */
export function at(column, i) {
  const value = column[i];
  if (value === undefined) throw new RangeError(`row ${i} of a column of ${column.length}`);
  return value;
}

/**
 * First note that may reach `timeS`: notes are sorted by onset, none is longer than `longestS`.
 * @param {Float64Array} onsetS
 * @param {number} timeS
 */
export function firstFrom(onsetS, timeS) {
  let [low, high] = [0, onsetS.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(onsetS, middle) < timeS) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @param {NoteColumns} notes */
export function longestNoteS(notes) {
  let longest = 0;
  for (let i = 0; i < notes.onsetS.length; i++) longest = Math.max(longest, at(notes.offsetS, i) - at(notes.onsetS, i));
  return longest;
}

/**
 * The buffers behind the columns, to be transferred.
 * @param {NoteColumns} notes
 */
export function buffersOf(notes) {
  return Object.values(notes).map((column) => column.buffer);
}
