// Where live sound comes from: a microphone or an audio interface, or what a tab or the system plays. As it is: nothing
// that a telephone call would do to it.
import { t } from "../translate.js";

/** @typedef {{ kind: "device", deviceId: string } | { kind: "shared" }} InputChoice deviceId "" is the system's own */

const AS_IT_IS = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };

/** True where this browser can give sound as it comes. */
export const CAN_LISTEN = Boolean(navigator.mediaDevices?.getUserMedia) && typeof AudioWorkletNode === "function";
/** True where it can share what a tab or the system plays. */
export const CAN_SHARE = Boolean(navigator.mediaDevices?.getDisplayMedia);

/** The input could not be opened; the message says why and what to do. */
export class NoInput extends Error {}

/** @param {unknown} error @param {InputChoice} choice */
function reason(error, choice) {
  const name = error instanceof DOMException ? error.name : "";
  if (choice.kind === "shared") {
    if (name === "NotAllowedError") return t("Nothing was shared. Press Record again and choose a tab with its sound.");
    return t("The sound could not be shared ({why}). Nothing else changed.", { why: name || String(error) });
  }
  if (name === "NotAllowedError") {
    return t("This page may not use the microphone. Allow it in the address bar, then press Record again.");
  }
  if (name === "NotFoundError") return t("No microphone was found. Plug one in, then press Record again.");
  if (name === "OverconstrainedError") {
    return t(
      "The chosen input is not plugged in. Plug it in or choose another (▾ beside Record), then press Record again.",
    );
  }
  if (name === "NotReadableError") {
    return t("Another program holds the microphone. Close it, then press Record again.");
  }
  return t("The microphone could not be opened ({why}). Nothing else changed.", { why: name || String(error) });
}

/**
 * Ask for the input; rejects with NoInput.
 * @param {InputChoice} choice
 * @returns {Promise<MediaStream>}
 */
export async function openInput(choice) {
  try {
    if (choice.kind === "device") {
      const which = choice.deviceId ? { deviceId: { exact: choice.deviceId } } : {};
      return await navigator.mediaDevices.getUserMedia({ audio: { ...AS_IT_IS, ...which } });
    }
    const stream = await navigator.mediaDevices.getDisplayMedia({ video: true, audio: AS_IT_IS });
    for (const track of stream.getVideoTracks()) track.enabled = false; // ending it would end the sound in some browsers
    if (stream.getAudioTracks().length > 0) return stream;
    for (const track of stream.getTracks()) track.stop();
  } catch (error) {
    throw new NoInput(reason(error, choice));
  }
  throw new NoInput(
    t("What was shared has no sound. Press Record again and tick “Share audio” in the browser's dialog."),
  );
}

/** The inputs that there are; they have names once one has been allowed. @returns {Promise<MediaDeviceInfo[]>} */
export async function listInputs() {
  const all = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
  return all.filter((device) => device.kind === "audioinput" && device.deviceId !== "default");
}
