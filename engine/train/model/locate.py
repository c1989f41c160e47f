# SPDX-License-Identifier: Apache-2.0
"""Locator: where the heart lies in each picture, and how it is turned (upright.py)."""
import torch
from torch import nn
from torch.nn import functional as F

from upright import compose, grid_of, grids, sample, scale_of

from .encoder import Encoder

LOOKS = 2  # the second in the picture that the first turned upright


class Locate(nn.Module):
    def __init__(self, config):
        super().__init__()
        image, locate = config["image"], config["locate"]
        self.image, self.mean, self.std = image, image["mean"][0], image["std"][0]
        self.nv = len(config["views"])
        self.enc = Encoder(1, "resnet18", locate["width"], [1, 1, 1], 3, config["enc"]["bn_eps"])
        side = image["size"] // 16
        self.reduce = nn.Conv2d(4 * locate["width"], locate["reduce"], 1)
        self.fc1 = nn.Linear(locate["reduce"] * side**2, locate["hidden"])
        self.fc2 = nn.Linear(locate["hidden"], 4 * self.nv)

    def numbers(self, pictures):
        """Grey [B, nv, H, W] in 0..1 -> [B, nv, 4 nv]: four for each view that it may be of."""
        b = len(pictures)
        x = ((pictures.flatten(0, 1) - self.mean) / self.std).unsqueeze(1)
        x = self.enc(x.contiguous(memory_format=torch.channels_last))[0]
        x = F.gelu(self.reduce(x).float()).flatten(1)
        return self.fc2(F.gelu(self.fc1(x).float())).float().view(b, self.nv, 4 * self.nv)

    def forward(self, pictures):
        """[B, nv, 4], each as of its own view: x, y, and a direction, cosine and sine, unscaled."""
        x = self.numbers(pictures).unflatten(2, (self.nv, 4))
        return torch.stack([x[:, v, v] for v in range(self.nv)], 1)

    @staticmethod
    def frames(out):
        return torch.stack([out[..., 0], out[..., 1], torch.atan2(out[..., 3], out[..., 2])], -1)

    def find(self, pictures):
        """Frames [B, nv, 3] of pictures [B, nv, H, W]."""
        side = pictures.shape[-1]
        frames = self.frames(self(pictures))
        for _ in range(LOOKS - 1):
            turned = sample(pictures, grids(frames, 1.0, torch.zeros(self.nv), side))
            frames = compose(frames, self.frames(self(turned)))
        return frames

    def upright(self, pictures, spacing):
        """The pictures that the rest of the network sees, and their spacing."""
        grid = grid_of(self.find(pictures), self.image, pictures.shape[-1])
        return sample(pictures, grid), spacing * scale_of(self.image)
