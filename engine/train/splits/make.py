# SPDX-License-Identifier: Apache-2.0
"""Chooses the validation hearts: 4 of the 15 real ones and 36 samples of the shape model.

Of 400 random draws the one is kept whose shape modes and volumes are spread most like those
of the whole cohort (largest Kolmogorov-Smirnov distance over all columns smallest).

    make.py volumes.csv
"""
import csv
import os
import sys

import numpy as np
from scipy.stats import ks_2samp


def main():
    with open(sys.argv[1]) as file:
        rows = list(csv.DictReader(file))
    columns = [f"w{i}" for i in range(1, 15)] + [f"{s}_ml" for s in ("Myo", "LV", "LA", "RV", "RA")]
    values = np.array([[float(r[c]) for c in columns] for r in rows])
    real = np.array([r["kind"] == "real" for r in rows])
    rng = np.random.default_rng(1)

    def draw():
        return np.sort(np.concatenate([rng.choice(np.flatnonzero(real), 4, False),
                                       rng.choice(np.flatnonzero(~real), 36, False)]))

    def distance(chosen):
        return max(ks_2samp(values[chosen, i], values[:, i]).statistic
                   for i in range(len(columns)))

    best = min((draw() for _ in range(400)), key=distance)
    folder = os.path.dirname(os.path.abspath(__file__))
    for name, keep in (("validation", True), ("train", False)):
        ids = [r["id"] for i, r in enumerate(rows) if (i in best) == keep]
        with open(os.path.join(folder, name + ".txt"), "w") as file:
            file.write("\n".join(ids) + "\n")
    print("largest KS distance", distance(best))


if __name__ == "__main__":
    main()
