"""Time and pitch on the page: what is found, the grid, quantising, snapping, presets, tapping, and what is saved."""

from __future__ import annotations

import io
from xml.etree import ElementTree

import mido
import numpy as np
import pytest
import soundfile
from playwright.sync_api import expect

from tests import synth
from tests.core.test_midi_grid import on_ticks

BPM = 96.0
FIRST_S = 0.4
BEATS = 24


def eighths() -> list[tuple[float, float, int]]:
    """A minor: a bass on every other beat, eighths above, each a little off, a C sharp among them."""
    rng, step_s, notes = np.random.default_rng(0), 30.0 / BPM, []
    for i in range(2 * BEATS):
        onset_s = FIRST_S + i * step_s + float(rng.uniform(-0.012, 0.012))
        pitch = 73 if i == 21 else (69, 72, 76, 71, 74, 72, 71, 68)[i % 8]
        notes.append((onset_s, onset_s + 0.9 * step_s, pitch))
        if i % 4 == 0:
            notes.append((onset_s, onset_s + 3.5 * step_s, 45 if i % 8 == 0 else 52))
    return notes


@pytest.fixture(scope="module")
def eighths_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("rhythm") / "eighths.flac"
    soundfile.write(path, synth.music(eighths(), FIRST_S + BEATS * 60 / BPM + 1.5), synth.RATE_HZ)
    return path


@pytest.fixture
def arranged(linnet, eighths_file):
    """The page with the eighths transcribed, both sections open; afterwards as it was."""
    page = linnet.page
    linnet.transcribe(eighths_file)
    for panel in ("time-panel", "pitch-panel"):
        if page.get_attribute(f"#{panel}", "open") is None:
            page.click(f"#{panel} summary")
    expect(page.locator("#time-found")).to_have_text("♩=96.0")
    yield linnet
    for name in ("grid-off", "snap-off"):
        page.click(f"label[for=option-{name}]")
    page.select_option("#option-quantise", "off")
    page.click("label[for=preset-mix]")


def unevenness_s(notes: dict[str, list[float]]) -> float:
    """How far onsets are from lying an eighth or a whole number of them apart."""
    gaps = np.diff(sorted(set(np.round(notes["onsetS"], 5))))
    steps = np.maximum(1, np.round(gaps * BPM / 30))
    return float(np.ptp(gaps / steps))


def test_tempo_and_key_are_found_and_stand_in_the_head(arranged):
    page = arranged.page
    assert "♩=96.0 · A minor" in page.inner_text("#file-facts")
    assert page.inner_text("#key-found") == "A minor"
    assert page.evaluate("linnet.analysis()")["grid"] is None


def test_quantise_moves_notes_and_gives_them_back(arranged):
    page, heard = arranged.page, arranged.notes()
    assert unevenness_s(heard) > 0.01
    page.click("label[for=option-grid-auto]")
    page.select_option("#option-quantise", "1/8")
    notes = arranged.until("linnet.notes()", lambda n: unevenness_s(n) < 1e-4)
    assert len(notes["onsetS"]) == len(heard["onsetS"])
    assert page.evaluate("linnet.analysis()")["grid"]["bpm"] == pytest.approx(BPM, abs=0.5)
    page.keyboard.press("q")
    arranged.until("linnet.notes()", lambda n: n["onsetS"] == heard["onsetS"])


def test_half_strength_goes_half_way(arranged):
    page, heard = arranged.page, arranged.notes()
    page.select_option("#option-quantise", "1/8")
    full = arranged.until("linnet.notes()", lambda n: n["onsetS"] != heard["onsetS"])
    arranged.set_option("quantise_strength", 0.5)
    half = arranged.until("linnet.notes()", lambda n: n["onsetS"] not in (full["onsetS"], heard["onsetS"]))
    assert np.sort(half["onsetS"]) == pytest.approx(
        np.sort((np.array(full["onsetS"]) + np.array(heard["onsetS"])) / 2), abs=1e-6
    )
    page.dblclick("#option-quantise_strength")
    arranged.until("linnet.notes()", lambda n: n["onsetS"] == full["onsetS"])


