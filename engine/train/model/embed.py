# SPDX-License-Identifier: Apache-2.0
"""Patch embedding, positional encoding, time embedding (DiT-3D)."""
import math

import torch
from torch import nn
from torch.nn import functional as F


def patchify(volume, patch):
    """[B, N, V, V, V] -> [B, L, N p^3]; a row is ordered (class, dz, dy, dx), x fastest in L."""
    b, n, v = volume.shape[:3]
    g = v // patch
    x = volume.reshape(b, n, g, patch, g, patch, g, patch)
    return x.permute(0, 2, 4, 6, 1, 3, 5, 7).reshape(b, g**3, n * patch**3)


def unpatchify(tokens, patch, classes):
    """[B, L, p^3 N], class fastest in a token -> [B, N, V, V, V]."""
    b, length = tokens.shape[:2]
    g = round(length ** (1 / 3))
    x = tokens.reshape(b, g, g, g, patch, patch, patch, classes)
    x = x.permute(0, 7, 1, 4, 2, 5, 3, 6)
    return x.reshape(b, classes, g * patch, g * patch, g * patch)


class PatchEmbed(nn.Module):
    """A convolution with kernel = stride = patch, done as one matrix product."""

    def __init__(self, classes, dim, patch):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(dim, classes, patch, patch, patch))
        self.bias = nn.Parameter(torch.zeros(dim))
        nn.init.xavier_uniform_(self.weight.view(dim, -1))
        self.patch = patch

    def rows(self, rows):
        """Rows as patchify() orders them."""
        return F.linear(rows, self.weight.flatten(1), self.bias)

    def forward(self, volume):
        return self.rows(patchify(volume, self.patch))


def position_encoding(dim, grid):
    """Fixed sine-cosine code [grid^3, dim]: a third of the channels per axis, order z, y, x."""
    h = dim // 6
    omega = 10000.0 ** (-torch.arange(h, dtype=torch.float64) / h)
    angle = torch.arange(grid, dtype=torch.float64)[:, None] * omega
    axis = torch.cat([angle.sin(), angle.cos()], 1)
    shape = (grid, grid, grid, 2 * h)
    parts = [axis[:, None, None].expand(shape), axis[None, :, None].expand(shape),
             axis[None, None, :].expand(shape)]
    return torch.cat(parts, -1).reshape(grid**3, dim).float()


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
