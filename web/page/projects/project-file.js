// A project as one file, to be kept elsewhere or given away: a zip that anything can open, with the recording as it was,
// its card (project.json), notes and edits as plain data, the planes that its notes can be decoded again from, and what is
// kept so that nothing need be worked out anew. What is missing, as in files of earlier versions, is done without.
import { t } from "../translate.js";
import { inARow } from "../words.js";
import { readEdits, readNotes, readProject } from "./project.js";
import { filesIn, zipOf } from "./zip.js";

/** @typedef {import("./library.js").Library} Library */
/** @typedef {import("./parts.js").PartName} PartName */

export const ENDING = ".linnet";
const RECORDING = "recording/";
const PARTS = /** @type {const} */ (["edits.json", "notes.json", "planes", "peaks", "arranged.json", "history"]);
const MIME = "application/x-linnet";

/** A file that is no project, or a broken one; its message is for a person. */
export class BadProjectFile extends Error {}

/**
 * @param {Library} library
 * @param {string} id
 * @returns {Promise<Blob>}
 */
export async function packProject(library, id) {
  const card = library.card(id);
  if (!card) throw new Error(t("this project is no longer there"));
  const json = (/** @type {unknown} */ value) => new Blob([JSON.stringify(value, null, 1)]);
  const files = [{ name: "project.json", blob: json(card) }];
  for (const part of PARTS) {
    const blob = await library.parts.read(id, part);
    if (blob) files.push({ name: part, blob });
  }
  const recording = await library.recording(id);
  if (recording) files.push({ name: `${RECORDING}${card.fileName}`, blob: recording });
  return zipOf(files, MIME);
}

/**
 * Take a project file in as a new project. Everything in it is read and checked before anything is kept.
 * @param {Library} library
 * @param {File} file
 * @returns {Promise<string>} the new project's id; BadProjectFile says why there is none
 */
export async function unpackProject(library, file) {
  const nothing = t("Nothing else changed.");
  const fail = (/** @type {string} */ why) => new BadProjectFile(inARow(why, nothing));
  const foreign = t("“{name}” is not a Linnet project.", { name: file.name });
  const broken = t("The project file “{name}” is damaged: get another copy of it.", { name: file.name });
  /** @type {Awaited<ReturnType<typeof filesIn>>} */
  let files;
  try {
    files = await filesIn(file);
  } catch {
    throw fail((await beginsAsZip(file)) ? broken : foreign);
  }
  if (!files.has("project.json")) throw fail(foreign);
  /** @param {string} name @returns {Promise<Blob | null>} */
  const read = async (name) => (await files.get(name)?.()) ?? null;
  /** @param {string} name @returns {Promise<unknown>} */
  const parsed = async (name) => JSON.parse((await (await read(name))?.text()) ?? "null");
  try {
    const value = await parsed("project.json");
    const card = readProject(value);
    if (!card) {
      const { format } = /** @type {{ format?: unknown }} */ (value ?? {});
      const isNewer = typeof format === "string" && /^linnet-project\/\d+$/.test(format);
      if (isNewer) throw fail(t("“{name}” comes from a newer Linnet: reload the page to get it.", { name: file.name }));
      throw fail(broken);
    }
    const [edits, notes] = [await parsed("edits.json"), await parsed("notes.json")];
    if ((edits && !readEdits(edits)) || (notes && !readNotes(notes))) throw fail(broken);
    const recording = [...files.keys()].find((name) => name.startsWith(RECORDING));
    const audio = recording ? await read(recording) : null;
    /** @type {[PartName, Blob | null][]} */
    const parts = [["audio", audio]];
    for (const part of PARTS) parts.push([part, await read(part)]);
    const id = crypto.randomUUID();
    for (const [part, blob] of parts) if (blob) await library.parts.write(id, part, blob);
    await library.put({ ...card, id, openedMs: Date.now(), isDeleted: false });
    return id;
  } catch (error) {
    throw error instanceof BadProjectFile ? error : fail(broken); // a checksum, or JSON that is none
  }
}

/** @param {Blob} file */
async function beginsAsZip(file) {
  const [a, b] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  return a === 0x50 && b === 0x4b;
}
