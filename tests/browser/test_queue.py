"""Several files at once stand in line: each becomes a project, a bad one stops no other, all are saved together."""

from __future__ import annotations

import io
import zipfile

import mido
import pytest
import soundfile

from tests import recordings, synth
from tests.browser.test_arrange import BEATS, BPM, FIRST_S, eighths
from tests.core.test_midi_grid import on_ticks

FILES = 20


@pytest.fixture(scope="module")
def stems(tmp_path_factory):
    """Short files, each of other music; the third is none."""
    folder = tmp_path_factory.mktemp("stems")
    samples = recordings.clip(2.0 + 0.5 * FILES).samples
    paths = []
    for i in range(FILES):
        path = folder / f"song {i:02}.flac"
        start = int(0.5 * i * synth.RATE_HZ)
        soundfile.write(path, samples[start : start + 2 * synth.RATE_HZ], synth.RATE_HZ)
        paths.append(path)
    paths[2].write_text("this is no music")
    return paths


def rows(page, state):
    return page.page.locator(f"#batch-rows li[data-state={state}]")


def save(page, button, folder):
    with page.page.expect_download() as download:
        page.page.click(button)
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_twenty_files(own, stems, tmp_path):
    own.page.set_input_files("#file-input", stems)
    own.page.click("#projects-open")
    own.page.wait_for_selector("#batch-rows li:nth-child(1)[data-state=done]")
    assert rows(own, "waiting").count() > 5
    own.page.wait_for_selector("#batch-rows li:nth-child(5)[data-state=done]")
    own.page.click("#batch-rows li:nth-child(4) button:text('Open')")  # while the rest runs
    own.page.wait_for_selector("#file-name:text('song 03.flac')")
    own.wait_for("done")
    fourth = own.notes()
    own.page.click("#projects-open")
    own.page.wait_for_selector("#batch-rows:not(:has([data-state=waiting], [data-state=running]))", timeout=180_000)
    assert rows(own, "done").count() == FILES - 1
    assert "not" in rows(own, "failed").inner_text()
    assert own.notes() == fourth
    with zipfile.ZipFile(save(own, "#batch-midi", tmp_path)) as archive:
        names = archive.namelist()
        assert len(names) == FILES - 1
        assert "song 03.mid" in names
        file = mido.MidiFile(file=io.BytesIO(archive.read("song 03.mid")))
        starts = [m for track in file.tracks for m in track if m.type == "note_on" and m.velocity > 0]
        assert len(starts) == len(fourth["onsetS"])
    together = mido.MidiFile(save(own, "#batch-one", tmp_path))  # more of them than MIDI has channels
    assert [track.name for track in together.tracks][1:] == [name.removesuffix(".mid") for name in names]
    assert own.page.inner_text("#projects-open") == "Projects"
    assert own.complaints == []


def test_stems_make_one_file_with_a_track_for_each(own, stems, tmp_path):
    own.page.set_input_files("#file-input", stems[3:6])
    own.page.click("#projects-open")
    own.page.wait_for_selector("#batch-rows li:nth-child(3)[data-state=done]")
    path = save(own, "#batch-one", tmp_path)
    assert path.name == "song 0.mid"
    assert [track.name for track in mido.MidiFile(path).tracks][1:] == ["song 03", "song 04", "song 05"]


def test_stems_of_one_song_lie_on_one_grid(own, tmp_path):
    """The grid is laid on one of them; the other is not quantised and lies on it as played."""
    notes, length_s = eighths(), FIRST_S + BEATS * 60 / BPM + 1.5
    stems = {"bass": [n for n in notes if n[2] < 60], "tune": [n for n in notes if n[2] >= 60]}
    for name, own_notes in stems.items():
        soundfile.write(tmp_path / f"song {name}.flac", synth.music(own_notes, length_s), synth.RATE_HZ)
    own.page.set_input_files("#file-input", [tmp_path / "song bass.flac", tmp_path / "song tune.flac"])
    own.page.click("#projects-open")
    own.page.wait_for_selector("#batch-rows li:nth-child(2)[data-state=done]")
    own.page.click("#batch-rows li:nth-child(2) button:text('Open')")
    own.page.wait_for_selector("#file-name:text('song tune.flac')")
    heard = own.notes()
    if own.page.get_attribute("#time-panel", "open") is None:
        own.page.click("#time-panel summary")
    own.page.click("label[for=option-grid-auto]")
    own.page.select_option("#option-quantise", "1/8")
    own.until("linnet.notes()", lambda n: n["onsetS"] != heard["onsetS"])
    own.page.click("#projects-open")
    file = mido.MidiFile(save(own, "#batch-one", tmp_path))
    conductor, bass, tune = (mido.MidiFile(tracks=[file.tracks[0], track]) for track in file.tracks)
    assert [60e6 / m.tempo for m in conductor.tracks[0] if m.type == "set_tempo"] == pytest.approx([BPM], abs=0.5)
    assert all(tick % 480 == 0 for tick in on_ticks(tune))
    off_line = [(tick + 240) % 480 - 240 for tick in on_ticks(bass)]
    assert len(off_line) == len(stems["bass"])
    assert any(off_line)
    assert max(map(abs, off_line)) < 0.04 * BPM / 60 * 960  # 40 ms


def test_a_queue_outlives_a_reload(own, stems):
    own.page.set_input_files("#file-input", stems[3:9])
    own.page.click("#projects-open")
    own.page.wait_for_selector("#batch-rows li:nth-child(2)[data-state=done]")
    own.page.reload(wait_until="commit")
    own.page.click("#projects-open")
    own.page.wait_for_selector("#project-rows:not(:has([data-state=waiting], [data-state=running]))", timeout=180_000)
    assert own.page.locator("#project-rows li[data-state=done]").count() == 6


def test_one_file_goes_before_those_in_line(own, stems, clip_file):
    own.page.set_input_files("#file-input", stems[3:9])
    own.page.wait_for_selector("#projects-open:text('/6')")
    own.choose(clip_file)
    own.page.wait_for_selector("#file-name:text('clip.flac')")
    own.wait_for("done")
    own.page.click("#projects-open")
    own.page.wait_for_selector("#batch-rows:not(:has([data-state=waiting], [data-state=running]))", timeout=180_000)
    assert rows(own, "done").count() == 6
    assert own.page.inner_text("#file-name") == "clip.flac"
