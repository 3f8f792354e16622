// Runs one of our Python scripts inside Pyodide under node, so that its bytecode is the browser's bytecode.
// usage: node build/inside.mjs SCRIPT.py JOB.json    (run in the project root, which Python sees as /host)
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [script, job] = process.argv.slice(2);
if (!script || !job) throw new Error("usage: node build/inside.mjs SCRIPT.py JOB.json");

// node would print the 1.2 MB line of pyodide.asm.mjs that an uncaught error came from
process.on("uncaughtException", (error) => {
  console.error(String(error.message ?? error).slice(0, 4000));
  process.exit(1);
});

const pyodideFolder = path.resolve("node_modules/pyodide");
const { loadPyodide } = await import(pathToFileURL(path.join(pyodideFolder, "pyodide.mjs")).href);
const python = await loadPyodide({ indexURL: `${pyodideFolder}/`, env: { PYTHONNODEBUGRANGES: "1" } });
python.mountNodeFS("/host", process.cwd());
python.runPython(fs.readFileSync(script, "utf8"), { filename: path.basename(script) });
python.globals.get("main")(fs.readFileSync(job, "utf8"));
