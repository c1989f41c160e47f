# SPDX-License-Identifier: Apache-2.0
"""The denoising passes of a training step and their losses."""
import torch
from torch import nn
from torch.nn.functional import cross_entropy

import losses
import seen
from model.embed import patchify, unpatchify


LEAST = 1e-6  # added to probabilities before their logarithm


class NoisePool:
    """Normal numbers without the price of drawing them: windows of one long buffer."""

    def __init__(self, width, device, rows=12000):
        self.width = width
        self.buffer = torch.randn(rows * width).to(device)

    def draw(self, window, sign, rows):
        """[n, rows, width] of windows [n] in 0..1 and signs [n]"""
        size = rows * self.width
        starts = (window.double() * (len(self.buffer) - size)).long().tolist()
        noise = torch.stack([self.buffer[s:s + size].view(rows, -1) for s in starts])
        return noise * sign.view(-1, 1, 1)


class Passes(nn.Module):
    """Losses of a batch, as one module: processes share gradients where one is called."""

    def __init__(self, model, helpers, diffusion, noise, frozen, fp32, entropy=0.0, sharp=1.0):
        """entropy: part of cross-entropy, in place of Dice, in the losses; sharp: what logits are
        multiplied by before Dice."""
        super().__init__()
        self.entropy, self.sharp = entropy, sharp
        self.model, self.helpers = model, helpers
        self.diffusion, self.noise, self.frozen, self.fp32 = diffusion, noise, frozen, fp32

    def autocast(self, device):
        return torch.autocast(device.type, torch.bfloat16, enabled=not self.fp32)

    def forward(self, batch, keep, later):
        """Loss at the first step of the sampler, where x is pure noise, and at a later one, if so
        chosen, else None; and that of the helpers.

        The later one starts from the network's own answer, as in sampling with fresh noise,
        so that it learns to correct itself rather than to trust a true shape under noise.
        keep: the coarse tokens that take part.
        """
        model, b = self.model, len(batch["labels"])
        rows = patchify(batch["labels"].unsqueeze(1), model.coarse.patch)[:, keep].long()
        with self.autocast(keep.device):
            views = self.views(batch)
            condition = model.condition_of(views)
            helped = self.helpers(condition.tokens[:, keep], condition.pooled, rows)
            if not self.frozen:
                helped = helped + self.helpers.cells_off(views.raw, batch["slices"], batch["present"])
        step = Step(self, condition, self.by_pictures(views.features), keep, rows)
        last = torch.full((b,), self.diffusion.T - 1, device=keep.device)
        noise = self.noise.draw(batch["window"][:, 0], batch["sign"], len(keep))
        first, own = step.run(noise, last)
        if not later:
            return first, None, helped
        u = self.whole(2 * own - 1, keep)
        noise = self.noise.draw(batch["window"][:, 1], -batch["sign"], u.shape[1])
        x = self.diffusion.noised(u, batch["t"], noise)
        chosen = self.template(x, u)
        return first, step.run(x[:, keep], batch["t"], chosen)[0], helped

    def views(self, batch):
        """Of pictures, or as an earlier look kept them (seen.py)."""
        if "features" in batch:
            return seen.views(batch)
        with torch.set_grad_enabled(not self.frozen):
            return self.model.view_features(batch["images"], batch["spacing"], batch["present"])

    def whole(self, u, keep):
        """Rows of all tokens [B, L, N p^3]; background where no token took part."""
        coarse = self.model.coarse
        rows = -torch.ones(len(u), coarse.pe.shape[0], u.shape[2], device=u.device)
        rows[..., :coarse.patch**3] = 1
        rows[:, keep] = u
        return rows

    @torch.no_grad()
    def by_pictures(self, features):
        """Templates [B] where the pictures choose them, else None."""
        ts = self.model.ts
        if ts is None or self.model.config["ts"]["input"] != "pictures":
            return None
        return ts.pick(ts.from_pictures(features), self.model.ae)

    @torch.no_grad()
    def template(self, x, u):
        """Templates [B] by x_t or by the own answer, rows [B, L, N p^3]; as the sampler does."""
        model, ts = self.model, self.model.config.get("ts")
        if model.ts is None or ts["input"] == "pictures":
            return None
        n, rows = model.coarse.classes, x if ts["input"] == "x_t" else u
        volume = unpatchify(rows.unflatten(2, (n, -1)).transpose(2, 3).flatten(2),
                            model.coarse.patch, n)
        with self.autocast(x.device):
            return model.ts.pick(model.ae.encode(volume), model.ae)


class Step:
    """Denoising passes on the tokens keep of one batch."""

    def __init__(self, passes, condition, chosen, keep, rows):
        self.passes, self.model, self.condition = passes, passes.model, condition
        self.chosen, self.keep, self.rows = chosen, keep, rows

    def run(self, noisy, t, chosen=None):
        """(loss, the answer as rows [B, K, N p^3], detached) at x_t [B, K, N p^3]."""
        model, coarse, cond = self.model, self.model.coarse, self.condition.tokens
        volume, prior = self.of_template(self.chosen if chosen is None else chosen, len(noisy))
        with self.passes.autocast(noisy.device):
            c = model.time(t) + self.condition.pooled
            logits = coarse.some(noisy, self.keep, cond, c, volume, prior)
        logits = logits.float()
        loss = self.loss_of(logits, self.rows.flatten(1))
        v = logits.softmax(1).unflatten(2, (len(self.keep), *[coarse.patch] * 3))
        if model.refine is not None:
            with self.passes.autocast(noisy.device):
                refined = model.refine.some(v, cond, c, self.keep)
            loss, v = loss + self.refined_loss(refined), refined.fused2
        return loss, v.detach().transpose(1, 2).flatten(2)

    def of_template(self, k, b):
        """(2 T - 1, prior): the first template where nothing chose one; (None, prior) without."""
        model = self.model
        if model.ts is None:
            return None, self.condition.prior
        k = torch.zeros(b, dtype=torch.long, device=self.keep.device) if k is None else k
        by_template = model.config["coarse"]["prior"] == "template"
        return model.ts.volume(k), model.ts.prior(k) if by_template else self.condition.prior

    def loss_of(self, logits, labels):
        """Of logits, or logarithms of probabilities [B, N, ...]. Dice alone gains by any answer that
        is surer, though not nearer; sharp takes that gain away."""
        entropy = self.passes.entropy
        loss = losses.soft_dice((self.passes.sharp * logits).softmax(1), labels)
        if entropy > 0:
            loss = (1 - entropy) * loss + entropy * cross_entropy(logits, labels)
        return loss

    def refined_loss(self, refined):
        """Process supervision: both fusions, and the mean of the branches before the second."""
        def off(v):
            return self.loss_of((v.flatten(2) + LEAST).log(), self.rows.flatten(1))
        loss = off(refined.fused2) + sum(off(v) for v in refined.second) / 3
        return loss if refined.fused1 is None else loss + off(refined.fused1)
