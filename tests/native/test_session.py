"""The network is found, verified, and gives the same planes however the frames are cut."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from linnet.errors import BadModel
from linnet.native.session import DEFAULT_MODEL, Network, Outputs, released_model

FRAMES = np.random.default_rng(1).integers(0, 256, (300, 309)).astype(np.uint8)


def planes(network: Network, frames: np.ndarray, block: int) -> list[np.ndarray]:
    stream = network.stream()
    outputs = [stream.run(frames[i : i + block]) for i in range(0, len(frames), block)]
    return [np.concatenate([getattr(o, name) for o in outputs]) for name in Outputs.__dataclass_fields__]


def test_toy_delays_its_rows(toy: Path) -> None:
    onset, note, *_ = planes(Network(released_model(toy)), np.vstack([FRAMES * 0, FRAMES * 0 + 255]), 64)
    assert note.any(axis=1).argmax() == len(FRAMES) + 6
    assert onset.any(axis=1).sum() == 1


@pytest.mark.parametrize("which", ["toy", "released"])
def test_blocks_of_any_length_give_the_same_planes(toy: Path, which: str) -> None:
    network = Network(released_model(toy if which == "toy" else DEFAULT_MODEL))
    whole = planes(network, FRAMES, len(FRAMES))
    for block in (1, 32, 128):
        for part, reference in zip(planes(network, FRAMES, block), whole, strict=True):
            assert part.dtype == np.uint8
            assert np.array_equal(part, reference)


def test_streams_do_not_share_state(toy: Path) -> None:
    network = Network(released_model(toy))
    first, second = network.stream(), network.stream()
    first.run(FRAMES)
    alone = network.stream().run(FRAMES[:50])
    assert np.array_equal(second.run(FRAMES[:50]).note, alone.note)


def test_released_model_fits_its_manifest() -> None:
    model = released_model()
    network = model.manifest.network
    assert network.bytes == len(model.graph)
    outputs = Network(model).stream().run(FRAMES)
    assert outputs.contour.shape == (300, model.manifest.grid.contour_bin_count)
    assert outputs.onset.shape == (300, model.manifest.grid.pitch_count)


def test_unknown_name() -> None:
    with pytest.raises(BadModel, match="there is no model 'linnet-99'"):
        released_model("linnet-99")


def copy(toy: Path, to: Path) -> Path:
    return Path(shutil.copytree(toy, to / "model"))


def test_damaged_graph(toy: Path, tmp_path: Path) -> None:
    folder = copy(toy, tmp_path)
    graph = bytearray((folder / "model.onnx").read_bytes())
    graph[100] ^= 1
    (folder / "model.onnx").write_bytes(graph)
    with pytest.raises(BadModel, match=r"model\.onnx: sha256 is .* the manifest says"):
        released_model(folder)


def test_missing_graph(toy: Path, tmp_path: Path) -> None:
    folder = copy(toy, tmp_path)
    (folder / "model.onnx").unlink()
    with pytest.raises(BadModel, match="cannot be read"):
        released_model(folder)


def test_manifest_that_is_no_manifest(toy: Path, tmp_path: Path) -> None:
    folder = copy(toy, tmp_path)
    (folder / "manifest.json").write_bytes(b"\xff\xfe")
    with pytest.raises(BadModel, match="cannot be read"):
        released_model(folder)
    (folder / "manifest.json").write_text("{}")
    with pytest.raises(BadModel, match="format"):
        released_model(folder)


def test_graph_that_is_no_graph(toy: Path, tmp_path: Path) -> None:
    import hashlib

    folder = copy(toy, tmp_path)
    (folder / "model.onnx").write_bytes(b"not onnx")
    values = json.loads((folder / "manifest.json").read_text())
    values["network"]["sha256"] = hashlib.sha256(b"not onnx").hexdigest()
    (folder / "manifest.json").write_text(json.dumps(values))
    with pytest.raises(BadModel, match=r"onnxruntime cannot load model\.onnx"):
        Network(released_model(folder))


def test_wrong_state_size(toy: Path, tmp_path: Path) -> None:
    folder = copy(toy, tmp_path)
    values = json.loads((folder / "manifest.json").read_text())
    values["network"]["state_size"] = 10
    (folder / "manifest.json").write_text(json.dumps(values))
    with pytest.raises(BadModel, match="the network failed on 300 frames"):
        Network(released_model(folder)).stream().run(FRAMES)
