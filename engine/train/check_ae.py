# SPDX-License-Identifier: Apache-2.0
"""What the trained autoencoder mends, on validation hearts, and how it explains a shift.

    check_ae.py AE-WEIGHTS 'v-*' --limit 40
"""
import argparse

import numpy as np
import torch
from scipy import ndimage

import config as cfg
import data
import losses
from corrupt import Corrupter, soften
from diffusion import Diffusion
from evaluate import STRUCTURES
from model.dynamic_fusion import dynamic_fusion
from model.islands import sink_islands
from model.templates import one_hot
from templates import load_autoencoder

SHIFT = 2  # voxels along x: 6 mm
SOFT = 0.8  # voxels; a network's probabilities look like labels blurred by so much


def volume(labels, sigma=0.0):
    """Labels [V, V, V] -> probabilities [1, N, V, V, V]."""
    q = one_hot(torch.from_numpy(np.ascontiguousarray(labels))[None], 6)
    return soften(q[0], sigma)[None] if sigma else q


def labels_of(p):
    return p[0].argmax(0).to(torch.uint8).numpy()


def components(labels):
    return sum(ndimage.label(labels == c)[1] for c in range(1, 6))


def island(labels, rng):
    """A copy with 3^3 voxels of a structure in the background, 4 to 10 voxels from the heart."""
    far = ndimage.distance_transform_edt(labels == 0)
    inner = np.zeros(labels.shape, bool)
    inner[3:-3, 3:-3, 3:-3] = True
    where = np.argwhere((far >= 4) & (far < 10) & inner)
    place = tuple(slice(i - 1, i + 2) for i in where[rng.integers(len(where))])
    out = labels.copy()
    out[place] = rng.integers(1, 6)
    return out, place


def hole(labels, rng):
    """A copy with 2^3 voxels of myocardium made background, all of them inside the wall."""
    wall = labels == 1
    block = wall.copy()
    for axis in range(3):
        block &= np.roll(block, -1, axis)
    where = np.argwhere(block)
    place = tuple(slice(i, i + 2) for i in where[rng.integers(len(where))])
    out = labels.copy()
    out[place] = 0
    return out, place


class Checker:
    def __init__(self, ae):
        self.ae, self.eps = ae, cfg.small()["fusion"]["eps"]

    def mended(self, q):
        """(V_ae, V_out) of probabilities q."""
        v = self.ae.decode(self.ae.encode(2 * q - 1))
        return v, sink_islands(dynamic_fusion([q, v], self.eps))

    def dsc(self, hearts):
        """Corrupted hearts before and after, clean hearts after: DSC [n, 3, 5], components."""
        corrupter = Corrupter(Diffusion(cfg.small()).alpha_bar, 1)
        scores, counts = [], []
        for heart in hearts:
            truth = torch.from_numpy(heart.astype(np.int64))[None]
            u = corrupter.one(heart)[None]
            answers = [labels_of(u), labels_of(self.ae.decode(self.ae.encode(u))),
                       labels_of(self.mended(volume(heart))[0])]
            scores.append(torch.cat([losses.dice_scores(torch.from_numpy(a)[None], truth)
                                     for a in answers]))
            counts.append([components(a) for a in (heart, *answers[1:])])
        return torch.stack(scores).mean(0).numpy() * 100, np.mean(counts, 0)

    def repairs(self, hearts, damage, fixed, sigma):
        """Shares of damages mended in V_ae and in V_out."""
        rng, out = np.random.default_rng(3), []
        for heart in hearts:
            broken, place = damage(heart, rng)
            out.append([fixed(labels_of(v)[place]) for v in self.mended(volume(broken, sigma))])
        return np.mean(out, 0)

    def shift(self, hearts):
        """Change of delta_x and of |r| near the heart under a shift; rows [n, 4]."""
        out = []
        for heart in hearts:
            moved = np.roll(heart, SHIFT, 2)
            near = ndimage.binary_dilation((heart > 0) | (moved > 0), iterations=2).ravel()
            row = []
            for labels in (heart, moved):
                delta, _, r = self.ae.grid_fields(self.ae.encode(2 * volume(labels) - 1))
                row += [delta[0, near, 0].mean().item(), r[0, near].abs().mean().item()]
            out.append(row)
        return np.mean(out, 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", help="file with ae.*")
    parser.add_argument("shards", nargs="+")
    parser.add_argument("--limit", type=int, default=40)
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    ae, _ = load_autoencoder(args.weights)
    shards = data.Shards(args.shards)
    rows = [shards.index[i] for i in shards.spread(args.limit)]
    hearts = [np.array(shard.labels[row]) for shard, row in rows]
    checker = Checker(ae)
    with torch.no_grad():
        scores, counts = checker.dsc(hearts)
        print(f"{len(hearts)} hearts\n\n| DSC, % | " + " | ".join(STRUCTURES) + " | mean |\n" +
              "|" + "---|" * 7)
        for name, row in zip(("corrupted", "corrupted, mended", "clean, mended"), scores):
            print(f"| {name} | " + " | ".join(f"{v:.1f}" for v in (*row, row.mean())) + " |")
        print("\ncomponents, 5 structures: truth %.2f, corrupted mended %.2f, clean mended %.2f"
              % tuple(counts))
        for sigma in (0, SOFT):
            gone = checker.repairs(hearts, island, lambda v: (v == 0).all(), sigma)
            closed = checker.repairs(hearts, hole, lambda v: (v == 1).mean() >= 0.75, sigma)
            print(f"blur {sigma}: islands gone in V_ae {gone[0]:.2f}, V_out {gone[1]:.2f}; "
                  f"holes closed in V_ae {closed[0]:.2f}, V_out {closed[1]:.2f}")
        x0, r0, x1, r1 = checker.shift(hearts)
        want = -2 * SHIFT / 63
        print(f"shift by 6 mm in x: delta_x {x0:+.4f} -> {x1:+.4f}, change {x1 - x0:+.4f} "
              f"(wanted {want:+.4f}); |r| {r0:.3f} -> {r1:.3f}")


if __name__ == "__main__":
    main()
