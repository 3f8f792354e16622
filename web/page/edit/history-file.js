// The history as it is kept with its project: a line of JSON that says what follows, the edits it ends at, and the steps in
// order of time, in blocks that are made small once. A saving costs what is new since the last one. It is read from the
// present outwards; what cannot be read ends it there and is no error.
import { deflated, inflated } from "../projects/deflate.js";
import { isList, isTable, readEdits } from "../projects/project.js";
import { NO_EDITS } from "./edits.js";
import { NO_HISTORY, newStep } from "./history.js";
import { label } from "./label.js";

/** @typedef {import("./edits.js").Edits} Edits */
/** @typedef {import("./history.js").History} History */
/** @typedef {import("./history.js").Change} Change */
/** @typedef {import("./history.js").Options} Options */
/** @typedef {import("./history.js").Step} Step */
/** @typedef {{ blob: Promise<Blob>, count: number, last: Step | undefined }} Block `count` steps, and the last of them */
/** @typedef {{ edits: Edits, options: Options }} Stored */

const FORMAT = 2;
const MOST_BYTES = 2e6; // of the blocks on disk
const MOST_BYTES_READ = 64e6; // when they are large again
const MOST_BYTES_OF_HEAD = 1e5;
const STEPS_OF_BLOCK = 256;
const WEIGHT_OF_BLOCK = 4096;

/** Steps never change: full blocks by their first step. @type {WeakMap<Step, Block>} */
const full = new WeakMap();

/** @param {readonly Step[]} steps @returns {Block[]} */
function blocksOf(steps) {
  /** @type {Block[]} */
  const blocks = [];
  for (let from = 0; from < steps.length; ) {
    const first = /** @type {Step} */ (steps[from]);
    let block = full.get(first);
    if (!block || block.last !== steps[from + block.count - 1]) {
      const to = endOfBlock(steps, from);
      const members = steps.slice(from, to);
      const text = JSON.stringify(members.map(({ label, change }) => ({ label, change })));
      block = { blob: deflated(text), count: members.length, last: members.at(-1) };
      if (isFull(members) || to < steps.length) full.set(first, block);
    }
    blocks.push(block);
    from += block.count;
  }
  return blocks;
}

/** @param {readonly Step[]} steps @param {number} from */
function endOfBlock(steps, from) {
  let to = from;
  let weight = 0;
  for (let step = steps[to]; step; step = steps[++to]) {
    const isNext = to > from && full.has(step); // that one is made already
    if (isNext || to - from >= STEPS_OF_BLOCK || weight >= WEIGHT_OF_BLOCK) return to;
    weight += step.weight;
  }
  return to;
}

/** @param {readonly Step[]} steps of a block */
function isFull(steps) {
  return steps.length >= STEPS_OF_BLOCK || steps.reduce((sum, { weight }) => sum + weight, 0) >= WEIGHT_OF_BLOCK;
}

/**
 * @param {History} history
 * @param {Edits} edits at present
 */
export async function packHistory({ past, future }, edits) {
  const blocks = blocksOf([...past, ...future.toReversed()]);
  const [end, ...blobs] = await Promise.all([deflated(JSON.stringify(edits)), ...blocks.map(({ blob }) => blob)]);
  const sizes = blobs.map(({ size }) => size);
  const starts = blocks.map((_, nth) => blocks.slice(0, nth).reduce((sum, { count }) => sum + count, 0));
  const present = Math.max(
    0,
    starts.findLastIndex((start) => start < past.length),
  );
  const [from, to] = near(present, sizes);
  const head = {
    format: FORMAT,
    past: past.length - (starts[from] ?? 0),
    edits: end.size,
    blocks: blocks.slice(from, to).map(({ count }, i) => [sizes[from + i], count]),
  };
  return new Blob([JSON.stringify(head), "\n", end, ...blobs.slice(from, to)]);
}

/**
 * As many blocks around the present as there is room for on disk; its own always.
 * @param {number} present
 * @param {readonly number[]} sizes
 * @returns {[number, number]} the first of them, and the first behind them
 */
function near(present, sizes) {
  let [from, to] = [present, Math.min(present + 1, sizes.length)];
  let room = MOST_BYTES - (sizes[present] ?? 0);
  for (let grows = true; grows; ) {
    grows = false;
    for (const side of [from - 1, to]) {
      const size = sizes[side] ?? Number.POSITIVE_INFINITY;
      if (size > room) continue;
      room -= size;
      if (side < from) from = side;
      else to = side + 1;
      grows = true;
    }
  }
  return [from, to];
}

/**
 * @param {Blob | null} blob of `packHistory`
 * @param {Stored} present as it is stored; where the history ends at other edits, the way from there is one more step
 * @param {(saved: Options) => Options} optionsOf makes stored options such as this version has
 * @returns {Promise<History>} empty where there is none that this version reads
 */
export async function unpackHistory(blob, present, optionsOf) {
  if (!blob) return NO_HISTORY;
  try {
    const bytes = new Uint8Array(await blob.arrayBuffer());
    const line = bytes.subarray(0, MOST_BYTES_OF_HEAD).indexOf(10);
    const head = readHead(JSON.parse(new TextDecoder().decode(bytes.subarray(0, Math.max(0, line)))));
    if (!head) return NO_HISTORY;
    let at = line + 1;
    let room = MOST_BYTES_READ;
    const next = async (/** @type {number} */ size) => {
      const part = new Blob([bytes.subarray(at, at + size)]);
      at += size;
      const large = await inflated(part, room);
      room -= large.length;
      return { part, value: JSON.parse(new TextDecoder().decode(large)) };
    };
    const edits = readEdits((await next(head.edits)).value);
    if (!edits) return NO_HISTORY;
    /** @type {(Step | null)[]} */
    const steps = [];
    for (const [size, count] of head.blocks) {
      const found = await next(size).catch(() => null);
      const read = Array.from({ length: count }, (_, i) => readStep(found?.value?.[i], present.options, optionsOf));
      steps.push(...read);
      if (found) remember(read, found.part);
    }
    const past = within(steps.slice(0, head.past).reverse(), edits, "past").reverse();
    if (JSON.stringify(edits) === JSON.stringify(present.edits)) {
      return { past, future: within(steps.slice(head.past), edits, "future").reverse() };
    }
    return { past: [...past, newStep(label("the last change"), { edits: wayTo(edits, present.edits) })], future: [] };
  } catch {
    return NO_HISTORY;
  }
}

