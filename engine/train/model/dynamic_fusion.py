# SPDX-License-Identifier: Apache-2.0
"""Dynamic fusion: a mean of volumes, each weighted by how flat it is around the voxel."""
import torch


def window(n):
    """[n, n]: mean of a place of an axis and its neighbours; those outside are not counted."""
    at = torch.arange(n)
    near = ((at[:, None] - at).abs() <= 1).float()
    return near / near.sum(1, keepdim=True)


def mean3(v):
    """Mean over 3 x 3 x 3 voxels of the last three axes; voxels outside are not counted."""
    v = v @ window(v.shape[-1]).to(v.device).t()
    for axis in (-2, -3):
        n = v.shape[axis]
        total = v.clone()
        total.narrow(axis, 1, n - 1).add_(v.narrow(axis, 0, n - 1))
        total.narrow(axis, 0, n - 1).add_(v.narrow(axis, 1, n - 1))
        counts = (window(n) > 0).sum(1).to(v.device)
        v = total.div_(counts.view(-1, *[1] * (-1 - axis)))
    return v


def variance(v):
    """Clamped at 0 against cancellation."""
    return (mean3(v.square()) - mean3(v).square()).clamp_(min=0)


def local_variance(v):
    """[B, N, Z, Y, X]; on the CPU one volume after the other, as these stay in its cache."""
    with torch.autocast(v.device.type, enabled=False):
        if v.device.type != "cpu":
            return variance(v)
        return torch.stack([variance(one) for one in v.flatten(0, 1)]).view_as(v)


@torch.no_grad()
def fusion_weights(volumes, eps):
    """(variances, weights that sum to 1 over the volumes), lists as the volumes."""
    variances = [local_variance(v.detach()) for v in volumes]
    raw = [1 / (s + eps) for s in variances]
    total = sum(raw)
    return variances, [w / total for w in raw]


def fuse(volumes, weights):
    """Weighted mean per class, then divided by its sum over the classes [B, N, ...].

    No gradient passes through the weights: that of 1 / variance explodes.
    """
    mean = sum(w * v for w, v in zip(weights, volumes))
    return mean / mean.sum(1, keepdim=True)


def dynamic_fusion(volumes, eps):
    """Probabilities [B, N, Z, Y, X], a list of at least two -> their fusion."""
    return fuse(volumes, fusion_weights(volumes, eps)[1])


def shares(parts):
    """Per voxel means over the structures (classes 1..N-1): list of [B, N, ...] -> [B, J, ...]."""
    return torch.stack([p[:, 1:].mean(1) for p in parts], 1)
