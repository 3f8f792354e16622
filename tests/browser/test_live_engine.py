"""An engine that fails in a take or cannot keep up, and sound that never came: each is told, no more is lost."""

import pytest
from playwright.sync_api import expect

from tests.browser.site import folder
from tests.browser.test_live import begin, stop, until_told
from tests.browser.test_live_faults import kept

# Before the engine's own code: it fails, or is busy for long, when it is told to.
FAULTS = """{
  const post = self.postMessage.bind(self);
  let fails = false;
  self.postMessage = (reply, options) => {
    if (!fails || reply.type !== "live") return post(reply, options);
    fails = false;
    throw new Error("out of memory");
  };
  new BroadcastChannel("faults").onmessage = ({ data }) => {
    if (data === "fail") fails = true;
    else for (const untilMs = Date.now() + data; Date.now() < untilMs; );
  };
}
"""


@pytest.fixture
def spoilt(live):
    """A page whose engine can be told what is to go wrong."""

    def answer(route):
        response = route.fetch()
        route.fulfill(response=response, body=FAULTS + response.text())

    live.page.route("**/worker/engine-worker.js", answer)
    live.page.reload()
    live.wait_for("ready")
    return live


def spoil(page, what):
    page.page.evaluate("(what) => new BroadcastChannel('faults').postMessage(what)", what)


def test_an_engine_that_fails_leaves_the_take_and_hears_no_more_of_it(spoilt):
    begin(spoilt)
    until_told(spoilt, 3)
    spoil(spoilt, "fail")
    assert spoilt.alarm() == (
        "Notes stopped coming (out of memory). The take goes on and is transcribed when you stop."
    )
    spoilt.until("linnet.live().behindS", lambda found: found > 1.5)
    assert "behind" not in spoilt.page.inner_text("#live-hint")  # nothing is caught up with
    stop(spoilt)
    kept(spoilt)


def test_an_engine_that_cannot_keep_up_is_told_and_loses_nothing(spoilt):
    begin(spoilt)
    until_told(spoilt, 2)
    spoil(spoilt, 3000)
    expect(spoilt.page.locator("#live-hint")).to_contain_text("s behind; nothing is lost.")
    expect(spoilt.page.locator("#live-hint")).not_to_contain_text("behind", timeout=30_000)
    stop(spoilt)
    kept(spoilt)
    assert spoilt.page.evaluate("linnet.live().heard") == spoilt.notes()


FEED = """async (folder) => {
  const { LiveFeed } = await import(`/${folder}/worker/live-feed.js`);
  const { port1, port2 } = new MessageChannel();
  const closed = new Promise((resolve) => {
    port2.close = () => resolve(true);
  });
  const late = new Promise((resolve) => setTimeout(resolve, 3000, false));
  let [isListening, taken] = [true, 0];
  const feed = new LiveFeed(port2, {
    isListening: () => isListening,
    ask: () => queueMicrotask(() => feed.work()),
    take: async (pcm) => {
      taken += pcm.length;
      isListening = false;
    },
    end: async () => {},
  });
  for (let i = 0; i < 3; i++) port1.postMessage({ pcm: new Float32Array(512) });
  return [await Promise.race([closed, late]), taken];
}"""


def test_nothing_is_kept_for_an_engine_that_has_failed(linnet):
    assert linnet.page.evaluate(FEED, folder("app")) == [True, 512]


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
