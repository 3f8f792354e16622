"""The sampled instrument: it sounds, in tune, each note with its own bends; as a WAV file; without a network."""

import base64

import numpy as np
import pytest
import soundfile

from tests.browser import heard, linnet_page, site

PIANO, FLUTE = 0, 73
LIVE = """async ([address, program, notes]) => {
  const { SampledInstrument } = await import(address);
  const context = new AudioContext({ sampleRate: 48000 });
  await context.resume();
  const ears = new AnalyserNode(context, { fftSize: 32768 });
  const instrument = new SampledInstrument(context, ears);
  instrument.load(program);
  while (instrument.program !== program) await new Promise((resolve) => setTimeout(resolve, 20));
  const fromS = context.currentTime + 0.1;
  instrument.sound(notes.map(([pitch, bends]) => ({
    pitch, velocity: 100, fromS, toS: fromS + 2, bends: bends.map(([s, cents]) => [fromS + s, cents]),
  })));
  while (context.currentTime < fromS + 1.2) await new Promise((resolve) => setTimeout(resolve, 20));
  const samples = new Float32Array(32768);
  ears.getFloatTimeDomainData(samples);
  instrument.silence();
  const stoppedS = context.currentTime;
  while (context.currentTime < stoppedS + 0.9) await new Promise((resolve) => setTimeout(resolve, 20));
  const rest = new Float32Array(32768);
  ears.getFloatTimeDomainData(rest);
  await context.close();
  return [Array.from(samples), Math.max(...rest.map(Math.abs))];
}"""


def level_at(sound, rate_hz, wanted_hz):
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    at = round(wanted_hz * len(sound) / rate_hz)
    return spectrum[at - 2 : at + 3].max() / spectrum.max()


@pytest.mark.parametrize(
    ("program", "bend", "wanted_hz"), [(PIANO, 0.0, 440.0), (FLUTE, 100.0, 466.16), (FLUTE, -150.0, 403.48)]
)
def test_what_is_written_is_in_tune(linnet, served, program, bend, wanted_hz):
    notes = heard.columns((0.5, 2.5, 69, [(0.5, bend)]))
    sound, rate_hz, is_sampled = heard.rendered(linnet.page, served.url, notes, program)
    assert is_sampled
    assert len(sound) == pytest.approx((2.5 + 2) * rate_hz, abs=2)
    mono = sound.mean(axis=1)
    assert np.abs(mono[: int(0.49 * rate_hz)]).max() < 1e-4
    assert np.sqrt(np.mean(mono[int(0.6 * rate_hz) : int(1.6 * rate_hz)] ** 2)) > 0.01
    found = heard.pitch_hz(mono[int(0.8 * rate_hz) : int(2.2 * rate_hz)], rate_hz, wanted_hz)
    assert heard.cents(found, wanted_hz) == pytest.approx(0, abs=5)


def test_a_note_bends_while_it_sounds(linnet, served):
    notes = heard.columns((0.0, 2.4, 69, [(0.0, 0.0), (1.2, 100.0)]))
    sound, rate_hz, _ = heard.rendered(linnet.page, served.url, notes, FLUTE)
    before, after = (
        sound[int(0.3 * rate_hz) : int(1.15 * rate_hz), 0],
        sound[int(1.3 * rate_hz) : int(2.3 * rate_hz), 0],
    )
    step = heard.cents(heard.pitch_hz(after, rate_hz, 466.16), heard.pitch_hz(before, rate_hz, 440.0))
    assert step == pytest.approx(100, abs=3)


def test_notes_of_a_chord_bend_apart(linnet, served):
    notes = heard.columns((0.0, 2.0, 60, [(0.0, 50.0)]), (0.0, 2.0, 67, []), (0.0, 2.0, 72, [(0.0, -40.0)]))
    sound, rate_hz, _ = heard.rendered(linnet.page, served.url, notes, FLUTE)
    middle = sound[int(0.5 * rate_hz) : int(1.9 * rate_hz), 0]
    for pitch, bend in ((60, 0.5), (67, 0.0), (72, -0.4)):
        assert level_at(middle, rate_hz, 440 * 2 ** ((pitch + bend - 69) / 12)) > 0.08
    assert level_at(middle, rate_hz, 440 * 2 ** ((60 - 69) / 12)) < 0.03


def test_more_notes_than_channels_all_end(linnet, served):
    """Forty at once: the oldest give way, nothing rings on."""
    notes = heard.columns(*((0.01 * i, 1.0, 40 + i, []) for i in range(40)))
    sound, rate_hz, _ = heard.rendered(linnet.page, served.url, notes, FLUTE)
    assert np.abs(sound).max() <= 1
    assert np.abs(sound[int(2.5 * rate_hz) :]).max() < 1e-3


