# SPDX-License-Identifier: Apache-2.0
"""test_review.py PROGRAM PICTURES COMMAND PREPARED   accept, edit and reject, in the real window.

Says something of every structure, moves a surface, undoes it and does it again, and reads the
study that is saved."""
import json
import os
import subprocess
import sys

from case import Case
from driver import Failed, Window, wait

PROGRAM, PICTURES, COMMAND, PREPARED = sys.argv[1:]
case = Case('review', PICTURES, PREPARED)
STUDY = case.path('study')


def study():
    with open(os.path.join(STUDY, 'study.json'), encoding='utf-8') as f:
        return json.load(f)


def count(window, text):
    return sum(t == text for t in window.texts())


# ---- steps ------------------------------------------------------------------------------------

def unreviewed(w):
    w.find('frame ', part=True, seconds=60)
    w.key('ctrl+4')
    w.find('3D heart', seconds=60)
    w.key('F4')
    w.find('Review', seconds=60)
    wait('five unreviewed and the badge', lambda: count(w, 'Unreviewed') == 6)


def reject(w):
    w.press('Reject LV')
    w.find('Too large')
    case.picture(w, 'reasons')
    w.press('Too large')
    w.find('Rejected: Too large')
    wait('the badge', lambda: count(w, 'Rejected') == 1)


def accept_all(w):
    """Return accepts the four that nobody has judged, in one step of undo."""
    w.click('3D heart')
    w.key('Return')
    wait('four accepted', lambda: count(w, 'Accepted') == 4)
    w.key('ctrl+z')
    wait('none accepted', lambda: count(w, 'Accepted') == 0)
    w.key('ctrl+shift+z')
    wait('four accepted again', lambda: count(w, 'Accepted') == 4)
    w.find('Rejected: Too large')


def edit(w):
    """LV 3 mm outwards: the heart is edited, LV and its wall are unreviewed, undo takes it back."""
    w.press('Edit LV on a copy')
    w.find('Move Surface')
    case.picture(w, 'offset')
    w.press('Move Surface')
    w.find('edited by hand: LV +3.0 mm', part=True)
    wait('LV and Myo', lambda: count(w, 'Unreviewed · edited') == 2)
    w.find('Edited', 'label')
    wait('the picture', lambda: 'edited stage' in (w.description('3D heart') or ''), 60)
    w.key('ctrl+z')
    w.find('as the network made it', part=True)
    w.find('Rejected: Too large')
    w.key('ctrl+shift+z')
    w.find('edited by hand: LV +3.0 mm', part=True)


def saved(w):
    """What was done stands in the study; the report of COMMAND is drawn of it."""
    w.press('Reject RA')
    w.press('Does not fit the echo')
    w.find('Rejected: Does not fit the echo')
    w.key('ctrl+s')
    done = wait('the save', lambda: (r := study().get('reviews', {}).get('ED')) and 'RA' in r and r)
    if done['edit']['offsets'] != [{'structure': 'LV', 'offset_mm': 3.0}]:
        raise Failed(f'saved {done["edit"]}')
    if not os.path.exists(os.path.join(STUDY, 'edits', done['edit']['id'] + '.nii.gz')):
        raise Failed('the edited labels are not in the study')
    subprocess.run([COMMAND, 'report', '--study', STUDY, '--out', os.path.join(PICTURES, 'review.pdf')], check=True)


sys.exit(case.run([unreviewed, reject, accept_all, edit, saved], Window(PROGRAM, STUDY)))
