// Words in the reader's language. The English text is the key; a language is one JSON file of English: translation.
import { APP, fetchOk } from "../shared/places.js";

export const LANGUAGES = /** @type {const} */ ({
  en: "English",
  de: "Deutsch",
  es: "Español",
  ja: "日本語",
  zh: "中文",
});
/** @typedef {keyof typeof LANGUAGES} Language */

const REMEMBERED = "linnet-language";
const ATTRIBUTES = ["aria-label", "title", "placeholder"];

/** @type {Record<string, string>} */
let words = {};
/** @type {Language} */
let language = "en";

/** The language that was chosen here before, else the first of the browser's that there is. @returns {Language} */
function preferredLanguage() {
  const wanted = [localStorage.getItem(REMEMBERED), ...navigator.languages].map((tag) => tag?.slice(0, 2) ?? "");
  return /** @type {Language} */ (wanted.find((code) => Object.hasOwn(LANGUAGES, code)) ?? "en");
}

/** @returns {Language} */
export function currentLanguage() {
  return language;
}

/** Remember a language and start the page in it. @param {Language} code */
export function chooseLanguage(code) {
  localStorage.setItem(REMEMBERED, code);
  location.reload();
}

/** Read the words of the preferred language; to be awaited before anything is written on the page. */
export async function loadLanguage() {
  language = preferredLanguage();
  document.documentElement.lang = language;
  if (language !== "en") words = await (await fetchOk(`page/languages/${language}.json`, APP)).json();
}

/**
 * A text in the reader's language, `{name}` in it replaced by the value of that name.
 * @param {string} text in English; where a language lacks it, it stays so
 * @param {Record<string, string | number>} [values]
 */
export function t(text, values = {}) {
  return (words[text] ?? text).replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** Translate what the page's own HTML says: texts and spoken names. @param {ParentNode} root */
export function translatePage(root) {
  if (language === "en") return;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.textContent?.replace(/\s+/g, " ").trim() ?? "";
    if (text && words[text]) node.textContent = /** @type {string} */ (words[text]);
  }
  for (const name of ATTRIBUTES) {
    for (const element of root.querySelectorAll(`[${name}]`))
      element.setAttribute(name, t(element.getAttribute(name) ?? ""));
  }
}
