// The protocol between the window and the engine worker: every message, with exactly what it carries.
// PCM is interleaved float32 at the recording's own rate; times are seconds from its start.
// A job is one recording; its number rises with every file, so late answers about an older one can be told apart.

/** @typedef {import("./note-columns.js").NoteColumns} NoteColumns */
/** @typedef {Record<string, number | string>} Options names and values of options.json */
/** @typedef {"mid" | "csv" | "json"} FileKind */

/**
 * @typedef {{ type: "open" }} OpenRequest start the engine; answered by phase... and ready
 * @typedef {{ type: "transcribe", job: number, rateHz: number, channels: number, options: Options }} TranscribeRequest
 * @typedef {{ type: "audio", job: number, pcm: Float32Array }} AudioRequest transferred; answered by progress
 * @typedef {{ type: "audioEnd", job: number }} AudioEndRequest answered by notes with whole = true
 * @typedef {{ type: "cancel", job: number }} CancelRequest stop, keep what is done; answered by notes with whole = true
 * @typedef {{ type: "redecode", job: number, options: Options }} RedecodeRequest
 * @typedef {{ type: "export", job: number, kind: FileKind, options: Options, title: string, notes: NoteColumns }}
 *   ExportRequest `notes` are what the file is to hold
 * @typedef {OpenRequest | TranscribeRequest | AudioRequest | AudioEndRequest | CancelRequest | RedecodeRequest
 *   | ExportRequest} Request
 */

/**
 * @typedef {{ type: "phase", name: PhaseName, ms: number }} PhaseReply a boot phase begins, `ms` after the start
 * @typedef {{ type: "ready", threads: number, phases: Record<string, number> }} ReadyReply length of each phase, ms
 * @typedef {{ type: "progress", job: number, doneS: number }} ProgressReply one audio message has been worked off
 * @typedef {{ type: "notes", job: number, columns: NoteColumns, whole: boolean, ms: number, tuningCents: number | null }}
 *   NotesReply notes that have just ended, or (whole) all of them; how far the recording lies off A = 440 Hz, if known
 * @typedef {{ type: "file", job: number, kind: FileKind, bytes: Uint8Array<ArrayBuffer> }} FileReply
 * @typedef {{ type: "failed", job: number | null, during: Request["type"], code: string, message: string }} FailedReply
 * @typedef {PhaseReply | ReadyReply | ProgressReply | NotesReply | FileReply | FailedReply} Reply
 */

/** @typedef {"engine" | "transcriber" | "network"} PhaseName */

/** What the page says while each phase runs. */
export const PHASE_WORDS = /** @type {const} */ ({
  engine: "Starting Python",
  transcriber: "Loading the transcriber",
  network: "Loading the network",
});
