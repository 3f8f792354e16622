// Puts Python back as the build left it in memory: interpreter started, numpy and linnet imported (build/snapshot.mjs).

import { APP, ENGINE, fetchOk } from "../shared/places.js";

/** Numpy's compiled parts; build/snapshot.py names the same. */
const LIBRARIES = ["_multiarray_umath.wasm", "_umath_linalg.wasm", "_pocketfft_umath.wasm"];

/**
 * @typedef {{ name: string, handle: number, memoryBase: number, tableBase: number }} Library numpy's compiled parts
 * @typedef {object} Head
 * @property {string} buildId Pyodide's
 * @property {number} memoryBytes
 * @property {number} firstSlot
 * @property {number} tableLength
 * @property {Library[]} libraries
 * @property {[number, number, string][]} slots
 * @property {Record<string, number>} got
 * @property {number} trampoline where Python keeps the address of a function that each browser makes for itself
 * @property {{ first: number, end: number, numbers: number, stringType: number }} heap `numbers`: that of the first chunk
 * @property {object} hiwire
 * @property {number[]} runs in words, in turn: what to leave as it is, what comes from the file
 */

/**
 * What the file holds: its head, and the bytes behind it.
 * @param {ArrayBuffer} file
 * @returns {{ head: Head, data: Uint8Array }}
 */
export function opened(file) {
  const length = new DataView(file).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(file, 4, length)));
  return { head, data: new Uint8Array(file, 4 + length) };
}

/**
 * Links the compiled libraries in where the snapshot's pointers expect them. None of their code runs: what it would
 * do at loading is in the snapshot.
 * @param {any} module Emscripten's
 * @param {Head} head
 * @param {WebAssembly.Module[]} compiled
 */
export function placeLibraries(module, head, compiled) {
  const { wasmTable: table, GOT: got, LDSO: linker } = module;
  if (table.length > head.firstSlot) throw new Error(`the table has ${table.length} functions before Python starts`);
  if (module.HEAPU8.length < head.memoryBytes) module.growMemory(head.memoryBytes);
  table.grow(head.tableLength - table.length);
  for (const [name, value] of Object.entries(head.got)) {
    got[name] ??= new WebAssembly.Global({ value: "i32", mutable: true });
    got[name].value = value;
  }
  const main = linker.loadedLibsByName.__main__.exports;
  const instances = head.libraries.map((library, index) => place(/** @type {any} */ (compiled[index]), library));
  for (const [slot, index, name] of head.slots) {
    table.set(slot, instances[index]?.exports[name]);
    module.updateTableMap(slot, 1);
  }

  /** @param {WebAssembly.Module} code @param {Library & { tableSize?: number }} library */
  function place(code, library) {
    /** @type {Record<string, Record<string, any>>} */
    const imports = {};
    /** @type {WebAssembly.Instance} */
    let instance;
    for (const { module: from, name } of WebAssembly.Module.imports(code)) {
      imports[from] ??= {};
      imports[from][name] = found(from, name);
    }
    /** @param {string} from @param {string} name */
    function found(from, name) {
      if (from.startsWith("GOT.")) return got[name];
      if (name === "__memory_base") return library.memoryBase;
      if (name === "__table_base") return library.tableBase;
      if (name in main && !main[name].stub) return main[name];
      return (/** @type {any[]} */ ...given) => /** @type {Function} */ (instance.exports[name])(...given);
    }
    instance = new WebAssembly.Instance(code, imports);
    module.updateTableMap(library.tableBase, library.tableSize ?? 0);
    const entry = module.newDSO(
      library.name,
      library.handle,
      module.relocateExports(instance.exports, library.memoryBase),
    );
    entry.global = false;
    return instance;
  }
}

/**
 * Chunks of the heap, by address. They lie end to end, each with its size before it.
 * @param {Uint32Array} words
 * @param {Head["heap"]} heap
 */
export function chunksIn(words, { first, end }) {
  const found = [];
  for (let at = first; at < end - 40; at += (words[at / 4 + 1] ?? 0) & ~7) found.push(at);
  return found;
}

/**
 * Strings among them, by address.
 * @param {Uint32Array} words
 * @param {number[]} chunks
 * @param {number} type address of Python's type of strings
 */
export function stringsIn(words, chunks, type) {
  const found = [];
  for (const at of chunks) {
    if (words[at / 4 + 3] !== type || ((words[at / 4 + 1] ?? 0) & ~7) < 32) continue;
    const isCompact = ((words[at / 4 + 6] ?? 0) & 0x20) !== 0;
    if (isCompact) found.push(at + 8);
  }
  return found;
}

