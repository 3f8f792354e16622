// Sound from an input into the audio thread and out of it again: to the engine through a port, to the page in pieces.
import { APP } from "../../shared/places.js";
import { t } from "../translate.js";
import { NoInput } from "./inputs.js";

/** @typedef {{ pcm: Float32Array<ArrayBuffer> | null, heardMs: number } | { level: number }} Heard null: nothing more comes;
 *   when its last sample came; or the peak of what is heard before the take begins */

const GIVE_UP_MS = 3000; // an audio thread that the system does not wake again hands nothing over
const SILENCE_MS = 6000; // of zeros: a microphone in a quiet room still hisses
const HUSH = 1e-9; // -180 dB of full scale; the last bit of 24 is at -138 dB
const LATENCY_S = 0.02; // half of it, and an audio thread that waits for a busy core leaves sound out
const FADE_MS = 100; // what sounds at the end of a take fades out before the context is closed

/**
 * @typedef {object} CaptureHands
 * @property {(pcm: Float32Array<ArrayBuffer>, heardMs: number) => void} piece interleaved; when its last sample was heard
 * @property {(peak: number) => void} level of what is heard before the take begins
 * @property {(sentence: string) => void} lost no more sound comes, and why; what came is all there
 * @property {(sentence: string) => void} warn sound may be missing
 * @property {() => void} paused no sound comes for now, and nothing that would end a note
 * @property {(sentence: string) => void} calm what was warned of is over
 * @property {(isWhole: boolean) => void} ended after `stop`: everything has been handed over; else all but the last piece, and
 *   the engine is not told
 */

