"""The released graph back as a network that can be trained on: `python -m models.unfold --name v3`.

Folding multiplied the batch norms into the convolutions. Here each norm gets the mean and the deviation of what its
convolution gives on training frames, and a scale and a shift that undo them: the function is the same to rounding,
and training starts from well-scaled norms.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from models import features
from models.config import RELEASED
from models.corpus import FIRST_VALIDATION_CLIP
from models.fold import PhaseStack
from models.network import BINS_PER_PITCH, Network
from models.train import CHECKPOINTS, checkpoint_path

FRAME_COUNT = 272
STRETCHES = 24


def weights_of(graph: Path) -> dict[str, Tensor]:
    """The trained numbers of an exported graph by their names in the folded network."""
    stored = onnx.load(graph).graph.initializer
    prefix = "network."
    named = {item.name: torch.from_numpy(numpy_helper.to_array(item).copy()) for item in stored}
    return {name.removeprefix(prefix): value for name, value in named.items() if name.startswith(prefix)}


def _undealt(dealt: Tensor, span_bins: int) -> Tensor:
    """The first kernel as it was before fold.py split it by phase."""
    rows = PhaseStack(span_bins).rows
    wide = torch.zeros(dealt.shape[0], len(rows) // BINS_PER_PITCH, dealt.shape[2], span_bins)
    for channel, (_, _, tap) in enumerate(rows):
        wide[:, channel // BINS_PER_PITCH, :, tap::BINS_PER_PITCH] = dealt[:, channel]
    return wide


class _Measure(nn.Module):
    """Stands in for a norm of the folded network: adds the bias, then makes the norm that gives the same."""

    def __init__(self, norm: nn.BatchNorm2d, bias: Tensor) -> None:
        super().__init__()
        self.norm, self.bias = norm, bias

    def forward(self, x: Tensor) -> Tensor:
        mean, variance = x.mean(dim=(0, 2, 3)), x.var(dim=(0, 2, 3))
        self.norm.running_mean.copy_(mean)
        self.norm.running_var.copy_(variance)
        self.norm.weight.copy_(torch.sqrt(variance + self.norm.eps))
        self.norm.bias.copy_(self.bias + mean)
        return x + self.bias[:, None, None]


def unfolded(graph: Path, frames: Tensor) -> Network:
    """The network of `graph`, its norms fitted to `frames` [B, T, 309] scaled to 0-1."""
    weights, network = weights_of(graph), Network()
    network.eval()
    with torch.no_grad():
        biases = {"first_norm": weights.pop("first.bias")}
        weights["first.weight"] = _undealt(weights["first.weight"], network.shape.span_bins)
        for number in range(len(network.blocks)):
            biases[f"blocks.{number}.norm"] = weights.pop(f"blocks.{number}.time.bias")
        missing, unknown = network.load_state_dict(weights, strict=False)
        if unknown or any("norm" not in name for name in missing):
            raise ValueError(f"{graph} is another network: it has {unknown} and lacks {missing}")
        norms = {name: network.get_submodule(name) for name in biases}
        for name, norm in norms.items():
            network.set_submodule(name, _Measure(norm, biases[name]))
        network(frames)
        for name, norm in norms.items():
            network.set_submodule(name, norm)
    return network


def training_frames(seed: int = 3) -> Tensor:
    """Random stretches of the cached features [B, T, 309]."""
    rng = np.random.default_rng(seed)
    paths = [path for path in sorted(features.FOLDER.glob("??????.npz")) if int(path.stem) < FIRST_VALIDATION_CLIP]
    if not paths:
        raise FileNotFoundError(f"no features in {features.FOLDER}; run python -m models.corpus and models.features")
    rows = []
    for path in rng.choice(np.array(paths), size=min(STRETCHES, len(paths)), replace=False):
        frames = features.load(path).frames
        first = int(rng.integers(0, len(frames) - FRAME_COUNT))
        rows.append(frames[first : first + FRAME_COUNT].astype(np.float32) / 255)
    return torch.from_numpy(np.stack(rows))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--name", default="released", help="name of the run to begin, for train's --start-from")
    parser.add_argument("--model", type=Path, default=RELEASED / "model.onnx")
    options = parser.parse_args()
    network = unfolded(options.model, training_frames())
    CHECKPOINTS.mkdir(parents=True, exist_ok=True)
    torch.save({"average": network.state_dict()}, checkpoint_path(options.name))
    print(f"{options.model} is now the run {options.name}")


if __name__ == "__main__":
    main()
