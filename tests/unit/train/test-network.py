# SPDX-License-Identifier: Apache-2.0
"""The parts of the training network that have known answers."""
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../../engine/train"))
try:
    import numpy as np
    import torch
except ImportError:
    print("skipped: python3-torch and python3-numpy are not installed")
    sys.exit(77)

import augment
import config as cfg
import losses
import philox
import weights
from diffusion import Diffusion
from model.embed import PatchEmbed, patchify, position_encoding, unpatchify


class Noise(unittest.TestCase):
    def test_words(self):
        words = philox.philox(np.zeros((1, 4), np.uint64), (0, 0))[0]
        self.assertEqual([f"{w:08x}" for w in words],
                         ["6627e8d5", "e169c58d", "bc57ac4c", "9b00dbd8"])

    def test_normals(self):
        known = [-0.970190, 0.194019, -1.235621, 1.923927]
        np.testing.assert_allclose(philox.normals(42, 0, 4), known, atol=1e-6)


class Embedding(unittest.TestCase):
    def test_patch_rows_match_convolution(self):
        embed = PatchEmbed(6, 12, 4)
        x = torch.randn(2, 6, 16, 16, 16)
        conv = torch.nn.functional.conv3d(x, embed.weight, embed.bias, stride=4)
        torch.testing.assert_close(embed(x), conv.flatten(2).transpose(1, 2), atol=1e-4, rtol=0)

    def test_unpatchify_class_fastest(self):
        x = torch.randn(1, 6, 16, 16, 16)
        rows = patchify(x, 8).view(1, 8, 6, 512).transpose(2, 3).reshape(1, 8, 3072)
        torch.testing.assert_close(unpatchify(rows, 8, 6), x, atol=0, rtol=0)

    def test_position_encoding(self):
        row = position_encoding(192, [8] * 3)[3 * 64]  # z = 3, y = x = 0
        np.testing.assert_allclose(row[:3], [0.141120, 0.778273, 0.993253], atol=1e-6)
        self.assertAlmostEqual(row[32].item(), -0.989992, places=6)


class Sampler(unittest.TestCase):
    def setUp(self):
        self.diffusion = Diffusion(cfg.small())

    def test_steps(self):
        self.assertEqual(self.diffusion.steps(8), [999, 874, 749, 624, 499, 374, 249, 124])
        self.assertEqual(self.diffusion.steps(16)[1], 937)  # a half rounds up

    def test_coefficients(self):
        one = torch.ones(1)
        x = self.diffusion.step(one, 0 * one, 874, 749, 0, None)
        x0 = self.diffusion.step(0 * one, one, 874, 749, 0, None)
        self.assertAlmostEqual(x.item(), 0.998538, places=5)
        self.assertAlmostEqual(x0.item(), 0.037158, places=5)


class Loss(unittest.TestCase):
    def test_perfect_and_background(self):
        labels = torch.randint(0, 6, (2, 8, 8, 8))
        sure = 50.0 * torch.nn.functional.one_hot(labels, 6).permute(0, 4, 1, 2, 3)
        self.assertAlmostEqual(losses.dice_loss(sure, labels)[0].item(), 0, places=5)
        empty = torch.zeros(2, 6, 8, 8, 8)
        empty[:, 0] = 50
        self.assertAlmostEqual(losses.dice_loss(empty, labels)[0].item(), 1, places=5)

    def test_scores(self):
        a, y = torch.zeros(1, 10, dtype=torch.long), torch.zeros(1, 10, dtype=torch.long)
        a[0, :4], y[0, 2:6] = 1, 1
        self.assertAlmostEqual(losses.dice_scores(a, y)[0, 0].item(), 0.5)
        self.assertEqual(losses.dice_scores(a, y)[0, 1].item(), 1)


class Files(unittest.TestCase):
    def test_round_trip_and_padding(self):
        arrays = {"a": np.arange(5, dtype=np.float32), "b": np.ones((2, 3), np.float16)}
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "x.safetensors")
            weights.write(path, arrays, {"format": "ultratwin"})
            with open(path, "rb") as file:
                self.assertEqual((8 + int.from_bytes(file.read(8), "little")) % 64, 0)
            back, metadata = weights.read(path)
        self.assertEqual(metadata, {"format": "ultratwin"})
        for name, array in arrays.items():
            np.testing.assert_array_equal(back[name], array)


class Augmentation(unittest.TestCase):
    def test_one_view_stays(self):
        x, spacing = torch.ones(50, 3, 8, 8), torch.full((50, 3, 2), 0.3)
        present = augment.drop_views(x, spacing, 0.75, 0.9)
        self.assertGreaterEqual(present.sum(1).min().item(), 1)
        self.assertTrue(bool((x.amax((2, 3)) == present).all()))
        self.assertTrue(bool((spacing[present == 0] == 0.75).all()))


if __name__ == "__main__":
    unittest.main()
