"""Choose the decoder's constants on the validation recordings: nothing else is ever learnt from them."""

from __future__ import annotations

from linnet.manifest import DecodeConstants, Manifest
from models.validation import Planes, evaluate, with_constants

FIT_ORDER: dict[str, tuple[float, ...]] = {
    "onset_threshold": (0.14, 0.18, 0.22, 0.26),
    "restart_threshold": (0.22, 0.26, 0.3, 0.34, 0.38),
    "note_threshold": (0.3, 0.35, 0.4, 0.45),
    "least_evidence": (-0.4, -0.3, -0.25, -0.2, -0.15, -0.1, 0.0),
    "soft_threshold": (0.4, 0.45, 0.5, 0.6),
    "soft_onset_s": (0.1, 0.12, 0.15),
    "restart_gap_s": (0.05, 0.08),
    "gap_s": (0.035, 0.045, 0.055),
    "offset_weight": (0.25, 0.5, 1.0),
    "slide_threshold": (0.0, 0.12, 0.15, 0.2),
    "slide_s": (0.25, 0.3, 0.35),
}


def fit(planes: Planes, manifest: Manifest) -> DecodeConstants:
    """One pass of coordinate search for the constants: mean onset F1, with a tenth of the offset F1 as tie-break."""

    def worth(candidate: Manifest) -> float:
        mean = evaluate(planes, candidate)["mean"]
        return mean.onset_f1 + 0.1 * mean.offset_f1

    best, best_worth = manifest, worth(manifest)
    for name, values in FIT_ORDER.items():
        for value in values:
            if value == getattr(best.decode, name):
                continue
            candidate = with_constants(best, **{name: value})
            reached = worth(candidate)
            if reached > best_worth + 1e-5:
                best, best_worth = candidate, reached
    return best.decode
