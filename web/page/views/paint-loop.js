// The loop on the ruler: a brace with two handles, quiet while it is switched off, and where it ends in the roll.
import { KEYS_WIDTH, RULER_HEIGHT, xOf } from "./roll-view.js";

/** @typedef {{ fromS: number, toS: number, isOn: boolean }} LoopMark */

const BRACE_PX = 5;
const HANDLE_PX = 7;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {import("./roll-view.js").RollView} view
 * @param {import("./colours.js").Colours} colours
 * @param {LoopMark} loop
 */
export function paintLoop(context, view, colours, { fromS, toS, isOn }) {
  const [from, to] = [Math.round(xOf(view, fromS)), Math.round(xOf(view, toS))];
  context.save();
  context.beginPath();
  context.rect(KEYS_WIDTH, 0, view.width, view.height);
  context.clip();
  context.fillStyle = isOn ? colours.accent : colours.quiet;
  context.globalAlpha = isOn ? 0.16 : 0.1;
  context.fillRect(from, 0, to - from, RULER_HEIGHT - 1);
  context.globalAlpha = isOn ? 1 : 0.7;
  context.fillRect(from, 0, to - from, BRACE_PX);
  for (const [x, turn] of /** @type {const} */ ([
    [from, 1],
    [to, -1],
  ])) {
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x + turn * HANDLE_PX, 0);
    context.lineTo(x + turn * HANDLE_PX, BRACE_PX);
    context.lineTo(x, RULER_HEIGHT * 0.6);
    context.fill();
    context.globalAlpha = isOn ? 0.55 : 0.3;
    context.fillRect(x - (turn < 0 ? 1 : 0), RULER_HEIGHT, 1, view.height);
    context.globalAlpha = isOn ? 1 : 0.7;
  }
  context.restore();
}
