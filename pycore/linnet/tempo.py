"""Tempo from notes: how long a beat is, and how sure that is.

Notes become an onset curve: an impulse for every onset, heavier for loud, long and low notes, for these fall on beats
more often than others. Its autocorrelation peaks at every period of the metre (half beats, beats, bars); a beat is a
period near what people tap (the log-normal weight of Ellis 2007) whose half and whose multiples repeat too, but whose
third does not (in 6/8 the other way round). What the bass repeats after two beats and four
counts once more, and so does how many of the piece's quick notes a beat has room for: most often one to eight. How much
each counts was searched on half of the scores (OpenScore songs and quartets), performed, and tried on the other half.

Which of two periods an octave apart is *the* beat is a matter of taste, for people as well: `Tempo.alternatives` names
the others in order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linnet.notes import NoteTable

RATE_HZ = 100.0  # of the onset curve
SPREAD_S = 0.02  # standard deviation of an onset: people play together to about this
FASTEST_BPM, SLOWEST_BPM = 240.0, 40.0
USUAL_BPM, USUAL_COMPOUND_BPM = 104.0, 62.0  # of beats that divide into twos, into threes
USUAL_OCTAVES = 1.0  # standard deviation of tempi about the usual one
QUICK_PER_BEAT, QUICK_OCTAVES = 3.4, 1.9  # quick notes that a beat has room for, and their standard deviation
QUICK_SHARE = 0.2  # of the gaps between onsets, those of the quick notes
BASS_SHARE = 0.35  # of the notes, those that may be bass
BASS_MULTIPLES = ((2, 0.6), (4, 0.6))  # weights of the bass's autocorrelation at so many periods
TOGETHER_S = 0.045  # onsets nearer than this are one
OWN_PART, OTHER_PART = 0.5, -0.2  # weights of the autocorrelation at the half and the third of the period
MULTIPLES = ((1, 1.0), (2, 0.1), (3, 0.15), (4, 0.2), (6, 0.3), (8, 0.2))  # and at so many periods
FEWEST_ONSETS = 8  # fewer say nothing of a tempo
LONG_S = 1.0  # notes longer than this count as this long

Curve = NDArray[np.float64]


@dataclass(frozen=True)
class Tempo:
    """Beats a minute; `confidence` 0-1 is how much of the rhythm repeats at that period."""

    bpm: float
    confidence: float
    alternatives: tuple[float, ...] = ()


def onset_weights(notes: NoteTable) -> Curve:
    """How much each note speaks for a beat at its onset [shape=(n,), float64]."""
    length = np.minimum(notes.offset_s - notes.onset_s, LONG_S) / LONG_S
    low = np.clip((72.0 - notes.pitch) / 36.0, 0.0, 1.0)
    weight: Curve = (notes.velocity / 127.0) * (0.35 + length) * (1.0 + 0.5 * low)
    return weight


def onset_curve(notes: NoteTable) -> Curve:
    """The onsets as a curve of RATE_HZ from 0 s to a second after the last [float64, standard deviation 1]."""
    if not len(notes):
        return np.zeros(0)
    place = notes.onset_s * RATE_HZ
    left = np.floor(place).astype(np.intp)
    weight = onset_weights(notes)
    count = int(left[-1]) + 2 + round(RATE_HZ)
    curve = np.bincount(left, weight * (1.0 - (place - left)), count)
    curve += np.bincount(left + 1, weight * (place - left), count)
    curve = np.sqrt(curve)  # a chord of six is not six times the beat that one note is
    reach = round(3 * SPREAD_S * RATE_HZ)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / (SPREAD_S * RATE_HZ)) ** 2)
    curve = np.convolve(curve, kernel, "same")
    return curve / (curve.std() or 1.0)


def estimate_tempo(notes: NoteTable, *, beat_parts: int = 2) -> Tempo | None:
    """The tempo of the notes; None where there are too few to tell. Beats divide into `beat_parts` (2 or 3)."""
    if len(set(np.round(notes.onset_s / (2 * SPREAD_S)).tolist())) < FEWEST_ONSETS:
        return None
    repeats = _autocorrelation(onset_curve(notes), round(60.0 / SLOWEST_BPM * RATE_HZ * MULTIPLES[-1][0]) + 9)
    lags = np.arange(round(60.0 / FASTEST_BPM * RATE_HZ), round(60.0 / SLOWEST_BPM * RATE_HZ) + 1)
    octaves = np.log2(60.0 * RATE_HZ / lags / (USUAL_COMPOUND_BPM if beat_parts == 3 else USUAL_BPM))
    salience = np.zeros(len(lags))
    for k, weight in MULTIPLES:
        salience += weight * _best_near(repeats, lags * k, k)
    for parts in (2, 3):
        weight = OWN_PART if parts == beat_parts else OTHER_PART
        salience += weight * np.interp(lags / parts, np.arange(len(repeats)), repeats)
    bass = _bass(notes)
    if len(bass) >= FEWEST_ONSETS:
        deep = _autocorrelation(onset_curve(bass), int(lags[-1]) * BASS_MULTIPLES[-1][0] + 9)
        for k, weight in BASS_MULTIPLES:
            salience += weight * _best_near(deep, lags * k, k)
    quick = np.log2(lags / RATE_HZ / _quick_gap_s(notes.onset_s) / QUICK_PER_BEAT)
    score = np.exp(-0.5 * ((octaves / USUAL_OCTAVES) ** 2 + (quick / QUICK_OCTAVES) ** 2)) * salience
    peaks = np.flatnonzero((score >= np.roll(score, 1)) & (score > np.roll(score, -1)) & (score > 0))
    peaks = peaks[(peaks > 0) & (peaks < len(score) - 1)]
    if not len(peaks):
        return None
    peaks = peaks[np.argsort(-score[peaks], kind="stable")][:4]
    bpm = [60.0 * RATE_HZ / (lags[peak] + _vertex(score[peak - 1 : peak + 2])) for peak in peaks]
    confidence = float(np.clip(repeats[lags[peaks[0]]], 0.0, 1.0))
    return Tempo(bpm[0], confidence, tuple(bpm[1:]))


def _bass(notes: NoteTable) -> NoteTable:
    """The lowest notes of those that begin together, where they are low for the piece."""
    starts = np.flatnonzero(_begins(notes.onset_s))
    lowest = np.repeat(np.minimum.reduceat(notes.pitch, starts), np.diff(starts, append=len(notes)))
    below = np.sort(notes.pitch)[int(BASS_SHARE * len(notes))]
    return notes.rows(np.flatnonzero((notes.pitch == lowest) & (notes.pitch < below)))


def _quick_gap_s(onset_s: Curve) -> float:
    """How far quick notes lie apart: a fifth of all gaps between onsets are shorter."""
    gaps = np.sort(np.diff(onset_s[_begins(onset_s)]))
    return float(gaps[int(QUICK_SHARE * len(gaps))])


def _begins(onset_s: Curve) -> NDArray[np.bool_]:
    """Where an onset is not one with that before it."""
    return np.diff(onset_s, prepend=-np.inf) > TOGETHER_S


def _autocorrelation(curve: Curve, lag_count: int) -> Curve:
    """Normalised to 1 at lag 0; the falling overlap of longer lags is made up for as far as half the curve."""
    curve = curve - curve.mean()
    size = 1 << (len(curve) + lag_count).bit_length()  # so far nothing wraps around onto the lags that are asked for
    spectrum = np.fft.rfft(curve, size)
    full = np.fft.irfft(spectrum.real**2 + spectrum.imag**2, size)
    found = np.zeros(lag_count)
    count = min(lag_count, len(curve))
    found[:count] = full[:count] / np.maximum(len(curve) - np.arange(count), len(curve) / 2)
    return found / (found[0] or 1.0)


def _best_near(repeats: Curve, lags: NDArray[np.intp], reach: int) -> Curve:
    """The largest value within `reach` of each lag: multiples of a rounded period lie up to so far off."""
    best: Curve = np.max([repeats[np.minimum(lags + d, len(repeats) - 1)] for d in range(1 - reach, reach)], axis=0)
    return best


def _vertex(around: Curve) -> float:
    """Where the parabola through three samples has its top, from the middle one."""
    below, middle, above = around
    curvature = below - 2 * middle + above
    return float(0.5 * (below - above) / curvature) if curvature < 0 else 0.0
