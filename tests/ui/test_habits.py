# SPDX-License-Identifier: Apache-2.0
"""test_habits.py PROGRAM PICTURES COMMAND PREPARED   cases one after the other, by keys alone.

A folder of calibrated studies: from opening one to its report in 14 keys at most (one-hand case
loop), each counted. Then the list of recent studies, which says what a person called them and when,
and nothing of their folders; and the window in high contrast."""
import os
import shutil
import sys

from accessible import SELECTED
from case import Case
from driver import Window, wait

PROGRAM, PICTURES, _, PREPARED = sys.argv[1:]
case = Case('habits', PICTURES, PREPARED)
FIRST, NEXT = case.path('cases', 'secret-9'), case.path('cases', 'secret-10')
MAX_KEYS = 14


def case_loop():
    """Open the next case, look at ED and ES, reconstruct, look at stages and phases, accept, report."""
    w = Window(PROGRAM, FIRST)
    pressed = []

    def key(k, what, question):
        pressed.append(k)
        w.key(k, pause=0)
        wait(what, question, 120)
    heart = lambda word: word in w.description('3D heart')
    frames = lambda word: sum(t.startswith('frame ') and t.endswith(f', {word}') for t in w.texts()) == 3
    try:
        wait('the first case', lambda: w.look('Case nine') and w.look('A4C loop'), 60)
        key('ctrl+Page_Down', 'the next case', lambda: w.look('Case ten'))
        key('shift+d', 'ED', lambda: frames('ED'))
        key('shift+s', 'ES', lambda: frames('ES'))
        key('ctrl+Return', 'the heart', lambda: w.is_selected('Inspect') and not w.look('Cancel', 'button'))
        key('ctrl+4', 'the corrected stage', lambda: heart('corrected'))
        key('alt+2', 'the coarse stage', lambda: heart('coarse'))
        key('alt+5', 'the corrected stage again', lambda: heart('corrected'))
        key('u', 'the uncertainty', lambda: heart('Seed spread'))
        key('F6', 'ED beside ES', lambda: w.look('3D heart 2'))
        key('Return', 'it accepted', lambda: w.look('Accepted'))
        case.picture(w, 'accepted')
        key('ctrl+p', 'the report', lambda: w.look('Report, page 1 of 2'))
        print(f'# {len(pressed)} keys: {" ".join(pressed)}')
        assert len(pressed) <= MAX_KEYS, pressed
        w.key('Escape', title='Report Preview')
        wait('the preview closed', lambda: not w.look('Report, page 1 of 2'), 20)
        w.key('ctrl+2', 'ctrl+Page_Down')
        w.find('This is the last study in its folder.', seconds=10)
        assert w.close() == 0
    finally:
        w.kill()


def recent():
    """By keys from the start page to a case of yesterday."""
    w = Window(PROGRAM)
    try:
        w.find('Recent Studies')
        rows = list(dict.fromkeys(t for t in w.texts() if t in ('Case nine', 'Case ten')))  # of rows and their labels
        assert rows == ['Case ten', 'Case nine'], rows
        shown = [t for t in w.texts() if 'secret' in t or case.home in t]
        assert not shown, f'folders are shown: {shown}'
        case.picture(w, 'recent')
        w.key('Tab', 'Tab', 'Tab', 'Down', 'Return')
        wait('the case', lambda: w.look('A4C loop') and w.look('Case nine'), 60)
        assert w.close() == 0
    finally:
        w.kill()


def high_contrast():
    """Every step can be gone to; the pictures are for the eye."""
    os.environ['ADW_DEBUG_HIGH_CONTRAST'] = '1'
    w = Window(PROGRAM, NEXT)
    try:
        for step in ('Mark', 'Report', 'Inspect'):
            w.click(step, part=True)
            wait(f'the step {step}', lambda: any(c.has(SELECTED) and c.text.startswith(step) for c in w.controls()))
            case.picture(w, f'contrast-{step.lower()}')
        assert w.close() == 0
    finally:
        w.kill()


os.makedirs(case.path('cases'))
for folder, label in ((FIRST, 'Case nine'), (NEXT, 'Case ten')):
    shutil.copytree(case.path('new', 'study'), folder)
    file = os.path.join(folder, 'study.json')
    with open(file, encoding='utf-8') as f:
        text = f.read()
    with open(file, 'w', encoding='utf-8') as f:
        f.write(text.replace('Sample: phantom heart', label))
sys.exit(case.run([case_loop, recent, high_contrast]))
