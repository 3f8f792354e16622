// Whose a key is: the page's, or that of the control which has the focus. A control keeps the keys that do something in it,
// and no others: after a click on a slider or a button the keys of the page go on working.

const TEXT = "input:not([type=range], [type=radio], [type=checkbox]), select, textarea, [contenteditable]";
const PRESSED_BY_SPACE = "button, summary, [type=checkbox], [type=radio]:not(:checked)";
const PRESSED_BY_ENTER = "button, summary, a";
const MOVED_BY_ARROWS = "[type=range], [type=radio], [role=slider]";

/** @param {EventTarget | null} target @param {string} selector */
const matches = (target, selector) => target instanceof Element && target.matches(selector);

/** All keys go there. @param {EventTarget | null} target */
export const isTyping = (target) => matches(target, TEXT);

/** @param {EventTarget | null} target */
export const takesSpace = (target) => isTyping(target) || matches(target, PRESSED_BY_SPACE);

/** @param {EventTarget | null} target */
export const takesEnter = (target) => isTyping(target) || matches(target, PRESSED_BY_ENTER);

/** @param {EventTarget | null} target */
export const takesArrows = (target) => isTyping(target) || matches(target, MOVED_BY_ARROWS);

/** In the list of notes, which stands beside the roll. @param {EventTarget | null} target */
export const isInList = (target) => target instanceof Element && target.closest("#note-sheet") !== null;

/** A sheet over the page has the keys. The list of notes leaves them to the page. */
export function isSheetOver() {
  return document.querySelector("dialog:modal") !== null;
}