def test_snap_moves_or_removes_what_is_outside_the_key(arranged):
    page, heard = arranged.page, arranged.notes()
    assert 73 in heard["pitch"]
    page.click("label[for=option-snap-remove]")
    fewer = arranged.until("linnet.notes()", lambda n: 73 not in n["pitch"])
    assert len(fewer["pitch"]) < len(heard["pitch"])
    page.click("label[for=option-snap-nearest]")
    arranged.until("linnet.notes()", lambda n: len(n["pitch"]) > len(fewer["pitch"]))
    page.select_option("#option-scale", "chromatic")
    arranged.until("linnet.notes()", lambda n: n["pitch"] == heard["pitch"])
    page.dblclick(".option:has(#option-scale) > label")
    expect(page.locator("#option-scale")).to_have_value("key")


def test_an_arranged_note_is_still_the_note_that_was_heard(arranged):
    """What is edited are the notes as heard; arranging follows."""
    page = arranged.page
    page.select_option("#option-quantise", "1/8")
    before = arranged.until("linnet.notes()", lambda n: unevenness_s(n) < 1e-4)
    page.focus("#roll")
    page.keyboard.press("Control+a")
    page.keyboard.press("Shift+ArrowUp")
    up = arranged.until("linnet.notes()", lambda n: min(n["pitch"]) == min(before["pitch"]) + 12)
    assert up["onsetS"] == pytest.approx(before["onsetS"], abs=0.03)  # beats are weighed anew: low notes count for more
    page.keyboard.press("Control+z")
    arranged.until("linnet.notes()", lambda n: n["pitch"] == before["pitch"])


def test_presets_on_keys_and_undo(arranged):
    page = arranged.page
    page.focus("#roll")
    page.keyboard.press("4")
    expect(page.locator("#preset-bass")).to_be_checked()
    arranged.until("linnet.notes()", lambda n: max(n["pitch"]) <= 67)
    page.keyboard.press("Control+z")
    expect(page.locator("#preset-mix")).to_be_checked()
    arranged.until("linnet.notes()", lambda n: max(n["pitch"]) > 67)


def test_tapping_lays_a_grid(arranged):
    page = arranged.page
    page.evaluate(
        """async () => {
          const tap = document.getElementById("tap");
          for (let i = 0; i < 5; i++) {
            tap.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
            await new Promise((resolve) => setTimeout(resolve, 500));
          }
        }"""
    )
    expect(page.locator("#option-grid-manual")).to_be_checked()
    assert 60 < float(page.input_value("#option-tempo_bpm")) <= 121  # a busy machine taps late, never early
    page.fill("#option-tempo_bpm", "96")
    page.press("#option-tempo_bpm", "Enter")
    page.click("#tempo-double")
    expect(page.locator("#option-tempo_bpm")).to_have_value("192")
    page.click("#tempo-half")
    expect(page.locator("#time")).to_contain_text("  1.")
    expect(page.locator("#time-found")).to_have_text("♩=96.0")


def test_saved_files_lie_on_the_grid(arranged, tmp_path):
    page = arranged.page
    page.click("label[for=option-grid-auto]")
    page.select_option("#option-quantise", "1/8")
    page.click("label[for=option-tracks-by-range]")
    arranged.until("linnet.notes()", lambda n: unevenness_s(n) < 1e-4)
    midi = mido.MidiFile(arranged.save("mid", tmp_path))
    assert [track.name for track in midi.tracks[1:]] == ["Soprano", "Alto", "Bass"]
    assert all(tick % 480 == 0 for tick in on_ticks(midi))
    assert [60e6 / m.tempo for m in midi.tracks[0] if m.type == "set_tempo"] == pytest.approx([BPM], abs=0.5)
    page.click("label[for=option-tracks-one]")
    score = ElementTree.parse(arranged.save("musicxml", tmp_path)).getroot()
    assert score.findtext(".//key/mode") == "minor"
    assert len([n for n in score.iter("note") if n.find("pitch") is not None]) >= len(arranged.notes()["onsetS"])
    assert not score.findall(".//tuplet")
    planes = np.load(io.BytesIO(arranged.save("npz", tmp_path).read_bytes()))
    assert planes["note"].shape == planes["cents"].shape
    assert planes["note"].shape[1] == 88
    assert float(planes["frames_per_s"]) == pytest.approx(86.13, abs=0.01)
