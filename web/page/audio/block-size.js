const BLOCK_SAMPLES = 131072;

/**
 * Sample frames in one block of audio: about a second, so that progress is seen, memory stays small and no block
 * keeps the window busy for long, however many channels there are.
 * @param {number} channels
 */
export function blockFrames(channels) {
  return Math.max(1024, Math.floor(BLOCK_SAMPLES / channels / 2));
}
