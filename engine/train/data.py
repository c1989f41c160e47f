# SPDX-License-Identifier: Apache-2.0
"""Shards that ut-cohort wrote, as memory-mapped arrays; new ones are found while training."""
import csv
import glob
import os
import random

import numpy as np
import torch

SIDE, GRID = 224, 64


class Shard:
    def __init__(self, folder):
        def array(name, kind, shape):
            return np.memmap(os.path.join(folder, name), kind, "r").reshape(-1, *shape)
        self.images = array("images.u8", np.uint8, (3, SIDE, SIDE))
        self.slices = array("slices.u8", np.uint8, (3, SIDE, SIDE))
        self.spacing = array("spacing.f32", np.float32, (3, 2))
        self.labels = array("labels.u8", np.uint8, (GRID,) * 3)
        with open(os.path.join(folder, "meta.csv")) as file:
            self.meta = list(csv.DictReader(file))
        self.has_images = bool(self.images[0].any())


class Shards:
    """All shards PREFIX-*; sample i of the whole is (shard, row)."""

    def __init__(self, patterns):
        self.patterns, self.shards, self.index = patterns, {}, []
        self.with_images, self.latest = [], []  # numbers
        self.refresh()

    def refresh(self):
        for pattern in self.patterns:
            for folder in sorted(glob.glob(pattern)):
                if folder in self.shards or folder.endswith(".part"):
                    continue
                shard = self.shards[folder] = Shard(folder)
                shard.pattern = pattern
                numbers = range(len(self.index), len(self.index) + len(shard.meta))
                self.index += [(shard, row) for row in range(len(shard.meta))]
                if shard.has_images:
                    self.with_images += numbers
                    self.latest += numbers if pattern == self.patterns[-1] else []

    def draw(self, n, p_images=0.85, p_latest=0.35):
        """Random sample numbers; shards with simulated pictures, and of the last pattern, first."""
        def one():
            if self.latest and random.random() < p_latest:
                return random.choice(self.latest)
            if self.with_images and random.random() < p_images:
                return random.choice(self.with_images)
            return random.randrange(len(self.index))
        return [one() for _ in range(n)]

    def __len__(self):
        return len(self.index)

    def spread(self, limit):
        """Up to limit sample numbers, evenly spread; a heart's ED and ES stay together."""
        every = max(1, -(-len(self.index) // limit))
        return [i for i in range(len(self.index)) if i // 2 % every == 0]

    def batch(self, numbers):
        """Tensors: images, slices u8 [B, 3, H, W], spacing, labels i64, has_images [B]."""
        rows = [self.index[i] for i in numbers]

        def stack(name):
            return torch.from_numpy(np.stack([getattr(s, name)[r] for s, r in rows]))
        return {"images": stack("images"), "slices": stack("slices"), "spacing": stack("spacing"),
                "labels": stack("labels").long(),
                "has_images": torch.tensor([s.has_images for s, _ in rows]),
                "meta": [s.meta[r] for s, r in rows]}

    def log_prior(self, limit=1500):
        """ln (mean one-hot labels + 1e-3), [6, 64, 64, 64], over evenly spread samples."""
        chosen = self.index[::max(1, len(self.index) // limit)]
        counts = np.zeros((6, GRID, GRID, GRID), np.int32)
        for shard, row in chosen:
            for c in range(6):
                counts[c] += shard.labels[row] == c
        return torch.from_numpy(np.log(counts / len(chosen) + 1e-3).astype(np.float32))
