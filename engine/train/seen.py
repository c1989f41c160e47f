# SPDX-License-Identifier: Apache-2.0
"""What a frozen encoder sees of training samples, worked out once and kept on disk.

A run that trains only what lies behind the encoder reads these instead of pictures.
"""
import os

import numpy as np
import torch
from torch.utils.data import Dataset

import config as cfg
import parallel
from data import GRID
from model.twin import Views
from samples import start_of_noise

PART = 8  # samples that the encoder is given at once


def kinds(config):
    """name: (type, shape) of what is kept of a sample."""
    nv, structures, side = len(config["views"]), len(config["classes"]) - 1, cfg.feature_side(config)
    kept = {"features": (np.float16, (nv, cfg.feature_width(config), side**2)),
            "labels": (np.uint8, (GRID,) * 3)}
    if config["coarse"]["prior"] == "shape":
        kept["maps"] = np.float16, (nv, structures, 2 * side, 2 * side)
    return kept


def views(batch):
    """The encoder's Views of a batch of what was kept; without the features before spacing."""
    return Views(None, *(batch[name].float() if name in batch else None
                         for name in ("features", "maps")))


def arrays(folder, kept, count=None):
    """name: memory-mapped array of `count` samples to be written, or of those that are there."""
    mode, first = ("r", -1) if count is None else ("w+", count)
    return {name: np.memmap(os.path.join(folder, name), kind, mode,
                            shape=None if count is None else (count, *shape)).reshape(first, *shape)
            for name, (kind, shape) in kept.items()}


class Seen(Dataset):
    """Features after the spacing update, maps as logits, and labels."""

    def __init__(self, folder, kept, seed):
        self.seed, self.arrays = seed, arrays(folder, kept)
        self.count = len(self.arrays["labels"])

    def __getitem__(self, place):
        with parallel.seeded(self.seed, *place):
            row = int(torch.randint(0, self.count, ()))
            one = {name: torch.from_numpy(array[row].copy()) for name, array in self.arrays.items()}
            return {**one, **start_of_noise()}


@torch.no_grad()
def collect(folder, kept, model, samples, count, autocast):
    """Writes what model sees of the first `count` samples; leaves no half folder under its name."""
    part = folder + ".part"
    os.makedirs(part, exist_ok=True)
    out = arrays(part, kept, count)
    device = next(model.parameters()).device
    model.eval()
    for first in range(0, count, PART):
        rows = range(first, min(first + PART, count))
        batch = [samples[0, row] for row in rows]
        x = (torch.stack([one[name] for one in batch]).to(device)
             for name in ("images", "spacing", "present"))
        with autocast():
            found = model.view_features(*x)._asdict()
        found["labels"] = torch.stack([one["labels"] for one in batch])
        for name, array in out.items():
            array[rows.start:rows.stop] = found[name].cpu().numpy()
    os.rename(part, folder)
