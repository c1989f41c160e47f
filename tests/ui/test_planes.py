# SPDX-License-Identifier: Apache-2.0
"""test_planes.py PROGRAM PICTURES COMMAND PREPARED   planes through a heart and measures on it, in the window.

Cuts the heart, shows the echo planes, adjusts
one and undoes that, moves the slices by a press on the heart, measures a distance and an angle, and
shows the surfaces voxel by voxel. One TAP line per step; pictures in PICTURES."""
import re
import sys

from case import Case
from accessible import CHECKED
from driver import Failed, Window, wait, xdotool

PROGRAM, PICTURES, _, PREPARED = sys.argv[1:]
case = Case('planes', PICTURES, PREPARED)


def is_on(w, name):
    return w.find(name, 'switch', part=True).has(CHECKED)


def says(w, part):
    """Whether a control on screen is called or described so."""
    return bool(w.controls(lambda c: part in c.text or part in c.description))


def press_heart(w, right=0, down=0):
    x, y = w.centre('3D heart')
    xdotool('mousemove', x + right, y + down, 'sleep', 0.3, 'click', 1, 'sleep', 0.3)


def headline(w):
    return w.texts(r'\A(\d+ ml|\d+ % ?\(.*\))\Z')


# ---- steps ------------------------------------------------------------------------------------

def open_planes(w):
    wait('the loops', lambda: w.texts(r'^frame \d+ of'), 60)
    w.key('ctrl+4')
    w.find('3D heart', seconds=60)
    wait('the heart', lambda: 'LV' in w.description('3D heart'), 60)
    w.press('Planes')
    w.find('Cut the heart', part=True)


def cut(w):
    """X cuts, Shift+X takes the next plane, X closes the heart again."""
    press_heart(w)
    w.key('x')
    wait('the cut', lambda: is_on(w, 'Cut the heart'))
    before = len(w.texts('^A2C$'))
    w.key('shift+x')
    wait('A2C as the plane', lambda: len(w.texts('^A2C$')) > before)
    case.picture(w, 'cut')
    w.key('x')
    wait('the whole heart', lambda: not is_on(w, 'Cut the heart'))


def echo_planes(w):
    w.key('i')
    w.find('Estimated planes, not measured')
    if not is_on(w, 'Show echo planes in 3D'):
        raise Failed('the switch does not show what I did')
    w.key('i')
    wait('no echo planes', lambda: not w.look('Estimated planes, not measured'))


def adjust_plane(w):
    w.click('A4C frame with outlines in its estimated plane')
    w.key('Right', 'Right')
    wait('an edit', lambda: says(w, 'Undo Adjust Plane'))
    w.key('ctrl+z')
    wait('the undo', lambda: says(w, 'Redo Adjust Plane'))


def move_slices(w):
    """The slices follow presses on the heart and say what is there."""
    seen = set()
    w.key('ctrl+4')
    for right, down in ((0, 20), (-150, -30), (0, -100), (150, 60)):  # RV, RA, LA, wall
        press_heart(w, right, down)
        seen.add(tuple(wait('the slices', lambda: w.texts(' slice, at '))))
    if len(seen) < 2:
        raise Failed(f'four places of the heart are the same: {seen}')
    case.picture(w, 'crosshair')
    under = wait('what is under the pointer', lambda: w.texts(' mm, canonical'))
    w.key('l')
    wait('something else, or nothing', lambda: w.texts(' mm, canonical') != under, 10)


def measure(w):
    """Two presses, a third, and nothing of it on the other phase; Escape ends, Delete deletes."""
    w.key('v')
    w.find('Caliper: press two points', part=True)
    press_heart(w, right=-50)
    press_heart(w, right=20, down=50)
    wait('the distance', lambda: re.search(r'Distance \d+\.\d mm', w.description('3D heart')))
    case.picture(w, 'distance')
    press_heart(w, right=40, down=-20)
    wait('the angle', lambda: re.search(r'Angle \d+°', w.description('3D heart')))
    w.key('F6')
    w.find('3D heart 2')
    if 'Angle' in w.description('3D heart 2'):
        raise Failed('ES shows what was measured on ED')
    w.key('F5', 'Escape')
    wait('the end', lambda: not w.look('Angle ', part=True))
    if 'Angle' not in w.description('3D heart'):
        raise Failed('the angle went with the end of measuring')
    w.key('Delete')
    wait('no angle', lambda: 'Angle' not in w.description('3D heart'))


def voxel_true(w):
    """Other surfaces, the same numbers."""
    numbers = headline(w)
    if len(numbers) < 3:
        raise Failed(f'too few numbers to compare: {numbers}')
    w.key('t')
    w.find('voxel-true', part=True)
    wait('the words', lambda: 'voxel-true' in w.description('3D heart'))
    case.picture(w, 'voxels')
    if headline(w) != numbers:
        raise Failed(f'{numbers} became {headline(w)}')
    w.key('n')
    w.find('voxel-true · colours of the smooth surface', part=True)
    wait('the map in words', lambda: 'Signed distance' in w.description('3D heart'))
    case.picture(w, 'voxels-map')
    w.key('n')
    wait('no map', lambda: 'Signed distance' not in w.description('3D heart'))
    w.key('t')
    wait('smooth surfaces', lambda: 'voxel-true' not in w.description('3D heart'))


sys.exit(case.run([open_planes, cut, echo_planes, adjust_plane, move_slices, measure, voxel_true],
                  Window(PROGRAM, case.path('study'))))
