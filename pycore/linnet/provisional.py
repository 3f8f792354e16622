"""Notes told while they sound, from a decoder that weighs a note only when it has ended.

The decoder starts notes early and writes few of them. A start is told at once where its onset and the note plane so far
speak clearly for it; a doubtful one waits, and the longer the note plane bears it out the less is asked. What the
decoder refuses in the end is taken back, if possible soon: a note that loses its support while it is young goes at
once. Only the frames that have come are used, so the same stream gives the same events however it is cut.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from linnet.bends import STEADY_CENTS, STEP_CENTS
from linnet.contour import CENTS_STEP, CENTS_ZERO
from linnet.decode import Change, Decoder
from linnet.live_events import BACK, BEND, OFF, ON, LiveEvent
from linnet.manifest import Manifest
from linnet.options import DecodeOptions
from linnet.planes import PlaneBlock

ASKED_AT_ONCE = 0.2  # logits of evidence from which a start is told as soon as the decoder has it
ASKED_LATER = -0.25  # and from which it is told when it has lasted `SURE_FRAMES`
SURE_FRAMES = 5
DROPPED_BELOW = -0.5  # evidence so far under which a young note is taken back
YOUNG_FRAMES = 25  # after it was told: 290 ms
SMOOTHED_FRAMES = 5  # a bend is the median of so many


@dataclass
class _Followed:
    """A note that the decoder has begun."""

    number: int
    change: Change
    told_frame: int = -1  # -1: not told
    is_bent: bool = False
    step: int = 0
    cents: list[float] = field(default_factory=list)


class Provisional:
    """Follows one decoder frame by frame."""

    def __init__(self, manifest: Manifest, decoder: Decoder, options: DecodeOptions) -> None:
        self._grid, self._constants, self._decoder = manifest.grid, manifest.decode, decoder
        self._has_bends = options.bends != "off"
        self._followed: dict[tuple[int, int], _Followed] = {}  # by pitch row and start
        self._ended: dict[tuple[int, int], _Followed] = {}  # short ones that may yet be carried on
        self._next = 0

    def step(self, block: PlaneBlock) -> list[LiveEvent]:
        """What became known with the frame or few frames that the decoder has just been fed."""
        events: list[LiveEvent] = []
        for change in self._decoder.changes:
            if change.kind == "started":
                self._followed[change.row, change.start] = _Followed(self._next, change)
                self._next += 1
            elif change.kind == "ended":
                self._end(change, events)
            else:
                self._carry(change, events)
        self._decoder.changes.clear()
        self._weigh(events)
        self._bend(block, events)
        return events

    def finish(self) -> list[LiveEvent]:
        """The stream is over: end what still sounds. Call after the decoder's own `finish`."""
        return self.step(PlaneBlock(*(np.zeros((0, self._grid.pitch_count), np.uint8),) * 4))

    def _end(self, change: Change, events: list[LiveEvent]) -> None:
        note = self._followed.pop((change.row, change.start), None)
        if note is None:
            return
        if change.is_written:
            if note.told_frame < 0:
                self._tell(note, events)
            offset_s = self._s(change.offset_frame) + self._constants.offset_shift_s
            events.append(self._event(OFF, note, max(offset_s, self._onset_s(note) + 1e-3)))
            self._ended[change.row, change.start] = note
        elif note.told_frame >= 0:
            self._take_back(note, events)

    def _carry(self, change: Change, events: list[LiveEvent]) -> None:
        key = (change.row, change.start)
        note = self._followed.pop(key, None) or self._ended.pop(key, None)
        if note is not None and note.told_frame >= 0:
            self._take_back(note, events)

    def _weigh(self, events: list[LiveEvent]) -> None:
        now = self._decoder.frames_fed
        for key, note in list(self._followed.items()):
            told = note.told_frame
            if told >= 0 and now - told > YOUNG_FRAMES:
                continue
            age = now - note.change.start
            so_far = self._decoder.note_sum(note.change.row) - note.change.note_sum
            evidence = self._decoder.evidence(note.change.strength, so_far / max(age, 1))
            if told < 0:
                asked = ASKED_AT_ONCE + (ASKED_LATER - ASKED_AT_ONCE) * min(1.0, age / SURE_FRAMES)
                if evidence >= asked:
                    self._tell(note, events)
            elif evidence < DROPPED_BELOW:
                self._take_back(note, events)
                del self._followed[key]
        late = [key for key, note in self._ended.items() if now - note.change.start > 64]
        for key in late:
            del self._ended[key]

    def _bend(self, block: PlaneBlock, events: list[LiveEvent]) -> None:
        """Tell notes whose cents have moved; a note that stays near its pitch has no bends."""
        if not len(block) or not self._has_bends:
            return
        now_s = self._s(self._decoder.frames_fed - 1)
        for note in self._followed.values():
            codes = block.cents[:, note.change.row]
            note.cents += [(int(code) - CENTS_ZERO) * CENTS_STEP for code in codes if code]
            del note.cents[:-SMOOTHED_FRAMES]
            if note.told_frame < 0 or len(note.cents) < SMOOTHED_FRAMES:
                continue
            cents = sorted(note.cents)[SMOOTHED_FRAMES // 2]
            note.is_bent |= abs(cents) > STEADY_CENTS
            step = round(cents / STEP_CENTS)
            if note.is_bent and step != note.step:
                note.step = step
                events.append(self._event(BEND, note, now_s, step * STEP_CENTS))

    def _tell(self, note: _Followed, events: list[LiveEvent]) -> None:
        note.told_frame = self._decoder.frames_fed
        events.append(self._event(ON, note, self._onset_s(note)))

    def _take_back(self, note: _Followed, events: list[LiveEvent]) -> None:
        note.told_frame = -1
        events.append(self._event(BACK, note, self._s(self._decoder.frames_fed)))

    def _onset_s(self, note: _Followed) -> float:
        return max(self._s(note.change.onset_frame) + self._constants.onset_shift_s, 0.0)

    def _event(self, kind: int, note: _Followed, time_s: float, cents: float = 0.0) -> LiveEvent:
        logit = (note.change.velocity - 128) / 16
        velocity = min(127, max(1, round(127 / (1 + np.exp(-logit)))))
        return LiveEvent(kind, note.number, note.change.row + self._grid.lowest_pitch, velocity, time_s, cents)

    def _s(self, frame: float) -> float:
        return self._grid.frame_to_s(frame)
