# SPDX-License-Identifier: Apache-2.0
"""Copies a weight file, sets its sampler and its notes, and silences empty tokens.

A token in which no training heart ever had a structure took little part in training; there the
mean heart as prior falls to ln 1e-6, so that no crumb of a heart appears where no heart was.

    export.py RUN/best.safetensors OUT.safetensors --steps 1 --eta 0 --dataset TEXT
              [--autoencoder AE-RUN/best.safetensors]

With an autoencoder the topology of the answer is corrected.
"""
import argparse
import json
import subprocess

import numpy as np

import weights

EMPTY, SILENT = np.log(2e-3), np.log(1e-6)


def silence_empty_tokens(prior, patch):
    """prior [N, V, V, V]: ln (mean heart + 1e-3), changed in place."""
    n, v = prior.shape[:2]
    k = v // patch
    blocks = prior.reshape(n, k, patch, k, patch, k, patch)
    empty = blocks[1:].max((0, 2, 4, 6)) <= EMPTY
    for token in np.argwhere(empty):
        z, y, x = (slice(i * patch, (i + 1) * patch) for i in token)
        prior[1:, z, y, x] = SILENT
    return int(empty.sum())


def add_autoencoder(arrays, config, path):
    others, metadata = weights.read(path)
    arrays.update({k: v.astype(np.float16) for k, v in others.items() if k.startswith("ae.")})
    described = json.loads(metadata["config"])
    config.update({name: described[name] for name in ("ae", "fusion")})
    config["topology"] = {"enabled": True, "sink_islands": True}


def revision():
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    return done.stdout.strip() or "unknown"


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source")
    parser.add_argument("target")
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--eta", type=float, default=0.0)
    parser.add_argument("--dataset", required=True)
    parser.add_argument("--autoencoder", help="weights of train_ae.py, joined to the others")
    args = parser.parse_args()
    arrays, metadata = weights.read(args.source)
    config = json.loads(metadata["config"])
    config["sampler"].update(steps=args.steps, eta=args.eta)
    if args.autoencoder:
        add_autoencoder(arrays, config, args.autoencoder)
    metadata.update({"config": json.dumps(config, separators=(",", ":")),
                     "train.dataset": args.dataset, "train.git": revision(),
                     "license": "Apache-2.0"})
    if config["coarse"]["prior"] is True:
        arrays["coarse.prior"] = arrays["coarse.prior"].copy()
        print(silence_empty_tokens(arrays["coarse.prior"], config["dit"]["patch"]), "empty tokens")
    weights.write(args.target, arrays, metadata)
    print(args.target, len(arrays), "tensors", sum(a.nbytes for a in arrays.values()), "bytes")


if __name__ == "__main__":
    main()
