"""The loss: focal cross-entropy per plane, on the rows that had enough past to know."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from models.batches import Batch
from models.network import DELAY_FRAMES

WARM_UP_FRAMES = 12
WEIGHTS = {"onset": 1.0, "note": 1.0, "offset": 0.3, "velocity": 0.1, "contour": 0.3}
POSITIVE_WEIGHTS = {"onset": 0.5, "note": 1.0, "offset": 1.0, "contour": 1.0}


def focal(logits: Tensor, target: Tensor, positive_weight: float) -> Tensor:
    """Cross-entropy weighed by |p - target| (focal loss, Lin et al. 2017, gamma 1, for soft targets)."""
    loss = functional.binary_cross_entropy_with_logits(logits, target, reduction="none")
    wrong = (torch.sigmoid(logits) - target).abs()
    return (wrong * loss * (1 + (positive_weight - 1) * target)).sum() / (logits.shape[0] * logits.shape[1])


def losses(logits: Tensor, batch: Batch) -> dict[str, Tensor]:
    """Weighted loss per plane; `logits` [B, 7, T, 88] as the network gives them, DELAY_FRAMES late."""
    late = logits[:, :, DELAY_FRAMES + WARM_UP_FRAMES :]
    span = slice(WARM_UP_FRAMES, batch.frames.shape[1] - DELAY_FRAMES)
    parts = {
        name: focal(late[:, channel], getattr(batch, name)[:, span], POSITIVE_WEIGHTS[name])
        for channel, name in enumerate(("onset", "note", "offset"))
    }
    contour = late[:, 4:].permute(0, 2, 3, 1).flatten(2)
    parts["contour"] = focal(contour, batch.contour[:, span], POSITIVE_WEIGHTS["contour"])
    velocity = batch.velocity[:, span]
    known = velocity >= 0
    miss = functional.binary_cross_entropy_with_logits(late[:, 3][known], velocity[known], reduction="sum")
    parts["velocity"] = miss / (velocity.shape[0] * velocity.shape[1])
    return {name: WEIGHTS[name] * value for name, value in parts.items()}
