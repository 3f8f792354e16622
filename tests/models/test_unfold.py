"""A released graph becomes a network again: the same function, with norms that training can move."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from models.export import write_graph
from models.fold import folded
from models.unfold import unfolded
from tests.models.test_export import random_network


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("graph") / "model.onnx"
    write_graph(folded(random_network(4)), path)
    return path


def test_is_the_same_function(graph: Path) -> None:
    torch.manual_seed(1)
    network = unfolded(graph, torch.rand(2, 60, 309))
    other = torch.rand(1, 90, 309)
    with torch.no_grad():
        assert torch.allclose(network(other), random_network(4)(other), atol=2e-3)


def test_norms_see_unit_deviation(graph: Path) -> None:
    torch.manual_seed(2)
    frames = torch.rand(2, 60, 309)
    network = unfolded(graph, frames)
    before: list[torch.Tensor] = []
    network.first_norm.register_forward_pre_hook(lambda _, inputs: before.append(inputs[0]))
    with torch.no_grad():
        network(frames)
    norm = network.first_norm
    scaled = (before[0] - norm.running_mean[:, None, None]) / torch.sqrt(norm.running_var[:, None, None])
    assert torch.allclose(scaled.mean(dim=(0, 2, 3)), torch.zeros(len(norm.bias)), atol=1e-4)
    assert torch.allclose(scaled.var(dim=(0, 2, 3)), torch.ones(len(norm.bias)), atol=1e-3)
