// Options that belong to one piece of music and not to the person who works on it: the next recording begins without them.

/** @typedef {import("../shared/messages.js").Options} Options */

/**
 * Grid, tempo, metre, key and all that follows from them; and the pitch range, where no preset has it.
 * @param {readonly import("./views/settings.js").OptionSpec[]} specs
 * @param {Record<string, Options>} presets
 * @param {Options} last options of the piece before
 * @returns {Options} those options, as they are before anything is known of a piece
 */
export function ofOnePiece(specs, presets, last) {
  const isRange = (/** @type {string} */ name) => name === "lowest_pitch" || name === "highest_pitch";
  const range = specs.map(({ name }) => name).filter(isRange);
  const isOfPreset = Object.values(presets).some((options) => range.every((name) => options[name] === last[name]));
  const own = specs.filter(({ name, stage }) => stage === "arrange" || (isRange(name) && !isOfPreset));
  return Object.fromEntries(own.map((spec) => [spec.name, spec.default]));
}