def test_it_sounds_on_the_audio_thread_and_falls_silent(linnet, served):
    address = heard.module(served.url, "sound/sampled.js")
    samples, rest = linnet.page.evaluate(LIVE, [address, FLUTE, [[69, [[0.0, 100.0]]]]])
    sound = np.array(samples)
    assert np.sqrt(np.mean(sound**2)) > 0.005
    assert heard.cents(heard.pitch_hz(sound, 48000, 466.16), 466.16) == pytest.approx(0, abs=5)
    assert rest < 1e-4


def until_heard(page, program):
    """Until the samples of a program sound."""
    page.until("linnet.playing().sampledProgram", lambda found: found == program)


def test_the_chosen_program_is_heard(linnet, clip_file):
    linnet.transcribe(clip_file)
    linnet.page.select_option("#option-program", str(FLUTE))
    linnet.page.click("#play")
    until_heard(linnet, FLUTE)
    linnet.page.click("#play")
    linnet.page.select_option("#option-program", "0")


def test_the_saved_wav_is_as_long_as_the_notes(linnet, clip_file, tmp_path):
    notes = linnet.transcribe(clip_file)
    path = linnet.save("wav", tmp_path)
    assert path.name == "clip.wav"
    info = soundfile.info(path)
    assert (info.subtype, info.channels, info.samplerate) == ("PCM_16", 2, 44100)
    assert info.duration == pytest.approx(max(notes["offsetS"]) + 2, abs=0.001)
    sound, _ = soundfile.read(path)
    assert 0.05 < np.abs(sound).max() <= 1


def test_writing_sound_can_be_stopped(linnet, served):
    script = """async (address) => {
      const { renderWav } = await import(address);
      const columns = { onsetS: new Float64Array(1), offsetS: Float64Array.of(6000), pitch: Uint8Array.of(60),
        velocity: Uint8Array.of(90), confidence: Float32Array.of(1), bendStart: new Int32Array(2),
        bendS: new Float64Array(0), bendCents: new Float32Array(0) };
      const stop = new AbortController();
      const tell = (part) => part > 0 && stop.abort();
      const stopped = await renderWav(columns, 0, tell, stop.signal).catch((error) => error.name);
      columns.offsetS[0] = 8000;
      const { signal } = new AbortController();
      const refused = await renderWav(columns, 0, () => {}, signal).catch((error) => error.message);
      return [stopped, refused];
    }"""
    stopped, refused = linnet.page.evaluate(script, heard.module(served.url, "sound/wav-file.js"))
    assert stopped == "AbortError"
    assert refused == "The notes last 133 minutes; a WAV may hold 120."


def test_heard_once_it_is_there_without_a_network(chromium, clip_file, tmp_path):
    running = site.start()
    with linnet_page.fresh(chromium, works_offline=True, accept_downloads=True) as page:
        page.open(running.url)
        page.until_offline()
        asked = []
        page.page.on("request", lambda request: asked.append(request.url))
        page.transcribe(clip_file)
        assert not [url for url in asked if "/instruments-" in url]  # nothing of it before it is wanted
        page.save("wav", tmp_path)
        running.stop()
        page.page.goto("about:blank")
        session = page.page.context.new_cdp_session(page.page)
        session.send("Network.clearBrowserCache")
        page.open(running.url)
        page.transcribe(clip_file)
        page.page.click("#play")
        until_heard(page, PIANO)
        # a program that was never heard: the plain tone stands in, and nobody is told that it failed
        page.page.select_option("#option-program", str(FLUTE))
        page.page.wait_for_timeout(500)
        found = page.page.evaluate("linnet.playing()")
        assert (found["isPlaying"], found["sampledProgram"]) == (True, None)


def test_without_samples_the_plain_tone_is_written(chromium, served, tmp_path):
    with linnet_page.fresh(chromium) as page:
        page.page.route("**/instruments-*/**", lambda route: route.abort())
        page.open(served.url)
        notes = heard.columns((0.5, 1.5, 69, [(0.5, 100.0)]))
        sound, rate_hz, is_sampled = heard.rendered(page.page, served.url, notes)
    assert not is_sampled
    found = heard.pitch_hz(sound[int(0.6 * rate_hz) : int(1.4 * rate_hz), 0], rate_hz, 466.16)
    assert heard.cents(found, 466.16) == pytest.approx(0, abs=2)


def test_wav_header_is_whole(linnet, served):
    text, _ = linnet.page.evaluate(
        heard.RENDER, [heard.module(served.url, "sound/wav-file.js"), heard.columns((0, 0.2, 60, [])), PIANO]
    )
    bytes_ = base64.b64decode(text)
    assert bytes_[:4] == b"RIFF"
    assert int.from_bytes(bytes_[4:8], "little") == len(bytes_) - 8
    assert int.from_bytes(bytes_[40:44], "little") == len(bytes_) - 44
