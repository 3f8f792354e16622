// The window's part of the stock page; the bench's watcher hears the worker say that it is ready.
new Worker(new URL("stock-worker.js", import.meta.url), { type: "module" }).onerror = (event) => {
  throw new Error(event.message);
};
