"""The few functions that JavaScript calls. Flat buffers and JSON in, flat buffers and JSON out.

One model and one transcription at a time, as in the worker that owns them. The network is the one thing that
comes from outside: `push` and `finish` await `run(frames, count)`, a JavaScript function that takes `count`
rows of uint8 frames in one flat array, runs them block by block, keeps the network's state between calls and
answers with an object of flat uint8 arrays named onset, note, offset, velocity and contour. Tested in CPython with
plain arrays.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linnet.engine import Engine, Kit
from linnet.errors import LinnetError
from linnet.level import Frames
from linnet.live_events import LiveEvents
from linnet.manifest import Manifest
from linnet.notes import NoteTable
from linnet.options import ArrangeOptions, DecodeOptions, MidiOptions, schema_json
from linnet.part import Part
from linnet.seen import likelihood

try:
    from pyodide.ffi import to_js
except ImportError:  # CPython: arrays go as they are

    def to_js(array: Any) -> Any:
        return array


# Any stands for JavaScript objects, which have no Python type
Run = Callable[[Any, int], Awaitable[Any]]
Columns = dict[str, NDArray[Any]]

CALL_BLOCKS = 4  # network blocks that JavaScript runs for one await: each costs milliseconds of event loop

# A note table's columns: JavaScript's name, Python's name, dtype
COLUMN_TYPES: dict[str, tuple[str, type]] = {
    "onsetS": ("onset_s", np.float64),
    "offsetS": ("offset_s", np.float64),
    "pitch": ("pitch", np.uint8),
    "velocity": ("velocity", np.uint8),
    "confidence": ("confidence", np.float32),
    "bendStart": ("bend_start", np.int32),
    "bendS": ("bend_s", np.float64),
    "bendCents": ("bend_cents", np.float32),
}

_kit: Kit | None = None
_engine: Engine | None = None
_voice: Any = None  # a LiveVoice; its module is read when it is first wanted
_channels = 1
_arranging: Any = None  # linnet.arranging.Arranging, which is loaded when it is first wanted


def _opened() -> Kit:
    if _kit is None:
        raise LinnetError("no model is open; call open_model first")
    return _kit


def _started() -> Engine:
    if _engine is None:
        raise LinnetError("no transcription is under way; call start first")
    return _engine


def _flat(buffer: Any, dtype: type) -> NDArray[Any]:
    """A JavaScript typed array, or anything with the buffer protocol, as a flat array of its own."""
    if hasattr(buffer, "to_py"):
        buffer = buffer.to_py()
    array = np.asarray(buffer)
    return array.reshape(-1).astype(dtype, copy=False)


def columns(notes: NoteTable) -> Columns:
    """The note table as flat arrays by their JavaScript names (times in s, bends in cents)."""
    return {name: getattr(notes, python) for name, (python, _) in COLUMN_TYPES.items()}


def open_model(manifest_json: str) -> None:
    """Read the manifest and build the transform's kernels."""
    global _kit
    _kit = Kit.of(Manifest.from_json(manifest_json))


def option_schema() -> str:
    """The table of options as JSON."""
    return schema_json()


def start(rate_hz: float, channels: int, options_json: str) -> None:
    """Begin a transcription of interleaved PCM; an earlier one is given up."""
    _start(rate_hz, channels, options_json)


def start_part(rate_hz: float, channels: int, options_json: str, part_json: str) -> None:
    """Begin to hear a part of a recording, as JSON: `fromS` to `toS`, fed from `fedFromS` on, an even frame.

    Where it `isOnWhole`, its planes go into those of the recording that is there, else into blank ones. From the end on
    this is the whole recording.
    """
    values = json.loads(part_json)
    part = Part.of(_opened().manifest.grid, *(float(values[name]) for name in ("fedFromS", "fromS", "toS")))
    _start(rate_hz, channels, options_json, part=part, whole=_started() if values["isOnWhole"] else None)


def _start(rate_hz: float, channels: int, options_json: str, **settings: Any) -> None:
    global _engine, _voice, _channels
    kit, options = _opened(), DecodeOptions.from_mapping(json.loads(options_json))
    block_frames = CALL_BLOCKS * kit.manifest.network.block_frames
    _engine = Engine(kit, options, rate_hz=rate_hz, block_frames=block_frames, **settings)
    _voice, _channels = None, int(channels)


