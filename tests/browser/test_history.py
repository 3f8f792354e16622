"""Undo and redo outlive a reload, settings included; a history that is gone or broken is an empty one."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests import words
from tests.browser import linnet_page, site
from tests.browser.test_edit import click_note, longest, rows


@pytest.fixture
def made(own, clip_file):
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
    page.until("linnet.notes()", lambda _: rows(page) != before)


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
    page.until("linnet.notes()", lambda notes: notes["onsetS"] == [row[0] for row in states[0]])
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
    for content in (
        list(b"\x1f\x8bnot at all"),
        list(b"{}\n"),
        list(b'{"format":2,"past":9,"edits":4,"blocks":[[9,9]]}\n1234'),
        None,
    ):
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


WANDER = """async ([app, seed, stepCount]) => {
  const part = (name) => import(`/${app}/page/${name}.js`);
  const [{ Store }, { Editor }, { label }] = [await part("store"), await part("edit/editor"), await part("edit/label")];
  const { packHistory, unpackHistory } = await part("edit/history-file");
  const random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  const upTo = (n) => Math.floor(random() * n);
  const store = new Store();
  const editor = new Editor(store, () => {});
  const n = 40;
  const heard = {
    onsetS: Float64Array.from({ length: n }, (_, i) => i), offsetS: Float64Array.from({ length: n }, (_, i) => i + 0.9),
    pitch: new Uint8Array(n).fill(60), velocity: new Uint8Array(n).fill(80), confidence: new Float32Array(n).fill(0.5),
    bendStart: new Int32Array(n + 1), bendS: new Float64Array(0), bendCents: new Float32Array(0),
  };
  store.set({ heard, options: { sensitivity: 0.5, scale: "major" } });
  const told = ({ state } = store) => JSON.stringify([state.edits, state.options]);
  const note = () => ({
    onsetS: random() * 60, offsetS: 61 + random(), pitch: 40 + upTo(40), velocity: 80, confidence: random(),
    bends: upTo(3) ? [] : [[1, random()]],
  });
  const states = [told()];
  const change = () => {
    const chosen = [...store.state.noteKeys].filter(() => upTo(6) === 0);
    if (upTo(2)) store.set({ selection: new Set(chosen) });
    const group = upTo(2) ? "" : ["pitch", "time"][upTo(2)];
    const add = Array.from({ length: upTo(4) }, note);
    if (upTo(5) === 0) return editor.setOptions(label("scale"), { [upTo(2) ? "scale" : "sensitivity"]: upTo(4) });
    if (upTo(2)) return editor.replace(label("draw"), { remove: editor.notesOf(chosen), add, group });
    editor.change(label("move"), ({ id, ...rest }) => ({ ...rest, pitch: 40 + upTo(40) }), group);
  };
  const wrong = [];
  const check = (what) => {
    if (told() !== states[store.state.history.past.length]) wrong.push(what);
  };
  const there = () => store.state.history.past.length;
  let mostTogether = 0;
  const act = () => {
    const before = there();
    const isBranch = store.state.history.future.length > 0;
    change();
    if (there() === before && !isBranch) mostTogether++;
    states.length = there();
    states.push(told());
  };
  const walk = () => {
    while (there() > 0) check(`undo ${there()}`, editor.undo());
    check("first");
    while (store.state.history.future.length > 0) check(`redo ${there()}`, editor.redo());
  };
  for (let i = 0; i < stepCount; i++) {
    if (upTo(8) === 0) for (let back = upTo(6); back > 0; back--) check("back", editor.undo());
    if (upTo(8) === 0) for (let on = upTo(4); on > 0; on--) check("on", editor.redo());
    act();
  }
  walk();
  for (let back = 7; back > 0; back--) editor.undo();
  for (const more of [0, 30]) {  // stored, read, gone on with, stored again
    for (let i = 0; i < more; i++) act();
    const { edits, options, history } = store.state;
    const blob = await packHistory(history, edits);
    const found = await unpackHistory(blob, { edits, options }, (saved) => saved);
    if (found.past.length !== history.past.length || found.future.length !== history.future.length) wrong.push("kept");
    store.set({ history: found });
    check("read");
    walk();
    for (let back = 7; back > 0; back--) editor.undo();
  }
  return { wrong, steps: states.length, mostTogether };
}"""


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_steps_are_undone_and_done_again(linnet, seed):
    found = linnet.page.evaluate(WANDER, [site.folder("app"), seed, 350])
    assert found["wrong"] == []
    assert found["steps"] > 100
    assert found["mostTogether"] > 10  # steps that went on as one


PACK = """async ([app, stepCount, noteCount]) => {
  const part = (name) => import(`/${app}/page/edit/${name}.js`);
  const { NO_HISTORY, NO_CHANGE, listChange, newStep, withStep, changed } = await part("history");
  const { packHistory, unpackHistory } = await part("history-file");
  const { label } = await part("label");
  let present = { edits: { removed: [], own: [] }, options: {}, selection: new Set() };
  let history = NO_HISTORY;
  for (let i = 0; i < stepCount; i++) {
    const came = Array.from({ length: noteCount }, (_, n) => ({
      id: i * noteCount + n + 1, onsetS: n / 7 + i / 3, offsetS: n / 7 + 1, pitch: 60, velocity: 80,
      confidence: Math.random(), bends: [],
    }));
    const own = listChange(present.edits.own, () => noteCount > 1, came);
    const change = { edits: { removed: NO_CHANGE, own } };
    history = withStep(history, present.edits, newStep(label(`${i}`), change));
    present = { ...present, ...changed(present, change, "after") };
  }
  for (let i = 0; i < 2; i++) {
    const [step] = history.past.slice(-1);
    present = { ...present, ...changed(present, step.change, "before") };
    history = { past: history.past.slice(0, -1), future: [...history.future, step] };
  }
  const seen = new Set();
  const count = (value) => {
    if (typeof value !== "object" || value === null || seen.has(value)) return 0;
    seen.add(value);
    return Object.values(value).reduce((sum, inner) => sum + 1 + count(inner), 0);
  };
  const blob = await packHistory(history, present.edits);
  const found = await unpackHistory(blob, present, (options) => options);
  const text = (steps) => JSON.stringify(steps.map(({ label, change }) => ({ label, change })));
  const again = await packHistory(found, present.edits);
  return {
    bytes: blob.size,
    bytesAgain: again.size,
    values: count(history),
    inMemory: history.past.length,
    kept: found.past.length,
    isSame: text(found.past) === text(history.past.slice(history.past.length - found.past.length)) &&
      text(found.future) === text(history.future),
  };
}"""


@pytest.mark.parametrize(("steps", "notes", "least"), [(400, 1, 398), (5000, 1, 4998), (60, 2000, 5)])
def test_a_step_costs_what_it_changes(linnet, steps, notes, least):
    found = linnet.page.evaluate(PACK, [site.folder("app"), steps, notes])
    assert found["isSame"]
    assert least <= found["kept"] <= found["inMemory"] == steps - 2
    assert found["bytes"] < 2.5e6
    assert found["bytesAgain"] == found["bytes"]
    assert found["values"] < steps * (40 + 35 * notes)
    if notes == 1:
        assert found["bytes"] < 1500 + 150 * steps


def test_memory_has_an_end(linnet):
    found = linnet.page.evaluate(PACK, [site.folder("app"), 120, 6000])
    assert found["isSame"]
    assert 20 < found["inMemory"] < 118


def test_a_step_speaks_the_language_of_the_reader(made):
    page, _ = made
    title = page.page.locator("#undo")
    assert title.get_attribute("title") == "Undo: delete"
    page.page.evaluate("linnet.saved()")
    page.page.evaluate("localStorage.setItem('linnet-language', 'de')")
    page.page.reload(wait_until="commit")
    page.wait_for("done")
    german = json.loads((words.WEB / "page" / "languages" / "de.json").read_text())
    expect(title).to_have_attribute("title", f"{german['Undo']}: {german['delete']}")
    page.page.keyboard.press("3")
    preset = german["preset {name}"].replace("{name}", german["Voice"])
    expect(title).to_have_attribute("title", f"{german['Undo']}: {preset}")


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
    page.wait_for("done")
    assert rows(page) == states[1]
    page.page.keyboard.press("Control+z")
    assert rows(page) == states[0]
    page.page.keyboard.press("Control+y")
    page.page.keyboard.press("Control+y")
    assert rows(page) == states[2]
