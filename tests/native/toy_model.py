"""A network without weights that hears sine tones, so that the host's tests need no trained model.

A pitch sounds where its bin is the highest within three semitones and within 16 dB of the reference; its
onset is the frame where that begins. Rows are delayed by DELAY frames, which the state holds, as in the real
network.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

DELAY = 6
BINS, PITCHES = 309, 88
LOUD = 204.0  # 16 dB below the reference on a scale of 80 dB
SURE = 208  # code of a plane where something is


def write(folder: Path) -> Path:
    """Put model.onnx and manifest.json into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    graph = _model().SerializeToString()
    (folder / "model.onnx").write_bytes(graph)
    (folder / "manifest.json").write_text(json.dumps(manifest(graph)))
    return folder


def manifest(graph: bytes) -> dict:
    return {
        "format": "linnet-model/1",
        "name": "toy",
        "version": "1",
        "grid": {
            "sample_rate_hz": 22050,
            "hop_samples": 256,
            "bins_per_octave": 36,
            "bin_count": BINS,
            "gamma_hz": 5.0,
            "lowest_pitch": 21,
            "pitch_count": PITCHES,
            "contour_bins_per_semitone": 3,
        },
        "level": {"range_db": 80.0, "release_db_per_s": 1.0, "floor_dbfs": -90.0},
        "network": {
            "file": "model.onnx",
            "sha256": hashlib.sha256(graph).hexdigest(),
            "bytes": len(graph),
            "parameters": 0,
            "multiply_adds_per_s": 0,
            "delay_frames": DELAY,
            "block_frames": 128,
            "state_size": (DELAY + 1) * BINS,
        },
        "planes": {"logit_zero": 128, "logit_steps": 16},
        "decode": {},
    }


def _model() -> onnx.ModelProto:
    constants: dict[str, np.ndarray] = {
        "rows": np.array([DELAY + 1, BINS], np.int64),
        "flat": np.array([-1], np.int64),
        "one_channel": np.array([1, 1, -1, BINS], np.int64),
        "rows_only": np.array([-1, BINS], np.int64),
        "pitch_bins": np.arange(PITCHES, dtype=np.int64) * 3,
        "time": np.array([0], np.int64),
        "zero": np.array([0], np.int64),
        "first": np.array([1], np.int64),
        "kept": np.array([-DELAY - 1], np.int64),
        "end": np.array([2**40], np.int64),
        "but_last": np.array([-DELAY - 1], np.int64),
        "but_last_one": np.array([-DELAY], np.int64),
        "loud": np.array(LOUD, np.float32),
        "sure": np.array(SURE, np.uint8),
        "none": np.array(0, np.uint8),
        "middling": np.array(160, np.uint8),
        "middle_bin": np.array([0, 1, 0], np.uint8),
        "last_axis": np.array([2], np.int64),
        "wide": np.array([-1, PITCHES * 3], np.int64),
    }
    n = helper.make_node
    nodes = [
        n("Cast", ["frames"], ["x"], to=TensorProto.FLOAT),
        n("Reshape", ["state", "rows"], ["past"]),
        n("Concat", ["past", "x"], ["y"], axis=0),
        n("Slice", ["y", "kept", "end", "time"], ["kept_rows"]),
        n("Reshape", ["kept_rows", "flat"], ["next_state"]),
        n("Slice", ["y", "zero", "but_last", "time"], ["before"]),
        n("Slice", ["y", "first", "but_last_one", "time"], ["now"]),
        *_sounding("before"),
        *_sounding("now"),
        n("Not", ["before_sounds"], ["was_quiet"]),
        n("And", ["now_sounds", "was_quiet"], ["begins"]),
        n("Where", ["now_sounds", "sure", "none"], ["note"]),
        n("Where", ["begins", "sure", "none"], ["onset"]),
        n("Where", ["now_sounds", "none", "none"], ["offset"]),
        n("Where", ["now_sounds", "middling", "none"], ["velocity"]),
        n("Unsqueeze", ["note", "last_axis"], ["note_3d"]),
        n("Mul", ["note_3d", "middle_bin"], ["contour_3d"]),
        n("Reshape", ["contour_3d", "wide"], ["contour"]),
    ]
    outputs = {"onset": PITCHES, "note": PITCHES, "offset": PITCHES, "velocity": PITCHES, "contour": 3 * PITCHES}
    graph = helper.make_graph(
        nodes,
        "toy",
        [
            helper.make_tensor_value_info("frames", TensorProto.UINT8, ["T", BINS]),
            helper.make_tensor_value_info("state", TensorProto.FLOAT, [(DELAY + 1) * BINS]),
        ],
        [helper.make_tensor_value_info(name, TensorProto.UINT8, ["T", width]) for name, width in outputs.items()]
        + [helper.make_tensor_value_info("next_state", TensorProto.FLOAT, [(DELAY + 1) * BINS])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return model


def _sounding(rows: str) -> list[onnx.NodeProto]:
    """Nodes from `rows` [n, BINS] to the boolean `<rows>_sounds` [n, PITCHES]."""
    n = helper.make_node
    return [
        n("Reshape", [rows, "one_channel"], [f"{rows}_4d"]),
        n("MaxPool", [f"{rows}_4d"], [f"{rows}_top_4d"], kernel_shape=[1, 19], pads=[0, 9, 0, 9]),
        n("Reshape", [f"{rows}_top_4d", "rows_only"], [f"{rows}_top"]),
        n("Gather", [f"{rows}_top", "pitch_bins"], [f"{rows}_top_at"], axis=1),
        n("Gather", [rows, "pitch_bins"], [f"{rows}_at"], axis=1),
        n("GreaterOrEqual", [f"{rows}_at", f"{rows}_top_at"], [f"{rows}_is_top"]),
        n("Greater", [f"{rows}_at", "loud"], [f"{rows}_is_loud"]),
        n("And", [f"{rows}_is_top", f"{rows}_is_loud"], [f"{rows}_sounds"]),
    ]
