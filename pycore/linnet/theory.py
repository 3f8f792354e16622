"""What musicians have names for: metres, note values, keys and scales. Tables only, so that options can list them."""

from __future__ import annotations

from collections.abc import Mapping

METRES: Mapping[str, tuple[int, float]] = {"2/4": (2, 1.0), "3/4": (3, 1.0), "4/4": (4, 1.0), "6/8": (2, 1.5)}
"""Metre -> beats a bar, quarters a beat: in 6/8 a beat is a dotted quarter."""

DIVISIONS = ("1/4", "1/8", "1/8T", "1/16", "1/16T", "1/32")
"""Note values between two lines of a grid; T is a triplet: three in the time of two."""

TONICS = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
KEYS = tuple(tonic + mode for tonic in TONICS for mode in ("", "m"))
"""C, Cm, C#, C#m, ... : the tonic, with an m for minor."""

SCALES: Mapping[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "harmonic-minor": (0, 2, 3, 5, 7, 8, 11),
    "melodic-minor": (0, 2, 3, 5, 7, 9, 11),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "locrian": (0, 1, 3, 5, 6, 8, 10),
    "major-pentatonic": (0, 2, 4, 7, 9),
    "minor-pentatonic": (0, 3, 5, 7, 10),
    "blues": (0, 3, 5, 6, 7, 10),
    "whole-tone": (0, 2, 4, 6, 8, 10),
    "diminished": (0, 2, 3, 5, 6, 8, 9, 11),
    "chromatic": tuple(range(12)),
}
"""Semitones above the tonic."""

VOICES: Mapping[str, int] = {"Soprano": 72, "Alto": 67, "Tenor": 60, "Bass": 0}
"""Voice -> its lowest MIDI pitch where notes are parted by range."""
