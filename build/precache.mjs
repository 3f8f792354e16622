// Writes dist/sw.js: web/sw.js with the list of files to keep offline, made by Workbox from what lies in dist/.
// usage: node build/precache.mjs DIST WORKBOX_FOLDER IGNORED_GLOBS...
import { readFile, writeFile } from "node:fs/promises";
import { getManifest } from "workbox-build";

const [dist, workboxFolder, ...ignored] = process.argv.slice(2);
if (!dist || !workboxFolder) throw new Error("usage: node build/precache.mjs DIST WORKBOX_FOLDER IGNORED_GLOBS...");

const { manifestEntries, warnings } = await getManifest({
  globDirectory: dist,
  globPatterns: ["**/*"],
  globIgnores: ["**/*.br", "**/*.gz", "sw.js", "sizes.json", "screenshots/**", `${workboxFolder}/**`, ...ignored],
  // files in a folder named by its hash never change: the address alone tells their version
  dontCacheBustURLsMatching: /^(app|engine|instruments)-[0-9a-f]+\//,
  maximumFileSizeToCacheInBytes: 32 * 1024 * 1024,
});
if (warnings.length > 0) throw new Error(warnings.join("\n"));

const source = await readFile("web/sw.js", "utf8");
const worker = source
  .replaceAll("%WORKBOX%", workboxFolder)
  .replace("self.__WB_MANIFEST", JSON.stringify(manifestEntries, null, 1));
await writeFile(`${dist}/sw.js`, worker);
