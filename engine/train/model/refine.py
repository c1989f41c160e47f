# SPDX-License-Identifier: Apache-2.0
"""Refinement: three branches of anisotropic patches that meet in two dynamic fusions."""
from collections import namedtuple

import torch
from torch import nn

from .coarse import Block, Final, zero_start
from .dynamic_fusion import fuse, fusion_weights
from .embed import PatchEmbed, patchify, unpatchify
from .region import AXES, Region, branch_patch

FLOOR = 1e-3  # added to probabilities before their logarithm

Refined = namedtuple("Refined", "first fused1 second fused2 variances weights")


class Branch(nn.Module):
    def __init__(self, config, name):
        super().__init__()
        dit, refine = config["dit"], config["refine"]
        n, dim, wide, eps = len(config["classes"]), refine["dim"], dit["dim"], dit["ln_eps"]
        self.patch = branch_patch(name, dit["patch"])
        self.embed1 = PatchEmbed(n, dim, self.patch)
        self.embed2 = PatchEmbed(n, dim, self.patch)

        def stage(depth):
            return nn.ModuleList(Block(dim, refine["heads"], dit["mlp_ratio"], eps, 0, wide)
                                 for _ in range(depth))

        def final():
            return Final(dim, n * self.patch[0] * self.patch[1] * self.patch[2], eps, wide)
        self.stage1, self.stage2 = stage(refine["n1"]), stage(refine["n2"])
        self.final1, self.final2 = final(), final()
        self.dim, self.classes = dim, n
        zero_start(self)
        nn.init.zeros_(self.embed2.weight)

    def logits(self, tokens, keep, box, residual):
        """Tokens [B, K, p^3 N] into the box; where none is kept, 0 or (not residual) background."""
        grid = [side // p for side, p in zip(box, self.patch)]
        if keep is not None:
            rows = tokens.new_zeros(len(tokens), grid[0] * grid[1] * grid[2], tokens.shape[-1])
            if not residual:
                rows[..., ::self.classes] = 10.0
            tokens = rows.index_copy(1, keep, tokens)
        return unpatchify(tokens, self.patch, self.classes, grid).float()


class Refine(nn.Module):
    """V_c (probabilities), C and the vector c -> refined probabilities and all on the way."""

    def __init__(self, config):
        super().__init__()
        for name in AXES:
            self.add_module(name, Branch(config, name))
        self.residual = config["refine"]["residual"]
        self.mid_fusion = config["refine"]["mid_fusion"]
        self.eps = config["fusion"]["eps"]
        self.whole = Region(config["volume"], config["dit"]["patch"])

    def forward(self, v_c, cond, c, region=None):
        """v_c [B, N, box of the region]; cond [B, any tokens, D]. The whole cube by default."""
        region = region or self.whole
        branches = [getattr(self, name) for name in AXES]
        keeps = [region.keep and region.keep[name].to(v_c.device) for name in AXES]
        box = v_c.shape[2:]

        def rows(volume, branch, keep):
            all_rows = patchify(2 * volume - 1, branch.patch)
            return all_rows if keep is None else all_rows[:, keep]

        def run(h, branch, keep, blocks, final, base):
            for block in blocks:
                h = block(h, cond, c)
            return h, (branch.logits(final(h, c), keep, box, self.residual) + base).softmax(1)

        def base(volume):
            return (volume + FLOOR).log() if self.residual else 0

        first, hidden, start = [], [], base(v_c)
        for name, branch, keep in zip(AXES, branches, keeps):
            pe = region.encoding(name, branch.dim).to(v_c.device)
            h = branch.embed1.rows(rows(v_c, branch, keep)).float()
            h = h + (pe if keep is None else pe[keep])
            h, v = run(h, branch, keep, branch.stage1, branch.final1, start)
            first.append(v)
            hidden.append(h)
        fused1 = fuse(first, fusion_weights(first, self.eps)[1]) if self.mid_fusion else None
        second, middle = [], base(fused1) if self.mid_fusion else None
        for h, v, branch, keep in zip(hidden, first, branches, keeps):
            if self.mid_fusion:
                h = h + branch.embed2.rows(rows(fused1, branch, keep)).float()
            start = middle if self.mid_fusion else base(v)
            second.append(run(h, branch, keep, branch.stage2, branch.final2, start)[1])
        variances, weights = fusion_weights(second, self.eps)
        return Refined(first, fused1, second, fuse(second, weights), variances, weights)
