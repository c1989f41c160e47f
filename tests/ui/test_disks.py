# SPDX-License-Identifier: Apache-2.0
"""test_disks.py PROGRAM COMMAND PICTURES   the left ventricle traced on its frames, in the window.

Opens a phantom that COMMAND made and reconstructed: traces A4C with the pointer and A2C with the
keyboard alone, sees a crossing refused, undoes, and finds the cross-check beside the twin's numbers.
One TAP line per step; pictures in PICTURES."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

from driver import Failed, Window, wait, xdotool

PROGRAM, COMMAND, PICTURES = sys.argv[1:4]
home = tempfile.mkdtemp(prefix='ultratwin-ui-')
STUDY = os.path.join(home, 'study')


def command(*words):
    subprocess.run([COMMAND, *words], check=True, capture_output=True, timeout=600)


def prepare():
    os.makedirs(PICTURES, exist_ok=True)
    for kind in ('DATA', 'CONFIG', 'CACHE', 'STATE'):
        os.environ[f'XDG_{kind}_HOME'] = os.path.join(home, kind.lower())
    command('phantom', '--seed', '3', '--out', STUDY)
    command('reconstruct', '--study', STUDY, '--save', '--out', os.path.join(home, 'out'))
    path = os.path.join(STUDY, 'study.json')
    with open(path, encoding='utf-8') as file:
        study = json.load(file)
    study['ui'] = {'step': 'mark'}
    with open(path, 'w', encoding='utf-8') as file:
        json.dump(study, file)


def set_points(w, view, *places):
    """Presses places that are so far from the middle of the picture."""
    x, y = w.centre(f'{view} loop')
    for right, down in places:
        xdotool('mousemove', x + right, y + down, 'sleep', 0.1, 'click', 1, 'sleep', 0.2)


def says(w, view, pattern):
    return lambda: re.search(pattern, w.description(f'{view} contour'))


# ---- steps ------------------------------------------------------------------------------------

def trace_by_hand(w):
    """Nine presses and T: a volume of one plane."""
    wait('the loops', lambda: any(re.match(r'frame \d+ of', t) for t in w.texts()), 60)
    w.key('ctrl+2', 'shift+d', 't')
    wait('the hint', says(w, 'A4C', 'ED: press from one end'))
    set_points(w, 'A4C', (-15, 45), (-27, 0), (-34, -47), (-24, -87), (1, -119), (38, -111), (64, -72),
               (76, -22), (86, 31))
    w.key('t')
    wait('the volume', says(w, 'A4C', r'ED \d+ ml, A4C single plane\nlong axis \d+\.\d mm'))


def refuse_crossing(w):
    """A point that would cross the line changes nothing."""
    w.key('t', 'BackSpace')
    wait('an open contour', says(w, 'A4C', 'ED: press'))
    set_points(w, 'A4C', (-80, 0))
    w.find('The contour must not cross itself.')
    w.key('ctrl+z', 'Escape')
    wait('the contour as it was', says(w, 'A4C', 'single plane'))


def trace_by_keyboard(w):
    w.key('ctrl+1', 't')
    wait('the hint', says(w, 'A2C', 'ED: press from one end'))
    up, down, right = ['shift+Up'] * 3, ['shift+Down'] * 3, ['shift+Right'] * 2
    w.key('shift+Left', 'shift+Down', 'Return', *up, 'Return', *right, 'shift+Up', 'Return', *right,
          'shift+Down', 'Return', *down, 'Return', 'Escape', pause=0.08)
    wait('both planes', says(w, 'A2C', 'ED .* ml, biplane disks'))
    wait('a warning of axes', says(w, 'A4C', 'ED .* ml, biplane disks\n.*\nAxes .* more than 10 % apart'))
    w.picture(os.path.join(PICTURES, 'disks-traced.png'))


def numbers(w):
    w.key('ctrl+4')
    w.find('3D heart', seconds=60)
    w.key('F3')
    w.find('EDV, biplane disks', seconds=60)
    if not w.look('Disks are a cross-check', part=True):
        raise Failed('the numbers stand without their note')


def delete_and_undo(w):
    w.key('ctrl+2')
    wait('the loops', lambda: w.look('A4C loop'))
    w.key('t', 'Delete', 'Escape')
    wait('A2C alone', says(w, 'A2C', 'A2C single plane'))
    w.key('ctrl+z')
    wait('both again', says(w, 'A2C', 'biplane disks'))


def main():
    prepare()
    steps = (trace_by_hand, refuse_crossing, trace_by_keyboard, numbers, delete_and_undo)
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
        window.picture(os.path.join(PICTURES, f'disks-{number}-{step.__name__}.png'))
    closed = window.close()
    print(f"{'ok' if closed == 0 else 'not ok'} {len(steps) + 1} - close", flush=True)
    shutil.rmtree(home)
    return status or closed


sys.exit(main())
