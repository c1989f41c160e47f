# SPDX-License-Identifier: Apache-2.0
"""test_lessons.py PROGRAM PICTURES COMMAND PREPARED   every lesson from its first step to its last.

Walks through each lesson: does what a step asks for where it
asks, presses Next elsewhere, sees that each control that is pointed at is there and that numbers
stand in the text. Leaving brings the study back. So with a file that a teacher wrote about a study
of her own; one with a slip in it opens nothing, says so in one sentence and takes nothing away."""
import json
import os
import re
import subprocess
import sys

from accessible import SENSITIVE
from case import Case
from driver import Failed, Window, wait, xdotool

PROGRAM, PICTURES, COMMAND, PREPARED = sys.argv[1:]
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
    w.key('ctrl+shift+F1')
    w.find('Open a Lesson File…', part=True)
    w.click(lesson['title']['en'])
    walk_steps(w, number, name, lesson['steps'])
    back(w)


def walk_steps(w, number, name, steps):
    """From the first step to the last, then Finish."""
    for n, step in enumerate(steps, 1):
        w.find(f'Step {n} of {len(steps)}', seconds=60)
        text = re.escape(step['text']['en'])
        text = re.sub(r'\\\{.*?\\\}', r'[≥ ]*\\d.*', text)
        wait(f'the text of step {n}', lambda: w.texts(rf'\A{text}\Z'), 60)
        if 'point' in step and not w.texts('^(See|Try it): '):
            raise Failed(f'{name}, step {n} points at nothing')
        case.picture(w, f'{number}-{n}')
        if 'wait' in step:
            act(w, step['wait'])
        else:  # the last one goes back to the study
            w.key('alt+Right')


def loops(w):
    wait('the loops of the study', lambda: w.texts(r'^frame \d+ of'), 60)


def back(w):
    wait('the card to go', lambda: not w.look('Leave'))
    loops(w)


def ed_against_es(w):
    loops(w)
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


def text(words):
    return {'en': words}


HERS = {
    'format': 'ultratwin-lesson', 'format_version': 1, 'study': 'loops',
    'title': text('A lesson of my own'), 'summary': text('About a study of my own'),
    'steps': [
        {'text': text('Her heart, LV {volume:LV:ED} at ED and EF {ef}.'), 'point': 'headline',
         'set': {'step': 'inspect', 'layout': 'one', 'phase': 'ED', 'stage': 'last', 'side': 'heart'}},
        {'text': text('Below all others: the reference.'), 'point': 'reference_panel', 'set': {'side': 'heart'}},
        {'text': text('Below the topology: what the stages change.'), 'point': 'stages', 'set': {'side': 'trust'}},
        {'text': text('And back up: the structures.'), 'point': 'structures_panel', 'set': {'side': 'heart'}},
        {'text': text('Now look at ES.'), 'point': 'es_button', 'wait': {'phase': 'ES'}},
        {'text': text('The end, LV {volume:LV:ES}.')}]}


def write(name, lesson):
    path = case.path('teacher', name)
    with open(path, 'w', encoding='utf-8') as f:
        f.write(lesson if isinstance(lesson, str) else json.dumps(lesson))
    return path


def open_file(w, path):
    w.key('ctrl+shift+F1')
    w.click('Open a Lesson File…')
    w.choose(path, 'Open a Lesson File')


def can(w, name):
    return w.find(name).has(SENSITIVE)


def edit_own(w):
    """An edit of her open study that can be undone."""
    loops(w)
    w.key('ctrl+1', 'm')
    wait('something to undo', lambda: can(w, 'Undo'))


def files_with_a_slip(w):
    """One sentence each that names the file and the step; the open study and its undo stay."""
    edit_own(w)
    first = HERS['steps'][0]
    slips = (('bad.json', '{"format": "ultratwin-lesson",', 'bad.json: '),
             ('moon.json', HERS | {'steps': [first, first | {'point': 'moon'}]},
              'moon.json, step 2: “point” names no control of the window: moon'),
             ('brace.json', HERS | {'steps': [{'text': text('EF {ef')}]}, 'brace.json, step 1: “{ef” has no closing brace'),
             ('nowhere.json', HERS | {'study': 'nowhere'}, 'the study “nowhere” that the lesson names is not there'))
    os.mkdir(case.path('teacher'))
    for name, lesson, says in slips:
        open_file(w, write(name, lesson))
        w.find('The lesson could not be opened')
        sentence = w.find(says, part=True).text
        if os.sep in sentence or '\n' in sentence:
            raise Failed(f'no one sentence, or it names a folder: {sentence!r}')
        case.picture(w, name.removesuffix('.json'))
        xdotool('key', 'Escape')
        wait('the message to go', lambda: not w.look('The lesson could not be opened'))
        if w.look('Leave') or not can(w, 'Undo'):
            raise Failed(f'{name}: a lesson runs, or the study lost its undo')


def lesson_of_her_own(w):
    """Its study was never reconstructed. In it there is nothing to undo but what is done in it."""
    loops = case.path('teacher', 'loops')
    subprocess.run([COMMAND, 'phantom', '--seed', '5', '--frames', 'marked', '--out', loops], check=True, stdout=subprocess.DEVNULL)
    with open(os.path.join(loops, 'study.json'), 'rb') as f:
        before = f.read()
    open_file(w, write('hers.json', HERS))
    w.find('Step 1 of 6', seconds=240)
    if can(w, 'Undo'):
        raise Failed('the preparation of a lesson can be undone')
    walk_steps(w, 'hers', 'hers.json', HERS['steps'])
    back(w)
    wait('what could be undone before', lambda: can(w, 'Undo'))
    with open(os.path.join(loops, 'study.json'), 'rb') as f:
        if f.read() != before:
            raise Failed('the study of the lesson was written to')


def pointed_at_is_in_view(w):
    """A control that a step points at stands in the page that it is on, not below its edge."""
    open_file(w, case.path('teacher', 'hers.json'))
    w.find('Step 1 of 6', seconds=240)
    edge = w.find('Step 1 of 6').place[1]  # of the card below the pages
    for n, name in ((2, 'Reference'), (3, 'What the Stage Changed'), (4, 'Structures')):
        w.key('alt+Right')
        w.find(f'Step {n} of 6')
        top = w.find('Trust').place[1]
        wait(f'“{name}” in view', lambda name=name, top=top: top < w.find(name).place[1] < edge - 20, 10)
    w.key('Escape')
    back(w)
    w.key('ctrl+z')
    wait('the undo of before', lambda: not can(w, 'Undo'))


sys.exit(case.run([ed_against_es, how_a_twin_is_made, topology_correction, faults_before_and_after, presenter,
                   files_with_a_slip, lesson_of_her_own, pointed_at_is_in_view],
                  Window(PROGRAM, case.path('study'))))
