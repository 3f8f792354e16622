// Pyodide and numpy as they are published, up to the first use of numpy.
const startedMs = performance.now();
const { loadPyodide } = await import("./pyodide.mjs");
const python = await loadPyodide({ indexURL: new URL("./", import.meta.url).href });
await python.loadPackage("numpy", { messageCallback: () => {} });
python.runPython("import numpy; numpy.zeros(1)");
self.postMessage({ type: "ready", phases: { total: performance.now() - startedMs } });
