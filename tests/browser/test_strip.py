"""The strip under the roll: every note of the recording is seen where its time and pitch are."""

import io

import numpy as np
from PIL import Image

EDGE_PX, MARGIN_PX, LEAST_LANES = 4, 6, 12
ACCENT = """() => {
  const context = document.createElement("canvas").getContext("2d");
  context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--accent");
  context.fillRect(0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}"""


def test_the_strip_shows_every_note(linnet, clip_file):
    notes = linnet.transcribe(clip_file)
    linnet.page.wait_for_timeout(200)  # painted with the next frame
    shot = np.asarray(Image.open(io.BytesIO(linnet.page.locator("#overview").screenshot())).convert("RGB")).astype(int)
    is_note = np.abs(shot - linnet.page.evaluate(ACCENT)).max(axis=2) < 8
    height, width = is_note.shape
    per_s = (width - 2 * EDGE_PX) / 8.0
    highest = max(notes["pitch"])
    lane = (height - 2 * MARGIN_PX) / max(LEAST_LANES, highest - min(notes["pitch"]) + 1)
    middle_s = (np.array(notes["onsetS"]) + np.array(notes["offsetS"])) / 2
    x = np.round(EDGE_PX + middle_s * per_s).astype(int)
    y = np.floor(MARGIN_PX + (highest - np.array(notes["pitch"]) + 0.5) * lane).astype(int)
    assert len(x) > 5
    assert all(is_note[row - 1 : row + 2, column].any() for row, column in zip(y, x, strict=True))  # lanes share pixels
    silent_s = min(notes["onsetS"]) / 2
    assert not is_note[: height - 3, round(EDGE_PX + silent_s * per_s)].any()
