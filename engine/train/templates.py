# SPDX-License-Identifier: Apache-2.0
"""Chooses the template bank: medoids of training hearts in the autoencoder's latent space.

    templates.py AE-WEIGHTS OUT.safetensors --train 'a-*' --k 16 [--seeing WEIGHTS]

Writes ts.labels, ts.latent, ts.std (NETWORK.md 1.7). PAM: Kaufman and Rousseeuw 1987, Euclidean
on z / sigma; template 0 is the medoid of all hearts, the others are sorted by cluster size. With
the encoder of WEIGHTS also ts.from, which leads from pictures to the latent by least squares.
"""
import argparse
import json

import numpy as np
import torch

import config as cfg
import data
import weights
from augment import prepare
from model.autoencoder import Autoencoder
from model.templates import one_hot


def load_autoencoder(path):
    """Autoencoder in evaluation mode from a weight file that holds ae.*, and its configuration."""
    arrays, metadata = weights.read(path)
    config = json.loads(metadata["config"])
    mine = {k[3:]: v for k, v in arrays.items() if k.startswith("ae.")}
    return weights.into_model(Autoencoder(config), mine).eval(), config


@torch.no_grad()
def latents(ae, labels, size=8):
    """Latents float64 [n, dz] of clean hearts u8 [n, V, V, V]."""
    out = []
    for i in range(0, len(labels), size):
        u = 2 * one_hot(torch.from_numpy(np.stack(labels[i:i + size])), 6) - 1
        with torch.autocast("cpu", torch.bfloat16):
            out.append(ae.encode(u))
    return torch.cat(out).double().numpy()


def distances(x):
    square = (x**2).sum(1)
    return np.sqrt(np.maximum(square[:, None] + square - 2 * x @ x.T, 0))


def pam(d, k):
    """k medoids of points with distances d [n, n]: greedy start (BUILD), then best swaps (SWAP)."""
    medoids = [int(d.sum(1).argmin())]
    nearest = d[:, medoids[0]].copy()
    while len(medoids) < k:
        gain = np.maximum(nearest[:, None] - d, 0).sum(0)
        medoids.append(int(gain.argmax()))
        nearest = np.minimum(nearest, d[:, medoids[-1]])
    while True:
        to = d[:, medoids]
        order = np.argsort(to, 1)
        first = np.take_along_axis(to, order[:, :1], 1)
        second = np.take_along_axis(to, order[:, 1:2], 1)
        best = (-1e-9, 0, 0)
        for j in range(k):
            # without medoid j its points fall to their second nearest
            left = np.where(order[:, :1] == j, second, first)
            change = (np.minimum(left, d) - first).sum(0)
            i = int(change.argmin())
            best = min(best, (change[i], j, i))
        if best[0] >= -1e-9:
            return medoids
        medoids[best[1]] = best[2]


def choose(z, k):
    """(numbers of the k templates, sigma): the medoid of all first, then by cluster size."""
    sigma = z.std(0)
    d = distances(z / sigma)
    centre = int(d.sum(1).argmin())
    medoids = [m for m in pam(d, k) if m != centre]
    sizes = np.bincount(d[:, [centre] + medoids].argmin(1), minlength=len(medoids) + 1)[1:]
    order = sorted(range(len(medoids)), key=lambda i: -sizes[i])
    return [centre] + [medoids[i] for i in order][:k - 1], sigma


@torch.no_grad()
def fit_selector(path, ae, shards, n, ridge=0.1):
    """ts.from.weight [dz, nv d_I] and bias: latents of clean hearts from their pictures."""
    twin, config = weights.load(path)
    x, z = [], []
    for _ in range(n // 20):
        batch = shards.batch(shards.draw(20))
        pictures, spacing, present, _ = prepare(batch, config["image"], p_drop=0.05)
        with torch.autocast("cpu", torch.bfloat16):
            features = twin.view_features(pictures, spacing, present).features
        x.append(features.float().mean(-1).flatten(1))
        z.append(torch.from_numpy(latents(ae, list(batch["labels"].numpy().astype(np.uint8)))).float())
    x, z = torch.cat(x), torch.cat(z)
    far = x - x.mean(0)
    square = far.t() @ far
    square.diagonal().add_(ridge * square.diagonal().mean())
    weight = torch.linalg.solve(square, far.t() @ (z - z.mean(0))).t()
    off = far @ weight.t() - (z - z.mean(0))
    print(f"selector: {off.square().sum() / (z - z.mean(0)).square().sum():.3f} unexplained")
    return {"ts.from.weight": weight.numpy(),
            "ts.from.bias": (z.mean(0) - weight @ x.mean(0)).numpy()}


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", help="file with ae.*")
    parser.add_argument("out")
    parser.add_argument("--train", nargs="+", required=True, help="patterns of shard folders")
    parser.add_argument("--k", type=int, default=cfg.small()["ts"]["k"])
    parser.add_argument("--hearts", type=int, default=1500, help="drawn from the shards")
    parser.add_argument("--seeing", help="weights whose encoder the selector reads")
    parser.add_argument("--pictures", type=int, default=1600, help="that the selector is fitted to")
    args = parser.parse_args()
    torch.set_num_threads(1)
    ae, config = load_autoencoder(args.weights)
    shards = data.Shards(args.train)
    # any order but the shards' own, in which ED and ES take turns
    order = np.random.default_rng(0).permutation(len(shards))[:args.hearts]
    rows = [shards.index[i] for i in order]
    labels = [s.labels[r] for s, r in rows]
    z = latents(ae, labels)
    chosen, sigma = choose(z, args.k)
    nearest = distances(z / sigma)[:, chosen].argmin(1)
    for number, count in zip(chosen, np.bincount(nearest, minlength=args.k)):
        shard, row = rows[number]
        print(shard.meta[row]["heart"], shard.meta[row]["phase"], count, "of", len(rows))
    config["ts"] = {**config.get("ts", cfg.small()["ts"]), "k": args.k}
    selector = fit_selector(args.seeing, ae, shards, args.pictures) if args.seeing else {}
    weights.write(args.out, {**selector, "ts.labels": np.stack([labels[i] for i in chosen]),
                             "ts.latent": z[chosen].astype(np.float32),
                             "ts.std": sigma.astype(np.float32)},
                  {"format": "ultratwin", "format_version": "1", "config": json.dumps(config)})


if __name__ == "__main__":
    main()
