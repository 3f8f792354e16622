// What only late packages need is there when they come. usage: node late_packages.mjs ENGINE APP (folders of dist/)
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [engine, app] = process.argv.slice(2);
process.on("uncaughtException", (error) => {
  console.error(String(error.message ?? error).slice(-3000)); // not the 1.2 MB line it came from
  process.exit(1);
});
const { loadPyodide } = await import(pathToFileURL(path.join(engine, "pyodide.mjs")).href);
const python = await loadPyodide({ indexURL: `${engine}/`, lockFileURL: path.join(app, "pyodide-lock.json") });
await python.loadPackage(["linnet", "scipy"], { messageCallback: () => {} });
python.runPython(fs.readFileSync(new URL("late_packages.py", import.meta.url), "utf8"));
