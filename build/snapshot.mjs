// Starts Python under node, lets build/warm.py import all that the engine needs, and writes what then lies in memory.
process.on("uncaughtException", (e) => {
  console.error(String(e.stack ?? e).slice(0, 3000));
  process.exit(1);
});

// usage: node build/snapshot.mjs JOB.json    (run in the project root)
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { changedRuns, forgetFileData, freeMemoryToZero, untrackAll } from "./memory.mjs";

const job = JSON.parse(fs.readFileSync(process.argv[2] ?? "", "utf8"));
const folder = path.resolve("node_modules/pyodide");
const { loadPyodide } = await import(pathToFileURL(path.join(folder, "pyodide.mjs")).href);
const { default: createPyodideModule } = await import(pathToFileURL(path.join(folder, "pyodide.asm.mjs")).href);

// The same bytes every time: no clock and no chance goes into the snapshot.
const NOW_MS = Date.UTC(2026, 0, 1);
Date.now = () => NOW_MS;
performance.now = () => 1000;
crypto.getRandomValues = (array) => array.fill(0);

/** Places in the table of functions that each browser may use for itself before ours begin. */
const SITE_PACKAGES = "/lib/python3.14/site-packages";
const RESERVED_SLOTS = 64;
let firstSlot = 0;

const python = await loadPyodide({
  indexURL: `${folder}/`,
  stdLibURL: path.resolve(job.stdlib),
  env: { PYTHONHASHSEED: "0" },
  _makeSnapshot: true,
  /** @param {any} settings Emscripten's; it becomes the module */
  createPyodideModule: (settings) => {
    settings.onRuntimeInitialized = () => {
      firstSlot = Math.ceil(settings.wasmTable.length / RESERVED_SLOTS + 1) * RESERVED_SLOTS;
      settings.wasmTable.grow(firstSlot - settings.wasmTable.length);
    };
    return createPyodideModule(settings);
  },
});
const module = python._module;
copyIn(job.packages, SITE_PACKAGES);
python.runPython(fs.readFileSync("build/warm.py", "utf8"), { filename: "warm.py" });
const loaded = python.runPython(`warm(${JSON.stringify(job.imports.join(" "))})`);
python.runPython("forget(); del forget");

/** @param {string} folder on this machine @param {string} target in Python's file system */
function copyIn(folder, target) {
  python.FS.mkdirTree(target);
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const [from, to] = [`${folder}/${entry.name}`, `${target}/${entry.name}`];
    if (entry.isDirectory()) copyIn(from, to);
    else python.FS.writeFile(to, fs.readFileSync(from));
  }
}

/** @param {string} name of a library */
const stem = (name) => path.basename(name).split(".")[0];
const loadedLibraries = Object.entries(module.LDSO.loadedLibsByHandle).filter(([handle]) => handle !== "0");
if (loadedLibraries.length !== job.libraries.length) throw new Error("these are not the libraries that the page loads");
/** In the page's order. */
const libraries = job.libraries.map((/** @type {string} */ file) => {
  const found = loadedLibraries.find(([, { name }]) => stem(name) === stem(file));
  if (!found) throw new Error(`${file} has not been loaded`);
  const [handle, { name, exports }] = found;
  const at = Number(handle) / 4;
  const [memoryBase, memorySize, tableBase, tableSize] = module.HEAPU32.subarray(at + 3, at + 7);
  return { name, handle: Number(handle), exports, memoryBase, memorySize, tableBase, tableSize };
});

/** Slots that hold functions by name: [slot, library, name]; what lies in a library's own range comes with it. */
function namedSlots() {
  const names = new Map();
  for (const [index, { exports }] of libraries.entries()) {
    for (const [name, value] of Object.entries(exports))
      if (typeof value === "function") names.set(value, [index, name]);
  }
  const slots = [];
  for (let slot = firstSlot; slot < module.wasmTable.length; slot++) {
    if (libraries.some(({ tableBase, tableSize }) => slot >= tableBase && slot < tableBase + tableSize)) continue;
    const found = names.get(module.wasmTable.get(slot));
    if (!found) throw new Error(`slot ${slot} of the table holds a function that nobody exports`);
    slots.push([slot, ...found]);
  }
  return slots;
}

