# SPDX-License-Identifier: Apache-2.0
"""Crumbs that fusion by local variance leaves: engine/twin/islands.h, the same in PyTorch."""
import numpy as np
import torch
from scipy import ndimage

VOXELS = 27  # islands up to this size sink


def small_parts(inside):
    """Mask of the parts (26 neighbours) of a boolean volume but the largest, up to VOXELS."""
    parts, n = ndimage.label(inside, np.ones((3, 3, 3)))
    if n < 2:
        return np.zeros(inside.shape, bool)
    sizes = np.bincount(parts.ravel())
    sizes[0] = 0
    small = sizes <= VOXELS
    small[[0, sizes.argmax()]] = False
    return small[parts]


def sink_islands(p):
    """Probabilities [B, N, V, V, V]: islands become what is likeliest there otherwise."""
    out = p.clone()
    for one, labels in zip(out, p.argmax(1).cpu().numpy()):
        for c in range(1, len(one)):
            at = torch.from_numpy(small_parts(labels == c)).to(p.device)
            one[c][at] = 0
            one[0][at & (one.sum(0) <= 0)] = 1
            one[:, at] /= one[:, at].sum(0)
    return out
