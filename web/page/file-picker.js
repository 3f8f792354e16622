// The ways files get in by hand: the Open buttons, a drop anywhere on the page, a paste, Ctrl+O.
import { t } from "./translate.js";
import { isSheetOver, isTyping } from "./views/key-owner.js";

/**
 * @param {{ input: HTMLInputElement, buttons: HTMLElement[], target: HTMLElement }} elements
 * @param {{ choose(files: File[]): void, refuse(sentence: string): void, paste(): void }} hands `paste`: notes, where the
 *   clipboard brings nothing for us
 */
export function listenForFiles({ input, buttons, target }, { choose, refuse, paste }) {
  for (const button of buttons) button.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    const files = [...(input.files ?? [])];
    input.value = ""; // so that the same file can be chosen again
    if (files.length > 0) choose(files);
  });
  let isOurs = false; // our own MIDI, on its way out
  window.addEventListener("dragstart", () => {
    isOurs = true;
  });
  window.addEventListener("dragend", () => {
    isOurs = false;
  });
  /** @param {DragEvent} event */
  const carries = (event) => {
    const types = event.dataTransfer?.types ?? [];
    if (isOurs) return null;
    return types.includes("Files") ? "files" : types.includes("text/uri-list") ? "address" : null;
  };
  window.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    target.classList.add("is-over");
  });
  window.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) target.classList.remove("is-over");
  });
  window.addEventListener("drop", (event) => {
    target.classList.remove("is-over");
    const what = carries(event);
    if (!what) return;
    event.preventDefault();
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length > 0) choose(files);
    else refuse(noAddress());
  });
  window.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    const words = event.clipboardData?.getData("text/plain") ?? "";
    if (files.length > 0) return choose(files);
    if (isTyping(event.target)) return;
    if (/^\s*https?:\/\/\S+\s*$/.test(words)) refuse(noAddress());
    else if (!isSheetOver()) paste();
  });
  window.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key !== "o") return;
    event.preventDefault();
    input.click();
  });
}

function noAddress() {
  return t(
    "That is an address, not a file, and this page connects to nothing. Nothing changed. Save the recording on this device, then drop the file here.",
  );
}
