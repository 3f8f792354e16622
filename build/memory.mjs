// What build/snapshot.mjs does to Python's memory before it is written: everything that nobody will miss becomes zero.
// Pyodide's Python takes all its memory from dlmalloc, whose chunks lie end to end from the heap's base.

const IN_USE = 2;
const FLAGS = 7;
const FEWEST_TRACKED = 100;

/** Every chunk of the heap: address of its header, size, whether it is in use. @param {any} module */
function* chunks(module) {
  const words = module.HEAPU32;
  const end = words[module._emscripten_get_sbrk_ptr() / 4] - 40; // where dlmalloc's own foot begins
  let at = (module.___heap_base + 7) & ~7;
  while (at < end) {
    const head = words[at / 4 + 1];
    const size = head & ~FLAGS;
    if (size < 16) throw new Error(`the heap's chunks cannot be followed beyond ${at}`);
    yield { at, size, isUsed: (head & IN_USE) !== 0 };
    at += size;
  }
}

/** Chunks that are free still hold what was there. @param {any} module */
export function freeMemoryToZero(module) {
  for (const { at, size, isUsed } of chunks(module)) {
    // list pointers of the allocator come first: two for small chunks, six for large ones
    if (!isUsed) module.HEAPU8.fill(0, at + (size < 256 ? 16 : 32), at + size);
  }
}

/** The linker keeps each library's file, which has been compiled. @param {any} module @param {{handle: number}[]} libraries */
export function forgetFileData(module, libraries) {
  for (const { handle } of libraries) {
    const words = module.HEAPU32.subarray(handle / 4 + 7, handle / 4 + 9);
    module._free(words[0]);
    words.fill(0);
  }
}

/** Takes all objects out of the garbage collector's lists, as gc.freeze does, and leaves no list. @param {any} module */
export function untrackAll(module) {
  const words = module.HEAPU32;
  const end = words.length * 4 - 8;
  const next = (at) => words[at / 4] & ~3;
  const previous = (at) => words[at / 4 + 1] & ~3;
  const isLinked = (at) => {
    const [after, before] = [next(at), previous(at)];
    return (
      after > 1024 && before > 1024 && after < end && before < end && previous(after) === at && next(before) === at
    );
  };
  const seen = new Set();
  for (const { at, isUsed } of chunks(module)) {
    // objects whose dictionary and weak references lie before them have their links two words later
    for (const first of [at + 8, at + 16]) {
      if (!isUsed || seen.has(first) || !isLinked(first)) continue;
      const ring = [];
      let member = first;
      do {
        ring.push(member);
        seen.add(member);
        member = next(member);
      } while (member !== first && isLinked(member) && !seen.has(member));
      const heads = ring.filter((place) => place < module.___heap_base);
      if (member !== first || heads.length !== 1 || ring.length < FEWEST_TRACKED) continue; // some other list
      for (const place of ring) words.fill(0, place / 4, place / 4 + 2);
      words.fill(heads[0], heads[0] / 4, heads[0] / 4 + 2);
    }
  }
}

/**
 * Where two memories differ, as [start, end], with short stretches of agreement swallowed.
 * @param {Uint8Array} memory
 * @param {Uint8Array} other
 */
export function changedRuns(memory, other) {
  const GAP_WORDS = 32;
  const [a, b] = [memory, other].map((bytes) => new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4));
  const runs = [];
  let since = -1;
  let last = -1;
  for (let i = 0; i < a.length; i++) {
    if (a[i] === b[i]) continue;
    if (since >= 0 && i - last > GAP_WORDS) {
      runs.push([since * 4, (last + 1) * 4]);
      since = -1;
    }
    if (since < 0) since = i;
    last = i;
  }
  if (since >= 0) runs.push([since * 4, (last + 1) * 4]);
  return runs;
}
