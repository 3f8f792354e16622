"""Editing with mouse, keys and fingers, and taking it all back."""

import mido
import pytest


@pytest.fixture
def edited(linnet, clip_file):
    """A transcription to work on; its notes as they were."""
    linnet.transcribe(clip_file)
    linnet.page.locator("#roll").focus()
    linnet.page.keyboard.press("f")
    return linnet


def rows(page):
    notes = page.notes()
    return list(zip(notes["onsetS"], notes["offsetS"], notes["pitch"], notes["velocity"], strict=True))


def lane_px(page):
    return page.place(0, 60)[1] - page.place(0, 61)[1]


def clear_spot(page):
    """A second and a pitch where nothing lies near."""
    taken = rows(page)
    for pitch in range(30, 106):
        if all(abs(p - pitch) > 3 or on > 4.5 or off < 2.5 for on, off, p, _ in taken):
            return 3.0, pitch
    raise AssertionError("the clip is full of notes")


def longest(page):
    return max(rows(page), key=lambda row: row[1] - row[0])


def click_note(page, row, **how):
    page.page.mouse.click(*page.place((row[0] + row[1]) / 2, row[2]), **how)


def chosen(page):
    return page.page.evaluate("linnet.chosen()")


def test_draw_delete_and_undo(edited):
    before = rows(edited)
    time_s, pitch = clear_spot(edited)
    edited.page.mouse.dblclick(*edited.place(time_s, pitch))
    drawn = [row for row in rows(edited) if row not in before]
    assert len(drawn) == 1
    assert drawn[0][2] == pitch
    assert abs(drawn[0][0] - time_s) < 0.05
    edited.page.keyboard.press("Control+z")
    assert rows(edited) == before
    edited.page.keyboard.press("Control+y")
    assert drawn[0] in rows(edited)
    edited.page.mouse.dblclick(*edited.place(drawn[0][0] + 0.02, pitch))
    assert rows(edited) == before


def test_drag_moves_a_note_in_time_and_pitch(edited):
    before = rows(edited)
    note = longest(edited)
    x, y = edited.place((note[0] + note[1]) / 2, note[2])
    edited.page.mouse.move(x, y)
    edited.page.mouse.down()
    edited.page.mouse.move(x + 10, y - 5 * lane_px(edited), steps=4)
    assert rows(edited) == before  # a sketch until it is let go
    edited.page.mouse.up()
    (moved,) = chosen(edited)
    assert moved["pitch"] == note[2] + 5
    assert moved["onsetS"] > note[0]
    assert abs((moved["offsetS"] - moved["onsetS"]) - (note[1] - note[0])) < 1e-6
    edited.page.keyboard.press("Control+z")
    assert rows(edited) == before


def test_edges_stretch(edited):
    note = longest(edited)
    edited.page.keyboard.press("Escape")
    x, y = edited.place(note[1], note[2])
    edited.page.mouse.move(x - 2, y)
    edited.page.mouse.down()
    edited.page.mouse.move(x + 38, y, steps=3)
    edited.page.mouse.up()
    (longer,) = chosen(edited)
    assert longer["onsetS"] == pytest.approx(note[0])
    assert longer["offsetS"] > note[1]


def test_keys_move_stretch_transpose_and_sound(edited):
    note = longest(edited)
    click_note(edited, note)
    for key in ("ArrowUp", "Shift+ArrowDown", "ArrowRight", "Alt+ArrowRight", "Alt+ArrowUp"):
        edited.page.keyboard.press(key)
    (after,) = chosen(edited)
    assert after["pitch"] == note[2] + 1 - 12
    assert after["onsetS"] == pytest.approx(note[0] + 0.025)
    assert after["offsetS"] == pytest.approx(note[1] + 0.05)
    assert after["velocity"] == min(127, note[3] + 4)


