# SPDX-License-Identifier: Apache-2.0
"""Shape prior: the pictures choose a heart within the linear space of the training hearts.

First the encoder says which structure each cell of a picture shows, then a small network turns
these maps into the amounts of principal modes of the one-hot training hearts on a coarse grid. As
nothing but the maps reaches that network, it also learns from label slices, of which there is no
end, and has no grain of a picture to learn by heart.
"""
import torch
from torch import nn
from torch.nn import functional as F

P_DROP = 0.3
NOISE = 0.05  # standard deviation, in training, of what is added to components


class Segment(nn.Module):
    """Maps of the five structures from the encoder's last two stages, on the finer one's grid.

    Scores of both are added (FCN, Long 2015). A map is tanh (l), so 2 l is the logit of the part of
    the cell that the structure fills, and 0.5 (1 + map) that part.
    """

    def __init__(self, fine, deep, hidden, structures):
        super().__init__()
        self.fine = nn.Conv2d(fine, hidden, 1, bias=False)
        self.bn = nn.BatchNorm2d(hidden)
        self.deep = nn.Conv2d(deep, hidden, 1)
        self.out = nn.Conv2d(hidden, structures, 3, padding=1)

    def forward(self, fine, deep):
        """Features [n, C, 2 s, 2 s] and [n, 2 C, s, s] -> l [n, 5, 2 s, 2 s]."""
        up = F.interpolate(self.deep(deep).float(), scale_factor=2.0, mode="bilinear",
                           align_corners=True)
        return self.out(F.relu(self.bn(self.fine(fine)).float() + up)).float()


class Shape(nn.Module):
    """Maps [B, nv, 5, 2 s, 2 s] -> probabilities [B, N, V, V, V] that do not quite add up to 1.

    The maps' own principal components come first and stay as they are (shape_modes.py): they leave
    little room to learn single hearts by heart.
    """

    def __init__(self, config, side):
        """side: s, of the encoder's last features."""
        super().__init__()
        shape, n, nv = config["shape"], len(config["classes"]), len(config["views"])
        self.side, self.volume, self.modes = shape["side"], config["volume"], shape["modes"]
        components, hidden = shape["components"], shape["hidden"]
        self.project = nn.Linear(nv * (n - 1) * 4 * side**2, components).requires_grad_(False)
        self.fc1 = nn.Linear(components, hidden)
        self.fc2 = nn.Linear(hidden, hidden)
        self.fc3 = nn.Linear(hidden, shape["modes"])
        self.skip = nn.Linear(components, shape["modes"], bias=False)
        self.register_buffer("basis", torch.zeros(n * self.side**3, shape["modes"]))
        self.register_buffer("mean", torch.zeros(n * self.side**3))
        self.forget()

    def forget(self):
        """A head that says the mean heart whatever it sees."""
        for layer in (self.fc1, self.fc2, self.fc3):
            layer.reset_parameters()
        for still in (self.fc3.weight, self.fc3.bias, self.skip.weight):
            nn.init.zeros_(still)

    def components(self, maps):
        return self.project(maps.flatten(1)).float()

    def amounts_of(self, components):
        """Modes [B, K], in units of basis."""
        if self.training:
            components = components + NOISE * torch.randn_like(components)
        h = F.dropout(F.gelu(self.fc1(components).float()), P_DROP, self.training)
        h = F.dropout(F.gelu(self.fc2(h).float()), P_DROP, self.training)
        return (self.fc3(h) + self.skip(components)).float()

    def amounts(self, maps):
        return self.amounts_of(self.components(maps))

    def coarse_field(self, amounts):
        """[B, N, side, side, side], not below 0."""
        field = F.linear(amounts, self.basis, self.mean).float().relu()
        return field.view(len(amounts), -1, *[self.side] * 3)

    def volume_of(self, amounts):
        return F.interpolate(self.coarse_field(amounts), size=self.volume, mode="trilinear",
                             align_corners=True)

    def forward(self, maps):
        return self.volume_of(self.amounts(maps))


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
