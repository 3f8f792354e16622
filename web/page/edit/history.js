// The history of edits as it is kept with its project: each step as what went and what came, the newest first, as many as
// fit. It is put together again from the present on outwards; what cannot be read ends it there and is no error.
import { deflated, inflated } from "../projects/deflate.js";
import { isList, isTable, readEdits } from "../projects/project.js";
import { t } from "../translate.js";
import { NO_EDITS } from "./edits.js";

/** @typedef {import("./edits.js").Edits} Edits */
/** @typedef {Record<string, number | string>} Options */
/** @typedef {{ edits?: Edits, selection?: ReadonlySet<number>, options?: Options }} Moment */
/** @typedef {{ label: string, before: Moment, after: Moment, ms: number, group: string }} Step */
/** @typedef {{ readonly past: readonly Step[], readonly future: readonly Step[] }} History the last of each is the next */
/** @typedef {{ edits: Edits, options: Options }} Present */
/** @typedef {{ gone: [number, unknown][], came: unknown[] }} ListChange `gone` by where they were; `came` at the end */
/**
 * @typedef {object} KeptStep
 * @property {string} label
 * @property {{ removed: ListChange, own: ListChange }} [edits]
 * @property {Record<string, [number | string, number | string]>} [options] before and after
 * @property {[number[], number[]]} [selection] before and after
 */

/** @type {History} */
export const NO_HISTORY = { past: [], future: [] };

const MOST_CHARACTERS = 8e6; // of all steps: some twenty thousand of single notes; at most a tenth of it on disk, about
const MOST_BYTES = 64e6; // of what is read

/** Steps never change, so each is written once. @type {WeakMap<Step, string>} */
const written = new WeakMap();

/** @param {Step} step */
function textOf(step) {
  const known = written.get(step);
  if (known) return known;
  const { before, after } = step;
  /** @type {KeptStep} */
  const kept = { label: step.label };
  if (before.edits && after.edits) {
    const [removed, own] = [listChange(before.edits.removed, after.edits.removed), before.edits.own];
    kept.edits = { removed, own: listChange(own, after.edits.own) };
  }
  if (before.options && after.options) kept.options = optionChange(before.options, after.options);
  if (before.selection && after.selection) kept.selection = [[...before.selection], [...after.selection]];
  const text = JSON.stringify(kept);
  written.set(step, text);
  return text;
}

/** @param {readonly unknown[]} before @param {readonly unknown[]} after @returns {ListChange} */
function listChange(before, after) {
  const [was, is] = [new Set(before), new Set(after)];
  /** @type {[number, unknown][]} */
  const gone = [];
  before.forEach((row, i) => {
    if (!is.has(row)) gone.push([i, row]);
  });
  const came = after.filter((row) => !was.has(row));
  const change = { gone, came };
  const isSame = forward(before, change).every((row, i) => row === after[i]);
  return isSame ? change : { gone: before.map((row, i) => [i, row]), came: [...after] }; // in another order
}

/** @param {Options} before @param {Options} after */
function optionChange(before, after) {
  /** @type {Record<string, [number | string, number | string]>} */
  const change = {};
  for (const [name, value] of Object.entries(after)) {
    const old = before[name];
    if (old !== undefined && old !== value) change[name] = [old, value];
  }
  return change;
}

/** @param {readonly unknown[]} list @param {ListChange} change */
function forward(list, { gone, came }) {
  const goes = new Set(gone.map(([i]) => i));
  return [...list.filter((_, i) => !goes.has(i)), ...came];
}

/** @param {readonly unknown[]} list @param {ListChange} change */
function backward(list, { gone, came }) {
  const rest = list.slice(0, list.length - came.length);
  const all = [];
  const byPlace = new Map(gone);
  for (let i = 0, next = 0; i < rest.length + gone.length; i++)
    all.push(byPlace.has(i) ? byPlace.get(i) : rest[next++]);
  return all;
}

/**
 * @param {History} history
 * @param {Edits} edits at present
 */
export function packHistory({ past, future }, edits) {
  /** @type {Record<"past" | "future", string[]>} */
  const texts = { past: [], future: [] };
  let room = MOST_CHARACTERS;
  for (let nth = 1; room > 0 && nth <= Math.max(past.length, future.length); nth++) {
    for (const name of /** @type {const} */ (["past", "future"])) {
      const step = { past, future }[name].at(-nth);
      if (!step) continue;
      const text = textOf(step);
      room -= text.length;
      if (room > 0) texts[name].push(text);
    }
  }
  const [before, after] = [texts.past.join(), texts.future.join()];
  return deflated(`{"format":1,"edits":${JSON.stringify(edits)},"past":[${before}],"future":[${after}]}`);
}

