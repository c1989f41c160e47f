#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the cases of `ultratwin-cli evaluate --ablation`: a study of the marked frames for each
heart of a list, about a second each. Hearts that are there already stay.

A third of the hearts gets a poor ventricle, EF 0.20 to 0.50 in even steps, as in training; the
others draw theirs (0.61 +- 0.05). Probe and scanner come from the seed, which is the number of
the heart in the list.
"""
import argparse
import os
import shutil
import subprocess
import sys

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))
POOR = (0.20, 0.50)  # EF


def parse():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--cli', default=os.path.join(ROOT, 'build/app/ultratwin-cli'))
    parser.add_argument('--cohort', required=True, help='folder of NAME.nii.gz label maps')
    parser.add_argument('--list', help='names of the hearts to take',
                        default=os.path.join(ROOT, 'engine/train/splits/validation.txt'))
    parser.add_argument('--out', required=True, help='folder for the cases')
    return parser.parse_args()


def main():
    args = parse()
    with open(args.list, encoding='utf-8') as f:
        names = f.read().split()
    poor = len(names[::3])
    for i, name in enumerate(names):
        folder = os.path.join(args.out, name)
        if os.path.exists(os.path.join(folder, 'study.json')):
            continue
        shutil.rmtree(folder, ignore_errors=True)  # of a run that was cut off
        command = [args.cli, 'simulate', '--frames', 'marked', '--seed', str(i + 1),
                   '--labels', os.path.join(args.cohort, name + '.nii.gz'), '--out', folder]
        if i % 3 == 0:
            ef = POOR[0] + (POOR[1] - POOR[0]) * (i // 3) / max(1, poor - 1)
            command += ['--ef', f'{ef:.3f}']
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f'{name}: {done.stderr}')
        print(f'\r{i + 1} of {len(names)}', end='', file=sys.stderr, flush=True)
    print(file=sys.stderr)


if __name__ == '__main__':
    main()
