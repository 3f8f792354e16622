// The network: onnxruntime-web in this worker. Python awaits `run`; the network's state stays on this side.
import { APP, ENGINE } from "../shared/places.js";

/** @typedef {{ onset: Uint8Array, note: Uint8Array, offset: Uint8Array, velocity: Uint8Array, contour: Uint8Array }} Outputs */
/** @typedef {(frames: Uint8Array, count: number) => Promise<Outputs>} Run */

const OUTPUTS = /** @type {const} */ (["onset", "note", "offset", "velocity", "contour"]);
const MOST_THREADS = 4;

/** One thread where a second would only get in the way (two cores or fewer) or cannot be had (not isolated). */
export function threadCount() {
  const cores = navigator.hardwareConcurrency;
  if (!self.crossOriginIsolated || !cores || cores <= 2) return 1;
  return Math.min(MOST_THREADS, Math.max(2, Math.floor(cores / 2)));
}

export class Cancelled extends Error {}

/** Lets messages in: an awaited promise alone would not. */
function macrotask() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port2.onmessage = () => {
      port1.close();
      resolve(undefined);
    };
    port1.postMessage(0);
  });
}

export class OnnxModel {
  /** @type {import("onnxruntime-web").Tensor} */
  #state;

  /**
   * @param {typeof import("onnxruntime-web")} ort
   * @param {import("onnxruntime-web").InferenceSession} session
   * @param {{ binCount: number, stateSize: number, blockFrames: number }} sizes
   */
  constructor(ort, session, { binCount, stateSize, blockFrames }) {
    this.ort = ort;
    this.session = session;
    this.binCount = binCount;
    this.stateSize = stateSize;
    this.blockFrames = blockFrames;
    /** Set while a run should stop at the next block. */
    this.isCancelled = false;
    this.#state = this.#zeroState();
  }

  /** @param {any} manifest manifest.json, checked by Python */
  static async load(manifest) {
    /** @type {typeof import("onnxruntime-web")} */
    const ort = await import(new URL("ort.wasm.bundle.min.mjs", ENGINE).href);
    ort.env.wasm.wasmPaths = { wasm: new URL("ort-wasm-simd-threaded.wasm", ENGINE).href };
    ort.env.wasm.numThreads = threadCount();
    ort.env.logLevel = "error";
    const session = await ort.InferenceSession.create(new URL(`model/${manifest.network.file}`, APP).href, {
      executionProviders: ["wasm"],
      graphOptimizationLevel: "disabled", // the export has done it
    });
    const { state_size: stateSize, block_frames: blockFrames } = manifest.network;
    const sizes = { binCount: manifest.grid.bin_count, stateSize, blockFrames };
    return new OnnxModel(ort, session, sizes);
  }

  #zeroState() {
    return new this.ort.Tensor("float32", new Float32Array(this.stateSize), [this.stateSize]);
  }

  /** A new stream begins. */
  reset() {
    this.#state = this.#zeroState();
    this.isCancelled = false;
  }

  /** @type {Run} */
  run = async (frames, count) => {
    /** @type {Outputs[]} */
    const parts = [];
    for (let row = 0; row < count; row += this.blockFrames) {
      const rows = Math.min(this.blockFrames, count - row);
      parts.push(await this.#runBlock(frames.subarray(row * this.binCount, (row + rows) * this.binCount), rows));
    }
    return joined(parts);
  };

  /**
   * @param {Uint8Array} frames
   * @param {number} count
   * @returns {Promise<Outputs>}
   */
  async #runBlock(frames, count) {
    await macrotask();
    if (this.isCancelled) throw new Cancelled("cancelled");
    const input = new this.ort.Tensor("uint8", frames, [count, this.binCount]);
    const answer = await this.session.run({ frames: input, state: this.#state });
    const next = answer.next_state;
    if (!next) throw new Error("the network gave no next_state; model and manifest do not belong together");
    this.#state = next;
    const outputs = OUTPUTS.map((name) => [name, answer[name]?.data]);
    return Object.fromEntries(outputs);
  }
}

/**
 * Consecutive outputs as one.
 * @param {Outputs[]} parts
 * @returns {Outputs}
 */
function joined(parts) {
  const only = parts[0];
  if (only && parts.length === 1) return only;
  const outputs = OUTPUTS.map((name) => {
    const whole = new Uint8Array(parts.reduce((size, part) => size + part[name].length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part[name], at);
      at += part[name].length;
    }
    return [name, whole];
  });
  return Object.fromEntries(outputs);
}
