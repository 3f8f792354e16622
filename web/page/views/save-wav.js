// The button that writes the notes as sound; while it does, it is the button that stops it.
import { errorWords } from "../failures.js";
import { notesToSave } from "../notes-to-save.js";
import { saveBlob } from "../save-file.js";
import { NoWav, renderWav } from "../sound/wav-file.js";
import { t } from "../translate.js";
import { inARow, stem } from "../words.js";

/** @param {import("../store.js").Store} store @param {HTMLButtonElement} button */
export function listenForWav(store, button) {
  /** @type {AbortController | null} */
  let running = null;
  const show = () => {
    const { notes, stage } = store.state;
    if (running) return;
    button.textContent = t("Sound of the notes (WAV)");
    button.disabled = notes.onsetS.length === 0 || stage === "running";
  };
  button.addEventListener("click", async () => {
    if (running) return running.abort();
    const { options, fileName } = store.state;
    running = new AbortController();
    /** @param {number} part */
    const tell = (part) => {
      button.textContent = t("Stop writing sound ({percent} %)", { percent: Math.round(100 * part) });
    };
    tell(0);
    try {
      const { file, isSampled } = await renderWav(
        notesToSave(store.state),
        Number(options.program ?? 0),
        tell,
        running.signal,
      );
      saveBlob(`${stem(fileName)}.wav`, file);
      if (!isSampled) {
        store.set({ status: t("Written with the plain tone: the instrument's samples could not be fetched") });
      }
    } catch (error) {
      if (!running.signal.aborted) {
        const why =
          error instanceof NoWav
            ? error.message
            : t("The sound could not be written ({why}).", { why: errorWords(error) });
        store.set({ alarm: inARow(why, t("The notes are kept. Save MIDI and render that elsewhere.")) });
      }
    }
    running = null;
    show();
  });
  store.listen(show);
}
