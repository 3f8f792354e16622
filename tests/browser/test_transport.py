"""Loop, speed, mix and scrubbing, by the clocks of the notes and of the recording themselves."""

import numpy as np
import pytest

from tests.browser.test_look import open_panels

WATCH = """(lastsMs) => new Promise((resolve) => {
  const [rows, began] = [[], performance.now()];
  const look = () => {
    const { notesS, sourceS } = linnet.playing();
    rows.push([(performance.now() - began) / 1000, notesS, sourceS ?? -1]);
    if (performance.now() - began < lastsMs) setTimeout(look, 10);
    else resolve(rows);
  };
  look();
})"""


def playing(linnet):
    return linnet.page.evaluate("linnet.playing()")


@pytest.fixture
def tune(linnet, clip_file):
    """The page with eight seconds of music, all of it in sight, silent, everything as it is at first."""
    linnet.transcribe(clip_file)
    yield linnet
    if playing(linnet)["isPlaying"]:
        linnet.page.click("#play")
    set_range(linnet, "speed", 100)
    set_range(linnet, "mix", 0.5)


def set_range(linnet, name, value):
    script = "(input, value) => { input.value = value; input.dispatchEvent(new Event('input', {bubbles: true})); }"
    linnet.page.eval_on_selector(f"#{name}", script, str(value))


def x_of(linnet, time_s):
    """Where a time lies on the ruler, on the page."""
    box = linnet.page.locator("#roll").bounding_box()
    place = linnet.page.evaluate("(timeS) => linnet.place(timeS, 60)", time_s)
    return box["x"] + place["x"], box["y"] + 14


def drag(linnet, from_s, to_s, steps=6):
    mouse = linnet.page.mouse
    mouse.move(*x_of(linnet, from_s))
    mouse.down()
    mouse.move(*x_of(linnet, to_s), steps=steps)
    mouse.up()


def watched(linnet, lasts_s):
    return np.array(linnet.page.evaluate(WATCH, 1000 * lasts_s)).T


def in_step(notes_s, source_s, apart_s):
    """How many of the looks found the two within `apart_s`; a recording that is just starting is not asked."""
    heard = source_s >= 0
    assert heard.mean() > 0.5
    return (np.abs(notes_s - source_s)[heard] < apart_s).mean()


def test_a_click_on_the_ruler_moves_the_playhead(tune):
    tune.page.mouse.click(*x_of(tune, 3.0))
    assert tune.page.inner_text("#time").startswith(("0:02.9", "0:03.0"))


def test_a_drag_marks_a_loop_and_playing_stays_in_it(tune):
    drag(tune, 2.0, 3.5)
    loop = playing(tune)["loop"]
    assert (loop["fromS"], loop["toS"]) == pytest.approx((2.0, 3.5), abs=0.05)
    assert tune.page.get_attribute("#loop", "aria-pressed") == "true"
    tune.page.click("#play")
    tune.page.wait_for_timeout(400)
    at_s, notes_s, source_s = watched(tune, 5.5)
    assert notes_s.min() > loop["fromS"] - 0.05
    assert notes_s.max() < loop["toS"] + 0.15
    after = 1 + np.flatnonzero(np.diff(notes_s) < -0.5)
    wraps = at_s[after] - (notes_s[after] - loop["fromS"])  # however late the look at it was
    assert len(wraps) >= 3
    length_s = loop["toS"] - loop["fromS"]
    apart_s = np.diff(wraps)
    assert apart_s == pytest.approx([length_s] * len(apart_s), abs=0.3)  # a busy machine wraps late now and then
    assert np.abs(apart_s - length_s).min() < 0.1
    assert in_step(notes_s, source_s, 0.06) > 0.85


def test_a_loop_from_the_very_start(tune):
    drag(tune, -0.3, 1.2)
    assert playing(tune)["loop"]["fromS"] == 0
    tune.page.click("#play")
    tune.page.wait_for_timeout(400)
    _, notes_s, source_s = watched(tune, 4)
    assert (np.diff(notes_s) < -0.5).sum() >= 2
    assert np.quantile(notes_s, 0.9) < 1.45  # a busy machine looks late now and then
    assert in_step(notes_s, source_s, 0.08) > 0.8


def test_the_ends_of_a_loop_can_be_moved_and_it_can_be_dragged_away(tune):
    drag(tune, 2.0, 3.5)
    drag(tune, 3.5, 5.0)
    loop = playing(tune)["loop"]
    assert (loop["fromS"], loop["toS"]) == pytest.approx((2.0, 5.0), abs=0.06)
    drag(tune, 5.0, 2.02)
    assert playing(tune)["loop"] is None


