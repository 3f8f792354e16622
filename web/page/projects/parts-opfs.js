// Projects in the browser's own file system: a folder for each, a file for each part. A part is streamed to disk and takes
// the place of the one before when it is whole, so that a crash leaves the one before.

const FOLDER = "projects";

export class OpfsParts {
  /** @param {FileSystemDirectoryHandle} root */
  constructor(root) {
    this.root = root;
  }

  /** Rejects where this browser has no such file system, or none that a page can write. */
  static async open() {
    if (!("createWritable" in FileSystemFileHandle.prototype)) throw new Error("files cannot be written as streams");
    const home = await navigator.storage.getDirectory();
    return new OpfsParts(await home.getDirectoryHandle(FOLDER, { create: true }));
  }

  /** @param {string} id @param {string} part @param {Blob} blob */
  async write(id, part, blob) {
    const folder = await this.root.getDirectoryHandle(id, { create: true });
    const file = await folder.getFileHandle(part, { create: true });
    await blob.stream().pipeTo(await file.createWritable());
  }

  /** @param {string} id @param {string} part @returns {Promise<Blob | null>} */
  async read(id, part) {
    try {
      const folder = await this.root.getDirectoryHandle(id);
      const file = await (await folder.getFileHandle(part)).getFile();
      return file.size > 0 ? file : null; // empty: its first writing was never finished
    } catch (error) {
      if (error instanceof DOMException && error.name === "NotFoundError") return null;
      throw error;
    }
  }

  /** @returns {Promise<string[]>} of all projects */
  async ids() {
    const found = [];
    for await (const name of this.root.keys()) found.push(name);
    return found;
  }

  /** @param {string} id */
  async remove(id) {
    await this.root.removeEntry(id, { recursive: true });
  }
}
