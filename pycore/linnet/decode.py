"""Planes to notes, forward only: every decision uses at most two frames beyond the one it is about.

Per pitch, a note starts at a peak of the onset plane (a local maximum over two frames on either side) that
the note plane supports, or, softly, where the note plane has stayed high for a while without one. It ends
where the note plane, weakened by the offset plane, has stayed low for `gap_s`, or where the next note on the
same pitch starts. All candidates of a block are found by array operations; only candidates, not frames, pass
through the Python loop. Because each candidate is defined by the frames around it alone, the notes do not
depend on how the planes were cut into blocks: whole = streamed = decoded again.
"""

from __future__ import annotations

from dataclasses import dataclass

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


def _runs(mask: Mask, length: int) -> Mask:
    """True where the last `length` rows, this one included, are all true; rows before the first count as false."""
    result, have = mask.copy(), 1
    while have < length:
        step = min(have, length - have)
        shifted = np.zeros_like(result)
        shifted[step:] = result[:-step]
        result &= shifted
        have += step
    return result


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

    @classmethod
    def of(cls, manifest: Manifest, options: DecodeOptions) -> _Thresholds:
        constants, code, grid = manifest.decode, manifest.planes.code, manifest.grid
        per_control = SENSITIVITY_LOGITS * manifest.planes.logit_steps
        less_sensitive = round((0.5 - options.sensitivity) * per_control)
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
        )


@dataclass
class _Sounding:
    """A note that has started."""

    start: int
    onset_frame: float
    strength: int
    velocity: int
    sum_at_start: int


@dataclass(frozen=True)
class FoundNote:
    """A finished note in frames and plane codes; `finish_notes` turns a batch of them into a NoteTable."""

    row: int
    start: int
    stop: int
    onset_frame: float
    offset_frame: float
    strength: int
    velocity: int
    note_sum: int


