// Starts Python with numpy and linnet from dist/ and gives the functions of linnet/bridge.py.
import { APP, ENGINE } from "../shared/places.js";
import { restorePython } from "./python-snapshot.js";

/** @typedef {import("../shared/note-columns.js").NoteColumns} NoteColumns */
/** @typedef {import("./onnx-model.js").Run} Run */
/** @typedef {import("pyodide").PyodideAPI} Pyodide */

/**
 * @typedef {object} Bridge linnet/bridge.py; every call that gives columns gives a proxy to be copied out
 * @property {(manifest: string) => void} open_model
 * @property {(rateHz: number, channels: number, options: string) => void} start
 * @property {(rateHz: number, channels: number, options: string, part: string) => void} start_part
 * @property {(pcm: Float32Array, run: Run) => Promise<ColumnsProxy>} push
 * @property {(run: Run) => Promise<ColumnsProxy>} finish
 * @property {() => ColumnsProxy} cut_short
 * @property {() => number | undefined} tuning_cents
 * @property {(options: string) => ColumnsProxy} redecode
 * @property {(kind: string, options: string, title: string, notes: NoteColumns, analysis: string) => BytesProxy} export
 * @property {(notes: NoteColumns, options: string) => ArrangedProxy} arrange
 * @property {() => ColumnsProxy} ghosts
 * @property {(kind: string, start: number, stop: number, step: number) => WindowProxy} underlay
 * @property {(options: string, title: string, parts: Part[]) => BytesProxy} export_parts
 * @property {() => BytesProxy} planes
 * @property {(packed: Uint8Array, optionsJson: string) => void} restore
 * @property {() => void} reset
 * @property {(mode: string, rateHz: number, channels: number, options: string) => void} start_live
 * @property {(pcm: Float32Array, run: Run) => Promise<EventsProxy>} push_live
 * @property {() => EventsProxy} finish_voice
 *
 * @typedef {{ name: string, notes: NoteColumns, options: string }} Part
 * @typedef {{ toJs(options: object): NoteColumns, destroy(): void }} ColumnsProxy
 * @typedef {NoteColumns & { analysis: string, source?: Int32Array }} Arranged without columns where there is no source
 * @typedef {{ toJs(options: object): Arranged, destroy(): void }} ArrangedProxy
 * @typedef {{ toJs(options: object): import("../shared/live-events.js").LiveEvents, destroy(): void }} EventsProxy
 * @typedef {{ toJs(): Uint8Array<ArrayBuffer>, destroy(): void }} BytesProxy
 * @typedef {{ toJs(options: object): import("../shared/messages.js").UnderlayWindow, destroy(): void }} WindowProxy
 */

const PACKAGES = ["numpy", "linnet", "mido"];

/**
 * From the snapshot; where that cannot be taken up, Python starts in its own way and takes longer.
 * @returns {Promise<Pyodide>}
 */
export async function startPython() {
  /** @type {typeof import("pyodide")} */
  const { loadPyodide } = await import(new URL("pyodide.mjs", ENGINE).href);
  const config = {
    indexURL: ENGINE.href,
    lockFileURL: new URL("pyodide-lock.json", APP).href,
    stdout: () => {},
  };
  try {
    const python = await restorePython(loadPyodide, config);
    python.runPython("import random; random.seed()"); // the build has sown the same for everyone
    for (const name of PACKAGES) python.loadedPackages[name] = "default channel";
    return python;
  } catch (error) {
    console.warn("Python starts without its snapshot:", error);
    return loadPyodide({ ...config, packages: PACKAGES });
  }
}

/**
 * @param {Pyodide} python
 * @returns {Bridge}
 */
export function importBridge(python) {
  return python.pyimport("linnet.bridge");
}

/**
 * Packages that are wanted late only (scipy), from the same origin, checked against the lock file. What was left out of
 * the standard library comes first: micropip needs it too.
 * @param {Pyodide} python
 * @param {string} name
 */
export async function installOnDemand(python, name) {
  await python.loadPackage(["python-rest", "micropip"], { messageCallback: () => {} });
  python.pyimport("python_rest").destroy();
  const micropip = python.pyimport("micropip");
  try {
    await micropip.install(name);
  } finally {
    micropip.destroy();
  }
}

/**
 * The columns as typed arrays of their own; the proxy is released.
 * @template Columns
 * @param {{ toJs(options: object): Columns, destroy(): void }} proxy
 */
export function columnsOf(proxy) {
  try {
    return proxy.toJs({ dict_converter: Object.fromEntries });
  } finally {
    proxy.destroy();
  }
}

/**
 * The answer of `arrange`, likewise.
 * @param {ArrangedProxy} proxy
 */
export function arrangedOf(proxy) {
  try {
    return proxy.toJs({ dict_converter: Object.fromEntries });
  } finally {
    proxy.destroy();
  }
}

/**
 * @param {BytesProxy} proxy
 */
export function bytesOf(proxy) {
  try {
    return proxy.toJs();
  } finally {
    proxy.destroy();
  }
}

/**
 * What is known of an error: all of LinnetError where Python raised one, else what the error says.
 * @param {Pyodide | null} python
 * @param {unknown} error
 * @returns {import("../shared/messages.js").Failure}
 */
export function describeError(python, error) {
  if (python && error instanceof python.ffi.PythonError) {
    const sys = python.pyimport("sys");
    const raised = sys.last_exc;
    try {
      if (typeof raised?.reason === "string" && typeof raised.code === "string") {
        return { code: raised.code, reason: raised.reason, values: columnsOf(raised.values), message: String(raised) };
      }
      return internal(error.message.trim().split("\n").pop() ?? error.type);
    } finally {
      raised?.destroy?.();
      sys.last_exc = sys.last_traceback = sys.last_value = null;
      sys.destroy();
    }
  }
  return internal(error instanceof Error ? error.message : String(error));
}

/** @param {string} message @returns {import("../shared/messages.js").Failure} */
function internal(message) {
  return { code: "internal", reason: "", values: {}, message };
}