/**
 * @param {Blob | null} blob of `packHistory`
 * @param {Present} present as it is stored; where the history ends at other edits, the way from there is one more step
 * @param {(saved: Options) => Options} optionsOf makes stored options such as this version has
 * @returns {Promise<History>} empty where there is none that this version reads
 */
export async function unpackHistory(blob, present, optionsOf) {
  if (!blob) return NO_HISTORY;
  try {
    const value = JSON.parse(new TextDecoder().decode(await inflated(blob, MOST_BYTES)));
    const edits = isTable(value) && value.format === 1 ? readEdits(value.edits) : null;
    if (!edits || !isTable(value)) return NO_HISTORY;
    const isPresent = JSON.stringify(edits) === JSON.stringify(present.edits);
    const start = isPresent ? present : { ...present, edits };
    const past = stepsFrom(value.past, start, optionsOf, "past");
    if (isPresent) return { past, future: stepsFrom(value.future, start, optionsOf, "future") };
    const last = { label: t("the last change"), before: { edits }, after: { edits: present.edits }, ...ALONE };
    return { past: [...past, last], future: [] };
  } catch {
    return NO_HISTORY;
  }
}

const ALONE = { ms: Number.NEGATIVE_INFINITY, group: "" }; // what is done next is a step of its own

/**
 * @param {unknown} kept
 * @param {Present} present
 * @param {(saved: Options) => Options} optionsOf
 * @param {"past" | "future"} side
 * @returns {Step[]}
 */
function stepsFrom(kept, present, optionsOf, side) {
  /** @type {Step[]} */
  const steps = [];
  let now = present;
  for (const value of Array.isArray(kept) ? kept : []) {
    const step = readStep(value);
    if (!step) break;
    const other = side === "past" ? 0 : 1;
    /** @type {Present} */
    const next = { ...now };
    if (step.edits) {
      const { removed, own } = step.edits;
      const go = side === "past" ? backward : forward;
      const lists = { removed: go(now.edits.removed, removed), own: go(now.edits.own, own) };
      if (lists.removed.includes(undefined) || lists.own.includes(undefined)) break; // places that there are not
      next.edits = /** @type {Edits} */ (lists); // their rows were checked with the step
    }
    if (step.options) {
      const changed = Object.entries(step.options).map(([name, values]) => [name, values[other]]);
      next.options = optionsOf({ ...now.options, ...Object.fromEntries(changed) });
    }
    const ends = side === "past" ? [next, now] : [now, next];
    const [before, after] = ends.map((end, i) => {
      /** @type {Moment} */
      const moment = {};
      if (step.edits) moment.edits = end.edits;
      if (step.options) moment.options = end.options;
      if (step.selection) moment.selection = new Set(step.selection[i]);
      return moment;
    });
    steps.unshift({ label: step.label, before: before ?? {}, after: after ?? {}, ...ALONE });
    now = next;
  }
  return steps;
}

/** @param {unknown} value @returns {KeptStep | null} */
function readStep(value) {
  if (!isTable(value) || typeof value.label !== "string") return null;
  const { edits, options, selection } = value;
  const isPair = (/** @type {unknown} */ pair) => Array.isArray(pair) && pair.length === 2;
  if (edits !== undefined) {
    if (!isTable(edits) || !isListChange(edits.removed, "removed") || !isListChange(edits.own, "own")) return null;
  }
  if (options !== undefined && !(isTable(options) && Object.values(options).every(isPair))) return null;
  const isKeys = (/** @type {unknown} */ keys) => isList(keys, Number.isInteger);
  if (selection !== undefined && !(isPair(selection) && isList(selection, isKeys))) return null;
  return /** @type {KeptStep} */ (/** @type {unknown} */ (value));
}

/** @param {unknown} change @param {keyof Edits} name */
function isListChange(change, name) {
  if (!isTable(change)) return false;
  const isPlaced = (/** @type {unknown} */ row) => Array.isArray(row) && row.length === 2 && Number.isInteger(row[0]);
  if (!isList(change.gone, isPlaced) || !Array.isArray(change.came)) return false;
  const rows = [...change.gone.map((row) => /** @type {unknown[]} */ (row)[1]), ...change.came];
  return readEdits({ ...NO_EDITS, [name]: rows }) !== null;
}
