// Basic Pitch's network, window by window as its own programs run it: 2 s windows that overlap by 30 frames.
const WINDOW = 43844;
const HOP = WINDOW - 30 * 256;
const LEAD = 15 * 256; // silence before the first window

let ort;
let session;

async function load(engine, threads) {
  ort = await import(`${engine}ort.wasm.bundle.min.mjs`);
  ort.env.wasm.wasmPaths = { wasm: `${engine}ort-wasm-simd-threaded.wasm` };
  ort.env.wasm.numThreads = threads;
  session = await ort.InferenceSession.create(new URL("nmp.onnx", import.meta.url).href, {
    executionProviders: ["wasm"],
    graphOptimizationLevel: "all",
  });
}

async function run(samples) {
  const padded = new Float32Array(LEAD + samples.length);
  padded.set(samples, LEAD);
  let windows = 0;
  for (let start = 0; start < padded.length; start += HOP, windows++) {
    const input = new Float32Array(WINDOW);
    input.set(padded.subarray(start, start + WINDOW));
    await session.run({ [session.inputNames[0]]: new ort.Tensor("float32", input, [1, WINDOW, 1]) });
  }
  return windows;
}

self.onmessage = async ({ data }) => {
  try {
    if (data.load) self.postMessage({ loaded: await load(data.load, data.threads) });
    else self.postMessage({ windows: await run(data.samples) });
  } catch (error) {
    self.postMessage({ error: String(error) });
  }
};
