"""What is seen beside the notes: underlays, ghosts, the pointer's time and pitch, and a part heard again."""

import io

import numpy as np
import pytest
import soundfile
from PIL import Image

from tests import recordings, synth
from tests.browser import linnet_page

KINDS = ("waveform", "transform", "likelihood")


@pytest.fixture(scope="module")
def busy_file(tmp_path_factory):
    """Twelve seconds with several voices: some of what is heard is not sure."""
    path = tmp_path_factory.mktemp("clips") / "busy.flac"
    soundfile.write(path, recordings.clip(12.0, 1).samples, synth.RATE_HZ)
    return path


@pytest.fixture
def seen(linnet, busy_file):
    linnet.transcribe(busy_file)
    linnet.page.locator("#roll").focus()
    linnet.page.keyboard.press("f")
    yield linnet
    linnet.page.keyboard.press("Escape")
    linnet.page.check("#underlay-none", force=True)
    linnet.page.uncheck("#ghosts-shown")


def pixels(page, box=(60, 80, 600, 300)):
    """Part of the roll as it is on the screen, [height, width, 3]."""
    left, top, width, height = (round(value) for value in box)
    shot = Image.open(io.BytesIO(page.page.locator("#roll").screenshot())).convert("RGB")
    return np.asarray(shot).astype(int)[top : top + height, left : left + width]


def mark(page, from_s, to_s):
    """Drag over the ruler: a region."""
    left, right = (page.place(time_s, 60)[0] for time_s in (from_s, to_s))
    y = page.page.locator("#roll").bounding_box()["y"] + 6
    page.page.mouse.move(left, y)
    page.page.mouse.down()
    page.page.mouse.move(right, y, steps=5)
    page.page.mouse.up()
    loop = page.page.evaluate("linnet.playing()")["loop"]
    return loop["fromS"], loop["toS"]


def until_settled(page):
    """The underlay's tiles are there: the seeing says so on the roll."""
    page.page.wait_for_selector("#roll[data-underlay=shown]", timeout=20_000)


@pytest.mark.parametrize("kind", KINDS)
def test_an_underlay_is_drawn_under_the_notes(seen, kind):
    bare = pixels(seen)
    seen.page.click(f"label[for=underlay-{kind}]")
    until_settled(seen)
    seen.page.wait_for_timeout(100)
    covered = pixels(seen)
    assert (np.abs(covered - bare).max(axis=2) > 8).mean() > 0.02
    seen.page.click("label[for=underlay-none]")
    seen.page.wait_for_timeout(100)
    assert np.array_equal(pixels(seen), bare)


def test_the_transform_lies_on_the_notes_axes(chromium, served, tmp_path):
    """A steady tone is brightest where its pitch and its time are."""
    t = np.arange(6 * synth.RATE_HZ) / synth.RATE_HZ
    tone = 0.3 * np.sin(2 * np.pi * 440 * t) * ((t > 2) & (t < 4))
    soundfile.write(tmp_path / "tone.wav", tone, synth.RATE_HZ)
    with linnet_page.fresh(chromium) as page:
        page.open(served.url)
        page.transcribe(tmp_path / "tone.wav")
        page.page.keyboard.press("f")

        def strength(time_s, pitch):
            spot = page.page.evaluate("([t, p]) => linnet.place(t, p)", [time_s, pitch])
            return pixels(page, (spot["x"], spot["y"], 2, 2)).sum()

        before = {where: strength(*where) for where in ((2.6, 69), (2.6, 66), (1.2, 69), (5.2, 69))}
        page.page.click("label[for=underlay-transform]")
        until_settled(page)
        page.page.wait_for_timeout(100)
        if not page.notes()["pitch"]:  # a bare sine may be no note to the network
            assert strength(2.6, 69) > before[2.6, 69] + 100
        for where in ((2.6, 66), (1.2, 69), (5.2, 69)):
            assert abs(strength(*where) - before[where]) < 60, where
        assert page.complaints == []


def test_u_goes_round(seen):
    for kind in (*KINDS, "none"):
        seen.page.keyboard.press("u")
        assert seen.page.is_checked(f"#underlay-{kind}")


def test_an_underlay_grows_while_a_file_runs(chromium, served, tmp_path):
    path = tmp_path / "long.wav"
    soundfile.write(path, np.tile(recordings.clip(10.0).samples, 90), synth.RATE_HZ)
    with linnet_page.fresh(chromium) as page:
        page.open(served.url)
        page.choose(path)
        page.page.wait_for_selector("#status:text-matches('Listening: [1-9]')")
        page.page.keyboard.press("u")
        page.page.keyboard.press("u")
        until_settled(page)
        assert page.page.get_attribute("html", "data-linnet") == "running"
        page.page.click("#cancel")
        page.wait_for("done")
        assert page.complaints == []


