// A project: one recording, what was heard in it and what a person made of it. This is its card, project.json; the bulk
// lies in parts of its own (parts.js). What comes from outside is checked here before anything is done with it.

/** @typedef {import("../../shared/messages.js").Options} Options */
/** @typedef {import("../../shared/note-columns.js").NoteColumns} NoteColumns */
/** @typedef {import("../edit/edits.js").Edits} Edits */
/** @typedef {typeof STATES[number]} ProjectState */

/**
 * @typedef {object} Project
 * @property {typeof FORMAT} format
 * @property {string} id
 * @property {string} fileName of the recording
 * @property {string} fileType its MIME type, where known
 * @property {number} fileBytes
 * @property {string} fileFacts format, rate, channels in words
 * @property {ProjectState} state
 * @property {string} reason why it failed, "" else
 * @property {number} durationS 0 while unknown
 * @property {number} doneS transcribed
 * @property {number} noteCount as shown
 * @property {number | null} tuningCents off A = 440 Hz
 * @property {import("../store.js").State["part"]} part what the planes are of, where there are notes beside it that they are not of
 * @property {Options} options
 * @property {number} playheadS
 * @property {number} createdMs since 1970
 * @property {number} openedMs
 * @property {boolean} isDeleted to be removed for good when nobody wants it back any more
 */

export const FORMAT = "linnet-project/1";
export const STATES = /** @type {const} */ (["waiting", "running", "done", "stopped", "failed"]);

/**
 * @param {File} file
 * @param {Options} options
 * @returns {Project}
 */
export function newProject(file, options) {
  const now = Date.now();
  return {
    format: FORMAT,
    id: crypto.randomUUID(),
    fileName: file.name,
    fileType: file.type,
    fileBytes: file.size,
    fileFacts: "",
    state: "waiting",
    reason: "",
    durationS: 0,
    doneS: 0,
    noteCount: 0,
    tuningCents: null,
    part: null,
    options,
    playheadS: 0,
    createdMs: now,
    openedMs: now,
    isDeleted: false,
  };
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
export function isTable(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param {unknown} value @returns {value is number} */
export function isFiniteNumber(value) {
  return typeof value === "number" && Number.isFinite(value);
}

/** @param {unknown} value @param {(row: unknown) => boolean} isRow @returns {value is unknown[]} */
export function isList(value, isRow) {
  return Array.isArray(value) && value.every(isRow);
}

/**
 * The card, or null where it is none that this version reads.
 * @param {unknown} value
 * @returns {Project | null}
 */
export function readProject(value) {
  if (!isTable(value) || value.format !== FORMAT) return null;
  const blank = newProject(new File([], ""), {});
  if (value.part && !(isTable(value.part) && Object.values(value.part).every(isFiniteNumber))) return null;
  for (const [name, like] of Object.entries({ ...blank, tuningCents: 0, part: {} })) {
    if ((name === "tuningCents" || name === "part") && value[name] === null) continue;
    if (typeof value[name] !== typeof like || (typeof like === "number" && !isFiniteNumber(value[name]))) return null;
  }
  if (!STATES.includes(/** @type {ProjectState} */ (value.state)) || !isTable(value.options)) return null;
  if (!/^[\w-]{1,64}$/.test(String(value.id))) return null;
  const known = Object.keys(blank).map((name) => [name, value[name]]);
  return /** @type {Project} */ (Object.fromEntries(known));
}

/** @param {unknown} value @returns {Edits | null} */
export function readEdits(value) {
  if (!isTable(value)) return null;
  const { removed, own } = value;
  const isNote = (/** @type {unknown} */ note) =>
    isTable(note) && isFiniteNumber(note.pitch) && isFiniteNumber(note.onsetS) && isFiniteNumber(note.offsetS);
  const isPair = (/** @type {unknown} */ pair) => isList(pair, isFiniteNumber) && pair.length === 2;
  const isOwn = (/** @type {unknown} */ note) =>
    isTable(note) &&
    isNote(note) &&
    Number.isInteger(note.id) &&
    isFiniteNumber(note.velocity) &&
    isFiniteNumber(note.confidence) &&
    isList(note.bends, isPair);
  return isList(removed, isNote) && isList(own, isOwn) ? /** @type {Edits} */ (/** @type {unknown} */ (value)) : null;
}

const COLUMNS = /** @type {const} */ ({
  onsetS: Float64Array,
  offsetS: Float64Array,
  pitch: Uint8Array,
  velocity: Uint8Array,
  confidence: Float32Array,
  bendStart: Int32Array,
  bendS: Float64Array,
  bendCents: Float32Array,
});

/** @param {NoteColumns} notes @returns {Record<string, number[]>} plain data, to the last digit */
export function plainNotes(notes) {
  return Object.fromEntries(Object.entries(notes).map(([name, column]) => [name, Array.from(column)]));
}

/** @param {unknown} value @returns {NoteColumns | null} null where it is no table of notes */
export function readNotes(value) {
  if (!isTable(value) || !Object.keys(COLUMNS).every((name) => isList(value[name], isFiniteNumber))) return null;
  const made = Object.entries(COLUMNS).map(([name, Column]) => [
    name,
    Column.from(/** @type {number[]} */ (value[name])),
  ]);
  const notes = /** @type {NoteColumns} */ (Object.fromEntries(made));
  const n = notes.onsetS.length;
  const perNote = [notes.offsetS, notes.pitch, notes.velocity, notes.confidence];
  const isWhole =
    perNote.every((column) => column.length === n) &&
    notes.bendStart.length === n + 1 &&
    notes.bendStart[n] === notes.bendS.length &&
    notes.bendCents.length === notes.bendS.length;
  return isWhole ? notes : null;
}
