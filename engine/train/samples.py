# SPDX-License-Identifier: Apache-2.0
"""Training samples, drawn from the shards: the same for a seed, whichever process draws them."""
import itertools
import random

import torch
from torch.utils.data import DataLoader, Dataset

import parallel
from augment import prepare

REFRESH = 20  # steps after which new shards are looked for


def start_of_noise():
    """What the noise of a sample's passes starts from, and the time of the later one."""
    return {"window": torch.rand(2), "sign": torch.tensor(random.choice((-1.0, 1.0))),
            "t": torch.randint(100, 900, ())}


class Samples(Dataset):
    """Sample (step, i) of the batch of a step, with what its noise starts from."""

    def __init__(self, shards, image, redraw, seed, locate=None):
        """locate: turns the pictures, in place of the truth with drawn errors."""
        self.shards, self.image, self.redraw, self.seed = shards, image, redraw, seed
        self.locate, self.look = locate, REFRESH

    def __getitem__(self, place):
        step, i = place
        if step >= self.look:
            self.shards.refresh()
            self.look = step + REFRESH
        with parallel.seeded(self.seed, step, i):
            batch = self.shards.batch(self.shards.draw(1))
            x, spacing, present, slices = prepare(batch, self.image, self.redraw,
                                                  locate=self.locate)
            return {"images": x[0], "spacing": spacing[0], "present": present[0],
                    "slices": slices[0], "labels": batch["labels"][0].to(torch.uint8),
                    **start_of_noise()}


class Places:
    """This process's samples of each step from first on, without end."""

    def __init__(self, first, batch):
        self.first, self.share = first, parallel.share(batch)

    def __iter__(self):
        for step in itertools.count(self.first):
            yield [(step, i) for i in self.share]


def batches(samples, first, batch, device, workers):
    """Batches on the device for the steps from first on; workers prepare them ahead."""
    loader = DataLoader(samples, batch_sampler=Places(first, batch), num_workers=workers,
                        pin_memory=device.type == "cuda")
    for one in loader:
        yield {name: x.to(device, non_blocking=True) for name, x in one.items()}
