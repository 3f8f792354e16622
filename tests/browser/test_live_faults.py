"""What may go wrong with a take: each is said clearly, and what was recorded is kept."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import linnet_page
from tests.browser.test_live import HOLD_STREAM, begin, choose, refuse_to_close, stop, until_told
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
    script = """(() => {
      const ask = navigator.mediaDevices.getUserMedia;
      navigator.mediaDevices.getUserMedia = async (wanted) => {
        navigator.mediaDevices.getUserMedia = ask;
        const stream = await ask(wanted);
        const [track] = stream.getTracks();
        GOING;
        return stream;
      };
    })()"""
    live.page.evaluate(script.replace("GOING", going))
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


def test_an_input_that_was_chosen_and_is_gone_is_named_and_gives_way(live):
    choose(live, input="not-plugged-in")
    live.page.click("#record")
    assert "not plugged in" in live.alarm()
    assert live.page.get_attribute("#record", "data-recording") == "false"
    live.page.click("#live-open")
    expect(live.page.locator("#live-input")).to_have_value("not-plugged-in")
    expect(live.page.locator("#live-input option:checked")).to_have_text(
        re.compile("^The chosen input \\(not plugged in\\)$|^The input chosen before$")
    )
    live.page.select_option("#live-input", "")  # the system's own
    live.page.keyboard.press("Escape")
    begin(live)
    until_told(live, 1)
    stop(live)


def test_a_take_that_found_no_room_is_asked_about_before_the_tab_is_closed(live, served):
    session = live.page.context.new_cdp_session(live.page)
    session.send("Storage.overrideQuotaForOrigin", {"origin": served.url.rstrip("/"), "quotaSize": 1000})
    begin(live)
    until_told(live, 1)
    stop(live)
    live.page.wait_for_selector("[data-notice=full]")
    live.until("linnet.live().unsaved", lambda found: found == 0)
    refuse_to_close(live)
    kept(live)
    session.send("Storage.overrideQuotaForOrigin", {"origin": served.url.rstrip("/")})


def test_sound_that_the_system_never_starts_is_said_and_the_input_let_go(live):
    live.page.evaluate("""(() => {
      AudioContext.prototype.resume = () => new Promise(() => {});
      Object.defineProperty(BaseAudioContext.prototype, "state", { get: () => "suspended" });
    })()""")
    live.page.click("#record")
    assert "did not start the sound" in live.alarm()
    assert live.page.get_attribute("#record", "data-recording") == "false"
    assert live.page.evaluate("window.heldStream.getTracks()[0].readyState") == "ended"


SHARE_SILENCE = """(() => {
  navigator.mediaDevices.getDisplayMedia = async () => {
    const sound = new MediaStreamAudioDestinationNode(new AudioContext());
    const picture = document.createElement("canvas");
    picture.getContext("2d");
    return new MediaStream([...sound.stream.getTracks(), ...picture.captureStream().getTracks()]);
  };
})()"""


def test_a_shared_tab_that_gives_no_sound_is_not_taken_for_a_microphone(live):
    choose(live, input="shared")
    live.page.evaluate(SHARE_SILENCE)
    begin(live)
    assert "from what is shared. Is it playing" in live.alarm()
    stop(live)
