# SPDX-License-Identifier: Apache-2.0
"""Template bank and selector: K labelled hearts with their latents, and the rule that picks one."""
import torch
from torch import nn

SIGMA, RADIUS, FLOOR = 1.5, 5, 1e-3  # blur of the prior, voxels; added before its logarithm


def blur_matrix(side, sigma, radius):
    """Gaussian along an axis, normalised kernel, zeros outside [side, side]."""
    i = torch.arange(side, dtype=torch.float64)
    far = (i[:, None] - i).abs()
    kernel = torch.where(far <= radius, torch.exp(-0.5 * (far / sigma) ** 2), 0.0)
    total = torch.exp(-0.5 * (torch.arange(-radius, radius + 1).double() / sigma) ** 2).sum()
    return (kernel / total).float()


def one_hot(labels, classes):
    """u8 [B, V, V, V] -> float [B, N, V, V, V]."""
    numbers = torch.arange(classes, dtype=torch.uint8, device=labels.device).view(1, -1, 1, 1, 1)
    return (labels.unsqueeze(1) == numbers).float()


class Templates(nn.Module):
    def __init__(self, config, features):
        """features: length of the pooled view features, for input "pictures"."""
        super().__init__()
        ts, v, dz = config["ts"], config["volume"], config["ae"]["latent"]
        self.register_buffer("labels", torch.zeros(ts["k"], v, v, v, dtype=torch.uint8))
        self.register_buffer("latent", torch.zeros(ts["k"], dz))
        self.register_buffer("std", torch.ones(dz))
        if ts["input"] == "pictures":
            self.add_module("from", nn.Linear(features, dz))
        self.classes, self.mode = len(config["classes"]), ts["mode"]
        self.register_buffer("blur", blur_matrix(v, SIGMA, RADIUS), persistent=False)

    def nearest(self, z):
        """Template of the latents z [B, dz] -> [B]; the first of equals."""
        far = ((z.unsqueeze(1) - self.latent) / self.std).square().sum(-1)
        return far.argmin(1)

    def pick(self, z, ae=None):
        """By latent distance, or in mode t_branch by the autoencoder's own mixture weights."""
        return self.nearest(z) if self.mode == "latent_nn" else ae.t.weights(z).argmax(1)

    def from_pictures(self, features):
        """View features after the spacing update [B, nv, dI, S] -> z [B, dz]."""
        return getattr(self, "from")(features.float().mean(-1).flatten(1))

    def volume(self, k):
        """2 T - 1 of the templates k [B] -> [B, N, V, V, V]."""
        return 2 * one_hot(self.labels[k], self.classes) - 1

    def prior(self, k):
        """ln (blurred T + 1e-3) [B, N, V, V, V], to be added to the coarse logits."""
        m = self.blur
        q = one_hot(self.labels[k], self.classes)[:, 1:] @ m.t()
        q = m @ q
        q = (m @ q.flatten(3)).view_as(q)
        return (torch.cat([1 - q.sum(1, keepdim=True), q], 1) + FLOOR).log()
