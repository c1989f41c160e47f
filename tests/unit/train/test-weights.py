# SPDX-License-Identifier: Apache-2.0
"""What is done with weight files: averaged, and exported with less of the coarse stage."""
import os
import subprocess
import sys
import tempfile
import unittest

TRAIN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../engine/train")
sys.path.insert(0, TRAIN)
try:
    import numpy as np
    import torch
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

import average
import config as cfg
import weights
from model import Twin


class Average(unittest.TestCase):
    a = {"w": np.array([1, 2], np.float16), "ts.labels": np.array([3], np.uint8)}

    def test_mean(self):
        b = {**self.a, "w": np.array([3, 5], np.float16)}
        found = average.mean([self.a, b])
        self.assertEqual(found["w"].tolist(), [2, 3.5])
        self.assertEqual(found["w"].dtype, np.float16)
        self.assertEqual(found["ts.labels"].tolist(), [3])

    def test_different_networks(self):
        for other in ({"w": self.a["w"]}, {**self.a, "w": np.zeros(3, np.float16)},
                      {**self.a, "ts.labels": np.array([4], np.uint8)}):
            self.assertRaises(SystemExit, average.mean, [self.a, other])


class Export(unittest.TestCase):
    def test_coarse_part(self):
        config = cfg.tiny()
        torch.manual_seed(0)
        model = Twin(config)
        torch.nn.init.normal_(model.coarse.final.lin.weight)
        with tempfile.TemporaryDirectory() as folder:
            source, target = (os.path.join(folder, f) for f in ("a.safetensors", "b.safetensors"))
            weights.save(source, model, config)
            subprocess.run([sys.executable, os.path.join(TRAIN, "export.py"), source, target, "--steps",
                            "1", "--dataset", "none", "--coarse-part", "0.25"], check=True)
            before, after = weights.read(source)[0], weights.read(target)[0]
        self.assertEqual(before.keys(), after.keys())
        changed = {k for k in before if (before[k] != after[k]).any()}
        self.assertIn("coarse.final.lin.weight", changed)
        self.assertTrue(changed <= {"coarse.final.lin.weight", "coarse.prior"}, changed)
        self.assertTrue(np.allclose(after["coarse.final.lin.weight"],
                                    before["coarse.final.lin.weight"] / 4, atol=1e-3))


if __name__ == "__main__":
    unittest.main(testRunner=unittest.TextTestRunner(stream=sys.stdout, verbosity=2))
