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


def compare_with_cohort(w):
    """A sheet about the studies of the folder; its medians stand under the numbers of each structure."""
    w.key('ctrl+shift+p')
    w.choose(case.home + '/', 'Folder That Holds the Studies')
    w.find('Cohort sheet of 1 study', part=True, seconds=60)
    with open(case.path('cohort.json'), encoding='utf-8') as file:
        sheet = json.load(file)
    if not w.texts('^1 study, 1 with numbers: 0 rejected, 0 limited, 0 accepted, 1 unreviewed'):
        raise Failed('the list of studies does not count them')
    w.press('1 · Sample: phantom heart')  # opens it again
    w.key('Escape', title='Cohort')
    wait('the medians', lambda: statistics(w), 60)
    w.key('ctrl+4', 'b', 'b')  # the table is filled again
    wait('the medians', lambda: w.texts('Medians are of the cohort sheet beside this study: 1 study'), 60)
    texts = w.texts()
    for s in STRUCTURES:  # the median of one study is its own number
        own = sheet['medians']['ed'][s]
        cells = [f"{own['dsc']:.3f}", f"{own['hd95_mm']:.1f}", f"{own['assd_mm']:.1f}"]
        if not any(t == 'median' and texts[i + 1:i + 4] == cells for i, t in enumerate(texts)):
            raise Failed(f'{s}: the medians {cells} are not on screen')
    case.picture(w, 'cohort')


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


sys.exit(case.run([open_panels, agree, compare_with_cohort, go_to_worst, brush], Window(PROGRAM, case.path('study'))))
