"""Keys: which one the notes are in, and how keys are written.

A key is written as musicians abbreviate it: C, Ebm, F#. The estimate is that of Krumhansl and Schmuckler: how long and
loud each of the twelve pitch classes sounds, correlated with a profile for each key. The profiles are Temperley's
(Kostka-Payne corpus, 2007): unlike those from listening tests they do not lean towards minor.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from linnet.notes import NoteTable
from linnet.theory import KEYS, TONICS

MAJOR_PROFILE = (0.748, 0.060, 0.488, 0.082, 0.670, 0.460, 0.096, 0.715, 0.104, 0.366, 0.057, 0.400)
MINOR_PROFILE = (0.712, 0.084, 0.474, 0.618, 0.049, 0.460, 0.105, 0.747, 0.404, 0.067, 0.133, 0.330)
LONG_S = 2.0  # notes longer than this count as this long: a pedal point is not the whole piece
CLEAR_MARGIN = 0.12  # of correlation between the best key and the next: as clear as keys get
_SHARPS = {"C": 0, "C#": 7, "D": 2, "Eb": -3, "E": 4, "F": -1, "F#": 6, "G": 1, "Ab": -4, "A": 3, "Bb": -2, "B": 5}


@dataclass(frozen=True)
class Key:
    """A key; `confidence` 0-1 is how far it lies ahead of the next likely one."""

    name: str
    confidence: float = 1.0

    @property
    def is_minor(self) -> bool:
        return self.name.endswith("m")

    @property
    def tonic(self) -> int:
        """Pitch class of the tonic, 0 (C) to 11 (B)."""
        return TONICS.index(self.name.removesuffix("m"))

    @property
    def sharps(self) -> int:
        """Sharps in the key signature; flats are negative. Six at most: C# is written as Db, Abm as G#m."""
        sharps = _SHARPS[self.name.removesuffix("m")] - (3 if self.is_minor else 0)
        return sharps - 12 if sharps > 6 else sharps + 12 if sharps < -6 else sharps


def estimate_key(notes: NoteTable) -> Key | None:
    """The key the notes are in; None where there are fewer than three pitch classes."""
    weight = np.minimum(notes.offset_s - notes.onset_s, LONG_S) * notes.velocity
    classes = np.bincount(notes.pitch % 12, weight, 12)
    if np.count_nonzero(classes) < 3:
        return None
    profiles = np.array([np.roll(profile, tonic) for tonic in range(12) for profile in (MAJOR_PROFILE, MINOR_PROFILE)])
    found = np.corrcoef(np.vstack([classes, profiles]))[0, 1:]
    best, following = np.argsort(-found, kind="stable")[:2]
    confidence = np.clip((found[best] - found[following]) / CLEAR_MARGIN, 0.0, 1.0) * np.clip(found[best], 0.0, 1.0)
    return Key(KEYS[best], float(confidence))
