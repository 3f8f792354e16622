// The engine: Python and the network in one worker. Requests are worked off in order; only cancel overtakes.

import { must } from "../shared/must.js";
import { buffersOf } from "../shared/note-columns.js";
import { APP, fetchOk } from "../shared/places.js";
import { LiveFeed } from "./live-feed.js";
import { OnnxModel, threadCount } from "./onnx-model.js";
import { arrangedOf, bytesOf, columnsOf, describeError, importBridge, startPython } from "./python-runtime.js";

/** @typedef {import("../shared/messages.js").Request} Request */
/** @typedef {import("../shared/messages.js").Reply} Reply */
/** @typedef {import("../shared/messages.js").PhaseName} PhaseName */
/** @typedef {import("../shared/note-columns.js").NoteColumns} NoteColumns */

/** @type {import("./python-runtime.js").Pyodide | null} */
let python = null;
/** @type {import("./python-runtime.js").Bridge | null} */
let bridge = null;
/** @type {OnnxModel | null} */
let model = null;
let currentJob = -1;
let isRunning = false;
let framesTaken = 0;
let rateHz = 1;
let channels = 1;

/**
 * @param {Reply} reply
 * @param {Transferable[]} [transfer]
 */
function send(reply, transfer = []) {
  self.postMessage(reply, { transfer });
}

/**
 * @param {NoteColumns} columns
 * @param {boolean} whole
 * @param {number} startedMs
 */
function sendNotes(columns, whole, startedMs) {
  const ms = performance.now() - startedMs;
  const tuningCents = whole ? (engine().bridge.tuning_cents() ?? null) : null;
  const reply = /** @type {const} */ ({ type: "notes", job: currentJob, columns, whole, ms, tuningCents });
  send(reply, /** @type {ArrayBuffer[]} */ (buffersOf(columns)));
}

async function open() {
  /** @type {Record<string, number>} */
  const phases = {};
  let [name, since] = [/** @type {PhaseName} */ ("engine"), performance.now()];
  /** @param {PhaseName} next */
  const enter = (next) => {
    phases[name] = performance.now() - since;
    [name, since] = [next, performance.now()];
    send({ type: "phase", name, ms: since });
  };
  send({ type: "phase", name, ms: since });
  const manifest = await (await fetchOk("model/manifest.json", APP)).text();
  const { grid } = JSON.parse(manifest);
  // Compiled beside Python, on another core. It begins first: once Python runs, it keeps this thread from handing the
  // compiler more bytes.
  const loading = OnnxModel.load(JSON.parse(manifest));
  loading.catch(() => {}); // reported where it is awaited
  python = await startPython();
  enter("transcriber");
  bridge = importBridge(python);
  bridge.open_model(manifest);
  enter("network");
  model = await loading;
  phases[name] = performance.now() - since;
  phases.total = performance.now();
  const framesPerS = grid.sample_rate_hz / grid.hop_samples;
  send({ type: "ready", threads: threadCount(), phases, framesPerS, lowestPitch: grid.lowest_pitch });
}

function engine() {
  return { bridge: must(bridge, "the engine"), model: must(model, "the network") };
}

/** @param {Extract<Request, { type: "transcribe" }>} request */
function transcribe(request) {
  const { bridge, model } = engine();
  currentJob = request.job;
  ({ rateHz, channels } = request);
  framesTaken = 0;
  isRunning = false;
  model.reset();
  const options = JSON.stringify(request.options);
  if (request.part) bridge.start_part(rateHz, channels, options, JSON.stringify(request.part));
  else bridge.start(rateHz, channels, options);
  isRunning = true;
}

/** @param {Float32Array} pcm */
async function takeAudio(pcm) {
  const { bridge, model } = engine();
  const startedMs = performance.now();
  const columns = columnsOf(await bridge.push(pcm, model.run));
  framesTaken += pcm.length / channels;
  if (columns.onsetS.length > 0) sendNotes(columns, false, startedMs);
  send({ type: "progress", job: currentJob, doneS: framesTaken / rateHz });
}

async function endAudio() {
  const { bridge, model } = engine();
  const startedMs = performance.now();
  const columns = columnsOf(await bridge.finish(model.run));
  isRunning = false;
  sendNotes(columns, true, startedMs);
}

/** @param {Extract<Request, { type: "live" }>} request */
function startLive({ job, mode, options, port, ...sound }) {
  isRunning = false;
  const feed = new LiveFeed(port, {
    isListening: () => job === currentJob && isRunning,
    ask: () => enqueue(() => feed.work(), "live", job),
    take: takeLive,
    end: async () => {
      if (framesTaken === 0)
        isRunning = false; // stopped before it began: nobody waits for notes
      else await (mode === "follow" ? endAudio() : endVoice());
    },
  });
  const { bridge, model } = engine();
  currentJob = job;
  ({ rateHz, channels } = sound);
  framesTaken = 0;
  model.reset();
  bridge.start_live(mode, rateHz, channels, JSON.stringify(options));
  isRunning = true;
}

/** @param {Float32Array} pcm */
async function takeLive(pcm) {
  const { bridge, model } = engine();
  const startedMs = performance.now();
  const events = columnsOf(await bridge.push_live(pcm, model.run));
  framesTaken += pcm.length / channels;
  sendLive(events, performance.now() - startedMs, false);
}

