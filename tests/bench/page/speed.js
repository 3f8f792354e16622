// Two workers in one page: Linnet's own engine, and Basic Pitch's network on the same onnxruntime-web. The bench asks
// for one run of either at a time; both get samples that are decoded already.

const RATE_HZ = 22050; // what Basic Pitch works at; its windows are counted in samples of it
/** @type {Map<string, Float32Array>} */
const decoded = new Map();
const linnet = { transcriber: null, options: {}, blockFrames: 0, hear: (_event) => {} };
let peer = null;

/** Mono samples of a file beside this page. */
async function samplesOf(name) {
  const kept = decoded.get(name);
  if (kept) return kept;
  const bytes = await (await fetch(name)).arrayBuffer();
  const audio = await new OfflineAudioContext(1, 1, RATE_HZ).decodeAudioData(bytes);
  decoded.set(name, audio.getChannelData(0).slice());
  return samplesOf(name);
}

function nextEvent(wanted) {
  return new Promise((resolve, reject) => {
    linnet.hear = (event) => {
      if (event.type === "failed") reject(new Error(event.message));
      if (wanted(event)) resolve(event);
    };
  });
}

/** @param {string} app @param {string} engine the site's folders */
async function load(app, engine) {
  const { Transcriber } = await import(`../${app}/page/transcriber.js`);
  linnet.blockFrames = (await import(`../${app}/page/audio/block-size.js`)).blockFrames(1);
  const specs = await (await fetch(`../${app}/options.json`)).json();
  linnet.options = Object.fromEntries(
    specs.filter((spec) => spec.stage === "decode").map((spec) => [spec.name, spec.default]),
  );
  const ready = nextEvent((event) => event.type === "ready");
  linnet.transcriber = new Transcriber((event) => linnet.hear(event));
  const { threads, phases } = await ready;
  peer = new Worker(new URL("basic-pitch-worker.js", import.meta.url), { type: "module" });
  await asked({ load: new URL(`../${engine}/`, import.meta.url).href, threads });
  return { threads, phases, isolated: crossOriginIsolated };
}

function asked(message, transfer = []) {
  return new Promise((resolve, reject) => {
    peer.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data));
    peer.onerror = (event) => reject(new Error(event.message));
    peer.postMessage(message, transfer);
  });
}

/** Decoded samples -> all notes, as the page itself asks for them. */
async function transcribe(name) {
  const samples = await samplesOf(name);
  const source = {
    rateHz: RATE_HZ,
    channels: 1,
    durationS: samples.length / RATE_HZ,
    format: "samples",
    async *blocks() {
      for (let i = 0; i < samples.length; i += linnet.blockFrames) yield samples.slice(i, i + linnet.blockFrames);
    },
  };
  const startedMs = performance.now();
  const whole = nextEvent((event) => event.type === "notes" && event.whole);
  await linnet.transcriber.transcribe(source, linnet.options);
  const { columns } = await whole;
  return { wallMs: performance.now() - startedMs, notes: columns.onsetS.length, audioS: source.durationS };
}

/** Decoded samples -> Basic Pitch's planes; no notes are made of them. */
async function basicPitch(name) {
  const samples = (await samplesOf(name)).slice();
  const startedMs = performance.now();
  const { windows } = await asked({ samples }, [samples.buffer]);
  return { wallMs: performance.now() - startedMs, windows };
}

/** What was transcribed last, again under other settings, from asking to having the notes in the window. */
async function redecode(count) {
  const roundMs = [];
  const workerMs = [];
  for (let i = 0; i < count; i++) {
    const startedMs = performance.now();
    const whole = nextEvent((event) => event.type === "notes" && event.whole);
    linnet.transcriber.redecode({ ...linnet.options, sensitivity: 0.3 + (0.4 * i) / count });
    workerMs.push((await whole).ms);
    roundMs.push(performance.now() - startedMs);
  }
  return { roundMs, workerMs };
}

Object.assign(globalThis, { bench: { load, transcribe, basicPitch, redecode } });
