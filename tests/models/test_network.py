"""The network keeps to its budget, and a stream cut anywhere equals the whole."""

from __future__ import annotations

import pytest
import torch

from models.network import (
    MULTIPLY_ADDS_PER_S_LIMIT,
    OUTPUTS_PER_PITCH,
    PARAMETER_LIMIT,
    PITCHES,
    Network,
    multiply_adds_per_s,
    parameter_count,
)  # fmt: skip


@pytest.fixture(scope="module")
def network() -> Network:
    torch.manual_seed(3)
    return Network().eval()


@pytest.fixture(scope="module")
def frames() -> torch.Tensor:
    return torch.rand(1, 200, 309, generator=torch.Generator().manual_seed(4))


def test_budget(network: Network) -> None:
    assert parameter_count(network) <= PARAMETER_LIMIT
    assert multiply_adds_per_s(network) <= MULTIPLY_ADDS_PER_S_LIMIT


def test_one_row_per_frame(network: Network, frames: torch.Tensor) -> None:
    with torch.no_grad():
        assert network(frames).shape == (1, OUTPUTS_PER_PITCH, 200, PITCHES)


@pytest.mark.parametrize("block_frames", [1, 7, 128])
def test_streamed_equals_whole(network: Network, frames: torch.Tensor, block_frames: int) -> None:
    with torch.no_grad():
        whole = network(frames)
        states = [torch.zeros(1, *shape) for shape in network.state_shapes]
        pieces = []
        for start in range(0, frames.shape[1], block_frames):
            piece, states = network.step(frames[:, start : start + block_frames], states)
            pieces.append(piece)
    assert torch.allclose(torch.cat(pieces, dim=2), whole, atol=1e-5)


def test_output_ignores_the_future(network: Network, frames: torch.Tensor) -> None:
    changed = frames.clone()
    changed[:, 120:] = 0
    with torch.no_grad():
        assert torch.equal(network(frames)[:, :, :120], network(changed)[:, :, :120])


def test_training_forms_equal_the_kernels(network: Network) -> None:
    for block in network.blocks:
        x = torch.rand(2, network.shape.channels, 32 + block.past_frames, PITCHES)
        assert torch.allclose(block._dealt_time(x), block.time(x), atol=1e-5)
        if block.across:
            kernels = sum(kernel(x) for kernel in block.across)
            assert torch.allclose(block._across_matrix(x), kernels, atol=1e-5)
