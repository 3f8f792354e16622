// The engine's worker. This module stands alone and is loaded before the rest of the page, for the engine takes longest.

export const engine = new Worker(new URL("../worker/engine-worker.js", import.meta.url), { type: "module" });

/** @type {import("../shared/messages.js").OpenRequest} */
const open = { type: "open" };
engine.postMessage(open);
