# SPDX-License-Identifier: Apache-2.0
"""Two ways of painting a B-mode picture of a label map, neither of them the product's simulator.

speckled: in beam coordinates, tissue brightness times speckle, then scan converted.
smeared: on the raster, drawn noise that is blurred along the rows, no physics at all.
Both return uint8 [rows, columns], square pixels of look['pixel'] mm, the sector's tip at the middle
of the top edge, 0 outside the sector. probe: of pose.probes(). Labels 2 to 5 are blood.
"""
import numpy as np
from scipy import ndimage as ndi

from hearts import LA, LV, MYO, RA, RV
from pose import sample

blur = ndi.gaussian_filter


def draw_look(rng):
    """Brightness (grey levels) and size of one patient's pictures."""
    blood = rng.uniform(42, 62)
    return dict(pixel=float(rng.uniform(.31, .45)),  # mm
                blood=blood, muscle=blood * rng.uniform(1.9, 2.6),
                around=rng.uniform(75, 105), thin_wall=rng.uniform(110, 150),
                pericardium=rng.uniform(1.1, 1.6),  # factor
                dropout=rng.uniform(.1, .4),  # share lost at the sector's sides
                interface=rng.uniform(20, 50), valve=rng.uniform(30, 80),
                attenuation=rng.uniform(-.05, .3),  # per 100 mm, what the gain leaves
                haze=rng.uniform(0, 25))


def raster(probe, pixel, half):
    """(y, x) [rows, columns]: mm from the tip, of a sector of +-half degrees."""
    rows = int(round(probe['depth'] / pixel))
    columns = int(round(2 * probe['depth'] * np.sin(np.deg2rad(half)) / pixel))
    columns += columns % 2
    return np.meshgrid((np.arange(rows) + .5) * pixel,
                       (np.arange(columns) - (columns - 1) / 2) * pixel, indexing='ij')


def labels_at(labels, affine, probe, y, x):
    """Labels at mm below (y) and right of (x) the tip, in the picture's plane."""
    return sample(labels, affine,
                  probe['tip'] + y[..., None] * probe['down'] + x[..., None] * probe['right'])


def speckle(rng, shape, along, across, looks=4):
    """Rayleigh-like factor of mean 1: looks of complex noise of that grain, added in power."""
    power = 0
    for _ in range(looks):
        real, imaginary = (blur(rng.normal(size=shape), (along, across)) for _ in range(2))
        power = power + np.abs(real + 1j * imaginary) ** 2
    s = np.sqrt(power)
    return s / s.mean()


def from_heart(labels, affine, probe, r, t, half, pixel=.8):
    """mm to the heart at beam coordinates; measured on a raster, where mm are alike everywhere."""
    y, x = raster(probe, pixel, half)
    mm = ndi.distance_transform_edt(labels_at(labels, affine, probe, y, x) == 0, sampling=pixel)
    at = [r * np.cos(t) / pixel - .5, r * np.sin(t) / pixel + (y.shape[1] - 1) / 2]
    return ndi.map_coordinates(mm, at, order=1, mode='nearest')


def tissue(rng, lab, outside, t, half, look):
    """Brightness [samples, beams] before speckle. lab: labels there; outside: mm to the heart."""
    e = np.full(lab.shape, look['around'])
    e *= 1 + .35 * blur(rng.normal(size=lab.shape), (25, 18)) * 40  # lung and fat vary slowly
    e = np.clip(e, 25, None)
    e[(outside > 0) & (outside < 3)] = look['thin_wall']  # of RV, LA and RA
    e[(outside >= 3) & (outside < 6)] *= look['pericardium']
    e[lab == MYO] = look['muscle']
    e[lab >= LV] = look['blood']
    e[lab == MYO] *= (1 - look['dropout'] * (np.abs(t) / np.deg2rad(half)))[lab == MYO]
    return e


def interfaces(lab, r, dr, dt):
    """Share [samples, beams] of a border that faces the beam, 0 outside the heart."""
    along, across = np.gradient(blur(np.where(lab >= LV, 0., 1.), (4, 3)))
    along = np.abs(along) / dr
    across = np.abs(across) / (np.maximum(r, 10) * np.deg2rad(dt))
    return np.clip(along * 8, 0, 1) * (along / (along + across + .01)) * (lab != 0)


