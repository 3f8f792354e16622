// Put into every page before its own scripts: notes when things happened, for the bench to read. Changes nothing.
(() => {
  const PATIENCE_MS = 900_000;
  const watch = { messages: [], longTasks: [], longestGapMs: 0, listensForFileMs: null };
  const waiting = new Set();
  globalThis.linnetWatch = watch;

  globalThis.Worker = class extends globalThis.Worker {
    constructor(...args) {
      super(...args);
      this.addEventListener("message", ({ data }) => {
        if (!data || typeof data.type !== "string") return;
        const { type, whole, ms, phases, doneS, message, code, threads } = data;
        const count = data.columns?.onsetS.length;
        const heard = { atMs: performance.now(), type, whole, ms, phases, doneS, message, code, threads, count };
        watch.messages.push(heard);
        for (const look of waiting) look(heard);
      });
    }
  };

  // The first message, since the page began or still to come, of the engine being ready or of all notes being there.
  watch.until = (what) =>
    new Promise((resolve, reject) => {
      const look = (heard) => {
        if (heard.type === "failed") reject(new Error(heard.message));
        else if (what === "ready" ? heard.type === "ready" : heard.type === "notes" && heard.whole) resolve(heard);
        else return;
        waiting.delete(look);
      };
      waiting.add(look);
      watch.messages.forEach(look);
      setTimeout(() => reject(new Error(`waited too long for ${what}`)), PATIENCE_MS);
    });

  const add = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function (type, ...rest) {
    if (type === "change" && this instanceof HTMLInputElement && this.type === "file") {
      watch.listensForFileMs ??= performance.now();
    }
    return add.call(this, type, ...rest);
  };

  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) watch.longTasks.push({ startTime, duration });
  }).observe({ type: "longtask" });
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    watch.longestGapMs = Math.max(watch.longestGapMs, now - last);
    last = now;
  }, 10);
})();
