// What is seen beside the notes: underlays, waveform, ghosts, what the pointer points at. The controls for them, and their keys.
import { hitNote } from "../edit/hit.js";
import { t } from "../translate.js";
import { isSheetOver, isTyping, takesEnter } from "../views/key-owner.js";
import { listenForPointer } from "../views/roll-pointer.js";
import { GhostWalk } from "./ghost-walk.js";
import { Ghosts } from "./ghosts.js";
import { showUnderlays, UNDERLAYS } from "./underlays.js";

/** @typedef {import("../store.js").Store} Store */

const WORDS = /** @type {const} */ ({
  none: "None",
  waveform: "Wave",
  transform: "Spectrum",
  likelihood: "Likelihood",
});
const CLICK_PX = 4; // a press that moves less is a click
const TWICE_MS = 500;

/**
 * @param {object} page
 * @param {Store} page.store
 * @param {import("../session.js").Session} page.session
 * @param {import("../views/piano-roll.js").PianoRoll} page.roll
 * @param {import("../edit/editor.js").Editor} page.editor
 * @param {(id: string) => HTMLElement} page.byId
 * @param {(pitch: number, velocity: number) => void} page.audition
 * @param {(words: string) => void} page.say
 */
export function listenForSeeing({ store, session, roll, editor, byId, audition, say }) {
  showUnderlays(store, session, roll);
  listenForPointer(roll, byId("note-tip"));
  const ghosts = new Ghosts(store, session, editor);
  const walk = new GhostWalk(store, roll, ghosts, { audition, say });
  buildChoice(store, byId("underlays"));
  const shown = /** @type {HTMLInputElement} */ (byId("ghosts-shown"));
  shown.addEventListener("change", () => store.set({ showsGhosts: shown.checked }));
  const adoptSeen = () => ghosts.adopt(ghosts.rowsIn(roll.view));
  byId("ghosts-adopt").addEventListener("click", adoptSeen);
  byId("part-only").addEventListener("click", () => session.transcribeAgain(store.state.loop));
  byId("part-all").addEventListener("click", () => session.transcribeAgain(null));
  byId("see-toggle").addEventListener("click", () => {
    const isOpen = byId("see").classList.toggle("is-open");
    byId("see-toggle").setAttribute("aria-expanded", String(isOpen));
  });
  window.addEventListener("keydown", (event) => {
    if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isSheetOver()) return;
    const key = event.key.toLowerCase();
    if (key === "u") {
      const next = UNDERLAYS[(UNDERLAYS.indexOf(store.state.underlay) + 1) % UNDERLAYS.length];
      store.set({ underlay: next });
    } else if (key === "g" && !event.shiftKey && store.state.showsGhosts) adoptSeen();
    else if (key === "g") store.set({ showsGhosts: !store.state.showsGhosts });
    else if (key === "h") walk.go(event.shiftKey ? -1 : 1);
    else if (key === "enter" && !takesEnter(event.target)) walk.adopt();
    else if (key === "escape") walk.leave();
  });
  adoptByClick(store, roll, ghosts);

  store.listen((state, changed) => {
    if (changed.has("ghosts")) {
      roll.ghosts = state.ghosts;
      roll.roll.touch();
    }
    if (changed.size <= 2 && changed.has("playheadS")) return; // 60 times a second while it plays
    byId("see").hidden = state.fileName === "";
    shown.checked = state.showsGhosts;
    byId("ghosts-adopt").hidden = state.ghosts.onsetS.length === 0;
    byId("ghosts-adopt").textContent = t("Adopt those in sight (G)");
    byId("part-only").hidden = !state.loop || !state.file;
    const isOver = (state.stage === "done" || state.stage === "failed") && !state.isWaiting;
    const isInPart = state.part !== null || state.loop !== null || state.doneS < state.durationS;
    byId("part-all").hidden = !isOver || !isInPart || !state.file;
  });
}

/** @param {Store} store @param {HTMLElement} group */
function buildChoice(store, group) {
  for (const underlay of UNDERLAYS) {
    const input = Object.assign(document.createElement("input"), {
      type: "radio",
      name: "underlay",
      id: `underlay-${underlay}`,
      value: underlay,
    });
    input.addEventListener("change", () => store.set({ underlay }));
    const label = Object.assign(document.createElement("label"), {
      htmlFor: input.id,
      textContent: t(WORDS[underlay]),
    });
    group.append(input, label);
    store.listen((state, changed) => {
      if (changed.has("underlay")) input.checked = state.underlay === underlay;
      if (!changed.has("lacking")) return;
      input.disabled = state.lacking.includes(underlay);
      label.title = input.disabled ? t("Not kept with this recording; transcribe it again to see it") : "";
    });
  }
}

/**
 * A click on a ghost makes it a note.
 * @param {Store} store
 * @param {import("../views/piano-roll.js").PianoRoll} roll
 * @param {Ghosts} ghosts
 */
function adoptByClick(store, roll, ghosts) {
  const { canvas } = roll.roll;
  let pressed = { x: 0, y: 0 };
  let adoptedMs = Number.NEGATIVE_INFINITY;
  canvas.addEventListener("pointerdown", (event) => {
    pressed = { x: event.offsetX, y: event.offsetY };
  });
  canvas.addEventListener("click", (event) => {
    const point = { x: event.offsetX, y: event.offsetY };
    const { ghosts: shown } = store.state;
    if (shown.onsetS.length === 0 || Math.hypot(point.x - pressed.x, point.y - pressed.y) >= CLICK_PX) return;
    if (hitNote(roll.notes, roll.longestS, roll.view, point)) return;
    const hit = hitNote(shown, Number.POSITIVE_INFINITY, roll.view, point);
    if (!hit) return;
    ghosts.adopt([hit.row]);
    adoptedMs = event.timeStamp;
  });
  // a hand that clicks twice means to adopt, not to delete what it has just adopted
  canvas.parentElement?.addEventListener(
    "dblclick",
    (event) => {
      if (event.target === canvas && event.timeStamp - adoptedMs < TWICE_MS) event.stopPropagation();
    },
    { capture: true },
  );
}