async def push(pcm: Any, run: Run) -> Columns:
    """Take interleaved float32 PCM, run what it completes; the notes that ended with it."""
    samples = _flat(pcm, np.float32).reshape(-1, _channels)
    return columns(await _run(_started(), _started().feed(samples), run))


async def finish(run: Run) -> Columns:
    """No more PCM comes; all notes of the recording."""
    engine = _started()
    await _run(engine, engine.finish_feed(), run)
    return columns(engine.finish())


async def _run(engine: Engine, blocks: Iterable[Frames], run: Run) -> NoteTable:
    tables = []
    grid = engine.manifest.grid
    for frames in blocks:
        answer = await run(to_js(frames.reshape(-1)), len(frames))
        onset, note, offset, velocity = (
            _flat(getattr(answer, name), np.uint8).reshape(-1, grid.pitch_count)
            for name in ("onset", "note", "offset", "velocity")
        )
        contour = _flat(answer.contour, np.uint8).reshape(-1, grid.contour_bin_count)
        tables.append(engine.absorb(onset, note, offset, velocity, contour))
    return NoteTable.join(tables)


def cut_short() -> Columns:
    """Stop here and keep what has been transcribed; further settings and exports work on it."""
    return columns(_started().cut_short())


def tuning_cents() -> float | None:
    """How far the recording lies off A = 440 Hz, to the nearest key; None while that cannot be said."""
    return _started().tuning_cents


def redecode(options_json: str) -> Columns:
    """All notes again under other options."""
    return columns(_started().redecode(DecodeOptions.from_mapping(json.loads(options_json))))


def ghosts() -> Columns:
    """Candidates below the present bar that are none of the notes."""
    return columns(_started().ghosts())


def underlay(kind: str, start: int, stop: int, step: int) -> dict[str, Any]:
    """What lies under the notes from frame `start` to `stop`, as far as it is there, `step` frames to a column.

    kind is transform or likelihood (seen.py). A column's bytes go from the lowest pitch up; the transform has
    `perSemitone` rows to a semitone and one plane, likelihood one row and two planes (note, then onset).
    Empty where nothing was kept.
    """
    engine = _started()
    grid = engine.manifest.grid
    window = np.zeros((0, 0), np.uint8)
    if kind == "transform":
        if engine.seen is not None:
            window = engine.seen.window(start, stop, step)
    elif kind != "likelihood":
        raise LinnetError(f"underlay kind is {kind!r}; it must be transform or likelihood")
    elif engine.planes is not None:
        window = likelihood(engine.planes, start, stop, step)
    return {
        "columns": len(window),
        "rows": grid.bin_count if kind == "transform" else grid.pitch_count,
        "perSemitone": grid.bins_per_octave // 12 if kind == "transform" else 1,
        "bytes": np.ascontiguousarray(window).reshape(-1),
    }


def planes() -> bytes:
    """What `restore` needs to decode this recording again, as one compact blob (planes_file.py)."""
    return _started().packed_planes()


def restore(packed: Any, options_json: str = "{}") -> None:
    """Take over a recording from its blob, as if it had just been transcribed under these options."""
    global _engine
    options = DecodeOptions.from_mapping(json.loads(options_json))
    _engine = Engine.restored(_opened(), options, _flat(packed, np.uint8).tobytes())


def note_table(buffers: Any) -> NoteTable:
    """The note table behind flat arrays by their JavaScript names: the inverse of `columns`."""
    return NoteTable(**{python: _flat(getattr(buffers, name), dtype) for name, (python, dtype) in COLUMN_TYPES.items()})


def arrange(notes: Any, options_json: str) -> dict[str, Any]:
    """What the notes (flat arrays, as `columns` names them) say of tempo and key, and the notes arranged.

    `analysis` is JSON (see linnet/arranging.py). Where an option changes notes, their columns come too, and `source`
    [int32], the row that each was before.
    """
    from linnet.arranging import Arranging

    global _arranging
    _arranging = _arranging or Arranging()
    arranged, analysis = _arranging.of(note_table(notes), json.loads(options_json))
    answer: dict[str, Any] = {"analysis": json.dumps(analysis)}
    return answer if arranged is None else answer | columns(arranged.notes) | {"source": arranged.source}


