// Turns windows of the transform and of the planes into pictures: one colour, from clear to full.

/** @typedef {import("../../shared/messages.js").UnderlayKind} UnderlayKind */
/** @typedef {import("../../shared/messages.js").UnderlayWindow} UnderlayWindow */

const FAINTEST_LEVEL = 110; // of 255, the loudest: 45 dB below it; less is not seen
const LEVEL_CURVE = 1.25; // above 1 lets noise recede
const LOGIT_ZERO = 128; // a plane's byte is a logit: probability 1/2 is this, each 16 steps are e-fold odds
const LOGIT_STEPS = 16;
const NOTE_SHARE = 0.62; // of the full colour for a note that is certain; its onset takes all

/** Opacity, 0-1, of each value of a byte. @type {Record<UnderlayKind, (code: number) => number>} */
const OPACITY = {
  transform: (code) => Math.max(0, (code - FAINTEST_LEVEL) / (255 - FAINTEST_LEVEL)) ** LEVEL_CURVE,
  likelihood: (code) => (code === 0 ? 0 : 1 / (1 + Math.exp((LOGIT_ZERO - code) / LOGIT_STEPS))),
};

/** @param {string} colour as CSS writes it: #rrggbb */
function rgbOf(colour) {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}

/**
 * A window as pixels, a column each, the highest pitch on top.
 * @param {UnderlayKind} kind
 * @param {UnderlayWindow} window with at least one column
 * @param {string} colour #rrggbb
 * @returns {ImageData}
 */
export function imageOf(kind, { columns, rows, bytes }, colour) {
  const image = new ImageData(columns, rows);
  const pixels = image.data;
  const alpha = Uint8ClampedArray.from({ length: 256 }, (_, code) => 255 * OPACITY[kind](code));
  const [red = 0, green = 0, blue = 0] = rgbOf(colour);
  const planes = kind === "likelihood" ? 2 : 1;
  for (let column = 0; column < columns; column++) {
    const start = column * rows * planes;
    for (let row = 0; row < rows; row++) {
      const at = 4 * ((rows - 1 - row) * columns + column);
      let strength = /** @type {number} */ (alpha[/** @type {number} */ (bytes[start + row])]);
      if (planes === 2) {
        const onset = /** @type {number} */ (alpha[/** @type {number} */ (bytes[start + rows + row])]);
        strength = Math.max(NOTE_SHARE * strength, onset);
      }
      pixels[at] = red;
      pixels[at + 1] = green;
      pixels[at + 2] = blue;
      pixels[at + 3] = strength;
    }
  }
  return image;
}
