// What hands do on the roll: wheel, drag, pinch and keys become new views; the ruler has gestures of its own.
import { KEYS_WIDTH, panned, RULER_HEIGHT, shownS, zoomedPitch, zoomedTime } from "./roll-view.js";

/** @typedef {import("./piano-roll.js").PianoRoll} PianoRoll */

const WHEEL_ZOOM = 0.0016; // per pixel of wheel travel
const LINE_PX = 18;
const STEP = 0.1; // of what is shown, per arrow key
const KEY_ZOOM = 1.3;
const TAP_PX = 6; // a finger that moves less has tapped

/**
 * @param {HTMLCanvasElement} canvas
 * @param {PianoRoll} roll
 * @param {import("./edit-gestures.js").EditGestures} edit
 * @param {import("./key-gestures.js").KeyGestures} keys
 */
export function listenToRoll(canvas, roll, edit, keys) {
  canvas.addEventListener("wheel", (event) => onWheel(event, canvas, roll), { passive: false });
  canvas.addEventListener("keydown", (event) => onKey(event, roll));
  listenToPointers(canvas, roll, edit, keys);
}

/** @param {WheelEvent} event @param {HTMLCanvasElement} canvas @param {PianoRoll} roll */
function onWheel(event, canvas, roll) {
  event.preventDefault();
  const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1;
  const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
  const box = canvas.getBoundingClientRect();
  const { view, durationS } = roll;
  if (event.ctrlKey || event.metaKey) {
    roll.look(zoomedTime(view, Math.exp(-dy * WHEEL_ZOOM * 2), event.clientX - box.left, durationS));
  } else if (event.shiftKey) {
    roll.look(zoomedPitch(view, Math.exp(-(dy || dx) * WHEEL_ZOOM), event.clientY - box.top, durationS));
  } else if (event.altKey || event.clientX - box.left < KEYS_WIDTH) {
    roll.look(panned(view, 0, dy, durationS));
  } else {
    roll.look(panned(view, dx || dy, dx ? dy : 0, durationS));
  }
}

/** @param {KeyboardEvent} event @param {PianoRoll} roll */
function onKey(event, roll) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { view, durationS } = roll;
  const step = STEP * (event.shiftKey ? 5 : 1);
  const dx = step * shownS(view) * view.pxPerS;
  const dy = 3 * (event.shiftKey ? 4 : 1) * view.lanePx;
  const middle = (KEYS_WIDTH + view.width) / 2;
  /** @type {Record<string, () => import("./roll-view.js").RollView>} */
  const views = {
    ArrowLeft: () => panned(view, -dx, 0, durationS),
    ArrowRight: () => panned(view, dx, 0, durationS),
    ArrowUp: () => panned(view, 0, -dy, durationS),
    ArrowDown: () => panned(view, 0, dy, durationS),
    Home: () => panned(view, -durationS * view.pxPerS * 2, 0, durationS),
    End: () => panned(view, durationS * view.pxPerS * 2, 0, durationS),
    "+": () => zoomedTime(view, KEY_ZOOM, middle, durationS),
    "=": () => zoomedTime(view, KEY_ZOOM, middle, durationS),
    "-": () => zoomedTime(view, 1 / KEY_ZOOM, middle, durationS),
    "]": () => zoomedPitch(view, KEY_ZOOM, view.height / 2, durationS),
    "[": () => zoomedPitch(view, 1 / KEY_ZOOM, view.height / 2, durationS),
  };
  const next = views[event.key];
  if (next) roll.look(next());
  else if (event.key === "f" || event.key === "0") roll.lookAtAll();
  else return;
  event.preventDefault();
}

/**
 * One pointer among the notes edits them; a finger beside them, a middle button and two fingers move the view.
 * @param {HTMLCanvasElement} canvas
 * @param {PianoRoll} roll
 * @param {import("./edit-gestures.js").EditGestures} edit
 * @param {import("./key-gestures.js").KeyGestures} keys
 */
function listenToPointers(canvas, roll, edit, keys) {
  /** @type {Map<number, { x: number, y: number }>} */
  const fingers = new Map();
  const spread = () => {
    const [a, b] = [...fingers.values()];
    return a && b ? { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, dx: Math.abs(a.x - b.x), dy: Math.abs(a.y - b.y) } : null;
  };
  /** @param {PointerEvent} event */
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  /** @type {import("./edit-gestures.js").Drag | null} */
  let drag = null;
  /** Where a single finger went down, while it may still be a tap. @type {{ x: number, y: number } | null} */
  let tapped = null;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button > 1) return;
    const here = place(event);
    if (here.y < RULER_HEIGHT && here.x > KEYS_WIDTH) return; // ruler-gestures.js
    event.preventDefault(); // a middle button would scroll by itself
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    drag?.cancel();
    const isFirst = fingers.size === 0 && event.button === 0;
    const isOnKeys = here.x <= KEYS_WIDTH;
    drag = isFirst ? (isOnKeys ? keys.begin(here) : edit.begin(here, event)) : null;
    tapped = isFirst && !drag && event.pointerType === "touch" ? here : null;
    fingers.set(event.pointerId, here);
  });
  canvas.addEventListener("dblclick", (event) => {
    const here = { x: event.offsetX, y: event.offsetY };
    if (here.y > RULER_HEIGHT && here.x > KEYS_WIDTH) edit.twice(here);
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before && event.pointerType === "mouse") {
      const here = place(event);
      const isOnRuler = here.y < RULER_HEIGHT;
      canvas.style.cursor = isOnRuler ? "" : here.x > KEYS_WIDTH ? edit.cursorAt(here) : keys.cursorAt(here);
    }
    if (!before) return;
    if (drag) return drag.move(place(event), event);
    const wasSpread = spread();
    const here = place(event);
    if (tapped && Math.hypot(here.x - tapped.x, here.y - tapped.y) < TAP_PX) return;
    tapped = null;
    fingers.set(event.pointerId, here);
    const isSpread = spread();
    if (!wasSpread || !isSpread) {
      roll.look(panned(roll.view, before.x - here.x, before.y - here.y, roll.durationS));
      return;
    }
    const moved = panned(roll.view, wasSpread.x - isSpread.x, wasSpread.y - isSpread.y, roll.durationS);
    const factor = (isSpread.dx + 20) / (wasSpread.dx + 20); // a pinch along one axis leaves the other alone
    const wider = zoomedTime(moved, factor, isSpread.x, roll.durationS);
    roll.look(zoomedPitch(wider, (isSpread.dy + 20) / (wasSpread.dy + 20), isSpread.y, roll.durationS));
  });
  for (const end of /** @type {const} */ (["pointerup", "pointercancel", "lostpointercapture"])) {
    canvas.addEventListener(end, (event) => {
      if (!fingers.delete(event.pointerId)) return;
      if (end === "pointerup") drag?.end();
      else drag?.cancel();
      if (tapped && end === "pointerup") edit.tap(tapped);
      drag = tapped = null;
    });
  }
}
