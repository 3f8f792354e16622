"""Train the network: `python -m models.train --name v1 --steps 3000`. Resumes from its checkpoint.

AdamW under a cosine, bfloat16 where it is safe, and a running average of the weights, which is what is evaluated
and exported.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from models import features
from models.batches import Drawer
from models.config import CACHE
from models.corpus import FIRST_VALIDATION_CLIP
from models.losses import losses
from models.mixing import Pool
from models.network import Network, parameter_count

BATCH_SIZE = 8
FRAME_COUNT = 272  # a multiple of every dilation
LEARNING_RATE = 4e-3
WARM_UP_STEPS = 100
AVERAGE_DECAY = 0.999
CHECKPOINT_STEPS = 100

CHECKPOINTS = CACHE / "checkpoints"


def checkpoint_path(name: str) -> Path:
    return CHECKPOINTS / f"{name}.pt"


def load_network(name: str) -> Network:
    """The averaged weights of a run, ready to evaluate or export."""
    network = Network()
    network.load_state_dict(torch.load(checkpoint_path(name), weights_only=True)["average"])
    return network.eval()


def _rate(step: int, progress: float) -> float:
    """Share of the learning rate after `step` steps and `progress` (0-1) of the run."""
    return min(1.0, (step + 1) / WARM_UP_STEPS) * (0.5 + 0.5 * float(np.cos(np.pi * min(1.0, progress)))) + 0.002


def _average(average: dict[str, Tensor], network: Network, step: int) -> None:
    decay = min(AVERAGE_DECAY, (step + 1) / (step + 10))
    for key, value in network.state_dict().items():
        if value.is_floating_point():
            average[key].mul_(decay).add_(value, alpha=1 - decay)
        else:
            average[key].copy_(value)


def _take_in(pool: Pool, known: set[Path]) -> None:
    """Load the training examples that have come into the cache since the last call."""
    paths = sorted(path for path in features.FOLDER.glob("??????.npz") if int(path.stem) < FIRST_VALIDATION_CLIP)
    for path in paths:
        if path not in known:
            pool.add(features.load(path))
            known.add(path)


def train(
    name: str,
    steps: int,
    *,
    minutes: float | None = None,
    seed: int = 1,
    start_from: str = "",
    rate: float = LEARNING_RATE,
) -> None:
    """Run (or go on) until `steps`, or `minutes` if sooner; `start_from` names a run whose average to begin with."""
    torch.manual_seed(seed)
    pool = Pool()
    known: set[Path] = set()
    _take_in(pool, known)
    network = Network().to(memory_format=torch.channels_last)
    if start_from:
        network.load_state_dict(torch.load(checkpoint_path(start_from), weights_only=True)["average"])
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=1e-3, betas=(0.9, 0.98))
    average = {key: value.clone() for key, value in network.state_dict().items()}
    first = 0
    CHECKPOINTS.mkdir(parents=True, exist_ok=True)
    if checkpoint_path(name).exists():
        stored = torch.load(checkpoint_path(name), weights_only=True)
        network.load_state_dict(stored["network"])
        optimiser.load_state_dict(stored["optimiser"])
        average, first = stored["average"], stored["step"]
    print(f"{len(pool.examples)} clips, {parameter_count(network)} parameters, from step {first}", flush=True)

    drawer = Drawer(pool, BATCH_SIZE, FRAME_COUNT, seed + first)
    started, sums = time.monotonic(), {}
    network.train()
    for step in range(first, steps):
        spent = (time.monotonic() - started) / 60 / minutes if minutes else 0.0
        for group in optimiser.param_groups:
            group["lr"] = rate * _rate(step, max(step / steps, spent))
        batch = drawer.next()
        with torch.autocast("cpu", torch.bfloat16):
            logits = network(batch.frames)
        parts = losses(logits.float(), batch)
        optimiser.zero_grad()
        sum(parts.values(), torch.zeros(())).backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 3.0)
        optimiser.step()
        _average(average, network, step)
        for key, value in parts.items():
            sums[key] = sums.get(key, 0.0) + float(value.detach())
        if (step + 1) % 50 == 0:
            means = "  ".join(f"{key} {value / 50:.3f}" for key, value in sums.items())
            print(f"{step + 1}  {time.monotonic() - started:.0f} s  {len(pool.examples)} clips  {means}", flush=True)
            sums = {}
            _take_in(pool, known)
        if (step + 1) % CHECKPOINT_STEPS == 0 or step + 1 == steps or spent >= 1:
            state = {"network": network.state_dict(), "optimiser": optimiser.state_dict(), "average": average}
            partial = checkpoint_path(name).with_suffix(".part")
            torch.save({**state, "step": step + 1}, partial)
            partial.replace(checkpoint_path(name))
        if spent >= 1:
            break


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--name", default="linnet-2")
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--minutes", type=float, default=None, help="end sooner, with the schedule drawn together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start-from", default="")
    parser.add_argument("--rate", type=float, default=LEARNING_RATE, help="largest learning rate")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    train(
        options.name,
        options.steps,
        minutes=options.minutes,
        seed=options.seed,
        start_from=options.start_from,
        rate=options.rate,
    )


if __name__ == "__main__":
    main()
