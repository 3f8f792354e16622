"""Notes of one voice with the least delay: from pitch frames to events, a frame at a time.

A note begins where a clear pitch has stood still for a few frames, where the pitch settles on another semitone while
one sounds, or where the level rises anew out of a dip; it ends where nothing has been clear for a while. Times are
dated back to where the window that decided began to hear them. A note that turns out to be the way to another one is
taken back. How the instrument is tuned is heard as it goes along, so that semitones mean its own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from linnet.bends import STEADY_CENTS, STEP_CENTS
from linnet.live_events import BACK, BEND, OFF, ON, LiveEvent
from linnet.options import DecodeOptions
from linnet.pitch_tracker import HOP_SAMPLES, PitchFrames

# Chosen on real recordings of one voice; frames are of 5.8 ms.
CLEAR = 0.8  # clarity from which a frame may begin a note
STILL_CLEAR = 0.45  # and from which it carries one on
BELOW_PEAK_DB = 26.0  # a frame this far below the loudest of late is no note
PEAK_FADES_DB_PER_S = 10.0
LEAST_DB = -66.0
STEADY_FRAMES = 4  # a pitch that stood still so long begins a note
STEADY_SEMITONES = 0.4
DOUBT_FRAMES = 12  # what is asked where it still moves, or where in doubt
MOVES_SEMITONES = 0.12  # a pitch that covers more in the last frames still moves
SURE_CLARITY = 0.84  # below it a frame is in doubt,
DOUBTFUL = 0.55  # and where a shorter period would nearly do: the note before it still rings
DOUBTED = 0.3  # of the frames may be in doubt
LEAP_FRAMES = 13  # asked of a leap of an octave or more: half of them are errors
GLIDE_FRAMES = 12  # asked of a small step that was slid to: a voice on its way, or vibrato
GLIDE_SEMITONES = 1.6
GLIDE_STEP = 0.6  # semitones from frame to frame that are still a slide
OTHER_SEMITONES = 0.65  # from a note's own pitch on, another note; less breaks a singer's
GONE_FRAMES = 7  # without a clear frame a note ends
DIP_DB = 7.0  # a level that fell by so much
RISE_DB = 10.0  # and rose again by so much is another attack
DIP_FRAMES = 18  # within so many
LEAST_ATTACK_FRAMES = 18  # between two attacks
LEVEL_FRAMES = 48  # kept of the level
BREAK_FRAMES = 12  # a note is dated back to the break before it over no more
PASSING_FRAMES = 6  # a note shorter than that was the way to the next,
CORRECT_FRAMES = 9  # or than that where it was slid from
HEARD_LATE_FRAMES = 3.0  # of a pitch behind the sound
TUNING_FRAMES = 700.0  # memory of the tuning: 4 s of notes
LEAST_TUNING_FRAMES = 80.0
LEAST_TUNING_AGREEMENT = 0.5


@dataclass
class _Note:
    number: int
    key: int
    pitch: float  # of the semitone, with the tuning
    onset_frame: float
    velocity: int
    attack_frame: int
    last_clear: int
    is_bent: bool = False
    step: int = 0


class OneVoice:
    """Follows pitch frames; the state is the note that sounds and the last few frames."""

    def __init__(self, rate_hz: int, options: DecodeOptions | None = None) -> None:
        self._options = options or DecodeOptions()
        self._frame_s = HOP_SAMPLES / rate_hz
        self._frame = -1
        self._peak_db = LEAST_DB
        self._run: deque[float] = deque(maxlen=max(GLIDE_FRAMES, DOUBT_FRAMES))  # clear pitches that agree
        self._levels: deque[float] = deque([-100.0] * LEVEL_FRAMES, maxlen=LEVEL_FRAMES)
        self._note: _Note | None = None
        self._next = 0
        self._is_glide = False
        self._doubts = 0
        self._length = 0
        self._loud_from = 0
        self._ended_frame = 0
        self._tuning, self._tuning_weight = 0j, 0.0

    def feed(self, frames: PitchFrames) -> list[LiveEvent]:
        """Take pitch frames; what became known with them."""
        events: list[LiveEvent] = []
        for pitch, clarity, window_db, hop_db, doubt in zip(*(column.tolist() for column in frames), strict=True):
            self._take(pitch, clarity, window_db, hop_db, doubt, events)
        return events

    def finish(self) -> list[LiveEvent]:
        """The stream is over: end what sounds."""
        events: list[LiveEvent] = []
        if self._note is not None:
            self._end(self._frame, events)
        return events

    def _take(
        self, pitch: float, clarity: float, window_db: float, hop_db: float, doubt: float, events: list[LiveEvent]
    ) -> None:
        self._frame += 1
        self._peak_db = max(window_db, self._peak_db - PEAK_FADES_DB_PER_S * self._frame_s, LEAST_DB + BELOW_PEAK_DB)
        is_loud = window_db > self._peak_db - BELOW_PEAK_DB
        if not is_loud:
            self._loud_from = self._frame
        is_wanted = self._options.lowest_pitch - 0.5 <= pitch <= self._options.highest_pitch + 0.5
        self._levels.append(hop_db)
        note = self._note
        least = STILL_CLEAR if note is not None and abs(pitch - note.pitch) < OTHER_SEMITONES else CLEAR
        if is_loud and is_wanted and clarity >= least:
            if self._run and abs(pitch - _middle(self._run)) > STEADY_SEMITONES:
                self._is_glide = abs(pitch - self._run[-1]) < GLIDE_STEP
                self._run.clear()
            elif not self._run:
                self._is_glide = False
            self._run.append(pitch)
            self._length = self._length + 1 if len(self._run) > 1 else 1
            is_doubtful = doubt > DOUBTFUL or clarity < SURE_CLARITY
            self._doubts = (self._doubts if len(self._run) > 1 else 0) + is_doubtful
        else:
            self._run.clear()
        if note is not None and self._run and abs(pitch - note.pitch) < OTHER_SEMITONES:
            note.last_clear = self._frame
            self._learn_tuning(pitch)
            if self._is_new_attack(note):
                self._end(self._dip_frame(), events)
                self._begin(note.key, note.pitch, self._dip_frame() + 1.0, events)
            else:
                self._bend(note, pitch, events)
            return
        if len(self._run) >= STEADY_FRAMES:
            self._settle(note, events)
        elif note is not None and self._frame - note.last_clear >= GONE_FRAMES:
            self._end(note.last_clear + 1, events)

    def _settle(self, note: _Note | None, events: list[LiveEvent]) -> None:
        """A pitch has stood still where no note has it."""
        last = list(self._run)[-STEADY_FRAMES:]
        is_moving = max(last) - min(last) > MOVES_SEMITONES
        if (is_moving or self._doubts > DOUBTED * len(self._run)) and len(self._run) < DOUBT_FRAMES:
            return
        pitch = _middle(self._run)
        if note is not None:
            is_glide = self._is_glide and abs(pitch - note.pitch) < GLIDE_SEMITONES
            asked = GLIDE_FRAMES if is_glide else LEAP_FRAMES if abs(pitch - note.pitch) > 11.5 else STEADY_FRAMES
            if len(self._run) < asked:
                if is_glide:
                    note.last_clear = self._frame
                return
        offset = self._tuning_semitones
        key = round(pitch - offset)
        onset = self._onset(note)
        if note is not None:
            if key == note.key:
                note.pitch = 0.5 * (note.pitch + pitch)  # drifted: still the same note
                note.last_clear = self._frame
                return
            young = self._frame - self._length - note.onset_frame
            is_passing = young < PASSING_FRAMES or (young < CORRECT_FRAMES and self._is_glide)
            if is_passing:
                onset = note.onset_frame
                self._take_back(note, events)
            else:
                self._end(max(onset, note.onset_frame + 1), events)
        self._begin(key, key + offset, onset, events)

    def _onset(self, note: _Note | None) -> float:
        """Where the pitch that has settled began to sound."""
        start = self._frame - self._length + 1 - HEARD_LATE_FRAMES
        broke = max(self._loud_from, note.last_clear if note is not None else self._ended_frame)
        if not 2 < start - broke <= BREAK_FRAMES:
            return start
        levels = list(self._levels)
        first = len(levels) - 1 - (self._frame - int(broke))
        stop = len(levels) - 1 - (self._frame - int(start))
        low = min(range(max(0, first), max(stop, 1)), key=levels.__getitem__)
        return float(self._frame - (len(levels) - 1 - low))

    def _is_new_attack(self, note: _Note) -> bool:
        if self._frame - note.attack_frame < LEAST_ATTACK_FRAMES:
            return False
        levels = list(self._levels)[-DIP_FRAMES:]
        low = int(np.argmin(levels))
        return max(levels[:low], default=-100.0) - levels[low] >= DIP_DB and levels[-1] - levels[low] >= RISE_DB

    def _dip_frame(self) -> int:
        return self._frame - DIP_FRAMES + 1 + int(np.argmin(list(self._levels)[-DIP_FRAMES:]))

    def _learn_tuning(self, pitch: float) -> None:
        fades = 1.0 - 1.0 / TUNING_FRAMES
        self._tuning = self._tuning * fades + complex(np.exp(2j * np.pi * pitch))
        self._tuning_weight = self._tuning_weight * fades + 1.0

    @property
    def _tuning_semitones(self) -> float:
        """How far the instrument lies off A = 440 Hz, to the nearest key."""
        if self._tuning_weight < LEAST_TUNING_FRAMES:
            return 0.0
        if abs(self._tuning) < LEAST_TUNING_AGREEMENT * self._tuning_weight:
            return 0.0
        return float(np.angle(self._tuning) / (2 * np.pi))

    def _begin(self, key: int, pitch: float, onset_frame: float, events: list[LiveEvent]) -> None:
        loudness = max(list(self._levels)[-DIP_FRAMES:]) - self._peak_db
        velocity = round(min(120.0, max(20.0, 100.0 + 2.0 * loudness)))
        onset_frame = max(onset_frame, 0.0)
        self._note = _Note(self._next, key, pitch, onset_frame, velocity, self._frame, self._frame)
        self._next += 1
        events.append(LiveEvent(ON, self._note.number, key, velocity, onset_frame * self._frame_s))

    def _end(self, frame: float, events: list[LiveEvent]) -> None:
        note = self._note
        assert note is not None
        offset = max(frame, note.onset_frame + 0.2)
        events.append(LiveEvent(OFF, note.number, note.key, note.velocity, offset * self._frame_s))
        self._note, self._ended_frame = None, int(frame)

    def _take_back(self, note: _Note, events: list[LiveEvent]) -> None:
        events.append(LiveEvent(BACK, note.number, note.key, note.velocity, self._frame * self._frame_s))
        self._note = None

    def _bend(self, note: _Note, pitch: float, events: list[LiveEvent]) -> None:
        if self._options.bends == "off":
            return
        cents = 100.0 * (_middle(list(self._run)[-3:]) - note.key)
        note.is_bent |= abs(cents) > STEADY_CENTS
        step = round(cents / STEP_CENTS)
        if note.is_bent and step != note.step:
            note.step = step
            events.append(
                LiveEvent(BEND, note.number, note.key, note.velocity, self._frame * self._frame_s, step * STEP_CENTS)
            )


def _middle(values: Iterable[float]) -> float:
    ordered = sorted(values)
    return 0.5 * (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2])