/**
 * Pointers into the heap are in the file as numbers of chunks, which compress better than addresses.
 * @param {Uint32Array} words
 * @param {number[]} chunks
 * @param {Head["heap"]} heap
 */
function findPointers(words, chunks, { first, end, numbers }) {
  const count = 2 * chunks.length;
  for (let i = first / 4; i < end / 4; i++) {
    const number = /** @type {number} */ (words[i]) - numbers;
    if (number >= 0 && number < count) words[i] = /** @type {number} */ (chunks[number >> 1]) + (number & 1 ? 16 : 8);
  }
}

/**
 * @param {any} module
 * @param {{ head: Head, data: Uint8Array }} snapshot
 */
export function fillMemory(module, { head, data }) {
  const trampoline = module.HEAPU32[head.trampoline / 4]; // the browser's own
  let [at, from] = [0, 0];
  for (let i = 0; i < head.runs.length; i += 2) {
    at += 4 * /** @type {number} */ (head.runs[i]);
    const length = 4 * /** @type {number} */ (head.runs[i + 1]);
    module.HEAPU8.set(data.subarray(from, from + length), at);
    at += length;
    from += length;
  }
  module.HEAPU32[head.trampoline / 4] = trampoline;
  const { heap } = head;
  const chunks = chunksIn(module.HEAPU32, heap);
  findPointers(module.HEAPU32, chunks, heap);
  // hashes are not in the file, as nothing compresses them
  for (const string of stringsIn(module.HEAPU32, chunks, heap.stringType)) {
    if (module.HEAP32[string / 4 + 3] !== 0) continue;
    module.HEAP32[string / 4 + 3] = -1;
    module._PyObject_Hash(string);
  }
}

/**
 * Pyodide asks for its WebAssembly at once, but would compile it only when its JavaScript has been read, which takes
 * long. So the answer to its next request is compiled as it comes.
 * @param {string} name of the file
 * @returns {Promise<WebAssembly.Module>}
 */
function compiledOnArrival(name) {
  const { fetch } = self;
  return new Promise((resolve, reject) => {
    self.fetch = (input, init) => {
      const answer = fetch(input, init);
      if (String(input instanceof Request ? input.url : input).endsWith(`/${name}`)) {
        self.fetch = fetch;
        WebAssembly.compileStreaming(answer).then(resolve, reject);
      }
      return answer;
    };
  });
}

/**
 * Python as the build left it; an error where it cannot be put back.
 * @param {typeof import("pyodide").loadPyodide} loadPyodide
 * @param {import("pyodide").PyodideConfig} config
 */
export async function restorePython(loadPyodide, config) {
  const files = Promise.all([
    import(new URL("pyodide.asm.mjs", ENGINE).href),
    compiledOnArrival("pyodide.asm.wasm"),
    fetchOk("python.snapshot", APP).then(async (answer) => opened(await answer.arrayBuffer())),
    ...LIBRARIES.map((name) => WebAssembly.compileStreaming(fetchOk(name, ENGINE))),
  ]);
  files.catch(() => {}); // reported where it is awaited
  return loadPyodide({
    ...config,
    stdLibURL: new URL("python_late.zip", APP).href,
    _loadSnapshot: new Uint8Array(1), // stands for ours
    createPyodideModule: async (/** @type {any} */ settings) => {
      const [{ default: createPyodideModule }, core, snapshot, ...libraries] = await files;
      const { head } = snapshot;
      if (head.buildId !== settings.API.config.BUILD_ID) throw new Error("the snapshot is of another Pyodide");
      settings.instantiateWasm = (/** @type {any} */ imports, /** @type {Function} */ done) => {
        const error = Symbol("error"); // as Pyodide does it where nothing quicker can be had
        imports.env.Jsv_GetError_import = () => error;
        imports.env.JsvError_Check = (/** @type {unknown} */ value) => value === error;
        done(new WebAssembly.Instance(core, imports), core);
        return {};
      };
      const module = await createPyodideModule(settings);
      module.API.restoreSnapshot = () => {
        placeLibraries(module, head, libraries);
        fillMemory(module, snapshot);
        module.API.restoreSnapshot = null; // and with it ten megabytes
        return head.hiwire;
      };
      return module;
    },
  });
}
