// Records the microphone into a file, as it is: nothing that a telephone call would do to it.

import { t } from "../translate.js";

const KINDS = /** @type {const} */ ([
  ["audio/webm;codecs=opus", "webm"],
  ["audio/ogg;codecs=opus", "ogg"],
  ["audio/mp4", "m4a"],
]);
const BITS_PER_S = 256_000;
const SLICE_MS = 1000;
const WHY = /** @type {Record<string, string>} */ ({
  NotAllowedError: "This page may not use the microphone. Allow it in the address bar, then press Record again.",
  NotFoundError: "No microphone was found. Plug one in, then press Record again.",
  NotReadableError: "Another program holds the microphone. Close it, then press Record again.",
});

/** True where this browser can record. */
export const CAN_RECORD = Boolean(navigator.mediaDevices?.getUserMedia) && typeof MediaRecorder === "function";

/** @param {Date} now */
function takeName(now) {
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  return `Take ${day} ${two(now.getHours())}.${two(now.getMinutes())}.${two(now.getSeconds())}`;
}

export class Recorder {
  /** @type {MediaRecorder | null} */
  #recorder = null;
  #isAsking = false;
  #startedMs = 0;

  /**
   * @param {{ began(): void, ended(take: File | null): void, failed(sentence: string): void }} hear a take may be empty
   *   (null) where it was stopped at once; what a lost microphone gave until then is a take like any other
   */
  constructor(hear) {
    this.hear = hear;
  }

  get isRecording() {
    return this.#recorder !== null;
  }

  /** Seconds since the take began. */
  get timeS() {
    return this.#recorder ? (performance.now() - this.#startedMs) / 1000 : 0;
  }

  async start() {
    if (this.#recorder || this.#isAsking) return;
    this.#isAsking = true;
    const wanted = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: wanted });
      this.#record(stream);
    } catch (error) {
      const name = error instanceof DOMException ? error.name : "";
      const why = t("The microphone could not be opened ({why}). Nothing else changed.", {
        why: name || String(error),
      });
      this.hear.failed(WHY[name] ? t(WHY[name]) : why);
    } finally {
      this.#isAsking = false;
    }
  }

  stop() {
    if (this.#recorder?.state === "recording") this.#recorder.stop();
  }

  /** @param {MediaStream} stream */
  #record(stream) {
    const [mimeType, ending] = KINDS.find(([kind]) => MediaRecorder.isTypeSupported(kind)) ?? ["", "webm"];
    const recorder = new MediaRecorder(stream, { audioBitsPerSecond: BITS_PER_S, ...(mimeType && { mimeType }) });
    /** @type {Blob[]} */
    const parts = [];
    const name = takeName(new Date());
    recorder.ondataavailable = ({ data }) => {
      if (data.size > 0) parts.push(data);
    };
    recorder.onstop = () => {
      for (const track of stream.getTracks()) track.stop();
      this.#recorder = null;
      this.hear.ended(parts.length > 0 ? new File(parts, `${name}.${ending}`, { type: recorder.mimeType }) : null);
    };
    for (const track of stream.getTracks()) track.onended = () => this.stop(); // unplugged
    this.#recorder = recorder;
    this.#startedMs = performance.now();
    recorder.start(SLICE_MS);
    this.hear.began();
  }
}
