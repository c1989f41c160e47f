# SPDX-License-Identifier: Apache-2.0
"""Pictures turned upright: the heart's frame in label slices, and what it is after turning."""
import math
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
import upright

SIDE = 224
IMAGE = cfg.small()["image"]


def disc(slices, label, x, y, radius):
    """Paints label where a picture, whose sides reach from -1 to 1, is nearer to (x, y)."""
    at = (torch.arange(SIDE) + 0.5) * 2 / SIDE - 1
    slices[(at - x) ** 2 + (at[:, None] - y) ** 2 < radius**2] = label


def hearts(frame):
    """Label slices u8 [1, 3, SIDE, SIDE] of hearts whose frame is (x, y, angle) in every view."""
    x, y, angle = frame
    slices = torch.zeros(1, 3, SIDE, SIDE, dtype=torch.uint8)
    for v, (partner, points) in enumerate(zip(upright.PARTNER, upright.POINTS)):
        disc(slices[0, v], upright.MYO, x, y, 0.25)
        disc(slices[0, v], upright.LV, x, y, 0.18)
        disc(slices[0, v], partner, x + 0.45 * math.cos(points + angle),
             y + 0.45 * math.sin(points + angle), 0.15)
    return slices


class Upright(unittest.TestCase):
    def assert_near(self, found, wanted, off=0.01):
        self.assertLess((found - torch.tensor(wanted)).abs().max().item(), off)

    def test_frames(self):
        for frame in ((0.0, 0.0, 0.0), (0.12, -0.07, 0.4), (-0.1, 0.15, -0.7)):
            self.assert_near(upright.frames_of(hearts(frame)), frame)

    def test_no_heart(self):
        self.assert_near(upright.frames_of(hearts((5.0, 5.0, 0.0))), (0.0, 0.0, 0.0), 1e-9)
        alone = hearts((0.1, 0.1, 0.4)) * (hearts((0.1, 0.1, 0.4)) <= upright.LV)
        self.assert_near(upright.frames_of(alone), (0.1, 0.1, 0.0))  # nothing says how it is turned

    def test_turned_hearts_are_upright(self):
        slices = hearts((0.12, -0.07, 0.4))
        grid = upright.grid_of(upright.frames_of(slices), IMAGE, SIDE)
        found = upright.frames_of(upright.sample(slices, grid, "nearest").to(torch.uint8))
        ahead = torch.tensor(IMAGE["upright"]["ahead_mm"]) * 2 / IMAGE["upright"]["field_mm"]
        for v, points in enumerate(upright.POINTS):  # the middle is ahead of the centroid
            self.assert_near(found[0, v], (-ahead[v].item() * math.cos(points),
                                           -ahead[v].item() * math.sin(points), 0.0), 0.015)

    def test_second_look(self):
        true, first = (0.12, -0.07, 0.4), torch.tensor((0.05, 0.02, 0.15)).expand(1, 3, 3)
        slices = hearts(true)
        grid = upright.grids(first, 1.0, torch.zeros(3), SIDE)
        second = upright.frames_of(upright.sample(slices, grid, "nearest").to(torch.uint8))
        self.assert_near(upright.compose(first, second), true)

    def test_network_that_turns_nothing(self):
        image = {k: v for k, v in IMAGE.items() if k != "upright"}
        slices = hearts((0.12, -0.07, 0.4))
        grid = upright.grid_of(torch.zeros(1, 3, 3), image, SIDE)
        self.assertTrue(torch.equal(upright.sample(slices, grid).round().to(torch.uint8), slices))


if __name__ == "__main__":
    unittest.main(testRunner=unittest.TextTestRunner(stream=sys.stdout, verbosity=2))
