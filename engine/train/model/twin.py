# SPDX-License-Identifier: Apache-2.0
"""The whole network: pictures and spacing once, then a denoising pass per step.

Which parts exist follows from the configuration: coarse.mode "dual" brings the templates `ts` (and
`ae`, unless pictures choose), refine.enabled `refine`, topology.enabled `ae`.
"""
from collections import namedtuple

import torch
from torch import nn

import config as cfg

from .autoencoder import Autoencoder
from .coarse import Coarse
from .dynamic_fusion import dynamic_fusion
from .embed import TimeEmbed
from .encoder import Encoder
from .fusion import Fuse, Global, Space
from .islands import sink_islands
from .locate import Locate
from .refine import Refine
from .shape import Segment, Shape
from .templates import Templates


# What the pictures give: the encoder's features, those after the spacing update, [B, nv, d_I, S]
# both, and the maps of the structures as logits [B, nv, 5, 2 s, 2 s], s^2 = S, or None.
Views = namedtuple("Views", "raw features maps")

# What does not depend on the step: C [B, L, D], the pooled vector [B, D] or 0, and what the shape
# prior adds to logits [B, N, V, V, V] or None: its logarithm times shape.power, as modes of smoothed
# hearts say too little of what they know (cross-entropy of training hearts: 0.059, 0.043 squared).
Condition = namedtuple("Condition", "tokens pooled prior")
PRIOR_FLOOR = 1e-3  # added before the logarithm


class Twin(nn.Module):
    def __init__(self, config):
        super().__init__()
        enc, fuse, dit = config["enc"], config["fuse"], config["dit"]
        nv, d_i, dim = len(config["views"]), cfg.feature_width(config), dit["dim"]
        self.config = config
        self.locate = Locate(config) if "upright" in config["image"] else None
        self.enc = Encoder(config["image"]["channels"], enc["arch"], enc["width"], enc["blocks"],
                           enc["out_stage"], enc["bn_eps"])
        self.space = Space(nv, fuse["space_hidden"], d_i, config["views_optional"])
        self.fuse = Fuse(nv * d_i, dim, fuse["blocks"], fuse["groups"], fuse["gn_eps"],
                         fuse["ln_eps"], cfg.feature_side(config) ** 2, cfg.tokens(config))
        self.time = TimeEmbed(dit["time_freq_dim"], dim)
        self.add_module("global", Global(nv * d_i, dim) if config["global"]["enabled"] else None)
        self.segment = self.shape = None
        if config["coarse"]["prior"] == "shape":
            self.segment = Segment(d_i // 2, d_i, config["shape"]["segment"],
                                   len(config["classes"]) - 1)
            self.shape = Shape(config, cfg.feature_side(config))
        self.coarse = Coarse(config)
        self.refine = Refine(config) if config["refine"]["enabled"] else None
        self.ts = Templates(config, nv * d_i) if cfg.has_templates(config) else None
        self.ae = Autoencoder(config) if cfg.has_autoencoder(config) else None

    def upright(self, images, spacing, present):
        """What the rest of the network sees of pictures as they come: images [B, nv, H, W] grey
        0..1 (absent ones 0), spacing [B, nv, 2] mm, present [B, nv]."""
        if self.locate is None:
            return images, spacing
        turned, closer = self.locate.upright(images, spacing)
        there = present.unsqueeze(2) > 0
        return (torch.where(there.unsqueeze(3), turned, images),
                torch.where(there, closer, spacing))

    def view_features(self, images, spacing, present):
        """Of what upright() gives."""
        image = self.config["image"]
        b, nv = images.shape[:2]
        mean, std = (images.new_tensor(image[k]).view(-1, 1, 1) for k in ("mean", "std"))
        x = (images.flatten(0, 1).unsqueeze(1) - mean) / std
        raw, before = self.enc(x.contiguous(memory_format=torch.channels_last))
        maps = None if self.segment is None else self.segment(before, raw).unflatten(0, (b, nv))
        raw = raw.flatten(2).unflatten(0, (b, nv)).float()
        spaced = self.space(raw, torch.log(spacing / image["spacing_ref_mm"]), present)
        return Views(raw, spaced, maps)

    def condition(self, images, spacing, present):
        """Of pictures as they come."""
        return self.condition_of(self.view_features(*self.upright(images, spacing, present), present))

    def condition_of(self, views):
        pooled, prior = getattr(self, "global"), None
        if self.shape is not None:
            shape = self.shape(torch.tanh(views.maps))
            prior = self.config["shape"]["power"] * torch.log(shape + PRIOR_FLOOR)
        return Condition(self.fuse(views.features),
                         0 if pooled is None else pooled(views.features), prior)

    def mean_heart(self):
        """Logarithm of the mean training heart [N, V, V, V]: the answer without pictures."""
        if self.shape is None:
            return self.coarse.prior
        return torch.log(self.shape.volume_of(self.shape.mean.new_zeros(1, self.shape.modes))[0] + PRIOR_FLOOR)

    def denoise(self, x, t, condition, template=None):
        """Logits of the coarse stage [B, N, V, V, V] from x_t and t [B].

        template: number of each case's template [B]; mode dual alone.
        """
        prior = condition.prior
        if self.config["coarse"]["prior"] == "template":
            prior = self.ts.prior(template)
        volume = None if template is None else self.ts.volume(template)
        return self.coarse(x, condition.tokens, self.time(t) + condition.pooled, volume, prior)

    def forward(self, images, spacing, present, x, t):
        return self.denoise(x, t, self.condition(images, spacing, present))

    def autoencoded(self, volume):
        """V_ae of probabilities [B, N, V, V, V]."""
        return self.ae.decode(self.ae.encode(2 * volume - 1))

    def corrected(self, volume):
        """(V_ae, V_out): topology fusion of the sampler's last volume."""
        mended = self.autoencoded(volume)
        out = dynamic_fusion([volume, mended], self.config["fusion"]["eps"])
        return mended, sink_islands(out) if self.config["topology"].get("sink_islands") else out
