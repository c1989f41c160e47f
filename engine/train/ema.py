# SPDX-License-Identifier: Apache-2.0
"""Moving average of weights and of batch norms' statistics; what is never trained stays."""
import copy

import torch


def moving(model):
    yield from model.parameters()
    yield from (b for name, b in model.named_buffers() if ".running_" in name)


class Ema:
    def __init__(self, model, decay):
        self.model = copy.deepcopy(model).eval().requires_grad_(False)
        self.decay, self.steps = decay, 0

    @torch.no_grad()
    def update(self, model):
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        for mine, theirs in zip(moving(self.model), moving(model)):
            mine.lerp_(theirs, 1 - decay)
