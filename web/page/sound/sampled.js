// The sampled instrument: one General MIDI program at a time, its samples fetched when it is first heard and unpacked in a
// worker, so that neither the window nor the audio thread waits for them.
import { APP, INSTRUMENTS } from "../../shared/places.js";
import { samplerEvents } from "./heard-note.js";

/** @typedef {import("./heard-note.js").HeardNote} HeardNote */

const WORKER = new URL("instrument/sampler-worker.js", APP);
const WORKLET = new URL("instrument/sampler-worklet.js", APP);

/** Where the samples of a program lie. @param {number} program */
export function samplesOf(program) {
  return new URL(`${String(program).padStart(3, "0")}.sf3`, INSTRUMENTS).href;
}

export const startSamplerWorker = () => new Worker(WORKER, { type: "module" });

/** @param {number} program @returns {Promise<ArrayBuffer>} */
async function unpackedSamples(program) {
  const worker = startSamplerWorker();
  try {
    return await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => (data.bank ? resolve(data.bank) : reject(new Error(data.failed)));
      worker.onerror = ({ message }) => reject(new Error(message || "the sampler's worker did not start"));
      worker.postMessage({ unpack: samplesOf(program) });
    });
  } finally {
    worker.terminate();
  }
}

/**
 * Have the service worker keep what was fetched before there was one.
 * @param {string[]} addresses
 */
async function keepForOffline(addresses) {
  if (!("serviceWorker" in navigator) || navigator.serviceWorker.controller) return;
  navigator.serviceWorker.addEventListener(
    "controllerchange",
    () => {
      for (const address of addresses) fetch(address).catch(() => {}); // most likely from the browser's own cache
    },
    { once: true },
  );
}

export class SampledInstrument {
  /** The program that can be heard; null while there is none. @type {number | null} */
  program = null;
  #wanted = -1;
  #number = 0;
  /** @type {Promise<AudioWorkletNode> | null} */
  #node = null;
  /** @type {AudioWorkletNode | null} */
  #ready = null;

  /** @param {AudioContext} context @param {AudioNode} out */
  constructor(context, out) {
    this.context = context;
    this.out = out;
  }

  /**
   * Have the samples of a program ready; until then, and where they cannot be had, `program` does not name it.
   * @param {number} program
   */
  async load(program) {
    if (this.#wanted === program) return;
    this.#wanted = program;
    this.program = null;
    try {
      this.#node ??= this.#makeNode();
      const [node, bank] = await Promise.all([this.#node, unpackedSamples(program)]);
      if (this.#wanted !== program) return;
      this.#ready = node;
      node.port.postMessage({ bank, program }, [bank]);
      const names = ["spessasynth_core.js", "stb-vorbis.js"].map((name) => new URL(name, INSTRUMENTS).href);
      keepForOffline([...names, samplesOf(program)]);
    } catch {
      if (this.#wanted === program) this.#wanted = -1; // offline, most likely: asked for again at the next play
    }
  }

  async #makeNode() {
    try {
      await this.context.audioWorklet.addModule(WORKLET);
      const node = new AudioWorkletNode(this.context, "linnet-sampler", { numberOfInputs: 0, outputChannelCount: [2] });
      node.port.onmessage = ({ data }) => {
        if (data.loaded === this.#wanted) this.program = this.#wanted;
      };
      node.connect(this.out);
      return node;
    } catch (error) {
      this.#node = null;
      throw error;
    }
  }

  /** @param {HeardNote[]} notes */
  sound(notes) {
    if (notes.length === 0) return;
    const events = samplerEvents(notes, this.#number);
    this.#number += notes.length;
    this.perform(events);
  }

  /** @param {Float64Array<ArrayBuffer>} events rows as in sampler-events.js; what is due already is done at once */
  perform(events) {
    this.#ready?.port.postMessage({ events }, [events.buffer]);
  }

  silence() {
    this.#ready?.port.postMessage({ silence: true });
  }
}
