// The protocol between the window and the engine worker: every message, with exactly what it carries.
// PCM is interleaved float32 at the recording's own rate; times are seconds from its start.
// A job is one recording; its number rises with every file, so late answers about an older one can be told apart.

/** @typedef {import("./note-columns.js").NoteColumns} NoteColumns */
/** @typedef {Record<string, number | string>} Options names and values of options.json */
/** @typedef {"mid" | "musicxml" | "csv" | "json" | "npz"} FileKind */
/** @typedef {"follow" | "play"} LiveMode all notes with the file's engine, or one voice at once */
/** @typedef {import("./live-events.js").LiveEvents} LiveEvents */
/** @typedef {{ pcm: Float32Array | null }} LiveSound from the worklet to the engine; null: the take is over */

/** @typedef {{ fedFromS: number, fromS: number, toS: number, isOnWhole: boolean }} PartToHear seconds of the recording; the
 *   audio begins at `fedFromS`; `isOnWhole`: it goes into the planes that the engine holds, else into blank ones */

/** @typedef {{ name: string, notes: NoteColumns, options: Options }} Stem a recording of one song; notes as heard and edited */

/**
 * @typedef {{ type: "open" }} OpenRequest start the engine; answered by phase... and ready
 * @typedef {{ type: "transcribe", job: number, rateHz: number, channels: number, options: Options,
 *   part: PartToHear | null }} TranscribeRequest
 * @typedef {{ type: "audio", job: number, pcm: Float32Array }} AudioRequest transferred; answered by progress
 * @typedef {{ type: "audioEnd", job: number }} AudioEndRequest answered by notes with whole = true
 * @typedef {{ type: "cancel", job: number }} CancelRequest stop, keep what is done; answered by notes with whole = true
 * @typedef {{ type: "redecode", job: number, options: Options }} RedecodeRequest
 * @typedef {{ type: "export", job: number, kind: FileKind, options: Options, title: string, notes: NoteColumns,
 *   analysis: Analysis | null }} ExportRequest `notes` are what the file is to hold, `analysis` its grid and key
 * @typedef {{ type: "arrange", options: Options, notes: NoteColumns }} ArrangeRequest put these notes in
 *   time and in tune; a recording is not needed for it
 * @typedef {{ type: "live", job: number, mode: LiveMode, rateHz: number, channels: number, options: Options,
 *   port: MessagePort }} LiveRequest a take: its sound comes through the port (LiveSound); answered by live...
 * @typedef {{ type: "underlay", job: number, id: number, kind: UnderlayKind, fromFrame: number, toFrame: number, step: number }}
 *   UnderlayRequest `step` frames to a column, a power of two from 2 on
 * @typedef {{ type: "ghosts", job: number, id: number }} GhostsRequest candidates below the present bar
 * @typedef {UnderlayRequest | GhostsRequest} Question answered with the same `id`
 * @typedef {{ type: "exportParts", job: number, options: Options, title: string, parts: Stem[] }} ExportPartsRequest
 *   one MIDI file on one grid, with a track for each; answered by file
 * @typedef {{ type: "planes", job: number }} PlanesRequest what the recording can be decoded again from
 * @typedef {{ type: "restore", job: number, packed: Uint8Array, options: Options }} RestoreRequest take a recording over
 *   from its planes, whose notes were decoded with these options; answered by restored
 * @typedef {Question | OpenRequest | TranscribeRequest | AudioRequest | AudioEndRequest | CancelRequest | RedecodeRequest
 *   | ArrangeRequest | ExportRequest | ExportPartsRequest | PlanesRequest | RestoreRequest | LiveRequest} Request
 */

/**
 * @typedef {{ type: "phase", name: PhaseName, ms: number }} PhaseReply a boot phase begins, `ms` after the start
 * @typedef {{ type: "ready", threads: number, phases: Record<string, number>, framesPerS: number, lowestPitch: number }}
 *   ReadyReply length of each phase, ms; the grid of frames and pitches
 * @typedef {{ type: "progress", job: number, doneS: number }} ProgressReply one audio message has been worked off
 * @typedef {{ type: "notes", job: number, columns: NoteColumns, whole: boolean, ms: number, tuningCents: number | null }}
 *   NotesReply notes that have just ended, or (whole) all of them; how far the recording lies off A = 440 Hz, if known
 * @typedef {{ type: "file", job: number, kind: FileKind, bytes: Uint8Array<ArrayBuffer> }} FileReply
 * @typedef {{ type: "arranged", analysis: Analysis, columns: NoteColumns | null, source: Int32Array }}
 *   ArrangedReply `source` is the row each note was before; null columns: the notes stay as they are
 * @typedef {{ code: string, reason: string, values: Record<string, string | number>, message: string }} Failure as Python's
 *   LinnetError has it (linnet/errors.py); reason is "" where the message is all that is known
 * @typedef {Failure & { type: "failed", job: number | null, during: Request["type"] }} FailedReply
 * @typedef {{ type: "live", job: number, events: LiveEvents, doneS: number, busyMs: number, isLast: boolean }} LiveReply
 *   what became known, the stream's time that is worked off, time spent on it; isLast: a take of one voice is over
 * @typedef {{ type: "underlay", job: number, id: number, window: UnderlayWindow }} UnderlayReply
 * @typedef {{ type: "ghosts", job: number, id: number, columns: NoteColumns }} GhostsReply
 * @typedef {{ type: "noAnswer", job: number, id: number, message: string }} NoAnswerReply the question could not be answered
 * @typedef {UnderlayReply | GhostsReply | NoAnswerReply} Answer
 * @typedef {{ type: "planes", job: number, packed: Uint8Array<ArrayBuffer> }} PlanesReply one blob (linnet/planes_file.py)
 * @typedef {{ type: "restored", job: number }} RestoredReply
 * @typedef {Answer | ArrangedReply | PhaseReply | ReadyReply | ProgressReply | NotesReply | FileReply | FailedReply | PlanesReply
 *   | RestoredReply | LiveReply} Reply
 */

/**
 * @typedef {object} BeatGrid
 * @property {number[]} beatS seconds, rising; before and after them beats go on evenly
 * @property {number} firstBar a beat that begins a bar
 * @property {number} barOne the beat that bar 1 begins on
 * @property {number} beatsPerBar
 * @property {string} metre
 * @property {number} bpm
 *
 * @typedef {object} Analysis what notes say of their time and key (linnet/arranging.py)
 * @property {number | null} bpm as found
 * @property {number} confidence 0-1
 * @property {boolean} isSteady beats are as even as a machine's
 * @property {number} firstBarS
 * @property {string | null} key as found: tonic, with an m for minor
 * @property {number} keyConfidence 0-1
 * @property {BeatGrid | null} grid in force
 * @property {string | null} keyInForce
 */

/** @typedef {"engine" | "transcriber" | "network"} PhaseName */
/** @typedef {"transform" | "likelihood"} UnderlayKind */

/**
 * @typedef {object} UnderlayWindow linnet/seen.py, by way of `underlay` in linnet/bridge.py
 * @property {number} columns as many as there are: fewer than asked for at the end, or while a recording is worked on
 * @property {number} rows of a column, from the lowest pitch up
 * @property {number} perSemitone rows
 * @property {Uint8Array<ArrayBuffer>} bytes column after column; of the likelihood each has two planes, note and onset
 */

/** What the page says while each phase runs. */
export const PHASE_WORDS = /** @type {const} */ ({
  engine: "Starting Python",
  transcriber: "Loading the transcriber",
  network: "Loading the network",
});
