// What is found of tempo and key, and the tools that set a grid by hand: tap, half, double, a bar at the playhead.
import { beatTime } from "../beat-times.js";
import { label } from "../edit/label.js";
import { keyWord, tempoWord } from "../words.js";
import { isSheetOver, isTyping } from "./key-owner.js";

/** @typedef {import("../store.js").Store} Store */
/** @typedef {import("../../shared/messages.js").Options} Options */

const PAUSE_MS = 2500; // after such a pause a tap is the first of a new tempo
const MOST_TAPS = 12;
const TEMPI = [20, 400];
const USUAL_DIVISION = "1/16";

/** What has no effect is not shown. @param {string} name @param {boolean} isIdle */
function hide(name, isIdle) {
  const row = document.getElementById(`option-${name}`)?.closest(".option");
  if (row instanceof HTMLElement) row.hidden = isIdle;
}

/** @param {number} bpm */
const inLimits = (bpm) => bpm >= (TEMPI[0] ?? 0) && bpm <= (TEMPI[1] ?? 0);
/** @param {number} value @param {number} digits */
const rounded = (value, digits) => Number(value.toFixed(digits));

/**
 * Tempo of taps: the slope of the line through them, which one late tap moves little.
 * @param {readonly number[]} taps times, ms
 */
export function tempoOf(taps) {
  const middle = (taps.length - 1) / 2;
  const mean = taps.reduce((sum, tap) => sum + tap, 0) / taps.length;
  const slope = taps.reduce((sum, tap, i) => sum + (i - middle) * (tap - mean), 0);
  return 60_000 / (slope / taps.reduce((sum, _, i) => sum + (i - middle) ** 2, 0));
}

/**
 * @param {Store} store
 * @param {(id: string) => HTMLElement} byId
 * @param {(what: import("../edit/label.js").Label, change: Options) => void} set
 * @param {() => number} playheadS where the music is right now
 */
export function listenForArranging(store, byId, set, playheadS) {
  /** @type {number[]} */
  let taps = [];
  let firstTapS = 0;
  byId("tap").addEventListener("pointerdown", () => tap());
  byId("tap").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat) tap();
  });

  function tap() {
    const now = performance.now();
    if (now - (taps.at(-1) ?? -PAUSE_MS) > PAUSE_MS) taps = [];
    if (taps.length === 0) firstTapS = playheadS();
    taps = [...taps, now].slice(-MOST_TAPS);
    if (taps.length < 2) return;
    const bpm = rounded(tempoOf(taps), 1);
    const { isPlaying, options } = store.state;
    const first_bar_s = isPlaying ? rounded(Math.max(0, firstTapS), 3) : Number(options.first_bar_s);
    if (inLimits(bpm)) set(label("tap tempo"), { grid: "manual", tempo_bpm: bpm, first_bar_s });
  }

  /** The grid there is, as one laid by hand. */
  function byHand() {
    const { options, analysis } = store.state;
    if (options.grid === "manual" || !(analysis?.grid || analysis?.bpm)) {
      return { tempo_bpm: Number(options.tempo_bpm), first_bar_s: Number(options.first_bar_s) };
    }
    const { grid } = analysis;
    if (!grid) return { tempo_bpm: rounded(analysis.bpm ?? 120, 2), first_bar_s: rounded(analysis.firstBarS, 3) };
    const firstS = beatTime(grid, grid.firstBar);
    return { tempo_bpm: rounded(grid.bpm, 2), first_bar_s: rounded(Math.max(0, firstS), 3) };
  }

  /** @param {number} factor */
  function faster(factor) {
    const { tempo_bpm, first_bar_s } = byHand();
    const bpm = rounded(tempo_bpm * factor, 2);
    if (inLimits(bpm)) set(label("tempo"), { grid: "manual", tempo_bpm: bpm, first_bar_s });
  }
  byId("tempo-half").addEventListener("click", () => faster(0.5));
  byId("tempo-double").addEventListener("click", () => faster(2));
  byId("bar-here").addEventListener("click", () => {
    set(label("first bar"), { ...byHand(), grid: "manual", first_bar_s: rounded(Math.max(0, playheadS()), 3) });
  });
  window.addEventListener("keydown", (event) => {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.key !== "q" || !isPlain || isTyping(event.target) || isSheetOver()) return;
    set(label("quantise"), { quantise: store.state.options.quantise === "off" ? USUAL_DIVISION : "off" });
  });
  store.listen((state, changed) => {
    if (!changed.has("analysis") && !changed.has("options")) return;
    byId("time-found").textContent = tempoWord(state.analysis);
    byId("key-found").textContent = state.analysis?.keyInForce ? keyWord(state.analysis.keyInForce) : "";
    const { grid, quantise } = state.options;
    hide("tempo_bpm", grid === "auto");
    hide("first_bar_s", grid !== "manual");
    hide("quantise_strength", quantise === "off");
    hide("quantise_ends-follow", quantise === "off");
  });
}
