# SPDX-License-Identifier: Apache-2.0
"""Shards for tests, in the format of shard.h."""
import os

import numpy as np


def heart(rng):
    """Labels of five ellipsoids, u8 [64, 64, 64]."""
    z, y, x = np.mgrid[:64, :64, :64]
    labels = np.zeros((64,) * 3, np.uint8)
    for c, at in enumerate(((26, 32, 36), (26, 32, 36), (44, 32, 40), (28, 30, 18), (44, 30, 22)), 1):
        at, radius = at + rng.uniform(-3, 3, 3), rng.uniform(6, 10, 3) + 4 * (c == 1)
        far = sum(((a - b) / r) ** 2 for a, b, r in zip((z, y, x), at, radius))
        labels[far < 1] = c
    return labels


def write_shard(folder, n, seed):
    """n hearts with three slices each and pictures that show them; the format of shard.h."""
    rng = np.random.default_rng(seed)
    labels = np.stack([heart(rng) for _ in range(n)])
    wide = np.arange(224) * 64 // 224
    slices = np.stack([np.stack([h[:, 32], h[32], h[:, :, 32]])[:, wide][:, :, wide] for h in labels])
    images = slices * 40 + rng.integers(1, 30, slices.shape)
    spacing = rng.uniform(0.5, 1, (n, 3, 2))
    os.makedirs(folder)
    for name, array, kind in (("images.u8", images, np.uint8), ("slices.u8", slices + 8, np.uint8),
                              ("spacing.f32", spacing, np.float32), ("labels.u8", labels, np.uint8)):
        array.astype(kind).tofile(os.path.join(folder, name))
    with open(os.path.join(folder, "meta.csv"), "w") as file:
        file.write("heart,seed,set,phase\n" + "".join(f"h,{i // 2},0,{'ED,ES'[i % 2 * 3:][:2]}\n"
                                                      for i in range(n)))
