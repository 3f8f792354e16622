// The ways a file gets in: the Open buttons, a drop anywhere on the page, a paste, Ctrl+O.

/**
 * @param {{ input: HTMLInputElement, buttons: HTMLElement[], target: HTMLElement }} elements
 * @param {(file: File) => void} choose
 */
export function listenForFiles({ input, buttons, target }, choose) {
  for (const button of buttons) button.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    input.value = ""; // so that the same file can be chosen again
    if (file) choose(file);
  });
  /** @param {DragEvent} event */
  const carriesFile = (event) => event.dataTransfer?.types.includes("Files") ?? false;
  window.addEventListener("dragover", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    target.classList.add("is-over");
  });
  window.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) target.classList.remove("is-over");
  });
  window.addEventListener("drop", (event) => {
    target.classList.remove("is-over");
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    choose(file);
  });
  window.addEventListener("paste", (event) => {
    const file = event.clipboardData?.files[0];
    if (file) choose(file);
  });
  window.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key !== "o") return;
    event.preventDefault();
    input.click();
  });
}
