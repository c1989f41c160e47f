# SPDX-License-Identifier: Apache-2.0
"""Principal modes of the training hearts, for the shape prior (model/shape.py)."""
import numpy as np
import torch

from model.shape import coarse_fields

UNIT = 8.0  # of amounts: the first modes vary by one or two units
FIRST = 3.0  # standard deviation of the first component of maps
CHUNK = 16384


def spread_hearts(shards, limit):
    """Labels u8 [n, V, V, V] of up to limit samples, one set of pictures of each heart and phase."""
    first = [(s, r) for s, r in shards.index if s.meta[r]["set"] == "0"]
    return [s.labels[r] for s, r in first[::max(1, len(first) // limit)]]


def leading(products, n):
    """(n largest eigenvalues, their eigenvectors) of a symmetric matrix."""
    values, vectors = torch.linalg.eigh(products.double())  # LAPACK refuses large ones in f32
    return values.flip(0)[:n].float(), vectors.flip(1)[:, :n].float()


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
    values, vectors = leading(products, n_modes)
    basis = torch.cat([(fields[:, p].float() - mean[p]).T @ vectors for p in parts])
    return basis / values.sqrt() * UNIT, mean


def modes_of(shape, labels):
    """Amounts [B, K] that describe labels [B, V, V, V] best."""
    fields = coarse_fields(labels, len(shape.mean) // shape.side**3, shape.side).flatten(1)
    return (fields - shape.mean) @ shape.basis / UNIT**2


@torch.no_grad()
def set_components(shape, maps):
    """Principal components of maps [n, nv, 5, 2 s, 2 s] become those that shape looks at."""
    rows = maps.flatten(1)
    mean = rows.mean(0)
    rows = rows - mean
    values, vectors = leading(rows @ rows.t(), len(shape.project.bias))
    directions = vectors.t() @ rows / values.sqrt().unsqueeze(1)
    unit = FIRST / (values[0] / len(rows)).sqrt()
    shape.project.weight.copy_(unit * directions)
    shape.project.bias.copy_(-unit * directions @ mean)


@torch.no_grad()
def carry_over(shape, arrays):
    """Takes the last layers of a head from arrays, a weight file's tensors, where it spoke of other
    modes: each of those as the present ones describe it."""
    old = {name: torch.from_numpy(np.array(arrays[f"shape.{name}"], dtype=np.float32))
           for name in ("basis", "mean", "fc3.weight", "fc3.bias", "skip.weight")}
    change = shape.basis.t() @ old["basis"] / UNIT**2
    shape.fc3.weight.copy_(change @ old["fc3.weight"])
    shape.fc3.bias.copy_(change @ old["fc3.bias"] +
                         shape.basis.t() @ (old["mean"] - shape.mean) / UNIT**2)
    shape.skip.weight.copy_(change @ old["skip.weight"])


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
