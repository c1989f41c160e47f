# SPDX-License-Identifier: Apache-2.0
"""Patch embedding, positional encoding, time embedding (DiT-3D)."""
import math

import torch
from torch import nn
from torch.nn import functional as F


def patchify(volume, patch):
    """[B, N, Z, Y, X] -> [B, L, N pz py px]; a row is ordered (class, dz, dy, dx), x fastest in L.

    patch: a side or (pz, py, px).
    """
    pz, py, px = sides(patch)
    b, n, z, y, x = volume.shape
    v = volume.reshape(b, n, z // pz, pz, y // py, py, x // px, px)
    return v.permute(0, 2, 4, 6, 1, 3, 5, 7).reshape(b, -1, n * pz * py * px)


def unpatchify(tokens, patch, classes, grid=None):
    """[B, L, pz py px N], class fastest in a token -> [B, N, Z, Y, X]; grid: tokens per axis."""
    pz, py, px = sides(patch)
    b, length = tokens.shape[:2]
    z, y, x = grid or [round(length ** (1 / 3))] * 3
    v = tokens.reshape(b, z, y, x, pz, py, px, classes)
    return v.permute(0, 7, 1, 4, 2, 5, 3, 6).reshape(b, classes, z * pz, y * py, x * px)


def sides(patch):
    return (patch,) * 3 if isinstance(patch, int) else patch


class PatchEmbed(nn.Module):
    """A convolution with kernel = stride = patch, done as one matrix product."""

    def __init__(self, classes, dim, patch):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(dim, classes, *sides(patch)))
        self.bias = nn.Parameter(torch.zeros(dim))
        nn.init.xavier_uniform_(self.weight.view(dim, -1))
        self.patch = patch

    def rows(self, rows):
        """Rows as patchify() orders them."""
        return F.linear(rows, self.weight.flatten(1), self.bias)

    def forward(self, volume):
        return self.rows(patchify(volume, self.patch))


def position_encoding(dim, grid, scale=(1, 1, 1)):
    """Fixed sine-cosine code [tokens, dim]: a third of the channels per axis, order z, y, x.

    Token i of an axis stands at (i + 1/2) scale - 1/2, so that half as long patches get the code
    of their place among whole ones.
    """
    h = dim // 6
    omega = 10000.0 ** (-torch.arange(h, dtype=torch.float64) / h)
    parts = []
    for axis, (n, k) in enumerate(zip(grid, scale)):
        place = (torch.arange(n, dtype=torch.float64) + 0.5) * k - 0.5
        angle = place[:, None] * omega
        shape = [2 * h if i == 3 else n if i == axis else 1 for i in range(4)]
        parts.append(torch.cat([angle.sin(), angle.cos()], 1).view(shape).expand(*grid, 2 * h))
    return torch.cat(parts, -1).reshape(-1, dim).float()


class TimeEmbed(nn.Module):
    def __init__(self, freq_dim, dim):
        super().__init__()
        self.fc1 = nn.Linear(freq_dim, dim)
        self.fc2 = nn.Linear(dim, dim)
        nn.init.normal_(self.fc1.weight, std=0.02)
        nn.init.normal_(self.fc2.weight, std=0.02)
        half = freq_dim // 2
        freq = torch.exp(-math.log(10000.0) * torch.arange(half, dtype=torch.float64) / half)
        self.register_buffer("freq", freq.float(), persistent=False)

    def forward(self, t):
        """t [B], whole steps of the schedule."""
        a = t.float()[:, None] * self.freq
        return self.fc2(F.silu(self.fc1(torch.cat([a.cos(), a.sin()], 1))))
