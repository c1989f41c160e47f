# SPDX-License-Identifier: Apache-2.0
"""Noise schedule (DDPM) and sampler (DDIM); volumes live in u = 2 q - 1."""
import math

import numpy as np
import torch

import philox


class Diffusion:
    def __init__(self, config):
        d = config["diffusion"]
        self.T = d["T"]
        beta = np.linspace(d["beta_start"], d["beta_end"], self.T, dtype=np.float64)
        self.alpha_bar = np.cumprod(1 - beta)
        self.shape = (len(config["classes"]),) + (config["volume"],) * 3

    def noised(self, u0, t, noise):
        """x_t for whole steps t [B]."""
        ab = torch.from_numpy(self.alpha_bar).to(t.device)[t].view(-1, *[1] * (u0.dim() - 1))
        return ab.sqrt().float() * u0 + (1 - ab).sqrt().float() * noise

    def steps(self, n):
        """Trailing steps; halves round up."""
        return [math.floor(self.T * (n - i) / n + 0.5) - 1 for i in range(n)]

    def noise(self, seed, stream):
        return torch.from_numpy(philox.normals(seed, stream, int(np.prod(self.shape)))
                                ).view(1, *self.shape)

    def step(self, x, x0, t, t_next, eta, fresh):
        """x at t_next; with eta = 1 fresh() replaces the noise that x implies."""
        ab, ab_next = self.alpha_bar[t], self.alpha_bar[t_next]
        if eta:
            return float(math.sqrt(ab_next)) * x0 + float(math.sqrt(1 - ab_next)) * fresh()
        b = math.sqrt((1 - ab_next) / (1 - ab))
        a = math.sqrt(ab_next) - b * math.sqrt(ab)
        return a * x0 + b * x

    @torch.no_grad()
    def sample(self, denoise, batch, steps, eta, seed, trace=None, device="cpu"):
        """Probabilities [B, N, V, V, V]; denoise (x, t [B]) gives logits. All share one seed."""
        times = self.steps(steps)
        x = self.noise(seed, 0).to(device).expand(batch, *self.shape)
        for i, t in enumerate(times):
            p = denoise(x, torch.full((batch,), t, device=device)).softmax(1)
            if i + 1 < steps:
                x = self.step(x, 2 * p - 1, t, times[i + 1], eta,
                              lambda: self.noise(seed, i + 1).to(device))
                if trace is not None:
                    trace.append(x)
        return p
