// Header and footer: file, status, progress, saving, the message when something went wrong.
import { barAndBeat } from "../beat-times.js";
import { t } from "../translate.js";
import { clock, keyWord, tempoWord, tuningWord } from "../words.js";
import { isSheetOver, isTyping, takesSpace } from "./key-owner.js";

/** @typedef {import("../store.js").Store} Store */
/** @typedef {import("../../shared/messages.js").FileKind} FileKind */

const SAVING = /** @type {const} */ ([
  ["save-mid", "mid"],
  ["save-musicxml", "musicxml"],
  ["save-npz", "npz"],
  ["save-csv", "csv"],
  ["save-json", "json"],
]);

/**
 * @param {Store} store
 * @param {(id: string) => HTMLElement} byId
 * @param {{ save(kind: FileKind): void, cancel(): void, play(): void, record(): void }} hands
 */
export function listenForBars(store, byId, hands) {
  for (const [id, kind] of SAVING) byId(id).addEventListener("click", () => hands.save(kind));
  byId("play").addEventListener("click", () => hands.play());
  byId("cancel").addEventListener("click", () => hands.cancel());
  for (const id of ["record", "welcome-record"]) byId(id).addEventListener("click", () => hands.record());
  byId("alarm-close").addEventListener("click", () => store.set({ alarm: null }));
  byId("panel-toggle").addEventListener("click", () => {
    const isOpen = byId("panel").classList.toggle("is-open");
    byId("panel-toggle").setAttribute("aria-expanded", String(isOpen));
  });
  window.addEventListener("keydown", (event) => {
    const isSave = (event.ctrlKey || event.metaKey) && event.key === "s";
    if (isSave) event.preventDefault();
    if (event.repeat || isSheetOver()) return;
    if (isSave && store.state.notes.onsetS.length > 0) hands.save("mid");
    if (event.key === " " && !takesSpace(event.target)) {
      event.preventDefault();
      hands.play();
    }
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.key === "r" && isPlain && !isTyping(event.target) && !byId("record").hidden) hands.record();
    if (event.key === "Escape" && store.state.stage === "running" && !isTyping(event.target)) hands.cancel();
    else if (event.key === "Escape" && store.state.alarm) store.set({ alarm: null });
  });
  const savers = SAVING.map(([id]) => /** @type {HTMLButtonElement} */ (byId(id)));
  const progress = /** @type {HTMLProgressElement} */ (byId("progress"));
  store.listen((state) => {
    document.documentElement.dataset.linnet = state.stage;
    const isRunning = state.stage === "running";
    const isWorking = isRunning && !state.isRecording; // a take has no end to be near to
    const hasNotes = state.notes.onsetS.length > 0;
    const status = byId("status");
    status.setAttribute("aria-live", state.isRecording ? "off" : "polite"); // else the time of a take is read every second
    status.textContent = state.isSaving ? t("Making the file…") : state.status;
    byId("file-name").textContent = state.fileName || t("No recording yet");
    const key = state.analysis?.keyInForce ? keyWord(state.analysis.keyInForce) : "";
    const music = [tempoWord(state.analysis), key, tuningWord(state.tuningCents)].filter(Boolean).join(" · ");
    byId("file-facts").textContent = [music, state.fileFacts].filter(Boolean).join(" · ");
    const { grid } = state.analysis ?? {};
    const place = grid ? `  ${barAndBeat(grid, state.playheadS)}` : "";
    byId("time").textContent = clock(state.playheadS, 3) + place;
    byId("cancel").hidden = !isWorking;
    progress.hidden = !isWorking;
    if (state.durationS > 0) progress.value = Math.min(1, state.doneS / state.durationS);
    else progress.removeAttribute("value");
    const play = /** @type {HTMLButtonElement} */ (byId("play"));
    play.disabled = !hasNotes || state.isRecording;
    play.dataset.icon = state.isPlaying ? "pause" : "play";
    play.setAttribute("aria-label", state.isPlaying ? t("Pause") : t("Play the recording and its notes"));
    const record = byId("record");
    record.textContent = state.isRecording ? t("Stop") : t("Record");
    record.dataset.recording = String(state.isRecording);
    byId("welcome").hidden = Boolean(state.fileName) || hasNotes || state.isRecording;
    byId("alarm").hidden = !state.alarm;
    byId("alarm-text").textContent = state.alarm ?? "";
    for (const button of savers) button.disabled = !hasNotes || isRunning || state.isSaving;
    document.title = state.fileName ? `${state.fileName} · Linnet` : t("Linnet: audio to MIDI");
  });
}
