// What the pointer points at: time and pitch on the roll's axes, and a note's own figures beside it.
import { at } from "../../shared/note-columns.js";
import { hitNote } from "../edit/hit.js";
import { t } from "../translate.js";
import { clock, pitchName } from "../words.js";
import { HIGHEST_PITCH, KEYS_WIDTH, LOWEST_PITCH, pitchAt, RULER_HEIGHT, timeAt, yOf } from "./roll-view.js";

/** @typedef {import("./piano-roll.js").PianoRoll} PianoRoll */
/** @typedef {import("../../shared/note-columns.js").NoteColumns} NoteColumns */

const FINGER_PX = 14;
const TAP_PX = 6;
const BESIDE_PX = 14; // from the pointer to what is said of a note
const FONT = "12px system-ui, sans-serif";

/** How far off its pitch a note is at a time, in cents; null where it is steady. @param {NoteColumns} notes @param {number} row @param {number} timeS */
export function centsAt(notes, row, timeS) {
  const [from, to] = [at(notes.bendStart, row), at(notes.bendStart, row + 1)];
  if (from === to) return null;
  let cents = at(notes.bendCents, from);
  for (let i = from; i < to && at(notes.bendS, i) <= timeS; i++) cents = at(notes.bendCents, i);
  return cents;
}

/** @param {number} cents */
function centsWord(cents) {
  const whole = Math.round(cents);
  return `${whole < 0 ? "−" : "+"}${Math.abs(whole)} ¢`;
}

/** What is known of a note, in lines. @param {NoteColumns} notes @param {number} row @param {number} timeS where it is looked at */
export function noteLines(notes, row, timeS) {
  const [onsetS, offsetS] = [at(notes.onsetS, row), at(notes.offsetS, row)];
  const cents = centsAt(notes, row, timeS);
  const name = pitchName(at(notes.pitch, row));
  return [
    cents === null ? name : `${name} ${centsWord(cents)}`,
    `${clock(onsetS, 3)} · ${Math.round(1000 * (offsetS - onsetS))} ms`,
    t("velocity {velocity} · {sure} % sure", {
      velocity: at(notes.velocity, row),
      sure: Math.round(100 * at(notes.confidence, row)),
    }),
  ];
}

/**
 * @param {PianoRoll} roll
 * @param {HTMLElement} tip
 */
export function listenForPointer(roll, tip) {
  const { canvas } = roll.roll;
  /** Where the pointer is, in CSS pixels; null while it is elsewhere. @type {{ x: number, y: number } | null} */
  let here = null;
  /** @type {{ x: number, y: number } | null} */
  let pressed = null;
  const hide = () => {
    tip.hidden = true;
  };

  /** @param {{ x: number, y: number }} point @param {number} [slackPx] */
  const tell = (point, slackPx) => {
    const isAmongNotes = point.x > KEYS_WIDTH && point.y > RULER_HEIGHT;
    const { view, notes, longestS, ghosts } = roll;
    const hit = isAmongNotes ? hitNote(notes, longestS, view, point, slackPx) : null;
    const ghost = isAmongNotes && !hit ? hitNote(ghosts, Number.POSITIVE_INFINITY, view, point, slackPx) : null;
    const found = hit ?? ghost;
    if (!found) return hide();
    const lines = noteLines(hit ? notes : ghosts, found.row, timeAt(view, point.x));
    if (ghost) lines.push(t("a candidate: click to adopt it"));
    tip.replaceChildren(...lines.map((line) => Object.assign(document.createElement("div"), { textContent: line })));
    tip.hidden = false;
    const { offsetWidth, offsetHeight } = tip;
    const x = point.x + BESIDE_PX + offsetWidth > view.width ? point.x - BESIDE_PX - offsetWidth : point.x + BESIDE_PX;
    const below = point.y + BESIDE_PX;
    const y = below + offsetHeight > view.height ? point.y - BESIDE_PX - offsetHeight : below;
    tip.style.left = `${Math.max(0, x)}px`;
    tip.style.top = `${Math.max(0, y)}px`;
  };

  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch") return;
    here = { x: event.offsetX, y: event.offsetY };
    if (event.buttons > 0) hide();
    else tell(here);
    roll.overlay.touch();
  });
  canvas.addEventListener("pointerleave", () => {
    here = null;
    hide();
    roll.overlay.touch();
  });
  canvas.addEventListener("pointerdown", (event) => {
    pressed = { x: event.offsetX, y: event.offsetY };
    hide();
  });
  canvas.addEventListener("wheel", hide, { passive: true });
  canvas.addEventListener("pointerup", (event) => {
    const point = { x: event.offsetX, y: event.offsetY };
    const isTap = pressed && Math.hypot(point.x - pressed.x, point.y - pressed.y) < TAP_PX;
    if (event.pointerType === "touch" && isTap) tell(point, FINGER_PX);
    pressed = null;
  });
  window.addEventListener("keydown", hide);

  roll.above.push((context, view, colours) => {
    if (!here) return;
    context.font = FONT;
    context.textBaseline = "middle";
    const [timeS, exact] = [timeAt(view, here.x), pitchAt(view, here.y) + 0.5];
    const pitch = Math.round(exact);
    if (here.x > KEYS_WIDTH && timeS >= 0) {
      const words = clock(timeS, 3);
      const width = context.measureText(words).width + 12;
      const x = Math.min(view.width - width, Math.max(KEYS_WIDTH, here.x - width / 2));
      label(context, colours, words, x, 4, width, RULER_HEIGHT - 8);
    }
    if (here.y > RULER_HEIGHT && pitch >= LOWEST_PITCH && pitch <= HIGHEST_PITCH) {
      const height = Math.max(18, Math.min(24, view.lanePx));
      const y = yOf(view, pitch) + view.lanePx / 2 - height / 2;
      label(context, colours, pitchName(pitch), 2, Math.max(RULER_HEIGHT, y), KEYS_WIDTH - 4, height);
    }
  });
}

/**
 * @param {CanvasRenderingContext2D} context @param {import("./colours.js").Colours} colours @param {string} words
 * @param {number} x @param {number} y @param {number} width @param {number} height
 */
function label(context, colours, words, x, y, width, height) {
  context.fillStyle = colours.text;
  context.beginPath();
  context.roundRect(x, y, width, height, 4);
  context.fill();
  context.fillStyle = colours.back;
  context.textAlign = "center";
  context.fillText(words, x + width / 2, y + height / 2 + 0.5);
}
