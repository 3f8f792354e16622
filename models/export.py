"""Export a run: `python -m models.export --name linnet-2` writes released/linnet-2/{model.onnx, manifest.json}.

Batch norms are folded, planes are quantised inside the graph, the past is one flat state. Export refuses to finish
when onnxruntime and PyTorch disagree or when blocks do not equal the whole.
"""

from __future__ import annotations

import hashlib
import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from models.config import GRID, RELEASE_NAME
from models.features import LEVEL
from models.fold import folded
from models.network import (
    BINS,
    DELAY_FRAMES,
    MULTIPLY_ADDS_PER_S_LIMIT,
    PARAMETER_LIMIT,
    PLANES,
    Network,
    multiply_adds_per_s,
    parameter_count,
)  # fmt: skip

BLOCK_FRAMES = 128
LOGIT_ZERO, LOGIT_STEPS = 128, 16
OPSET = 17
LARGEST_LOGIT_ERROR = 1e-4


class ExportFault(Exception):
    """The exported graph is not the network; nothing was released."""


class Graph(nn.Module):
    """What the hosts run. With `quantised` off the planes stay logits, for the check."""

    def __init__(self, network: Network, *, quantised: bool) -> None:
        super().__init__()
        self.network, self.quantised = network, quantised
        self.sizes = [int(np.prod(shape)) for shape in network.state_shapes]

    def forward(self, frames: Tensor, state: Tensor) -> tuple[Tensor, ...]:  # uint8 [T, 309], float32 [S]
        scaled = (frames.to(torch.float32) * (1.0 / 255.0)).unsqueeze(0)
        pieces = torch.split(state, self.sizes)
        states = [piece.reshape(1, *shape) for piece, shape in zip(pieces, self.network.state_shapes, strict=True)]
        logits, kept = self.network.step(scaled, states)
        planes = logits[0]
        if self.quantised:
            planes = torch.clamp(torch.round(planes * LOGIT_STEPS) + LOGIT_ZERO, 0, 255).to(torch.uint8)
        contour = planes[4:].permute(1, 2, 0).flatten(1)  # [T, 88 * 3]
        next_state = torch.cat([piece.flatten() for piece in kept])
        return planes[0], planes[1], planes[2], planes[3], contour, next_state


def state_size(network: Network) -> int:
    return sum(int(np.prod(shape)) for shape in network.state_shapes)


def write_graph(network: Network, path: Path, *, quantised: bool = True) -> None:
    """Write the ONNX file; does not check it."""
    arguments = (torch.zeros(BLOCK_FRAMES, BINS, dtype=torch.uint8), torch.zeros(state_size(network)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Graph(network, quantised=quantised).eval(), arguments, str(path), dynamo=False, opset_version=OPSET,
            input_names=["frames", "state"], output_names=[*PLANES, "next_state"],
            dynamic_axes={"frames": {0: "frames"}, **{name: {0: "frames"} for name in PLANES}},
        )  # fmt: skip
    onnx.checker.check_model(onnx.load(path))


def optimise(path: Path) -> None:
    """Let onnxruntime fold and fuse the graph once, here, so that no visit of the page has to.

    Only what holds on every machine: the layouts that suit one processor are chosen by the hosts.
    """
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(path)
    onnxruntime.InferenceSession(path.read_bytes(), options, providers=["CPUExecutionProvider"])


def run_blocks(path: Path, frames: NDArray[np.uint8], block_frames: int) -> dict[str, NDArray[Any]]:
    """The exported graph over `frames`, block by block, planes joined."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    state = np.zeros(session.get_inputs()[1].shape, np.float32)
    rows: list[list[NDArray[Any]]] = []
    for start in range(0, len(frames), block_frames):
        *planes, state = session.run(None, {"frames": frames[start : start + block_frames], "state": state})
        rows.append(planes)
    return {name: np.concatenate(parts) for name, parts in zip(PLANES, zip(*rows, strict=True), strict=True)}


def check_graph(network: Network, graph: Path, logits_graph: Path) -> None:
    """Raise ExportFault unless graph = network within 1e-4 (codes within 1) and whole = blocks (codes within 1)."""
    frames = np.random.default_rng(7).integers(0, 256, (3 * BLOCK_FRAMES + 17, BINS)).astype(np.uint8)
    frames[100:180] = 0
    with torch.no_grad():
        expected = network.eval()(torch.from_numpy(frames).float()[None] / 255)[0]
    wanted = {name: expected[channel] for channel, name in enumerate(PLANES[:4])}
    wanted["contour"] = expected[4:].permute(1, 2, 0).flatten(1)
    logits = run_blocks(logits_graph, frames, len(frames))
    whole, blocks, uneven = (run_blocks(graph, frames, size) for size in (len(frames), BLOCK_FRAMES, 37))
    for name in PLANES:
        error = float(np.abs(logits[name] - wanted[name].numpy()).max())
        if error > LARGEST_LOGIT_ERROR:
            raise ExportFault(f"{name}: onnxruntime and PyTorch differ by {error:.2e} (at most {LARGEST_LOGIT_ERROR})")
        codes = np.clip(np.round(wanted[name].numpy() * LOGIT_STEPS) + LOGIT_ZERO, 0, 255)
        for label, found in (("whole", whole), ("blocks", blocks), ("uneven blocks", uneven)):
            if np.abs(found[name].astype(int) - codes).max() > 1:
                raise ExportFault(f"{name}: the codes of {label} differ from PyTorch's by more than 1")


def export(
    network: Network, folder: Path, *, decode: dict[str, float], metrics: dict[str, Any], data: list[dict[str, str]]
) -> dict[str, Any]:
    """Write model.onnx and manifest.json into `folder` once every check has passed; returns the manifest."""
    parameters, multiply_adds = parameter_count(network), multiply_adds_per_s(network)
    if parameters > PARAMETER_LIMIT or multiply_adds > MULTIPLY_ADDS_PER_S_LIMIT:
        raise ExportFault(f"the network is too large: {parameters} parameters, {multiply_adds} multiply-adds/s")
    folder.mkdir(parents=True, exist_ok=True)
    plain = folded(network)
    graph, logits_graph = folder / "model.part", folder / "logits.part"
    try:
        write_graph(plain, graph)
        optimise(graph)
        write_graph(plain, logits_graph, quantised=False)
        check_graph(network, graph, logits_graph)
        content = graph.read_bytes()
        graph.replace(folder / "model.onnx")
    finally:
        logits_graph.unlink(missing_ok=True)
        graph.unlink(missing_ok=True)
    manifest = {
        "format": "linnet-model/1",
        "name": RELEASE_NAME,
        "version": "2",
        "grid": vars(GRID),
        "level": vars(LEVEL),
        "network": {
            "file": "model.onnx",
            "sha256": hashlib.sha256(content).hexdigest(),
            "bytes": len(content),
            "parameters": parameters,
            "multiply_adds_per_s": multiply_adds,
            "delay_frames": DELAY_FRAMES,
            "block_frames": BLOCK_FRAMES,
            "state_size": state_size(network),
        },
        "planes": {"logit_zero": LOGIT_ZERO, "logit_steps": LOGIT_STEPS},
        "decode": decode,
        "metrics": metrics,
        "data": data,
        "licence": "Apache-2.0",
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
    return manifest
