// Keeps Linnet working without a network. The build fills in the list of files and the folder of Workbox's parts.
// Cached answers keep the headers they came with, so the page stays cross-origin isolated offline.
/* global workbox, importScripts */
importScripts(
  "./%WORKBOX%/core.js",
  "./%WORKBOX%/routing.js",
  "./%WORKBOX%/strategies.js",
  "./%WORKBOX%/precaching.js",
);

workbox.core.setCacheNameDetails({ prefix: "linnet" });

// First tier: page, engine, model and what saving needs. Fetched once the engine runs, so mostly from the browser's
// own cache.
workbox.precaching.precacheAndRoute(self.__WB_MANIFEST, {
  cleanURLs: false,
  ignoreURLParametersMatching: [/^do$/], // shortcuts ask the one page for something
});
workbox.precaching.cleanupOutdatedCaches();

// Second tier: packages that only some features or browsers need and instruments, kept once they have been used.
workbox.routing.registerRoute(
  ({ url, sameOrigin }) => sameOrigin && /\.whl$|\/python_stdlib\.zip$|\/instruments-\w+\//.test(url.pathname),
  new workbox.strategies.CacheFirst({ cacheName: "linnet-on-demand" }),
);

// Files in folders named by their content are handed out by the browser itself where it can do that, without starting
// this worker first. WebAssembly comes from the browser's own cache where that still has it, for with it comes the
// machine code of the last visit; this worker stands by with its copy.
self.addEventListener("install", (event) => {
  if (!event.addRoutes) return;
  const base = new URL("./", self.location.href).pathname;
  const kept = { cacheName: workbox.core.cacheNames.precache };
  event.waitUntil(
    event.addRoutes([
      { condition: { urlPattern: `${base}engine-*/*.wasm` }, source: "race-network-and-fetch-handler" },
      { condition: { urlPattern: `${base}engine-*/*` }, source: kept },
      { condition: { urlPattern: `${base}app-*/*` }, source: kept },
    ]),
  );
});

// Files shared from another app: laid down where the page looks for them when it starts (page/ways-in.js).
const SHARED = "linnet-shared";
workbox.routing.registerRoute(
  ({ url, sameOrigin }) => sameOrigin && url.pathname === new URL("./share", self.location.href).pathname,
  async ({ request }) => {
    const form = await request.formData();
    const inbox = await caches.open(SHARED);
    let count = 0;
    for (const file of form.getAll("files")) {
      if (!(file instanceof File)) continue;
      const headers = { "content-type": file.type, "x-name": encodeURIComponent(file.name) };
      await inbox.put(`./shared-${Date.now()}-${count++}`, new Response(file, { headers }));
    }
    return Response.redirect("./", 303);
  },
  "POST",
);

// A new version waits until no tab shows the old one, whose files it would take away; unless a person asks for it.
self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
