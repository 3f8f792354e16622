"""What may go wrong with a take: each is said clearly, and what was recorded is kept."""

import pytest
from playwright.sync_api import expect

from tests.browser import linnet_page
from tests.browser.site import folder
from tests.browser.test_live import HOLD_STREAM, begin, choose, stop, until_told
from tests.browser.test_live_midi import STUB, hanging, pick, sent

# keeps the page's contexts and audio nodes at hand
HOLD_SOUND = """
window.contexts = [];
window.worklets = [];
const [Context, Worklet] = [window.AudioContext, window.AudioWorkletNode];
window.AudioContext = class extends Context {
  constructor(options) { super(options); window.contexts.push(this); }
};
window.AudioWorkletNode = class extends Worklet {
  constructor(...all) { super(...all); window.worklets.push(this); }
};
window.locks = 0;
if (navigator.wakeLock) {
  const ask = navigator.wakeLock.request.bind(navigator.wakeLock);
  navigator.wakeLock.request = (kind) => { window.locks += 1; return ask(kind); };
}
window.show = (state) => {
  Object.defineProperty(document, "visibilityState", { get: () => state, configurable: true });
  Object.defineProperty(document, "hidden", { get: () => state === "hidden", configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
};
"""
BEFORE_PAGE = HOLD_STREAM + HOLD_SOUND + STUB


def told(page):
    return page.page.evaluate("linnet.live().told.length")


def kept(page):
    """The take has ended by itself or was ended: it is a recording with notes."""
    page.page.wait_for_selector("#record[data-recording=false]")
    page.wait_for("done")
    assert page.page.inner_text("#file-name").startswith("Take 20")
    assert len(page.notes()["onsetS"]) >= 1


def test_a_pause_by_the_system_is_ended_and_said(live):
    begin(live)
    until_told(live, 1)
    live.page.evaluate("window.contexts.at(-1).suspend()")
    expect(live.page.locator("#notices")).to_contain_text("missing from the take")
    expect(live.page.locator("#alarm")).to_be_hidden()
    until_told(live, told(live) + 2)  # it goes on
    stop(live)
    kept(live)


@pytest.mark.parametrize("mode", ["follow", "play"])
def test_a_sound_system_that_does_not_wake_leaves_the_take(live, mode):
    choose(live, mode=mode)
    begin(live)
    until_told(live, 3)
    live.page.evaluate("""(() => {
      const context = window.contexts.at(-1);
      context.resume = () => Promise.reject(new DOMException("a call", "InvalidStateError"));
      return context.suspend();
    })()""")
    assert "paused the sound" in live.alarm()
    live.page.click("#record")
    kept(live)


def test_a_sound_system_that_says_nothing_any_more_leaves_the_take(live):
    begin(live)
    until_told(live, 3)
    live.page.evaluate("(() => { window.worklets[0].port.onmessage = null; })()")
    live.page.click("#record")
    kept(live)


def test_an_audio_thread_that_stops_leaves_the_take(live):
    begin(live)
    until_told(live, 3)
    live.page.evaluate("(() => { window.worklets[0].dispatchEvent(new Event('processorerror')); })()")
    kept(live)
    assert "audio thread stopped. What was recorded is kept." in live.page.inner_text("#notices")


@pytest.mark.parametrize(
    "going",
    ["track.stop()", "Object.defineProperty(track, 'onended', { set: (hear) => queueMicrotask(hear) })"],
    ids=["before it is heard", "while the page makes way"],
)
def test_an_input_that_goes_before_the_take_begins_leaves_none(live, going):
    live.page.evaluate(
        """(going) => {
          const ask = navigator.mediaDevices.getUserMedia;
          navigator.mediaDevices.getUserMedia = async (wanted) => {
            navigator.mediaDevices.getUserMedia = ask;
            const stream = await ask(wanted);
            new Function("track", going)(stream.getTracks()[0]);
            return stream;
          };
        }""",
        going,
    )
    live.page.click("#record")
    assert "Nothing was recorded" in live.alarm()
    assert live.page.inner_text("#notices") == ""
    assert live.page.get_attribute("#record", "data-recording") == "false"
    begin(live)
    until_told(live, 1)
    stop(live)
    kept(live)


