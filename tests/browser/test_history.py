"""Undo and redo outlive a reload, settings included; a history that is gone or broken is an empty one."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import linnet_page, site
from tests.browser.test_arrange import until
from tests.browser.test_edit import click_note, longest, rows
from tests.browser.test_look import own  # noqa: F401


@pytest.fixture
def made(own, clip_file):  # noqa: F811
    """Edits and a setting, the last two taken back; what was on the page after each step."""
    own.transcribe(clip_file)
    states = [rows(own)]
    own.page.locator("#roll").focus()
    own.page.keyboard.press("f")
    click_note(own, longest(own))
    own.page.keyboard.press("ArrowUp")
    states.append(rows(own))
    own.page.keyboard.press("Escape")
    click_note(own, rows(own)[0])
    own.page.keyboard.press("Delete")
    states.append(rows(own))
    own.set_option("sensitivity", 0.75)
    decoded(own, 0.75, states[2])
    states.append(rows(own))
    click_note(own, longest(own))
    own.page.keyboard.press("Delete")
    states.append(rows(own))
    own.page.keyboard.press("Control+z")
    own.page.keyboard.press("Control+z")
    decoded(own, 0.5, states[3])
    assert rows(own) == states[2]
    own.page.evaluate("linnet.saved()")
    return own, states


def decoded(page, sensitivity, before):
    """Until the notes are those of another setting."""
    expect(page.page.locator("#option-sensitivity")).to_have_value(str(sensitivity))
    for _ in range(3000):
        if rows(page) != before:
            return
        page.page.evaluate("() => new Promise(requestAnimationFrame)")
    raise AssertionError("the setting changed nothing")


def again(page):
    page.page.evaluate("linnet.saved()")
    page.page.reload(wait_until="commit")
    page.wait_for("done")
    page.page.locator("#roll").focus()


def test_undo_and_redo_go_on_after_a_reload(made):
    page, states = made
    again(page)
    assert rows(page) == states[2]
    page.page.keyboard.press("Control+z")
    assert rows(page) == states[1]
    page.page.keyboard.press("Control+z")
    assert rows(page) == states[0]
    expect(page.page.locator("#undo")).to_be_disabled()
    page.page.keyboard.press("Control+y")
    page.page.keyboard.press("Control+y")
    assert rows(page) == states[2]
    page.page.keyboard.press("Control+y")  # the setting: the engine takes the planes over first
    decoded(page, 0.75, states[2])
    assert rows(page) == states[3]
    again(page)
    page.page.keyboard.press("Control+y")
    assert rows(page) == states[4]
    expect(page.page.locator("#redo")).to_be_disabled()
    for _ in range(4):
        page.page.keyboard.press("Control+z")
    decoded(page, 0.5, states[3])
    until(page, lambda notes: notes["onsetS"] == [row[0] for row in states[0]])
    assert rows(page) == states[0]


def test_a_project_file_carries_it(made, chromium, served, tmp_path):
    page, states = made
    path = page.save("project", tmp_path)
    with linnet_page.fresh(chromium) as other:
        other.open(served.url)
        other.choose(path)
        other.wait_for("done")
        for state in (1, 0):
            other.page.keyboard.press("Control+z")
            assert rows(other) == states[state]
        assert other.complaints == []


SPOIL = """async ([part, bytes]) => {
  const root = await (await navigator.storage.getDirectory()).getDirectoryHandle("projects");
  const folder = await root.getDirectoryHandle(sessionStorage.getItem("linnet-project"));
  if (!bytes) return folder.removeEntry(part);
  const sink = await (await folder.getFileHandle(part)).createWritable();
  await sink.write(new Uint8Array(bytes));
  await sink.close();
}"""


def test_one_that_is_gone_or_broken_is_empty(made):
    page, states = made
    for content in (list(b"\x1f\x8bnot at all"), list(b"{}"), None):
        page.page.evaluate("linnet.saved()")
        page.page.evaluate(SPOIL, ["history", content])
        page.page.reload(wait_until="commit")
        page.wait_for("done")
        assert rows(page) == states[2]
        expect(page.page.locator("#undo")).to_be_disabled()
        click_note(page, longest(page))
        page.page.keyboard.press("Delete")  # and a new one begins
        page.page.keyboard.press("Control+z")
        assert rows(page) == states[2]


def test_edits_that_it_does_not_end_at_are_one_more_step(made):
    page, states = made
    page.page.evaluate(SPOIL, ["edits.json", list(b'{"removed": [], "own": []}')])
    page.page.reload(wait_until="commit")
    page.wait_for("done")
    page.page.locator("#roll").focus()
    assert rows(page) == states[0]
    page.page.keyboard.press("Control+z")
    assert rows(page) == states[2]
    page.page.keyboard.press("Control+z")
    assert rows(page) == states[1]


PACK = """async ([app, stepCount, noteCount]) => {
  const { packHistory, unpackHistory } = await import(`/${app}/page/edit/history.js`);
  let edits = { removed: [], own: [] };
  const past = [];
  for (let i = 0; i < stepCount; i++) {
    const own = Array.from({ length: noteCount }, (_, n) => ({
      id: i * noteCount + n + 1, onsetS: n / 7 + i / 3, offsetS: n / 7 + 1, pitch: 60, velocity: 80,
      confidence: Math.random(), bends: [],
    }));
    const after = { removed: edits.removed, own: [...edits.own.filter((_, n) => noteCount === 1 || n < 0), ...own] };
    past.push({ label: `${i}`, before: { edits }, after: { edits: after }, ms: 0, group: "" });
    edits = after;
  }
  const future = past.splice(-2).toReversed();
  const present = { edits: future.at(-1).before.edits, options: {} };
  const blob = await packHistory({ past, future }, present.edits);
  const found = await unpackHistory(blob, present, (options) => options);
  const text = (steps) => JSON.stringify(steps.map(({ label, before, after }) => ({ label, before, after })));
  return {
    bytes: blob.size,
    kept: found.past.length,
    isSame: text(found.past) === text(past.slice(past.length - found.past.length)) &&
      text(found.future) === text(future),
  };
}"""


@pytest.mark.parametrize(("steps", "notes", "least"), [(400, 1, 398), (60, 2000, 5)])
def test_the_newest_steps_are_kept_as_far_as_they_fit(linnet, steps, notes, least):
    found = linnet.page.evaluate(PACK, [site.folder("app"), steps, notes])
    assert found["isSame"]
    assert least <= found["kept"] <= steps - 2
    assert found["bytes"] < 2e6


INTERRUPT = """async () => {
  const root = await (await navigator.storage.getDirectory()).getDirectoryHandle("projects");
  const folder = await root.getDirectoryHandle(sessionStorage.getItem("linnet-project"));
  const handle = await folder.getFileHandle("project.json");
  const card = JSON.parse(await (await handle.getFile()).text());
  const sink = await handle.createWritable();
  await sink.write(JSON.stringify({ ...card, state: "running" }));
  await sink.close();
}"""


def test_what_is_edited_while_a_run_waits_for_the_engine_stays(made):
    """A run that was broken off begins anew after a reload; its page can be edited until then, and afterwards."""
    page, states = made
    page.page.evaluate(INTERRUPT)
    page.page.reload(wait_until="commit")
    page.page.wait_for_selector("#file-facts:text('is transcribed again')")
    page.page.locator("#roll").focus()
    page.page.keyboard.press("Control+z")
    assert rows(page) == states[1]
    page.wait_for("running")
    page.wait_for("done")
    assert rows(page) == states[1]
    page.page.keyboard.press("Control+z")
    assert rows(page) == states[0]
    page.page.keyboard.press("Control+y")
    page.page.keyboard.press("Control+y")
    assert rows(page) == states[2]
