"""Every setting a person can make, in one table: terminal, page and Python read names, units and limits here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, TypeVar

from linnet.errors import BadOption
from linnet.theory import DIVISIONS, KEYS, METRES, SCALES

Stage = Literal["decode", "arrange", "midi"]


@dataclass(frozen=True)
class OptionSpec:
    """One setting. `kind` is number, integer or choice; limits are inclusive and in `unit`."""

    name: str
    stage: Stage
    kind: Literal["number", "integer", "choice"]
    default: float | int | str
    label: str
    help: str
    unit: str = ""
    lowest: float | None = None
    highest: float | None = None
    choices: tuple[str, ...] = ()

    def check(self, value: object) -> float | int | str:
        """The value in its own type, or BadOption."""
        if self.kind == "choice":
            if value not in self.choices:
                raise BadOption(f"{self.name} is {value!r}; it must be one of {', '.join(self.choices)}")
            return str(value)
        limits = f"from {self.lowest:g} to {self.highest:g}{' ' + self.unit if self.unit else ''}"
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise BadOption(f"{self.name} is {value!r}; it must be a number {limits}")
        if self.kind == "integer" and value != int(value):
            raise BadOption(f"{self.name} is {value!r}; it must be a whole number {limits}")
        if not (self.lowest or 0.0) <= value <= (self.highest or 0.0):  # also refuses NaN
            raise BadOption(f"{self.name} is {value!r}; it must be {limits}")
        return int(value) if self.kind == "integer" else float(value)


OPTIONS: tuple[OptionSpec, ...] = (
    OptionSpec(
        "sensitivity", "decode", "number", 0.5, "Sensitivity",
        "How readily a faint attack becomes a note: higher finds more notes, lower finds surer ones.",
        lowest=0.0, highest=1.0,
    ),
    OptionSpec(
        "sustain", "decode", "number", 0.5, "Sustain",
        "How long a fading note is held: higher holds longer.",
        lowest=0.0, highest=1.0,
    ),
    OptionSpec(
        "shortest_note_s", "decode", "number", 0.06, "Shortest note",
        "Notes shorter than this are left out.",
        unit="s", lowest=0.0, highest=1.0,
    ),
    OptionSpec(
        "lowest_pitch", "decode", "integer", 21, "Lowest note",
        "MIDI pitch of the lowest note to look for (21 is A0).",
        unit="MIDI pitch", lowest=21, highest=108,
    ),
    OptionSpec(
        "highest_pitch", "decode", "integer", 108, "Highest note",
        "MIDI pitch of the highest note to look for (108 is C8).",
        unit="MIDI pitch", lowest=21, highest=108,
    ),
    OptionSpec(
        "bends", "decode", "choice", "smooth", "Bends",
        "Pitch bends: smooth follows slides and vibrato, heard keeps every wrinkle, off keeps every note on its key.",
        choices=("smooth", "heard", "off"),
    ),
    OptionSpec(
        "grid", "arrange", "choice", "off", "Grid",
        "Beats and bars: auto finds them in the notes, manual lays them by tempo and first bar, off has none.",
        choices=("off", "auto", "manual"),
    ),
    OptionSpec(
        "tempo_bpm", "arrange", "number", 120.0, "Tempo",
        "Tempo of the manual grid; without a grid, what the MIDI file states while note times stay as heard.",
        unit="bpm", lowest=20.0, highest=400.0,
    ),
    OptionSpec(
        "first_bar_s", "arrange", "number", 0.0, "First bar at",
        "Where a bar of the manual grid begins, in seconds from the start of the recording.",
        unit="s", lowest=0.0, highest=36000.0,
    ),
    OptionSpec(
        "metre", "arrange", "choice", "4/4", "Metre",
        "Beats in a bar; in 6/8 a beat is a dotted quarter.",
        choices=tuple(METRES),
    ),
    OptionSpec(
        "quantise", "arrange", "choice", "off", "Quantise",
        "Note values that onsets are moved to; T is a triplet. Without a grid, beats are found as by auto.",
        choices=("off", *DIVISIONS),
    ),
    OptionSpec(
        "quantise_strength", "arrange", "number", 1.0, "Strength",
        "How far onsets are moved: 0 leaves them as played, 1 puts them on the line.",
        lowest=0.0, highest=1.0,
    ),
    OptionSpec(
        "quantise_ends", "arrange", "choice", "follow", "Note ends",
        "follow: a moved note keeps its length; grid: its end goes to the grid as well.",
        choices=("follow", "grid"),
    ),
    OptionSpec(
        "key", "arrange", "choice", "auto", "Key",
        "Tonic, with an m for minor; auto takes the one that fits the notes best.",
        choices=("auto", *KEYS),
    ),
    OptionSpec(
        "scale", "arrange", "choice", "key", "Scale",
        "Pitches to keep to, from the key's tonic; key is major or minor as the key is.",
        choices=("key", *SCALES),
    ),
    OptionSpec(
        "snap", "arrange", "choice", "off", "Snap",
        "Notes outside the scale: off leaves them, nearest moves them into it, remove leaves them out.",
        choices=("off", "nearest", "remove"),
    ),
    OptionSpec(
        "midi_mode", "midi", "choice", "single", "MIDI channels",
        "single: one channel, bends only where a note sounds alone; mpe: a channel a note, so that chords can bend.",
        choices=("single", "mpe"),
    ),
    OptionSpec(
        "tracks", "midi", "choice", "one", "Tracks",
        "one track, or by-range: soprano from C5, alto from G4, tenor from C4 and bass below, on a track each.",
        choices=("one", "by-range"),
    ),
    OptionSpec(
        "program", "midi", "integer", 0, "Instrument",
        "General MIDI program written into the MIDI file (0 is the grand piano).",
        lowest=0, highest=127,
    ),
)  # fmt: skip
BY_NAME: dict[str, OptionSpec] = {spec.name: spec for spec in OPTIONS}

Self = TypeVar("Self", bound="_Checked")


@dataclass(frozen=True)
class _Checked:
    """Fields are checked against the table when made; whole-valued floats become integers where asked."""

    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, BY_NAME[field.name].check(getattr(self, field.name)))

    @classmethod
    def from_mapping(cls: type[Self], values: Mapping[str, Any]) -> Self:
        """Build from the options a host sends; names of other stages are passed over, unknown ones refused."""
        unknown = sorted(set(values) - set(BY_NAME))
        if unknown:
            raise BadOption(f"unknown option {unknown[0]!r}; the options are {', '.join(BY_NAME)}")
        own = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in own})


@dataclass(frozen=True)
class DecodeOptions(_Checked):
    """What turns planes into notes; changing it needs no audio and no network."""

    sensitivity: float = 0.5
    sustain: float = 0.5
    shortest_note_s: float = 0.06
    lowest_pitch: int = 21
    highest_pitch: int = 108
    bends: str = "smooth"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.lowest_pitch > self.highest_pitch:
            raise BadOption(
                f"lowest_pitch is {self.lowest_pitch}, above highest_pitch {self.highest_pitch}; swap or widen them",
                reason="pitch-range",
                lowest_pitch=self.lowest_pitch,
                highest_pitch=self.highest_pitch,
            )


@dataclass(frozen=True)
class ArrangeOptions(_Checked):
    """What puts notes in time and in tune; changing it needs no decoding."""

    grid: str = "off"
    tempo_bpm: float = 120.0
    first_bar_s: float = 0.0
    metre: str = "4/4"
    quantise: str = "off"
    quantise_strength: float = 1.0
    quantise_ends: str = "follow"
    key: str = "auto"
    scale: str = "key"
    snap: str = "off"


@dataclass(frozen=True)
class MidiOptions(_Checked):
    """What turns notes into a MIDI file; tempo and metre are the arrangement's, and hold where there is no grid."""

    midi_mode: str = "single"
    tracks: str = "one"
    tempo_bpm: float = 120.0
    metre: str = "4/4"
    program: int = 0


def schema_json() -> str:
    """The table as JSON, for hosts in other languages: a list of objects with the fields of OptionSpec."""
    return json.dumps([asdict(spec) for spec in OPTIONS], indent=1)
