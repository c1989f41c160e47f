# SPDX-License-Identifier: Apache-2.0
"""Supervision on the way: small heads that exist while training only.

They tell the encoder which structure each cell of a picture shows, the condition what each token
of the cube holds, and the pooled vector how large the chambers are. Without them the encoder has
to find all that through the Dice of the final volume alone, which took several times as long.
"""
import torch
from torch import nn
from torch.nn import functional as F

import parallel


def cell_fractions(slices, cells):
    """Part of every structure in each cell: slices u8 [n, H, W] -> [n, cells^2, 6]."""
    label, size = slices & 7, slices.shape[-1] // cells
    parts = [F.avg_pool2d((label == c).float().unsqueeze(1), size) for c in range(1, 6)]
    some = torch.cat(parts, 1)
    return torch.cat([1 - some.sum(1, keepdim=True), some], 1).flatten(2).transpose(1, 2)


def row_fractions(labels):
    """The same of token rows, i64 [B, K, p^3] -> [B, K, 6]."""
    return torch.stack([(labels == c).float().mean(-1) for c in range(6)], -1)


def soft_entropy(logits, target):
    return -(target * logits.float().log_softmax(-1)).sum(-1)


class Helpers(nn.Module):
    def __init__(self, d_i, dim, classes=6):
        super().__init__()
        self.cells = nn.Linear(d_i, classes)
        self.tokens = nn.Linear(dim, classes)
        self.sizes = nn.Linear(dim, classes - 1)

    def forward(self, cond, pooled, rows):
        """cond [B, K, D]; pooled [B, D]; labels of the same tokens, rows i64 [B, K, p^3]."""
        held = row_fractions(rows)
        tokens = soft_entropy(self.tokens(cond), held).mean()
        size = held[..., 1:].sum(1).clamp(min=0.1).log()
        return tokens + F.smooth_l1_loss(self.sizes(pooled).float(), size)

    def cells_off(self, raw, slices, present):
        """raw [B, nv, d_I, S]; slices [B, nv, H, W]; present [B, nv]."""
        side = round(raw.shape[-1] ** 0.5)
        seen = cell_fractions(slices.flatten(0, 1), side).unflatten(0, present.shape)
        cells = soft_entropy(self.cells(raw.transpose(2, 3)), seen).mean(-1)
        return (cells * present).sum() / parallel.mean(present.sum())
