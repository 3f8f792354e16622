// Which tab has which project: a lock of the browser's for each, let go by itself when its tab is closed or crashes.

const PREFIX = "linnet-project-";

/** @type {Map<string, () => void>} */
const mine = new Map();

/**
 * Take a project for this tab; false where another tab has it.
 * @param {string} id
 * @param {number} [patienceMs] how long to wait for the other tab, which may be this one before it was reloaded
 * @returns {Promise<boolean>}
 */
export function hold(id, patienceMs = 0) {
  if (mine.has(id) || !navigator.locks) return Promise.resolve(true);
  const how = patienceMs > 0 ? { signal: AbortSignal.timeout(patienceMs) } : { ifAvailable: true };
  return new Promise((resolve) => {
    const held = navigator.locks.request(`${PREFIX}${id}`, how, (lock) => {
      if (!lock || mine.has(id)) return resolve(Boolean(lock));
      return new Promise((release) => {
        mine.set(id, () => release(undefined));
        resolve(true);
      });
    });
    held.catch(() => resolve(false)); // patience is over
  });
}

/** @param {string} id */
export function isMine(id) {
  return mine.has(id);
}

/** @param {string} id */
export function letGo(id) {
  mine.get(id)?.();
  mine.delete(id);
}

/** @returns {Promise<Set<string>>} the projects that other tabs have */
export async function heldElsewhere() {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  const names = held.map((lock) => lock.name ?? "").filter((name) => name.startsWith(PREFIX));
  return new Set(names.map((name) => name.slice(PREFIX.length)).filter((id) => !mine.has(id)));
}
