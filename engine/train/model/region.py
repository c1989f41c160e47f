# SPDX-License-Identifier: Apache-2.0
"""The part of the cube that a pass works on: all of it, or boxes in which hearts lie.

Half of the cube is background in every heart. A training pass may leave it out: volumes are cut
to a box, and stages with tokens drop those that never hold a heart.
"""
import torch

from .embed import patchify, position_encoding

AXES = {"x": 2, "y": 1, "z": 0}


def branch_patch(branch, patch):
    """(pz, py, px): half as long along the branch's axis."""
    return tuple(patch // 2 if AXES[branch] == axis else patch for axis in range(3))


class Region:
    """inside: voxels [V, V, V] where a heart may be; without it the whole cube."""

    def __init__(self, volume, patch, inside=None):
        self.volume, self.patch = volume, patch
        g = volume // patch
        whole = inside is None
        inside = torch.ones(volume, volume, volume) if whole else inside.float()
        self.all = inside[None, None]
        tokens = patchify(self.all, patch)[0].amax(1) > 0
        at = tokens.view(g, g, g).nonzero()
        low, high = at.amin(0).tolist(), (at.amax(0) + 1).tolist()
        self.box = tuple(slice(a * patch, b * patch) for a, b in zip(low, high))
        self.coarse = tokens.nonzero().flatten()
        self.inner = tokens.view(g, g, g)[tuple(slice(a, b) for a, b in zip(low, high))]
        self.keep = None if whole else {b: self.branch_tokens(b) for b in AXES}

    def branch_tokens(self, branch):
        """Kept tokens of a branch, as places in the token grid of the box."""
        rows = patchify(self.cut(self.all), branch_patch(branch, self.patch))[0]
        return (rows.amax(1) > 0).nonzero().flatten()

    def cut(self, volume):
        """[..., V, V, V] -> the box of it."""
        return volume[(...,) + self.box]

    def encoding(self, branch, dim):
        """Positional encoding of the box's tokens of a branch [L, dim]."""
        patch = branch_patch(branch, self.patch)
        grid = [self.volume // p for p in patch]
        pe = position_encoding(dim, grid, [p / self.patch for p in patch]).view(*grid, dim)
        part = tuple(slice(s.start // p, s.stop // p) for s, p in zip(self.box, patch))
        return pe[part].reshape(-1, dim)

    def place(self, rows):
        """Probabilities of the coarse tokens self.coarse, [B, N, K p^3] -> [B, N, box].

        Tokens that are left out become background.
        """
        b, n, p = rows.shape[0], rows.shape[1], self.patch
        out = rows.new_zeros(b, n, self.inner.numel(), p**3)
        out[:, 0] = 1
        out[:, :, self.inner.flatten()] = rows.view(b, n, -1, p**3)
        z, y, x = self.inner.shape
        out = out.view(b, n, z, y, x, p, p, p).permute(0, 1, 2, 5, 3, 6, 4, 7)
        return out.reshape(b, n, z * p, y * p, x * p)
