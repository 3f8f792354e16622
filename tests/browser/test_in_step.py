"""With ears instead of clocks: what leaves the page is recorded, the recording's clicks against the notes on them."""

import base64
import io

import numpy as np
import pytest
import soundfile

from tests.browser import heard, linnet_page

RATE_HZ = 44100
CLICKS_S = np.arange(0.5, 8, 0.5)
CLICK_HZ = 3000
RISE_S = 0.007  # from a note's beginning to where it is found, less the same of a click
LISTEN = """async ([address, recording, notes, speed, loop, mix, lastsS]) => {
  const blocks = [];
  const Real = window.AudioContext;
  window.AudioContext = class extends Real {
    constructor() {
      super({ sampleRate: 44100 });
      const bus = new GainNode(this);
      const ears = this.createScriptProcessor(1024, 1, 1);
      ears.onaudioprocess = (event) => blocks.push(event.inputBuffer.getChannelData(0).slice());
      bus.connect(ears).connect(super.destination);
      Object.defineProperty(this, "destination", { value: bus });
    }
  };
  const { Player } = await import(address);
  const columns = {
    onsetS: Float64Array.from(notes.onsetS), offsetS: Float64Array.from(notes.offsetS),
    pitch: Uint8Array.from(notes.pitch), velocity: Uint8Array.from(notes.velocity),
    bendStart: Int32Array.from(notes.bendStart), bendS: new Float64Array(0), bendCents: new Float32Array(0),
  };
  const player = new Player(() => columns, () => {});
  window.addEventListener("pagehide", () => player.stop());
  player.open(new File([Uint8Array.from(atob(recording), (sign) => sign.charCodeAt(0))], "a.flac"));
  Object.assign(player, { speed, loop, mix });
  await player.play(loop ? loop.fromS : 0);
  // so much sound, not so much time: on a busy machine it comes late
  for (const endMs = performance.now() + 4000 * lastsS; performance.now() < endMs; ) {
    if (blocks.length * 1024 >= 44100 * lastsS) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  player.stop();
  window.AudioContext = Real;
  const bytes = new Uint8Array(await new Blob(blocks).arrayBuffer());
  let text = "";
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
}"""


def as_flac(samples):
    file = io.BytesIO()
    soundfile.write(file, samples, RATE_HZ, format="FLAC")
    return base64.b64encode(file.getvalue()).decode()


def clicks():
    samples, count = np.zeros(8 * RATE_HZ), int(0.03 * RATE_HZ)
    click = 0.5 * np.sqrt(np.hanning(count)) * np.sin(2 * np.pi * CLICK_HZ * np.arange(count) / RATE_HZ)
    for second in CLICKS_S:
        samples[int(second * RATE_HZ) :][:count] = click
    return samples


def onsets_s(sound, low_hz, high_hz, least=0.3):
    """Where the sound of a band begins after silence."""
    spectrum = np.fft.rfft(sound)
    hz = np.fft.rfftfreq(len(sound), 1 / RATE_HZ)
    band = np.fft.irfft(np.where((hz > low_hz) & (hz < high_hz), spectrum, 0), len(sound))
    level = np.sqrt(np.convolve(band**2, np.ones(44) / 44, "same"))
    loud = np.flatnonzero(level > least * level.max()) / RATE_HZ
    return loud[np.diff(loud, prepend=-1) > 0.1]


@pytest.fixture(scope="module")
def listen(chromium, served):
    """The page without samples, so that the plain tone plays, and a function that hears what it plays."""
    with linnet_page.fresh(chromium) as page:
        page.page.route("**/*.sf3", lambda route: route.abort())
        page.open(served.url)
        address = heard.module(served.url, "sound/player.js")
        notes = heard.columns(*((float(s), float(s) + 0.06, 60, []) for s in CLICKS_S), velocity=127)

        def hear(recording, speed=1.0, loop=None, mix=0.5, lasts_s=6.0):
            text = page.page.evaluate(LISTEN, [address, as_flac(recording), notes, speed, loop, mix, lasts_s])
            return np.frombuffer(base64.b64decode(text), np.float32).astype(float)

        yield hear


def apart_s(sound):
    """How long after its click each note is heard."""
    on_clicks, on_notes = onsets_s(sound, 2000, 5000), onsets_s(sound, 100, 600)
    return np.array([on_notes[np.argmin(np.abs(on_notes - second))] - second for second in on_clicks]) - RISE_S


@pytest.mark.parametrize("speed", [0.25, 0.5, 1, 1.5, 2])
def test_notes_are_heard_on_the_recording(listen, speed):
    found = apart_s(listen(clicks(), speed=speed, lasts_s=8 if speed < 0.5 else 5))
    assert len(found) >= 3
    assert np.median(np.abs(found)) < 0.02


def test_a_loop_begins_again_in_time(listen):
    sound = listen(clicks(), loop={"fromS": 1.9, "toS": 3.4}, lasts_s=7)
    found = apart_s(sound)
    assert np.median(np.abs(found)) < 0.01
    gaps_s = np.diff(onsets_s(sound, 2000, 5000))  # 2.0 2.5 3.0 and again 2.0: half a second each
    assert len(gaps_s) >= 8
    assert np.median(np.abs(gaps_s - 0.5)) < 0.012  # four quanta: what a busy machine makes of a click
    assert np.mean(np.abs(gaps_s - 0.5) < 0.03) > 0.6


@pytest.mark.parametrize("speed", [0.25, 0.5, 2])
def test_speed_leaves_the_pitch(listen, speed):
    tone = 0.3 * np.sin(2 * np.pi * 440 * np.arange(8 * RATE_HZ) / RATE_HZ)
    sound = listen(tone, speed=speed, mix=0, lasts_s=3)[RATE_HZ : int(2.5 * RATE_HZ)]
    assert np.sqrt(np.mean(sound**2)) == pytest.approx(0.3 / np.sqrt(2), rel=0.1)
    cents = heard.cents(heard.pitch_hz(sound, RATE_HZ, 440), 440)
    assert cents == pytest.approx(0, abs=10)  # a broken stretcher is off by octaves
