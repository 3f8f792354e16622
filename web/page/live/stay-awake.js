// Keeps the screen on while a take is recorded: a phone that falls asleep pauses the sound with it.

/** @returns {() => void} lets the screen sleep again */
export function stayAwake() {
  /** @type {WakeLockSentinel | null} */
  let lock = null;
  const over = new AbortController();
  const ask = async () => {
    if (document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
    // refused when the battery is low, for instance: the take goes on without it
    const got = await navigator.wakeLock.request("screen").catch(() => null);
    if (over.signal.aborted) got?.release();
    else lock = got ?? lock;
  };
  document.addEventListener("visibilitychange", ask, { signal: over.signal }); // the browser takes it back when hidden
  ask();
  return () => {
    over.abort();
    lock?.release();
  };
}
