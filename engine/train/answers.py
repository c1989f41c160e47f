# SPDX-License-Identifier: Apache-2.0
"""What the network says of training pictures before the autoencoder, for train_ae.py --answers.

    answers.py FOLDER --weights WEIGHTS --train 'DATA/t-*' --count 1100
"""
import argparse
import os

import numpy as np
import torch

import data
import weights
from diffusion import Diffusion
from model.reconstruction import Reconstruction

CLASSES, PART = 6, 8  # PART: pictures that the network is given at once


class Answers:
    """Probabilities f16 [n, N, V, V, V] and true labels u8 [n, V, V, V], memory-mapped."""

    def __init__(self, folder, count=None):
        """count: of those to be written; None reads what is there."""
        def array(name, kind, shape):
            path = os.path.join(folder, name)
            whole = None if count is None else (count, *shape)
            return np.memmap(path, kind, "r" if count is None else "w+", shape=whole).reshape(
                -1, *shape)
        volume = (data.GRID,) * 3
        self.probabilities = array("probabilities.f16", np.float16, (CLASSES, *volume))
        self.labels = array("labels.u8", np.uint8, volume)


@torch.no_grad()
def collect(folder, model, shards, count):
    """Leaves no half folder under its name."""
    part = folder + ".part"
    os.makedirs(part, exist_ok=True)
    out, diffusion = Answers(part, count), Diffusion(model.config)
    for first in range(0, count, PART):
        rows = slice(first, min(first + PART, count))
        batch = shards.batch(shards.draw(rows.stop - first))
        images = batch["images"].float() / 255
        with torch.autocast("cpu", torch.bfloat16):
            run = Reconstruction(model, images, batch["spacing"], torch.ones(images.shape[:2]), 1)
            p = diffusion.sample(run.denoise, len(images), 1, 0, 1)
        out.probabilities[rows], out.labels[rows] = p.half().numpy(), batch["labels"].numpy()
    os.rename(part, folder)


def main():
    p = argparse.ArgumentParser(description=__doc__,
                                formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("folder")
    p.add_argument("--weights", required=True)
    p.add_argument("--train", nargs="+", required=True, help="patterns of shard folders")
    p.add_argument("--count", type=int, default=1000, help="3.4 MB each")
    p.add_argument("--threads", type=int, default=1)
    args = p.parse_args()
    torch.set_num_threads(args.threads)
    torch.set_flush_denormal(True)
    collect(args.folder, weights.load(args.weights)[0], data.Shards(args.train), args.count)


if __name__ == "__main__":
    main()
