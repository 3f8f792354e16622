"""Sound that the page's own instruments make, as arrays: notes in, samples out; and how high a tone is."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
import soundfile

from tests.browser import site

RENDER = """async ([address, notes, program]) => {
  const { renderWav } = await import(address);
  const columns = {
    onsetS: Float64Array.from(notes.onsetS), offsetS: Float64Array.from(notes.offsetS),
    pitch: Uint8Array.from(notes.pitch), velocity: Uint8Array.from(notes.velocity),
    confidence: Float32Array.from(notes.pitch, () => 1), bendStart: Int32Array.from(notes.bendStart),
    bendS: Float64Array.from(notes.bendS), bendCents: Float32Array.from(notes.bendCents),
  };
  const { file, isSampled } = await renderWav(columns, program, () => {}, new AbortController().signal);
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return [btoa(text), isSampled];
}"""


# For a page before it loads: an ear at every loudspeaker, and a count of plain tones.
EARS = """
window.ears = [];
window.plainTones = 0;
const connect = AudioNode.prototype.connect;
AudioNode.prototype.connect = function (to, ...rest) {
  if (this instanceof OscillatorNode) window.plainTones += 1;
  if (to instanceof AudioDestinationNode) {
    const ear = new AnalyserNode(this.context, { fftSize: 4096 });
    connect.call(this, ear);
    window.ears.push(ear);
  }
  return connect.call(this, to, ...rest);
};
window.loudness = () => Math.max(0, ...window.ears.map((ear) => {
  if (ear.context.state !== "running") return 0;
  const samples = new Float32Array(4096);
  ear.getFloatTimeDomainData(samples);
  return Math.max(...samples.map(Math.abs));
}));
"""


def module(url: str, path: str) -> str:
    """Address of one of the page's own modules."""
    return f"{url}{site.folder('app')}/page/{path}"


def columns(*notes: tuple[float, float, int, list[tuple[float, float]]], velocity: int = 90) -> dict[str, list[Any]]:
    """(onset s, offset s, pitch, [(s, cents), ...]) by onset, as plain arrays of note columns."""
    bends = [bend for note in notes for bend in note[3]]
    return {
        "onsetS": [note[0] for note in notes],
        "offsetS": [note[1] for note in notes],
        "pitch": [note[2] for note in notes],
        "velocity": [velocity] * len(notes),
        "bendStart": [0, *np.cumsum([len(note[3]) for note in notes]).tolist()],
        "bendS": [bend[0] for bend in bends],
        "bendCents": [bend[1] for bend in bends],
    }


def rendered(page: Any, url: str, notes: dict[str, list[Any]], program: int = 0) -> tuple[np.ndarray, int, bool]:
    """The notes as the page writes them to WAV: [n, 2], Hz, and whether by samples."""
    address = module(url, "sound/wav-file.js")
    text, is_sampled = page.evaluate(RENDER, [address, notes, program])
    samples, rate_hz = soundfile.read(io.BytesIO(base64.b64decode(text)))
    return samples, rate_hz, is_sampled


def pitch_hz(sound: np.ndarray, rate_hz: int, near_hz: float) -> float:
    """Fundamental within 1.5 semitones of `near_hz`: the peak of the autocorrelation many periods out."""
    sound = sound - sound.mean()
    size = 1 << int(2 * len(sound) - 1).bit_length()
    spectrum = np.fft.rfft(sound, size)
    curve = np.fft.irfft(np.abs(spectrum) ** 2, size)[: len(sound)] / np.arange(len(sound), 0, -1)
    period = rate_hz / near_hz
    low, high = int(period / 1.09), int(period * 1.09) + 2
    for many in (1, 4, 16):  # each finds the period well enough to choose the right peak farther out
        lags = np.arange(max(1, int(many * low)), int(many * high) + 1)
        peak = lags[np.argmax(curve[lags])]
        before, at, after = curve[peak - 1 : peak + 2]
        period = (peak + 0.5 * (before - after) / (before - 2 * at + after)) / many
        low, high = period * (1 - 0.15 / (4 * many)), period * (1 + 0.15 / (4 * many))
    return rate_hz / period


def cents(found_hz: float, wanted_hz: float) -> float:
    return 1200 * float(np.log2(found_hz / wanted_hz))
