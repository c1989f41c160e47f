# SPDX-License-Identifier: Apache-2.0
"""Landmarks, view planes and canonical pose of a label map: written anew, apart from the engine.

The definitions are those of engine/anatomy (landmarks.h, view-plane.h, canonical.h); the rules
that find them are simpler. Label maps are uint8 [x, y, z] with an affine [4, 4], voxel to world
mm; the world may be RAS or LPS. Directions are unit vectors [3].
"""
import numpy as np
from scipy import ndimage as ndi

from hearts import LA, LV, MYO, RA, RV

# where NIfTI (RAS) puts the 64^3 voxels of 3 mm of the canonical pose (left, posterior, superior)
CANONICAL_AFFINE = np.array([[-3., 0, 0, 94.5], [0, -3, 0, 94.5], [0, 0, 3, -94.5], [0, 0, 0, 1]])


def unit(v):
    return v / np.linalg.norm(v)


def points(affine, mask):
    """World mm [n, 3] of the voxels set in mask."""
    return np.argwhere(mask) @ affine[:3, :3].T + affine[:3, 3]


def turn(v, axis, degrees):
    """v turned about a unit axis (Rodrigues)."""
    t = np.deg2rad(degrees)
    return v * np.cos(t) + np.cross(axis, v) * np.sin(t) + axis * (axis @ v) * (1 - np.cos(t))


def mitral_centre(labels, affine):
    """Middle of the LV and LA voxels that lie within a voxel of the least LV-LA distance."""
    spacing = np.linalg.norm(affine[:3, :3], axis=0)
    to_lv, to_la = (ndi.distance_transform_edt(labels != k, sampling=spacing) for k in (LV, LA))
    near = to_la[labels == LV].min() + spacing.max()
    return .5 * (points(affine, (labels == LV) & (to_la <= near)).mean(0) +
                 points(affine, (labels == LA) & (to_lv <= near)).mean(0))


def landmarks(labels, affine):
    """dict of mitral, apex, centre (points), centroid {label: point}, long_axis (base to apex),
    septal (LV to RV), anterior.

    Apex: mean of the 0.5 % of the LV farthest from the mitral centre, then farthest along the axis
    (after E-Pix2Vox++, Stojanovski 2022).
    """
    mitral = mitral_centre(labels, affine)
    p = points(affine, labels == LV)
    n = max(1, int(round(.005 * len(p))))
    apex = p[np.argsort(-np.linalg.norm(p - mitral, axis=1))[:n]].mean(0)
    for _ in range(3):
        apex = p[np.argsort(-((p - mitral) @ unit(apex - mitral)))[:n]].mean(0)
    long_axis = unit(apex - mitral)
    parts = {k: points(affine, labels == k) for k in range(1, 6)}
    centroid = {k: q.mean(0) for k, q in parts.items()}
    septal = centroid[RV] - mitral
    septal = unit(septal - (septal @ long_axis) * long_axis)
    return dict(mitral=mitral, apex=apex, long_axis=long_axis, septal=septal,
                anterior=np.cross(septal, long_axis), centroid=centroid,
                centre=np.concatenate(list(parts.values())).mean(0))


def sample(labels, affine, world):
    """Nearest label uint8 [...] at world points [..., 3]; background outside."""
    inverse = np.linalg.inv(affine)
    index = np.rint(world @ inverse[:3, :3].T + inverse[:3, 3]).astype(int)
    inside = np.all((index >= 0) & (index < labels.shape), -1)
    index = np.where(inside[..., None], index, 0)
    return np.where(inside, labels[index[..., 0], index[..., 1], index[..., 2]], 0).astype(np.uint8)


def canonical(labels, affine, lm):
    """uint8 [64, 64, 64] (X, Y, Z): the vote of 27 nearest voxels, ties to the lower label."""
    world_from_canonical = np.stack([-lm['septal'], -lm['anterior'], -lm['long_axis']])  # rows
    axis = 3 * (np.arange(64) - 31.5)
    p = np.stack(np.meshgrid(axis, axis, axis, indexing='ij'), -1)
    votes = np.zeros((6,) + p.shape[:3], np.uint8)
    for offset in np.ndindex(3, 3, 3):
        at = (p + np.array(offset) - 1) @ world_from_canonical + lm['centre']
        found = sample(labels, affine, at)
        for k in range(6):
            votes[k] += found == k
    return votes.argmax(0).astype(np.uint8)


def planes(lm):
    """{view: (a point of the central beam, right, down, normal)} of the ideal pictures"""
    apex, mitral, centroid = lm['apex'], lm['mitral'], lm['centroid']
    n = unit(np.cross(centroid[RA] - centroid[LA], apex - centroid[LA]))
    if n @ lm['anterior'] < 0:
        n = -n
    down = mitral - apex
    down = unit(down - (down @ n) * n)
    return {'A4C': (apex, np.cross(down, n), down, n),
            'A2C': (apex, lm['anterior'], -lm['long_axis'], lm['septal']),
            'PSAX': (mitral + .5 * (apex - mitral), -lm['septal'], -lm['anterior'],
                     -lm['long_axis'])}


def probes(labels, affine, lm, rng):
    """{view: dict of tip, right, down, depth}: the planes held as a hand would, a little wrong.

    Tilt within 4 degrees, spin within 6, 4 mm sideways. Apical tips stand 25 to 40 mm before the
    apex, the short-axis tip 25 mm before the anterior epicardium. depth: mm, 120 to 200, tens.
    """
    heart, muscle = points(affine, labels > 0), points(affine, labels == MYO)
    out = {}
    for view, (origin, right, down, n) in planes(lm).items():
        tilt, spin, off = rng.uniform(-4, 4), rng.uniform(-6, 6), rng.uniform(-4, 4, 2)
        down, n = turn(down, right, tilt), turn(n, right, tilt)
        right, down = turn(right, n, spin), turn(down, n, spin)
        short_axis = view == 'PSAX'
        if short_axis:
            q = muscle - origin
            before = (q @ down)[(np.abs(q @ n) < 3) & (np.abs(q @ right) < 4)].min() - 25
        else:
            before = -rng.uniform(25, 40)
        tip = origin + before * down
        tip = tip + off[0] * right + off[1] * n * (1 if short_axis else .6)
        q = heart - tip
        q = q[np.abs(q @ n) < 2]
        far = 1.05 * np.linalg.norm(q, axis=1).max() if short_axis else 1.1 * (q @ down).max()
        depth = min(200, np.ceil(max(120, far) / 10) * 10)
        out[view] = dict(tip=tip, right=right, down=down, depth=float(depth))
    return out
