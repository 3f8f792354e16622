"""Planes to notes, forward only: every decision uses at most two frames beyond the one it is about.

Per pitch, a note starts at a peak of the onset plane (a local maximum over two frames on either side) that
the note plane supports, or, softly, where the note plane has stayed high for a while without one. It ends
where the note plane has stayed low for `gap_s`, or where the next note on the same pitch starts. Then it is weighed
whole: a note is written where the onset and the mean of the note plane together speak for it. All candidates
of a block are found by array operations over the pitches where anything happens; only candidates, not frames, pass
through the Python loop. Because each candidate is defined by the frames around it alone, the notes do not
depend on how the planes were cut into blocks: whole = streamed = decoded again.

Arrays in here are [shape=(pitches, frames)]: a pitch's frames lie side by side in memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from linnet.bends import BendTracker
from linnet.manifest import DecodeConstants, Manifest
from linnet.notes import NoteTable
from linnet.options import DecodeOptions
from linnet.planes import Plane, PlaneBlock

PEAK_FRAMES = 2  # look-ahead of the decision: an onset is a maximum over this many frames either side
SENSITIVITY_LOGITS = 6.0  # from one end of a 0-1 control to the other
_GAP, _ONSET, _SOFT = 0, 1, 2  # order in which candidates of one frame are taken

Mask = NDArray[np.bool_]
Indices = NDArray[np.intp]


@dataclass(frozen=True)
class _Thresholds:
    """The manifest's constants and the person's options, as plane codes and frames."""

    onset: int
    restart: int
    note: int
    soft: int
    gap_frames: int
    soft_frames: int
    restart_frames: int
    evidence: float
    slide: int
    slide_frames: int
    slide_gap_frames: int

    @classmethod
    def of(cls, manifest: Manifest, options: DecodeOptions, lower_by_logits: float) -> _Thresholds:
        constants, code, grid = manifest.decode, manifest.planes.code, manifest.grid
        per_control = SENSITIVITY_LOGITS * manifest.planes.logit_steps
        lower = lower_by_logits * manifest.planes.logit_steps
        less_sensitive = round((0.5 - options.sensitivity) * per_control - lower)
        less_sustained = round((0.5 - options.sustain) * per_control)

        def clip(value: int) -> int:
            return min(255, max(1, value))

        return cls(
            onset=clip(code(constants.onset_threshold) + less_sensitive),
            restart=clip(code(constants.restart_threshold) + less_sensitive),
            note=clip(code(constants.note_threshold) + less_sustained),
            soft=clip(code(constants.soft_threshold) + less_sensitive),
            gap_frames=max(1, round(grid.s_to_frame(constants.gap_s))),
            soft_frames=max(2, round(grid.s_to_frame(constants.soft_onset_s))),
            restart_frames=max(1, round(grid.s_to_frame(constants.restart_gap_s))),
            evidence=constants.least_evidence + less_sensitive / manifest.planes.logit_steps,
            slide=code(constants.slide_threshold),
            slide_frames=round(grid.s_to_frame(constants.slide_s)),
            slide_gap_frames=round(grid.s_to_frame(constants.slide_gap_s)),
        )


# Something that may begin or end a note: kind, row, the column it is about and where in it, strength, velocity, and the
# sum of the note plane before it.
_Candidate = tuple[int, int, int, float, int, int, int]


class _Sounding(NamedTuple):
    """A note that has started."""

    start: int
    onset_frame: float
    strength: int
    velocity: int
    sum_before: int


class _Found(NamedTuple):
    """A finished note, in frames and plane codes."""

    row: int
    start: int
    stop: int
    onset_frame: float
    offset_frame: float
    strength: int
    velocity: int
    note_sum: int


class Change(NamedTuple):
    """What befell a note, told while the stream goes on: `row` and `start` name the note.

    `onset_frame`, `strength` and `velocity` are those of the note; `note_sum` is that of the note plane before it.
    """

    kind: Literal["started", "ended", "carried"]  # carried: into a note on a neighbouring pitch that has just begun
    row: int
    start: int
    onset_frame: float
    strength: int
    velocity: int
    note_sum: int
    offset_frame: float = 0.0
    is_written: bool = False


class Decoder:
    """Feed planes in order, get the notes that ended; the state is all that the past matters for.

    `lower_by_logits` lowers the bar for all notes, beyond what any sensitivity asks for. Where `is_watched`, `changes`
    gathers what befalls notes in the order of time; whoever watches empties it.
    """

    def __init__(
        self, manifest: Manifest, options: DecodeOptions, lower_by_logits: float = 0.0, *, is_watched: bool = False
    ) -> None:
        self._manifest, self._options = manifest, options
        self._thresholds = _Thresholds.of(manifest, options, lower_by_logits)
        pitches = np.arange(manifest.grid.pitch_count) + manifest.grid.lowest_pitch
        self._wanted = (pitches >= options.lowest_pitch) & (pitches <= options.highest_pitch)
        self._carried = max(2 * PEAK_FRAMES, self._thresholds.gap_frames + 1, self._thresholds.soft_frames + 1)
        empty = np.zeros((len(pitches), self._carried), np.uint8)
        self._tail = (empty, empty, empty)  # onset, note, velocity of the last frames
        self._first = -self._carried  # frame index of the tail's first column
        self._sums = np.zeros(len(pitches), np.int64)  # of the note plane before the tail, for pitches that sound
        self._sounding: dict[int, _Sounding] = {}
        self._ended: dict[int, _Found] = {}  # short notes that a slide may yet carry on
        self._bends = BendTracker(manifest, options)
        self._is_watched = is_watched
        self.changes: list[Change] = []

    def feed(self, block: PlaneBlock) -> NoteTable:
        """Take the next frames; return the notes that are now known to have ended."""
        if not len(block):
            return NoteTable()
        self._bends.append(block.cents)
        new = tuple(plane.T for plane in (block.onset, block.note, block.velocity))
        pitches = self._active(new[0], new[1])
        onset, note, velocity = (
            np.concatenate([old[pitches], fresh[pitches]], axis=1) for old, fresh in zip(self._tail, new, strict=True)
        )
        sums = np.cumsum(note, axis=1, dtype=np.int64) + self._sums[pitches, None]
        found = self._take(
            self._candidates(pitches, onset, note, velocity, sums), self._first + self._carried + len(block)
        )
        done = len(block)
        if len(pitches):
            self._sums[pitches] = sums[:, done - 1]
        self._tail = tuple(  # type: ignore[assignment]
            np.concatenate([old[:, done:], fresh[:, max(0, done - self._carried) :]], axis=1)
            for old, fresh in zip(self._tail, new, strict=True)
        )
        self._first += done
        table = self._table(found)
        oldest = min(
            (note.start for held in (self._sounding, self._ended) for note in held.values()), default=self._first
        )
        self._bends.forget_before(min(oldest, self._first))
        return table

    def finish(self) -> NoteTable:
        """The recording is over: silence follows. Return the notes that were still sounding."""
        limit = self._thresholds
        length = self._carried + limit.soft_frames + limit.slide_gap_frames + 2
        blank = np.zeros((length, self._manifest.grid.pitch_count), np.uint8)
        return self.feed(PlaneBlock(blank, blank, blank, blank))

    def _active(self, onset: Plane, note: Plane) -> Indices:
        """Pitches that sound, or that may start a note in the new frames or the carried ones."""
        limit = self._thresholds
        starts = (onset.max(axis=1) >= limit.onset) | (self._tail[0].max(axis=1) >= limit.onset)
        starts |= (note.max(axis=1) >= limit.soft) | (self._tail[1].max(axis=1) >= limit.soft)
        starts &= self._wanted
        starts[list(self._sounding)] = True
        return np.flatnonzero(starts)

    def _candidates(
        self, pitches: Indices, onset: Plane, note: Plane, velocity: Plane, sums: NDArray[np.int64]
    ) -> list[_Candidate]:
        """What the new columns decide, in the order of time."""
        limit, new = self._thresholds, self._carried  # columns from `new` on were not seen before
        found: list[tuple[NDArray[Any], ...]] = []  # Any: integers of several widths and fractions

        def add(
            at: Indices, kind: int, row: Indices, column: Indices, fraction: NDArray[np.float64], strength: Plane
        ) -> None:
            """`at` is the column that decides the candidate."""
            loudness = velocity[row, column + (kind != _GAP)]
            kinds = np.full(len(at), kind)
            found.append((at, kinds, pitches[row], column, fraction, strength, loudness, sums[row, column - 1]))

        row, at = _ends_of_runs(note < limit.note, limit.gap_frames, new)
        stop = at - (limit.gap_frames - 1)
        before, after = note[row, stop - 1].astype(np.int32), note[row, stop].astype(np.int32)
        crossed = (before - limit.note + 1) / np.maximum(before - after, 1)
        back = np.where(before >= limit.note, np.clip(crossed, 0.0, 1.0), 0.0) - 1.0
        add(at, _GAP, row, stop, back, note[row, stop])

        row, column = _where(onset[:, new - PEAK_FRAMES : -PEAK_FRAMES] >= limit.onset)
        column += new - PEAK_FRAMES
        value = onset[row, column]
        peak = (value > onset[row, column - 1]) & (value > onset[row, column - 2])
        peak &= (value >= onset[row, column + 1]) & (value >= onset[row, column + 2])
        support = np.maximum(np.maximum(note[row, column], note[row, column + 1]), note[row, column + 2])
        kept = np.flatnonzero(peak & (support >= limit.note))
        row, column = row[kept], column[kept]
        left, middle, right = (onset[row, column + d].astype(np.float64) for d in (-1, 0, 1))
        fraction = 0.5 * (left - right) / np.minimum(left - 2 * middle + right, -1.0)
        add(column + PEAK_FRAMES, _ONSET, row, column, np.clip(fraction, -0.5, 0.5), value[kept])

        row, at = _ends_of_runs(note >= limit.soft, limit.soft_frames, new)
        column = at - (limit.soft_frames - 1)
        add(at, _SOFT, row, column, np.zeros(len(row)), onset[row, column])
        at, *columns = (np.concatenate(parts) for parts in zip(*found, strict=True))
        order = np.lexsort((columns[1], columns[0], at))  # by time; ends first; then by pitch
        return list(zip(*(values[order].tolist() for values in columns), strict=True))

    def _take(self, candidates: list[_Candidate], now: int) -> list[_Found]:
        sounding, first, limit = self._sounding, self._first, self._thresholds
        found: list[_Found] = []
        for kind, pitch, column, fraction, strength, velocity, total in candidates:
            frame = first + column
            note = sounding.get(pitch)
            if note is not None:
                if kind == _SOFT or (
                    kind == _ONSET and (strength < limit.restart or frame - note.start < limit.restart_frames)
                ):
                    continue
                start, onset_frame, peak, loudness, total_before = sounding.pop(pitch)
                length = total - total_before
                ended = _Found(pitch, start, frame, onset_frame, frame + fraction, peak, loudness, length)
                if self._is_watched:
                    self._tell_end(ended, total_before)
                if limit.slide and frame - start < limit.slide_frames:
                    if pitch in self._ended:
                        found.append(self._ended.pop(pitch))
                    self._ended[pitch] = ended
                else:
                    found.append(ended)
            if kind != _GAP:
                onset_frame = frame + fraction
                if strength < limit.slide:
                    slid = self._slid(pitch, frame)
                    if slid is not None:
                        onset_frame, strength, velocity = slid.onset_frame, slid.strength, slid.velocity
                sounding[pitch] = _Sounding(frame, onset_frame, strength, velocity, total)
                if self._is_watched:
                    self.changes.append(Change("started", pitch, frame, onset_frame, strength, velocity, total))
        late = now - limit.soft_frames - limit.slide_gap_frames
        for pitch in [pitch for pitch, note in self._ended.items() if note.stop < late]:
            found.append(self._ended.pop(pitch))
        return found

    def _slid(self, pitch: int, frame: int) -> _Sounding | _Found | None:
        """Take away the young note a semitone off that a weak start at `frame` carries on, if there is one.

        Singers drift into a pitch: the onset is heard on the neighbouring semitone, and where that fades the right
        one begins without an onset of its own. The two are one note.
        """
        limit = self._thresholds
        best: _Sounding | _Found | None = None
        where: tuple[dict[int, Any], int] = (self._sounding, 0)  # Any: of either kind
        for neighbour in (pitch - 1, pitch + 1):
            for held in (self._sounding, self._ended):
                note = held.get(neighbour)
                if note is None or not 0 <= frame - note.start < limit.slide_frames:
                    continue
                if isinstance(note, _Found) and frame - note.stop > limit.slide_gap_frames:
                    continue
                if best is None or note.start > best.start:
                    best, where = note, (held, neighbour)
        if best is not None:
            del where[0][where[1]]
            if self._is_watched:
                self.changes.append(
                    Change("carried", where[1], best.start, best.onset_frame, best.strength, best.velocity, 0)
                )
        return best

    def _tell_end(self, note: _Found, total_before: int) -> None:
        row, start, stop, onset_frame, offset_frame, strength, velocity, length = note
        evidence = self.evidence(strength, length / max(stop - start, 1))
        is_written = offset_frame - onset_frame >= self._shortest_frames and evidence >= self._thresholds.evidence
        told = (row, start, onset_frame, strength, velocity, total_before, offset_frame, is_written and stop > start)
        self.changes.append(Change("ended", *told))

    @property
    def frames_fed(self) -> int:
        """Frames so far."""
        return self._first + self._carried

    def note_sum(self, row: int) -> int:
        """Sum of the note plane of a sounding pitch up to the last frame."""
        return int(self._sums[row]) + int(self._tail[1][row].sum())

    def evidence(self, strength: Any, note_mean: Any) -> Any:  # Any: numbers or arrays of them
        """What speaks for a note, in logits: the onset and the mean of the note plane, both as plane codes."""
        code = self._manifest.planes
        return 0.5 * (strength + note_mean - 2 * code.logit_zero) / code.logit_steps

    @property
    def _shortest_frames(self) -> float:
        return max(self._manifest.grid.s_to_frame(self._options.shortest_note_s), 0.5)

    def _table(self, found: list[_Found]) -> NoteTable:
        grid, constants, code = self._manifest.grid, self._manifest.decode, self._manifest.planes
        if not found:
            return NoteTable()
        row, start, stop, onset_frame, offset_frame, strength, velocity, note_sum = map(
            np.asarray, zip(*found, strict=True)
        )
        evidence = self.evidence(strength, note_sum / np.maximum(stop - start, 1))
        onset_s = np.maximum(grid.frame_to_s(1.0) * onset_frame + constants.onset_shift_s, 0.0)
        kept = np.flatnonzero(
            (stop > start)
            & (offset_frame - onset_frame >= self._shortest_frames)
            & (evidence >= self._thresholds.evidence)
        )
        kept = kept[np.lexsort((row[kept], onset_s[kept]))]
        row, start, stop, onset_s = row[kept], start[kept], stop[kept], onset_s[kept]
        offset_s = grid.frame_to_s(1.0) * offset_frame[kept] + constants.offset_shift_s
        velocity_logit = (velocity[kept] - code.logit_zero) / code.logit_steps
        bend_start, bend_s, bend_cents = self._bends.curves(row, start, stop, onset_s)
        return NoteTable(
            onset_s=onset_s,
            offset_s=np.maximum(offset_s, onset_s + 1e-3),
            pitch=(row + grid.lowest_pitch).astype(np.uint8),
            velocity=np.clip(np.round(127 * _sigmoid(velocity_logit)), 1, 127).astype(np.uint8),
            confidence=_confidence(evidence[kept], constants),
            bend_start=bend_start,
            bend_s=bend_s,
            bend_cents=bend_cents,
        )


def _where(mask: Mask) -> tuple[Indices, Indices]:
    """Rows and columns of the true cells; several times faster than a two-dimensional nonzero."""
    row, column = np.divmod(np.flatnonzero(mask), mask.shape[1])
    return row, column


def _ends_of_runs(mask: Mask, length: int, new: int) -> tuple[Indices, Indices]:
    """Rows and columns, from column `new` on, where a run of true cells reaches `length`."""
    window = mask[:, new - length :]  # one column more than the first run needs, to see that it is not older
    count = window.shape[1]
    edges = np.zeros((len(mask), count + 1), np.int8)
    edges[:, 1:count] = window[:, 1:].view(np.int8) - window[:, :-1].view(np.int8)
    edges[:, 0] = window[:, 0]
    edges[:, count] = -window[:, -1].view(np.int8)
    row, start = _where(edges == 1)
    _, stop = _where(edges == -1)  # a run's end for each start, in the same order
    at = start + length - 1
    kept = (stop - start >= length) & (start > 0)
    return row[kept], at[kept] + new - length


def _sigmoid(logit: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1.0 / (1.0 + np.exp(-logit))


def _confidence(evidence: NDArray[np.float64], constants: DecodeConstants) -> NDArray[np.float32]:
    return _sigmoid(constants.confidence_slope * evidence + constants.confidence_bias).astype(np.float32)
