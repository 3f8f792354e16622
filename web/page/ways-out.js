// Ways out beside saving: MIDI dragged to the desktop or into another program, handed to another app, the whole project.
import { stem } from "./words.js";

/** @typedef {import("./store.js").Store} Store */

const MIME = "audio/midi";
const KEPT_MS = 600_000; // a drag's file may be read long after it was let go

/**
 * @param {Store} store
 * @param {(id: string) => HTMLElement} byId
 * @param {{ midi(title: string): Promise<Uint8Array<ArrayBuffer>>, saveProject(): void, failed(error: unknown): void }} hands
 */
export function listenForWaysOut(store, byId, hands) {
  const handle = byId("drag-midi");
  const share = byId("share-midi");
  const name = () => stem(store.state.fileName);
  /** What has been made, and of which state of the page. */
  let made = { address: "", ...whatIsSaved(store.state) };
  const isFresh = () => {
    const now = whatIsSaved(store.state);
    return made.address && made.notes === now.notes && made.options === now.options && made.only === now.only;
  };

  // a drag must name its file the moment it begins: made when the pointer comes near
  const prepare = async () => {
    const saved = whatIsSaved(store.state);
    if (isFresh() || saved.notes.onsetS.length === 0) return;
    try {
      const bytes = await hands.midi(name());
      const address = URL.createObjectURL(new Blob([bytes], { type: MIME }));
      setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
      made = { address, ...saved };
      handle.classList.add("is-ready");
    } catch (error) {
      hands.failed(error);
    }
  };
  handle.addEventListener("pointerenter", prepare);
  handle.addEventListener("pointerdown", prepare);
  handle.addEventListener("dragstart", (event) => {
    if (!isFresh() || !event.dataTransfer) return event.preventDefault();
    event.dataTransfer.effectAllowed = "copy";
    event.dataTransfer.setData("DownloadURL", `${MIME}:${name()}.mid:${made.address}`);
  });

  share.addEventListener("click", async () => {
    try {
      const file = new File([await hands.midi(name())], `${name()}.mid`, { type: MIME });
      await navigator.share({ files: [file], title: name() });
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "AbortError")) hands.failed(error);
    }
  });
  share.hidden = !navigator.canShare?.({ files: [new File([], "notes.mid", { type: MIME })] });
  handle.hidden = !("userAgentData" in navigator); // only Chromium gives dragged files to other programs

  byId("save-project").addEventListener("click", () => hands.saveProject());
  store.listen((state) => {
    const hasNotes = state.notes.onsetS.length > 0 && state.stage !== "running";
    byId("save-project").toggleAttribute("disabled", !state.projectId || state.stage === "running");
    share.toggleAttribute("disabled", !hasNotes);
    handle.draggable = hasNotes;
    handle.classList.toggle("is-off", !hasNotes);
    if (!isFresh()) handle.classList.remove("is-ready");
  });
}

/** What a file would hold: the same values, the same file. @param {import("./store.js").State} state */
function whatIsSaved({ notes, options, savesChosen, selection }) {
  return { notes, options, only: savesChosen ? selection : null };
}
