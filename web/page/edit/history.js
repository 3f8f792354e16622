// What undo takes back and redo does again. A step holds what it changed and nothing else: so it costs what it changed,
// however many notes there are beside that.

/** @typedef {import("./edits.js").Edits} Edits */
/** @typedef {import("./edits.js").RemovedNote} RemovedNote */
/** @typedef {import("./edits.js").OwnNote} OwnNote */
/** @typedef {import("./label.js").Label} Label */
/** @typedef {Readonly<Record<string, number | string>>} Options */
/** @typedef {{ edits: Edits, options: Options, selection: ReadonlySet<number> }} Present */
/**
 * @template Row
 * @typedef {{ readonly gone: readonly (readonly [number, Row])[], readonly came: readonly Row[] }} ListChange `gone` by
 *   where they were, in order; `came` at the end
 */
/**
 * @typedef {object} Change
 * @property {{ readonly removed: ListChange<RemovedNote>, readonly own: ListChange<OwnNote> }} [edits]
 * @property {Readonly<Record<string, readonly [number | string, number | string]>>} [options] before and after
 * @property {readonly [readonly number[], readonly number[]]} [selection] before and after
 */
/**
 * @typedef {object} Step
 * @property {Label} label what was done
 * @property {Readonly<Change>} change
 * @property {number} weight how much it holds, about: 1 is a note
 * @property {number} ms when it was done last, by the page's clock
 * @property {string} group steps of one group that follow each other at once are one
 */
/** @typedef {{ readonly past: readonly Step[], readonly future: readonly Step[] }} History the last of each is the next */

/** @type {History} */
export const NO_HISTORY = { past: [], future: [] };

const SAME_HAND_MS = 1000; // changes of one kind that follow each other this quickly are one step
const MOST_WEIGHT = 1e6; // of all that can be undone, in memory: some 200 MB
const STEP_WEIGHT = 4; // of a step without its notes
const KEYS_PER_NOTE = 16; // keys and pairs of bends weigh less than notes
const BENDS_PER_NOTE = 4;

/** @type {ListChange<never>} */
export const NO_CHANGE = { gone: [], came: [] };

/**
 * @template Row
 * @param {readonly Row[]} list
 * @param {(row: Row) => boolean} goes
 * @param {readonly Row[]} came
 * @returns {ListChange<Row>}
 */
export function listChange(list, goes, came) {
  /** @type {[number, Row][]} */
  const gone = [];
  list.forEach((row, place) => {
    if (goes(row)) gone.push([place, row]);
  });
  return gone.length + came.length > 0 ? { gone, came } : NO_CHANGE;
}

/** @template Row @param {readonly Row[]} list @param {ListChange<Row>} change @returns {readonly Row[]} */
function forward(list, { gone, came }) {
  const goes = new Set(gone.map(([place]) => place));
  return [...(goes.size > 0 ? list.filter((_, place) => !goes.has(place)) : list), ...came];
}

/** @template Row @param {readonly Row[]} list @param {ListChange<Row>} change @returns {readonly Row[]} */
function backward(list, { gone, came }) {
  const before = [];
  let next = 0;
  for (const [place, row] of gone) {
    while (before.length < place) before.push(/** @type {Row} */ (list[next++]));
    before.push(row);
  }
  while (next < list.length - came.length) before.push(/** @type {Row} */ (list[next++]));
  return before;
}

/**
 * What is otherwise after a change, or before it.
 * @param {Present} present the other side of it
 * @param {Change} change
 * @param {"before" | "after"} side
 * @returns {Partial<Present>}
 */
export function changed(present, { edits, options, selection }, side) {
  const go = side === "after" ? forward : backward;
  const nth = side === "after" ? 1 : 0;
  /** @type {Partial<Present>} */
  const made = {};
  if (edits) made.edits = { removed: go(present.edits.removed, edits.removed), own: go(present.edits.own, edits.own) };
  if (options) {
    const values = Object.entries(options).map(([name, pair]) => [name, pair[nth]]);
    made.options = { ...present.options, ...Object.fromEntries(values) };
  }
  if (selection) made.selection = new Set(selection[nth]);
  return made;
}

