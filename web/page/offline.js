// Registers the service worker, once the engine runs or cannot: it would otherwise fetch the same megabytes at the same time. A new
// version is offered and never forced.

const LOOK_MS = 3_600_000; // a page that stays open looks for a new version every hour

/** @typedef {{ offer(reload: () => void): void }} UpdateHands `reload` takes the new version */

/** @param {UpdateHands} hands */
export async function keepOffline({ offer }) {
  if (!("serviceWorker" in navigator) || !window.isSecureContext) return;
  const { serviceWorker } = navigator;
  let isControlled = serviceWorker.controller !== null;
  const registration = await serviceWorker.register(new URL("sw.js", document.baseURI));
  let isAsked = false;
  const offerWaiting = () => {
    if (!registration.waiting || !isControlled) return;
    offer(() => {
      isAsked = true;
      if (registration.waiting) registration.waiting.postMessage("take over");
      else location.reload();
    });
  };
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", offerWaiting);
  });
  serviceWorker.addEventListener("controllerchange", () => {
    if (isAsked) location.reload();
    else if (isControlled) offer(() => location.reload()); // another tab took the new version
    isControlled = true; // after a first visit's: what comes now is a new version
  });
  offerWaiting();
  setInterval(() => registration.update().catch(() => {}), LOOK_MS);
  await serviceWorker.ready;
  document.documentElement.dataset.offline = "ready";
}