def test_split_join_bends_duplicate(edited):
    note = longest(edited)
    click_note(edited, note)
    edited.page.keyboard.press("s")
    assert [n["pitch"] for n in chosen(edited)] == [note[2]] * 2
    edited.page.keyboard.press("j")
    (whole,) = chosen(edited)
    assert (whole["onsetS"], whole["offsetS"]) == pytest.approx((note[0], note[1]))
    edited.page.keyboard.press("Control+d")
    (copy,) = chosen(edited)
    assert copy["onsetS"] == pytest.approx(note[1])
    edited.page.keyboard.press("Delete")
    assert chosen(edited) == []


def test_bends_rest_and_come_back(edited):
    notes = edited.notes()
    bent = [i for i in range(len(notes["pitch"])) if notes["bendStart"][i + 1] > notes["bendStart"][i]]
    assert bent, "the clip has no bent note"
    row = max(bent, key=lambda i: notes["offsetS"][i] - notes["onsetS"][i])
    click_note(edited, (notes["onsetS"][row], notes["offsetS"][row], notes["pitch"][row]))
    count = len(chosen(edited)[0]["bends"])
    assert count > 0
    edited.page.click("#edit-bends")
    assert chosen(edited)[0]["bends"] == []
    edited.page.click("#edit-bends")
    assert len(chosen(edited)[0]["bends"]) == count


def test_a_frame_chooses_and_a_file_holds_what_is_shown(edited, tmp_path):
    before = rows(edited)
    edited.page.keyboard.press("Escape")
    box = edited.page.locator("#roll").bounding_box()
    edited.page.mouse.move(box["x"] + 58, box["y"] + 30)
    edited.page.mouse.down()
    edited.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 4, steps=4)
    edited.page.mouse.up()
    count = len(chosen(edited))
    assert 0 < count < len(before)
    edited.page.keyboard.press("Delete")
    assert len(rows(edited)) == len(before) - count
    saved = mido.MidiFile(edited.save("mid", tmp_path))
    starts = [m for track in saved.tracks for m in track if m.type == "note_on" and m.velocity > 0]
    assert len(starts) == len(before) - count


def test_edits_outlive_another_decoding(edited):
    before = rows(edited)
    gone = longest(edited)
    click_note(edited, gone)
    edited.page.keyboard.press("Delete")
    time_s, pitch = clear_spot(edited)
    edited.page.mouse.dblclick(*edited.place(time_s, pitch))
    edited.decoded_again(0.65)
    after = rows(edited)
    assert not any(p == gone[2] and abs(on - gone[0]) < 0.05 for on, _, p, _ in after)
    assert any(p == pitch and abs(on - time_s) < 0.05 for on, _, p, _ in after)
    for _ in range(3):  # the setting too is taken back
        edited.page.keyboard.press("Control+z")
    edited.until("linnet.notes()", lambda _: rows(edited) == before)
    assert edited.page.input_value("#option-sensitivity") == "0.5"


def test_every_note_can_be_reached_by_keys(edited):
    edited.page.keyboard.press("Escape")
    reached = []
    for _ in rows(edited):
        edited.page.keyboard.press("Control+ArrowRight")
        reached += [(n["onsetS"], n["pitch"]) for n in chosen(edited)]
    assert reached == [(on, p) for on, _, p, _ in rows(edited)]
    assert "seconds" in edited.page.inner_text("#said")


def test_what_keys_choose_or_put_somewhere_comes_into_sight(edited):
    def x_in_sight():
        """Where the chosen note begins, as a share of the roll's width."""
        (note,) = chosen(edited)
        box = edited.page.locator("#roll").bounding_box()
        return (edited.place(note["onsetS"], note["pitch"])[0] - box["x"]) / box["width"]

    edited.page.keyboard.press("Escape")
    edited.page.keyboard.press("Control+ArrowRight")
    for _ in range(8):
        edited.page.keyboard.press("+")
    assert x_in_sight() < 0
    edited.page.keyboard.press("Control+ArrowRight")
    assert 0 < x_in_sight() < 1
    edited.page.keyboard.press("Control+c")
    for _ in range(40):
        edited.page.keyboard.press("Control+ArrowRight")
    assert 0 < x_in_sight() < 1
    edited.page.keyboard.press("Control+v")  # at the playhead, which is at the start
    assert 0 < x_in_sight() < 1
    edited.page.keyboard.press("Control+z")


