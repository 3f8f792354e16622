// The underlay: what is drawn under the notes on the roll's own axes, as the state says.
import { wavePath } from "../views/paint-wave.js";
import { KEYS_WIDTH, RULER_HEIGHT, timeAt, xOf, yOf } from "../views/roll-view.js";
import { UnderlayTiles } from "./underlay-tiles.js";

/** @typedef {import("../store.js").Store} Store */
/** @typedef {import("../store.js").State} State */
/** @typedef {import("../session.js").Session} Session */
/** @typedef {import("../views/piano-roll.js").PianoRoll} PianoRoll */
/** @typedef {import("../views/piano-roll.js").Painter} Painter */

export const UNDERLAYS = /** @type {const} */ (["none", "waveform", "transform", "likelihood"]);
/** @typedef {(typeof UNDERLAYS)[number]} Underlay */

/**
 * @param {Store} store
 * @param {Session} session
 * @param {PianoRoll} roll
 */
export function showUnderlays(store, session, roll) {
  /** @type {import("./underlay-tiles.js").UnderlayTiles["ask"]} */
  const ask = async (kind, fromFrame, ...rest) => {
    const { projectId } = store.state;
    const found = await session.underlay(kind, fromFrame, ...rest);
    const { lacking, projectId: now } = store.state;
    const isNone = found?.columns === 0 && fromFrame === 0 && now === projectId;
    if (tiles.isOver && isNone && !lacking.includes(kind)) store.set({ lacking: [...lacking, kind] });
    return found;
  };
  const tiles = new UnderlayTiles(ask, () => roll.roll.touch());
  const { canvas } = roll.roll;
  /** @param {boolean} isShown all of what is in sight */
  const tell = (isShown) => {
    const word = isShown ? "shown" : "none";
    if (canvas.dataset.underlay !== word) canvas.dataset.underlay = word;
  };
  /** @type {Painter} */
  const paint = (context, view, colours) => {
    const { underlay, peaks } = store.state;
    if (underlay === "none") return tell(false);
    if (underlay === "waveform") {
      tell(peaks !== null);
      if (!peaks) return;
      const where = { leftS: timeAt(view, 0), pxPerS: view.pxPerS, from: KEYS_WIDTH, to: view.width };
      context.fillStyle = colours.wave;
      context.fill(wavePath(peaks, { ...where, top: RULER_HEIGHT, height: view.height - RULER_HEIGHT }));
      return;
    }
    if (tiles.kind !== underlay || tiles.colour !== colours.underlay) {
      tiles.clear();
      Object.assign(tiles, { kind: underlay, colour: colours.underlay });
    }
    const lane = view.lanePx;
    tiles.paint(context, view, { left: xOf(view, 0), top: yOf(view, tiles.lowestPitch) + lane / 2, lane });
    tell(tiles.isShown);
  };
  roll.beneath.push(paint);

  store.listen((state, changed) => {
    if (changed.has("frameGrid") && state.frameGrid) Object.assign(tiles, state.frameGrid);
    if (changed.has("file") || changed.has("part")) tiles.clear();
    if (changed.has("file") || changed.has("part") || changed.has("underlay")) tell(false); // until it is painted
    const isFurther = changed.has("doneS") || changed.has("stage") || changed.has("part");
    if (isFurther || changed.has("frameGrid")) {
      tiles.startS = state.part?.fedFromS ?? 0;
      tiles.frames = Math.floor(Math.max(0, state.doneS - tiles.startS) * tiles.framesPerS);
      tiles.isOver = state.stage === "done" || state.stage === "failed";
      roll.roll.touch();
    }
    if (changed.has("engineId") || changed.has("projectId")) {
      const hadSource = tiles.hasSource;
      tiles.hasSource = state.engineId !== "" && state.engineId === state.projectId;
      if (tiles.hasSource && !hadSource) tiles.askAgain();
      // a project that was stored without it says so before it is chosen
      if (tiles.hasSource && !hadSource && tiles.isOver && tiles.frames > 0) ask("transform", 0, 2, 2);
      roll.roll.touch();
    }
    if (changed.has("peaks")) {
      roll.peaks = state.peaks;
      roll.overview.touch();
    }
    const lacksWave = changed.has("file") && tiles.isOver && !state.peaks; // it was stored by an earlier version
    if (lacksWave || (changed.has("file") && state.lacking.length > 0)) {
      store.set({ lacking: lacksWave ? ["waveform"] : [] });
    }
    if (changed.has("underlay") || (changed.has("peaks") && state.underlay === "waveform")) roll.roll.touch();
  });
}
