"""The door for JavaScript, driven from CPython with flat arrays in place of typed arrays."""

import asyncio
import io
import json
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import mido
import numpy as np
import pytest

from linnet import BadOption, BadProject, LinnetError, bridge
from linnet.notes import NoteTable
from tests.core import faked
from tests.core.rhythms import played
from tests.core.test_engine import BLOCK, SAMPLES, ScriptedNetwork, transcribe
from tests.core.test_midi_grid import on_ticks


@pytest.fixture
def run():
    bridge.open_model(faked.manifest_json())
    network = ScriptedNetwork(BLOCK)

    async def run(frames, count):
        assert frames.ndim == 1
        planes = network(frames.reshape(count, -1))
        names = ("onset", "note", "offset", "velocity", "contour")
        return SimpleNamespace(**{n: memoryview(p.reshape(-1)) for n, p in zip(names, planes, strict=True)})

    yield run
    bridge.reset()


def go(run, channels=1):
    async def whole():
        bridge.start(22050.0, channels, json.dumps({}))
        interleaved = np.repeat(SAMPLES, channels)
        ended = 0
        for at in range(0, len(interleaved), 20_000 * channels):
            ended += len((await bridge.push(memoryview(interleaved[at : at + 20_000 * channels]), run))["onsetS"])
        return ended, await bridge.finish(run)

    with ThreadPoolExecutor(1) as own_thread:  # playwright keeps an event loop in this one
        return own_thread.submit(asyncio.run, whole()).result()


@pytest.mark.parametrize("channels", [1, 2])
def test_it_gives_what_the_engine_gives(run, channels):
    ended, columns = go(run, channels)
    reference = transcribe(SAMPLES, BLOCK).finish()
    assert ended <= len(reference)
    for name, column in bridge.columns(reference).items():
        assert column.ndim == 1
        assert np.array_equal(columns[name], column), name


def test_redecode_and_exports(run):
    _, first = go(run)
    assert bridge.tuning_cents() is None  # noise has no tuning
    fewer = bridge.redecode(json.dumps({"lowest_pitch": 60}))
    assert len(fewer["onsetS"]) < len(first["onsetS"])
    shown = SimpleNamespace(**fewer)
    assert bridge.export("mid", json.dumps({"tempo_bpm": 90}), "take", shown).startswith(b"MThd")
    assert bridge.export("csv", "{}", "", shown).decode().count("\n") == len(fewer["onsetS"]) + 1
    assert len(json.loads(bridge.export("json", "{}", "", shown))["notes"]) == len(fewer["onsetS"])
    assert b"<score-partwise" in bridge.export("musicxml", "{}", "take", shown)
    planes = np.load(io.BytesIO(bridge.export("npz", "{}", "", shown)))
    assert planes["onset"].shape == planes["cents"].shape
    assert len(planes["onset"]) > 0
    with pytest.raises(LinnetError, match="mid, musicxml, csv, json or npz"):
        bridge.export("wav", "{}", "", shown)


def test_arranging_and_files_on_its_grid():
    heard = played(97, jitter_s=0.01)
    answer = bridge.arrange(
        SimpleNamespace(**bridge.columns(heard)), json.dumps({"quantise": "1/8", "sensitivity": 0.4})
    )
    analysis = json.loads(answer["analysis"])
    assert analysis["bpm"] == pytest.approx(97, rel=0.01)
    assert analysis["grid"]["barOne"] <= analysis["grid"]["firstBar"]
    arranged = bridge.note_table(SimpleNamespace(**answer))
    assert np.array_equal(arranged.pitch, heard.pitch[answer["source"]])
    data = bridge.export("mid", "{}", "", SimpleNamespace(**answer), answer["analysis"])
    ticks = np.cumsum([message.time for message in mido.MidiFile(file=io.BytesIO(data)).tracks[1]])
    kinds = [message.type for message in mido.MidiFile(file=io.BytesIO(data)).tracks[1]]
    assert all(tick % 480 == 0 for tick, kind in zip(ticks.tolist(), kinds, strict=True) if kind == "note_on")
    plain = bridge.arrange(SimpleNamespace(**bridge.columns(heard)), json.dumps({"grid": "manual", "tempo_bpm": 90}))
    assert set(plain) == {"analysis"}
    assert json.loads(plain["analysis"])["grid"]["bpm"] == pytest.approx(90)
    assert json.loads(bridge.arrange(SimpleNamespace(**bridge.columns(NoteTable())), "{}")["analysis"])["bpm"] is None


