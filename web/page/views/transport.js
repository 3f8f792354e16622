// The transport: to the start, loop, speed, and what is heard; the same by keys.
import { at } from "../../shared/note-columns.js";
import { t } from "../translate.js";
import { isSheetOver, isTyping } from "./key-owner.js";
import { shownS } from "./roll-view.js";
import { LEAST_LOOP_S } from "./ruler-gestures.js";

const SPEED_STEP = 5;
const [SLOWEST, FASTEST] = [25, 200]; // percent

/**
 * From where to where the chosen notes last; null where none is chosen.
 * @param {import("../store.js").State} state
 */
export function chosenPart({ selection, noteKeys, notes }) {
  let [fromS, toS] = [Infinity, 0];
  noteKeys.forEach((key, i) => {
    if (!selection.has(key)) return;
    fromS = Math.min(fromS, at(notes.onsetS, i));
    toS = Math.max(toS, at(notes.offsetS, i));
  });
  return toS > 0 ? { fromS, toS } : null;
}

/**
 * @param {import("../store.js").Store} store
 * @param {(id: string) => HTMLElement} byId
 * @param {object} parts
 * @param {import("../sound/player.js").Player} parts.player
 * @param {import("./piano-roll.js").PianoRoll} parts.roll
 * @param {(timeS: number) => void} parts.seek
 */
export function listenForTransport(store, byId, { player, roll, seek }) {
  const mix = /** @type {HTMLInputElement} */ (byId("mix"));
  const speed = /** @type {HTMLInputElement} */ (byId("speed"));

  const toStart = () => {
    const { loop, isLooping } = store.state;
    seek(isLooping && loop ? loop.fromS : 0);
  };
  const toggleLoop = () => {
    const selection = chosenPart(store.state);
    const { loop, isLooping } = store.state;
    if (selection && selection.toS - selection.fromS >= LEAST_LOOP_S) {
      const isSame = isLooping && loop?.fromS === selection.fromS && loop?.toS === selection.toS;
      return store.set({ loop: { ...selection }, isLooping: !isSame });
    }
    if (loop) return store.set({ isLooping: !isLooping });
    const fromS = Math.max(0, roll.view.leftS);
    const toS = Math.min(roll.durationS, roll.view.leftS + shownS(roll.view));
    if (toS - fromS >= LEAST_LOOP_S) store.set({ loop: { fromS, toS }, isLooping: true });
  };
  /** @param {number} percent */
  const setSpeed = (percent) => store.set({ speed: Math.min(Math.max(percent, SLOWEST), FASTEST) / 100 });
  /** One alone; again: both. @param {number} value */
  const hearAlone = (value) => store.set({ mix: store.state.mix === value ? 0.5 : value });

  byId("to-start").addEventListener("click", toStart);
  byId("loop").addEventListener("click", toggleLoop);
  speed.addEventListener("input", () => setSpeed(Number(speed.value)));
  speed.addEventListener("dblclick", () => setSpeed(100));
  mix.addEventListener("input", () => store.set({ mix: Number(mix.value) }));
  mix.addEventListener("dblclick", () => store.set({ mix: 0.5 }));
  byId("hear-source").addEventListener("click", () => hearAlone(0));
  byId("hear-notes").addEventListener("click", () => hearAlone(1));
  window.addEventListener("keydown", (event) => {
    if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey || isSheetOver()) return;
    const percent = Math.round(100 * store.state.speed);
    /** @type {Record<string, () => void>} */
    const keys = {
      w: toStart,
      l: toggleLoop,
      a: () => store.set({ mix: store.state.mix === 0 ? 1 : 0 }),
      "<": () => setSpeed(percent - SPEED_STEP),
      ">": () => setSpeed(percent + SPEED_STEP),
    };
    keys[event.key]?.();
  });

  let loopIn = ""; // the project that the loop is of
  store.listen((state, changed) => {
    const hasNotes = state.notes.onsetS.length > 0;
    if (changed.has("notes")) {
      for (const id of ["to-start", "loop"]) /** @type {HTMLButtonElement} */ (byId(id)).disabled = !hasNotes;
      for (const id of ["mix-label", "speed-label", "instrument"]) byId(id).hidden = !hasNotes;
    }
    if (state.projectId !== loopIn) {
      loopIn = state.projectId;
      if (!changed.has("loop")) store.set({ loop: null, isLooping: false });
    }
    if (changed.has("mix")) {
      player.mix = state.mix;
      if (Number(mix.value) !== state.mix) mix.value = String(state.mix);
      byId("hear-source").setAttribute("aria-pressed", String(state.mix === 0));
      byId("hear-notes").setAttribute("aria-pressed", String(state.mix === 1));
    }
    if (changed.has("speed")) {
      const words = t("{percent} %", { percent: Math.round(100 * state.speed) });
      player.speed = state.speed;
      speed.value = String(100 * state.speed);
      speed.setAttribute("aria-valuetext", words);
      byId("speed-value").textContent = words;
    }
    if (changed.has("options")) player.program = Number(state.options.program ?? 0);
    if (changed.has("loop") || changed.has("isLooping")) {
      const { loop, isLooping } = state;
      roll.loop = loop && { ...loop, isOn: isLooping };
      roll.touch();
      player.loop = isLooping ? loop : null;
      byId("loop").setAttribute("aria-pressed", String(isLooping));
    }
  });
}
