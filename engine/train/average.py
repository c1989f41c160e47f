# SPDX-License-Identifier: Apache-2.0
"""Averages weight files of runs that went on from one checkpoint.

    average.py OUT.safetensors RUN-A/best.safetensors RUN-B/best.safetensors ...

Each run has drawn other samples and other disturbances; their mean errs less than each of them
(model soups, Wortsman 2022).
"""
import argparse

import numpy as np

import weights


def mean(files):
    """Of the arrays of several files with the same names; whole numbers have to be the same."""
    first, others = files[0], files[1:]
    for other in others:
        if {k: v.shape for k, v in first.items()} != {k: v.shape for k, v in other.items()}:
            raise SystemExit("The files hold different networks: they cannot be averaged.")
    averaged = {}
    for name, array in first.items():
        if array.dtype.kind != "f":
            if any((other[name] != array).any() for other in others):
                raise SystemExit(f"{name} differs between the files and holds whole numbers.")
            averaged[name] = array
            continue
        total = sum(file[name].astype(np.float64) for file in files)
        averaged[name] = (total / len(files)).astype(array.dtype)
    return averaged


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target")
    parser.add_argument("sources", nargs="+")
    args = parser.parse_args()
    arrays, metadata = zip(*(weights.read(path) for path in args.sources))
    weights.write(args.target, mean(arrays), metadata[0])


if __name__ == "__main__":
    main()
