# SPDX-License-Identifier: Apache-2.0
"""Principal components of blurred hearts: what the autoencoder's latent is led to.

Trained end to end from the start, encoder and decoder agree on a latent that is the same for all
hearts. With this target the encoder has something to learn at once (the components of the clean
heart behind a corrupted one), and the decoder a latent that means something.
"""
import torch

POOLED, SIGMA = 16, 2.0  # places per axis, blur in voxels
FIRST_STD = 3.0  # of the first component
FLATTEN = 0.5  # spread of a component: its own to this power, so that small ones count, too


def pool_matrix(side):
    """Gaussian means at evenly spread places of an axis [POOLED, side]."""
    place = (torch.arange(POOLED) + 0.5) * (side / POOLED) - 0.5
    m = torch.exp(-0.5 * ((place[:, None] - torch.arange(side)) / SIGMA) ** 2)
    return m / m.sum(1, keepdim=True)


def features(labels):
    """Labels u8 [B, V, V, V] -> blurred occupancies of the five structures, flat."""
    m = pool_matrix(labels.shape[-1])
    classes = torch.arange(1, 6, dtype=torch.uint8).view(1, -1, 1, 1, 1)
    q = (labels.unsqueeze(1) == classes).float() @ m.t()
    q = m @ q
    return (m @ q.flatten(3)).flatten(1)


class LinearLatent:
    """z = basis (features - mean), [B, dz]."""

    def __init__(self, mean, basis):
        self.mean, self.basis = mean, basis

    @classmethod
    def fit(cls, x, dz):
        """x: features of many hearts [n, F], n > dz."""
        mean = x.mean(0)
        x = x - mean
        value, vector = torch.linalg.eigh(x @ x.t() / len(x))
        value, vector = value[-dz:].flip(0), vector[:, -dz:].flip(1)
        direction = (vector.t() @ x) / (value * len(x)).sqrt().unsqueeze(1)
        scale = FIRST_STD * (value / value[0]) ** (FLATTEN / 2) / value.sqrt()
        return cls(mean, direction * scale.unsqueeze(1))

    def __call__(self, labels):
        return (features(labels) - self.mean) @ self.basis.t()