export class Capture {
  /** Why the input went by itself; "" while it has not. */
  lostWhy = "";
  #isStopped = false;
  #hasEnded = false;
  #pausedMs = 0;
  /** When sound came last; 0 before the first. */
  #soundMs = 0;
  #isSilent = false;
  #over = new AbortController();

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
      if ("level" in data) return hands.level(data.level);
      if (!data.pcm) return this.#end(true);
      hands.piece(data.pcm, data.heardMs);
      this.#watchSilence(data.pcm, data.heardMs);
    };
    // not by its property, which Chromium never calls
    node.addEventListener("processorerror", () => this.#lose(t("The browser's audio thread stopped.")));
    const end = () => this.#lose(t("The input is gone: it was unplugged, or sharing was ended."));
    for (const track of stream.getTracks()) {
      track.onended = end;
      if (track.readyState === "ended") end(); // while the audio thread was made ready: no event comes any more
    }
    for (const track of stream.getAudioTracks()) {
      track.onmute = () => hands.warn(t("The system has muted the input; silence is recorded until it comes back."));
      track.onunmute = () => hands.calm(t("The input is no longer muted. The take goes on."));
    }
    context.onstatechange = () => this.#hearState();
    const { signal } = this.#over;
    const wake = () => this.#pausedMs && this.#wake(); // some systems ask for a hand, or for the tab in sight
    document.addEventListener("visibilitychange", wake, { signal });
    window.addEventListener("pointerdown", wake, { signal });
  }

  /**
   * @param {MediaStream} stream
   * @param {CaptureHands} hands
   */
  static async open(stream, hands) {
    const [track] = stream.getAudioTracks();
    const { sampleRate, channelCount } = track?.getSettings() ?? {};
    const channels = Math.min(2, Math.max(1, channelCount ?? 1));
    /** @type {AudioContext | null} */
    let context = null;
    try {
      const made = contextFor(stream, sampleRate);
      context = made.context;
      await context.audioWorklet.addModule(new URL("worklet/capture.js", APP).href);
      const node = new AudioWorkletNode(context, "capture", {
        channelCount: channels,
        channelCountMode: "explicit",
        processorOptions: { channels },
      });
      const mute = new GainNode(context, { gain: 0 });
      made.source.connect(node);
      node.connect(mute).connect(context.destination); // a node that leads nowhere may be left unasked
      keepAwake(context);
      await woken(context);
      return new Capture(context, stream, node, channels, hands);
    } catch (error) {
      for (const each of stream.getTracks()) each.stop();
      context?.close();
      throw error;
    }
  }

  /** True while sound comes and more is wanted. */
  get isHearing() {
    return !this.#isStopped && this.context.state === "running";
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

  /** The engine does not hear the take, or no longer: nothing is to pile up for it. */
  leaveEngine() {
    this.enginePort.close(); // where it has not been handed over
    this.node.port.postMessage({ engine: null });
  }

  /** The take begins with the first sample heard at or after this time of the context. @param {number} timeS */
  beginAt(timeS) {
    this.node.port.postMessage({ firstFrame: Math.max(0, Math.round(timeS * this.rateHz)) });
  }

  /** An input that hands over nothing but zeros is none: the system may have put another in place of one that was unplugged. @param {Float32Array} pcm @param {number} nowMs */
  #watchSilence(pcm, nowMs) {
    const isSilent = pcm.every((sample) => sample === 0);
    if (!isSilent || this.#soundMs === 0 || this.#isMuted) this.#soundMs = nowMs;
    if (this.#isSilent === nowMs - this.#soundMs > SILENCE_MS) return;
    this.#isSilent = !this.#isSilent;
    const isShared = this.stream.getVideoTracks().length > 0; // a tab may just be paused
    const advice = isShared
      ? t("No sound at all comes from what is shared. Is it playing, and not muted?")
      : t("No sound at all comes from the input. Is it the right one, plugged in and switched on?");
    if (this.#isSilent) this.hands.warn(advice);
    else this.hands.calm(t("There is sound again. The take goes on."));
  }

  get #isMuted() {
    return this.stream.getAudioTracks().some((track) => track.muted);
  }

  /** No more sound is wanted; `ended` follows when all of it has been handed over. */
  stop() {
    if (this.#isStopped) return;
    this.#isStopped = true;
    if (this.context.state !== "running") this.#wake(); // the audio thread may sleep, and holds something still
    this.node.port.postMessage({ isOver: true });
    setTimeout(() => this.#end(false), GIVE_UP_MS);
  }

  #hearState() {
    const { context, hands } = this;
    if (this.#isStopped || context.state === "closed") return;
    if (context.state !== "running") {
      this.#pausedMs ||= Date.now();
      hands.paused();
      hands.warn(t("The system has paused the sound; what is played now may be missing from the take."));
      return this.#wake();
    }
    if (this.#pausedMs === 0) return;
    const s = Math.max(0.1, (Date.now() - this.#pausedMs) / 1000).toFixed(1);
    this.#pausedMs = 0;
    hands.calm(t("The sound is back; about {s} s are missing from the take. It goes on.", { s }));
  }

  #wake() {
    this.context.resume().catch(() => {}); // refused while a call goes on: tried again when the tab is seen or touched
  }

  /** @param {string} sentence */
  #lose(sentence) {
    if (this.#isStopped) return;
    this.lostWhy = sentence;
    this.hands.lost(sentence);
    this.stop();
  }

  /** @param {boolean} isWhole */
  #end(isWhole) {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#isStopped = true;
    this.#over.abort();
    for (const track of this.stream.getTracks()) track.stop();
    setTimeout(() => this.context.close().catch(() => {}), FADE_MS);
    this.hands.ended(isWhole);
  }
}

/**
 * After 30 s of perfect silence Chromium lets go of the output and goes on by a timer, which skips whatever it comes late
 * for: sound of the input would be lost. So there is a little more than silence, far below what a converter can play.
 * @param {AudioContext} context
 */
function keepAwake(context) {
  const hush = new ConstantSourceNode(context, { offset: HUSH });
  hush.connect(context.destination);
  hush.start();
}

/** Some systems neither start the sound nor refuse. Rejects with NoInput. @param {AudioContext} context */
async function woken(context) {
  await Promise.race([context.resume(), new Promise((resolve) => setTimeout(resolve, GIVE_UP_MS))]);
  if (context.state === "running") return;
  throw new NoInput(
    t("The browser did not start the sound. End calls and close other programs, then press Record again."),
  );
}

/**
 * A context at the input's own rate where the browser can do that, so that nothing is resampled.
 * @param {MediaStream} stream
 * @param {number} [rateHz] of the input
 */
function contextFor(stream, rateHz) {
  /** @param {AudioContextOptions} options */
  const make = (options) => {
    const context = new AudioContext({ latencyHint: LATENCY_S, ...options });
    try {
      return { context, source: new MediaStreamAudioSourceNode(context, { mediaStream: stream }) };
    } catch (error) {
      context.close();
      throw error;
    }
  };
  try {
    return make(rateHz ? { sampleRate: rateHz } : {});
  } catch {
    return make({});
  }
}
