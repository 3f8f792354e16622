// The engine's worker. This module stands alone and is loaded before the rest of the page, for the engine takes longest.
// It may be ready before the page is: what it says until somebody listens is kept.

const worker = new Worker(new URL("../worker/engine-worker.js", import.meta.url), { type: "module" });

/** @type {MessageEvent[]} */
const messages = [];
/** @type {ErrorEvent[]} */
const errors = [];
worker.onmessage = (event) => messages.push(event);
worker.onerror = (event) => errors.push(event);

/** @type {import("../shared/messages.js").OpenRequest} */
const open = { type: "open" };
worker.postMessage(open);

/**
 * The worker, from now on heard by these; what it said before comes first.
 * @param {(event: MessageEvent) => void} onMessage
 * @param {(event: ErrorEvent) => void} onError
 */
export function listenToEngine(onMessage, onError) {
  queueMicrotask(() => {
    worker.onmessage = onMessage;
    worker.onerror = onError;
    for (const event of messages.splice(0)) onMessage(event);
    for (const event of errors.splice(0)) onError(event);
  });
  return worker;
}
