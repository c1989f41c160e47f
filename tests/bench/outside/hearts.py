# SPDX-License-Identifier: Apache-2.0
"""Schematic four-chamber hearts of few numbers, unlike the phantom and the training hearts.

Heart frame, mm: X septum to lateral wall, Y anterior to inferior, Z apex to base, right-handed;
the ED endocardial apex is the origin. World: RAS mm, as NIfTI has it. Volumes in ml.
All shapes are level sets (negative inside, about mm): ellipsoids cut by valve planes.
Ranges: by hand, adults from healthy to mildly ill.
"""
import numpy as np
from scipy import ndimage as ndi
from scipy import optimize

MYO, LV, LA, RV, RA = range(1, 6)
SPACING = 1.5  # mm
HALF = 95  # mm, half the side of the grid
CENTRE = np.array([-14., 0, 52.])  # heart-frame point in the middle of the grid


def ellipsoid(p, centre, radii):
    """Level set [...] of an ellipsoid at points p [3, ...]; the distance to first order."""
    q = [p[i] - centre[i] for i in range(3)]
    k0 = np.sqrt(sum((q[i] / radii[i]) ** 2 for i in range(3)))
    k1 = np.sqrt(sum((q[i] / radii[i] ** 2) ** 2 for i in range(3))) + 1e-9
    return k0 * (k0 - 1) / k1


def smooth_union(a, b, k):
    """Union of two level sets, rounded over k mm (polynomial smooth minimum)."""
    h = np.clip(0.5 + 0.5 * (b - a) / k, 0, 1)
    return b * (1 - h) + a * h - k * h * (1 - h)


def share_below(h):
    """Share of an ellipsoid's volume below the plane h semi-axes above its centre."""
    return (2 / 3 + h - h ** 3 / 3) / (4 / 3)


def cut_volume(r, c, h):
    """ml of an ellipsoid with semi-axes r, r, c (mm), cut h semi-axes above its centre."""
    return 4 / 3 * np.pi * r ** 2 * c * share_below(h) / 1000


def orientation(rng):
    """Rotation [3, 3], columns = heart axes in RAS: a usual position, 15 degrees about each."""
    z = np.array([0.55, -0.55, 0.63])  # the base lies to the right, behind and above
    z /= np.linalg.norm(z)
    y = -np.array([-0.32, 0.30, 0.90])
    y -= z * (y @ z)
    y /= np.linalg.norm(y)
    angles = np.deg2rad(rng.uniform(-15, 15, 3))
    (cx, cy, cz), (sx, sy, sz) = np.cos(angles), np.sin(angles)
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    return np.stack([np.cross(y, z), y, z], 1) @ (about_x @ about_y @ about_z)


def draw(rng):
    """The numbers of one heart, both phases."""
    lv = rng.uniform(85, 148)
    return dict(
        lv=lv,  # ml at ED
        wall=rng.uniform(8, 10.5),  # mm at ED; at ES it follows from an unchanged muscle volume
        length=rng.normal(82, 5) * (lv / 115) ** (1 / 4),  # mm, apex to base at ED
        cut=rng.uniform(0.25, 0.45),  # base plane above the ellipsoid's centre, semi-axes
        aspect=rng.uniform(0.94, 1.06),  # x to y
        ef=rng.uniform(0.48, 0.68),
        descent=rng.uniform(10, 15),  # mm of the base, ED to ES
        la=rng.uniform(42, 78), la_growth=rng.uniform(1.25, 1.6),  # ml at ED, factor at ES
        ra=rng.uniform(50, 88), ra_growth=rng.uniform(1.2, 1.5),
        rv=lv * rng.uniform(1.05, 1.35), rv_ef=rng.uniform(0.45, 0.58),
        tilt=rng.uniform(-6, 6, 2),  # of the base plane, degrees along x and y
        rv_y=rng.uniform(-4, 5), rv_apex=rng.uniform(6, 16),  # mm
        la_y=rng.uniform(0, 7), la_x=rng.uniform(-10, 0),  # mm
        la_aspect=rng.uniform(0.85, 1.1), ra_aspect=rng.uniform(0.85, 1.1),
        ra_y=rng.uniform(8, 18),  # mm
        tricuspid=rng.uniform(7, 13),  # mm from the mitral plane towards the apex
        # knots of a smooth warp, 65 mm apart; the unused rest of the draw keeps each seed's heart
        warp=rng.normal(0, 1, (3, 3, 5, 5, 5))[0], warp_mm=rng.uniform(0.8, 1.6),
        axes=orientation(rng))


def grid(heart):
    """-> (points [3, n, n, n], heart frame, warped; affine [4, 4], voxel to RAS mm)"""
    n = int(2 * HALF / SPACING) + 1
    axis = (np.arange(n) - (n - 1) / 2) * SPACING
    world = np.stack(np.meshgrid(axis, axis, axis, indexing='ij')).astype(np.float32)
    p = np.einsum('ji,jxyz->ixyz', heart['axes'], world) + CENTRE[:, None, None, None]
    knots = np.stack([(p[i] - CENTRE[i] + 130) / 260 * 4 for i in range(3)])
    move = [ndi.map_coordinates(w, knots, order=3, mode='nearest') for w in heart['warp']]
    affine = np.diag([SPACING, SPACING, SPACING, 1.])
    affine[:3, 3] = axis[0]
    return p + heart['warp_mm'] * np.stack(move), affine