def export(kind: str, options_json: str, title: str, notes: Any, analysis_json: str = "{}") -> bytes:
    """The notes (flat arrays, as `columns` names them) as a file: kind is mid, musicxml, csv, json or npz.

    `analysis_json` is that of `arrange`: the grid and key that the file is written in.
    """
    from linnet.arranging import setting_of
    from linnet.export import csv_text, json_text, npz_bytes

    notes, options = note_table(notes), json.loads(options_json)
    grid, key = setting_of(json.loads(analysis_json))
    if kind == "mid":
        from linnet.midi import midi_bytes  # needs mido, which the page loads when it is first wanted

        return midi_bytes(notes, MidiOptions.from_mapping(options), title=title, grid=grid)
    if kind == "musicxml":
        from linnet.musicxml import musicxml_bytes

        return musicxml_bytes(notes, MidiOptions.from_mapping(options), title=title, grid=grid, key=key)
    if kind == "npz":
        return npz_bytes(_started().whole_planes(), _opened().manifest)
    if kind == "csv":
        return csv_text(notes).encode()
    if kind == "json":
        return json_text(notes, {"title": title}).encode()
    raise LinnetError(f"export kind is {kind!r}; it must be mid, musicxml, csv, json or npz")


def export_parts(options_json: str, title: str, parts: Iterable[Any]) -> bytes:
    """Stems as one MIDI file with a track for each; `options_json` are the file's, and lay its grid before theirs.

    Each of `parts` has a `name`, its own `options` as JSON, and `notes` as in `export`, which are arranged here.
    """
    from linnet.midi import parts_bytes
    from linnet.stems import arrange_stems
    from linnet.voices import Part

    options = json.loads(options_json)
    named = [(str(part.name), note_table(part.notes), json.loads(part.options)) for part in parts]
    stems = [(notes, ArrangeOptions.from_mapping(own)) for _, notes, own in named]
    arranged, grid = arrange_stems(stems, ArrangeOptions.from_mapping(options))
    made = [
        Part(name, stem.notes, MidiOptions.from_mapping(own).program)
        for (name, _, own), stem in zip(named, arranged, strict=True)
    ]
    return parts_bytes(made, MidiOptions.from_mapping(options), title=title, grid=grid)


def reset() -> None:
    """Forget the transcription and its planes."""
    global _engine, _voice
    _engine = _voice = None


# Live: the same engine fed as the sound comes (follow), or the tracker of one voice (play). JavaScript asks for events
# after each piece of audio, however long; `finish` or `finish_voice` ends the take.


def start_live(mode: str, rate_hz: float, channels: int, options_json: str) -> None:
    """Begin a take: `mode` is follow (all notes, the file's own engine) or play (one voice, the least delay)."""
    global _engine, _voice, _channels
    kit, options = _opened(), DecodeOptions.from_mapping(json.loads(options_json))
    _engine, _voice, _channels = None, None, int(channels)
    if mode == "follow":
        _engine = Engine(kit, options, rate_hz=rate_hz, block_frames=1, is_live=True)
    elif mode == "play":
        from linnet.live_voice import LiveVoice

        _voice = LiveVoice(kit.manifest.grid.sample_rate_hz, options, rate_hz=rate_hz)
    else:
        raise LinnetError(f"live mode is {mode!r}; it must be follow or play")


async def push_live(pcm: Any, run: Run) -> Columns:
    """Take interleaved float32 PCM; the events that became known with it."""
    samples = _flat(pcm, np.float32).reshape(-1, _channels)
    if _voice is not None:
        return event_columns(_voice.feed(samples))
    engine = _started()
    await _run(engine, engine.feed(samples), run)
    return event_columns(engine.take_events())


def finish_voice() -> Columns:
    """The take of one voice is over; its last events. There are no notes to keep: transcribe the take."""
    global _voice
    if _voice is None:
        raise LinnetError("no take of one voice is under way; call start_live first")
    columns, _voice = event_columns(_voice.finish()), None
    return columns


def event_columns(events: LiveEvents) -> Columns:
    """The events as flat arrays by their JavaScript names (times in s, bends in cents)."""
    return {
        "kind": events.kind,
        "note": events.note,
        "pitch": events.pitch,
        "velocity": events.velocity,
        "timeS": events.time_s,
        "cents": events.cents,
    }
