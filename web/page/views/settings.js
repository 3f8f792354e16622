// Controls made from the table of options (options.json, written by linnet/options.py): names, units, limits, defaults.
import { must } from "../../shared/must.js";
import { FAMILIES, PROGRAMS } from "../general-midi.js";
import { t } from "../translate.js";
import { keyWord, pitchName } from "../words.js";
import { element } from "./element.js";

/**
 * @typedef {object} OptionSpec
 * @property {string} name
 * @property {"decode" | "arrange" | "midi"} stage
 * @property {"number" | "integer" | "choice"} kind
 * @property {number | string} default
 * @property {string} label
 * @property {string} help
 * @property {string} unit
 * @property {number | null} lowest
 * @property {number | null} highest
 * @property {string[]} choices
 */

/** @typedef {import("../../shared/messages.js").Options} Options */

/** @type {Record<string, string>} */
const CHOICE_WORDS = {
  smooth: "Smooth",
  heard: "As heard",
  off: "Off",
  single: "One channel",
  mpe: "MPE",
  one: "One",
  "by-range": "By range",
  auto: "Auto",
  manual: "Manual",
  follow: "Keep length",
  grid: "To the grid",
  nearest: "Nearest",
  remove: "Remove",
  key: "Of the key",
  major: "Major",
  minor: "Minor",
  "harmonic-minor": "Harmonic minor",
  "melodic-minor": "Melodic minor",
  dorian: "Dorian",
  phrygian: "Phrygian",
  lydian: "Lydian",
  mixolydian: "Mixolydian",
  locrian: "Locrian",
  "major-pentatonic": "Major pentatonic",
  "minor-pentatonic": "Minor pentatonic",
  blues: "Blues",
  "whole-tone": "Whole tone",
  diminished: "Diminished",
  chromatic: "Chromatic",
};
const MOST_SEGMENTS = 4; // more choices are a menu
/** Options that are not best slid: how they are made instead. */
const MAKERS = /** @type {const} */ ({ tempo_bpm: numberField, first_bar_s: numberField, program: programField });

/** @param {OptionSpec[]} specs @returns {Options} */
export function defaultsOf(specs) {
  return Object.fromEntries(specs.map((spec) => [spec.name, spec.default]));
}

/**
 * What of saved options still is an option, with a value that it can have.
 * @param {OptionSpec[]} specs
 * @param {Options} saved
 * @returns {Options}
 */
export function validOptions(specs, saved) {
  const isValid = (/** @type {OptionSpec} */ spec) => {
    const value = saved[spec.name];
    if (spec.kind === "choice") return spec.choices.includes(String(value));
    if (typeof value !== "number" || (spec.kind === "integer" && !Number.isInteger(value))) return false;
    return value >= (spec.lowest ?? -Infinity) && value <= (spec.highest ?? Infinity);
  };
  return Object.fromEntries(specs.filter(isValid).map(({ name }) => [name, saved[name] ?? 0]));
}

/** A value as people say it. @param {OptionSpec} spec @param {number | string} value */
function inWords(spec, value) {
  if (spec.name === "key" && value !== "auto") return keyWord(String(value));
  if (typeof value === "string") return t(CHOICE_WORDS[value] ?? value);
  if (spec.unit === "MIDI pitch") return pitchName(value);
  if (spec.unit === "s") return `${Math.round(value * 1000)} ms`;
  if (spec.lowest === 0 && spec.highest === 1) return `${Math.round(value * 100)} %`;
  return `${value}${spec.unit ? ` ${spec.unit}` : ""}`;
}

/**
 * @param {OptionSpec} spec
 * @param {(value: number | string) => void} set
 */
function slider(spec, set) {
  const [lowest, highest] = [must(spec.lowest, "lowest"), must(spec.highest, "highest")];
  // short notes matter most: the slider is quadratic in time
  const isTime = spec.unit === "s";
  /** @param {number} value */
  const toTrack = (value) => (isTime ? Math.sqrt(value / highest) * 100 : value);
  /** @param {number} place */
  const fromTrack = (place) => (isTime ? Math.round((place / 100) ** 2 * highest * 1000) / 1000 : place);
  const input = element("input", { type: "range", id: `option-${spec.name}` });
  Object.assign(input, {
    min: String(isTime ? 0 : lowest),
    max: String(isTime ? 100 : highest),
    step: spec.kind === "integer" ? "1" : isTime ? "0.5" : "0.01",
  });
  const output = element("output", { htmlFor: input.id });
  /** @param {number | string} value */
  const show = (value) => {
    input.value = String(toTrack(Number(value)));
    output.textContent = inWords(spec, value);
    input.setAttribute("aria-valuetext", inWords(spec, value));
  };
  input.addEventListener("input", () => {
    const value = fromTrack(Number(input.value));
    show(value);
    set(value);
  });
  input.addEventListener("dblclick", () => {
    show(spec.default);
    set(spec.default);
  });
  const label = element("label", { htmlFor: input.id, textContent: t(spec.label) });
  return { row: element("div", { className: "option", title: t(spec.help) }, [label, output, input]), show };
}