SLEEP = """
  context.resume = () => Promise.reject(new DOMException("a call", "InvalidStateError"));
  await Promise.all([context.suspend(), new Promise((resolve) => context.addEventListener("statechange", resolve))]);
"""
SAY_NOTHING = "window.worklets[0].port.onmessage = null;"  # the take ends when it is given up after 3 s


@pytest.mark.parametrize(
    "fault",
    [
        SLEEP,
        f"{SAY_NOTHING} document.getElementById('record').click();",
        f"{SAY_NOTHING} window.worklets[0].dispatchEvent(new Event('processorerror'));",
    ],
    ids=["paused", "stopped", "lost"],
)
def test_no_note_hangs_in_a_port_when_no_sound_comes(live, fault):
    pick(live)
    begin(live)
    until_told(live, 2)
    script = """new Promise((resolve) => {
      window.whileOneSounds = async () => {
        const context = window.contexts.at(-1);
        FAULT
        resolve([...window.sentMidi]);
      };
    })"""
    at_once = live.page.evaluate(script.replace("FAULT", fault))
    assert hanging(at_once) == set()
    if fault == SLEEP:
        live.page.click("#record")
    kept(live)
    assert sent(live) == at_once  # and none has begun since


def test_a_muted_input_that_comes_back_is_said(live):
    begin(live)
    until_told(live, 1)
    live.page.evaluate("(() => { window.heldStream.getTracks()[0].dispatchEvent(new Event('mute')); })()")
    assert "muted" in live.alarm()
    live.page.evaluate("(() => { window.heldStream.getTracks()[0].dispatchEvent(new Event('unmute')); })()")
    expect(live.page.locator("#alarm")).to_be_hidden()
    expect(live.page.locator("#notices")).to_contain_text("no longer muted")
    stop(live)
    begin(live)
    assert live.page.inner_text("#notices") == ""  # of the take before
    stop(live)


def test_a_hidden_tab_records_on_and_the_screen_stays_on(live):
    begin(live)
    until_told(live, 1)
    live.page.evaluate("window.show('hidden')")
    until_told(live, told(live) + 2)
    live.page.evaluate("window.show('visible')")
    until_told(live, told(live) + 1)
    expect(live.page.locator("#alarm")).to_be_hidden()
    assert live.page.evaluate("window.locks") == live.page.evaluate("navigator.wakeLock ? 2 : 0")
    stop(live)
    kept(live)


def test_devices_that_come_and_go_leave_the_take_alone(live):
    begin(live)
    until_told(live, 1)
    live.page.evaluate("(() => { navigator.mediaDevices.dispatchEvent(new Event('devicechange')); })()")
    until_told(live, told(live) + 1)
    expect(live.page.locator("#alarm")).to_be_hidden()
    stop(live)


@pytest.mark.parametrize("what", ["context", "source"])
def test_a_rate_that_the_browser_does_not_take_is_not_asked_of_it(microphone, served, what):
    with linnet_page.fresh(microphone) as page:
        page.page.add_init_script(
            """
          const [Context, Source] = [window.AudioContext, window.MediaStreamAudioSourceNode];
          const refuse = () => { throw new DOMException("no such rate", "NotSupportedError"); };
          window.AudioContext = class extends Context {
            constructor(options) {
              if ("WHAT" === "context" && options?.sampleRate) refuse();
              super(options);
              this.asked = options?.sampleRate;
            }
          };
          window.MediaStreamAudioSourceNode = class extends Source {
            constructor(context, options) {
              if ("WHAT" === "source" && context.asked) refuse();
              super(context, options);
            }
          };
        """.replace("WHAT", what)
        )
        page.open(served.url)
        begin(page)
        until_told(page, 1)
        stop(page)
        kept(page)
        assert page.complaints == []


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("NotFoundError", "Plug one in"),
        ("NotReadableError", "Another program holds the microphone"),
        ("OverconstrainedError", "choose another"),
        ("AbortError", "AbortError"),
    ],
)
def test_an_input_that_cannot_be_had_changes_nothing(linnet, clip_file, error, words):
    notes = linnet.transcribe(clip_file)
    linnet.page.evaluate(
        """(name) => {
          navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", name));
        }""",
        error,
    )
    linnet.page.click("#record")
    assert words in linnet.alarm()
    assert linnet.notes() == notes
    assert linnet.page.get_attribute("#record", "data-recording") == "false"
    linnet.page.click("#alarm-close")
    linnet.page.evaluate("(() => { delete navigator.mediaDevices.getUserMedia; })()")