def test_ghosts_are_shown_and_adopted_by_a_click_and_by_key(seen):
    before = len(seen.notes()["pitch"])
    seen.page.keyboard.press("Shift+G")
    seen.page.wait_for_selector("#ghosts-adopt:not([hidden])")
    ghosts = seen.page.evaluate("linnet.ghosts()")
    shown = set(zip(seen.notes()["onsetS"], seen.notes()["pitch"], strict=True))
    assert not shown & set(zip(ghosts["onsetS"], ghosts["pitch"], strict=True))
    longest = int(np.argmax(np.array(ghosts["offsetS"]) - np.array(ghosts["onsetS"])))
    middle = (ghosts["onsetS"][longest] + ghosts["offsetS"][longest]) / 2
    seen.page.mouse.click(*seen.place(middle, ghosts["pitch"][longest]))
    assert len(seen.notes()["pitch"]) == before + 1
    (adopted,) = seen.page.evaluate("linnet.chosen()")
    assert adopted["onsetS"] == ghosts["onsetS"][longest]
    assert adopted["confidence"] == pytest.approx(ghosts["confidence"][longest])
    assert len(seen.page.evaluate("linnet.ghosts()")["pitch"]) == len(ghosts["pitch"]) - 1
    seen.page.keyboard.press("g")
    assert len(seen.notes()["pitch"]) == before + len(ghosts["pitch"])
    assert seen.page.is_hidden("#ghosts-adopt")
    seen.page.keyboard.press("Control+z")
    seen.page.keyboard.press("Control+z")
    assert len(seen.notes()["pitch"]) == before
    assert seen.page.evaluate("linnet.ghosts()")["pitch"] == ghosts["pitch"]


def test_ghosts_are_gone_through_and_adopted_one_by_one(seen):
    before = len(seen.notes()["pitch"])
    keyboard = seen.page.keyboard
    keyboard.press("w")
    keyboard.press("Shift+G")
    seen.page.wait_for_selector("#ghosts-adopt:not([hidden])")
    ghosts = seen.page.evaluate("linnet.ghosts()")
    places = list(zip(ghosts["onsetS"], ghosts["pitch"], strict=True))
    keyboard.press("Enter")  # none is framed yet
    assert len(seen.notes()["pitch"]) == before
    said = []
    for key in ("h", "h", "h", "Shift+H"):
        keyboard.press(key)
        said.append(seen.page.inner_text("#said"))
    assert len(set(said)) == 3
    assert said[1] == said[3]
    assert f"{round(100 * ghosts['confidence'][1])} % sure" in said[1]
    keyboard.press("Enter")
    (adopted,) = seen.page.evaluate("linnet.chosen()")
    assert (adopted["onsetS"], adopted["pitch"]) == places[1]
    assert len(seen.notes()["pitch"]) == before + 1
    keyboard.press("Enter")  # it is one no more
    assert len(seen.notes()["pitch"]) == before + 1
    keyboard.press("h")
    assert seen.page.inner_text("#said") == said[2]
    keyboard.press("Control+z")


def test_ghosts_follow_the_settings(seen):
    seen.page.keyboard.press("Shift+G")
    seen.page.wait_for_selector("#ghosts-adopt:not([hidden])")
    ghosts = seen.page.evaluate("linnet.ghosts()")
    seen.set_option("sensitivity", 0.7)
    seen.until("linnet.ghosts()", lambda found: found != ghosts)
    seen.set_option("sensitivity", 0.5)
    seen.until("linnet.ghosts()", lambda found: found == ghosts)


def test_a_note_tells_its_figures(seen):
    notes = seen.notes()
    row = int(np.argmax(np.array(notes["offsetS"]) - np.array(notes["onsetS"])))
    x, y = seen.place((notes["onsetS"][row] + notes["offsetS"][row]) / 2, notes["pitch"][row])
    seen.page.mouse.move(x, y)
    said = seen.page.inner_text("#note-tip")
    assert f"velocity {int(notes['velocity'][row])}" in said
    assert f"{round(100 * notes['confidence'][row])} % sure" in said
    seen.page.mouse.move(x, 60)
    assert seen.page.is_hidden("#note-tip")


def test_a_part_is_heard_again_and_the_rest_stays(seen):
    notes = seen.notes()
    from_s, to_s = mark(seen, 3, 5)
    seen.page.click("#part-only")
    seen.page.wait_for_selector("html[data-linnet=running]", state="attached")
    seen.wait_for("done")
    again = seen.notes()
    for name in ("onsetS", "pitch"):
        assert [v for v, t in zip(again[name], again["onsetS"], strict=True) if not from_s <= t < to_s] == [
            v for v, t in zip(notes[name], notes["onsetS"], strict=True) if not from_s <= t < to_s
        ]
    inside = [(t, p) for t, p in zip(again["onsetS"], again["pitch"], strict=True) if from_s <= t < to_s]
    before = [(t, p) for t, p in zip(notes["onsetS"], notes["pitch"], strict=True) if from_s <= t < to_s]
    same = sum(any(abs(t - u) < 0.03 and p == q for u, q in before) for t, p in inside)
    assert same >= 0.8 * len(before)
    seen.page.click("label[for=underlay-transform]")
    until_settled(seen)
    seen.page.click("#part-all")
    seen.page.wait_for_selector("html[data-linnet=running]", state="attached")
    seen.wait_for("done")
    assert seen.notes() == notes
