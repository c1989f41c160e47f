# SPDX-License-Identifier: Apache-2.0
"""Pictures onto the network's raster: a square of fixed size in mm, the probe top centre.

As the engine does it (engine/twin/twin-input.h), from shards whose pictures were made otherwise.
"""
import numpy as np
import torch
from torch.nn import functional as F

IN_SECTOR = 8
TIP_MM = 8.0  # the probe's column is the mean of the lit pixels in so many rows


def anchors(slices, spacing, field_mm):
    """Row of the top edge and column of the probe, [B, nv, 2] in pixels, from the sector's mask."""
    b, nv, side = slices.shape[:3]
    out = np.empty((b, nv, 2), np.float32)
    for i in range(b):
        for v in range(nv):
            sector = slices[i, v] >= IN_SECTOR
            if abs(spacing[i, v, 0] * side / field_mm - 1) < 1e-4 or not sector.any():
                out[i, v] = 0, side / 2
                continue
            top = int(sector.any(1).argmax())
            tip = sector[top:top + max(1, round(TIP_MM / spacing[i, v, 0]))].sum(0)
            out[i, v] = top, (tip * (np.arange(side) + 0.5)).sum() / tip.sum()
    return out


def to_field(images, slices, spacing, field_mm, shift_mm=0.0, p_far=0.0, scale=0.0):
    """images, slices u8 [B, nv, H, W], spacing [B, nv, 2] mm -> grey 0..1, slices, spacing.

    shift_mm and scale (log) are largest and standard errors of place and calibration; in a part
    p_far of the pictures the place is off by up to five times as much.
    """
    b, nv, side = images.shape[:3]
    anchor = torch.from_numpy(anchors(slices.numpy(), spacing.numpy(), field_mm)).flatten(0, 1)
    n = b * nv
    reach = shift_mm * (1 + 4 * (torch.rand(n, 1) < p_far).float())
    offset = (2 * torch.rand(n, 2) - 1) * reach
    mm = spacing.flatten(0, 1) * torch.exp(torch.randn(n, 1) * scale)
    at = (torch.arange(side) + 0.5) * field_mm / side
    rows = anchor[:, :1] + (at + offset[:, :1]) / mm[:, :1]
    cols = anchor[:, 1:] + (at - field_mm / 2 + offset[:, 1:]) / mm[:, 1:]
    grid = torch.stack([(cols * 2 / side - 1).unsqueeze(1).expand(n, side, side),
                        (rows * 2 / side - 1).unsqueeze(2).expand(n, side, side)], -1)

    def sample(x, mode):
        x = x.flatten(0, 1).unsqueeze(1).float()
        return F.grid_sample(x, grid, mode, align_corners=False).view(b, nv, side, side)
    return (sample(images, "bilinear") / 255, sample(slices, "nearest").to(torch.uint8),
            torch.full_like(spacing, field_mm / side))
