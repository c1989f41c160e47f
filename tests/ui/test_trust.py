# SPDX-License-Identifier: Apache-2.0
"""test_trust.py PROGRAM PICTURES COMMAND PREPARED   what speaks for and against a heart, in the real window.

Goes through the panels of the Trust page of a phantom, whose truth is known: numbers there agree
with those of COMMAND, the worst spot is gone to and marked, a range brushed by keys changes what the
chart says."""
import json
import re
import subprocess
import sys

from case import Case
from driver import Failed, Window, wait

PROGRAM, PICTURES, COMMAND, PREPARED = sys.argv[1:]
STRUCTURES = ('LV', 'RV', 'LA', 'RA', 'Myo')
case = Case('trust', PICTURES, PREPARED)


def evaluated():
    return json.loads(subprocess.run(
        [COMMAND, 'evaluate', '--pred', case.path('out', 'ed.nii.gz'), '--ref', case.path('study', 'reference_ed.nii.gz')],
        check=True, stdout=subprocess.PIPE).stdout)


def rows(window):
    """Cells on screen, by the structure whose row they stand in, all tables one after the other."""
    found, row = {s: [] for s in STRUCTURES}, None
    for text in window.texts():
        if text in STRUCTURES:
            row = text
        elif row and re.fullmatch(r'[–+\-0-9.() ]+', text):
            found[row].append(text)
        else:
            row = None
    return found


def statistics(window):
    return next(iter(window.texts('(?s)^Mean .*percentile')), None)


# ---- steps ------------------------------------------------------------------------------------

def open_panels(w):
    wait('the loops', lambda: w.texts(r'^frame \d+ of'), 60)
    w.key('ctrl+4')
    w.find('3D heart', seconds=60)
    w.key('F4')
    wait('the statistics', lambda: statistics(w), 60)
    wait('the findings', lambda: w.texts('stage:'), 60)


def agree(w):
    """Agreement and topology are those of the command, to the digits shown."""
    wanted = evaluated()
    shown = wait('all tables', lambda: (r := rows(w)) and all(len(c) >= 8 for c in r.values()) and r, 60)
    for s in STRUCTURES:
        own, counts = wanted['structures'][s], wanted['topology']
        cells = [f"{own['dsc']:.3f}"] + [
            f"{own[k + '_mm']:.1f} ({own[k + '_voxels']:.1f})" for k in ('hd', 'hd95', 'assd')]
        cells += [f"{own['volume_error_ml']:.0f}"]
        cells += [str(counts[k][s]) for k in ('n_parts', 'n_cavities', 'n_handles')]
        if shown[s][:8] != cells:
            raise Failed(f'{s}: shown {shown[s][:8]}, the command says {cells}')


def go_to_worst(w):
    before = w.description('3D heart')
    w.press('Worst Spot')
    wait('the distance map', lambda: 'distance' in (w.description('3D heart') or ''))
    if w.description('3D heart') == before:
        raise Failed('the picture in words did not change')


def brush(w):
    """Two presses of a key choose and move a range; Escape lets it go."""
    w.click('Histogram of the signed distance')
    w.key('Right', 'Right')
    said = wait('the range', lambda: next(iter(w.texts(r'of the surface\. Escape')), None))
    if not re.match(r'\+0\.25 to \+0\.50 mm: \d+ %', said):
        raise Failed(f'the range reads “{said}”')
    case.picture(w, 'brush')
    w.key('Escape')
    w.find('Drag over the chart', part=True)


sys.exit(case.run([open_panels, agree, go_to_worst, brush], Window(PROGRAM, case.path('study'))))
