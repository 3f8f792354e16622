"""Export writes what hosts expect, and refuses a graph that is not the network."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from linnet.manifest import DecodeConstants, Manifest
from models import export
from models.network import Network


def random_network(seed: int) -> Network:
    """A network with batch-norm statistics that are not the initial ones."""
    torch.manual_seed(seed)
    network = Network()
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.2)
            module.running_var.uniform_(0.5, 2)
    return network.eval()


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Network]:
    folder, network = tmp_path_factory.mktemp("release"), random_network(1)
    export.export(network, folder, decode=vars(DecodeConstants()), metrics={}, data=[])
    return folder, network


def test_manifest_is_read_by_the_core(released: tuple[Path, Network]) -> None:
    folder, network = released
    manifest = Manifest.from_json((folder / "manifest.json").read_text())
    assert manifest.network.state_size == export.state_size(network)
    assert manifest.network.bytes == (folder / manifest.network.file).stat().st_size
    assert sorted(path.name for path in folder.iterdir()) == ["manifest.json", "model.onnx"]


def test_planes_are_bytes_of_the_right_width(released: tuple[Path, Network]) -> None:
    frames = np.random.default_rng(2).integers(0, 256, (40, 309)).astype(np.uint8)
    planes = export.run_blocks(released[0] / "model.onnx", frames, 16)
    assert {name: plane.shape[1] for name, plane in planes.items()} == {
        "onset": 88, "note": 88, "offset": 88, "velocity": 88, "contour": 264,
    }  # fmt: skip
    assert all(plane.dtype == np.uint8 and len(plane) == 40 for plane in planes.values())


def test_refuses_other_weights(released: tuple[Path, Network], tmp_path: Path) -> None:
    logits = tmp_path / "logits.onnx"
    export.write_graph(export.folded(released[1]), logits, quantised=False)
    with pytest.raises(export.ExportFault, match="differ"):
        export.check_graph(random_network(2), released[0] / "model.onnx", logits)


def test_keeps_the_old_release_when_the_check_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model.onnx").write_bytes(b"old")
    monkeypatch.setattr(export, "LARGEST_LOGIT_ERROR", -1.0)
    with pytest.raises(export.ExportFault):
        export.export(random_network(1), tmp_path, decode={}, metrics={}, data=[])
    assert [path.name for path in tmp_path.iterdir()] == ["model.onnx"]
    assert (tmp_path / "model.onnx").read_bytes() == b"old"
