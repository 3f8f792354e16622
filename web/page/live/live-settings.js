// How to record, as it was chosen here last.

/**
 * @typedef {object} LiveSettings
 * @property {string} input device id; "" is the system's own, "shared" a tab's or the system's sound
 * @property {import("../../shared/messages.js").LiveMode} mode
 * @property {import("./midi-messages.js").MidiMode} midiMode
 * @property {boolean} isHeard notes are played by the built-in instrument
 * @property {number} countInBars
 * @property {boolean} hasClick the metronome goes on through the take
 * @property {number} tempoBpm of count-in and metronome
 */

const REMEMBERED = "linnet-live";

/** @type {LiveSettings} */
const DEFAULTS = {
  input: "",
  mode: "follow",
  midiMode: "single",
  isHeard: false,
  countInBars: 0,
  hasClick: false,
  tempoBpm: 120,
};

/** True where the take is played to a click, so that its grid is known. @param {LiveSettings} settings */
export const isOnGrid = ({ hasClick, countInBars }) => hasClick || countInBars > 0;

/** @returns {LiveSettings} */
export function readSettings() {
  try {
    const kept = JSON.parse(localStorage.getItem(REMEMBERED) ?? "{}");
    const known = Object.entries(DEFAULTS).filter(([name, value]) => typeof kept[name] === typeof value);
    return { ...DEFAULTS, ...Object.fromEntries(known.map(([name]) => [name, kept[name]])) };
  } catch {
    return DEFAULTS; // damaged: begin anew
  }
}

/** @param {LiveSettings} settings */
export function keepSettings(settings) {
  try {
    localStorage.setItem(REMEMBERED, JSON.stringify(settings));
  } catch {
    // storage is full or forbidden: they hold until the tab is closed
  }
}
