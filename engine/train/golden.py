# SPDX-License-Identifier: Apache-2.0
"""Golden vectors: what the network gives for known inputs, for the engine's tests.

    golden.py NAME OUT-DIR                   NAME.safetensors (random weights) and
                                             NAME-expected.safetensors; NAME is a configuration of
                                             config.py: tiny, whole, pictures, branch
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
from model import Reconstruction, Twin
from model.coarse import layer_norm
from model.dynamic_fusion import shares
from model.region import AXES

RANDOM = {"tiny": cfg.tiny, "whole": cfg.whole, "pictures": cfg.pictures, "branch": cfg.branch}
STRIDE = 5  # volumes are kept at indices 0, 5, 10, ... of each axis
CASES = {
    "a": {"seed": 42, "steps": 4, "eta": 0, "present": [1, 1, 1]},
    "b": {"seed": 2**40 + 7, "steps": 3, "eta": 1, "present": [1, 1, 0]},
    "c": {"seed": 1, "steps": 1, "eta": 0, "present": [1, 0, 0]},
}
SPACING = np.array([[0.71, 0.71], [0.8, 0.62], [0.55, 0.55]], np.float32)


def pictures(seed, size, grain):
    """Soft coloured noise inside a dark frame, u8 [3, size, size].

    grain: of single pixels; with much of it a picture turned by 1e-6 more is another one.
    """
    coarse = philox.normals(seed, 100, 3 * 14 * 14).reshape(3, 1, 14, 14)
    soft = torch.nn.functional.interpolate(torch.from_numpy(coarse), (size, size), mode="bilinear",
                                           align_corners=False)[:, 0].numpy()
    fine = philox.normals(seed, 101, 3 * size * size).reshape(3, size, size)
    grey = np.clip(70 + 60 * soft + grain * fine, 0, 255).round().astype(np.uint8)
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
            affine = name.endswith("weight") and ("norm" in name or ".bn" in name)
            torch.nn.init.normal_(p, 1.0 if affine or "downsample.1.weight" in name else 0, 0.2)
    for name, b in model.named_buffers():
        if name.endswith("running_mean"):
            torch.nn.init.normal_(b, std=0.2)
        elif name.endswith("running_var"):
            torch.nn.init.uniform_(b, 0.5, 2.0)
    if hasattr(model.coarse, "prior"):
        model.coarse.prior.copy_(torch.log(ball_heart(model.config["volume"]) + 1e-3))
    if model.locate is not None:
        for p in model.locate.fc2.parameters():  # not far off
            p.data.mul_(0.1)
        model.locate.fc2.bias.data[2::4] += 1
    if model.shape is not None:
        fill_modes(model.shape)
    if model.ts is not None:
        fill_templates(model)


def fill_modes(shape):
    """A ball heart and modes that change it a little."""
    shape.mean.copy_(ball_heart(shape.side).flatten())
    torch.nn.init.normal_(shape.basis, std=0.1)


@torch.no_grad()
def fill_templates(model):
    """Ball hearts of several places and sizes; latents that chance comes near to, but for 0."""
    ts, v = model.ts, model.config["volume"]
    for k in range(len(ts.labels)):
        ts.labels[k] = ball_heart(v, 0.1 * k - 0.1, 1 - 0.08 * k).argmax(0)
    ts.std.copy_(torch.rand_like(ts.std) + 0.5)
    torch.nn.init.normal_(ts.latent)
    if model.ae is not None:
        noise = torch.randn(1, len(model.config["classes"]), v, v, v)
        ts.latent.mul_(0.1).add_(model.ae.encode(noise))
        for field in (model.ae.t, model.ae.r):  # no class wins everywhere
            field.point[-1].weight.mul_(0.3)
            field.point[-1].bias.mul_(0.3)
    ts.latent[0] += 3


def ball_heart(v, shift=0.0, size=1.0):
    """Five soft balls and the rest as background: occupancies [6, v, v, v]."""
    g = torch.linspace(-1, 1, v)
    z, y, x = torch.meshgrid(g, g, g, indexing="ij")
    x, y, z = (x - shift) / size, y / size, z / size
    centres = [(0, 0, -.3, .42), (0, 0, -.3, .28), (.1, 0, .45, .3), (-.5, -.1, -.2, .3),
               (-.45, 0, .4, .28)]
    q = torch.stack([torch.sigmoid(((r - ((x - cx)**2 + (y - cy)**2 + (z - cz)**2).sqrt()) * 30))
                     for cx, cy, cz, r in centres])
    q[0] = (q[0] - q[1]).clamp(min=0)
    q = q / q.sum(0).clamp(min=1)
    return torch.cat([(1 - q.sum(0, keepdim=True)).clamp(min=0), q]).mul(16).round().div(16)


def modules(model, inputs, x, t):
    """Every module's output in the first denoising step, with template 0."""
    seen, closer = model.upright(*inputs)
    views = model.view_features(seen, closer, inputs[2])
    condition = model.condition(*inputs)
    cond, pooled, prior = condition
    c = model.time(t) + pooled
    h = model.coarse.embed(x)
    out = {"cond": cond[0], "pooled": pooled[0], "c": c[0], "embed": h[0]}
    if model.locate is not None:
        out.update(located=model.locate.numbers(inputs[0])[0], frames=model.locate.find(inputs[0])[0])
    if model.ts is None:
        out.update(enc=views.raw[0], space=views.features[0])
    k = source = None
    if model.ts is not None:
        k = torch.zeros(1, dtype=torch.long)
        e_t = model.coarse.embed_template(model.ts.volume(k))
        source = layer_norm(e_t, model.coarse.eps)
        out["e_t"] = e_t[0]
    if model.config["coarse"]["prior"] == "template":
        prior = model.ts.prior(k)
        out["prior"] = kept(prior)
    if model.shape is not None:
        maps = torch.tanh(views.maps)
        out.update(maps=maps[0].flatten(2), modes=model.shape.amounts(maps)[0], prior=kept(model.shape(maps)))
    for i, block in enumerate(model.coarse.block):
        h = block(h, cond, c, source)
        out[f"block{i}"] = h[0]
    logits = model.denoise(x, t, condition, k)
    out["logits"] = kept(logits)
    if model.refine is not None:
        out.update(refinement(model.refine(logits.softmax(1), cond, c)))
    return out


