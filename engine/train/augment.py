# SPDX-License-Identifier: Apache-2.0
"""Picture augmentation: users' pictures come from other machines and other simulators.

Pictures are [n, H, W] in 0..1, all steps work on a whole batch with one draw per picture.
"""
import math

import torch
from torch.nn import functional as F

import upright

IN_SECTOR = 8
# Standard errors of a network that turns nothing, along an axis in mm and in degrees
PLACE_MM, TURN_DEG = (1.5, 1.5, 1.5), (3.0, 3.0, 3.0)
FAR = 0.05, 3.0  # part of the pictures where errors are so many times as large
SCALE = 0.02  # standard error of calibration, of the logarithm
X, Y, Z = range(3)
AXES = (X, Z), (Y, Z), (X, Y)  # of the canonical pose along each upright picture's columns and rows
MYO, LV, LA, RV, RA = range(1, 6)


def uniform(n, low, high):
    return torch.empty(n, 1, 1).uniform_(low, high)


def chance(n, p):
    return (torch.rand(n, 1, 1) < p).float()


def blur(x, sigma):
    """Gaussian blur with sigma [n, 1, 1] in pixels, up to 4."""
    n = len(x)
    at = torch.arange(-6, 7).float()
    kernel = torch.exp(-at**2 / (2 * sigma.view(n, 1) ** 2 + 1e-6))
    kernel = kernel / kernel.sum(1, keepdim=True)
    x = F.conv2d(x.unsqueeze(0), kernel.view(n, 1, 1, 13), padding=(0, 6), groups=n)
    return F.conv2d(x, kernel.view(n, 1, 13, 1), padding=(6, 0), groups=n)[0]


def field(n, side, rows, cols):
    """Smooth normal noise: rows x cols values stretched over the picture."""
    noise = torch.randn(n, 1, rows, cols)
    return F.interpolate(noise, (side, side), mode="bilinear", align_corners=False)[:, 0]


def grow(mask, pixels):
    size = 2 * pixels + 1
    rows = F.max_pool2d(mask.unsqueeze(1), (size, 1), 1, (pixels, 0))
    return F.max_pool2d(rows, (1, size), 1, (0, pixels))[:, 0]


