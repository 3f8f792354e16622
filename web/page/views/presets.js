// Presets: the options of the first stage for one kind of recording, on buttons and on the keys 1 to 6.
import { label } from "../edit/label.js";
import { t } from "../translate.js";
import { isSheetOver, isTyping } from "./key-owner.js";

/** @typedef {import("../../shared/messages.js").Options} Options */

/** @type {Record<string, string>} */
const PRESET_WORDS = {
  piano: "Piano",
  guitar: "Guitar",
  voice: "Voice",
  bass: "Bass",
  winds: "Winds",
  mix: "Mix",
};

/**
 * @param {HTMLElement} group
 * @param {Record<string, Options>} presets
 * @param {(label: import("../edit/label.js").Label, options: Options) => void} choose
 * @returns {(options: Options) => void} shows which preset these options are, if any
 */
export function listenForPresets(group, presets, choose) {
  const names = Object.keys(presets);
  const pick = (/** @type {string} */ name) =>
    choose(label("preset {name}", { name: PRESET_WORDS[name] ?? name }), presets[name] ?? {});
  const inputs = names.map((name, i) => {
    const input = Object.assign(document.createElement("input"), { type: "radio", name: "preset", value: name });
    input.id = `preset-${name}`;
    input.addEventListener("change", () => pick(name));
    const caption = Object.assign(document.createElement("label"), { htmlFor: input.id, textContent: word(name) });
    caption.title = `${word(name)} (${i + 1})`;
    group.append(input, caption);
    return input;
  });
  window.addEventListener("keydown", (event) => {
    const name = names[Number(event.key) - 1];
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (name && isPlain && !isTyping(event.target) && !isSheetOver()) pick(name);
  });
  return (options) => {
    for (const input of inputs) {
      input.checked = Object.entries(presets[input.value] ?? {}).every(([name, value]) => options[name] === value);
    }
  };
}

/** @param {string} name */
function word(name) {
  return t(PRESET_WORDS[name] ?? name);
}
