// The ruler in bars and beats, and their lines down the roll.
import { beatAt, beatTime } from "../beat-times.js";
import { paintLabel } from "./paint-label.js";
import { KEYS_WIDTH, RULER_HEIGHT, xOf } from "./roll-view.js";

const LEAST_BEAT_PX = 14; // beats closer than this are not drawn
const LEAST_LABEL_PX = 44;
const LEAST_BEAT_LABEL_PX = 56;

/**
 * @param {CanvasRenderingContext2D} context with the ruler's font and alignment
 * @param {import("./roll-view.js").RollView} view
 * @param {import("./colours.js").Colours} colours
 * @param {import("../../shared/messages.js").BeatGrid} grid
 * @param {number} lastS
 */
export function paintBars(context, view, colours, grid, lastS) {
  const { barOne, beatsPerBar } = grid;
  const beatPx = (60 / grid.bpm) * view.pxPerS;
  const barPx = beatPx * beatsPerBar;
  const everyBar = 2 ** Math.max(0, Math.ceil(Math.log2(LEAST_LABEL_PX / barPx)));
  const firstBar = Math.floor((beatAt(grid, Math.max(0, view.leftS)) - barOne) / beatsPerBar);
  for (let bar = firstBar; ; bar++) {
    if (beatTime(grid, barOne + bar * beatsPerBar) > lastS) break;
    for (let beat = 0; beat < beatsPerBar; beat++) {
      const timeS = beatTime(grid, barOne + bar * beatsPerBar + beat);
      const x = Math.round(xOf(view, timeS));
      if (timeS > lastS || timeS < 0 || x < KEYS_WIDTH || (beat > 0 && beatPx < LEAST_BEAT_PX)) continue;
      const isLabelled = beat === 0 && (bar - (bar < 0 ? 1 : 0)) % everyBar === 0;
      if (beat === 0 && !isLabelled && barPx < LEAST_BEAT_PX) continue;
      context.fillStyle = beat === 0 ? colours.barLine : colours.line;
      context.fillRect(x, RULER_HEIGHT, 1, view.height);
      context.fillStyle = colours.barLine;
      context.fillRect(x, RULER_HEIGHT - (beat === 0 ? 12 : 5), 1, 12);
      if (isLabelled) paintLabel(context, view, colours, `${bar + 1}`, x);
      else if (beat > 0 && beatPx >= LEAST_BEAT_LABEL_PX) {
        context.globalAlpha = 0.7;
        paintLabel(context, view, colours, `${bar + 1}.${beat + 1}`, x);
        context.globalAlpha = 1;
      }
    }
  }
}
