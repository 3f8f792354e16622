// The ways files get in by hand: the Open buttons, a drop anywhere on the page, a paste, Ctrl+O.
import { t } from "./translate.js";

/**
 * @param {{ input: HTMLInputElement, buttons: HTMLElement[], target: HTMLElement }} elements
 * @param {{ choose(files: File[]): void, refuse(sentence: string): void }} hands
 */
export function listenForFiles({ input, buttons, target }, { choose, refuse }) {
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
    const isTyping = event.target instanceof Element && event.target.matches("input, textarea");
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length > 0) choose(files);
    else if (!isTyping && /^\s*https?:\/\/\S+\s*$/.test(event.clipboardData?.getData("text/plain") ?? "")) {
      refuse(noAddress());
    }
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
