# SPDX-License-Identifier: Apache-2.0
"""Golden vectors: what the network gives for known inputs, for the engine's tests.

    golden.py tiny OUT-DIR                   tiny.safetensors, tiny-expected.safetensors
    golden.py WEIGHTS OUT-DIR --shard SHARD  NAME-expected.safetensors, end to end only, for
                                             pictures of a shard of ut-cohort
"""
import argparse
import json
import os

import numpy as np
import torch

import config as cfg
import data
import philox
import weights
from diffusion import Diffusion
from model import Twin

STRIDE = 5  # volumes are kept at indices 0, 5, 10, ... of each axis
CASES = {
    "a": {"seed": 42, "steps": 4, "eta": 0, "present": [1, 1, 1]},
    "b": {"seed": 2**40 + 7, "steps": 3, "eta": 1, "present": [1, 1, 0]},
    "c": {"seed": 1, "steps": 1, "eta": 0, "present": [1, 0, 0]},
}
SPACING = np.array([[0.71, 0.71], [0.8, 0.62], [0.55, 0.55]], np.float32)


def pictures(seed, size):
    """Soft coloured noise inside a dark frame, u8 [3, size, size]."""
    coarse = philox.normals(seed, 100, 3 * 14 * 14).reshape(3, 1, 14, 14)
    soft = torch.nn.functional.interpolate(torch.from_numpy(coarse), (size, size), mode="bilinear",
                                           align_corners=False)[:, 0].numpy()
    fine = philox.normals(seed, 101, 3 * size * size).reshape(3, size, size)
    grey = np.clip(70 + 60 * soft + 15 * fine, 0, 255).round().astype(np.uint8)
    grey[:, : size // 16] = 0
    return grey


def randomise(model):
    """Fills every tensor so that no part of the network is zero or without effect."""
    torch.manual_seed(1)
    for name, p in model.named_parameters():
        if p.dim() > 1 and name != "space.absent":
            fan = p[0].numel()
            torch.nn.init.normal_(p, std=(0.5 if ".ada." in name else 1.2) / fan**0.5)
        else:
            affine = "norm.weight" in name or ".bn" in name and name.endswith("weight")
            torch.nn.init.normal_(p, 1.0 if affine or "downsample.1.weight" in name else 0, 0.2)
    for name, b in model.named_buffers():
        if name.endswith("running_mean"):
            torch.nn.init.normal_(b, std=0.2)
        elif name.endswith("running_var"):
            torch.nn.init.uniform_(b, 0.5, 2.0)
    model.coarse.prior.copy_(torch.log(ball_heart(model.config["volume"]) + 1e-3))


def ball_heart(v):
    """Five soft balls and the rest as background: occupancies [6, v, v, v]."""
    g = torch.linspace(-1, 1, v)
    z, y, x = torch.meshgrid(g, g, g, indexing="ij")
    centres = [(0, 0, -.3, .42), (0, 0, -.3, .28), (.1, 0, .45, .3), (-.5, -.1, -.2, .3),
               (-.45, 0, .4, .28)]
    q = torch.stack([torch.sigmoid(((r - ((x - cx)**2 + (y - cy)**2 + (z - cz)**2).sqrt()) * 30))
                     for cx, cy, cz, r in centres])
    q[0] = (q[0] - q[1]).clamp(min=0)
    q = q / q.sum(0).clamp(min=1)
    return torch.cat([(1 - q.sum(0, keepdim=True)).clamp(min=0), q]).mul(16).round().div(16)


def modules(model, inputs, x, t):
    """Every module's output in the first denoising step."""
    raw, features = model.view_features(*inputs)
    cond, pooled = model.condition(*inputs)
    c = model.time(t) + pooled
    h = model.coarse.embed(x)
    out = {"enc": raw[0], "space": features[0], "cond": cond[0], "pooled": pooled[0], "c": c[0],
           "embed": h[0], "block0": model.coarse.block[0](h, cond, c)[0]}
    out["logits"] = kept(model.denoise(x, t, cond, pooled))
    return out


def kept(volume):
    return volume[0, :, ::STRIDE, ::STRIDE, ::STRIDE]


@torch.no_grad()
def run_case(model, case, images, spacing, every_module):
    present = np.array(case["present"], np.uint8)
    images = images * present[:, None, None]
    spacing = spacing.copy()
    spacing[present == 0] = model.config["image"]["spacing_ref_mm"]
    inputs = (torch.from_numpy(images).float()[None] / 255, torch.from_numpy(spacing)[None],
              torch.from_numpy(present).float()[None])
    d = Diffusion(model.config)
    out = {"images": images, "spacing": spacing, "present": present}
    if every_module:
        out.update(modules(model, inputs, d.noise(case["seed"], 0), torch.tensor([999])))
    cond, pooled = model.condition(*inputs)
    trace = []
    p = d.sample(lambda x, t: model.denoise(x, t, cond, pooled), 1, case["steps"], case["eta"],
                 case["seed"], trace)
    out.update({f"x{i + 1}": kept(x) for i, x in enumerate(trace)})
    out["prob"] = kept(p)
    out["labels"] = p[0].argmax(0).to(torch.uint8)
    return {k: v.numpy().copy() if torch.is_tensor(v) else v for k, v in out.items()}


def expected(model, path, shard):
    arrays = {}
    for i, (name, case) in enumerate(CASES.items()):
        if shard:
            images, spacing = shard.images[i], shard.spacing[i]
        else:
            images, spacing = pictures(case["seed"], model.config["image"]["size"]), SPACING
        result = run_case(model, case, images, spacing, shard is None and name == "a")
        counts = np.bincount(result["labels"].ravel(), minlength=6)
        print(name, case, "voxels per label", counts.tolist())
        arrays.update({f"{name}.{k}": v for k, v in result.items()})
    weights.write(path, arrays, {"cases": json.dumps(CASES), "stride": str(STRIDE)})


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", help="weight file, or the word tiny")
    parser.add_argument("out")
    parser.add_argument("--shard", help="folder; its first samples are the inputs")
    args = parser.parse_args()
    torch.set_num_threads(1)
    if args.weights == "tiny":
        config = cfg.tiny()
        model = Twin(config)
        randomise(model)
        path = os.path.join(args.out, "tiny.safetensors")
        weights.save(path, model, config, **{"train.dataset": "none: random numbers"})
    else:
        path = args.weights
    model, config = weights.load(path)
    expected(model, os.path.join(args.out, config["name"] + "-expected.safetensors"),
             data.Shard(args.shard) if args.shard else None)


if __name__ == "__main__":
    main()
