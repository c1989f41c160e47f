# SPDX-License-Identifier: Apache-2.0
"""Corrupted hearts for the autoencoder: labels in, volumes u in [-1, 1] and beyond out.

Chances and amounts are those of the specification; the order is labels first (distortion,
swapping, masking), then the blur of the one-hot channels, then noise.
"""
import numpy as np
import torch

N, V = 6, 64
CLEAN = 0.1
CHANCE = {"diffusion": 0.4, "plain": 0.3, "mask": 0.5, "swap": 0.5, "boundary": 0.3, "soft": 0.3}
LAST_STEP = 900


def neighbour_max(mask, steps=1):
    """6-neighbourhood dilation of a boolean volume."""
    for _ in range(steps):
        grown = mask.copy()
        for axis in range(3):
            a, b = np.moveaxis(grown, axis, 0), np.moveaxis(mask, axis, 0)
            a[1:] |= b[:-1]
            a[:-1] |= b[1:]
        mask = grown
    return mask


def near_boundary(labels, depth=2):
    """Voxels within depth steps of a change of label."""
    edge = np.zeros(labels.shape, bool)
    for axis in range(3):
        a, e = np.moveaxis(labels, axis, 0), np.moveaxis(edge, axis, 0)
        differs = a[1:] != a[:-1]
        e[1:] |= differs
        e[:-1] |= differs
    return neighbour_max(edge, depth - 1)


def box(rng, low, high, around=None):
    """Slices of a random cuboid with sides low..high, inside the cube."""
    side = rng.integers(low, high + 1, 3)
    corner = rng.integers(0, V - side + 1) if around is None else around - side // 2
    corner = np.clip(corner, 0, V - side)
    return tuple(slice(c, c + s) for c, s in zip(corner, side))


def distort(labels, rng):
    """One structure grows or shrinks by a voxel, or gains or loses a cube on its surface."""
    present = [c for c in range(1, N) if (labels == c).any()]
    if not present:
        return
    c = rng.choice(present)
    inside = labels == c
    kind = rng.integers(4)
    if kind == 0:
        labels[neighbour_max(inside)] = c
        return
    edge = inside & neighbour_max(~inside)
    if kind == 1:
        labels[edge] = 0
        return
    where = np.argwhere(edge)
    cube = box(rng, 4, 8, where[rng.integers(len(where))])
    if kind == 2:
        labels[cube] = c
    else:
        labels[cube][inside[cube]] = 0


def swap(labels, rng):
    """Exchanges single voxels, then up to three pairs of near blocks."""
    n = int(rng.uniform(0, 0.1) * labels.size / 2)
    flat = labels.reshape(-1)
    pairs = rng.integers(0, labels.size, (2, n))
    flat[pairs[0]], flat[pairs[1]] = flat[pairs[1]], flat[pairs[0]]
    for _ in range(rng.integers(0, 4)):
        side = rng.integers(6, 11, 3)
        a = rng.integers(0, V - side + 1)
        shift = rng.normal(size=3)
        shift *= rng.uniform(0, 12) / np.linalg.norm(shift)
        b = np.clip(a + np.rint(shift).astype(int), 0, V - side)
        one, two = (tuple(slice(c, c + s) for c, s in zip(p, side)) for p in (a, b))
        first = labels[one].copy()
        labels[one] = labels[two]
        labels[two] = first


def blur_matrix(sigma):
    """Gaussian along one axis [V, V], rows sum to 1 at the border, too."""
    i = torch.arange(V, dtype=torch.float32)
    m = torch.exp(-0.5 * ((i[:, None] - i) / sigma) ** 2)
    return m / m.sum(1, keepdim=True)


def soften(q, sigma):
    """Separable blur of one-hot channels [N, V, V, V]; they still sum to 1."""
    m = blur_matrix(sigma)
    q = q @ m.t()
    q = m @ q
    return (m @ q.flatten(2)).view_as(q)


class Corrupter:
    """alpha_bar: noise schedule. Draws from its own generator, so a seed fixes all."""

    def __init__(self, alpha_bar, seed):
        self.alpha_bar = alpha_bar
        self.rng = np.random.default_rng(seed)
        noise = torch.Generator().manual_seed(int(seed))
        self.noise = torch.randn(N * V**3 * 4, generator=noise)

    def normal(self):
        """[N, V, V, V]: a window of one long buffer, without the price of drawing."""
        start = int(self.rng.integers(0, len(self.noise) - N * V**3))
        sign = 1 if self.rng.random() < 0.5 else -1
        return self.noise[start:start + N * V**3].view(N, V, V, V) * sign

    def one(self, labels):
        """Labels u8 [V, V, V] -> u [N, V, V, V]."""
        rng = self.rng
        do = {k: rng.random() < p for k, p in CHANCE.items()}
        if rng.random() < CLEAN:
            do = dict.fromkeys(do, False)
        labels, blank = labels.copy(), []
        if do["boundary"]:
            distort(labels, rng)
        if do["swap"]:
            swap(labels, rng)
        for _ in range(rng.integers(1, 7) if do["mask"] else 0):
            cuboid = box(rng, 6, 20)
            if rng.random() < 0.5:
                labels[cuboid] = 0
            else:
                blank.append(cuboid)
        u = torch.from_numpy(labels[None] == np.arange(N, dtype=np.uint8)[:, None, None, None])
        u = u.float()
        if do["soft"]:
            u = soften(u, rng.uniform(0.5, 1.2))
        u = 2 * u - 1
        for cuboid in blank:
            u[(slice(None),) + cuboid] = 0
        if do["diffusion"]:
            ab = self.alpha_bar[rng.integers(0, LAST_STEP)]
            u = u.mul_(float(ab**0.5)).add_(self.normal(), alpha=float((1 - ab) ** 0.5))
        if do["plain"]:
            u.add_(self.normal(), alpha=float(rng.uniform(0, 0.5)))
        return u

    def batch(self, labels):
        """u8 [B, V, V, V] -> u [B, N, V, V, V]"""
        return torch.stack([self.one(one) for one in labels])