const slots = namedSlots();
const got = Object.fromEntries(Object.entries(module.GOT).map(([name, { value }]) => [name, value]));
const trampoline = module.__PyRuntime + module.HEAP32[module.__PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET / 4];
const hiwire = module.API.serializeHiwireState();
forgetFileData(module, libraries);
untrackAll(module);
freeMemoryToZero(module);
const memory = module.HEAPU8;
const heap = {
  first: (module.___heap_base + 7) & ~7,
  end: module.HEAPU32[module._emscripten_get_sbrk_ptr() / 4],
  numbers: 0,
  stringType: module._PyUnicode_Type,
};

/** The module as it is before Python starts, with the libraries in their places: what a browser has for nothing. */
async function fresh() {
  let made;
  await loadPyodide({
    indexURL: `${folder}/`,
    createPyodideModule: async (settings) => {
      settings.noInitialRun = true;
      made = await createPyodideModule(settings);
      throw new Error("enough");
    },
  }).catch((error) => {
    if (error.message !== "enough") throw error;
  });
  return made;
}
const bare = await fresh();
const page = await import(pathToFileURL(path.resolve("web/worker/python-snapshot.js")).href);
const compiled = libraries.map(({ name }) => new WebAssembly.Module(python.FS.readFile(name)));
const gotBefore = new Map(Object.entries(bare.GOT).map(([name, { value }]) => [name, value]));
const head = {
  buildId: module.API.config.BUILD_ID,
  memoryBytes: memory.length,
  firstSlot,
  tableLength: module.wasmTable.length,
  libraries: libraries.map(({ exports, ...rest }) => rest),
  slots,
  got: Object.fromEntries(Object.entries(got).filter(([name, value]) => gotBefore.get(name) !== value)),
  trampoline,
  heap,
  hiwire,
};
page.placeLibraries(bare, head, compiled);
memory.fill(0, trampoline, trampoline + 4);
const whole = memory.slice();
const words = module.HEAPU32;
const chunks = page.chunksIn(words, heap);
for (const at of page.stringsIn(words, chunks, heap.stringType)) {
  if (words[at / 4 + 3] !== 0xffffffff) words[at / 4 + 3] = 0; // the page finds the hash again
}
heap.numbers = unusedFrom(words.subarray(heap.first / 4, heap.end / 4), 2 * chunks.length);
const numbers = new Map(
  chunks.flatMap((/** @type {number} */ at, /** @type {number} */ i) => [
    [at + 16, heap.numbers + 2 * i + 1],
    [at + 8, heap.numbers + 2 * i],
  ]),
);
for (let i = heap.first / 4; i < heap.end / 4; i++) words[i] = numbers.get(words[i]) ?? words[i];
const runs = changedRuns(memory, bare.HEAPU8);
const data = Buffer.concat(runs.map(([start, end]) => memory.subarray(start, end)));
const text = Buffer.from(JSON.stringify({ ...head, runs: deltas(runs.flat()) }));
const length = Buffer.alloc(4);
length.writeUInt32LE(text.length);
fs.writeFileSync(job.target, Buffer.concat([length, text, data]));

page.fillMemory(bare, page.opened(new Uint8Array(fs.readFileSync(job.target)).buffer));
bare.HEAPU32.fill(0, trampoline / 4, trampoline / 4 + 1);
const wrong = whole.findIndex((byte, at) => byte !== bare.HEAPU8[at]);
if (wrong >= 0) throw new Error(`the page would have other memory than this at ${wrong}`);

/**
 * Where a range of so many numbers begins that no word has.
 * @param {Uint32Array} taken
 * @param {number} count
 */
function unusedFrom(taken, count) {
  let from = 0x80000000;
  for (const word of [...new Set(taken)].sort((a, b) => a - b)) {
    if (word < from) continue;
    if (word - from >= count) return from;
    from = word + 1;
  }
  throw new Error("the heap's words leave no range of numbers free");
}

/** @param {number[]} numbers rising */
function deltas(numbers) {
  return numbers.map((number, i) => (number - (i > 0 ? numbers[i - 1] : 0)) / 4);
}

for (const [index, { name }] of libraries.entries()) fs.writeFileSync(job.libraries[index], python.FS.readFile(name));
fs.writeFileSync(job.loaded, loaded);