def test_the_loop_key(tune):
    tune.page.focus("#roll")
    tune.page.keyboard.press("l")
    loop = playing(tune)["loop"]
    assert (loop["fromS"], loop["toS"]) == pytest.approx((0, 8), abs=0.1)  # what is in sight
    tune.page.keyboard.press("l")
    assert playing(tune)["loop"] is None


def test_the_loop_key_takes_the_chosen_notes(tune):
    tune.page.focus("#roll")
    tune.page.keyboard.press("Control+ArrowRight")
    notes, chosen = tune.notes(), tune.page.evaluate("linnet.chosen()")
    assert len(chosen) == 1
    tune.page.keyboard.press("l")
    loop = playing(tune)["loop"]
    assert loop["fromS"] in notes["onsetS"]
    assert loop["toS"] in notes["offsetS"]
    tune.page.keyboard.press("Escape")


def test_a_new_recording_has_no_loop(tune, clip_file):
    drag(tune, 2.0, 3.5)
    tune.transcribe(clip_file)
    assert playing(tune)["loop"] is None


@pytest.mark.parametrize("percent", [25, 50, 150, 200])
def test_notes_and_recording_keep_step_at_any_speed(tune, percent):
    set_range(tune, "speed", percent)
    assert tune.page.inner_text("#speed-value") == f"{percent} %"
    tune.page.click("#play")
    tune.page.wait_for_timeout(800)
    at_s, notes_s, source_s = watched(tune, 2)
    assert (notes_s[-1] - notes_s[0]) / (at_s[-1] - at_s[0]) == pytest.approx(percent / 100, rel=0.03)
    assert in_step(notes_s, source_s, 0.06) > 0.95


def test_speed_changes_while_it_plays(tune):
    tune.page.click("#play")
    tune.page.wait_for_timeout(600)
    set_range(tune, "speed", 60)
    tune.page.wait_for_timeout(700)
    at_s, notes_s, source_s = watched(tune, 1.5)
    assert (notes_s[-1] - notes_s[0]) / (at_s[-1] - at_s[0]) == pytest.approx(0.6, rel=0.04)
    assert in_step(notes_s, source_s, 0.06) > 0.95
    tune.page.dblclick("#speed")
    assert tune.page.inner_text("#speed-value") == "100 %"


def test_a_hears_one_or_the_other(tune):
    tune.page.focus("#roll")
    tune.page.keyboard.press("a")
    assert playing(tune)["loudness"] == {"notes": 0, "source": 1}
    assert tune.page.get_attribute("#hear-source", "aria-pressed") == "true"
    tune.page.keyboard.press("a")
    assert playing(tune)["loudness"] == {"notes": 1, "source": 0}
    assert tune.page.get_attribute("#hear-notes", "aria-pressed") == "true"
    assert tune.page.input_value("#mix") == "1"
    tune.page.click("#hear-notes")
    assert playing(tune)["loudness"] == {"notes": 1, "source": 1}


def test_the_playhead_is_dragged(tune):
    tune.page.mouse.click(*x_of(tune, 2.0))
    drag(tune, 2.0, 4.0)
    assert playing(tune)["loop"] is None
    assert tune.page.inner_text("#time").startswith(("0:03.9", "0:04.0"))
    assert not playing(tune)["isPlaying"]


def test_dragged_while_it_plays_it_goes_on_from_there(tune):
    set_range(tune, "speed", 25)  # slow enough to be caught
    tune.page.mouse.click(*x_of(tune, 2.0))
    tune.page.click("#play")
    for _ in range(5):  # on a busy machine it may have gone on before it is caught
        tune.page.wait_for_timeout(300)
        drag(tune, playing(tune)["notesS"] + 0.05, 5.0, steps=12)
        if playing(tune)["loop"] is None:
            break
        drag(tune, 7.0, 7.05)  # no loop at all
        tune.page.mouse.click(*x_of(tune, 2.0))
    tune.page.wait_for_timeout(500)
    assert playing(tune)["loop"] is None
    found = playing(tune)
    assert found["isPlaying"]
    assert 4.9 < found["notesS"] < 5.8


def test_to_the_start(tune):
    tune.page.mouse.click(*x_of(tune, 4.0))
    tune.page.click("#to-start")
    assert tune.page.inner_text("#time") == "0:00.000"


