# SPDX-License-Identifier: Apache-2.0
"""test_two_studies.py PROGRAM PICTURES COMMAND PREPARED   the heart of a second study beside the open one.

Asks for the second study, refuses one without a heart, shows both by one camera with their own
names and numbers, and leaves verdicts to the open one; opens again at the same place, and takes the
second away. One TAP line per step; pictures in PICTURES."""
import json
import shutil
import subprocess
import sys
import time

from case import Case
from driver import Failed, Window, wait, xdotool

PROGRAM, PICTURES, _, PREPARED = sys.argv[1:]
SECOND = '3D heart of the second study'
case = Case('two-studies', PICTURES, PREPARED)
BEFORE, AFTER, BARE, NEXT = case.path('study'), case.path('after'), case.path('new', 'study'), case.path('the next')


def edit(study, **members):
    """What study.json says, after @members of it were changed."""
    content = read(study)
    content.update(members)
    with open(f'{study}/study.json', 'w', encoding='utf-8') as file:
        json.dump(content, file)
    return content


def read(study):
    with open(f'{study}/study.json', encoding='utf-8') as file:
        return json.load(file)


def captions(w):
    return w.texts('^(Open|Second) study: ')


def numbers(w):
    return w.texts('(?s)^LV\u00a0EF.*RV')


def both(w, what, test):
    wait(what, lambda: all(test(w.description(name)) for name in ('3D heart', SECOND)))


# ---- steps ------------------------------------------------------------------------------------

def ask(w):
    w.find('3D heart', seconds=60)
    wait('the heart', lambda: 'LV' in w.description('3D heart'), 60)
    w.key('ctrl+4', 'shift+F7')
    w.find('Which Heart Beside This One?')
    if len(captions(w)) != 1 or 'Open study: Before' not in captions(w)[0]:
        raise Failed(f'the open heart has no name: {captions(w)}')


def refuse(w):
    w.press('Study Folder…')
    w.choose(BARE, 'Folder of the Study')
    w.find('The second study could not be opened')
    xdotool('key', 'Escape')
    wait('the window', lambda: not w.look('The second study could not be opened'))
    w.find('Which Heart Beside This One?')


def show(w):
    w.press('study.json…')
    w.choose(f'{AFTER}/study.json', 'The study.json')
    w.find(SECOND, seconds=60)
    wait('two names', lambda: len(captions(w)) == 2)
    wait('the numbers of both', lambda: len(numbers(w)) == 2, 60)
    if not w.description('3D heart').startswith('Open study: Before. ED'):
        raise Failed(w.description('3D heart'))
    if not w.description(SECOND).startswith('Second study: After. ED'):
        raise Failed(w.description(SECOND))


def together(w):
    """Phase, structures and camera are those of both; B changes the places, not the hearts."""
    left = w.centre('3D heart')[0]
    w.key('ctrl+4', '1', 'l')
    both(w, 'both from the left, without LV', lambda d: ', LV' not in d and 'seen from the left' in d)
    w.press('Show ES')
    both(w, 'ES of both', lambda d: '. ES,' in d)
    w.key('1', 'b')
    wait('another place', lambda: w.centre('3D heart')[0] > left and w.centre(SECOND)[0] == left)
    case.picture(w, 'both')
    w.key('b')


def judge(w):
    """Return accepts the open heart, and nothing while the second one has the keyboard."""
    def words():
        return {c.split()[0]: c.split('\n')[-1] for c in captions(w)}
    xdotool('mousemove', *w.centre(SECOND), 'sleep', 0.2, 'click', 1, 'sleep', 0.3)
    w.key('Return', 'v')
    time.sleep(0.5)
    if words() != {'Open': 'Unreviewed', 'Second': 'Unreviewed'} or w.look('Caliper:', part=True):
        raise Failed(f'a key in the second study did something: {words()}')
    w.key('ctrl+4', 'Return')
    wait('the verdict', lambda: words() == {'Open': 'Accepted', 'Second': 'Unreviewed'})


def come_back(w):
    """Closed and opened again: the same two; taken away: one, also the next time."""
    if w.close() != 0:
        raise Failed('the window did not close well')
    if edit(BEFORE)['ui'].get('second_study') != '../after':
        raise Failed('the second study is not kept by its way')
    w.__init__(PROGRAM, BEFORE)
    w.find(SECOND, seconds=60)
    w.press('Second study')
    w.press('Take It Away')
    wait('one heart', lambda: not w.look(SECOND) and not captions(w))


def opened_again(w):
    """The open study, asked for again right after an edit: the edit is there, and saving goes on."""
    for mirrored in (True, False):
        w.key('ctrl+1', 'm')
        subprocess.run([PROGRAM, BEFORE], check=True, timeout=60)  # hands it to the open window
        wait(f'mirrored {mirrored} on disk', lambda mirrored=mirrored: read(BEFORE)['views']['A2C']['mirrored'] == mirrored)
        w.wait_idle()
    if w.look('could not be saved', part=True):
        raise Failed('the study opened again is not saved')


def typed_into_one(w):
    """A height that was not entered yet does not come into the study that is opened next."""
    w.key('ctrl+9')
    w.press('Numbers')
    x, y = w.centre('Numbers')
    xdotool('mousemove', x, y + 300)
    wait('the controls in sight', lambda: xdotool('click', 5) or w.centre('Height in cm')[1] < y + 300, 20)
    w.click('Height in cm')
    w.type('170', 'UltraTwin')
    w.key('ctrl+Page_Down')
    w.find('The next')
    time.sleep(3)  # longer than an edit waits for its save
    if 'height_cm' in read(NEXT).get('body', {}):
        raise Failed('the height of one study came into another')


def answered_too_late(w):
    """A question about one study, answered when another one is open, is not answered for that."""
    w.key('ctrl+r')
    w.find('Name of the Study')
    subprocess.run([PROGRAM, AFTER], check=True, timeout=60)
    wait('the other study', lambda: w.look('After'))
    w.press('Rename', part=True)
    wait('the question to go', lambda: not w.look('Name of the Study'))
    time.sleep(3)
    if read(AFTER)['label'] != 'After':
        raise Failed('the name of one study went to another')


shutil.copytree(BEFORE, AFTER)
shutil.copytree(BARE, NEXT)
edit(NEXT, label='The next', references={})
edit(BEFORE, label='Before', ui={'step': 'inspect'})
edit(AFTER, label='After')
edit(BARE, references={})
sys.exit(case.run([ask, refuse, show, together, judge, come_back, opened_again, typed_into_one, answered_too_late], Window(PROGRAM, BEFORE)))
