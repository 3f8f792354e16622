"""Engine: the conductor of one transcription. PCM in, frames out to the host's network, planes in, notes out.

The host runs the network between `feed` and `absorb`; the engine awaits nothing and opens nothing:

    for pcm in blocks:
        for frames in engine.feed(pcm):
            for note in engine.absorb(*network(frames)): ...
    for frames in engine.finish_feed():
        engine.absorb(*network(frames))
    notes = engine.finish()

Live and file are this same loop; only `block_frames`, the frames per network call, differs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from linnet.decode import Decoder
from linnet.errors import BadAudio, LinnetError
from linnet.frames import FrameMaker
from linnet.ghosts import GHOST_LOGITS, without
from linnet.level import Frames
from linnet.live_events import LiveEvent, LiveEvents
from linnet.manifest import Manifest
from linnet.notes import NoteTable
from linnet.options import DecodeOptions
from linnet.part import Part, PartPlanes, PartSeen
from linnet.pcm import Resampler, check_rate, to_mono
from linnet.planes import NetworkPlanes, Plane, PlaneBlock, PlaneReader, PlaneStore
from linnet.planes_file import pack_planes, unpack_planes
from linnet.provisional import Provisional
from linnet.seen import SeenFrames
from linnet.tuning import Shifts, TuningTracker
from linnet.vqt import Vqt

FILE_BLOCK_FRAMES = 64  # network blocks from this length on mean a file, not a player who waits
FILE_DECODE_FRAMES = 512  # a file's planes are decoded so many frames at a time: the cost of a call is shared
MOST_TABLES = 256  # small tables are joined when there are so many: each costs a kilobyte beside its notes


@dataclass(frozen=True)
class Kit:
    """What all transcriptions with one model share: its manifest and the tables computed from it."""

    manifest: Manifest
    vqt: Vqt
    reader: PlaneReader

    @classmethod
    def of(cls, manifest: Manifest) -> Kit:
        return cls(manifest, Vqt(manifest.grid), PlaneReader(manifest))


class Engine:
    """One transcription. `keep_planes` holds what `redecode` needs; without it memory does not grow.

    Where it `is_live`, notes are told while they sound: see `take_events`. The notes in the end are the same.

    Where it hears a `part` of a recording, the audio begins where `part` says. The planes go into those of `whole`, an
    engine that has ended and is not to be used any more, or into blank ones. The notes in the end, and all that is
    asked of this engine from then on, are those of the whole.
    """

    def __init__(
        self,
        kit: Kit,
        options: DecodeOptions | None = None,
        *,
        rate_hz: float,
        keep_planes: bool = True,
        block_frames: int | None = None,
        is_live: bool = False,
        part: Part | None = None,
        whole: Engine | None = None,
    ) -> None:
        self.manifest = kit.manifest
        self.options = options or DecodeOptions()
        self.rate_hz = check_rate(rate_hz)
        self._reader = kit.reader
        self._resampler = Resampler(self.rate_hz, kit.manifest.grid.sample_rate_hz)
        self._frame_maker = FrameMaker(kit.vqt, kit.manifest.level)
        self._tuning = TuningTracker(kit.manifest.grid)
        # by row that the network will answer: it speaks of a frame `delay_frames` before
        self._shifts: Shifts = np.zeros(kit.manifest.network.delay_frames, np.int8)
        self._block_frames = block_frames or kit.manifest.network.block_frames
        self._waiting = np.zeros((0, kit.manifest.grid.bin_count), np.uint8)
        self._to_skip = kit.manifest.network.delay_frames
        self._to_absorb = 0
        self._answers: list[NetworkPlanes] = []
        self._answered = 0
        self._decode_frames = 1 if self._block_frames < FILE_BLOCK_FRAMES else FILE_DECODE_FRAMES
        self._decoder = Decoder(self.manifest, self.options, is_watched=is_live)
        self._provisional = Provisional(self.manifest, self._decoder, self.options) if is_live else None
        self._events: list[LiveEvent] = []
        self._store = PlaneStore() if keep_planes else None
        self.seen = SeenFrames(kit.manifest.grid.bin_count) if keep_planes else None
        """The transform as it is kept for the eye; None without planes."""
        self._tables: list[NoteTable] = []
        self._samples_fed = 0
        self._restored_cents: float | None = None
        self._owes_notes = False  # restored and not decoded: who only looks need not wait for it
        self._part = part
        self._keeps_planes: PlaneStore | PartPlanes | None = self._store
        self._keeps_seen: SeenFrames | PartSeen | None = self.seen
        if part is not None:
            self._put_into(whole, part)

    def _put_into(self, whole: Engine | None, part: Part) -> None:
        """Let what comes of the part go where it belongs in the whole."""
        if whole is not None:
            self._store, self.seen, self._restored_cents = whole._store, whole.seen, whole.tuning_cents
        if self._store is None or self.seen is None:
            raise LinnetError("a part goes into the planes of the whole; make both Engines with keep_planes=True")
        self._keeps_planes, self._keeps_seen = PartPlanes(self._store, part), PartSeen(self.seen, part)

    @classmethod
    def restored(cls, kit: Kit, options: DecodeOptions, packed: bytes) -> Engine:
        """An engine that has ended, with what `packed_planes` gave; decoded when notes are asked for.

        Raises BadProject.
        """
        kept = unpack_planes(packed, kit.manifest)
        engine = cls(kit, options, rate_hz=kit.manifest.grid.sample_rate_hz)
        assert engine._store is not None
        for block in kept.blocks:
            engine._store.append(block)
        engine.seen = SeenFrames.restored(kept.seen, kit.manifest.grid.bin_count)
        engine._restored_cents, engine._owes_notes = kept.tuning_cents, True
        return engine

    @property
    def fed_s(self) -> float:
        """Seconds of audio taken so far."""
        return self._samples_fed / self.rate_hz

    def feed(self, pcm: NDArray[np.floating]) -> Iterator[Frames]:
        """Take float PCM [n] or [n, channels] at `rate_hz`; give blocks [block_frames, bins] for the network."""
        samples = to_mono(pcm, self.fed_s)
        self._samples_fed += len(samples)
        return self._blocks(self._frame_maker.feed(self._resampler.feed(samples)), last=False)

    def finish_feed(self) -> Iterator[Frames]:
        """No more PCM comes: give the frames still owed, with the blank ones that the network's delay needs."""
        if not self._samples_fed:
            raise BadAudio("the audio is empty (0 samples); choose a recording that holds sound", reason="empty")
        owed = [self._frame_maker.feed(self._resampler.finish()), self._frame_maker.finish()]
        delay = self.manifest.network.delay_frames
        owed.append(np.zeros((delay, self.manifest.grid.bin_count), np.uint8))
        return self._blocks(np.concatenate(owed), last=True)

    @property
    def tuning_cents(self) -> float | None:
        """How far the recording lies off A = 440 Hz, to the nearest key (-50 to 50); None while that cannot be said."""
        return self._tuning.cents if self._restored_cents is None else self._restored_cents

    def _blocks(self, frames: Frames, *, last: bool) -> Iterator[Frames]:
        if self._keeps_seen is not None:
            self._keeps_seen.append(frames)
        tuned, shifts = self._tuning.apply(frames)
        self._shifts = np.concatenate([self._shifts, shifts])
        waiting = np.concatenate([self._waiting, tuned])
        # a player waits: what is there goes at once, and more at a time where the machine falls behind
        size = self._block_frames if self._provisional is None else max(1, min(len(waiting), FILE_BLOCK_FRAMES))
        whole = len(waiting) if last else len(waiting) - len(waiting) % size
        self._waiting = waiting[whole:].copy()
        self._to_absorb += whole
        return (waiting[i : min(i + size, whole)] for i in range(0, whole, size))

    def absorb(self, onset: Plane, note: Plane, offset: Plane, velocity: Plane, contour: Plane) -> NoteTable:
        """Take the network's planes for the next block of frames; return the notes that are now known to have ended."""
        planes = (onset, note, offset, velocity, contour)
        self._reader.check(planes)
        self._answers.append(planes)
        self._answered += len(onset)
        self._to_absorb -= len(onset)
        if self._to_absorb < 0:
            raise LinnetError(f"absorb got {-self._to_absorb} rows more than feed gave frames; pass each block once")
        return self._decode() if self._answered >= self._decode_frames else NoteTable()

    def _decode(self) -> NoteTable:
        """Read and decode what the network has answered since the last time."""
        if not self._answered:
            return NoteTable()
        onset, note, offset, velocity, contour = (np.concatenate(parts) for parts in zip(*self._answers, strict=True))
        block = self._reader.read(onset, note, offset, velocity, contour, self._shifts[: self._answered])
        self._shifts = self._shifts[self._answered :]
        self._answers, self._answered = [], 0
        skipped = min(self._to_skip, len(block))
        self._to_skip -= skipped
        block = block.slice(skipped, len(block))
        if self._keeps_planes is not None and len(block):
            self._keeps_planes.append(block)
        table = self._decoder.feed(block) if self._provisional is None else self._follow(block, self._provisional)
        if self._part is not None:
            return _later(table, self.manifest.grid.frame_to_s(self._part.fed_from))  # the end decodes the whole
        if len(table):
            self._tables.append(table)
            if len(self._tables) == MOST_TABLES:
                self._tables = [NoteTable.join(self._tables)]
        return table

    def _follow(self, block: PlaneBlock, provisional: Provisional) -> NoteTable:
        """Decode frame by frame, so that what is told does not depend on how many came at once."""
        tables = []
        for row in range(len(block)):
            frame = block.slice(row, row + 1)
            tables.append(self._decoder.feed(frame))
            self._events += provisional.step(frame)
        return NoteTable.join(tables)

    def take_events(self) -> LiveEvents:
        """What became known since the last time, for those who listen live."""
        events, self._events = LiveEvents.of(self._events), []
        return events

    def finish(self) -> NoteTable:
        """All notes of the recording; call after the last block has been absorbed."""
        if self._to_absorb:
            raise LinnetError(f"finish before {self._to_absorb} frames were absorbed; run the network on them first")
        return self.cut_short()

    def cut_short(self) -> NoteTable:
        """End here: frames not yet absorbed are given up, what has been absorbed becomes the result."""
        self._waiting, self._to_absorb = self._waiting[:0], 0
        self._decode()
        if self._part is not None:
            return self.redecode(self.options)
        self._tables.append(self._decoder.finish())
        if self._provisional is not None:
            self._events += self._provisional.finish()
        return self.notes

    @property
    def notes(self) -> NoteTable:
        """The notes that have ended so far."""
        if self._owes_notes:
            return self.redecode(self.options)
        self._tables = [NoteTable.join(self._tables)]
        return self._tables[0]

    def redecode(self, options: DecodeOptions) -> NoteTable:
        """All notes again under other options, from the kept planes: no audio, no network."""
        self.options, self._tables, self._owes_notes = options, [self._decoded(options)], False
        return self._tables[0]

    def _decoded(self, options: DecodeOptions, lower_by_logits: float = 0.0) -> NoteTable:
        if self._store is None:
            raise LinnetError("redecode needs the planes; make the Engine with keep_planes=True")
        decoder = Decoder(self.manifest, options, lower_by_logits)
        tables = [decoder.feed(block) for block in self._store.blocks()]
        tables.append(decoder.finish())
        return NoteTable.join(tables)

    def ghosts(self) -> NoteTable:
        """What was weighed and found too light: candidates under a lower bar that are none of the notes."""
        return without(self._decoded(self.options, GHOST_LOGITS), self.notes)

    @property
    def planes(self) -> PlaneStore | None:
        """The kept planes."""
        return self._store

    def whole_planes(self) -> PlaneBlock:
        """All planes so far, as `redecode` reads them."""
        if self._store is None:
            raise LinnetError("there are no planes; make the Engine with keep_planes=True")
        return self._store.whole(self.manifest.grid.pitch_count)

    def packed_planes(self) -> bytes:
        """What `redecode` needs and what can be seen, as one blob for `restored`."""
        if self._store is None:
            raise LinnetError("packed_planes needs the planes; make the Engine with keep_planes=True")
        seen = () if self.seen is None else self.seen.kept()
        return pack_planes(self._store.blocks(), self.manifest, self.tuning_cents, seen)

    @property
    def planes_nbytes(self) -> int:
        """Memory that the kept planes take."""
        return self._store.nbytes if self._store is not None else 0


def _later(notes: NoteTable, by_s: float) -> NoteTable:
    return replace(notes, onset_s=notes.onset_s + by_s, offset_s=notes.offset_s + by_s, bend_s=notes.bend_s + by_s)
