# SPDX-License-Identifier: Apache-2.0
"""test_newcomer.py PROGRAM PICTURES   the first five minutes of a new user, in the real window.

Ten steps from the start page to the exported heart, on the sample study, by keys and pointer as the
help tells them; after each the window is kept as PICTURES/newcomer-NN-STEP.png, to be looked at."""
import os
import re
import sys

import ruler
from case import Case
from driver import Window, wait

PROGRAM, PICTURES = sys.argv[1:]
case = Case('newcomer', PICTURES, animations=True)
SAMPLE = case.path('data', 'ultratwin', 'sample')
EXPORT = case.path('export')


def says(w, pattern):
    return bool(w.texts(pattern))


def start(w):
    w.find('Try the Sample Case', seconds=60)
    assert says(w, 'Research use only')


def sample(w):
    w.key('Return')
    w.find('A4C loop', seconds=600)
    wait('three loops', lambda: len(w.texts(r'^frame \d+ of')) == 3, 60)


def calibrate(w):
    """Of two loops the size of a pixel is known; a line along the depth ticks of A2C tells that of the
    third. Undone and redone. Until then Reconstruct says what is missing."""
    assert (len(w.texts('^Sidecar file$')), len(w.texts('^Uncalibrated$'))) == (2, 1)
    w.click('Reconstruct', part=True)
    w.find('A2C is not calibrated', part=True, seconds=20)
    w.click('Calibrate', part=True)
    ruler.draw(w, SAMPLE)
    manual = lambda: w.look('Manual ruler') is not None
    for key, wanted in (('ctrl+z', False), ('ctrl+shift+z', True)):
        w.key(key)
        wait(f'{key}', lambda: manual() == wanted, 10)
    mm = [float(re.match(r'[\d.]+', text)[0]) for text in w.texts('mm per pixel')]
    assert abs(mm[0] / 0.571 - 1) < 0.03, f'{mm} mm per pixel, want 0.571 for A2C'


def mark(w):
    """Hollow marks are proposed in all views; one is moved, the others are confirmed."""
    w.click('Mark', part=True)
    w.find('mitral closure', part=True, seconds=20)  # what ED and ES mean
    w.key('shift+d')  # the loops have the keys
    wait('all views at what is proposed', lambda: len(w.texts(', ED proposed')) == 3, 20)
    w.key('Right', 'd')
    wait('the frame after it marked', lambda: w.texts(r'^frame 2 of \d+, .*, ED$'), 10)
    w.key('Left', 'd', 'y')
    wait('all marked', lambda: len(w.texts(', ED$')) == 3 and not w.texts('proposed: '), 20)


def reconstruct(w):
    """What it will go on and take is said before."""
    w.click('Reconstruct', part=True)
    w.find('of memory free. How long a run takes', part=True, seconds=20)
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
    w.click('Report', part=True, role='list item')
    w.click('Inspect', part=True, role='list item')  # the heart has the keys
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
