# SPDX-License-Identifier: Apache-2.0
"""Configurations of the network: the JSON object that travels in the weight file."""
import copy

SMALL = {
    "name": "small",
    "classes": ["bg", "Myo", "LV", "LA", "RV", "RA"],
    "volume": 64,
    "spacing_mm": 3.0,
    "axis_order": "NZYX",
    "views": ["A4C", "A2C", "PSAX_PAP"],
    "views_optional": True,
    "image": {"size": 224, "channels": 1, "mean": [0.2], "std": [0.2], "spacing_ref_mm": 0.75,
              "field_mm": 200.0,
              "upright": {"field_mm": 150.0, "ahead_mm": [20.0, 20.0, 15.0],
                          "place_error_mm": [1.3, 1.5, 1.7], "turn_error_deg": [2.8, 2.3, 6.0]}},
    "locate": {"width": 16, "reduce": 16, "hidden": 128},
    "enc": {"arch": "resnet18", "width": 32, "blocks": [2, 2, 2, 2], "out_stage": 3, "bn_eps": 1e-5},
    "fuse": {"space_hidden": 64, "blocks": 2, "groups": 8, "gn_eps": 1e-5, "ln_eps": 1e-5},
    "dit": {"patch": 8, "dim": 192, "heads": 3, "mlp_ratio": 4, "ln_eps": 1e-6, "gelu": "erf",
            "time_freq_dim": 256},
    "global": {"enabled": True},
    "shape": {"segment": 48, "components": 256, "hidden": 1024, "side": 32, "modes": 80,
              "power": 2},
    "coarse": {"depth": 6, "mode": "cond", "residual": True, "prior": True},
    "refine": {"enabled": False, "dim": 96, "heads": 2, "n1": 1, "n2": 1, "residual": True,
               "mid_fusion": True, "when": "all"},
    "fusion": {"window": 3, "eps": 1e-3, "per_class": True, "renormalise": True},
    "diffusion": {"T": 1000, "beta_start": 1e-4, "beta_end": 0.02, "schedule": "linear",
                  "predict": "x0", "t_draw": {"high": 0.6, "from": 750}},
    "sampler": {"type": "ddim", "steps": 1, "spacing": "trailing", "eta": 0.0,
                "rng": "philox4x32-10/boxmuller"},
    "ae": {"latent": 128, "enc_channels": [16, 32, 64, 96, 128], "c0": 64,
           "dec_channels": [32, 24, 16, 8], "point_hidden": [32, 16], "templates": 8, "groups": 8,
           "leaky": 0.01, "max_disp": 0.25},
    "ts": {"mode": "latent_nn", "input": "pictures", "t_max": 900, "k": 16},
    "topology": {"enabled": False},
}


def small():
    return copy.deepcopy(SMALL)


def coarse():
    """small with shape prior and templates: what the refinement of full starts from."""
    config = small()
    config["coarse"].update(mode="dual", prior="shape")
    return config


def full():
    """small with every part but the autoencoder, which export.py joins to it."""
    config = coarse()
    config["refine"]["enabled"] = True
    return config


def base():
    """The network of the paper: every part, ResNet-50, DiT of width 384 (S) and depth 12."""
    config = small()
    config["name"] = "base"
    config["image"].update(channels=3, mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225])
    config["enc"] = {"arch": "resnet50", "width": 64, "blocks": [3, 4, 6, 3], "out_stage": 4,
                     "bn_eps": 1e-5}
    config["fuse"]["space_hidden"] = 128
    config["dit"].update(dim=384, heads=6)
    config["coarse"].update(depth=12, mode="dual", prior="template")
    config["refine"].update(enabled=True, dim=384, heads=6, n1=2, n2=2)
    config["sampler"]["steps"] = 8
    config["ae"].update(latent=256, enc_channels=[32, 64, 128, 256, 256], c0=128,
                        dec_channels=[64, 48, 32, 16], point_hidden=[64, 32], templates=16)
    config["ts"].update(input="x_t", k=32)
    config["topology"]["enabled"] = True
    return config


def tiny():
    """The smallest baseline network (mode cond), for the golden vectors."""
    config = small()
    config["name"] = "tiny"
    config["image"].pop("upright")
    config.pop("locate")
    config["enc"]["width"] = 8
    config["fuse"]["space_hidden"] = 16
    config["dit"].update(dim=48, heads=2)
    config["coarse"]["depth"] = 2
    config["sampler"]["steps"] = 4
    return config


def whole():
    """tiny with every part of the network: template from x_t, refinement, topology fusion."""
    config = tiny()
    config["name"] = "whole"
    config["coarse"].update(mode="dual", prior="template")
    config["refine"].update(enabled=True, dim=24)
    config["ae"].update(latent=16, enc_channels=[8, 8, 16, 16, 16], c0=16,
                        dec_channels=[16, 8, 8, 8], point_hidden=[16, 8], templates=3)
    config["ts"].update(input="x_t", k=4)
    config["sampler"]["steps"] = 3
    config["topology"]["enabled"] = True
    return config


def pictures():
    """Upright pictures choose prior and template, refinement in the last step only, no
    autoencoder."""
    config = whole()
    config["name"] = "pictures"
    config["image"]["upright"] = small()["image"]["upright"]
    config["locate"] = {"width": 4, "reduce": 4, "hidden": 8}
    config["coarse"]["prior"] = "shape"
    config["shape"] = {"segment": 6, "components": 7, "hidden": 12, "side": 8, "modes": 5,
                       "power": 2}
    config["dit"].update(dim=24)
    config["refine"].update(dim=12, when="last:1")
    config["ts"].update(input="pictures", k=3)
    config["topology"]["enabled"] = False
    return config


def branch():
    """The autoencoder's own mixture chooses, from the last step's answer; no prior, one fusion."""
    config = whole()
    config["name"] = "branch"
    config["dit"].update(dim=24)
    config["coarse"]["prior"] = False
    config["refine"].update(dim=12, residual=False, mid_fusion=False)
    config["ts"].update(mode="t_branch", input="x0_prev", k=3)
    return config


def named(name):
    """The configuration of that name."""
    return NAMED[name]()


NAMED = {f.__name__: f for f in (small, coarse, full, base, tiny, whole, pictures, branch)}


def feature_width(config):
    """d_I: channels of the view features."""
    enc = config["enc"]
    return enc["width"] * 2 ** (enc["out_stage"] - 1) * (4 if enc["arch"] == "resnet50" else 1)


def feature_side(config):
    """Side of the square view feature map; S is its square."""
    return config["image"]["size"] // 2 ** (config["enc"]["out_stage"] + 1)


def tokens(config):
    """L: tokens of the coarse stage."""
    return (config["volume"] // config["dit"]["patch"]) ** 3


def has_templates(config):
    return config["coarse"]["mode"] == "dual"


def has_autoencoder(config):
    """Needed by topology fusion, and by the selector unless a latent comes from the pictures."""
    ts = config.get("ts")
    selects = has_templates(config) and (ts["input"] != "pictures" or ts["mode"] == "t_branch")
    return selects or config["topology"]["enabled"]