async function endVoice() {
  isRunning = false;
  sendLive(columnsOf(engine().bridge.finish_voice()), 0, true);
}

/** @param {import("../shared/live-events.js").LiveEvents} events @param {number} busyMs @param {boolean} isLast */
function sendLive(events, busyMs, isLast) {
  const reply = /** @type {const} */ ({
    type: "live",
    job: currentJob,
    events,
    doneS: framesTaken / rateHz,
    busyMs,
    isLast,
  });
  send(reply, /** @type {ArrayBuffer[]} */ (Object.values(events).map((column) => column.buffer)));
}

function cutShort() {
  if (!isRunning) return;
  isRunning = false;
  const startedMs = performance.now();
  sendNotes(columnsOf(engine().bridge.cut_short()), true, startedMs);
}

/** @param {Extract<Request, { type: "export" }>} request */
async function exportFile({ job, kind, options, title, notes, analysis }) {
  const { bridge } = engine();
  const bytes = bytesOf(bridge.export(kind, JSON.stringify(options), title, notes, JSON.stringify(analysis ?? {})));
  send({ type: "file", job, kind, bytes }, [bytes.buffer]);
}

/** @param {Extract<Request, { type: "arrange" }>} request */
function arrange({ options, notes }) {
  const { source, ...found } = arrangedOf(engine().bridge.arrange(notes, JSON.stringify(options)));
  const { analysis: words, ...columns } = found;
  const analysis = JSON.parse(words);
  if (!source) return send({ type: "arranged", analysis, columns: null, source: new Int32Array(0) });
  const buffers = /** @type {ArrayBuffer[]} */ ([source.buffer, ...buffersOf(columns)]);
  send({ type: "arranged", analysis, columns, source }, buffers);
}

/** @param {import("../shared/messages.js").Question} request */
function answer(request) {
  const { bridge } = engine();
  const { job, id } = request;
  if (request.type === "ghosts") {
    const columns = columnsOf(bridge.ghosts());
    return send({ type: "ghosts", job, id, columns }, /** @type {ArrayBuffer[]} */ (buffersOf(columns)));
  }
  const window = columnsOf(bridge.underlay(request.kind, request.fromFrame, request.toFrame, request.step));
  send({ type: "underlay", job, id, window }, [window.bytes.buffer]);
}

/** @param {Extract<Request, { type: "exportParts" }>} request */
function exportParts({ job, options, title, parts }) {
  const stems = parts.map((part) => ({ ...part, options: JSON.stringify(part.options) }));
  const bytes = bytesOf(engine().bridge.export_parts(JSON.stringify(options), title, stems));
  send({ type: "file", job, kind: "mid", bytes }, [bytes.buffer]);
}

/** @param {number} job */
function sendPlanes(job) {
  const packed = bytesOf(engine().bridge.planes());
  send({ type: "planes", job, packed }, [packed.buffer]);
}

/** @param {Extract<Request, { type: "restore" }>} request */
function restore({ job, packed, options }) {
  engine().bridge.restore(packed, JSON.stringify(options));
  currentJob = job;
  isRunning = false;
  send({ type: "restored", job });
}

/** @param {Request} request */
async function handle(request) {
  if (request.type === "open") return open();
  if (request.type === "transcribe") return transcribe(request);
  if (request.type === "arrange") return arrange(request);
  if (request.type === "live") return startLive(request);
  if (request.type === "restore") return restore(request);
  if (request.type === "export") return exportFile(request); // of notes that it brings along
  if (request.type === "exportParts") return exportParts(request);
  if (request.job !== currentJob) return; // about a recording that has been replaced
  if (request.type === "cancel") return cutShort();
  if (request.type === "audio") return isRunning ? takeAudio(request.pcm) : undefined;
  if (request.type === "audioEnd") return isRunning ? endAudio() : undefined;
  if ("id" in request) return answer(request);
  if (request.type === "planes") return sendPlanes(request.job);
  const startedMs = performance.now();
  sendNotes(columnsOf(engine().bridge.redecode(JSON.stringify(request.options))), true, startedMs);
}

/** @type {Promise<void>} */
let queue = Promise.resolve();

/**
 * @param {() => unknown} work
 * @param {Request["type"]} during
 * @param {number | null} job
 * @param {Request} [request] where one has asked for it
 */
function enqueue(work, during, job, request) {
  queue = queue.then(async () => {
    try {
      await work();
    } catch (error) {
      const failure = describeError(python, error);
      if (model?.isCancelled && isRunning) return; // the run was stopped on purpose; cancel itself comes next
      if (request && "id" in request)
        return send({ type: "noAnswer", job: request.job, id: request.id, message: failure.message });
      send({ type: "failed", job, during, ...failure });
      const isOfRun = during === "audio" || during === "audioEnd" || during === "live";
      if (isRunning && isOfRun) await handle({ type: "cancel", job: currentJob }).catch(() => {}); // keeps what came before
    }
  });
}

self.onmessage = (/** @type {MessageEvent<Request>} */ { data: request }) => {
  const stopsRun = request.type === "cancel" || request.type === "transcribe" || request.type === "live";
  if (stopsRun && isRunning && model) model.isCancelled = true;
  enqueue(() => handle(request), request.type, "job" in request ? request.job : null, request);
};

// For whoever wants a package late, which no verb of the page does yet.
export { installOnDemand, startPython } from "./python-runtime.js";