def test_playing_ends_at_the_end(tune):
    tune.page.mouse.click(*x_of(tune, 7.5))
    tune.page.click("#play")
    tune.page.wait_for_selector("#play[aria-label^=Pause]")
    tune.page.wait_for_selector("#play[aria-label^=Play]")
    assert tune.page.inner_text("#time") == "0:00.000"


def test_an_interrupted_sound_device_pauses(tune):
    """What a telephone call does: the context leaves the running state without being asked."""
    script = """() => {
      const made = [];
      const Real = window.AudioContext;
      window.AudioContext = class extends Real { constructor() { super(); made.push(this); } };
      window.madeContexts = made;
    }"""
    page = tune.page.context.new_page()
    try:
        page.add_init_script(f"({script})()")
        page.goto(tune.page.url)
        page.wait_for_selector("html[data-linnet=ready]", state="attached", timeout=90_000)
        page.click("#example")
        page.wait_for_selector("html[data-linnet=done]", state="attached", timeout=120_000)
        page.click("#play")
        page.wait_for_timeout(500)
        page.evaluate("() => window.madeContexts[0].suspend()")
        page.wait_for_selector("#play[aria-label^=Play]")
        assert page.inner_text("#time") != "0:00.000"
        page.click("#play")
        page.wait_for_timeout(500)
        assert page.evaluate("linnet.playing()")["isPlaying"]
    finally:
        page.close()


def head_s(page):
    """Where the playhead is."""
    minutes, seconds = page.page.inner_text("#time").split()[0].split(":")
    return 60 * int(minutes) + float(seconds)


def test_the_playhead_and_the_ends_of_a_loop_by_keys(tune):
    keyboard = tune.page.keyboard
    tune.page.focus("#roll")
    keyboard.press("w")
    for _ in range(4):
        keyboard.press(".")
    keyboard.press(",")
    assert head_s(tune) == pytest.approx(0.075)
    assert tune.page.inner_text("#said") == "0:00.075"
    keyboard.press("Tab")  # the ruler
    ruler = tune.page.get_by_role("slider", name="Playhead")
    assert ruler.evaluate("(ruler) => ruler === document.activeElement")
    keyboard.press("Home")
    keyboard.press("PageUp")
    keyboard.press("ArrowLeft")
    assert head_s(tune) == pytest.approx(4.975)
    assert ruler.get_attribute("aria-valuetext") == "0:04.975"
    keyboard.press("i")
    loop = playing(tune)["loop"]
    assert (loop["fromS"], loop["toS"]) == pytest.approx((4.975, 8), abs=0.1)
    keyboard.press("PageUp")
    assert head_s(tune) == pytest.approx(loop["toS"], abs=0.001)  # no farther than the end
    for _ in range(40):
        keyboard.press("ArrowDown")
    keyboard.press("o")
    loop = playing(tune)["loop"]
    assert (loop["fromS"], loop["toS"]) == pytest.approx((4.975, head_s(tune)), abs=0.001)
    assert tune.page.inner_text("#said").startswith("Loop from 0:04.975 to 0:0")
    keyboard.press("Home")
    keyboard.press("Control+ArrowRight")
    keyboard.press("p")
    (note,) = tune.page.evaluate("linnet.chosen()")
    assert head_s(tune) == pytest.approx(note["onsetS"], abs=0.001)
    keyboard.press("Escape")
    keyboard.press("End")
    keyboard.press("o")
    keyboard.press("w")  # to the start of the loop
    keyboard.press("Space")
    tune.page.wait_for_selector("#play[aria-label^=Pause]")
    keyboard.press("Space")


def test_on_a_grid_the_playhead_goes_from_line_to_line(tune):
    open_panels(tune.page)
    tune.page.click("label[for=option-grid-manual]")
    tune.page.fill("#option-tempo_bpm", "120")
    tune.page.keyboard.press("Tab")
    tune.until("linnet.analysis().grid?.bpm", lambda found: found == 120)
    ruler = tune.page.locator("#ruler")
    for key, time_s in (("Home", 0), ("ArrowRight", 0.125), ("PageUp", 2), ("ArrowLeft", 1.875), ("PageDown", 0)):
        ruler.press(key)
        assert head_s(tune) == time_s, key
    assert ruler.get_attribute("aria-valuetext") == "0:00.000, 1.1"
    tune.page.click("label[for=option-grid-off]")
