"""The sheet of keys and the list of notes open by hand and by key, and say what the roll shows."""

from tests.browser.test_look import open_panels


def test_the_keys_are_one_key_away(linnet):
    linnet.page.keyboard.press("?")
    sheet = linnet.page.locator("#keys-sheet")
    assert sheet.is_visible()
    assert "save MIDI" in sheet.inner_text()
    linnet.page.keyboard.press("Escape")
    assert not sheet.is_visible()


def test_the_list_holds_every_note(linnet, clip_file):
    notes = linnet.transcribe(clip_file)
    linnet.page.click("#notes-open")
    rows = linnet.page.locator("#note-rows tr")
    assert rows.count() == len(notes["onsetS"])
    first = rows.first.locator("td").all_inner_texts()
    assert first[0] == f"0:{notes['onsetS'][0]:06.3f}"
    assert first[2] == f"{round(1000 * (notes['offsetS'][0] - notes['onsetS'][0]))} ms"
    linnet.page.click("#note-close")
    assert not linnet.page.locator("#note-sheet").is_visible()


def test_no_control_lies_outside_the_page(linnet):
    """Else focus on it would scroll the page away under its bars."""
    size = (
        "() => { const { scrollWidth, scrollHeight } = document.scrollingElement; return [scrollWidth, scrollHeight]; }"
    )
    shown = linnet.page.viewport_size
    assert linnet.page.evaluate(size) == [shown["width"], shown["height"]]
    open_panels(linnet.page)
    linnet.page.focus("#option-grid-off")
    assert linnet.page.evaluate("scrollY") == 0
    assert linnet.page.locator("#save-mid").bounding_box()["y"] < shown["height"] - 40
