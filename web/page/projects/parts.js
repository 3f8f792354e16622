// The parts of all projects on this device: the browser's file system, else IndexedDB, else this tab's memory. What finds
// no room is held in the tab, so that the page goes on, and tried again when room is made.
import { IndexedParts } from "./parts-indexed.js";
import { OpfsParts } from "./parts-opfs.js";

/** @typedef {"project.json" | "edits.json" | "notes.json" | "planes" | "peaks" | "arranged.json" | "history" | "audio"} PartName */

export class Parts {
  #disk;
  /** By "project/part": what is in this tab only. @type {Map<string, Blob>} */
  #held = new Map();
  /** The last writing of each part: one at a time. @type {Map<string, Promise<void>>} */
  #writing = new Map();
  /** Called when something found no room, and when all of it found some after all. @type {(isFull: boolean) => void} */
  onFull = () => {};

  /** @param {OpfsParts | IndexedParts | null} disk */
  constructor(disk) {
    this.#disk = disk;
  }

  /** False where this browser keeps nothing for this page, as in some private windows. */
  get areKept() {
    return this.#disk !== null;
  }

  /** True while a recording is in this tab only, for want of room or of a place to keep it. */
  get holdsSound() {
    return [...this.#held.keys()].some((key) => key.endsWith("/audio"));
  }

  static async open() {
    for (const kind of [OpfsParts, IndexedParts]) {
      try {
        return new Parts(await kind.open());
      } catch {
        // the next kind, or none
      }
    }
    return new Parts(null);
  }

  /**
   * Resolves when the part is on disk, or is held here for want of room.
   * @param {string} id @param {PartName} part @param {Blob} blob
   */
  write(id, part, blob) {
    const key = `${id}/${part}`;
    const before = this.#writing.get(key) ?? Promise.resolve();
    const after = before.then(() => this.#write(id, part, blob));
    this.#writing.set(key, after);
    return after;
  }

  /** @param {string} id @param {PartName} part @param {Blob} blob */
  async #write(id, part, blob) {
    const key = `${id}/${part}`;
    try {
      if (!this.#disk) throw new Error("nothing is kept here");
      await this.#disk.write(id, part, blob);
      if (this.#held.delete(key) && this.#held.size === 0) this.onFull(false);
    } catch {
      this.#held.set(key, blob);
      if (this.#disk) this.onFull(true);
    }
  }

  /** @param {string} id @param {PartName} part @returns {Promise<Blob | null>} */
  async read(id, part) {
    await this.#writing.get(`${id}/${part}`);
    return this.#held.get(`${id}/${part}`) ?? (await this.#disk?.read(id, part)) ?? null;
  }

  /** @param {string} id @param {PartName} part @returns {Promise<unknown>} null where it is missing or no JSON */
  async readJson(id, part) {
    const blob = await this.read(id, part);
    try {
      return blob && JSON.parse(await blob.text());
    } catch {
      return null;
    }
  }

  /** @param {string} id @param {PartName} part @param {unknown} value plain data */
  writeJson(id, part, value) {
    return this.write(id, part, new Blob([JSON.stringify(value)], { type: "application/json" }));
  }

  /** @returns {Promise<string[]>} */
  async ids() {
    return (await this.#disk?.ids()) ?? [];
  }

  /** Remove a project for good; what found no room before may find it now. @param {string} id */
  async remove(id) {
    const isOf = (/** @type {string} */ key) => key.startsWith(`${id}/`);
    await Promise.all([...this.#writing].filter(([key]) => isOf(key)).map(([, writing]) => writing));
    for (const key of [...this.#held.keys()].filter(isOf)) this.#held.delete(key);
    await this.#disk?.remove(id).catch(() => {}); // it may never have reached the disk
    for (const [key, blob] of [...this.#held]) {
      const [other = "", part] = key.split("/");
      this.write(other, /** @type {PartName} */ (part), blob);
    }
  }

  /** Resolves when all that was given so far has been written, recordings aside, which may take a while. */
  async settled() {
    const small = [...this.#writing].filter(([key]) => !key.endsWith("/audio"));
    await Promise.all(small.map(([, writing]) => writing));
  }
}
