// Sound from an input into the audio thread and out of it again: to the engine through a port, to the page in pieces.
import { APP } from "../../shared/places.js";
import { t } from "../translate.js";

/** @typedef {{ pcm: Float32Array<ArrayBuffer> | null, heardMs: number }} Heard null: nothing more comes; when its last sample came */

/**
 * @typedef {object} CaptureHands
 * @property {(pcm: Float32Array<ArrayBuffer>, heardMs: number) => void} piece interleaved; when its last sample was heard
 * @property {(sentence: string) => void} lost no more sound comes, and why; what came is all there
 * @property {(sentence: string) => void} warn sound may be missing
 * @property {() => void} ended after `stop`: everything has been handed over
 */

export class Capture {
  #isStopped = false;

  /**
   * @param {AudioContext} context
   * @param {MediaStream} stream
   * @param {AudioWorkletNode} node
   * @param {number} channels
   * @param {CaptureHands} hands
   */
  constructor(context, stream, node, channels, hands) {
    this.context = context;
    this.stream = stream;
    this.node = node;
    this.channels = channels;
    this.hands = hands;
    const line = new MessageChannel();
    /** Where the engine takes the sound from. */
    this.enginePort = line.port2;
    node.port.postMessage({ engine: line.port1 }, [line.port1]);
    node.port.onmessage = (/** @type {MessageEvent<Heard>} */ { data }) => {
      if (data.pcm) return hands.piece(data.pcm, data.heardMs);
      this.#close();
      hands.ended();
    };
    node.onprocessorerror = () => this.#lose(t("The browser's audio thread stopped."));
    for (const track of stream.getTracks()) {
      track.onended = () => this.#lose(t("The input is gone: it was unplugged, or sharing was ended."));
    }
    for (const track of stream.getAudioTracks()) {
      track.onmute = () => hands.warn(t("The system has muted the input; silence is recorded until it comes back."));
    }
    context.onstatechange = () => {
      if (this.#isStopped || context.state === "running" || context.state === "closed") return;
      hands.warn(t("The system has paused the sound; what is played now may be missing from the take."));
      context.resume().catch(() => {});
    };
  }

  /**
   * @param {MediaStream} stream
   * @param {CaptureHands} hands
   */
  static async open(stream, hands) {
    const [track] = stream.getAudioTracks();
    const { sampleRate, channelCount } = track?.getSettings() ?? {};
    const context = contextAt(sampleRate);
    const channels = Math.min(2, Math.max(1, channelCount ?? 1));
    try {
      await context.audioWorklet.addModule(new URL("worklet/capture.js", APP).href);
      const node = new AudioWorkletNode(context, "capture", {
        channelCount: channels,
        channelCountMode: "explicit",
        processorOptions: { channels },
      });
      const mute = new GainNode(context, { gain: 0 });
      new MediaStreamAudioSourceNode(context, { mediaStream: stream }).connect(node);
      node.connect(mute).connect(context.destination); // a node that leads nowhere may be left unasked
      await context.resume();
      return new Capture(context, stream, node, channels, hands);
    } catch (error) {
      for (const each of stream.getTracks()) each.stop();
      context.close();
      throw error;
    }
  }

  get rateHz() {
    return this.context.sampleRate;
  }

  /** Seconds by which what is heard lags behind what is played to the device, and the device behind the player. */
  get roundTripS() {
    const [track] = this.stream.getAudioTracks();
    const settings = /** @type {MediaTrackSettings & { latency?: number }} */ (track?.getSettings() ?? {});
    return (this.context.outputLatency || this.context.baseLatency || 0) + (settings.latency ?? 0);
  }

  /** The take begins with the first sample heard at or after this time of the context. @param {number} timeS */
  beginAt(timeS) {
    this.node.port.postMessage({ firstFrame: Math.max(0, Math.round(timeS * this.rateHz)) });
  }

  /** No more sound is wanted; `ended` follows when all of it has been handed over. */
  stop() {
    if (this.#isStopped) return;
    this.#isStopped = true;
    if (this.context.state === "running") return this.node.port.postMessage({ isOver: true });
    // the audio thread may sleep: wake it to hand over what it holds
    this.context.resume().catch(() => {});
    this.node.port.postMessage({ isOver: true });
  }

  /** @param {string} sentence */
  #lose(sentence) {
    if (this.#isStopped) return;
    this.hands.lost(sentence);
    this.stop();
  }

  #close() {
    this.#isStopped = true;
    for (const track of this.stream.getTracks()) track.stop();
    this.context.close().catch(() => {});
  }
}

/** A context at the input's own rate where the browser can do that, so that nothing is resampled. @param {number} [rateHz] */
function contextAt(rateHz) {
  try {
    return new AudioContext({ latencyHint: "interactive", ...(rateHz ? { sampleRate: rateHz } : {}) });
  } catch {
    return new AudioContext({ latencyHint: "interactive" });
  }
}
