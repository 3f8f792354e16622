"""The list of notes: every note, by any column, in step with the roll."""

import numpy as np
import pytest

ROWS = "#note-rows tr"


@pytest.fixture
def listed(linnet, clip_file):
    linnet.transcribe(clip_file)
    linnet.page.click("#notes-open")
    yield linnet
    linnet.page.keyboard.press("Escape")
    if linnet.page.is_visible("#note-sheet"):
        linnet.page.click("#note-close")


def column(page, number):
    return page.page.locator(f"{ROWS} td:nth-child({number})").all_inner_texts()


def test_it_sorts_by_every_column_both_ways(listed):
    notes = listed.notes()
    length_ms = np.round(1000 * (np.array(notes["offsetS"]) - np.array(notes["onsetS"])))
    values = {2: notes["pitch"], 3: length_ms, 4: notes["velocity"], 5: np.round(100 * np.array(notes["confidence"]))}
    heads = listed.page.locator("#note-heads th")
    assert heads.nth(0).get_attribute("aria-sort") == "ascending"
    for number, value in values.items():
        head = heads.nth(number - 1)
        head.locator("button").click()
        assert head.get_attribute("aria-sort") == "ascending"
        rising = column(listed, number)
        head.locator("button").click()
        assert head.get_attribute("aria-sort") == "descending"
        assert heads.nth(0).get_attribute("aria-sort") is None
        if number > 2:
            figures = [int(text.split()[0]) for text in rising]
            assert figures == sorted(int(v) for v in value)
            assert [int(text.split()[0]) for text in column(listed, number)] == figures[::-1]
        else:
            assert len(set(rising)) == len(set(value))


def test_a_chosen_row_is_chosen_on_the_roll(listed):
    row = listed.page.locator(ROWS).nth(4)
    row.click()
    (chosen,) = listed.page.evaluate("linnet.chosen()")
    assert row.locator("td").nth(2).inner_text() == f"{round(1000 * (chosen['offsetS'] - chosen['onsetS']))} ms"
    assert row.locator("button").get_attribute("aria-pressed") == "true"
    count = listed.page.locator(ROWS).count()
    row.locator("button").press("Delete")  # keys of editing work on it
    assert listed.page.locator(ROWS).count() == count - 1
    listed.page.keyboard.press("Control+z")
    assert listed.page.locator(ROWS).count() == count


def test_choosing_a_row_brings_the_note_into_sight(listed):
    roll = listed.page.locator("#roll")
    for _ in range(12):
        roll.press("+")
    for _ in range(30):
        roll.press("ArrowLeft")
    listed.page.locator(ROWS).last.click()
    (chosen,) = listed.page.evaluate("linnet.chosen()")
    spot = listed.page.evaluate("([t, p]) => linnet.place(t, p)", [chosen["onsetS"], chosen["pitch"]])
    box = roll.bounding_box()
    assert 56 < spot["x"] < box["width"]
    assert 28 < spot["y"] < box["height"]
    roll.press("f")


def test_a_note_chosen_on_the_roll_is_marked(listed):
    notes = listed.notes()
    last = int(np.argmax(notes["onsetS"]))
    listed.page.keyboard.press("Escape")
    listed.page.click("#notes-open")
    listed.page.keyboard.press("Control+ArrowLeft")
    assert listed.page.locator(f"{ROWS}.is-chosen").count() == 1
    assert last >= 0


def focused(page):
    """Which row has the focus, and what it says; None where no row has."""
    script = """() => {
      const row = document.activeElement.closest("#note-rows tr");
      return row && [[...row.parentElement.children].indexOf(row), row.innerText, row.className];
    }"""
    return page.page.evaluate(script)


def test_the_focus_stays_among_the_rows_whatever_is_done_to_them(listed):
    keyboard = listed.page.keyboard
    listed.page.locator(f"{ROWS} button").nth(4).focus()
    before = focused(listed)
    keyboard.press("ArrowDown")
    place, after, _ = focused(listed)
    assert place == 5
    keyboard.press("ArrowUp")
    assert focused(listed) == before
    keyboard.press("Enter")
    (note,) = listed.page.evaluate("linnet.chosen()")
    for key in ("ArrowUp", "Alt+ArrowUp", "ArrowRight"):
        keyboard.press(key)
        assert focused(listed)[2] == "is-chosen", key
    (moved,) = listed.page.evaluate("linnet.chosen()")
    assert moved["pitch"] == note["pitch"] + 1
    assert moved["onsetS"] > note["onsetS"]
    for _ in range(3):
        keyboard.press("Control+z")
    assert focused(listed) == [*before[:2], "is-chosen"]
    keyboard.press("Delete")
    assert focused(listed) == [4, after, ""]  # the next one
    keyboard.press("Control+z")
    assert focused(listed) == [*before[:2], "is-chosen"]
    keyboard.press("Control+ArrowRight")
    assert focused(listed) == [5, after, "is-chosen"]
    keyboard.press("Control+a")
    keyboard.press("Delete")
    assert focused(listed) is None
    assert listed.page.evaluate("document.activeElement.getAttribute('role')") == "region"
    keyboard.press("Control+z")


def test_the_focus_stays_with_a_note_when_all_are_heard_anew(listed):
    listed.page.locator(f"{ROWS} button").nth(4).focus()
    _, before, _ = focused(listed)
    listed.decoded_again(0.8)
    start, name = before.split()[:2]
    assert focused(listed)[1].split()[:2] == [start, name]
    listed.decoded_again(0.5)
    assert focused(listed)[1] == before
