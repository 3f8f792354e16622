// Keys of editing. They come before the roll's own keys where something is chosen.
import { isInList, isSheetOver, isTyping, takesArrows } from "./key-owner.js";

/** @typedef {import("../edit/edit-hands.js").EditHands} EditHands */
/** @typedef {import("../store.js").Store} Store */

const FAR = { time: 4, pitch: 12, velocity: 4 }; // times as far with Shift
const LOUDER = 4;

/**
 * @param {Store} store
 * @param {EditHands} hands
 * @param {() => number} gridStepS how far an arrow moves a note
 */
export function listenForEditKeys(store, hands, gridStepS) {
  /** @type {Record<string, (event: KeyboardEvent) => void>} */
  const withControl = {
    z: (event) => (event.shiftKey ? hands.editor.redo() : hands.editor.undo()),
    y: () => hands.editor.redo(),
    a: () => hands.chooseAll(),
    d: () => hands.duplicate(),
    arrowright: (event) => hands.chooseNext(1, event.shiftKey),
    arrowleft: (event) => hands.chooseNext(-1, event.shiftKey),
  };
  /** @type {Record<string, (event: KeyboardEvent) => void>} */
  const withAlt = {
    arrowright: () => hands.lengthen(gridStepS()),
    arrowleft: () => hands.lengthen(-gridStepS()),
    arrowup: (event) => hands.louder(LOUDER * (event.shiftKey ? FAR.velocity : 1)),
    arrowdown: (event) => hands.louder(-LOUDER * (event.shiftKey ? FAR.velocity : 1)),
  };
  /** @type {Record<string, (event: KeyboardEvent) => void>} */
  const plain = {
    arrowright: (event) => hands.move(gridStepS() * (event.shiftKey ? FAR.time : 1), 0),
    arrowleft: (event) => hands.move(-gridStepS() * (event.shiftKey ? FAR.time : 1), 0),
    arrowup: (event) => hands.move(0, event.shiftKey ? FAR.pitch : 1),
    arrowdown: (event) => hands.move(0, event.shiftKey ? -FAR.pitch : -1),
    delete: () => hands.remove(),
    backspace: () => hands.remove(),
    s: () => hands.split(),
    j: () => hands.join(),
    b: () => hands.toggleBends(),
    escape: () => hands.chooseNone(),
  };
  window.addEventListener(
    "keydown",
    (event) => {
      if (isTyping(event.target) || isSheetOver()) return;
      const key = event.key.toLowerCase();
      const hasControl = event.ctrlKey || event.metaKey;
      const isUndo = hasControl && (key === "z" || key === "y"); // of settings, in a take
      if (store.state.isRecording && !isUndo) return; // its notes are to be edited when it is a recording
      const isMoving = key.startsWith("arrow");
      if (isMoving && !hasControl && takesArrows(event.target)) return;
      if (key === "escape" && isInList(event.target)) return; // it closes the list
      const table = hasControl ? withControl : event.altKey ? withAlt : plain;
      const needsNotes = table !== withControl || key === "d";
      if (key === "d" && table === plain && event.shiftKey) {
        hands.draw();
      } else if (key === "d" && table === plain) {
        store.set({ isDrawing: !store.state.isDrawing });
      } else {
        if (!Object.hasOwn(table, key) || (needsNotes && !hands.hasChosen)) return;
        table[key]?.(event);
      }
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    { capture: true },
  );
  // no keys of their own: they come as events, which a key that is taken here would suppress
  for (const verb of /** @type {const} */ (["copy", "cut"])) {
    window.addEventListener(verb, (event) => {
      if (isTyping(event.target) || isSheetOver() || !hands.hasChosen) return;
      hands[verb]();
      event.clipboardData?.setData("text/plain", hands.copied); // what is copied last is what is pasted
      event.preventDefault();
    });
  }
}
