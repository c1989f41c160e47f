# SPDX-License-Identifier: Apache-2.0
"""The heart's own frame in a picture, and pictures turned upright in it.

A frame is (x, y, angle): the centroid of LV and its wall, in halves of the picture's side from the
middle, and how far the direction from there to a second structure (the LA in apical views, the RV
in the short axis) is turned from where it points in an upright picture: down, and left.
"""
import math

import torch
from torch.nn import functional as F

MYO, LV, LA, RV, RA = range(1, 6)
PARTNER = LA, LA, RV  # of each view
POINTS = math.pi / 2, math.pi / 2, math.pi  # direction to the partner in an upright picture
LEAST = 80  # pixels of a structure whose centroid counts


def centroid(mask):
    """bool [n, H, W] -> pixels [n], x and y of the centroid, [n] each."""
    side = mask.shape[-1]
    at = (torch.arange(side) + 0.5) * 2 / side - 1
    rows, cols = mask.sum(2).float(), mask.sum(1).float()
    pixels = rows.sum(1)
    return pixels, cols @ at / pixels.clamp(min=1), rows @ at / pixels.clamp(min=1)


def wrap(angle):
    return torch.remainder(angle + math.pi, 2 * math.pi) - math.pi


def frames_of(slices):
    """Frames [n, nv, 3] of label slices u8 [n, nv, H, W], also of what lies outside the sector."""
    label, frames = slices & 7, []
    for v, (partner, points) in enumerate(zip(PARTNER, POINTS)):
        pixels, x, y = centroid((label[:, v] == MYO) | (label[:, v] == LV))
        others, ox, oy = centroid(label[:, v] == partner)
        angle = wrap(torch.atan2(oy - y, ox - x) - points)
        angle = torch.where((others >= LEAST) & (pixels >= LEAST), angle, torch.zeros(()))
        frames.append(torch.stack([x, y, angle], 1) * (pixels >= LEAST).unsqueeze(1))
    return torch.stack(frames, 1)


def grids(frames, scale, ahead, side, stretch=None):
    """Where upright pictures come from, for grid_sample: [n nv, side, side, 2].

    scale: side of the upright picture in that of the whole; ahead [nv]: how far its middle lies
    from the centroid towards the partner, in halves of the whole's side; stretch [n, nv, 2]: how
    much longer the heart becomes along the columns and the rows of the upright picture.
    """
    x, y, angle = frames.unbind(2)
    c, s = torch.cos(angle), torch.sin(angle)
    points = torch.tensor(POINTS)
    stretch = torch.ones_like(frames[..., :2]) if stretch is None else stretch
    right, down = (1 / stretch).unbind(2)
    ahead_x, ahead_y = right * torch.cos(points) * ahead, down * torch.sin(points) * ahead
    matrix = torch.stack([
        torch.stack([c * right * scale, -s * down * scale, x + c * ahead_x - s * ahead_y], 2),
        torch.stack([s * right * scale, c * down * scale, y + s * ahead_x + c * ahead_y], 2)], 2)
    matrix = matrix.flatten(0, 1)
    return F.affine_grid(matrix, [len(matrix), 1, side, side], align_corners=False)


def sample(pictures, grid, mode="bilinear"):
    """[n, nv, H, W] of any type -> f32 at the grid, 0 outside."""
    moved = F.grid_sample(pictures.flatten(0, 1).unsqueeze(1).float(), grid, mode,
                          align_corners=False)
    return moved.view(pictures.shape)


def scale_of(image):
    """Side of the picture that a network sees in that of the picture it is given."""
    return image["upright"]["field_mm"] / image["field_mm"] if "upright" in image else 1.0


def grid_of(frames, image, side, stretch=None):
    """The grid that a network reads its pictures from: as they are without image.upright."""
    if "upright" not in image:
        return grids(frames, 1.0, frames.new_zeros(frames.shape[1]), side, stretch)
    ahead = frames.new_tensor(image["upright"]["ahead_mm"]) * 2 / image["field_mm"]
    return grids(frames, scale_of(image), ahead, side, stretch)


def compose(first, second):
    """The frame in the whole picture of a frame `second` found in the picture that `first`, with
    scale 1 and nothing ahead, turned upright."""
    c, s = torch.cos(first[..., 2]), torch.sin(first[..., 2])
    x, y = second[..., 0], second[..., 1]
    return torch.stack([first[..., 0] + c * x - s * y, first[..., 1] + s * x + c * y,
                        wrap(first[..., 2] + second[..., 2])], -1)
