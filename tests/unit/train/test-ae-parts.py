# SPDX-License-Identifier: Apache-2.0
"""The autoencoder's decoder and encoder learn apart, then together from what both learned."""
import csv
import os
import subprocess
import sys
import tempfile
import unittest

TRAIN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../engine/train")
sys.path.insert(0, TRAIN)
try:
    import numpy as np
    import scipy  # noqa: F401, of train_ae.py
    import torch  # noqa: F401
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

import weights
from answers import Answers
from shards_of_ellipsoids import write_shard


class Parts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = staticmethod(lambda *names: os.path.join(cls.folder.name, *names))
        write_shard(cls.path("t-0"), 8, 0)
        write_shard(cls.path("v-0"), 2, 1)
        os.mkdir(cls.path("answers"))
        answers = Answers(cls.path("answers"), 2)
        answers.probabilities[:] = 1 / 6
        answers.labels[:, 20:40, 20:40, 20:40] = 2
        cls.decoder = cls.train("decoder", "--only", "decoder")
        cls.encoder = cls.train("encoder", "--only", "encoder", "--refit", "2", "--refit-hearts", "40")
        cls.both = cls.train("both", "--parts", cls.path("decoder", "best.safetensors"),
                             cls.path("encoder", "best.safetensors"), "--answers", cls.path("answers"))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def train(cls, run, *options, steps=3):
        """(rows of its log, tensors of its best weights)"""
        done = subprocess.run(
            [sys.executable, os.path.join(TRAIN, "train_ae.py"), cls.path(run), "--config", "whole",
             "--train", cls.path("t-*"), "--validation", cls.path("v-*"), "--start-hearts", "40",
             "--points", "256", "--batch", "4", "--every", "0", "--rate", "0.01", "--fp32", "--steps",
             str(steps), *options],
            env={**os.environ, "OMP_NUM_THREADS": "1"}, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        with open(cls.path(run, "log.csv")) as file:
            rows = [{k: float(v) for k, v in row.items()} for row in csv.DictReader(file)]
        return rows, weights.read(cls.path(run, "best.safetensors"))[0]

    @staticmethod
    def same(a, b, prefix):
        names = [name for name in a if name.startswith(prefix)]
        assert names
        return all(np.array_equal(a[name], b[name]) for name in names)

    def test_each_leaves_the_other(self):
        (rows, decoder), (found, encoder) = self.decoder, self.encoder
        self.assertTrue(all(row["target"] == 0 and row["ce"] > 0 for row in rows))
        self.assertTrue(all(row["ce"] == 0 and row["target"] > 0 for row in found))
        for part in "ae.enc.", "ae.fc.", "ae.d.", "ae.t.":
            self.assertFalse(self.same(decoder, encoder, part), part)

    def test_together(self):
        rows, both = self.both
        self.assertTrue(all(row["ce"] > 0 and row["target"] > 0 and row["pull"] > 0 for row in rows))
        # both parts moved on, and not far
        for part, start in (("ae.d.", self.decoder[1]), ("ae.fc.", self.encoder[1])):
            self.assertFalse(self.same(both, start, part), part)
            for name in both:
                if name.startswith(part):
                    self.assertLess(np.abs(both[name] - start[name]).max(), 0.1, name)


if __name__ == "__main__":
    unittest.main()
