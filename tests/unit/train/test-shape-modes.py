# SPDX-License-Identifier: Apache-2.0
"""Modes of hearts: of stretched ones, with their pictures, and in place of other modes."""
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../engine/train"))
try:
    import torch
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

import config as cfg
from augment import AXES
from model.shape import Shape
from shape_modes import FIRST, UNIT, Stretch, carry_over, set_components
from upright import grid_of, sample

SIDE, WIDTH = 24, 4.0


def blob(stretch):
    """A Gaussian of WIDTH voxels, longer by stretch along X, Y and Z, in one of two classes."""
    at = torch.arange(SIDE) - (SIDE - 1) / 2
    x, y, z = (torch.exp(-0.5 * (at / (WIDTH * s)) ** 2) for s in stretch)
    value = z[:, None, None] * y[:, None] * x
    return torch.stack([1 - value, value]).flatten()


def shape_config(modes):
    config = cfg.tiny()
    config["classes"] = ["bg", "blob"]
    config["shape"] = {**cfg.pictures()["shape"], "modes": modes}
    return config


def shape_of_blobs():
    """Modes that are the changes of a blob when it becomes longer along each axis."""
    config = shape_config(3)
    config["shape"]["side"] = SIDE
    shape, e = Shape(config, 14), 1e-3
    changes = [blob([1 + e * (a == b) for b in range(3)]) - blob([1.0] * 3) for a in range(3)]
    shape.basis.copy_(torch.linalg.qr(torch.stack(changes, 1))[0] * UNIT)
    shape.mean.copy_(blob([1.0] * 3))
    return shape


class Stretches(unittest.TestCase):
    def test_amounts(self):
        shape = shape_of_blobs()
        stretched = Stretch(shape)
        for stretch in ([1.05, 1.0, 1.0], [1.0, 1.05, 1.0], [1.0, 1.0, 1.05], [0.97, 1.04, 1.02]):
            found = stretched(torch.zeros(1, 3), torch.tensor([stretch]))
            change = blob(stretch) - shape.mean
            off = shape.basis @ found[0] - change
            self.assertLess(off.norm() / change.norm(), 0.15, stretch)

    def test_nothing_changes_without(self):
        amounts = torch.randn(2, 3)
        found = Stretch(shape_of_blobs())(amounts, torch.ones(2, 3))
        self.assertTrue(torch.allclose(found, amounts, atol=1e-6))

    def test_pictures(self):
        """A disc at the heart's place becomes as wide and as high as the view's axes say."""
        image, side, radius = cfg.small()["image"], 224, 20
        at = torch.arange(side) + 0.5 - side / 2
        disc = (at**2 + at[:, None] ** 2 < radius**2).float().expand(1, 3, side, side)
        stretch = torch.tensor([[1.3, 0.8, 1.1]])
        grid = grid_of(torch.zeros(1, 3, 3), image, side, stretch[:, torch.tensor(AXES)])
        seen = sample(disc, grid)[0] > 0.5
        zoom = image["field_mm"] / image["upright"]["field_mm"]
        for v, axes in enumerate(AXES):
            wide, high = seen[v].any(0).sum().item(), seen[v].any(1).sum().item()
            for found, axis in ((wide, axes[0]), (high, axes[1])):
                self.assertLess(abs(found - 2 * radius * zoom * stretch[0, axis].item()), 3.5)


class Components(unittest.TestCase):
    def test_keep_what_varies(self):
        """Of maps that vary in three ways three components keep all distances, up to a unit."""
        torch.manual_seed(4)
        config = shape_config(2)
        config["shape"]["components"] = 3
        shape = Shape(config, 14)
        amounts = torch.randn(60, 3) * torch.tensor([4.0, 2.0, 1.0])
        maps = (amounts @ torch.randn(3, 3 * 28 * 28) + torch.randn(3 * 28 * 28)).view(60, 3, 1, 28, 28)
        set_components(shape, maps)
        found = shape.components(maps)
        self.assertTrue(torch.allclose(found.mean(0), torch.zeros(3), atol=1e-2))
        self.assertAlmostEqual(found.std(0, unbiased=False)[0].item(), FIRST, 2)
        apart, seen = torch.pdist(maps.flatten(1)), torch.pdist(found)
        self.assertLess((seen / apart).std() / (seen / apart).mean(), 1e-3)


class OtherModes(unittest.TestCase):
    def test_same_heart(self):
        """A head says the same heart in modes that span more than those it learned."""
        torch.manual_seed(3)
        old, new = Shape(shape_config(3), 14).eval(), Shape(shape_config(5), 14).eval()
        space = torch.linalg.qr(torch.randn(len(old.mean), 5))[0] * UNIT
        old.basis.copy_(space[:, 1:4])
        new.basis.copy_(space @ torch.linalg.qr(torch.randn(5, 5))[0])
        new.mean.copy_(old.mean + space @ torch.randn(5))
        for layer in (old.fc3, old.skip):
            torch.nn.init.normal_(layer.weight)
        arrays = {f"shape.{name}": tensor.numpy() for name, tensor in old.state_dict().items()}
        state = {k: v for k, v in old.state_dict().items()
                 if k.startswith(("project", "fc1", "fc2"))}
        new.load_state_dict(state, strict=False)
        carry_over(new, arrays)
        maps = torch.rand(2, 3, 1, 28, 28)
        with torch.no_grad():
            same = torch.allclose(new.volume_of(new.amounts(maps)), old.volume_of(old.amounts(maps)),
                                  atol=1e-3)
        self.assertTrue(same)


if __name__ == "__main__":
    unittest.main(testRunner=unittest.TextTestRunner(stream=sys.stdout, verbosity=2))
