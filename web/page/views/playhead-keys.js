// The playhead by keys, and the ends of the loop at it. The ruler can have the focus: there it is a slider over time.
import { barAndBeat, lineBeside, stepBeats } from "../beat-times.js";
import { NUDGE_S } from "../edit/edit-hands.js";
import { t } from "../translate.js";
import { clock } from "../words.js";
import { isSheetOver, isTyping } from "./key-owner.js";
import { LEAST_LOOP_S } from "./ruler-gestures.js";
import { chosenPart } from "./transport.js";

const FAR_S = 5; // where there are no bars
const TOLD = /** @type {const} */ (["playheadS", "isPlaying", "analysis", "durationS"]);

/**
 * @param {import("../store.js").Store} store
 * @param {HTMLElement} ruler
 * @param {import("./piano-roll.js").PianoRoll} roll
 * @param {{ seek(timeS: number): void, say(words: string): void }} hands
 */
export function listenForPlayhead(store, ruler, roll, { seek, say }) {
  const hasMusic = () => store.state.fileName !== "" && !store.state.isRecording;
  const words = () => {
    const { analysis, playheadS } = store.state;
    const place = analysis?.grid ? `, ${barAndBeat(analysis.grid, playheadS)}` : "";
    return `${clock(playheadS, 3)}${place}`;
  };
  /** @param {number} timeS */
  const go = (timeS) => {
    seek(Math.min(Math.max(0, timeS), roll.durationS));
    roll.lookAt(store.state.playheadS, roll.middlePitch);
    if (document.activeElement !== ruler) say(words()); // the ruler says it itself
  };
  /** To the next line of the grid, or as far as a note is moved. @param {1 | -1} direction */
  const step = (direction) => {
    const { analysis, options, playheadS } = store.state;
    if (!analysis?.grid) return go(playheadS + direction * NUDGE_S);
    go(lineBeside(analysis.grid, playheadS, direction, stepBeats(analysis.grid, options)));
  };
  /** To the next bar line. @param {1 | -1} direction */
  const leap = (direction) => {
    const { analysis, playheadS } = store.state;
    if (!analysis?.grid) return go(playheadS + direction * FAR_S);
    const { beatsPerBar, barOne } = analysis.grid;
    go(lineBeside(analysis.grid, playheadS, direction, beatsPerBar, barOne));
  };
  /** One end of the loop comes to the playhead; one that lay beyond it gives way. @param {"from" | "to"} end */
  const mark = (end) => {
    const { loop, playheadS } = store.state;
    const isFrom = end === "from";
    const fromS = isFrom ? playheadS : loop && loop.fromS <= playheadS - LEAST_LOOP_S ? loop.fromS : 0;
    const toS = isFrom ? (loop && loop.toS >= playheadS + LEAST_LOOP_S ? loop.toS : roll.durationS) : playheadS;
    if (toS - fromS < LEAST_LOOP_S) return;
    store.set({ loop: { fromS, toS }, isLooping: true });
    say(t("Loop from {from} to {to}", { from: clock(fromS, 3), to: clock(toS, 3) }));
  };
  const toChosen = () => {
    const part = chosenPart(store.state);
    if (part) go(part.fromS);
  };

  /** @type {Record<string, () => void>} */
  const keys = {
    ",": () => step(-1),
    ".": () => step(1),
    p: toChosen,
    i: () => mark("from"),
    o: () => mark("to"),
  };
  window.addEventListener("keydown", (event) => {
    if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey || isSheetOver()) return;
    if (hasMusic()) keys[event.key]?.();
  });
  /** @type {Record<string, () => void>} */
  const onRuler = {
    ArrowRight: () => step(1),
    ArrowUp: () => step(1),
    ArrowLeft: () => step(-1),
    ArrowDown: () => step(-1),
    PageUp: () => leap(1),
    PageDown: () => leap(-1),
    Home: () => go(0),
    End: () => go(roll.durationS),
  };
  ruler.addEventListener("keydown", (event) => {
    const move = event.ctrlKey || event.metaKey || event.altKey ? null : onRuler[event.key];
    if (!move || !hasMusic()) return;
    event.preventDefault();
    move();
  });
  store.listen((state, changed) => {
    if (!TOLD.some((name) => changed.has(name)) || (state.isPlaying && !changed.has("isPlaying"))) return; // else the time is read 60 times a second
    ruler.setAttribute("aria-valuemax", roll.durationS.toFixed(3));
    ruler.setAttribute("aria-valuenow", state.playheadS.toFixed(3));
    ruler.setAttribute("aria-valuetext", words());
  });
}
