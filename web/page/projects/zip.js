// Zip files, by zip.js, loaded when first needed. Its workers stay unused: what is packed here is stored or small.
import { ENGINE } from "../../shared/places.js";

/** @returns {Promise<typeof import("@zip.js/zip.js")>} */
async function library() {
  /** @type {typeof import("@zip.js/zip.js")} */
  const zip = await import(new URL("zip-core-external.min.js", ENGINE).href);
  zip.configure({ useWebWorkers: false });
  return zip;
}

/**
 * Blobs as one zip; those of a MB and more are stored as they are, streamed from where they lie.
 * @param {{ name: string, blob: Blob }[]} files
 * @param {string} type the zip's MIME type
 * @returns {Promise<Blob>}
 */
export async function zipOf(files, type = "application/zip") {
  const { BlobReader, BlobWriter, ZipWriter } = await library();
  const writer = new ZipWriter(new BlobWriter(type));
  for (const { name, blob } of files) {
    const level = blob.size < 1e6 ? 6 : 0;
    await writer.add(name, new BlobReader(blob), { level, keepOrder: true, extendedTimestamp: false });
  }
  return writer.close();
}

/**
 * The files in a zip, each to be read on its own; what is read is checked against its checksum.
 * @param {Blob} blob
 * @returns {Promise<Map<string, () => Promise<Blob>>>} rejects where it is no zip
 */
export async function filesIn(blob) {
  const { BlobReader, BlobWriter, ZipReader } = await library();
  const entries = await new ZipReader(new BlobReader(blob)).getEntries();
  /** @type {Map<string, () => Promise<Blob>>} */
  const files = new Map();
  for (const entry of entries) {
    if (!entry.directory) files.set(entry.filename, () => entry.getData(new BlobWriter(), { checkSignature: true }));
  }
  return files;
}
