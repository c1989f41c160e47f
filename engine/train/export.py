# SPDX-License-Identifier: Apache-2.0
"""Copies a weight file and sets its sampler and its notes.

    export.py RUN/best.safetensors OUT.safetensors --steps 1 --eta 0 --dataset TEXT
"""
import argparse
import json
import subprocess

import weights


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
    args = parser.parse_args()
    arrays, metadata = weights.read(args.source)
    config = json.loads(metadata["config"])
    config["sampler"].update(steps=args.steps, eta=args.eta)
    metadata.update({"config": json.dumps(config, separators=(",", ":")),
                     "train.dataset": args.dataset, "train.git": revision(),
                     "license": "Apache-2.0"})
    weights.write(args.target, arrays, metadata)
    print(args.target, len(arrays), "tensors", sum(a.nbytes for a in arrays.values()), "bytes")


if __name__ == "__main__":
    main()
