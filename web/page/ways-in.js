// Files that other programs hand to the page: opened with it (file_handlers), or shared to it (share_target) and laid down
// by the service worker where the next page finds them.

const SHARED = "linnet-shared"; // the same name stands in sw.js

/** @param {(files: File[]) => void} choose */
export function listenForLaunches(choose) {
  if (!("launchQueue" in window)) return;
  const queue = /** @type {{ setConsumer(take: (launch: { files: FileSystemFileHandle[] }) => void): void }} */ (
    window.launchQueue
  );
  queue.setConsumer(async ({ files }) => {
    const chosen = await Promise.all(files.map((handle) => handle.getFile()));
    if (chosen.length > 0) choose(chosen);
  });
}

/** What was shared to the page before it was loaded; each is handed out once. @returns {Promise<File[]>} */
export async function takeShared() {
  if (!("caches" in window) || !(await caches.has(SHARED))) return [];
  const inbox = await caches.open(SHARED);
  const files = [];
  for (const request of await inbox.keys()) {
    const answer = await inbox.match(request);
    const name = decodeURIComponent(answer?.headers.get("x-name") ?? "");
    const blob = await answer?.blob();
    if (blob) files.push(new File([blob], name, { type: blob.type }));
  }
  await caches.delete(SHARED);
  return files;
}

/** What the page was asked for by one of the manifest's shortcuts; asked once. @returns {string} */
export function takeShortcut() {
  const asked = new URLSearchParams(location.search).get("do") ?? "";
  if (asked) history.replaceState(null, "", location.pathname);
  return asked;
}