/** A block that was read need not be made again. @param {(Step | null)[]} read @param {Blob} blob */
function remember(read, blob) {
  const steps = read.filter((step) => step !== null);
  const [first] = steps;
  if (!first || steps.length < read.length || !isFull(steps)) return;
  full.set(first, { blob: Promise.resolve(blob), count: steps.length, last: steps.at(-1) });
}

/** @param {unknown} head @returns {{ past: number, edits: number, blocks: [number, number][] } | null} */
function readHead(head) {
  const isCount = (/** @type {unknown} */ n) => Number.isInteger(n) && Number(n) >= 0;
  const isBlock = (/** @type {unknown} */ row) =>
    isList(row, isCount) && row.length === 2 && Number(row[1]) <= STEPS_OF_BLOCK;
  if (!isTable(head) || head.format !== FORMAT || !isCount(head.past) || !isCount(head.edits)) return null;
  return isList(head.blocks, isBlock) ? /** @type {any} */ (head) : null;
}

/**
 * The steps, from the present on, whose places there are.
 * @param {readonly (Step | null)[]} steps
 * @param {Edits} edits
 * @param {"past" | "future"} side
 */
function within(steps, edits, side) {
  /** @type {Step[]} */
  const kept = [];
  const lengths = { removed: edits.removed.length, own: edits.own.length };
  for (const step of steps) {
    if (!step) break;
    for (const name of /** @type {const} */ (["removed", "own"])) {
      const { gone, came } = step.change.edits?.[name] ?? { gone: [], came: [] };
      const stay = lengths[name] - (side === "past" ? came : gone).length;
      if (stay < 0 || (gone.at(-1)?.[0] ?? -1) >= stay + gone.length) return kept;
      lengths[name] = stay + (side === "past" ? gone : came).length;
    }
    kept.push(step);
  }
  return kept;
}

/** @param {Edits} before @param {Edits} after @returns {Required<Change>["edits"]} */
function wayTo(before, after) {
  const all = (/** @type {readonly any[]} */ was, /** @type {readonly any[]} */ is) => {
    const texts = is.map((row) => JSON.stringify(row));
    let same = 0; // from the beginning on
    while (same < was.length && same < is.length && JSON.stringify(was[same]) === texts[same]) same++;
    const gone = was.slice(same).map((row, i) => /** @type {const} */ ([same + i, row]));
    return { gone, came: is.slice(same) };
  };
  return { removed: all(before.removed, after.removed), own: all(before.own, after.own) };
}

/**
 * @param {unknown} value
 * @param {Options} present
 * @param {(saved: Options) => Options} optionsOf
 * @returns {Step | null}
 */
function readStep(value, present, optionsOf) {
  if (!isTable(value) || !isTable(value.label) || !isTable(value.change)) return null;
  const { text, values } = value.label;
  const areWords = isTable(values) && Object.values(values).every((word) => typeof word === "string");
  if (typeof text !== "string" || (values !== undefined && !areWords)) return null;
  const { edits, options, selection } = value.change;
  const isPair = (/** @type {unknown} */ pair) => Array.isArray(pair) && pair.length === 2;
  if (edits !== undefined) {
    if (!isTable(edits) || !isListChange(edits.removed, "removed") || !isListChange(edits.own, "own")) return null;
  }
  if (options !== undefined && !(isTable(options) && Object.values(options).every(isPair))) return null;
  const isKeys = (/** @type {unknown} */ keys) => isList(keys, Number.isInteger);
  if (selection !== undefined && !(isPair(selection) && isList(selection, isKeys))) return null;
  const change = /** @type {Change} */ ({ ...value.change });
  if (change.options) change.options = knownOptions(change.options, present, optionsOf);
  return newStep(label(text, /** @type {Record<string, string> | undefined} */ (values)), change);
}

/** @param {Required<Change>["options"]} change @param {Options} present @param {(saved: Options) => Options} optionsOf */
function knownOptions(change, present, optionsOf) {
  const [before, after] = [0, 1].map((side) => {
    const values = Object.entries(change).map(([name, pair]) => [name, /** @type {any} */ (pair)[side]]);
    return optionsOf({ ...present, ...Object.fromEntries(values) });
  });
  const names = Object.keys(change).filter((name) => before?.[name] !== undefined && after?.[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, /** @type {any} */ ([before?.[name], after?.[name]])]));
}

/** @param {unknown} change @param {keyof Edits} name */
function isListChange(change, name) {
  if (!isTable(change) || !Array.isArray(change.gone) || !Array.isArray(change.came)) return false;
  let last = -1;
  const isPlaced = (/** @type {unknown} */ row) => {
    if (!Array.isArray(row) || row.length !== 2 || !Number.isInteger(row[0]) || row[0] <= last) return false;
    last = row[0];
    return true;
  };
  if (!change.gone.every(isPlaced)) return false;
  return readEdits({ ...NO_EDITS, [name]: [...change.gone.map((row) => row[1]), ...change.came] }) !== null;
}
