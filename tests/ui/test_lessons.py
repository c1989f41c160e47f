# SPDX-License-Identifier: Apache-2.0
"""test_lessons.py PROGRAM PICTURES COMMAND PREPARED   every lesson from its first step to its last.

Walks through each lesson: does what a step asks for where it
asks, presses Next elsewhere, sees that each control that is pointed at is there and that numbers
stand in the text. Leaving brings the study back."""
import json
import os
import re
import sys

from case import Case
from driver import Failed, Window, wait

PROGRAM, PICTURES, _, PREPARED = sys.argv[1:]
LESSONS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'resources', 'lessons')
case = Case('lessons', PICTURES, PREPARED)


def act(w, wanted):
    """What a person does where a step waits for it."""
    (key, value), = wanted.items()
    if key == 'phase':
        w.press(f'Show {value}')
    elif key == 'layout':
        w.press({'phases': 'ED beside ES', 'stages': 'Four stages side by side'}[value])
    elif key == 'stage':
        w.key('ctrl+4', f'alt+{("template", "coarse", "refined", "autoencoder", "corrected").index(value) + 1}')
    else:
        w.key('ctrl+4', {'beat': 'space', 'echo': 'i'}[key])


def walk(w, number, name):
    """From the list to the last step, then Finish."""
    with open(os.path.join(LESSONS, name), encoding='utf-8') as f:
        lesson = json.load(f)
    steps = lesson['steps']
    w.key('ctrl+shift+F1')
    w.find('Open a Lesson File…', part=True)
    w.click(lesson['title']['en'])
    for n, step in enumerate(steps, 1):
        w.find(f'Step {n} of {len(steps)}', seconds=60)
        text = re.escape(step['text']['en'])
        text = re.sub(r'\\\{.*?\\\}', r'[≥ ]*\\d.*', text)
        wait(f'the text of step {n}', lambda: any(re.fullmatch(text, t) for t in w.texts()), 60)
        if 'point' in step and not any(t.startswith(('See: ', 'Try it: ')) for t in w.texts()):
            raise Failed(f'{name}, step {n} points at nothing')
        case.picture(w, f'{number}-{n}')
        if 'wait' in step:
            act(w, step['wait'])
        else:  # the last one goes back to the study
            w.key('alt+Right')
    back(w)


def back(w):
    wait('the card to go', lambda: not w.look('Leave'))
    wait('the loops of the study', lambda: any(re.match(r'frame \d+ of', t) for t in w.texts()))


def ed_against_es(w):
    wait('the loops', lambda: any(re.match(r'frame \d+ of', t) for t in w.texts()), 60)
    walk(w, 1, '1-ed-against-es.json')


def how_a_twin_is_made(w):
    walk(w, 2, '2-how-a-twin-is-made.json')


def topology_correction(w):
    walk(w, 3, '3-topology-correction.json')


def faults_before_and_after(w):
    """The report of the broken stage names all three; that of the corrected one none of them."""
    w.key('ctrl+shift+F1')
    w.click('What topology correction does')
    w.find('Step 1 of', part=True, seconds=60)
    for fault in ('RV: a separate part', 'Myo: an enclosed cavity', 'Gap in the wall'):
        w.find(fault, part=True, seconds=60)
    w.key('ctrl+4', 'alt+5')
    for fault in ('RV: a separate part', 'Myo: an enclosed cavity', 'Gap in the wall'):
        wait(f'no “{fault}”', lambda: not w.look(fault, part=True), 60)


def presenter(w):
    """Nothing beside the heart but the card; leaving brings the panels back, Escape the study."""
    w.key('F12')
    wait('no panels', lambda: not w.look('Camera A') and not w.look('Topology', part=True))
    w.find('Step 1 of', part=True)
    case.picture(w, 'presenter')
    w.key('F12')
    w.find('Topology', part=True)
    w.key('Escape')
    back(w)


sys.exit(case.run([ed_against_es, how_a_twin_is_made, topology_correction, faults_before_and_after, presenter],
                  Window(PROGRAM, case.path('study'))))
