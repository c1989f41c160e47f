# SPDX-License-Identifier: Apache-2.0
"""Start values of fusion and pooled vector from what the encoder puts out.

Features after a ReLU are a large constant plus little that differs between hearts; layers that
start from the plain features find a constant answer (the mean heart) and stay there. The first
layers of both ways are therefore set so that they see standardised (fusion) and whitened (pooled)
features. The network itself stays as it is.
"""
import torch
from torch import nn

COMPONENTS = 64  # of the pooled features that are kept; the rest is noise in so few samples


def linear_on(layer, project, mean):
    """Random weights on project (x - mean), written as weights on x."""
    rows, k = layer.weight.shape[0], project.shape[0]
    weight = torch.randn(rows, k) / k**0.5 @ project
    layer.weight.copy_(weight.view_as(layer.weight))
    layer.bias.copy_(-weight @ mean)


@torch.no_grad()
def standardise(model, features):
    """features [n, nv, d_I, S] after the spacing update, of a few hundred training samples."""
    fuse, pooled = model.fuse, getattr(model, "global")
    flat = features.flatten(1, 2)
    mean, sd = flat.mean((0, 2)), flat.std((0, 2)).clamp(min=1e-3)
    for m in fuse.modules():
        if isinstance(m, (nn.Linear, nn.Conv1d)):
            nn.init.xavier_uniform_(m.weight)
            nn.init.zeros_(m.bias)
        elif isinstance(m, (nn.GroupNorm, nn.LayerNorm)):
            m.reset_parameters()
    linear_on(getattr(fuse, "in"), torch.diag(1 / sd), mean)

    vectors = flat.mean(2)
    mean = vectors.mean(0)
    values, axes = torch.linalg.eigh(torch.cov(vectors.T).double())
    keep = min(COMPONENTS, len(vectors) // 4)
    whiten = (axes[:, -keep:] / values[-keep:].clamp(min=1e-10).sqrt()).T.float()
    linear_on(pooled.fc1, whiten, mean)
    nn.init.normal_(pooled.fc2.weight, std=pooled.fc2.weight.shape[1] ** -0.5)
    nn.init.zeros_(pooled.fc2.bias)
