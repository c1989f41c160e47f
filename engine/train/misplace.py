# SPDX-License-Identifier: Apache-2.0
"""Errors that a user's pictures have: of finding the probe, and of calibration."""
import torch
from torch.nn import functional as F

SHIFT_MM = 7.0  # largest error of place
FAR = 0.05, 5.0  # part of the pictures where it is so many times as large
SCALE = 0.02  # standard error of calibration, of the logarithm


def misplace(images, slices, field_mm):
    """images, slices u8 [B, nv, H, W] of field_mm a side -> images as grey 0..1, slices, moved."""
    side = images.shape[-1]
    n = images.shape[0] * images.shape[1]
    part, times = FAR
    reach = SHIFT_MM * (1 + (times - 1) * (torch.rand(n, 1) < part).float())
    offset = (2 * torch.rand(n, 2) - 1) * reach * 2 / field_mm  # a picture reaches from -1 to 1
    scale = torch.exp(-torch.randn(n, 1) * SCALE)
    at = (torch.arange(side) + 0.5) * 2 / side
    rows = (at + offset[:, :1]) * scale - 1  # about the probe, at the middle of the upper border
    cols = (at - 1 + offset[:, 1:]) * scale
    grid = torch.stack([cols.unsqueeze(1).expand(n, side, side),
                        rows.unsqueeze(2).expand(n, side, side)], -1)

    def sample(x, mode):
        moved = F.grid_sample(x.flatten(0, 1).unsqueeze(1).float(), grid, mode, align_corners=False)
        return moved.view(x.shape)
    return sample(images, "bilinear") / 255, sample(slices, "nearest").to(torch.uint8)
