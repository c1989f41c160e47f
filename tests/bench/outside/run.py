#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Scores `ultratwin-cli reconstruct` on hearts and pictures that its training has not seen.

README.md beside this file says what the rows and controls mean.
"""
import argparse
import glob
import os
import shutil
import subprocess
import sys
import tempfile
from collections import namedtuple

import nibabel as nib
import numpy as np
from PIL import Image, ImageOps
from scipy import ndimage as ndi
from scipy.spatial import cKDTree

import hearts
import paint
import pose

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), *['..'] * 3))
VIEWS = ('A4C', 'A2C', 'PSAX')
SPACING = 3  # mm, of canonical volumes
ML = SPACING ** 3 / 1000  # of a voxel

# index: seed of the heart, its probes and pictures; phases: ('ED',) or ('ED', 'ES')
Case = namedtuple('Case', 'index name phases')


def cases(args):
    """Eight own hearts, and every fifth of the list's first forty where a cohort is given."""
    names = [(f'own{i}', ('ED', 'ES')) for i in range(8)]
    if args.cohort:
        with open(args.list, encoding='utf-8') as f:
            listed = f.read().split()[:40:5]
        if len(listed) < 4:
            sys.exit(f'{os.path.basename(args.list)}: names too few hearts, want at least 16')
        names += [(name, ('ED',)) for name in listed]
    return [Case(i, *name) for i, name in enumerate(names)]


# hearts, truths and pictures ---------------------------------------------------------------------

def load_labels(path):
    """-> (labels uint8 [x, y, z], affine [4, 4], voxel to RAS mm)"""
    image = nib.load(path)
    return np.asarray(image.dataobj).astype(np.uint8), image.affine


def make(case, folder, cohort):
    """Writes truth_PHASE.nii.gz and STYLE/VIEW/ (frames and pixel size) of one heart."""
    rng = np.random.default_rng(7000 + case.index)
    if case.name.startswith('own'):
        heart = hearts.draw(rng)
        volumes = {p: hearts.build(heart, p == 'ES') for p in case.phases}
    else:
        labels, affine = load_labels(os.path.join(cohort, case.name + '.nii.gz'))
        volumes = {'ED': (hearts.largest_parts(labels), affine)}
    marks = {p: pose.landmarks(*volume) for p, volume in volumes.items()}
    for phase, volume in volumes.items():
        truth = pose.canonical(*volume, marks[phase])
        nib.save(nib.Nifti1Image(truth, pose.CANONICAL_AFFINE), f'{folder}/truth_{phase}.nii.gz')
    # the probes stay where they were at ED
    probes = pose.probes(*volumes['ED'], marks['ED'], rng)
    look = paint.draw_look(rng)
    for style, (letter, draw) in enumerate(paint.STYLES.items()):
        for i, view in enumerate(VIEWS):
            frames = [draw(*volumes[p], probes[view],
                           100000 * case.index + 100 * i + 10 * j + style, look)
                      for j, p in enumerate(case.phases)]
            write_loop(f'{folder}/{letter}/{view}', map(Image.fromarray, frames), look['pixel'])


def write_loop(folder, frames, pixel):
    """A folder of stills as the program reads them; pixel in mm."""
    os.makedirs(folder, exist_ok=True)
    for i, frame in enumerate(frames, 1):
        frame.save(f'{folder}/frame_{i:04d}.png')
    with open(f'{folder}/cine.json', 'w', encoding='utf-8') as f:
        f.write(f'{{"spacing_mm": [{pixel}, {pixel}]}}')


def make_missing(case, args):
    """The case's folder in the cache, made first where it is not there."""
    folder = os.path.join(args.cache, case.name)
    if not os.path.exists(folder):
        print('making', case.name, file=sys.stderr, flush=True)
        os.makedirs(args.cache, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=args.cache) as half_made:
            os.mkdir(half_made + '/heart')
            make(case, half_made + '/heart', args.cohort)
            os.rename(half_made + '/heart', folder)
    return folder


def mirror(source, folder):
    """Copies the pictures of one style, each mirrored left to right."""
    shutil.copytree(source, folder, dirs_exist_ok=True)
    for path in glob.glob(f'{folder}/*/*.png'):
        ImageOps.mirror(Image.open(path)).save(path)


