# SPDX-License-Identifier: Apache-2.0
"""stages.py PROGRAM PREPARED   how long another stage takes to show, and another camera

PROGRAM is build/app/ultratwin, PREPARED build/tests/ui/prepared.tar. In the window, with a heart and its four
stages: the time from a key until the heart on the screen has changed. A strip right across it is watched;
to read the whole screen would take the time of the cores that draw. The arrow key turns the heart, which
draws the same surfaces anew. Then, the first time by this camera, Alt+1 (template) once the screen has
rested for a third of a second, and Alt+2 and Alt+3 (coarse, refined) after two seconds more, when caches
have forgotten the window; and Alt+1 to Alt+4 again. Median of 10, 10, 20 and 40. Needs the X server that
start.py needs.
"""
import json
import os
import statistics
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'ui'))
from case import Case
from driver import Window, wait
from screen import Screen

screen = Screen()
STRIP = 300, 420, 600, 24  # x, y, width, height; of the heart


def at_rest():
    """The strip, once nothing has changed in it for a third of a second."""
    seen, since = screen.content(*STRIP), time.monotonic()
    while time.monotonic() < since + 0.33:
        time.sleep(0.01)
        now = screen.content(*STRIP)
        if now != seen:
            seen, since = now, time.monotonic()
    return seen


def key_s(keys, look_s=0):
    """From the key, which comes when the screen is at rest and was looked at, to another screen."""
    time.sleep(look_s)
    before, begin = at_rest(), time.monotonic()
    screen.press(*keys)
    while screen.content(*STRIP) == before:
        if time.monotonic() > begin + 10:
            sys.exit(f'{keys}: nothing changed in 10 s')
        time.sleep(0.001)
    return time.monotonic() - begin


def main():
    program, prepared = sys.argv[1:]
    case = Case('stages', '.', prepared)
    study = case.path('study', 'study.json')
    with open(study, encoding='utf-8') as file:
        content = json.load(file)
    with open(study, 'w', encoding='utf-8') as file:
        json.dump(content | {'ui': {'step': 'inspect'}}, file)
    window = Window(program, case.path('study'))
    stages = [('Alt_L', number) for number in '1234']
    plan = {
        'another camera': ([('Right',)], 0),
        'another stage, first time, at once': (stages[:1], 0),
        'another stage, first time, after a look': (stages[1:3], 2),
        'another stage, again': (stages, 0),
    }
    taken = {what: [] for what in plan}
    try:
        window.find('3D heart', seconds=60)
        wait('the heart', lambda: 'LV' in window.description('3D heart'), 60)
        window.key('ctrl+4')
        for turn in range(10):
            for what, (keys, look_s) in plan.items():
                taken[what] += [key_s(key, look_s) for key in keys]
    finally:
        window.kill()
        case.end()
    for what, values in taken.items():
        print(f'{what}: {1000 * statistics.median(values):.0f} ms '
              f'({1000 * min(values):.0f} to {1000 * max(values):.0f})')


main()
