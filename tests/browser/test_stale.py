"""What belonged to another recording, or to another tab's past, is not taken for what is here."""

import pytest

from tests.browser import linnet_page, site
from tests.browser.test_edit import chosen, clear_spot
from tests.browser.test_keep import until_on_disk
from tests.browser.test_next import LISTENING, long_file  # noqa: F401
from tests.browser.test_part import busy_file  # noqa: F401

RULES = """async ([app, heardNotes, edits]) => {
  const { applyEdits } = await import(`/${app}/page/edit/edits.js`);
  const n = heardNotes.length;
  const heard = {
    onsetS: Float64Array.from(heardNotes, ([on]) => on), offsetS: Float64Array.from(heardNotes, ([, off]) => off),
    pitch: new Uint8Array(n).fill(72), velocity: new Uint8Array(n).fill(80), confidence: new Float32Array(n).fill(0.5),
    bendStart: new Int32Array(n + 1), bendS: new Float64Array(0), bendCents: new Float32Array(0),
  };
  const whole = ([onsetS, offsetS], i) => ({
    id: i + 1, pitch: 72, onsetS, offsetS, velocity: 80, confidence: 1, bends: [],
  });
  const { removed, own } = edits;
  return [...applyEdits(heard, { removed: removed.map(whole), own: own.map(whole) }).keys];
}"""
UNDO = """async ([app]) => {
  const part = (name) => import(`/${app}/page/${name}.js`);
  const [{ Store }, { Editor }, { label }] = [await part("store"), await part("edit/editor"), await part("edit/label")];
  const store = new Store();
  const editor = new Editor(store, () => {});
  const heard = (onsets) => ({
    onsetS: Float64Array.from(onsets), offsetS: Float64Array.from(onsets, (on) => on + 0.9),
    pitch: new Uint8Array(onsets.length).fill(60), velocity: new Uint8Array(onsets.length).fill(80),
    confidence: new Float32Array(onsets.length), bendStart: new Int32Array(onsets.length + 1),
    bendS: new Float64Array(0), bendCents: new Float32Array(0),
  });
  store.set({ heard: heard([5, 6, 7]), options: { sensitivity: 0.5 } });
  store.set({ selection: new Set([-2]) });
  editor.replace(label("delete"), { remove: editor.chosen() });
  store.set({ heard: heard([1, 2, 5, 6, 7]) });  // a part before it was heard again
  editor.undo();
  const found = editor.chosen().map(({ onsetS }) => onsetS);
  editor.setOptions(label("sensitivity"), { sensitivity: 0.5 });  // as it is already
  return { found, redo: store.state.redoLabel };
}"""


def kept(page, heard, removed=(), own=()):
    return page.page.evaluate(RULES, [site.folder("app"), heard, {"removed": removed, "own": own}])


def test_a_deleted_note_stays_away_however_it_is_heard_later(linnet):
    assert kept(linnet, [[1.0, 1.4]], removed=[[1.0, 2.0]]) == []
    assert kept(linnet, [[1.02, 3.0]], removed=[[1.0, 2.0]]) == []
    assert kept(linnet, [[1.0, 1.3], [1.35, 2.0]], removed=[[1.0, 2.0]]) == []


def test_a_short_note_does_not_take_a_long_one_away(linnet):
    assert kept(linnet, [[0.9, 3.0]], removed=[[1.0, 1.06]]) == [-1]
    assert kept(linnet, [[0.0, 4.0]], own=[[1.0, 1.2]]) == [-1, 1]
    assert kept(linnet, [[1.01, 4.0]], own=[[1.0, 1.2]]) == [1]  # the same note, shortened by hand


def test_undo_chooses_what_came_back_and_nothing_done_is_no_step(linnet):
    assert linnet.page.evaluate(UNDO, [site.folder("app")]) == {"found": [6], "redo": "delete"}


def draw(page):
    page.page.locator("#roll").focus()
    page.page.keyboard.press("f")
    page.page.mouse.dblclick(*page.place(*clear_spot(page)))
    assert len(chosen(page)) == 1


def open_project(page, name):
    page.page.click("#projects-open")
    page.page.click(f"#project-rows li:has-text('{name}') >> button:text('Open')")
    page.page.wait_for_selector(f"#file-name:text('{name}')")


@pytest.fixture
def two(own, clip_file, busy_file):  # noqa: F811
    """Two recordings with a note drawn in each; the second is on the page."""
    for file in (clip_file, busy_file):
        own.transcribe(file)
        draw(own)
    return own


def test_what_is_chosen_is_chosen_in_one_recording(two):
    open_project(two, "clip.flac")
    assert chosen(two) == []
    notes = two.notes()
    two.page.locator("#roll").focus()
    two.page.keyboard.press("Delete")
    assert two.notes() == notes


def test_ghosts_go_with_their_recording(own, busy_file, long_file):  # noqa: F811
    own.transcribe(busy_file)
    own.page.locator("#roll").focus()
    own.page.keyboard.press("Shift+G")
    own.until("linnet.ghosts().pitch.length", lambda found: found > 0)
    own.choose(long_file)
    own.page.wait_for_selector(LISTENING)
    assert own.page.evaluate("linnet.ghosts().pitch") == []
    own.wait_for("done")
    own.until("linnet.ghosts().pitch.length", lambda found: found > 0)  # its own


def test_a_project_that_another_tab_has_changed_is_as_it_left_it(own, served, clip_file, busy_file):  # noqa: F811
    own.transcribe(clip_file)
    own.transcribe(busy_file)
    until_on_disk(own, 0, 0.5)
    other = linnet_page.LinnetPage(own.page.context.new_page()).open(served.url)
    open_project(other, "clip.flac")
    changed = other.decoded_again(0.8)
    until_on_disk(other, 0, 0.8)
    other.page.close()
    open_project(own, "clip.flac")
    assert own.page.input_value("#option-sensitivity") == "0.8"
    assert own.notes() == changed
