// Quiet lines over the roll: something is offered or should be known, nothing is in the way of anything.
import { must } from "../../shared/must.js";
import { t } from "../translate.js";

/** @typedef {{ label: string, act: () => void }} Offer */

export class Notices {
  /** @type {Map<string, HTMLElement>} */
  #shown = new Map();

  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
  }

  /**
   * Show a line; one of the same key gives way to it. What is offered can be taken once.
   * @param {string} key
   * @param {string} text
   * @param {Offer} [offer]
   */
  show(key, text, offer) {
    const line = document.createElement("div");
    line.className = "notice";
    line.dataset.notice = key;
    const words = document.createElement("p");
    words.textContent = text;
    line.append(words);
    if (offer) line.append(button(offer.label, "", () => [this.hide(key), offer.act()]));
    const close = button("", t("Close this message"), () => this.hide(key));
    close.dataset.icon = "close";
    line.append(close);
    this.hide(key);
    this.#shown.set(key, line);
    this.place.append(line);
  }

  /** @param {string} key */
  hide(key) {
    if (!this.#shown.has(key)) return;
    must(this.#shown.get(key), key).remove();
    this.#shown.delete(key);
  }
}

/** @param {string} text @param {string} name spoken, where the text says too little @param {() => void} act */
function button(text, name, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  if (name) made.setAttribute("aria-label", name);
  made.addEventListener("click", act);
  return made;
}
