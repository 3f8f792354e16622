"""Live notes as they were told, scored: the core runs natively, frame by frame, exactly as in the page.

A note counts as told where it was neither taken back within `REVISED_S` nor told later than `REVISED_S` after the
engine could have told it at the earliest; what is taken back later counts as a false note.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from linnet.engine import Engine, Kit
from linnet.live_events import BACK, OFF, ON, LiveEvents
from linnet.live_voice import LiveVoice
from linnet.native.session import Network, released_model
from linnet.native.transcribe import Transcriber
from tests.bench.places import RECORDINGS
from tests.bench.results import CannotMeasure, Result, percentile
from tests.bench.scores import Notes, Score, by_group, group_of, mean, score

REVISED_S = 0.3
VOICE_EARLIEST_S = 0.049  # derived in ARCHITECTURE.md
BLOCK_SAMPLES = 256
FOLLOW_POINTS, PLAY_POINTS, PLAY_BACK = 0.02, 0.05, 0.05
ONE_VOICE = ("clarinet-bach10", "sax-bach10", "violin-garner", "violin-minji", "voice-ssvd", "voice-vocadito")

Samples = NDArray[np.float32]


@dataclass(frozen=True)
class Told:
    """What came of one recording: the notes that count, how many were told and taken back, and how late they were."""

    notes: Notes
    told: int
    back: int
    late_s: list[float]


def add_rows(result: Result) -> None:
    if not RECORDINGS.is_dir():
        raise CannotMeasure("accuracy of live notes: there is no ../shared/data here", result)
    transcriber, follower = Transcriber(), _Follower()
    file: dict[str, Score] = {}
    follow: dict[str, Told] = {}
    play: dict[str, Told] = {}
    references: dict[str, Notes] = {}
    for path in sorted(RECORDINGS.glob("*.notes.csv")):
        name = path.name.removesuffix(".notes.csv")
        if name.startswith("note-"):
            continue
        audio = path.with_name(f"{name}.flac")
        references[name] = Notes.from_csv(path)
        file[name] = score(references[name], _as_notes(transcriber, audio))
        samples, rate_hz = soundfile.read(audio, dtype="float32")
        follow[name] = judge(follower.events(samples, rate_hz), rate_hz, follower.earliest_s)
        if group_of(name) in ONE_VOICE:
            play[name] = judge(_voice_events(samples, rate_hz), rate_hz, VOICE_EARLIEST_S)
    _rows(result, "Follow", references, file, follow, FOLLOW_POINTS, None)
    _rows(result, "Play", references, {n: file[n] for n in play}, play, PLAY_POINTS, PLAY_BACK)


def _rows(
    result: Result,
    mode: str,
    references: dict[str, Notes],
    file: dict[str, Score],
    told: dict[str, Told],
    points: float,
    most_back: float | None,
) -> None:
    groups = by_group({name: score(references[name], one.notes) for name, one in told.items()})
    beside = by_group(file)
    ours, theirs = mean(groups.values()).note, mean(beside.values()).note
    result.add(
        f"{mode} as told: note F1, mean of {len(groups)} groups", f"{ours:.3f}", f"the file: {theirs:.3f}",
        f">= {theirs - points:.3f}", ours >= theirs - points,
    )  # fmt: skip
    for group, one in groups.items():
        result.add(f"  {group}", f"{one.note:.2f}", f"{beside[group].note:.2f}")
    share = sum(one.back for one in told.values()) / max(1, sum(one.told for one in told.values()))
    target = "" if most_back is None else f"<= {100 * most_back:g} %"
    met = None if most_back is None else share <= most_back
    result.add(f"  {mode}: notes taken back", f"{100 * share:.1f} %", "", target, met)
    late = [value for one in told.values() for value in one.late_s]
    words = ", ".join(f"{1000 * percentile(late, p):.0f}" for p in (50, 95))
    result.add(f"  {mode}: told after the onset it states, in sound's own time (p50, p95)", f"{words} ms")
    result.raw[f"{mode} accuracy"] = {"groups": {g: s.note for g, s in groups.items()}, "back": share}


def judge(events: Iterator[tuple[int, LiveEvents]], rate_hz: float, earliest_s: float) -> Told:
    """`events` come with the samples that had been fed by then; `earliest_s` is the engine's own look-ahead."""
    on: dict[int, float] = {}
    back: dict[int, float] = {}
    notes: dict[int, tuple[float, float, float]] = {}
    late: list[float] = []
    for samples, batch in events:
        now = samples / rate_hz
        for kind, note, pitch, time_s in zip(batch.kind, batch.note, batch.pitch, batch.time_s, strict=True):
            number = int(note)
            if kind == ON:
                on[number] = now
                late.append(now - float(time_s))
                notes[number] = (float(time_s), float(time_s) + 0.05, float(pitch))
            elif kind == OFF and number in notes:
                onset_s, _, key = notes[number]
                notes[number] = (onset_s, max(float(time_s), onset_s + 1e-3), key)
            elif kind == BACK:
                back[number] = now
    kept = [
        row
        for number, row in notes.items()
        if not (number in back and back[number] - on[number] <= REVISED_S)
        and on[number] - row[0] <= earliest_s + REVISED_S
    ]
    return Told(Notes.of(kept), len(on), len(back), late)


class _Follower:
    """The file's engine, fed as a player's sound comes."""

    def __init__(self) -> None:
        released = released_model()
        self._kit, self._network = Kit.of(released.manifest), Network(released)
        grid, delay = released.manifest.grid, released.manifest.network.delay_frames
        self.earliest_s = (self._kit.vqt.look_ahead_samples + (delay + 3) * grid.hop_samples) / grid.sample_rate_hz

    def events(self, samples: Samples, rate_hz: int) -> Iterator[tuple[int, LiveEvents]]:
        engine = Engine(self._kit, rate_hz=rate_hz, block_frames=1, is_live=True, keep_planes=False)
        stream = self._network.stream()

        def run(blocks: Iterator[NDArray[np.uint8]]) -> LiveEvents:
            for frames in blocks:
                out = stream.run(frames)
                engine.absorb(out.onset, out.note, out.offset, out.velocity, out.contour)
            return engine.take_events()

        for at in range(0, len(samples), BLOCK_SAMPLES):
            yield at + BLOCK_SAMPLES, run(engine.feed(samples[at : at + BLOCK_SAMPLES]))
        run(engine.finish_feed())
        engine.finish()
        yield len(samples), engine.take_events()


def _voice_events(samples: Samples, rate_hz: int) -> Iterator[tuple[int, LiveEvents]]:
    voice = LiveVoice(released_model().manifest.grid.sample_rate_hz, rate_hz=rate_hz)
    for at in range(0, len(samples), BLOCK_SAMPLES):
        yield at + BLOCK_SAMPLES, voice.feed(samples[at : at + BLOCK_SAMPLES])
    yield len(samples), voice.finish()


def _as_notes(transcriber: Transcriber, audio: Path) -> Notes:
    return Notes.of((n.onset_s, n.offset_s, float(n.pitch)) for n in transcriber.transcribe(audio).notes)