def test_underlays_and_ghosts(run):
    _, first = go(run)
    frames = bridge.underlay("transform", 0, 1000, 8)
    assert frames["columns"] * frames["rows"] == len(frames["bytes"])
    assert frames["columns"] > 60
    planes = bridge.underlay("likelihood", 0, 1000, 8)
    assert planes["columns"] * planes["rows"] * 2 == len(planes["bytes"])
    ghosts = bridge.ghosts()
    shown = set(zip(first["onsetS"], first["pitch"], strict=True))
    assert not shown & set(zip(ghosts["onsetS"], ghosts["pitch"], strict=True))
    assert np.array_equal(bridge.redecode("{}")["onsetS"], first["onsetS"])  # asking changes nothing


def stem(name, notes, **options):
    return SimpleNamespace(name=name, notes=SimpleNamespace(**bridge.columns(notes)), options=json.dumps(options))


def test_several_recordings_make_one_file_with_a_track_for_each(run):
    go(run)
    notes = bridge.note_table(SimpleNamespace(**bridge.redecode("{}")))
    parts = [stem("bass", notes, program=33, sensitivity=0.4), stem("voice", notes)]
    file = mido.MidiFile(file=io.BytesIO(bridge.export_parts("{}", "song", parts)))
    starts = {t.name: sum(m.type == "note_on" and m.velocity > 0 for m in t) for t in file.tracks}
    assert starts == {"song": 0, "bass": len(notes), "voice": len(notes)}
    assert [m.program for t in file.tracks for m in t if m.type == "program_change"] == [33, 0]


def test_stems_of_one_song_lie_on_one_grid():
    song = played(96, jitter_s=0.01)
    low = song.pitch < 60
    stems = {"bass": song.rows(np.flatnonzero(low)), "tune": song.rows(np.flatnonzero(~low))}
    parts = [stem(name, notes, grid="auto", quantise="1/8") for name, notes in stems.items()]
    alone = [json.loads(bridge.arrange(part.notes, part.options)["analysis"])["grid"]["bpm"] for part in parts]
    assert alone == pytest.approx([48, 96], abs=0.5)  # that is why they are asked together
    file = mido.MidiFile(file=io.BytesIO(bridge.export_parts("{}", "song", parts)))
    assert [60e6 / m.tempo for m in file.tracks[0] if m.type == "set_tempo"] == pytest.approx([96], abs=0.5)
    together = bridge.arrange(SimpleNamespace(**bridge.columns(song)), parts[0].options)
    whole = bridge.export("mid", "{}", "", SimpleNamespace(**together), together["analysis"])
    assert on_ticks(file) == on_ticks(mido.MidiFile(file=io.BytesIO(whole)))
    assert all(tick % 480 == 0 for tick in on_ticks(file))


def test_a_recording_is_taken_over_from_its_blob(run):
    _, first = go(run)
    blob = bridge.planes()
    assert isinstance(blob, bytes)
    fewer = bridge.redecode(json.dumps({"lowest_pitch": 60}))
    bridge.reset()
    bridge.restore(memoryview(blob))
    again = bridge.redecode("{}")
    assert all(np.array_equal(again[name], column) for name, column in first.items())
    again = bridge.redecode(json.dumps({"lowest_pitch": 60}))
    assert all(np.array_equal(again[name], column) for name, column in fewer.items())
    with pytest.raises(BadProject, match="broken"):
        bridge.restore(memoryview(blob[:-9]))
    assert len(bridge.redecode("{}")["onsetS"]) == len(first["onsetS"])  # what was there stays


def test_columns_are_a_note_table_again(run):
    _, heard = go(run)
    again = bridge.columns(bridge.note_table(SimpleNamespace(**heard)))
    assert len(heard["onsetS"]) > 0
    assert all(np.array_equal(again[name], column) for name, column in heard.items())


def test_options_come_with_their_limits(run):
    assert {entry["name"] for entry in json.loads(bridge.option_schema())} >= {"sensitivity", "tempo_bpm"}
    with pytest.raises(BadOption, match="sensitivity"):
        bridge.start(22050, 1, json.dumps({"sensitivity": 7}))


def test_out_of_turn_is_said(run):
    bridge.reset()
    with pytest.raises(LinnetError, match="start first"):
        bridge.redecode("{}")
