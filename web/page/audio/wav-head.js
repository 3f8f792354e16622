// The head of a WAV file: RIFF, fmt, for floats fact, data (IBM and Microsoft, Multimedia Programming Interface, 1991).

const PCM = 1;
const FLOAT = 3;

/**
 * @param {object} sound
 * @param {number} sound.rateHz
 * @param {number} sound.channels
 * @param {number} sound.bits of a sample: 32 are floats, fewer are whole numbers
 * @param {number} sound.dataBytes of all samples
 */
export function wavHead({ rateHz, channels, bits, dataBytes }) {
  const isFloat = bits === 32;
  const frameBytes = (channels * bits) / 8;
  const headBytes = isFloat ? 58 : 44;
  const view = new DataView(new ArrayBuffer(headBytes));
  let at = 0;
  const text = (/** @type {string} */ word) => {
    for (const letter of word) view.setUint8(at++, letter.charCodeAt(0));
  };
  const four = (/** @type {number} */ value) => {
    view.setUint32(at, Math.min(value, 0xffffffff), true);
    at += 4;
  };
  const two = (/** @type {number} */ value) => {
    view.setUint16(at, value, true);
    at += 2;
  };
  text("RIFF");
  four(headBytes - 8 + dataBytes);
  text("WAVEfmt ");
  four(isFloat ? 18 : 16);
  two(isFloat ? FLOAT : PCM);
  two(channels);
  four(rateHz);
  four(rateHz * frameBytes);
  two(frameBytes);
  two(bits);
  if (isFloat) {
    two(0); // no more of the format
    text("fact");
    four(4);
    four(dataBytes / frameBytes);
  }
  text("data");
  four(dataBytes);
  return view.buffer;
}