/**
 * @param {OptionSpec} spec
 * @param {(value: number | string) => void} set
 */
function numberField(spec, set) {
  const input = element("input", { type: "number", id: `option-${spec.name}`, inputMode: "decimal" });
  Object.assign(input, {
    min: String(spec.lowest),
    max: String(spec.highest),
    step: spec.kind === "integer" ? "1" : "any",
  });
  /** @param {number | string} value */
  const show = (value) => {
    input.value = String(value);
  };
  input.addEventListener("change", () => {
    if (input.value === "" || !input.checkValidity()) show(spec.default);
    set(Number(input.value));
  });
  const unit = spec.unit ? ` (${spec.unit})` : "";
  const label = element("label", { htmlFor: input.id, textContent: `${t(spec.label)}${unit}` });
  return { row: element("div", { className: "option option-field", title: t(spec.help) }, [label, input]), show };
}

/**
 * @param {OptionSpec} spec
 * @param {(value: number | string) => void} set
 */
function programField(spec, set) {
  const each = PROGRAMS.length / FAMILIES.length;
  const entries = PROGRAMS.map((name, i) => [String(i), t(name)]);
  const groups = FAMILIES.map((name, i) => {
    const options = menuOptions(entries.slice(i * each, (i + 1) * each));
    return element("optgroup", { label: t(name) }, options);
  });
  return menu(spec, (value) => set(Number(value)), groups);
}

/** @param {OptionSpec} spec @param {(value: number | string) => void} set */
function choiceMenu(spec, set) {
  return menu(spec, set, menuOptions(spec.choices.map((value) => [value, inWords(spec, value)])));
}

/** @param {string[][]} entries value and word of each */
function menuOptions(entries) {
  return entries.map(([value, word]) => element("option", { value, textContent: word }));
}

/**
 * @param {OptionSpec} spec
 * @param {(value: number | string) => void} set
 * @param {HTMLElement[]} options
 */
function menu(spec, set, options) {
  const select = element("select", { id: `option-${spec.name}` }, options);
  select.addEventListener("change", () => set(select.value));
  const label = element("label", { htmlFor: select.id, textContent: t(spec.label) });
  /** @param {number | string} value */
  const show = (value) => {
    select.value = String(value);
  };
  return { row: element("div", { className: "option option-field", title: t(spec.help) }, [label, select]), show };
}

/**
 * @param {OptionSpec} spec
 * @param {(value: number | string) => void} set
 */
function choice(spec, set) {
  const buttons = spec.choices.map((value) => {
    const input = element("input", {
      type: "radio",
      name: `option-${spec.name}`,
      value,
      id: `option-${spec.name}-${value}`,
    });
    input.addEventListener("change", () => set(value));
    return { input, label: element("label", { htmlFor: input.id, textContent: inWords(spec, value) }) };
  });
  const legend = element("legend", { textContent: t(spec.label) });
  const group = element(
    "div",
    { className: "segments" },
    buttons.flatMap(({ input, label }) => [input, label]),
  );
  /** @param {number | string} value */
  const show = (value) => {
    for (const { input } of buttons) input.checked = input.value === value;
  };
  return {
    row: element("fieldset", { className: "option option-choice", title: t(spec.help) }, [legend, group]),
    show,
  };
}

/**
 * Fill a section with the controls of one stage; what comes back puts other values on them.
 * @param {HTMLElement} section
 * @param {OptionSpec[]} specs
 * @param {Options} values
 * @param {(name: string, value: number | string) => void} set
 */
export function buildSettings(section, specs, values, set) {
  const shows = specs.map((spec) => {
    const special = Object.hasOwn(MAKERS, spec.name) ? MAKERS[/** @type {keyof typeof MAKERS} */ (spec.name)] : null;
    const segments = spec.choices.length > MOST_SEGMENTS ? choiceMenu : choice;
    const make = special ?? (spec.kind === "choice" ? segments : slider);
    const { row, show } = make(spec, (value) => set(spec.name, value));
    row.addEventListener("dblclick", (event) => {
      if (!(event.target instanceof Element && event.target.matches(".option > label, legend"))) return;
      show(spec.default);
      set(spec.name, spec.default);
    });
    section.append(row);
    return (/** @type {Options} */ options) => show(options[spec.name] ?? spec.default);
  });
  const showAll = (/** @type {Options} */ options) => {
    for (const show of shows) show(options);
  };
  showAll(values);
  return showAll;
}
