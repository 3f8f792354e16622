// The page's colours as the canvases need them, read from the custom properties of app.css.

const SHADES = 16;

/**
 * @typedef {object} Colours
 * @property {string} back
 * @property {string} blackRow
 * @property {string} line
 * @property {string} barLine
 * @property {string} text
 * @property {string} quiet
 * @property {string} accent
 * @property {string} whiteKey
 * @property {string} blackKey
 * @property {string} keyText
 * @property {string} keyEdge between white keys
 * @property {string} bend
 * @property {string} noteEdge outline of notes and ghosts: seen on every underlay
 * @property {string} underlay strongest colour of what lies under the notes
 * @property {string} wave the waveform
 * @property {string[]} notes by velocity, soft to loud
 */

/** @returns {Colours} */
export function readColours() {
  const style = getComputedStyle(document.documentElement);
  /** @param {string} name */
  const of = (name) => style.getPropertyValue(`--${name}`).trim();
  /** @param {string} name */
  const number = (name) => Number.parseFloat(of(name));
  const [hue, saturation] = [number("accent-hue"), number("note-saturation")];
  const [soft, loud] = [number("note-soft"), number("note-loud")];
  return {
    back: of("roll-back"),
    blackRow: of("roll-black-row"),
    line: of("roll-line"),
    barLine: of("roll-octave-line"),
    text: of("text"),
    quiet: of("text-quiet"),
    accent: of("accent"),
    whiteKey: of("key-white"),
    blackKey: of("key-black"),
    keyText: of("key-text"),
    keyEdge: of("key-edge"),
    bend: of("note-bend"),
    noteEdge: of("note-edge"),
    underlay: of("underlay"),
    wave: of("wave"),
    notes: Array.from({ length: SHADES }, (_, i) => {
      const lightness = soft + ((loud - soft) * i) / (SHADES - 1);
      return `hsl(${hue} ${saturation}% ${lightness.toFixed(1)}%)`;
    }),
  };
}

/** Which of the shades. @param {number} velocity 1-127 */
export function shadeOf(velocity) {
  return Math.min(SHADES - 1, Math.floor((velocity * SHADES) / 128));
}

/** @param {Colours} colours @param {number} velocity 1-127 */
export function noteColour(colours, velocity) {
  return colours.notes[shadeOf(velocity)] ?? colours.accent;
}
