/** @type {Record<import("../shared/messages.js").FileKind, string>} */
const MIME = {
  mid: "audio/midi",
  musicxml: "application/vnd.recordare.musicxml+xml",
  csv: "text/csv",
  json: "application/json",
  npz: "application/zip",
};

/**
 * Hand a file to the person as a download.
 * @param {string} name with its ending
 * @param {Blob} file
 */
export function saveBlob(name, file) {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000); // the download reads it a little later
}

/**
 * @param {string} name without its ending
 * @param {import("../shared/messages.js").FileKind} kind
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
export function saveFile(name, kind, bytes) {
  saveBlob(`${name}.${kind}`, new Blob([bytes], { type: MIME[kind] }));
}
