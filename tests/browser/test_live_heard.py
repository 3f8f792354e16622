"""Live notes heard through the sampled instrument: at once, in tune, each with its own bends; and nothing hangs."""

import numpy as np
import pytest
import soundfile
from playwright.sync_api import expect

from tests import synth
from tests.browser import heard, linnet_page
from tests.browser.test_live import HOLD_STREAM, begin, choose, stop, until_told

PIANO, FLUTE = 0, 73
ON, OFF, BEND, BACK = range(4)
QUIET = 1e-3

# events to the instrument itself: batches with the pause after each; what is heard after each pause
PLAY = """async ([address, program, batches]) => {
  const { LiveInstrument } = await import(address);
  const context = new AudioContext({ sampleRate: 48000 });
  await context.resume();
  const ears = new AnalyserNode(context, { fftSize: 32768 });
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (to, ...rest) {
    return connect.call(this, to === context.destination ? ears : to, ...rest);
  };
  const instrument = new LiveInstrument(context, program);
  AudioNode.prototype.connect = connect;
  const pause = async (s) => {
    const untilS = context.currentTime + s;
    while (context.currentTime < untilS) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  while (instrument.sampledProgram !== program) await new Promise((resolve) => setTimeout(resolve, 20));
  const found = [];
  for (const [rows, s] of batches) {
    if (rows === "silence") instrument.silence();
    else if (rows === "end") instrument.end();
    else if (rows === "suspend") await context.suspend();
    else if (rows === "resume") await context.resume();
    else instrument.take({
      kind: Uint8Array.from(rows, (r) => r[0]), note: Int32Array.from(rows, (r) => r[1]),
      pitch: Uint8Array.from(rows, (r) => r[2]), velocity: Uint8Array.from(rows, () => 100),
      timeS: new Float64Array(rows.length), cents: Float32Array.from(rows, (r) => r[3] ?? 0),
    });
    if (context.state === "running") await pause(s);
    const samples = new Float32Array(32768);
    ears.getFloatTimeDomainData(samples);
    found.push(Array.from(samples));
  }
  await context.close();
  return found;
}"""


def played(page, served, program, *batches):
    address = heard.module(served.url, "live/live-instrument.js")
    return [np.array(sound) for sound in page.page.evaluate(PLAY, [address, program, batches])]


def last(sound, seconds):
    return np.abs(sound[-round(48000 * seconds) :]).max()


def test_notes_of_a_chord_bend_apart_while_they_sound(linnet, served):
    first, bent, silent = played(
        linnet, served, FLUTE,
        [[[ON, 0, 69], [ON, 1, 76]], 0.9],
        [[[BEND, 0, 69, 100], [BEND, 1, 76, -50]], 0.9],
        [[[OFF, 0, 69], [OFF, 1, 76]], 1.0],
    )  # fmt: skip
    for sound, wanted in ((first, (440.0, 659.26)), (bent, (466.16, 640.49))):
        spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 1 << 18))
        for hz in wanted:
            at = round(hz * (1 << 18) / 48000)
            near = spectrum[at - 60 : at + 61]
            assert heard.cents((at - 60 + np.argmax(near)) * 48000 / (1 << 18), hz) == pytest.approx(
                0, abs=20
            )  # the samples have a vibrato
    assert last(first, 0.3) > 0.02
    assert last(silent, 0.3) < QUIET


def test_a_note_that_was_none_is_cut_short(linnet, served):
    sounding, back, again, off = played(
        linnet,
        served,
        PIANO,
        [[[ON, 0, 45]], 0.4],
        [[[BACK, 0, 45]], 0.12],
        [[[ON, 1, 45]], 0.4],
        [[[OFF, 1, 45]], 0.12],
    )
    assert last(sounding, 0.1) > 0.02
    assert last(again, 0.1) > 0.02
    assert last(back, 0.02) < QUIET
    assert last(off, 0.02) > QUIET  # what did end rings on as a piano does


@pytest.mark.parametrize("how", ["silence", "end", "suspend"])
def test_held_notes_are_silenced(linnet, served, how):
    sounding, *_, silent = played(
        linnet, served, FLUTE,
        [[[ON, 0, 60], [ON, 1, 64], [ON, 2, 67]], 0.3],
        [how, 0.1], [[[BEND, 0, 60, 50]], 0.0], *([[[[ON, 3, 72]], 0.0], ["resume", 0.2]] if how == "suspend" else []),
        [[], 0.1],
    )  # fmt: skip
    assert last(sounding, 0.1) > 0.02
    assert last(silent, 0.02) < QUIET


