# SPDX-License-Identifier: Apache-2.0
"""One reconstruction: the sampler's passes through all stages, and what each stage gave."""
import torch


class Reconstruction:
    """Its denoise() is what Diffusion.sample() calls at every step.

    `latent` is what the template was last chosen by. After the last step `stages` holds template
    [B], coarse, refined (a Refined) and, after correct(), autoencoder and corrected:
    probabilities [B, N, V, V, V].
    """

    def __init__(self, twin, images, spacing, present, steps):
        self.twin, self.config, self.steps, self.done = twin, twin.config, steps, 0
        views = twin.view_features(*twin.upright(images, spacing, present), present)
        self.condition = twin.condition_of(views)
        self.previous, self.stages, self.latent, self.chosen = None, {}, None, None
        if twin.ts is not None and self.config["ts"]["input"] == "pictures":
            self.latent = twin.ts.from_pictures(views.features)
            self.chosen = twin.ts.pick(self.latent, twin.ae)

    def choose(self, x, t):
        """Template of this step [B]; None without templates."""
        twin, ts = self.twin, self.config.get("ts")
        if twin.ts is None or self.chosen is not None:
            return self.chosen
        source = x if ts["input"] == "x_t" else self.previous
        if source is None or t[0] >= ts["t_max"]:
            return torch.zeros(len(x), dtype=torch.long, device=x.device)
        self.latent = twin.ae.encode(source)
        return twin.ts.pick(self.latent, twin.ae)

    def refines(self):
        """Whether this step does: always, or in the last n ("last:n")."""
        when = self.config["refine"].get("when", "all")
        last = self.steps if when == "all" else int(when.split(":")[1])
        return self.twin.refine is not None and self.done >= self.steps - last

    def denoise(self, x, t):
        """x_t -> logits of x_0; the logarithm of the probabilities where refinement made them."""
        k = self.choose(x, t)
        logits = self.twin.denoise(x, t, self.condition, k)
        v = logits.softmax(1)
        self.stages = {"template": k, "coarse": v}
        if self.refines():
            c = self.twin.time(t) + self.condition.pooled
            refined = self.twin.refine(v, self.condition.tokens, c)
            self.stages["refined"] = refined
            v = refined.fused2
            logits = v.log()
        self.previous = 2 * v - 1
        self.done += 1
        return logits

    def correct(self, volume):
        """The sampler's last volume -> V_out, or itself without topology fusion."""
        if not self.config["topology"]["enabled"]:
            return volume
        mended, out = self.twin.corrected(volume)
        self.stages.update(autoencoder=mended, corrected=out)
        return out
