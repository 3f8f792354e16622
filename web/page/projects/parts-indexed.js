// Projects in IndexedDB, for browsers whose file system a page cannot write: a blob for each part, named "project/part".

const DATABASE = "linnet-projects";
const PARTS = "parts";

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function answerOf(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export class IndexedParts {
  /** @param {IDBDatabase} database */
  constructor(database) {
    this.database = database;
  }

  static async open() {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(PARTS);
    return new IndexedParts(await answerOf(request));
  }

  /** @param {string} id @param {string} part @param {Blob} blob @returns {Promise<void>} when it is on disk */
  write(id, part, blob) {
    return new Promise((resolve, reject) => {
      const change = this.database.transaction(PARTS, "readwrite", { durability: "strict" });
      change.oncomplete = () => resolve();
      change.onabort = () => reject(change.error);
      change.objectStore(PARTS).put(blob, `${id}/${part}`);
    });
  }

  #reading() {
    return this.database.transaction(PARTS).objectStore(PARTS);
  }

  /** @param {string} id @param {string} part @returns {Promise<Blob | null>} */
  async read(id, part) {
    return (await answerOf(this.#reading().get(`${id}/${part}`))) ?? null;
  }

  /** @returns {Promise<string[]>} of all projects */
  async ids() {
    const keys = await answerOf(this.#reading().getAllKeys());
    return [...new Set(keys.map((key) => String(key).replace(/\/.*/, "")))];
  }

  /** @param {string} id */
  async remove(id) {
    const change = this.database.transaction(PARTS, "readwrite").objectStore(PARTS);
    await answerOf(change.delete(IDBKeyRange.bound(`${id}/`, `${id}0`))); // 0 comes after /
  }
}
