# SPDX-License-Identifier: Apache-2.0
"""From view features to the condition: spacing, absent views, fusion, pooled summary."""
import torch
from torch import nn
from torch.nn import functional as F


class Space(nn.Module):
    """Adds each view's pixel spacing (as a logarithm) and, if it is absent, its own vector."""

    def __init__(self, n_views, hidden, width, optional):
        super().__init__()
        self.fc1 = nn.Linear(2, hidden)
        self.fc2 = nn.Linear(hidden, width)
        self.absent = nn.Parameter(torch.zeros(n_views, width)) if optional else None

    def forward(self, features, log_spacing, present):
        """features [B, nv, dI, S], log_spacing [B, nv, 2], present [B, nv] 0 or 1."""
        shift = self.fc2(F.silu(self.fc1(log_spacing)))
        if self.absent is not None:
            shift = shift + (1 - present).unsqueeze(-1) * self.absent
        return features + shift.unsqueeze(-1)


class FuseBlock(nn.Module):
    def __init__(self, dim, groups, eps):
        super().__init__()
        self.conv = nn.Conv1d(dim, dim, 3, padding=1)
        self.norm = nn.GroupNorm(groups, dim, eps)

    def forward(self, x):
        return x + F.gelu(self.norm(self.conv(x).float()))


class Fuse(nn.Module):
    """Features of all views [B, nv, dI, S] -> condition C [B, L, D]."""

    def __init__(self, c_in, dim, blocks, groups, gn_eps, ln_eps, positions, tokens):
        super().__init__()
        self.add_module("in", nn.Conv1d(c_in, dim, 1))
        self.in_norm = nn.GroupNorm(groups, dim, gn_eps)
        self.block = nn.ModuleList(FuseBlock(dim, groups, gn_eps) for _ in range(blocks))
        self.tok = nn.Linear(positions, tokens)
        self.out = nn.Linear(dim, dim)
        self.norm = nn.LayerNorm(dim, ln_eps)

    def forward(self, features):
        x = getattr(self, "in")(features.flatten(1, 2)).float()
        x = F.gelu(self.in_norm(x))
        for block in self.block:
            x = block(x)
        return self.norm(self.out(self.tok(x).transpose(1, 2)).float())


class Global(nn.Module):
    """Mean over positions of every view's features -> a vector beside the time embedding."""

    def __init__(self, c_in, dim):
        super().__init__()
        self.fc1 = nn.Linear(c_in, 2 * dim)
        self.fc2 = nn.Linear(2 * dim, dim)

    def forward(self, features):
        pooled = features.float().mean(-1).flatten(1)
        return self.fc2(F.gelu(self.fc1(pooled)))
