"""Fit the decoder's confidence: how often a note of given evidence is right, on the validation recordings."""

from __future__ import annotations

from dataclasses import dataclass

import mir_eval
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from linnet.manifest import Manifest
from models.validation import PLAIN, Planes, decoded, with_constants

ECE_BINS = 10


@dataclass(frozen=True)
class Calibration:
    """confidence = sigmoid(slope * evidence + bias); `error` is the expected calibration error left (0-1)."""

    bias: float
    slope: float
    error: float


def _sigmoid(value: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-value)))


def _evidence(planes: Planes, manifest: Manifest) -> tuple[NDArray[np.float64], ...]:
    """Per note: evidence (the logit behind an uncalibrated confidence), whether it is right, weight (groups equal)."""
    plain = with_constants(manifest, confidence_bias=0.0, confidence_slope=1.0)
    evidence, right, groups = [], [], []
    for recording, block in planes:
        notes = decoded(block, plain, PLAIN)
        times_s = np.stack([notes.onset_s, notes.offset_s], axis=1)
        hz = 440.0 * 2 ** ((notes.pitch.astype(np.float64) - 69) / 12)
        reference = recording.reference
        pairs = mir_eval.transcription.match_notes(reference.times_s, reference.hz, times_s, hz, offset_ratio=None)
        matched = np.zeros(len(notes))
        matched[[estimated for _, estimated in pairs]] = 1
        confidence = np.clip(notes.confidence.astype(np.float64), 1e-6, 1 - 1e-6)
        evidence.append(np.log(confidence / (1 - confidence)))
        right.append(matched)
        groups += [recording.group] * len(notes)
    names, index, counts = np.unique(groups, return_inverse=True, return_counts=True)
    return np.concatenate(evidence), np.concatenate(right), 1 / counts[index] / len(names)


@dataclass(frozen=True)
class Reliability:
    """Per tenth of confidence: share of the notes, mean confidence, share of them that are right (groups equal)."""

    share: NDArray[np.float64]
    confidence: NDArray[np.float64]
    right: NDArray[np.float64]

    @classmethod
    def of(
        cls, confidence: NDArray[np.float64], right: NDArray[np.float64], weight: NDArray[np.float64]
    ) -> Reliability:
        bins = np.minimum((confidence * ECE_BINS).astype(int), ECE_BINS - 1)
        total, expected, hit = (np.bincount(bins, w, ECE_BINS) for w in (weight, weight * confidence, weight * right))
        return cls(total, expected / np.maximum(total, 1e-12), hit / np.maximum(total, 1e-12))

    @property
    def error(self) -> float:
        """Expected calibration error (Naeini, Cooper and Hauskrecht 2015)."""
        return float(np.sum(self.share * np.abs(self.confidence - self.right)))

    def table(self) -> str:
        rows = [f"{'confidence':12s}{'notes %':>9s}{'mean':>7s}{'right':>7s}"]
        for tenth, (share, confidence, right) in enumerate(zip(self.share, self.confidence, self.right, strict=True)):
            if share > 0:
                span = f"{10 * tenth}-{10 * tenth + 10} %"
                rows.append(f"{span:12s}{100 * share:9.1f}{confidence:7.2f}{right:7.2f}  {'#' * round(40 * right)}")
        return "\n".join([*rows, f"expected calibration error {self.error:.3f}"])


def reliability(planes: Planes, manifest: Manifest) -> Reliability:
    """Of the notes as the manifest's constants show them."""
    evidence, right, weight = _evidence(planes, manifest)
    constants = manifest.decode
    return Reliability.of(_sigmoid(constants.confidence_bias + constants.confidence_slope * evidence), right, weight)


def calibrate(planes: Planes, manifest: Manifest) -> Calibration:
    """Logistic regression of "right" on evidence, every group weighing the same."""
    evidence, right, weight = _evidence(planes, manifest)

    def loss(parameters: NDArray[np.float64]) -> float:
        value = parameters[0] + parameters[1] * evidence
        return float(np.sum(weight * (np.logaddexp(0, value) - right * value)))

    bias, slope = minimize(loss, np.array([0.0, 1.0])).x
    reached = Reliability.of(_sigmoid(bias + slope * evidence), right, weight)
    return Calibration(float(bias), float(slope), reached.error)