/** @param {Options} before @param {Options} after */
export function optionChange(before, after) {
  /** @type {Record<string, [number | string, number | string]>} */
  const change = {};
  for (const [name, value] of Object.entries(after)) {
    const old = before[name];
    if (old !== undefined && old !== value) change[name] = [old, value];
  }
  return change;
}

/**
 * Two changes of a list as one.
 * @template Row
 * @param {ListChange<Row>} first
 * @param {ListChange<Row>} second
 * @param {number} length of the list between them
 * @returns {ListChange<Row>}
 */
function listChangesAsOne(first, second, length) {
  const stayed = length - first.came.length; // what comes behind them is of the first change
  const gone = [...first.gone];
  let skipped = 0;
  for (const [place, row] of second.gone) {
    if (place >= stayed) break;
    while ((first.gone[skipped]?.[0] ?? Number.POSITIVE_INFINITY) <= place + skipped) skipped++;
    gone.push([place + skipped, row]);
  }
  const goes = new Set(second.gone.map(([place]) => place - stayed));
  const came = [...first.came.filter((_, i) => !goes.has(i)), ...second.came];
  return { gone: gone.sort(([a], [b]) => a - b), came };
}

/** @param {Change} first @param {Change} second @param {Edits} between @returns {Change} */
function asOne(first, second, { removed, own }) {
  const change = { ...second };
  if (first.edits && second.edits) {
    change.edits = {
      removed: listChangesAsOne(first.edits.removed, second.edits.removed, removed.length),
      own: listChangesAsOne(first.edits.own, second.edits.own, own.length),
    };
  }
  if (first.selection && second.selection) change.selection = [first.selection[0], second.selection[1]];
  if (first.options && second.options) {
    const options = { ...first.options };
    for (const [name, pair] of Object.entries(second.options)) options[name] = [options[name]?.[0] ?? pair[0], pair[1]];
    change.options = options;
  }
  return change;
}

/** @param {Change} change */
function weightOf({ edits, options = {}, selection = [[], []] }) {
  let weight = STEP_WEIGHT + Object.keys(options).length;
  weight += (selection[0].length + selection[1].length) / KEYS_PER_NOTE;
  if (!edits) return weight;
  const { removed, own } = edits;
  weight += removed.gone.length + removed.came.length;
  for (const note of [...own.gone.map(([, row]) => row), ...own.came]) {
    weight += 1 + (note.bends.length + (note.restingBends?.length ?? 0)) / BENDS_PER_NOTE;
  }
  return weight;
}

/** @param {Label} label @param {Change} change @param {number} [ms] @param {string} [group] @returns {Step} */
export function newStep(label, change, ms = Number.NEGATIVE_INFINITY, group = "") {
  return { label, change, weight: weightOf(change), ms, group };
}

/**
 * With one step more, or with the last one going on; what was undone before is gone. The oldest are dropped where all
 * hold more than memory should.
 * @param {History} history
 * @param {Edits} edits before the step
 * @param {Step} step
 * @returns {History}
 */
export function withStep({ past, future }, edits, step) {
  const last = past.at(-1);
  const isNear = last && step.group && last.group === step.group && step.ms - last.ms < SAME_HAND_MS;
  const goesOn = isNear && future.length === 0;
  const whole = goesOn ? newStep(last.label, asOne(last.change, step.change, edits), step.ms, step.group) : step;
  const steps = [...(goesOn ? past.slice(0, -1) : past), whole];
  let weight = steps.reduce((sum, { weight }) => sum + weight, 0);
  let from = 0;
  while (weight > MOST_WEIGHT && from < steps.length - 1) weight -= steps[from++]?.weight ?? 0;
  return { past: from > 0 ? steps.slice(from) : steps, future: [] };
}
