// The sampled instrument on the audio thread. Takes: { bank } an unpacked soundfont, answered by { loaded }; { events }
// rows of timed events; { silence }.
import { Sampler } from "./sampler.js";

class SamplerWorklet extends AudioWorkletProcessor {
  #sampler = new Sampler(sampleRate);

  constructor() {
    super();
    this.port.onmessage = ({ data }) => {
      if (data.bank) {
        this.#sampler.load(data.bank);
        this.port.postMessage({ loaded: data.program });
      } else if (data.events) this.#sampler.push(data.events);
      else if (data.silence) this.#sampler.silence();
    };
  }

  /** @override @param {Float32Array[][]} _inputs @param {Float32Array[][]} outputs */
  process(_inputs, outputs) {
    const [left, right] = outputs[0] ?? [];
    if (left && right) this.#sampler.fill(left, right, currentTime);
    return true;
  }
}
registerProcessor("linnet-sampler", SamplerWorklet);
