// Where things are. The build names folders by their content and writes the engine's name here.

/** Folder of page, worker, model and options. */
export const APP = new URL("../", import.meta.url);
/** Folder of the runtimes. */
export const ENGINE = new URL("../../%ENGINE%/", import.meta.url);
/** Folder of the samples and the synthesiser that notes are heard with. */
export const INSTRUMENTS = new URL("../../%INSTRUMENTS%/", import.meta.url);

/**
 * A file of ours; anything but success is an error.
 * @param {string} path
 * @param {URL} folder
 */
export async function fetchOk(path, folder) {
  const url = new URL(path, folder);
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url.pathname} answered ${answer.status}`);
  return answer;
}
