// Bytes made smaller for the disk, and back. Never more comes back than is asked for, whatever a file claims to hold.

/** @param {BlobPart} content @returns {Promise<Blob>} gzip, with its checksum */
export function deflated(content) {
  return new Response(new Blob([content]).stream().pipeThrough(new CompressionStream("gzip"))).blob();
}

/**
 * @param {Blob} blob of `deflated`
 * @param {number} most bytes
 * @returns {Promise<Uint8Array<ArrayBuffer>>} rejects where it is broken, or longer than `most`
 */
export async function inflated(blob, most) {
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const pieces = [];
  let size = 0;
  const reader = blob.stream().pipeThrough(new DecompressionStream("gzip")).getReader();
  for (let { done, value } = await reader.read(); !done && value; { done, value } = await reader.read()) {
    size += value.length;
    if (size > most) {
      await reader.cancel();
      throw new RangeError(`more than ${most} bytes`);
    }
    pieces.push(value);
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}