def speckled(labels, affine, probe, seed, look):
    rng = np.random.default_rng(seed)
    half, dr, dt = 37.5, .4, .35  # degrees, mm, degrees
    r, t = np.meshgrid(np.arange(0, probe['depth'] + dr, dr),
                       np.deg2rad(np.arange(-half, half + dt / 2, dt)), indexing='ij')
    lab = labels_at(labels, affine, probe, r * np.cos(t), r * np.sin(t))
    outside = from_heart(labels, affine, probe, r, t, half)
    e = blur(tissue(rng, lab, outside, t, half, look), (.8 / dr, 3))
    e = e + look['interface'] * interfaces(lab, r, dr, dt)
    for ventricle, atrium in ((LV, LA), (RV, RA)):
        leaflet = (ndi.binary_dilation(lab == ventricle, iterations=3) &
                   ndi.binary_dilation(lab == atrium, iterations=3))
        e = e + look['valve'] * blur(leaflet.astype(float), (2, 2))
    gain = np.exp(-look['attenuation'] * r / 100) * (1 + .6 * np.exp(-(r / 18) ** 2))
    grain = 1 + .75 * (speckle(rng, lab.shape, .5 / dr, .6 / dt) - 1)
    im = e * gain * grain + look['haze'] * np.exp(-r / 60)
    im = im * np.clip(1 + .12 * blur(rng.normal(size=lab.shape[1]), 6) * 4, .6, 1.4)  # of beams

    y, x = raster(probe, look['pixel'], half)
    radius, angle = np.hypot(y, x), np.rad2deg(np.arctan2(x, y))
    im = ndi.map_coordinates(im, [radius / dr, (angle + half) / dt], order=1, mode='nearest')
    im[(radius > probe['depth']) | (np.abs(angle) > half)] = 0
    return np.clip(im, 0, 255).astype(np.uint8)


def smeared(labels, affine, probe, seed, look):
    rng = np.random.default_rng(seed)
    half = 33.75  # degrees
    y, x = raster(probe, look['pixel'], half)
    lab = labels_at(labels, affine, probe, y, x)
    blood = lab >= LV
    outside = ndi.distance_transform_edt(lab == 0, sampling=look['pixel'])
    wall = (lab == MYO) | ((outside > 0) & (outside < 3))
    k = .4 / look['pixel']  # widths below are pixels of 0.4 mm
    im = np.where(wall, 1., np.where(blood, .42, .62))  # grey around the heart, not black
    texture = blur(rng.normal(size=im.shape), 12 * k) * 12 * k * 3.5
    im = np.where(~wall & ~blood, im * (1 + .25 * texture), im)
    im = im * rng.uniform(.55, 1.45, im.shape)
    cy, cx = rng.uniform(.2, .8) * y.max(), rng.uniform(-.3, .3) * y.max()
    sign, strength = rng.choice([-1, 1]), rng.uniform(.1, .3)  # a shadow or a bright patch
    patch = np.exp(-((y - cy) ** 2 + (x - cx) ** 2) / (2 * rng.uniform(15, 30) ** 2))
    im = im + sign * strength * patch
    im = im + rng.uniform(-.2, .2, im.shape)
    im[blood] *= .6
    im = blur(blur(im, (2 * k, 4 * k)), (2 * k, 6 * k))
    for coarse in (2, 6):  # grain of two sizes
        noise = rng.normal(size=(im.shape[0] // coarse + 2, im.shape[1] // coarse + 2)) * .05
        im = im + ndi.zoom(noise, coarse, order=1)[:im.shape[0], :im.shape[1]]
    im = np.clip(im, 0, None)
    im = im / np.percentile(im, 99.9) * rng.uniform(230, 250)
    im[(np.hypot(y, x) > probe['depth']) | (np.abs(np.rad2deg(np.arctan2(x, y))) > half)] = 0
    return np.clip(im, 0, 255).astype(np.uint8)


STYLES = {'a': speckled, 'b': smeared}