def left_ventricle(heart, es):
    """-> (c, r, wall, base): the ellipsoid's long and short semi-axis, wall, height of base; mm"""
    def axes(volume, length, h):
        c = length / (1 + h)
        return c, np.sqrt(volume * 1000 / (4 / 3 * np.pi * c * share_below(h)))

    def muscle(wall, c, r, h, volume):
        return cut_volume(r + wall, c + wall, h * c / (c + wall)) - volume

    h, wall = heart['cut'], heart['wall']
    c, r = axes(heart['lv'], heart['length'], h)
    if es:
        ml = muscle(wall, c, r, h, heart['lv'])
        h, volume = h * 0.9, heart['lv'] * (1 - heart['ef'])
        c, r = axes(volume, heart['length'] - heart['descent'], h)
        wall = optimize.brentq(lambda w: muscle(w, c, r, h, volume) - ml, 3, 30)
    return c, r, wall, c + h * c


def right_ventricle(p, heart, es, valve, z_valve, epicardium, outer, wall):
    """Level set of a crescent that leans on the septum, with outflow tract; sized by bisection.

    outer: LV radius with wall, mm; valve: level set of the tricuspid plane, z_valve its height.
    """
    leaning = np.stack([p[0] - .28 * (z_valve - p[2]), p[1], p[2]])
    length = z_valve - heart['rv_apex'] + wall

    def level(k):
        body = ellipsoid(leaning, (-outer * 0.7, heart['rv_y'], z_valve - length * .12),
                         (outer * 0.6 + k, outer * 0.8 + 0.4 * k, length * .9))
        outflow = ellipsoid(p, (-outer * 0.4, -outer * 0.95, z_valve + 6),
                            (11 + .2 * k, 11 + .2 * k, 24))
        return np.maximum(smooth_union(np.maximum(body, valve), outflow, 8), -(epicardium - 0.3))

    target = heart['rv'] * (1 - heart['rv_ef'] if es else 1)
    low, high = 0., 40.
    for _ in range(9):
        middle = .5 * (low + high)
        if (level(middle) < 0).sum() * SPACING ** 3 / 1000 < target:
            low = middle
        else:
            high = middle
    return level(low)


def atrium_radii(volume, aspect):
    """Semi-axes (x, y, z) in mm of an atrium of that many ml, which its valve plane cuts."""
    r = (volume * 1000 / (4 / 3 * np.pi * share_below(0.72))) ** (1 / 3)
    return r * aspect, r / 1.05, r / aspect * 1.05


def atria(p, heart, es, mitral, tricuspid, heights, x_ra):
    """Level sets (LA, RA) on their valve planes; moved apart to keep a septum of about 4 mm.

    heights: of the two planes under the atria's centres, mm.
    """
    la = atrium_radii(heart['la'] * (heart['la_growth'] if es else 1), heart['la_aspect'])
    ra = atrium_radii(heart['ra'] * (heart['ra_growth'] if es else 1), heart['ra_aspect'])
    gap_y = heart['la_y'] - heart['ra_y']
    apart = np.sqrt(max(0, (la[0] + ra[0] + 4) ** 2 - gap_y ** 2)) - (heart['la_x'] - x_ra)
    shift = max(0, apart) / 2
    at_la = heart['la_x'] + shift, heart['la_y'], heights[0] + 0.72 * la[2]
    at_ra = x_ra - shift, heart['ra_y'], heights[1] + 0.72 * ra[2]
    return (np.maximum(ellipsoid(p, at_la, la), -mitral),
            np.maximum(ellipsoid(p, at_ra, ra), -tricuspid))


def build(heart, es):
    """-> (labels uint8 [n, n, n] in (x, y, z), affine [4, 4], voxel to RAS mm) of one phase"""
    p, affine = grid(heart)
    c, r, wall, base = left_ventricle(heart, es)
    tx, ty = np.tan(np.deg2rad(heart['tilt']))
    mitral = p[2] - (base + tx * p[0] + ty * p[1])  # > 0 on the atrial side
    z_valve, steep = base - heart['tricuspid'] - (4 if es else 0), tx + .2
    tricuspid = p[2] - (z_valve + steep * (p[0] + 40) + ty * p[1])

    rx, ry = r * heart['aspect'], r / heart['aspect']
    epicardium = ellipsoid(p, (0, 0, c), (rx + wall, ry + wall, c + wall))
    cut_epicardium = np.maximum(epicardium, mitral)
    lv = np.maximum(ellipsoid(p, (0, 0, c), (rx, ry, c)), mitral)
    outer = r + wall
    rv = right_ventricle(p, heart, es, tricuspid, z_valve, epicardium, outer, wall)
    x_ra = -outer * 0.62 - 20
    heights = (base + tx * heart['la_x'] + ty * heart['la_y'],
               z_valve + steep * (x_ra + 40) + ty * heart['ra_y'])
    la, ra = atria(p, heart, es, mitral, tricuspid, heights, x_ra)

    labels = np.zeros(p.shape[1:], np.uint8)
    labels[rv < 0] = RV
    labels[(ra < 0) & (labels == 0) & (cut_epicardium > 1.5)] = RA
    labels[(la < 0) & (ra > 3) & (labels == 0)] = LA
    labels[cut_epicardium < 0] = MYO
    labels[lv < 0] = LV
    return largest_parts(labels), affine


def largest_parts(labels):
    """The largest 6-connected part of each structure; the rest becomes background."""
    out = np.zeros_like(labels)
    for k in range(1, 6):
        parts, n = ndi.label(labels == k)
        if n:
            out[parts == np.argmax(np.bincount(parts.ravel())[1:]) + 1] = k
    return out
