# SPDX-License-Identifier: Apache-2.0
"""Shape prior: the pictures choose a heart within the linear space of the training hearts.

Principal modes of the one-hot training hearts on a coarse grid; their amounts are a small network
of the view features. Where each feature of a picture says a little about every voxel, this learns
in minutes what a transformer over patches of the cube takes hours to learn; that one then adds to
its logarithm what modes cannot say.
"""
import torch
from torch import nn
from torch.nn import functional as F


class Shape(nn.Module):
    """View features [B, nv, dI, S] -> probabilities [B, N, V, V, V] that do not quite add up to 1."""

    def __init__(self, config, positions, width):
        super().__init__()
        shape, n = config["shape"], len(config["classes"])
        self.side, self.volume, self.modes = shape["side"], config["volume"], shape["modes"]
        flat = len(config["views"]) * shape["reduce"] * positions
        self.reduce = nn.Linear(width, shape["reduce"])
        self.fc1 = nn.Linear(flat, shape["hidden"])
        self.fc2 = nn.Linear(shape["hidden"], shape["hidden"])
        self.fc3 = nn.Linear(shape["hidden"], shape["modes"])
        self.skip = nn.Linear(flat, shape["modes"], bias=False)
        self.register_buffer("basis", torch.zeros(n * self.side**3, shape["modes"]))
        self.register_buffer("mean", torch.zeros(n * self.side**3))
        nn.init.zeros_(self.fc3.weight)
        nn.init.zeros_(self.skip.weight)

    def amounts(self, features):
        """Modes [B, K], in units of basis."""
        x = self.reduce(features.transpose(2, 3)).transpose(2, 3).float()
        x = F.gelu(x.flatten(1))  # view, channel, position
        x = F.dropout(x, 0.1, self.training)
        h = F.gelu(self.fc2(F.gelu(self.fc1(x))))
        return (self.fc3(h) + self.skip(x)).float()

    def coarse_field(self, amounts):
        """[B, N, side, side, side], not below 0."""
        field = F.linear(amounts, self.basis, self.mean).relu()
        return field.view(len(amounts), -1, *[self.side] * 3)

    def volume_of(self, amounts):
        return F.interpolate(self.coarse_field(amounts), size=self.volume, mode="trilinear",
                             align_corners=True)

    def forward(self, features):
        return self.volume_of(self.amounts(features))


def reduction(volume, side):
    """[side, volume]: a mean of 3, then linear interpolation on a coarser grid with equal corners."""
    at = torch.arange(volume)
    near = ((at[:, None] - at).abs() <= 1).float()
    smooth = near / near.sum(1, keepdim=True)
    place = torch.arange(side) * (volume - 1) / (side - 1)
    return (1 - (place[:, None] - at).abs()).clamp(min=0) @ smooth


def coarse_fields(labels, classes, side):
    """What the modes describe: one-hot labels [B, V, V, V] smoothed on a coarser grid."""
    onehot = torch.zeros(len(labels), classes, *labels.shape[1:])
    onehot.scatter_(1, labels.long().unsqueeze(1), 1)
    m = reduction(labels.shape[-1], side)
    return torch.einsum("bnzyx,az,cy,dx->bnacd", onehot, m, m, m)