class Decoder:
    """Feed planes in order, get the notes that ended; the state is all that the past matters for."""

    def __init__(self, manifest: Manifest, options: DecodeOptions) -> None:
        self._manifest, self._options = manifest, options
        self._thresholds = _Thresholds.of(manifest, options)
        self._offset_weight = round(manifest.decode.offset_weight * 16)
        width = manifest.grid.pitch_count
        self._carried = max(2 * PEAK_FRAMES, self._thresholds.gap_frames + 1, self._thresholds.soft_frames + 1)
        empty = np.zeros((self._carried, width), np.uint8)
        self._tail = (empty, empty, empty, empty)  # onset, note, held, velocity of the last frames
        self._first = -self._carried  # frame index of the tail's first row
        self._sum = np.zeros(width, np.int64)  # of the note plane, over all frames before the tail
        self._sounding: dict[int, _Sounding] = {}
        self._bends = BendTracker(manifest, options)

    def feed(self, block: PlaneBlock) -> NoteTable:
        """Take the next frames; return the notes that are now known to have ended."""
        if not len(block):
            return NoteTable()
        self._bends.append(block.cents)
        held = self._held(block.note, block.offset)
        new = (block.onset, block.note, held, block.velocity)
        onset, note, held, velocity = (np.concatenate(pair) for pair in zip(self._tail, new, strict=True))
        found = self._walk(onset, note, held, velocity)
        done = len(onset) - self._carried
        self._sum += note[:done].sum(axis=0, dtype=np.int64)
        self._tail = (onset[done:], note[done:], held[done:], velocity[done:])
        self._first += done
        table = self._table(found)
        oldest = min((s.start for s in self._sounding.values()), default=self._first)
        self._bends.forget_before(min(oldest, self._first))
        return table

    def finish(self) -> NoteTable:
        """The recording is over: silence follows. Return the notes that were still sounding."""
        grid = self._manifest.grid
        blank = np.zeros((self._carried + 1, grid.pitch_count), np.uint8)
        return self.feed(PlaneBlock(blank, blank, blank, blank, blank))

    def _held(self, note: Plane, offset: Plane) -> Plane:
        """The note plane, weakened where the offset plane says that the note stops."""
        if not self._offset_weight:
            return note
        stopping = np.maximum(offset, self._manifest.planes.logit_zero) - self._manifest.planes.logit_zero
        drop = (stopping.astype(np.uint16) * self._offset_weight) >> 4
        held: Plane = (np.maximum(note, drop) - drop).astype(np.uint8)
        return held

    def _walk(self, onset: Plane, note: Plane, held: Plane, velocity: Plane) -> list[FoundNote]:
        """Find the candidates that the new rows decide, and take them in order."""
        limit = self._thresholds
        low_pitch, high_pitch = self._options.lowest_pitch, self._options.highest_pitch
        columns = np.arange(onset.shape[1]) + self._manifest.grid.lowest_pitch
        wanted = (columns >= low_pitch) & (columns <= high_pitch)
        running_sum = np.cumsum(note, axis=0, dtype=np.int64) + self._sum
        new = self._carried  # rows from here on were not seen before

        # (row, kind, column, start row, fraction, strength, velocity, sum before the start)
        events: list[tuple[int, int, int, int, float, int, int, int]] = []

        ended = _runs(held < limit.note, limit.gap_frames)
        ended[1:] &= ~ended[:-1]
        rows, cols = np.nonzero(ended[new:])
        rows += new
        stops = rows - (limit.gap_frames - 1)
        before, after = held[stops - 1, cols].astype(np.int32), held[stops, cols].astype(np.int32)
        fraction = np.where(before >= limit.note, (before - limit.note + 1) / np.maximum(before - after, 1), 0.0)
        sums = running_sum[stops - 1, cols]
        events += zip(
            rows.tolist(), [_GAP] * len(rows), cols.tolist(), stops.tolist(),
            (np.clip(fraction, 0.0, 1.0) - 1.0).tolist(), [0] * len(rows), [0] * len(rows), sums.tolist(), strict=True,
        )  # fmt: skip

        rows, cols = np.nonzero((onset[new - PEAK_FRAMES : -PEAK_FRAMES] >= limit.onset) & wanted)
        rows += new - PEAK_FRAMES
        value = onset[rows, cols]
        peak = (value > onset[rows - 1, cols]) & (value > onset[rows - 2, cols])
        peak &= (value >= onset[rows + 1, cols]) & (value >= onset[rows + 2, cols])
        supported = np.maximum(np.maximum(held[rows, cols], held[rows + 1, cols]), held[rows + 2, cols]) >= limit.note
        kept = np.flatnonzero(peak & supported)
        rows, cols = rows[kept], cols[kept]
        left, middle, right = (onset[rows + d, cols].astype(np.float64) for d in (-1, 0, 1))
        curvature = np.minimum(left - 2 * middle + right, -1.0)
        loudness = velocity[rows + 1, cols].astype(np.int32)
        events += zip(
            (rows + PEAK_FRAMES).tolist(), [_ONSET] * len(rows), cols.tolist(), rows.tolist(),
            np.clip(0.5 * (left - right) / curvature, -0.5, 0.5).tolist(), middle.astype(int).tolist(),
            loudness.tolist(), running_sum[rows - 1, cols].tolist(), strict=True,
        )  # fmt: skip

        soft = _runs(note >= limit.soft, limit.soft_frames)
        soft[1:] &= ~soft[:-1]
        rows, cols = np.nonzero(soft[new:] & wanted)
        rows += new
        starts = rows - (limit.soft_frames - 1)
        events += zip(
            rows.tolist(), [_SOFT] * len(rows), cols.tolist(), starts.tolist(), [0.0] * len(rows),
            onset[starts, cols].astype(int).tolist(), velocity[starts + 1, cols].astype(int).tolist(),
            running_sum[starts - 1, cols].tolist(), strict=True,
        )  # fmt: skip
        events.sort()
        return self._take(events)

    def _take(self, events: list[tuple[int, int, int, int, float, int, int, int]]) -> list[FoundNote]:
        sounding, first, limit = self._sounding, self._first, self._thresholds
        found: list[FoundNote] = []

        def end(col: int, stop: int, offset_frame: float, sum_at_stop: int) -> None:
            note = sounding.pop(col)
            found.append(
                FoundNote(
                    row=col,
                    start=note.start,
                    stop=stop,
                    onset_frame=note.onset_frame,
                    offset_frame=offset_frame,
                    strength=note.strength,
                    velocity=note.velocity,
                    note_sum=sum_at_stop - note.sum_at_start,
                )
            )

        for _, kind, col, row, fraction, strength, loudness, total in events:
            frame = first + row
            note = sounding.get(col)
            if kind == _GAP:
                if note is not None:
                    end(col, frame, frame + fraction, total)
                continue
            if note is not None:
                if kind == _SOFT or strength < limit.restart or frame - note.start < limit.restart_frames:
                    continue
                end(col, frame, frame + fraction, total)
            sounding[col] = _Sounding(frame, frame + fraction, strength, loudness, total)
        return found

    def _table(self, found: list[FoundNote]) -> NoteTable:
        grid, constants = self._manifest.grid, self._manifest.decode
        shortest = grid.s_to_frame(self._options.shortest_note_s)
        kept = [n for n in found if n.stop > n.start and n.offset_frame - n.onset_frame >= max(shortest, 0.5)]
        if not kept:
            return NoteTable()
        onset_frame = np.array([n.onset_frame for n in kept])
        onset_s = np.maximum(grid.frame_to_s(1.0) * onset_frame + constants.onset_shift_s, 0.0)
        order = np.lexsort((np.array([n.row for n in kept]), onset_s))
        kept, onset_s = [kept[i] for i in order], onset_s[order]
        offset_s = np.array([grid.frame_to_s(n.offset_frame) for n in kept]) + constants.offset_shift_s
        start, stop, row = (np.array([getattr(n, name) for n in kept]) for name in ("start", "stop", "row"))
        zero, steps = self._manifest.planes.logit_zero, self._manifest.planes.logit_steps
        note_logit = (np.array([n.note_sum for n in kept]) / (stop - start) - zero) / steps
        onset_logit = (np.array([n.strength for n in kept]) - zero) / steps
        velocity_logit = (np.array([n.velocity for n in kept]) - zero) / steps
        bend_start, bend_s, bend_cents = self._bends.curves(row, start, stop, onset_s)
        return NoteTable(
            onset_s=onset_s,
            offset_s=np.maximum(offset_s, onset_s + 1e-3),
            pitch=(row + grid.lowest_pitch).astype(np.uint8),
            velocity=np.clip(np.round(127 * _sigmoid(velocity_logit)), 1, 127).astype(np.uint8),
            confidence=_confidence(onset_logit, note_logit, constants),
            bend_start=bend_start,
            bend_s=bend_s,
            bend_cents=bend_cents,
        )


def _sigmoid(logit: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1.0 / (1.0 + np.exp(-logit))


def _confidence(
    onset_logit: NDArray[np.float64], note_logit: NDArray[np.float64], constants: DecodeConstants
) -> NDArray[np.float32]:
    evidence = 0.5 * (onset_logit + note_logit)
    return _sigmoid(constants.confidence_slope * evidence + constants.confidence_bias).astype(np.float32)
