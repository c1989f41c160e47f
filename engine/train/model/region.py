# SPDX-License-Identifier: Apache-2.0
"""Volumes cut into the patches of the coarse stage, of which a pass may keep some.

Half of the cube is background in every heart, and a training pass may leave it out. A cut volume
is [B, N, K, p, p, p]: K patches, x fastest among them. Each branch of the refinement halves them
along its axis, so that it has two tokens a patch, side by side.
"""
import torch

from .embed import position_encoding

AXES = {"x": 2, "y": 1, "z": 0}


def branch_patch(branch, patch):
    """(pz, py, px): half as long along the branch's axis."""
    return tuple(patch // 2 if AXES[branch] == axis else patch for axis in range(3))


def cut(volume, patch, keep=None):
    """[B, N, V, V, V] -> [B, N, K, p, p, p]: patches keep [K], by default all."""
    g = volume.shape[-1] // patch
    v = volume.unflatten(4, (g, patch)).unflatten(3, (g, patch)).unflatten(2, (g, patch))
    v = v.permute(0, 1, 2, 4, 6, 3, 5, 7).flatten(2, 4)
    return v if keep is None else v[:, :, keep]


def join(patches, grid, keep=None):
    """The inverse; grid: patches along an axis. What is left out becomes background."""
    if keep is not None:
        b, n, _, *p = patches.shape
        whole = patches.new_zeros(b, n, grid**3, *p)
        whole[:, 0] = 1
        whole[:, :, keep] = patches
        patches = whole
    v = patches.unflatten(2, (grid,) * 3).permute(0, 1, 2, 5, 3, 6, 4, 7)
    return v.flatten(6, 7).flatten(4, 5).flatten(2, 3)


def half_rows(patches, branch):
    """[B, N, K, p, p, p] -> rows of the branch's tokens [B, 2 K, N pz py px]."""
    axis = 3 + AXES[branch]
    halves = patches.unflatten(axis, (2, patches.shape[axis] // 2)).movedim(axis, 3)
    return halves.permute(0, 2, 3, 1, 4, 5, 6).flatten(3).flatten(1, 2)


def from_tokens(tokens, branch, patch, classes):
    """Answers of the branch's tokens [B, 2 K, pz py px N], class fastest -> [B, N, K, p, p, p]."""
    halves = tokens.unflatten(2, (*branch_patch(branch, patch), classes)).unflatten(1, (-1, 2))
    axis = 3 + AXES[branch]
    return halves.permute(0, 6, 1, 2, 3, 4, 5).movedim(3, axis).flatten(axis, axis + 1)


def encoding(branch, dim, grid, patch):
    """Positional encoding of the branch's tokens [grid^3, 2, dim]."""
    axis = AXES[branch]
    scale = [p / patch for p in branch_patch(branch, patch)]
    tokens = [2 * grid if a == axis else grid for a in range(3)]
    pe = position_encoding(dim, tokens, scale).view(*tokens, dim)
    return pe.unflatten(axis, (grid, 2)).movedim(axis + 1, 3).flatten(0, 2)
