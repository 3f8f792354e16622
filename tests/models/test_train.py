"""A run starts, takes in what has been rendered, stops, goes on, and leaves weights that load."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from models import features, train
from models.features import example_of
from models.played import PlayedNote


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    frames = np.random.default_rng(0).integers(0, 60, (200, 309)).astype(np.uint8)
    frames[50:120, 117] = 250
    example = example_of(frames, [PlayedNote(0.581, 1.39, 60, 90)])
    assert len(example.notes) == 1
    (tmp_path / "features").mkdir()
    np.savez(tmp_path / "features" / "000000.npz", **vars(example))
    monkeypatch.setattr(features, "FOLDER", tmp_path / "features")
    monkeypatch.setattr(train, "CHECKPOINTS", tmp_path / "checkpoints")
    monkeypatch.setattr(train, "BATCH_SIZE", 1)
    monkeypatch.setattr(train, "FRAME_COUNT", 32)
    return tmp_path


def test_train_and_go_on(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    train.train("short", 1)
    first = train.load_network("short").head.weight.clone()
    train.train("short", 2)
    assert "from step 1" in capsys.readouterr().out
    assert not torch.equal(first, train.load_network("short").head.weight)
