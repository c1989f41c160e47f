# SPDX-License-Identifier: Apache-2.0
"""Training as two processes is training as one with the same batch; resumed, as uninterrupted."""
import csv
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

TRAIN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../engine/train")
sys.path.insert(0, TRAIN)
try:
    import matplotlib  # noqa: F401, of train.py
    import numpy  # noqa: F401, of data.py
    import scipy  # noqa: F401, of train_ae.py
    import torch
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

import config as cfg
import weights
from model import Twin
from shards_of_ellipsoids import write_shard

STEPS = 3
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
               "CUDA_VISIBLE_DEVICES": "", "GLOO_SOCKET_IFNAME": "lo"}


def write_start(path):
    """Weights of the smallest network, none of them at the zero where they usually begin."""
    torch.manual_seed(1)
    config = cfg.tiny()
    model = Twin(config)
    for p in model.parameters():
        p.data += 0.03 * torch.randn(p.shape)
    arrays = weights.from_model(model)
    del arrays["coarse.prior"]  # is worked out from the shards
    weights.write(path, arrays, {"config": json.dumps(config)})


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return str(s.getsockname()[1])


class Runs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = staticmethod(lambda name: os.path.join(cls.folder.name, name))
        write_shard(cls.path("t-0"), 8, 0)
        write_shard(cls.path("v-0"), 3, 1)
        write_start(cls.path("start.safetensors"))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def start(self, script, run, processes=1):
        """A training run, after every step of which there is a row in its log."""
        launcher = []
        if processes > 1:
            # torch 1.13 on Python 3.11 takes no standard stream's default; process 9 does not exist
            launcher = ["-m", "torch.distributed.run", "--nproc_per_node", str(processes),
                        "--redirects", "9:0", "--tee", "9:0",
                        "--master_addr", "127.0.0.1", "--master_port", free_port()]
        of_script = {"train.py": ["--config", "tiny", "--from", self.path("start.safetensors"),
                                  "--second-after", "0.6", "--second", "1"],
                     "train_ae.py": ["--config", "whole", "--refit", "2", "--refit-hearts", "40",
                                     "--start-hearts", "40", "--points", "256"]}[script]
        return subprocess.Popen(
            [sys.executable, *launcher, os.path.join(TRAIN, script), self.path(run),
             "--train", self.path("t-*"), "--validation", self.path("v-*"), "--batch", "4",
             "--steps", str(STEPS), "--every", "0", "--rate", "0.3", "--fp32", *of_script],
            env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def rows(self, run):
        """Rows of the log, without what the clock says."""
        try:
            with open(os.path.join(self.path(run), "log.csv")) as file:
                return [{k: float(v) for k, v in row.items()
                         if k not in ("time", "minutes", "per_s")} for row in csv.DictReader(file)]
        except FileNotFoundError:
            return []

    def finish(self, process):
        out = process.communicate()[0]
        self.assertEqual(process.returncode, 0, out)
        return out

    def trained(self, script, run, **options):
        out = self.finish(self.start(script, run, **options))
        rows = self.rows(run)
        self.assertEqual([r["step"] for r in rows], list(range(1, STEPS + 1)), out)
        return rows

    def difference(self, one, other):
        """Largest between losses and between scores, as parts of them where they are above 1."""
        return max(abs(a[k] - b[k]) / max(1, abs(a[k])) for a, b in zip(one, other) for k in a
                   if k not in ("rate", "step", "samples"))

    def stopped_and_resumed(self, script, run):
        process = self.start(script, run)
        while len(self.rows(run)) < 1 and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        self.finish(process)
        self.assertLess(len(self.rows(run)), STEPS)
        self.assertIn("goes on at step", self.finish(self.start(script, run)))
        return self.rows(run)

    def compare(self, script):
        one = self.trained(script, "one" + script)
        two = self.trained(script, "two" + script, processes=2)
        # batch norms, gradients or seeds of their own make it 0.002 and more
        self.assertLess(self.difference(one, two), 5e-4)
        self.assertGreater(self.difference(one, one[1:]), 1e-2)  # with every other batch it differs
        again = self.stopped_and_resumed(script, "again" + script)
        self.assertEqual([r["step"] for r in again][-1], STEPS)
        by_step = {r["step"]: r for r in one}
        self.assertEqual(again, [by_step[r["step"]] for r in again])

    def test_network(self):
        self.compare("train.py")

    def test_autoencoder(self):
        self.compare("train_ae.py")


if __name__ == "__main__":
    unittest.main()
