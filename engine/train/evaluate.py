# SPDX-License-Identifier: Apache-2.0
"""Scores a weight file on validation shards and prints the tables of RESULTS.md.

    evaluate.py WEIGHTS.safetensors 'v-*' [--limit N] [--steps 1 4 8] [--training 't-*']

Metrics are those of NETWORK.md 6: DSC; HD between surface voxels, in voxels of 3 mm; E_vol.
"""
import argparse

import numpy as np
import torch
from scipy.ndimage import binary_erosion
from scipy.spatial import cKDTree

import data
import weights
from diffusion import Diffusion
from model.reconstruction import Reconstruction

STRUCTURES = ["Myo", "LV", "LA", "RV", "RA"]
VOXEL_MM, VOXEL_ML = 3.0, 0.027
EMPTY_HD = 63 * 3**0.5


def dsc(a, y):
    total = a.sum() + y.sum()
    return 2 * (a & y).sum() / total if total else 1.0


def hausdorff(a, y):
    """Largest distance between surface voxels, in voxels."""
    if not a.any() or not y.any():
        return EMPTY_HD if a.any() != y.any() else 0.0
    surface = [np.argwhere(m & ~binary_erosion(m)) for m in (a, y)]
    trees = [cKDTree(s) for s in surface]
    return max(trees[1].query(surface[0])[0].max(), trees[0].query(surface[1])[0].max())


def score(predicted, labels):
    """[n, 5, 4]: DSC, HD, volume error, signed volume error of each case and structure."""
    out = np.zeros((len(labels), 5, 4))
    for i, (p, l) in enumerate(zip(predicted, labels)):
        for c in range(1, 6):
            a, y = p == c, l == c
            volume = (int(a.sum()) - int(y.sum())) * VOXEL_ML
            out[i, c - 1] = dsc(a, y), hausdorff(a, y), abs(volume), volume
    return out


@torch.no_grad()
def predict(model, batch, present, steps, eta, seed=1):
    """Labels u8 [B, 64, 64, 64]."""
    image = model.config["image"]
    keep = torch.tensor(present, dtype=torch.float32).expand(len(batch["labels"]), -1)
    x = batch["images"].float() / 255 * keep[:, :, None, None]
    spacing = batch["spacing"].clone()
    spacing[keep == 0] = image["spacing_ref_mm"]
    diffusion = Diffusion(model.config)
    with torch.autocast("cpu", torch.bfloat16):
        run = Reconstruction(model, x, spacing, keep, steps)
        p = diffusion.sample(run.denoise, len(x), steps, eta, seed)
    return run.correct(p.float()).argmax(1).to(torch.uint8).numpy()


def ejection_fractions(predicted, meta):
    """EF by voxels for each pair of ED and ES samples of one set of pictures."""
    volume = {}
    for p, m in zip(predicted, meta):
        volume[m["heart"], m["seed"], m["set"], m["phase"]] = (p == 2).sum()
    pairs = [k[:3] for k in volume if k[3] == "ED" and k[:3] + ("ES",) in volume]
    return np.array([1 - volume[k + ("ES",)] / max(1, volume[k + ("ED",)]) for k in pairs])


def row(name, s, ef):
    mean = s.mean(0)
    cells = [name] + [f"{100 * v:.1f}" for v in mean[:, 0]] + [f"**{100 * mean[:, 0].mean():.1f}**"]
    hd, vol = mean[:, 1].mean(), mean[:, 2].mean()
    cells += [f"{hd:.2f}", f"{hd * VOXEL_MM:.1f}", f"{vol:.1f}", f"{mean[:, 3].mean():+.1f}", ef]
    return "| " + " | ".join(cells) + " |"


def detail(name, s):
    mean = s.mean(0)
    lines = [f"\n{name}, per structure:\n", "| | " + " | ".join(STRUCTURES) + " |",
             "|" + "---|" * 6]
    for label, column, scale, form in (("DSC, %", 0, 100, ".1f"), ("HD, voxels", 1, 1, ".2f"),
                                       ("HD, mm", 1, VOXEL_MM, ".1f"), ("E_vol, ml", 2, 1, ".1f"),
                                       ("signed, ml", 3, 1, "+.1f")):
        values = " | ".join(format(v * scale, form) for v in mean[:, column])
        lines.append(f"| {label} | {values} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights")
    parser.add_argument("shards", nargs="+")
    parser.add_argument("--limit", type=int, default=10**6)
    parser.add_argument("--steps", type=int, nargs="+", default=[1, 4, 8])
    parser.add_argument("--training", nargs="+",
                        help="shards to take the mean heart from; else that of the weight file")
    parser.add_argument("--views", action="store_true", help="also one and two views")
    parser.add_argument("--without-topology", action="store_true",
                        help="answers as they come from the sampler")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.set_flush_denormal(True)
    model, config = weights.load(args.weights)
    config["topology"]["enabled"] &= not args.without_topology
    shards = data.Shards(args.shards)
    numbers = range(min(args.limit, len(shards)))
    batches = [shards.batch(numbers[i:i + 8]) for i in range(0, len(numbers), 8)]
    labels = np.concatenate([b["labels"].numpy() for b in batches]).astype(np.uint8)
    meta = [m for b in batches for m in b["meta"]]
    truth = ejection_fractions(labels, meta)

    def evaluate(name, predicted):
        s = score(predicted, labels)
        error = np.abs(ejection_fractions(predicted, meta) - truth) * 100
        print(row(name, s, f"{error.mean():.1f}" if len(error) else "-"), flush=True)
        return s

    print(f"{len(labels)} cases, {len(truth)} pairs\n")
    print("| | " + " | ".join(STRUCTURES) + " | mean DSC, % | HD, voxels | HD, mm | E_vol, ml "
          "| signed, ml | EF error, points |\n|" + "---|" * 12)
    prior = data.Shards(args.training).log_prior() if args.training else model.mean_heart()
    prior = prior.argmax(0).numpy()
    details = [("Mean heart", evaluate("mean heart", np.broadcast_to(prior, labels.shape)))]
    runs = [(f"{s} step{'s' if s > 1 else ''}", (1, 1, 1), s, eta)
            for s in args.steps for eta in ((0,) if s == 1 else (0, 1))]
    if args.views:
        first = args.steps[0]
        runs += [("A4C + A2C", (1, 1, 0), first, 1), ("A4C + PSAX", (1, 0, 1), first, 1),
                 ("A4C only", (1, 0, 0), first, 1), ("A2C only", (0, 1, 0), first, 1),
                 ("PSAX only", (0, 0, 1), first, 1)]
    for name, present, steps, eta in runs:
        predicted = np.concatenate([predict(model, b, present, steps, eta) for b in batches])
        label = name + (f", eta {eta}" if steps > 1 else "")
        details.append((label, evaluate(label, predicted)))
    print(detail(*details[0]))
    print(detail(*details[1]))


if __name__ == "__main__":
    main()
