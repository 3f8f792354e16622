// Registers the service worker, once the engine runs: it would otherwise fetch the same megabytes at the same time.

export async function keepOffline() {
  if (!("serviceWorker" in navigator) || !window.isSecureContext) return;
  await navigator.serviceWorker.register(new URL("sw.js", document.baseURI));
  await navigator.serviceWorker.ready;
  document.documentElement.dataset.offline = "ready";
}
