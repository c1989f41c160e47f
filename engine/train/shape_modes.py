# SPDX-License-Identifier: Apache-2.0
"""Principal modes of the training hearts, for the shape prior (model/shape.py)."""
import numpy as np
import torch

from model.shape import coarse_fields

UNIT = 8.0  # of amounts: the first modes vary by one or two units
CHUNK = 16384


def spread_hearts(shards, limit):
    """Labels u8 [n, V, V, V] of up to limit samples, one set of pictures of each heart and phase."""
    first = [(s, r) for s, r in shards.index if s.meta[r]["set"] == "0"]
    return [s.labels[r] for s, r in first[::max(1, len(first) // limit)]]


def principal_modes(shards, classes, side, n_modes, limit=2400):
    """(basis [classes * side^3, n_modes], mean [classes * side^3]): field = basis amounts + mean.

    By the eigenvectors of the hearts' own products, as there are fewer hearts than numbers in one.
    """
    hearts = spread_hearts(shards, limit)
    fields = torch.empty(len(hearts), classes * side**3, dtype=torch.float16)
    for i in range(0, len(hearts), 10):
        labels = torch.from_numpy(np.stack(hearts[i:i + 10]))
        fields[i:i + 10] = coarse_fields(labels, classes, side).flatten(1).half()
    parts = [slice(i, i + CHUNK) for i in range(0, fields.shape[1], CHUNK)]
    mean = torch.cat([fields[:, p].float().mean(0) for p in parts])
    products = sum(x @ x.T for x in (fields[:, p].float() - mean[p] for p in parts))
    # LAPACK refuses large matrices in f32
    values, vectors = torch.linalg.eigh(products.double())
    values, vectors = values.flip(0)[:n_modes].float(), vectors.flip(1)[:, :n_modes].float()
    basis = torch.cat([(fields[:, p].float() - mean[p]).T @ vectors for p in parts])
    return basis / values.sqrt() * UNIT, mean


def modes_of(shape, labels):
    """Amounts [B, K] that describe labels [B, V, V, V] best."""
    fields = coarse_fields(labels, len(shape.mean) // shape.side**3, shape.side).flatten(1)
    return (fields - shape.mean) @ shape.basis / UNIT**2


class Stretch:
    """How the amounts of a heart change when it becomes longer along X, Y and Z.

    A field f (p) becomes f (p / s); its derivative by the logarithm of s is - p f' (p), which is
    linear in the amounts, so that they follow exp (sum of log s M) in homogeneous form.
    """

    def __init__(self, shape):
        side, k = shape.side, shape.modes
        fields = torch.cat([shape.basis, shape.mean.unsqueeze(1)], 1).t().view(k + 1, -1, *[side] * 3)
        place = torch.arange(side) - (side - 1) / 2
        self.matrices = torch.zeros(3, k + 1, k + 1)
        for axis in range(3):  # X is the last of the field's
            at = place.view(-1, *[1] * axis)
            rate = torch.cat([-at * torch.gradient(f, dim=4 - axis)[0] for f in fields.split(1)])
            self.matrices[axis, :k] = (rate.flatten(1) @ shape.basis / UNIT**2).t()

    def __call__(self, amounts, stretch):
        """Amounts [B, K] of hearts, longer by stretch [B, 3]."""
        step = torch.einsum("ba,aij->bij", stretch.log(), self.matrices)
        homogeneous = torch.cat([amounts, torch.ones(len(amounts), 1)], 1).unsqueeze(2)
        return (torch.matrix_exp(step) @ homogeneous)[:, :-1, 0]
