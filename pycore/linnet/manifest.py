"""The model's manifest: all numbers that the network, the core and both hosts must agree on.

`manifest.json` lies beside `model.onnx`. Its tables: `grid` (see grid.Grid), `level` (level.Level), `network`
(file, sha256, delay, sizes), `planes` (how the network codes logits), `decode` (constants of the decoder)
and, for people, `metrics`, `data` and `licence`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from linnet.errors import BadModel
from linnet.grid import Grid
from linnet.level import Level

FORMAT = "linnet-model/1"


@dataclass(frozen=True)
class Network:
    """The ONNX graph: frames uint8 [n, bins] and state float32 [state_size] in, planes and next_state out.

    Row t of the planes speaks of frame t - delay_frames. Blocks may have any length; `block_frames` is the
    length that files are run in.
    """

    file: str
    sha256: str
    bytes: int
    parameters: int
    multiply_adds_per_s: int
    delay_frames: int
    block_frames: int
    state_size: int


@dataclass(frozen=True)
class PlaneCode:
    """A plane's byte is round(logit * logit_steps) + logit_zero, clipped to 0-255."""

    logit_zero: int = 128
    logit_steps: int = 16

    def code(self, probability: float) -> int:
        """The byte at which a probability lies; 0 and 1 map to the ends."""
        if probability <= 0.0:
            return 0
        if probability >= 1.0:
            return 255
        logit = math.log(probability / (1.0 - probability))
        return min(255, max(0, round(logit * self.logit_steps) + self.logit_zero))


@dataclass(frozen=True)
class DecodeConstants:
    """Constants of the decoder, fitted with the model (probabilities unless a unit is named)."""

    onset_threshold: float = 0.35
    restart_threshold: float = 0.35
    note_threshold: float = 0.35
    soft_threshold: float = 0.6
    soft_onset_s: float = 0.11
    gap_s: float = 0.055
    restart_gap_s: float = 0.05
    offset_weight: float = 0.5
    least_evidence: float = -8.0  # logits
    slide_threshold: float = 0.0
    slide_s: float = 0.3
    slide_gap_s: float = 0.06
    onset_shift_s: float = 0.0
    offset_shift_s: float = 0.0
    confidence_bias: float = 0.0
    confidence_slope: float = 1.0


@dataclass(frozen=True)
class Manifest:
    """The checked content of a manifest."""

    name: str
    version: str
    grid: Grid
    level: Level
    network: Network
    planes: PlaneCode
    decode: DecodeConstants

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """Parse and check; BadModel names what is wrong."""
        try:
            values = json.loads(text)
        except json.JSONDecodeError as error:
            raise BadModel(f"the manifest is not JSON ({error}); fetch the model again") from error
        if not isinstance(values, dict) or values.get("format") != FORMAT:
            found = values.get("format") if isinstance(values, dict) else type(values).__name__
            raise BadModel(f"the manifest's format is {found!r}, this version reads {FORMAT!r}")
        try:
            return cls(
                name=str(values["name"]),
                version=str(values["version"]),
                grid=Grid.from_mapping(values["grid"]),
                level=Level.from_mapping(values["level"]),
                network=_table(Network, values["network"]),
                planes=_table(PlaneCode, values["planes"]),
                decode=_table(DecodeConstants, values["decode"]),
            )
        except KeyError as error:
            raise BadModel(f"the manifest lacks {error}; fetch the model again") from error


def _table(kind: Any, values: Mapping[str, Any]) -> Any:  # Any: one reader for several dataclasses
    names = {f.name for f in fields(kind)}
    unknown = sorted(set(values) - names)
    if unknown:
        raise BadModel(f"the manifest's {kind.__name__} table has an unknown key {unknown[0]!r}")
    try:
        return kind(**values)
    except TypeError as error:
        raise BadModel(f"the manifest's {kind.__name__} table is incomplete: {error}") from error
