// Live notes to a MIDI port at once. Notes never hang: all are switched off when the take or its sound stops, the port or the
// mode is changed, the tab is closed, or someone asks for silence.
import { t } from "../translate.js";
import { MidiMessages } from "./midi-messages.js";

/** @typedef {import("./midi-messages.js").MidiMode} MidiMode */

/** True where this browser has Web MIDI. */
export const CAN_SEND = typeof navigator.requestMIDIAccess === "function";

export class MidiOut {
  /** @type {MIDIAccess | null} */
  #access = null;
  /** @type {MIDIOutput | null} */
  #port = null;
  /** @type {MidiMessages} */
  #messages = new MidiMessages("single");

  /** @param {{ changed(): void, lost(sentence: string): void }} hear the list of ports changed; the chosen one is gone */
  constructor(hear) {
    this.hear = hear;
    window.addEventListener("pagehide", () => this.silence());
  }

  /** Ask for the ports; a refusal is said in the error. */
  async ask() {
    if (this.#access) return;
    try {
      this.#access = await navigator.requestMIDIAccess();
    } catch {
      throw new Error(t("This page may not use MIDI ports. Allow them in the address bar, then choose a port again."));
    }
    this.#access.onstatechange = () => {
      if (this.#port?.state === "disconnected") {
        const { name } = this.#port;
        this.#port = null;
        this.#messages = new MidiMessages(this.#messages.mode);
        this.hear.lost(t("The MIDI port “{name}” is gone.", { name: name ?? "" }));
      }
      this.hear.changed();
    };
  }

  /** @returns {{ id: string, name: string }[]} */
  get ports() {
    return [...(this.#access?.outputs.values() ?? [])].map(({ id, name }) => ({ id, name: name ?? id }));
  }

  /** The chosen port's id; "" where there is none. */
  get portId() {
    return this.#port?.id ?? "";
  }

  /** Send to this port from now on; "" is none. @param {string} id @param {MidiMode} mode */
  choose(id, mode) {
    this.silence();
    this.#port = this.#access?.outputs.get(id) ?? null;
    this.#messages = new MidiMessages(mode);
    this.#send(this.#messages.setUp());
  }

  /** @param {import("../../shared/live-events.js").LiveEvents} events @param {boolean} mayStart else notes only end */
  take(events, mayStart) {
    if (this.#port) this.#send(this.#messages.take(events, mayStart));
  }

  /** Switch off what sounds. */
  allOff() {
    this.#send(this.#messages.allOff());
  }

  /** Switch off what sounds, and all else that a receiver might still hold. */
  silence() {
    this.#send(this.#messages.panic());
  }

  /** @param {number[][]} messages */
  #send(messages) {
    if (!this.#port || this.#port.state === "disconnected") return;
    for (const message of messages) this.#port.send(message);
  }
}
