// Names of steps: kept as English with its values, so that a history speaks the language of whoever reads it.
import { t } from "../translate.js";

/** @typedef {{ readonly text: string, readonly values?: Readonly<Record<string, string>> }} Label */

/**
 * @param {string} text in English, as `t` looks it up
 * @param {Record<string, string>} [values] in English too
 * @returns {Label}
 */
export function label(text, values) {
  return values ? { text, values } : { text };
}

/** @param {Label} label @returns {string} in the reader's language */
export function labelWords({ text, values = {} }) {
  return t(text, Object.fromEntries(Object.entries(values).map(([name, value]) => [name, t(value)])));
}
