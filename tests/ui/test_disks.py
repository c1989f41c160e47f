# SPDX-License-Identifier: Apache-2.0
"""test_disks.py PROGRAM PICTURES COMMAND PREPARED   the left ventricle traced on its frames, in the
window: A4C with the pointer and A2C with the keyboard alone, a crossing refused, undo, and the
cross-check beside the twin's numbers."""
import json
import re
import sys

from case import Case
from driver import Failed, Window, wait, xdotool

PROGRAM, PICTURES, _, PREPARED = sys.argv[1:]
case = Case('disks', PICTURES, PREPARED)
STUDY = case.path('study')


def begin_with_marks():
    path = case.path('study', 'study.json')
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
    wait('the loops', lambda: w.texts(r'^frame \d+ of'), 60)
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
    case.picture(w, 'traced')


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


begin_with_marks()
sys.exit(case.run([trace_by_hand, refuse_crossing, trace_by_keyboard, numbers, delete_and_undo], Window(PROGRAM, STUDY)))
