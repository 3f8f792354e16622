// Hands on the ruler: a click sets the playhead, a drag marks the loop, a drag from the playhead scrubs, a drag from an end
// of the loop moves that end.
import { KEYS_WIDTH, RULER_HEIGHT, timeAt, xOf } from "./roll-view.js";

/** @typedef {{ fromS: number, toS: number }} Loop */

const CLICK_PX = 4; // moved less than this, it is a click
const GRIP_PX = { mouse: 6, pen: 10, touch: 16 };
const MOVING_GRIP_PX = 18; // a playhead on its way is not easily caught
export const LEAST_LOOP_S = 0.2;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {import("./piano-roll.js").PianoRoll} roll
 * @param {object} hands
 * @param {(timeS: number) => void} hands.seek
 * @param {(timeS: number) => void} hands.scrub the playhead is dragged
 * @param {() => void} hands.scrubbed and let go
 * @param {(loop: Loop | null) => void} hands.loop a new loop; null where it was dragged to nothing
 */
export function listenToRuler(canvas, roll, hands) {
  /** @type {{ pointer: number, x: number, kind: "loop" | "scrub", anchorS: number, isMoved: boolean } | null} */
  let drag = null;
  /** @param {PointerEvent} event */
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  /** @param {number} x */
  const timeOf = (x) => Math.min(Math.max(0, timeAt(roll.view, x)), roll.durationS);

  /** What lies under the pointer. @param {PointerEvent} event @returns {"playhead" | "from" | "to" | null} */
  const grip = (event) => {
    const { x } = place(event);
    const near = GRIP_PX[/** @type {keyof typeof GRIP_PX} */ (event.pointerType)] ?? GRIP_PX.mouse;
    const nearHead = roll.isPlaying ? Math.max(near, MOVING_GRIP_PX) : near;
    /** @param {number} timeS @param {number} px */
    const isAt = (timeS, px = near) => Math.abs(xOf(roll.view, timeS) - x) <= px;
    if (event.shiftKey) return null;
    if (roll.loop && isAt(roll.loop.fromS)) return "from";
    if (roll.loop && isAt(roll.loop.toS)) return "to";
    return (roll.isPlaying || roll.playheadS > 0) && isAt(roll.playheadS, nearHead) ? "playhead" : null;
  };

  canvas.addEventListener("pointerdown", (event) => {
    const { x, y } = place(event);
    if (event.button !== 0 || drag || y >= RULER_HEIGHT || x <= KEYS_WIDTH) return;
    canvas.setPointerCapture(event.pointerId);
    const held = grip(event);
    const anchorS = held === "from" ? roll.loop?.toS : held === "to" ? roll.loop?.fromS : timeOf(x);
    const kind = held === "playhead" ? "scrub" : "loop";
    drag = { pointer: event.pointerId, x, kind, anchorS: anchorS ?? 0, isMoved: false };
  });

  canvas.addEventListener("pointermove", (event) => {
    const { x, y } = place(event);
    if (!drag) {
      const isOver = y < RULER_HEIGHT && x > KEYS_WIDTH;
      if (isOver) canvas.style.cursor = grip(event) ? "ew-resize" : "text";
      return;
    }
    if (event.pointerId !== drag.pointer) return;
    if (Math.abs(x - drag.x) >= CLICK_PX) drag.isMoved = true;
    if (!drag.isMoved) return;
    const timeS = timeOf(x);
    if (drag.kind === "scrub") return hands.scrub(timeS);
    const [fromS, toS] = [Math.min(drag.anchorS, timeS), Math.max(drag.anchorS, timeS)];
    roll.loop = { fromS, toS, isOn: toS - fromS >= LEAST_LOOP_S };
    roll.touch();
  });

  /** @param {PointerEvent} event */
  const end = (event) => {
    if (!drag || event.pointerId !== drag.pointer) return;
    const { kind, isMoved } = drag;
    drag = null;
    if (kind === "scrub" && isMoved) return hands.scrubbed();
    if (!isMoved) return hands.seek(timeOf(place(event).x));
    const { loop } = roll;
    hands.loop(loop?.isOn ? { fromS: loop.fromS, toS: loop.toS } : null);
  };
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
}
