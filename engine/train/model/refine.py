# SPDX-License-Identifier: Apache-2.0
"""Refinement: three branches of anisotropic patches that meet in two dynamic fusions."""
from collections import namedtuple

import torch
from torch import nn

from .coarse import Block, Final, zero_start
from .dynamic_fusion import fuse, fusion_weights
from .embed import PatchEmbed
from .region import AXES, branch_patch, cut, encoding, from_tokens, half_rows, join

FLOOR = 1e-3  # added to probabilities before their logarithm

Refined = namedtuple("Refined", "first fused1 second fused2 variances weights")


class Branch(nn.Module):
    def __init__(self, config, name):
        super().__init__()
        dit, refine = config["dit"], config["refine"]
        n, dim, wide, eps = len(config["classes"]), refine["dim"], dit["dim"], dit["ln_eps"]
        self.name, self.side = name, dit["patch"]
        self.grid = config["volume"] // self.side
        patch = branch_patch(name, self.side)
        self.embed1 = PatchEmbed(n, dim, patch)
        self.embed2 = PatchEmbed(n, dim, patch)

        def stage(depth):
            return nn.ModuleList(Block(dim, refine["heads"], dit["mlp_ratio"], eps, 0, wide)
                                 for _ in range(depth))

        def final():
            return Final(dim, n * patch[0] * patch[1] * patch[2], eps, wide)
        self.stage1, self.stage2 = stage(refine["n1"]), stage(refine["n2"])
        self.final1, self.final2 = final(), final()
        self.dim, self.classes = dim, n
        zero_start(self)
        nn.init.zeros_(self.embed2.weight)

    def begin(self, v_c, keep):
        """Tokens [B, 2 K, D] of the cut volume."""
        pe = encoding(self.name, self.dim, self.grid, self.side).to(v_c.device)
        pe = (pe if keep is None else pe[keep]).flatten(0, 1)
        return self.embed1.rows(half_rows(2 * v_c - 1, self.name)).float() + pe

    def run(self, h, blocks, final, cond, c, base):
        """(tokens, probabilities) after a stage; base: logarithms that its answer is added to."""
        for block in blocks:
            h = block(h, cond, c)
        logits = from_tokens(final(h, c), self.name, self.side, self.classes).float()
        return h, (logits + base).softmax(1)


class Refine(nn.Module):
    """V_c (probabilities), C and the vector c -> refined probabilities and all on the way."""

    def __init__(self, config):
        super().__init__()
        self.patch = config["dit"]["patch"]
        self.grid = config["volume"] // self.patch
        for name in AXES:
            self.add_module(name, Branch(config, name))
        self.residual = config["refine"]["residual"]
        self.mid_fusion = config["refine"]["mid_fusion"]
        self.eps = config["fusion"]["eps"]

    def forward(self, v_c, cond, c):
        """Of whole volumes [B, N, V, V, V], which all of Refined then are."""
        def whole(v):
            if isinstance(v, list):
                return [whole(one) for one in v]
            return None if v is None else join(v, self.grid)
        return Refined(*map(whole, self.some(cut(v_c, self.patch), cond, c)))

    def some(self, v_c, cond, c, keep=None):
        """Of cut volumes [B, N, K, p, p, p], patches keep [K] of the cube (region.py)."""
        def base(volume):
            return (volume + FLOOR).log() if self.residual else 0

        branches = [getattr(self, name) for name in AXES]
        first, second, hidden, start = [], [], [], base(v_c)
        for branch in branches:
            h = branch.begin(v_c, keep)
            h, v = branch.run(h, branch.stage1, branch.final1, cond, c, start)
            first.append(v)
            hidden.append(h)
        fused1 = fuse(first, self.weights(first, keep)[1]) if self.mid_fusion else None
        middle = base(fused1) if self.mid_fusion else None
        for branch, h, v in zip(branches, hidden, first):
            if self.mid_fusion:
                h = h + branch.embed2.rows(half_rows(2 * fused1 - 1, branch.name)).float()
            start = middle if self.mid_fusion else base(v)
            second.append(branch.run(h, branch.stage2, branch.final2, cond, c, start)[1])
        variances, weights = self.weights(second, keep)
        return Refined(first, fused1, second, fuse(second, weights), variances, weights)

    @torch.no_grad()
    def weights(self, volumes, keep):
        """fusion_weights() of cut volumes: the windows need neighbours."""
        whole = [join(v.detach(), self.grid, keep) for v in volumes]
        return tuple([cut(v, self.patch, keep) for v in part]
                     for part in fusion_weights(whole, self.eps))