@pytest.fixture(scope="module")
def held_note(playwright, tmp_path_factory):
    """A Chromium whose microphone plays one long note, over and over."""
    time_s = np.arange(int(10 * synth.RATE_HZ)) / synth.RATE_HZ
    tone = sum(np.sin(2 * np.pi * 440 * k * time_s) / k**1.5 for k in range(1, 7))
    tone *= 0.2 * np.minimum(1, time_s / 0.01) * (time_s < 9) * np.exp(-0.05 * time_s)
    path = tmp_path_factory.mktemp("held") / "note.wav"
    soundfile.write(path, np.concatenate([np.zeros(synth.RATE_HZ // 2), tone]), synth.RATE_HZ)
    browser = linnet_page.launch(playwright, *linnet_page.FAKE_MICROPHONE, f"--use-file-for-fake-audio-capture={path}")
    yield linnet_page.profile(browser)
    browser.close()


@pytest.fixture
def live(held_note, served):
    with linnet_page.emptied(held_note, served.url) as page:
        page.page.add_init_script(HOLD_STREAM + heard.EARS)
        page.open(served.url)
        choose(page, isHeard=True, mode="play")
        page.page.click("#live-open")
        page.page.select_option("#live-program", str(FLUTE))
        page.page.keyboard.press("Escape")
        yield page
        assert page.complaints == []


def until_sampled(page):
    """Until a note sounds that the samples began."""
    begin(page)
    page.until("linnet.live().sampledProgram", lambda found: found == FLUTE)
    count = page.page.evaluate("window.plainTones")
    told = page.page.evaluate("linnet.live().told.length")
    page.until("linnet.live().told.length", lambda found: found > told, 25)
    assert page.until("window.loudness()", lambda found: found > 0.01) > 0.01
    assert page.page.evaluate("window.plainTones") == count


def test_a_take_is_heard_through_samples_and_silent_after_stop(live):
    until_sampled(live)
    assert "headphones" in live.page.inner_text("#live-card")
    stop(live)
    assert live.page.evaluate("window.loudness()") < QUIET
    states = "window.ears.map((ear) => ear.context.state).filter((state) => state === 'running')"
    live.until(states, lambda found: found == [])


def test_panic_is_silence_and_the_take_goes_on(live):
    until_sampled(live)
    expect(live.page.locator("#live-silence")).to_be_visible()
    live.page.click("#live-silence")
    live.until("window.loudness()", lambda found: found < QUIET, 2)
    assert live.page.get_attribute("#record", "data-recording") == "true"
    stop(live)


def test_a_tab_that_is_left_and_an_input_that_goes_leave_silence(live):
    until_sampled(live)
    live.page.evaluate("(() => { window.dispatchEvent(new Event('pagehide')); })()")
    live.until("window.loudness()", lambda found: found < QUIET, 2)
    live.page.evaluate("(() => { window.heldStream.getTracks()[0].dispatchEvent(new Event('ended')); })()")
    live.page.wait_for_selector("#record[data-recording=false]")
    live.wait_for("done")
    assert live.page.evaluate("window.loudness()") < QUIET


def test_the_output_stays_awake_though_nothing_is_to_be_heard(live):
    """After half a minute of perfect silence Chromium drives the take by a timer that leaves sound out."""
    choose(live, isHeard=False)
    begin(live)
    until_told(live, 1)
    assert 0 < live.page.evaluate("window.loudness()") < 1e-8
    stop(live)


def test_without_samples_the_plain_tone_is_heard(held_note, served):
    with linnet_page.emptied(held_note, served.url) as page:
        page.page.add_init_script(heard.EARS)
        page.page.route("**/instruments-*/**", lambda route: route.abort())
        page.open(served.url)
        choose(page, isHeard=True, mode="play")
        begin(page)
        page.until("window.plainTones", lambda found: found > 0)
        page.until("window.loudness()", lambda found: found > 0.01)
        assert page.page.evaluate("linnet.live().sampledProgram") is None
        stop(page)
        assert page.page.evaluate("window.loudness()") < QUIET
