// How many samples an MP3 encoder put before and after the music. Players that ignore this are some 25 ms late; the
// native host (libsndfile) cuts them off, so here too. The count is in the Info frame that encoders write first.

const DECODER_DELAY = 529; // samples by which every MP3 decoder is late
const ID3_HEAD = 10;
const LOOK_BYTES = 4096;
const DELAYS_AT = 141; // bytes from the tag's name to the three bytes that hold both counts

/**
 * @param {Blob} file
 * @returns {Promise<{ start: number, end: number }>} samples to leave out; zeros where nothing is said
 */
export async function mp3Gap(file) {
  const start = await afterId3(file);
  const bytes = new Uint8Array(await file.slice(start, start + LOOK_BYTES).arrayBuffer());
  for (const name of ["Xing", "Info"]) {
    const at = indexOfText(bytes, name);
    if (at < 0) continue;
    const [a = 0, b = 0, c = 0] = bytes.subarray(at + DELAYS_AT, at + DELAYS_AT + 3);
    const [before, after] = [(a << 4) | (b >> 4), ((b & 15) << 8) | c];
    if (before > 0) return { start: before + DECODER_DELAY, end: Math.max(0, after - DECODER_DELAY) };
  }
  return { start: 0, end: 0 };
}

/** @param {Blob} file */
async function afterId3(file) {
  const head = new Uint8Array(await file.slice(0, ID3_HEAD).arrayBuffer());
  if (String.fromCharCode(...head.subarray(0, 3)) !== "ID3") return 0;
  const [a = 0, b = 0, c = 0, d = 0] = head.subarray(6, 10); // seven bits a byte
  return ID3_HEAD + ((a << 21) | (b << 14) | (c << 7) | d);
}

/** @param {Uint8Array} bytes @param {string} text */
function indexOfText(bytes, text) {
  const codes = [...text].map((letter) => letter.charCodeAt(0));
  return bytes.findIndex((_, i) => codes.every((code, k) => bytes[i + k] === code));
}