def test_a_microphone_that_is_refused_is_said(playwright, served):
    browser = linnet_page.launch(playwright, "--use-fake-device-for-media-stream", "--deny-permission-prompts")
    with linnet_page.fresh(browser) as page:
        page.open(served.url)
        page.page.click("#record")
        assert "may not use the microphone. Allow it" in page.alarm()
        assert page.page.is_visible("#welcome")
    browser.close()


def test_a_machine_without_a_microphone_says_so(playwright, served):
    browser = linnet_page.launch(playwright, "--use-fake-ui-for-media-stream")
    with linnet_page.fresh(browser) as page:
        page.open(served.url)
        page.page.click("#welcome-record")
        assert "No microphone was found" in page.alarm()
        assert page.page.is_visible("#welcome")
    browser.close()


def test_an_input_that_was_chosen_and_is_gone_is_named(live):
    choose(live, input="not-plugged-in")
    live.page.click("#record")
    assert "not plugged in" in live.alarm()
    assert live.page.get_attribute("#record", "data-recording") == "false"


CLOCK = """async ([folder, pieces]) => {
  const { LiveClock } = await import(`/${folder}/page/live/live-clock.js`);
  const clock = new LiveClock(48000);
  for (const [frames, ms] of pieces) clock.hear(frames, ms);
  return [clock.lostS, clock.driftMs];
}"""
PIECE_FRAMES, PIECE_MS, BEGAN_MS = 2400, 50.0, 1e12
COUNT = 600


def come(delays_ms):
    """When each of the pieces of a take comes, with what holds it up."""
    return [[PIECE_FRAMES, BEGAN_MS + (i + 1) * PIECE_MS + delay] for i, delay in enumerate(delays_ms)]


@pytest.mark.parametrize(
    ("delays_ms", "lost_s"),
    [
        pytest.param([0.0] * COUNT, 0, id="steady"),
        pytest.param([300.0 * (i > 200) for i in range(COUNT)], 0.3, id="a gap"),
        pytest.param([300.0 * (i > 200) + 500.0 * (i > 400) for i in range(COUNT)], 0.8, id="two gaps"),
        pytest.param([10.0 * (i // 100) for i in range(4 * COUNT)], 0.2, id="in small pieces"),
        pytest.param([300.0 * (200 < i < 230) for i in range(COUNT)], 0, id="only late"),
        pytest.param([900.0 * (200 < i < 330) for i in range(COUNT)], 0, id="late for long"),
        pytest.param([i * PIECE_MS * 2e-4 for i in range(6 * COUNT)], 0, id="a device's own clock"),
        pytest.param([17.0 * (i * 7 % 3) for i in range(COUNT)], 0, id="unsteady"),
    ],
)
def test_sound_that_never_came_is_told_from_sound_that_came_late(linnet, delays_ms, lost_s):
    lost, drift_ms = linnet.page.evaluate(CLOCK, [folder("app"), come(delays_ms)])
    assert lost == pytest.approx(lost_s, abs=0.06)
    assert drift_ms == pytest.approx(delays_ms[-1] - delays_ms[0], abs=0.01)
