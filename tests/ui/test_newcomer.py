# SPDX-License-Identifier: Apache-2.0
"""test_newcomer.py PROGRAM PICTURES   the first five minutes of a new user, in the real window.

Ten steps from the start page to the exported heart, on the sample study, by keys and pointer as the
help tells them; after each the window is kept as PICTURES/newcomer-NN-STEP.png, to be looked at."""
import os
import sys
import time

from case import Case
from driver import Window, wait, xdotool

PROGRAM, PICTURES = sys.argv[1:]
case = Case('newcomer', PICTURES)
EXPORT = case.path('export')


def says(w, pattern):
    return bool(w.texts(pattern))


def start(w):
    w.find('Try the Sample Case', seconds=60)
    assert says(w, 'Research use only')


def sample(w):
    w.press('Try the Sample Case')
    w.find('A4C loop', seconds=600)
    wait('three loops', lambda: len(w.texts(r'^frame \d+ of')) == 3, 60)


def calibrate(w):
    """A line of known length along the depth scale of A2C; undone, redone, undone."""
    w.key('ctrl+1', 'k')
    time.sleep(0.5)
    x, y = w.centre('A2C loop')
    xdotool('mousemove', x - 100, y - 60, 'sleep', 0.2, 'mousedown', 1, 'sleep', 0.1,
            'mousemove', x - 100, y, 'sleep', 0.1, 'mousemove', x - 100, y + 60, 'sleep', 0.2, 'mouseup', 1)
    time.sleep(0.7)
    w.type('50', 'UltraTwin')
    w.key('Return')
    manual = lambda: w.look('Manual ruler') is not None
    wait('the badge says by hand', manual, 20)
    for key, wanted in (('ctrl+z', False), ('ctrl+shift+z', True), ('ctrl+z', False)):
        w.key(key)
        wait(f'{key}', lambda: manual() == wanted, 10)


def mark(w):
    w.click('Mark', part=True)
    w.find('mitral closure', part=True, seconds=20)  # what ED and ES mean
    w.key('ctrl+2', 'shift+d')
    wait('all views at ED', lambda: len(w.texts(', ED')) == 3, 20)
    w.key('Right', 'd', 'ctrl+z')


def reconstruct(w):
    w.key('ctrl+Return', pause=0)
    wait('the Inspect step', lambda: w.is_selected('Inspect'), 300)
    w.wait_idle(300)
    wait('an EF with its interval', lambda: says(w, r'^\d+ % \(\d+–\d+\)$'), 120)


def inspect(w):
    w.key('ctrl+4', 'alt+2')
    wait('the coarse stage', lambda: 'coarse' in w.description('3D heart'), 60)
    w.key('alt+5')
    wait('the corrected stage', lambda: 'corrected' in w.description('3D heart'), 60)
    w.key('F4')
    w.find('Topology', part=True, seconds=20)


def reference(w):
    w.key('g', 'n', 'w')
    wait('the distance', lambda: 'Signed distance' in w.description('3D heart'), 20)
    assert 'with reference' in w.description('3D heart'), w.description('3D heart')


def doubt(w):
    w.key('g', 'n', 'u')
    wait('the spread', lambda: 'Seed spread' in w.description('3D heart'), 20)
    w.key('u', 'i')
    w.find('Estimated planes, not measured', seconds=20)


def compare(w):
    w.key('i', 'a')
    phase = w.description('3D heart')[:2]
    w.key('F6')
    wait('ES beside ED', lambda: w.description('3D heart 2').startswith('ES'), 20)
    w.key('F3')
    assert phase == 'ED', phase


def report(w):
    """Two pages to look at, then all files in a folder of her choice."""
    w.key('F5', 'ctrl+p')
    w.find('Save PDF…', seconds=120)
    case.picture(w, '10-preview')
    w.key('Escape', title='Report Preview')
    wait('the preview gone', lambda: w.look('Save PDF…') is None, 20)
    os.mkdir(EXPORT)
    w.key('ctrl+e')
    w.choose(EXPORT + '/', 'Choose or Make a Folder')
    wait('the numbers on disk', lambda: os.path.exists(os.path.join(EXPORT, 'result.json')), 300)
    w.find('Report, done', seconds=120)  # the toast that says so goes after 5 s


sys.exit(case.run([start, sample, calibrate, mark, reconstruct, inspect, reference, doubt, compare, report],
                  Window(PROGRAM)))
