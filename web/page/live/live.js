// Recording, wired: the button, the sheet, the card, the roll, the MIDI port and the take.
import { label } from "../edit/label.js";
import { saveBlob } from "../save-file.js";
import { t } from "../translate.js";
import { LiveCard } from "../views/live-card.js";
import { LiveSheet } from "../views/live-sheet.js";
import { clock as clockWords, inARow } from "../words.js";
import { CAN_LISTEN } from "./inputs.js";
import { isOnGrid, keepSettings, readSettings } from "./live-settings.js";
import { LiveTake } from "./live-take.js";
import { beatsPerBar } from "./metronome.js";
import { MidiOut } from "./midi-out.js";

/** @typedef {import("../store.js").Store} Store */

const EVERY_MS = 100; // the time of the take, or the beats before it
const TAKE = /^Take \d{4}-.*\.wav$/;

/**
 * @param {object} page
 * @param {Store} page.store
 * @param {import("../session.js").Session} page.session
 * @param {import("../projects/projects.js").Projects} page.projects
 * @param {import("../views/piano-roll.js").PianoRoll} page.roll
 * @param {(id: string) => HTMLElement} page.byId
 * @param {(label: import("../edit/label.js").Label, options: import("../../shared/messages.js").Options) => void} page.setOptions
 * @param {(words: string) => void} page.say
 */
export function listenForLive({ store, session, projects, roll, byId, setOptions, say }) {
  let settings = readSettings();
  const fail = (/** @type {string} */ alarm) => store.set({ alarm });
  const midi = new MidiOut({
    changed: () => sheet.show(),
    lost: (sentence) => fail(take.now ? inARow(sentence, t("The take goes on without it.")) : sentence),
  });
  const take = new LiveTake(store, session, projects, midi, {
    sound: (peak, isClipped) => {
      card.hear(peak, isClipped);
      showTake();
    },
    notes: showTake,
    over: () => roll.live(null, 0),
  });
  const card = new LiveCard(byId("live-card"), {
    silence: () => take.silence(),
    say,
  });
  const dialog = /** @type {HTMLDialogElement} */ (byId("live-sheet"));
  const sheet = new LiveSheet(byId("live-options"), midi, {
    get: () => settings,
    set: (change) => {
      settings = { ...settings, ...change };
      keepSettings(settings);
    },
    program: () => Number(store.state.options.program ?? 0),
    setProgram: (program) => setOptions(label("Instrument"), { program }),
    fail,
  });

  function showTake() {
    if (!take.now) return;
    const { clock, notes, settings: taken } = take.now;
    card.tell(taken.mode, clock);
    roll.live(notes.young.values(), clock.nowS);
  }

  function showTime() {
    if (!take.now) return;
    const { kept, metronome } = take.now;
    const isCounting = kept.frames === 0;
    card.count(isCounting && metronome ? String(metronome.beatsLeft || "") : clockWords(kept.timeS, 1), isCounting);
  }

  let timer = 0;
  const [button, place] = [byId("record"), byId("record-place")];
  /** The button that began a take ends it, where the take is shown. @param {HTMLElement} where */
  function moveButton(where) {
    const hasFocus = document.activeElement === button || document.activeElement === byId("welcome-record");
    where.prepend(button);
    if (hasFocus) button.focus();
  }

  for (const id of ["record", "welcome-record", "live-open"]) byId(id).hidden = !CAN_LISTEN;
  byId("live-open").addEventListener("click", () => {
    sheet.show();
    dialog.showModal();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // beside it
  });
  const saveTake = byId("save-take");
  saveTake.addEventListener("click", () => {
    const { file } = store.state;
    if (file) saveBlob(file.name, file);
  });
  store.listen((state, changed) => {
    saveTake.hidden = !state.file || !TAKE.test(state.file.name); // other recordings have a file already
    if (!changed.has("isRecording")) return;
    const canSound = settings.isHeard || midi.portId !== "";
    const sounds = settings.isHeard || isOnGrid(settings);
    const hint = sounds ? t("Wear headphones: the microphone hears loudspeakers.") : "";
    clearInterval(timer);
    if (state.isRecording) {
      card.show(settings.mode, hint, canSound);
      timer = setInterval(showTime, EVERY_MS);
    } else card.hide();
    say(state.isRecording ? t("Recording; press again to stop") : "");
    place.hidden = state.isRecording;
    moveButton(state.isRecording ? card.stop : place);
    for (const id of ["live-open", "projects-open"]) byId(id).toggleAttribute("disabled", state.isRecording);
  });
  return {
    async record() {
      if (take.now) return take.stop();
      const { metre } = store.state.options;
      await take.start(settings, beatsPerBar(String(metre ?? "4/4")));
      if (!take.now || !isOnGrid(settings)) return;
      // played to the click: tempo and bars are known and need not be found
      const time = { grid: "manual", tempo_bpm: settings.tempoBpm, first_bar_s: 0, ...(metre && { metre }) };
      setOptions(label("Tempo of the take"), time);
    },
    /** What the bench and the tests read of the take under way, or the last one. */
    figures: () => take.figures,
    midi,
  };
}