def reconstruct(args, pictures, phases):
    """{phase: uint8 [64, 64, 64]} that the program answers to the loops in pictures/VIEW."""
    with tempfile.TemporaryDirectory() as out:
        command = [args.cli, 'reconstruct', '--device', 'cpu', '--out', out]
        for view in VIEWS:
            command += [f'--{view.lower()}', f'{pictures}/{view}']
        for frame, phase in enumerate(phases, 1):
            command += [f'--{phase.lower()}', ','.join(f'{view}:{frame}' for view in VIEWS)]
        command += ['--model', args.weights] if args.weights else []
        command += ['--steps', str(args.steps)] if args.steps else []
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f'{" ".join(command)}\n{done.stdout}{done.stderr}')
        answers = {p: load_labels(f'{out}/{p.lower()}.nii.gz') for p in phases}
    for labels, affine in answers.values():
        if not np.allclose(affine, pose.CANONICAL_AFFINE):
            sys.exit(f'{pictures}: the answer does not stand in the canonical pose:\n{affine}')
    return {p: labels for p, (labels, _) in answers.items()}


# measures ----------------------------------------------------------------------------------------

def surface(mask):
    """Indices [n, 3] of the set voxels with an unset face neighbour (or the cube's face)."""
    return np.argwhere(mask & ~ndi.binary_erosion(mask))


def score(answer, truth):
    """[5, 3]: DSC in %, HD in voxels, volume difference in ml, of each structure."""
    rows = []
    for k in range(1, 6):
        a, b = answer == k, truth == k
        n, m = int(a.sum()), int(b.sum())
        dsc = 200. * (a & b).sum() / (n + m) if n + m else 100.
        hd = 63 * 3 ** .5 if n + m else 0.  # the cube's diagonal where one is missing
        if n and m:
            p, q = surface(a), surface(b)
            hd = max(cKDTree(q).query(p)[0].max(), cKDTree(p).query(q)[0].max())
        rows.append((dsc, hd, (n - m) * ML))
    return np.array(rows)


def resized(labels, factor):
    """The label map scaled about the middle of the cube."""
    axis = (np.arange(64) - 31.5) / factor + 31.5
    at = np.stack(np.meshgrid(axis, axis, axis, indexing='ij'))
    return ndi.map_coordinates(labels, at, order=0, mode='constant')


def to_size_of(labels, like):
    """labels, scaled to the total volume of like."""
    return resized(labels, ((like > 0).sum() / max(1, (labels > 0).sum())) ** (1 / 3))


def mean_heart(volumes):
    """Most frequent label per voxel; ties to the lower one."""
    return np.stack([sum((v == k).astype(np.uint16) for v in volumes)
                     for k in range(6)]).argmax(0).astype(np.uint8)


def ejection_fraction(ed, es):
    return 100 * (1 - (es == hearts.LV).sum() / (ed == hearts.LV).sum())


# tables ------------------------------------------------------------------------------------------

def head():
    print('DSC in %; HD: mean of the structures; E_vol: mean |ml|; ml: answer - truth')
    print(f'{"":24}   n |   Myo    LV    LA    RV    RA |  mean | HD vx    mm | E_vol '
          '|    Myo     LV     LA     RV     RA')


def row(name, scores):
    """Prints the mean over hearts of scores, a list of score()."""
    s = np.array(scores)  # [n, 5, 3]
    dsc, hd, ml = s.mean(0).T
    print(f'{name:24} {len(s):3} | ' + ' '.join(f'{x:5.1f}' for x in dsc) + f' | {dsc.mean():5.1f} '
          f'| {hd.mean():5.2f} {SPACING * hd.mean():5.1f} | {np.abs(s[..., 2]).mean():5.1f} | '
          + ' '.join(f'{x:+6.1f}' for x in ml))


def print_others(groups, truth, answers):
    print("-- other: another heart's answer; resized: the same, as large as the own answer")
    for style in paint.STYLES:
        for group, keys in groups.items():
            pairs = [(k, keys[(i + j) % len(keys)]) for i, k in enumerate(keys) for j in (1, 3)]
            row(f'{group}, {style} other', [score(answers[style][o], truth[k]) for k, o in pairs])
            row(f'{group}, {style} resized',
                [score(to_size_of(answers[style][o], answers[style][k]), truth[k])
                 for k, o in pairs])