def refinement(refined):
    """Both results of each branch, the fusion between them and that at the end."""
    out = {f"refine.{name}{stage}": kept(volumes[i])
           for stage, volumes in ((1, refined.first), (2, refined.second))
           for i, name in enumerate(AXES)}
    if refined.fused1 is not None:
        out["fused1"] = kept(refined.fused1)
    out["fused2"] = kept(refined.fused2)
    return out


def fields(ae, v):
    """What the autoencoder makes of probabilities v on the way to V_ae."""
    z = ae.encode(2 * v - 1)
    names = ("ae.delta", "ae.t", "ae.r")
    grids = [f.transpose(1, 2).reshape(1, -1, *v.shape[2:]) for f in ae.grid_fields(z)]
    return {"ae.z": z[0], "ae.mix": ae.t.weights(z)[0],
            **{name: kept(grid) for name, grid in zip(names, grids)}}


def stages(run):
    """What every stage of the last step gave; all cases."""
    s, out = run.stages, {"coarse": kept(run.stages["coarse"])}
    if "refined" in s:
        out["refined"] = kept(s["refined"].fused2)
        out["variance"] = kept(shares(s["refined"].variances))
        out["weight"] = kept(shares(s["refined"].weights))
    if "corrected" in s:
        out["autoencoder"] = kept(s["autoencoder"])
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
    run, trace, templates = Reconstruction(model, *inputs, case["steps"]), [], []

    def denoise(x, t):
        logits = run.denoise(x, t)
        if model.ts is not None:
            templates.append(run.stages["template"].item())
        return logits
    p = d.sample(denoise, 1, case["steps"], case["eta"], case["seed"], trace)
    if every_module and model.ae is not None:
        out.update(fields(model.ae, p))
    p = run.correct(p)
    if model.ts is not None:
        out["templates"] = np.array(templates, np.uint8)
        out["ts.z"] = run.latent[0]
    out.update(stages(run))
    out.update({f"x{i + 1}": kept(x) for i, x in enumerate(trace)})
    out["prob"] = kept(p)
    out["labels"] = p[0].argmax(0).to(torch.uint8)
    return {k: v.numpy().copy() if torch.is_tensor(v) else v for k, v in out.items()}


def expected(model, path, shard):
    """With templates cases a and b alone."""
    arrays, cases = {}, dict(list(CASES.items())[:3 if model.ts is None else 2])
    for i, (name, case) in enumerate(cases.items()):
        if shard:
            images, spacing = shard.images[i], shard.spacing[i]
        else:
            images = pictures(case["seed"], model.config["image"]["size"],
                              15 if model.locate is None else 1)
            spacing = SPACING
        result = run_case(model, case, images, spacing, shard is None and name == "a")
        counts = np.bincount(result["labels"].ravel(), minlength=6)
        print(name, case, "voxels per label", counts.tolist(),
              "templates", result.get("templates", []))
        arrays.update({f"{name}.{k}": v for k, v in result.items()})
    weights.write(path, arrays, {"cases": json.dumps(cases), "stride": str(STRIDE)})


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", help="weight file, or one of " + ", ".join(RANDOM))
    parser.add_argument("out")
    parser.add_argument("--shard", help="folder; its first samples are the inputs")
    args = parser.parse_args()
    torch.set_num_threads(1)
    if args.weights in RANDOM:
        config = RANDOM[args.weights]()
        model = Twin(config).eval()
        randomise(model)
        path = os.path.join(args.out, args.weights + ".safetensors")
        weights.save(path, model, config, **{"train.dataset": "none: random numbers"})
    else:
        path = args.weights
    model, config = weights.load(path)
    expected(model, os.path.join(args.out, config["name"] + "-expected.safetensors"),
             data.Shard(args.shard) if args.shard else None)


if __name__ == "__main__":
    main()
