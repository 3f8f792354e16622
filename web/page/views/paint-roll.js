// Draws the roll: rows, ruler, notes, bends, keys. Pure in (view, notes): only what is visible is drawn.
import { clock, isBlackKey, pitchName } from "../words.js";
import { paintBars } from "./paint-bars.js";
import { paintLabel } from "./paint-label.js";
import { paintGhosts, paintNotes } from "./paint-notes.js";
import { HIGHEST_PITCH, KEYS_WIDTH, LOWEST_PITCH, RULER_HEIGHT, timeAt, xOf, yOf } from "./roll-view.js";

/** @typedef {import("./roll-view.js").RollView} RollView */
/** @typedef {import("./colours.js").Colours} Colours */
/** @typedef {import("../../shared/note-columns.js").NoteColumns} NoteColumns */
/** @typedef {import("../../shared/messages.js").BeatGrid} BeatGrid */
/** @typedef {CanvasRenderingContext2D} Context */

const TICK_STEPS_S = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600];
const LEAST_TICK_PX = 76;
const HALF_LABEL_PX = 6;
const LEAST_KEY_PX = 10; // lower lanes show no edges between white keys
const FONT = "system-ui, sans-serif";

/** @param {Context} context @param {RollView} view @param {Colours} colours */
function paintRows(context, view, colours) {
  context.fillStyle = colours.back;
  context.fillRect(0, 0, view.width, view.height);
  for (let pitch = LOWEST_PITCH; pitch <= HIGHEST_PITCH; pitch++) {
    const y = yOf(view, pitch);
    if (y + view.lanePx < RULER_HEIGHT || y > view.height) continue;
    if (isBlackKey(pitch)) {
      context.fillStyle = colours.blackRow;
      context.fillRect(KEYS_WIDTH, y, view.width, view.lanePx);
    }
    if (pitch % 12 === 0 || view.lanePx >= 14) {
      context.fillStyle = pitch % 12 === 0 ? colours.barLine : colours.line;
      context.fillRect(KEYS_WIDTH, Math.round(y + view.lanePx) - 1, view.width, 1);
    }
  }
}

/** @param {Context} context @param {RollView} view @param {Colours} colours @param {number} doneS @param {number} endS
 * @param {BeatGrid | null} grid bars and beats in place of seconds */
function paintRuler(context, view, colours, doneS, endS, grid) {
  const step = TICK_STEPS_S.find((seconds) => seconds * view.pxPerS >= LEAST_TICK_PX) ?? 600;
  const last = Math.min(timeAt(view, view.width), endS);
  context.fillStyle = colours.back;
  context.fillRect(0, 0, view.width, RULER_HEIGHT);
  context.font = `12px ${FONT}`;
  context.textBaseline = "middle";
  context.textAlign = "left";
  if (grid) paintBars(context, view, colours, grid, last);
  for (let n = Math.max(0, Math.ceil(view.leftS / step - 1)); !grid && n * step <= last; n++) {
    const x = Math.round(xOf(view, n * step));
    if (x < KEYS_WIDTH) continue;
    context.fillStyle = colours.line;
    context.fillRect(x, RULER_HEIGHT, 1, view.height);
    context.fillStyle = colours.barLine;
    context.fillRect(x, RULER_HEIGHT - 8, 1, 8);
    const label = clock(n * step, step === 0.25 || step < 0.1 ? 2 : step < 1 ? 1 : 0);
    paintLabel(context, view, colours, label, x);
  }
  if (doneS > 0) {
    context.fillStyle = colours.accent;
    const [from, to] = [Math.max(KEYS_WIDTH, xOf(view, 0)), xOf(view, doneS)];
    if (to > from) context.fillRect(from, RULER_HEIGHT - 2, to - from, 2);
  }
  context.fillStyle = colours.barLine;
  context.fillRect(0, RULER_HEIGHT - 1, view.width, 1);
}

/** @param {Context} context @param {RollView} view @param {Colours} colours @param {readonly [number, number]} range */
function paintKeys(context, view, colours, range) {
  context.fillStyle = colours.whiteKey;
  context.fillRect(0, RULER_HEIGHT, KEYS_WIDTH, view.height);
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (let pitch = LOWEST_PITCH; pitch <= HIGHEST_PITCH; pitch++) {
    const y = yOf(view, pitch);
    if (isBlackKey(pitch)) {
      context.fillStyle = colours.keyEdge;
      if (view.lanePx >= LEAST_KEY_PX) context.fillRect(0, Math.round(y + view.lanePx / 2), KEYS_WIDTH, 1);
      context.fillStyle = colours.blackKey;
      context.fillRect(0, y, KEYS_WIDTH * 0.58, view.lanePx);
    } else if (pitch % 12 === 0 || pitch % 12 === 5) {
      context.fillStyle = colours.keyEdge;
      context.fillRect(0, Math.round(y + view.lanePx) - 1, KEYS_WIDTH, 1);
    }
    if (pitch < range[0] || pitch > range[1]) {
      context.globalAlpha = 0.55;
      context.fillStyle = colours.back;
      context.fillRect(0, y, KEYS_WIDTH, view.lanePx + 0.5);
      context.globalAlpha = 1;
    }
    const middle = y + view.lanePx / 2;
    if (pitch % 12 === 0 && middle > RULER_HEIGHT + HALF_LABEL_PX && middle < view.height - HALF_LABEL_PX) {
      context.font = `${Math.min(12, Math.max(10, view.lanePx))}px ${FONT}`;
      context.fillStyle = colours.keyText;
      context.fillText(pitchName(pitch), KEYS_WIDTH - 6, middle);
    }
  }
  for (const bound of [range[1], range[0] - 1]) {
    context.fillStyle = colours.accent; // a handle
    context.fillRect(KEYS_WIDTH - 18, yOf(view, bound) - 1.5, 18, 3);
  }
  context.fillStyle = colours.barLine;
  context.fillRect(KEYS_WIDTH - 1, RULER_HEIGHT, 1, view.height);
  context.fillStyle = colours.back;
  context.fillRect(0, 0, KEYS_WIDTH, RULER_HEIGHT - 1);
}

/**
 * @param {Context} context scaled to CSS pixels
 * @param {RollView} view
 * @param {Colours} colours
 * @param {object} what
 * @param {NoteColumns} what.notes
 * @param {number} what.longestS
 * @param {NoteColumns} what.ghosts
 * @param {number} what.doneS
 * @param {number} what.endS
 * @param {readonly [number, number]} what.range
 * @param {BeatGrid | null} what.grid
 * @param {(context: Context, view: RollView, colours: Colours) => void} what.beneath paints what lies under the notes
 */
export function paintRoll(context, view, colours, { notes, longestS, ghosts, doneS, endS, range, grid, beneath }) {
  context.save();
  paintRows(context, view, colours);
  paintRuler(context, view, colours, doneS, endS, grid);
  context.save();
  context.beginPath();
  context.rect(KEYS_WIDTH, RULER_HEIGHT, view.width, view.height);
  context.clip();
  beneath(context, view, colours);
  paintGhosts(context, view, colours, ghosts);
  paintNotes(context, view, colours, notes, longestS);
  context.restore();
  paintKeys(context, view, colours, range);
  context.restore();
}