def print_mirrored(args, chosen, groups, truth):
    print('-- ED pictures mirrored left to right')
    answers = {}
    for case in chosen:
        with tempfile.TemporaryDirectory() as folder:
            mirror(f'{args.cache}/{case.name}/a', folder)
            answers[case.name, 'ED'] = reconstruct(args, folder, ('ED',))['ED']
    for group, keys in groups.items():
        if group.endswith('ED'):
            row(f'{group}, a mirrored', [score(answers[k], truth[k]) for k in keys])


def print_fixed(groups, truth):
    print('-- fixed answers, without a picture')
    for group, keys in groups.items():
        row(f'{group}, one mean',
            [score(mean_heart([v for o, v in truth.items() if o[0] != k[0]]), truth[k])
             for k in keys])
    for group, keys in groups.items():
        means = {k: mean_heart([truth[o] for o in keys if o != k]) for k in keys}
        row(f'{group}, its own mean', [score(means[k], truth[k]) for k in keys])
        row(f'{group}, mean, sized', [score(to_size_of(means[k], truth[k]), truth[k])
                                      for k in keys])
    if 'cohort ED' in groups:
        cohort = mean_heart([truth[k] for k in groups['cohort ED']])
        for group in ('own ED', 'own ES'):
            row(f'{group}, cohort mean', [score(cohort, truth[k]) for k in groups[group]])


def print_ejection(chosen, truth, answers):
    print('-- EF of the own hearts in points: truth, answers to ' + ' and '.join(paint.STYLES))
    for case in chosen:
        if len(case.phases) == 2:
            keys = [(case.name, p) for p in case.phases]
            values = [ejection_fraction(*(v[k] for k in keys)) for v in (truth, *answers.values())]
            print(f'{case.name:24}     | ' + ' '.join(f'{x:5.1f}' for x in values))


def parse():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--cli', default=os.path.join(ROOT, 'build/app/ultratwin-cli'))
    parser.add_argument('--weights', help='weight file; without it the shipped one')
    parser.add_argument('--steps', type=int, help="of the sampler; default: the weight file's")
    parser.add_argument('--cache', help='where hearts and pictures are kept between runs',
                        default=os.path.join(tempfile.gettempdir(), 'ultratwin-outside'))
    parser.add_argument('--cohort', help='folder of NAME.nii.gz label maps (1 to 5 as the engine)')
    parser.add_argument('--list', help='names of the cohort hearts to take',
                        default=os.path.join(ROOT, 'engine/train/splits/validation.txt'))
    parser.add_argument('--mirror', action='store_true', help='also mirrored pictures')
    parser.add_argument('--per-case', action='store_true', help='also a row per heart')
    args = parser.parse_args()
    if not os.access(args.cli, os.X_OK):
        parser.error(f'{args.cli}: no such program; build it, or name it by --cli')
    return args


def group_keys(truth):
    """{'own ED': [(name, phase), ...], 'own ES': ..., 'cohort ED': ...}; empty groups left out"""
    groups = {}
    for name, phase in truth:
        kind = 'own' if name.startswith('own') else 'cohort'
        groups.setdefault(f'{kind} {phase}', []).append((name, phase))
    return groups


def main():
    args = parse()
    chosen, truth = cases(args), {}
    answers = {style: {} for style in paint.STYLES}  # {style: {(name, phase): [64, 64, 64]}}
    for case in chosen:
        folder = make_missing(case, args)
        for phase in case.phases:
            truth[case.name, phase] = load_labels(f'{folder}/truth_{phase}.nii.gz')[0]
        for style, found in answers.items():
            for phase, labels in reconstruct(args, f'{folder}/{style}', case.phases).items():
                found[case.name, phase] = labels
    groups = group_keys(truth)
    head()
    for style, found in answers.items():
        for group, keys in groups.items():
            row(f'{group}, {style}', [score(found[k], truth[k]) for k in keys])
    print_others(groups, truth, answers)
    if args.mirror:
        print_mirrored(args, chosen, groups, truth)
    print_fixed(groups, truth)
    print_ejection(chosen, truth, answers)
    if args.per_case:
        print('-- each heart')
        for key, heart in truth.items():
            for style, found in answers.items():
                row(' '.join((*key, style)), [score(found[key], heart)])


if __name__ == '__main__':
    main()
