// How to record: input, what is listened for, where notes are sent, count-in and click.
import { errorSentence } from "../failures.js";
import { PROGRAMS } from "../general-midi.js";
import { CAN_SHARE, listInputs } from "../live/inputs.js";
import { isOnGrid } from "../live/live-settings.js";
import { CAN_SEND } from "../live/midi-out.js";
import { t } from "../translate.js";
import { element } from "./element.js";

/** @typedef {import("../live/live-settings.js").LiveSettings} LiveSettings */
/** @typedef {import("../live/midi-out.js").MidiOut} MidiOut */

/** @param {string} label @param {HTMLElement} control @param {string} [help] */
function row(label, control, help = "") {
  const name = element("label", { textContent: label, htmlFor: control.id });
  return element("div", { className: "live-row" }, [
    name,
    control,
    ...(help ? [element("p", { className: "quiet", textContent: help })] : []),
  ]);
}

/** @param {HTMLSelectElement} select @param {[string, string][]} options value, words @param {string} chosen */
function fill(select, options, chosen) {
  const known = options.some(([value]) => value === chosen) ? chosen : "";
  select.replaceChildren(...options.map(([value, textContent]) => element("option", { value, textContent })));
  select.value = known;
}

export class LiveSheet {
  /**
   * @param {HTMLElement} body
   * @param {MidiOut} midi
   * @param {{ get(): LiveSettings, set(change: Partial<LiveSettings>): void, fail(sentence: string): void,
   *   program(): number, setProgram(program: number): void }} hands
   */
  constructor(body, midi, hands) {
    this.midi = midi;
    this.hands = hands;
    this.input = this.#select("live-input", (value) => hands.set({ input: value }));
    this.mode = this.#select("live-mode", (value) => hands.set({ mode: value === "play" ? "play" : "follow" }));
    this.modeHelp = element("p", { className: "quiet" });
    this.port = this.#select("live-port", (value) => this.#choosePort(value));
    this.midiMode = this.#select("live-midi-mode", (value) => {
      hands.set({ midiMode: value === "mpe" ? "mpe" : "single" });
      midi.choose(midi.portId, hands.get().midiMode);
    });
    this.isHeard = this.#tick("live-heard", (isOn) => hands.set({ isHeard: isOn }));
    this.program = this.#select("live-program", (value) => hands.setProgram(Number(value)));
    this.countIn = this.#select("live-count-in", (value) => hands.set({ countInBars: Number(value) }));
    this.click = this.#tick("live-click", (isOn) => hands.set({ hasClick: isOn }));
    this.tempo = element("input", { id: "live-tempo", type: "number", min: "20", max: "400", step: "any" });
    this.tempo.addEventListener("change", () => {
      if (this.tempo.value !== "" && this.tempo.checkValidity()) hands.set({ tempoBpm: Number(this.tempo.value) });
      this.show();
    });
    this.gridHelp = element("p", { className: "quiet" });
    this.programRow = row(t("Instrument"), this.program);
    body.append(
      row(t("Input"), this.input, t("Wear headphones: a loudspeaker's notes would be heard again.")),
      row(t("Listen for"), this.mode),
      this.modeHelp,
      row(t("Send MIDI to"), this.port, CAN_SEND ? "" : t("This browser has no Web MIDI; Chromium and Firefox have.")),
      row(t("MIDI channels"), this.midiMode),
      row(t("Hear the notes"), this.isHeard),
      this.programRow,
      row(t("Count-in"), this.countIn),
      row(t("Metronome"), this.click),
      row(t("Tempo (bpm)"), this.tempo),
      this.gridHelp,
    );
    navigator.mediaDevices?.addEventListener?.("devicechange", () => this.show());
  }

  /** @param {string} id @param {(value: string) => void} set */
  #select(id, set) {
    const select = element("select", { id });
    select.addEventListener("change", () => {
      set(select.value);
      this.show();
    });
    return select;
  }

  /** @param {string} id @param {(isOn: boolean) => void} set */
  #tick(id, set) {
    const input = element("input", { id, type: "checkbox" });
    input.addEventListener("change", () => {
      set(input.checked);
      this.show();
    });
    return input;
  }

  /** @param {string} id */
  async #choosePort(id) {
    try {
      await this.midi.ask();
      const first = this.midi.ports[0]?.id ?? "";
      this.midi.choose(id === "ask" ? first : id, this.hands.get().midiMode);
      if (id === "ask" && !first)
        this.hands.fail(t("There is no MIDI port. Plug one in or make a virtual one, then choose again."));
    } catch (error) {
      this.hands.fail(errorSentence(error));
    }
    this.show();
  }

  /** Bring the controls up to date. */
  async show() {
    const settings = this.hands.get();
    fill(
      this.mode,
      [
        ["follow", t("All notes (Follow)")],
        ["play", t("One voice, at once (Play)")],
      ],
      settings.mode,
    );
    this.modeHelp.textContent =
      settings.mode === "follow"
        ? t("Chords and all; notes appear about a fifth of a second late and may be revised.")
        : t(
            "For singing or one instrument at a time; notes come in about 50 ms. The take is transcribed in full when you stop.",
          );
    /** @type {[string, string][]} */
    const asking = CAN_SEND && this.midi.ports.length === 0 ? [["ask", t("Choose a port…")]] : [];
    const ports = this.midi.ports.map(({ id, name }) => /** @type {[string, string]} */ ([id, name]));
    fill(this.port, [["", t("Nowhere")], ...asking, ...ports], this.midi.portId);
    this.port.disabled = !CAN_SEND;
    fill(
      this.midiMode,
      [
        ["single", t("One channel")],
        ["mpe", "MPE"],
      ],
      settings.midiMode,
    );
    this.isHeard.checked = settings.isHeard;
    this.programRow.hidden = !settings.isHeard;
    fill(
      this.program,
      PROGRAMS.map((name, program) => [String(program), t(name)]),
      String(this.hands.program()),
    );
    fill(
      this.countIn,
      [
        ["0", t("None")],
        ["1", t("1 bar")],
        ["2", t("2 bars")],
      ],
      String(settings.countInBars),
    );
    this.click.checked = settings.hasClick;
    this.tempo.value = String(settings.tempoBpm);
    this.tempo.disabled = !isOnGrid(settings);
    this.gridHelp.textContent = isOnGrid(settings)
      ? t("The take begins on the first beat, and the grid is laid by this tempo.")
      : "";
    const inputs = (await listInputs()).filter(({ deviceId }) => deviceId !== "");
    /** @type {[string, string][]} */
    const devices = inputs.map(({ deviceId, label }, i) => [deviceId, label || t("Input {n}", { n: i + 1 })]);
    const isOther = !["", "shared", ...inputs.map(({ deviceId }) => deviceId)].includes(settings.input);
    const isUnplugged = inputs.length > 0; // else they are not named before one has been allowed
    if (isOther) {
      devices.push([
        settings.input,
        isUnplugged ? t("The chosen input (not plugged in)") : t("The input chosen before"),
      ]);
    }
    const shared = CAN_SHARE ? [/** @type {[string, string]} */ (["shared", t("Sound of a tab or the system")])] : [];
    fill(this.input, [["", t("The system's microphone")], ...devices, ...shared], settings.input);
  }
}
