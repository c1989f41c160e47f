# SPDX-License-Identifier: Apache-2.0
"""What a frozen encoder saw is what it would see."""
import contextlib
import os
import subprocess
import sys
import tempfile
import unittest

TRAIN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../engine/train")
sys.path.insert(0, TRAIN)
try:
    import matplotlib  # noqa: F401, of train.py
    import numpy as np
    import torch
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

import config as cfg
import data
import seen
from model import Twin
from samples import Samples
from shards_of_ellipsoids import write_shard


class OfPictures(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = staticmethod(lambda name: os.path.join(cls.folder.name, name))
        write_shard(cls.path("t-0"), 6, 0)
        torch.manual_seed(0)
        cls.config = cfg.pictures()
        cls.config["refine"]["enabled"] = False
        cls.model = Twin(cls.config).eval()
        torch.nn.init.normal_(cls.model.shape.basis, std=0.1)
        torch.nn.init.uniform_(cls.model.shape.mean)
        torch.nn.init.normal_(cls.model.shape.fc3.weight)
        cls.samples = Samples(data.Shards([cls.path("t-*")]), cls.config["image"], 0.3, 5,
                              cls.model.locate)
        cls.kept = seen.kinds(cls.config)
        seen.collect(cls.path("seen"), cls.kept, cls.model, cls.samples, 11, contextlib.nullcontext)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_is_what_the_encoder_sees(self):
        arrays = seen.arrays(self.path("seen"), self.kept)
        self.assertEqual({len(array) for array in arrays.values()}, {11})
        for row in (0, 10):
            one = self.samples[0, row]
            x = (one[name].unsqueeze(0) for name in ("images", "spacing", "present"))
            with torch.no_grad():
                views = self.model.view_features(*x)
            np.testing.assert_array_equal(arrays["labels"][row], one["labels"].numpy())
            for name in ("features", "maps"):
                there = getattr(views, name)[0].numpy()
                np.testing.assert_allclose(arrays[name][row], there, atol=2e-3 * abs(there).max())

    def test_draws_by_seed_and_place(self):
        drawn = seen.Seen(self.path("seen"), self.kept, 3)
        one, again = drawn[7, 1], drawn[7, 1]
        self.assertTrue(all(torch.equal(one[name], again[name]) for name in one))
        rows = {drawn[step, 0]["features"].sum().item() for step in range(40)}
        self.assertGreater(len(rows), 5)

    def test_a_changing_encoder_is_refused(self):
        run = subprocess.run(
            [sys.executable, os.path.join(TRAIN, "train.py"), self.path("run"), "--train", "t",
             "--validation", "v", "--steps", "1", "--seen", "5"], capture_output=True, text=True)
        self.assertEqual(run.returncode, 2)
        self.assertIn("--seen needs --frozen", run.stderr)


if __name__ == "__main__":
    torch.set_num_threads(1)
    unittest.main()