def speckle(n, side):
    """Grain of a random size; drawn for the batch, strength per picture."""
    rows = int(torch.randint(side // 4, side, ()))
    cols = int(torch.randint(side // 8, side // 2, ()))
    noise = field(n, side, rows, cols)
    return noise / noise.std()


def draw_from_slices(slices):
    """Pictures out of label slices, u8 [n, H, W]: any grey, grain, edge and haze."""
    n, side = slices.shape[:2]
    label, sector = (slices & 7).long(), (slices >= IN_SECTOR).float()
    blood = uniform(n, 0.02, 0.3)
    grey = blood + torch.randn(n, 6, 1) * 0.04
    grey[:, 0] = uniform(n, 0.02, 0.5)[:, 0]
    wall = blood + uniform(n, 0.08, 0.45)
    grey[:, MYO] = wall[:, 0]
    x = grey[:, :, 0].gather(1, label.flatten(1)).view(n, side, side)

    myo = (label == MYO).float()
    heart = (label > 0).float()
    pools = (label >= LA).float()
    width = int(torch.randint(1, 5, ()))
    rim = (grow(pools, width) - heart).clamp(min=0)
    x = torch.lerp(x, blood + uniform(n, 0.0, 0.4), rim)
    band = (grow(heart, width + 2) - grow(heart, 1)).clamp(min=0) * chance(n, 0.4)
    x = torch.lerp(x, x + uniform(n, 0, 0.4), band)
    valve = grow((label == LV).float(), 2) * grow((label == LA).float(), 2)
    valve = valve + grow((label == RV).float(), 2) * grow((label == RA).float(), 2)
    x = torch.lerp(x, blood + uniform(n, 0.1, 0.6), valve * chance(n, 0.6))
    x = x + myo * field(n, side, 9, 9) * uniform(n, 0, 0.12)

    x = blur(x, uniform(n, 0.5, 3.0))
    x = x * torch.exp(field(n, side, 6, 6) * uniform(n, 0, 0.35))
    x = x * (1 + speckle(n, side) * uniform(n, 0, 0.45)).clamp(min=0)
    x = x + torch.linspace(-1, 1, side).view(1, side, 1) * uniform(n, -0.12, 0.12)
    x = x + uniform(n, 0, 0.08)
    masked = chance(n, 0.9)
    return (x * (sector * masked + 1 - masked)).clamp(0, 1)


def cut_out(x):
    """One soft-less dark or grey box in some pictures."""
    n, side = x.shape[:2]
    for i in torch.nonzero(torch.rand(n) < 0.2).flatten().tolist():
        r, c = torch.randint(0, side - 40, (2,)).tolist()
        h, w = torch.randint(12, 56, (2,)).tolist()
        x[i, r:r + h, c:c + w] = float(torch.rand(())) * 0.4
    return x


def disturb(x):
    """What other machines do to a picture: grey curve, gain, blur, noise, text."""
    n, side = x.shape[:2]
    lit = (x > 0.004).float()
    x = x.clamp(min=1e-4) ** torch.exp(torch.randn(n, 1, 1) * 0.25)
    x = x * torch.exp(torch.randn(n, 1, 1) * 0.2 + field(n, side, 5, 5) * uniform(n, 0, 0.2))
    x = x + uniform(n, -0.06, 0.06) * lit
    some = chance(n, 0.4)
    x = torch.lerp(x, blur(x, uniform(n, 0.3, 1.8)), some)
    x = x + torch.randn_like(x) * uniform(n, 0, 0.05) * lit
    x = x + speckle(n, side) * x * uniform(n, 0, 0.2) * chance(n, 0.5)
    return cut_out(x.clamp(0, 1))


def drop_views(x, spacing, spacing_ref, p):
    """Blacks out views, never all; returns present [B, nv]. x [B, nv, H, W] changes in place."""
    b, nv = x.shape[:2]
    present = (torch.rand(b, nv) >= p).float()
    empty = present.sum(1) == 0
    present[empty, torch.randint(0, nv, (int(empty.sum()),))] = 1
    x *= present.view(b, nv, 1, 1)
    spacing[present == 0] = spacing_ref
    return present


def frames_about(slices, image):
    """Frames [B, nv, 3] as a locator may find them: the true ones with drawn errors."""
    frames, off = upright.frames_of(slices), (PLACE_MM, TURN_DEG)
    if "upright" in image:
        off = [image["upright"][name] for name in ("place_error_mm", "turn_error_deg")]
    else:
        frames = torch.zeros_like(frames)
    times = torch.where(torch.rand(frames.shape[:2]) < FAR[0], FAR[1], 1.0).unsqueeze(2)
    place, turn = torch.tensor(off[0]) * 2 / image["field_mm"], torch.tensor(off[1]) * math.pi / 180
    error = torch.randn(frames.shape) * torch.stack([place, place, turn], 1) * times
    return upright.compose(frames, error)


def turned(images, slices, frames, image, stretch=None):
    """Pictures u8 [B, nv, H, W] as grey 0..1 and slices, turned upright by frames.

    stretch [B, 3]: how much longer the heart becomes along X, Y and Z, about.
    """
    by_view = None if stretch is None else stretch[:, torch.tensor(AXES)]
    grid = upright.grid_of(frames, image, images.shape[-1], by_view)
    scale = torch.exp(-torch.randn(len(grid), 1, 1, 1) * SCALE)  # about the middle
    middle = grid.mean((1, 2), keepdim=True)
    grid = (grid - middle) * scale + middle
    return upright.sample(images, grid) / 255, upright.sample(slices, grid, "nearest").to(torch.uint8)


def prepare(batch, image, redraw=0.3, p_drop=0.1, p_disturb=0.5, stretch=None, locate=None):
    """Network inputs of a training batch: grey [B, 3, H, W], spacing, present; and the slices.

    locate: finds the frames of samples with pictures; else they are drawn about the true ones.
    """
    frames = frames_about(batch["slices"], image)
    if locate is not None:
        with torch.no_grad():
            found = locate.find(batch["images"].float() / 255)
        frames = torch.where(batch["has_images"].view(-1, 1, 1), found, frames)
    x, slices = turned(batch["images"], batch["slices"], frames, image, stretch)
    spacing = batch["spacing"] * upright.scale_of(image)
    b, nv = x.shape[:2]
    x = x.flatten(0, 1)
    again = ~batch["has_images"].repeat_interleave(nv) | (torch.rand(b * nv) < redraw)
    rows = torch.nonzero(again).flatten()
    if len(rows):
        x[rows] = draw_from_slices(slices.flatten(0, 1)[rows])
    hit = torch.nonzero(torch.rand(b * nv) < p_disturb).flatten()
    if len(hit):
        x[hit] = disturb(x[hit])
    x = x.view(slices.shape)
    present = drop_views(x, spacing, image["spacing_ref_mm"], p_drop)
    return x, spacing, present, slices
