# SPDX-License-Identifier: Apache-2.0
"""test_review.py PROGRAM COMMAND PICTURES   accept, edit and reject, in the real window.

Opens a phantom that COMMAND made and reconstructed, says something of every structure, moves a
surface, undoes it and does it again, and reads the study that is saved. One TAP line per step;
pictures in PICTURES."""
import json
import os
import shutil
import subprocess
import sys
import tempfile

from driver import Failed, Window, wait

PROGRAM, COMMAND, PICTURES = sys.argv[1:4]
home = tempfile.mkdtemp(prefix='ultratwin-ui-')
STUDY, OUT = os.path.join(home, 'study'), os.path.join(home, 'out')


def command(*words):
    return subprocess.run([COMMAND, *words], check=True, capture_output=True, text=True, timeout=600).stdout


def prepare():
    os.makedirs(PICTURES, exist_ok=True)
    for kind in ('DATA', 'CONFIG', 'CACHE', 'STATE'):
        os.environ[f'XDG_{kind}_HOME'] = os.path.join(home, kind.lower())
    os.makedirs(os.path.join(home, 'config', 'gtk-4.0'))
    with open(os.path.join(home, 'config', 'gtk-4.0', 'settings.ini'), 'w', encoding='utf-8') as f:
        f.write('[Settings]\ngtk-enable-animations=0\n')
    command('phantom', '--seed', '3', '--out', STUDY)
    command('reconstruct', '--study', STUDY, '--save', '--out', OUT)


def study():
    with open(os.path.join(STUDY, 'study.json'), encoding='utf-8') as f:
        return json.load(f)


def count(window, text):
    return sum(t == text for t in window.texts())


def open_menu(window, name):
    """A menu button has its action in the button inside it."""
    node = window.find(name)
    for inner in [node] + [node.get_child_at_index(i) for i in range(node.get_child_count())]:
        if inner.get_action_iface() and inner.get_action_iface().get_n_actions() > 0:
            inner.get_action_iface().do_action(0)
            return
    window.click(name)


# ---- steps ------------------------------------------------------------------------------------

def unreviewed(w):
    w.find('frame ', part=True, seconds=60)
    w.key('ctrl+4')
    w.find('3D heart', seconds=60)
    w.key('F4')
    w.find('Review', seconds=60)
    wait('five unreviewed and the badge', lambda: count(w, 'Unreviewed') == 6)


def reject(w):
    open_menu(w, 'Reject LV')
    w.find('Too large')
    w.picture(os.path.join(PICTURES, 'review-reasons.png'))
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
    open_menu(w, 'Edit LV on a copy')
    w.find('Move Surface')
    w.picture(os.path.join(PICTURES, 'review-offset.png'))
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
    open_menu(w, 'Reject RA')
    w.press('Does not fit the echo')
    w.find('Rejected: Does not fit the echo')
    w.key('ctrl+s')
    done = wait('the save', lambda: (r := study().get('reviews', {}).get('ED')) and 'RA' in r and r)
    if done['edit']['offsets'] != [{'structure': 'LV', 'offset_mm': 3.0}]:
        raise Failed(f'saved {done["edit"]}')
    if not os.path.exists(os.path.join(STUDY, 'edits', done['edit']['id'] + '.nii.gz')):
        raise Failed('the edited labels are not in the study')
    command('report', '--study', STUDY, '--out', os.path.join(PICTURES, 'review.pdf'))


def main():
    prepare()
    steps = (unreviewed, reject, accept_all, edit, saved)
    window = Window(PROGRAM, STUDY)
    print(f'1..{len(steps) + 1}', flush=True)
    status = 0
    for number, step in enumerate(steps, 1):
        try:
            step(window)
            print(f'ok {number} - {step.__name__}', flush=True)
        except (Failed, subprocess.CalledProcessError) as error:
            status = 1
            print(f'not ok {number} - {step.__name__}: {error}', flush=True)
        window.picture(os.path.join(PICTURES, f'review-{number}-{step.__name__}.png'))
    closed = window.close()
    print(f"{'ok' if closed == 0 else 'not ok'} {len(steps) + 1} - close", flush=True)
    shutil.rmtree(home)
    return status or closed


sys.exit(main())