def test_a_hundred_changes_come_back_one_by_one(edited):
    before = rows(edited)
    edited.page.keyboard.press("Control+a")
    for i in range(100):
        edited.page.click("#edit-up" if i % 2 else "#edit-later")
    assert rows(edited) != before
    while edited.page.is_enabled("#undo"):
        edited.page.click("#undo")
    assert rows(edited) == before


def test_pitches_are_bounded_on_the_keys(edited):
    before = rows(edited)
    box = edited.page.locator("#roll").bounding_box()
    edited.page.keyboard.press("0")
    y = edited.place(0, 108)[1] - lane_px(edited) / 2  # the upper edge of the highest key
    middle = sorted(row[2] for row in before)[len(before) // 2]
    edited.page.mouse.move(box["x"] + 45, y)
    edited.page.mouse.down()
    edited.page.mouse.move(box["x"] + 45, edited.place(0, middle)[1] - lane_px(edited) / 2, steps=5)
    edited.page.mouse.up()
    edited.until("linnet.notes().pitch", lambda found: max(found) <= middle)
    assert edited.page.input_value("#option-highest_pitch") == str(int(middle))
    edited.page.keyboard.press("Control+z")  # one step for the whole drag
    edited.until("linnet.notes()", lambda _: rows(edited) == before)
    assert edited.page.input_value("#option-highest_pitch") == "108"


def test_files_can_hold_what_is_chosen_alone(edited, tmp_path):
    assert edited.page.is_hidden("#save-scope")
    notes = sorted(rows(edited))
    edited.page.keyboard.down("Shift")
    for note in notes[2:4]:
        click_note(edited, note)
    edited.page.keyboard.up("Shift")
    assert len(chosen(edited)) == 2
    edited.page.check("#save-chosen")
    assert len(edited.save("csv", tmp_path).read_text().splitlines()) == 1 + 2
    saved = mido.MidiFile(edited.save("mid", tmp_path))
    starts = [m for track in saved.tracks for m in track if m.type == "note_on" and m.velocity > 0]
    assert sorted(m.note for m in starts) == sorted(note[2] for note in notes[2:4])
    edited.page.locator("#roll").focus()
    edited.page.keyboard.press("Escape")
    assert edited.page.is_hidden("#save-scope")
    assert len(edited.save("csv", tmp_path).read_text().splitlines()) == 1 + len(notes)  # and all the next time


def test_a_note_is_drawn_at_the_playhead_by_keys_alone(edited):
    before = rows(edited)
    keyboard = edited.page.keyboard
    keyboard.press("Escape")
    keyboard.press("w")
    keyboard.press(".")
    keyboard.press("Shift+D")
    (drawn,) = chosen(edited)
    assert drawn["onsetS"] == pytest.approx(0.025)
    assert len(rows(edited)) == len(before) + 1
    assert edited.page.get_attribute("#draw", "aria-pressed") == "false"
    keyboard.press("ArrowUp")
    keyboard.press("Alt+ArrowRight")
    (first,) = chosen(edited)
    for _ in range(24):
        keyboard.press(".")
    keyboard.press("Shift+D")  # the next one is like it
    (second,) = chosen(edited)
    assert second["onsetS"] == pytest.approx(0.625)
    assert second["pitch"] == first["pitch"] == drawn["pitch"] + 1
    assert second["offsetS"] - second["onsetS"] == pytest.approx(first["offsetS"] - first["onsetS"])
    while edited.page.is_enabled("#undo"):
        keyboard.press("Control+z")
    assert rows(edited) == before
