"""A phone: a tap chooses, a swipe moves the view or a chosen note, two fingers zoom."""

import pytest

from tests.browser import linnet_page


@pytest.fixture(scope="module")
def phone(chromium, served, clip_file):
    with linnet_page.fresh(chromium, viewport={"width": 390, "height": 844}, has_touch=True) as page:
        page.open(served.url)
        page.transcribe(clip_file)
        page.touch_session = page.page.context.new_cdp_session(
            page.page
        )  # one for all: it knows which fingers are down
        yield page
        assert page.complaints == []


def touch(page, kind, *points):
    places = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]
    page.touch_session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})


def swipe(page, start, end):
    touch(page, "touchStart", start)
    for i in range(1, 6):
        touch(page, "touchMove", tuple(a + (b - a) * i / 5 for a, b in zip(start, end, strict=True)))
    touch(page, "touchEnd")


def a_note(page):
    """The middle of the longest note and its pitch."""
    notes = page.notes()
    row = max(range(len(notes["pitch"])), key=lambda i: notes["offsetS"][i] - notes["onsetS"][i])
    return (notes["onsetS"][row] + notes["offsetS"][row]) / 2, notes["pitch"][row]


def chosen(page):
    return page.page.evaluate("linnet.chosen()")


def test_tap_swipe_and_pinch(phone):
    time_s, pitch = a_note(phone)
    spot = phone.place(time_s, pitch)
    swipe(phone, spot, (spot[0] - 60, spot[1]))  # not chosen: the view moves
    assert chosen(phone) == []
    touch(phone, "touchStart", phone.place(time_s, pitch))
    touch(phone, "touchEnd")
    (before,) = chosen(phone)
    assert before["pitch"] == pitch
    x, y = phone.place(time_s, pitch)
    swipe(phone, (x, y), (x + 30, y))
    (after,) = chosen(phone)
    assert after["onsetS"] > before["onsetS"] + 0.02
    phone.page.click('[data-verb="edit-up"]')
    assert chosen(phone)[0]["pitch"] == pitch + 1
    wide = phone.place(2, 60)[0] - phone.place(1, 60)[0]
    touch(phone, "touchStart", (150, 300), (250, 300))
    touch(phone, "touchMove", (100, 300), (300, 300))
    touch(phone, "touchEnd")
    assert phone.place(2, 60)[0] - phone.place(1, 60)[0] > 1.3 * wide
    assert len(chosen(phone)) == 1  # two fingers edit nothing
    for _ in range(2):
        phone.page.click("#undo")
    assert phone.page.is_disabled("#undo")
