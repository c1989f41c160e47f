# SPDX-License-Identifier: Apache-2.0
"""The denoising passes of a training step and their losses."""
import torch
from torch import nn
from torch.nn.functional import cross_entropy

import losses
from model.embed import patchify, unpatchify


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

    def __init__(self, model, helpers, diffusion, noise, frozen, fp32, entropy=0.0):
        """entropy: part of cross-entropy, in place of Dice, in the loss of the coarse stage."""
        super().__init__()
        self.entropy = entropy
        self.model, self.helpers = model, helpers
        self.diffusion, self.noise, self.frozen, self.fp32 = diffusion, noise, frozen, fp32

    def autocast(self, device):
        return torch.autocast(device.type, torch.bfloat16, enabled=not self.fp32)

    def forward(self, batch, keep, region, later):
        """Loss at the first step of the sampler, where x is pure noise, and at a later one, if so
        chosen, else None; and that of the helpers.

        The later one starts from the network's own answer, as in sampling with fresh noise,
        so that it learns to correct itself rather than to trust a true shape under noise.
        keep: the coarse tokens that take part; region: theirs, where refinement exists.
        """
        model, b = self.model, len(batch["labels"])
        rows = patchify(batch["labels"].unsqueeze(1), model.coarse.patch)[:, keep].long()
        with self.autocast(keep.device):
            with torch.set_grad_enabled(not self.frozen):
                views = model.view_features(batch["images"], batch["spacing"], batch["present"])
            condition = model.condition_of(views)
            helped = self.helpers(views.raw, condition.tokens[:, keep], condition.pooled,
                                  batch["slices"], batch["present"], rows)
        step = Step(self, condition, self.by_pictures(views.features), keep, region, rows,
                    batch["labels"])
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

    def __init__(self, passes, condition, chosen, keep, region, rows, labels):
        self.passes, self.model, self.condition = passes, passes.model, condition
        self.chosen, self.keep, self.region = chosen, keep, region
        self.rows, self.labels = rows, labels

    def run(self, noisy, t, chosen=None):
        """(loss, the answer as rows [B, K, N p^3], detached) at x_t [B, K, N p^3]."""
        model, coarse, cond = self.model, self.model.coarse, self.condition.tokens
        volume, prior = self.of_template(self.chosen if chosen is None else chosen, len(noisy))
        with self.passes.autocast(noisy.device):
            c = model.time(t) + self.condition.pooled
            logits = coarse.some(noisy, self.keep, cond, c, volume, prior)
        loss, p = losses.dice_loss(logits, self.rows.flatten(1))
        entropy = self.passes.entropy
        if entropy > 0:
            loss = (1 - entropy) * loss + entropy * cross_entropy(logits, self.rows.flatten(1))
        if model.refine is None:
            own = p.unflatten(2, (len(self.keep), -1)).transpose(1, 2).flatten(2)
            return loss, own
        v_c = self.region.place(logits.float().softmax(1))
        with self.passes.autocast(noisy.device):
            refined = model.refine(v_c, cond[:, self.keep], c, self.region)
        own = patchify(refined.fused2.detach(), coarse.patch)
        return loss + self.refined_loss(refined), own[:, self.region.inner.flatten()]

    def of_template(self, k, b):
        """(2 T - 1, prior): the first template where nothing chose one; (None, prior) without."""
        model = self.model
        if model.ts is None:
            return None, self.condition.prior
        k = torch.zeros(b, dtype=torch.long, device=self.keep.device) if k is None else k
        by_template = model.config["coarse"]["prior"] == "template"
        return model.ts.volume(k), model.ts.prior(k) if by_template else self.condition.prior

    def refined_loss(self, refined):
        """Process supervision: both fusions, and the mean of the branches before the second."""
        labels = self.region.cut(self.labels).long()
        loss = losses.soft_dice(refined.fused2, labels)
        if refined.fused1 is not None:
            loss = loss + losses.soft_dice(refined.fused1, labels)
        return loss + sum(losses.soft_dice(v, labels) for v in refined.second) / 3
