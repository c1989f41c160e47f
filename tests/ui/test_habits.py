# SPDX-License-Identifier: Apache-2.0
"""test_habits.py PROGRAM PICTURES COMMAND PREPARED   cases one after the other, by keys alone.

A folder of calibrated studies: from opening one to its report in 14 keys at most (one-hand case
loop), each counted; calipers set and moved by keys. Then the list of recent studies, which says
what a person called them and when, and nothing of their folders; the window for those who hear it,
who want nothing to move, in high contrast, and with large text."""
import os
import re
import shutil
import subprocess
import sys
import time

from accessible import nameless
from case import Case, Skip
from driver import Window, on_screen, wait, xdotool

PROGRAM, PICTURES, _, PREPARED = sys.argv[1:]
case = Case('habits', PICTURES, PREPARED)
FIRST, NEXT = case.path('cases', 'secret-9'), case.path('cases', 'secret-10')
MAX_KEYS = 14


def frame(w):
    """What is said of the frames that the loops are at."""
    return w.texts(r'^frame \d+ of ')


def case_loop():
    """Open the next case, look at ED and ES, reconstruct, look at stages and phases, accept, report."""
    w = Window(PROGRAM, FIRST)
    pressed = []

    def key(k, what, question):
        pressed.append(k)
        w.key(k, pause=0)
        wait(what, question, 120)
    heart = lambda word: word in w.description('3D heart')
    frames = lambda word: len(w.texts(f'^frame .*, {word}$')) == 3
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


def digits_by_place():
    """On a French keyboard the digits' keys say & to à; they do what the digits do all the same."""
    subprocess.run(['setxkbmap', 'fr'], check=True)
    w = Window(PROGRAM, FIRST)
    try:
        w.find('A4C loop', seconds=60)
        for key, step in (('minus', 'Calibrate'), ('egrave', 'Mark')):
            w.key(f'ctrl+{key}')
            wait(f'the step {step}', lambda: w.is_selected(step), 10)
        w.key('ctrl+ampersand', 'alt+eacute')
        wait('A2C exchanged with A4C', lambda: 'Undo Swap Views' in w.description('Undo'), 10)
        w.key('ctrl+z')
        assert w.close() == 0
    finally:
        w.kill()
        subprocess.run(['setxkbmap', 'us'], check=True)


def measured_by_keys():
    """A line on a frame and one on the heart, the end of each moved; no frame steps meanwhile."""
    def distance(of):
        found = re.search(r'Distance (\d+\.\d) mm', w.description(of))
        return found and found.group(1)

    def line(on, *way):
        w.key('v', 'Left', 'Return', *way, 'Return')
        first = wait(f'a distance on {on}', lambda: distance(on))
        w.key('BackSpace')
        wait('one point less', lambda: not distance(on))
        w.key(*way, 'Return')
        wait('its end moved', lambda: distance(on) and distance(on) != first)
        case.picture(w, f'measured-{on[:2].lower()}')
        w.key('Escape', 'Delete')
        wait('no distance', lambda: not distance(on))
    w = Window(PROGRAM, NEXT)
    try:
        w.find('A4C loop', seconds=60)
        w.key('ctrl+6', 'ctrl+2')
        frames = wait('the frames', lambda: frame(w))
        line('A4C loop', 'shift+Down', 'shift+Right')
        assert frame(w) == frames, frame(w)
        w.key('Right')
        wait('the next frame', lambda: frame(w) != frames)
        w.key('ctrl+4')
        w.find('3D heart')
        line('3D heart', 'shift+Up', 'shift+Right')
        assert w.close() == 0
    finally:
        w.kill()


def names():
    """On every page and in every window of ours, whatever takes the keyboard has a name."""
    def check(where):
        time.sleep(0.5)
        found = nameless(w.controls())
        assert not found, f'{where}: ' + '; '.join(sorted(set(found)))
    w = Window(PROGRAM)
    try:
        w.find('Recent Studies')
        check('the start page')
        assert w.close() == 0
    finally:
        w.kill()
    heard = case.path('heard')  # what is shown at the end is nobody else's place
    shutil.copytree(NEXT, heard)
    w = Window(PROGRAM, heard)
    try:
        wait('the place that was left', lambda: w.is_selected('Inspect'), 60)
        for key in '567890':
            w.key(f'ctrl+{key}')
            check(f'step {key}')
        w.key('ctrl+4')
        for keys in ('F2', 'x', 'F3', 'F4', 'e', 'F6', 'F8', 'shift+F7'):
            w.key(keys)
            check(f'the heart, {keys}')
        for key, title in (('ctrl+comma', 'Preferences'), ('ctrl+p', 'Report Preview'),
                           ('ctrl+shift+F1', 'Lessons'), ('F1', 'From Three Loops to a Heart'),
                           ('shift+F1', 'Model Card'), ('ctrl+F1', 'Self-Test')):
            w.key(key)
            wait(title, lambda: on_screen(title), 20)
            check(title)
            w.key('Escape', title=title)
            wait(f'the end of {title}', lambda: not on_screen(title), 20)
        assert w.close() == 0
    finally:
        w.kill()


def little_motion():
    """Where the desktop wants none, nothing moves that nobody set in motion; else loops play."""
    settings, copy = case.path('config', 'gtk-4.0', 'settings.ini'), case.path('cases', 'fresh')
    with open(settings, encoding='utf-8') as f:
        little = f.read()
    try:
        for text, moves in ((little, False), ('[Settings]\n', True)):
            with open(settings, 'w', encoding='utf-8') as f:
                f.write(text)
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(case.path('new', 'study'), copy)
            w = Window(PROGRAM, copy)
            try:
                w.find('A4C loop', seconds=60)
                before = wait('the frames', lambda: frame(w))
                time.sleep(0.7)
                assert (frame(w) != before) == moves, (before, frame(w))
                assert w.close() == 0
            finally:
                w.kill()
    finally:
        with open(settings, 'w', encoding='utf-8') as f:
            f.write(little)


def high_contrast():
    """Every step can be gone to; the pictures are for the eye."""
    os.environ['ADW_DEBUG_HIGH_CONTRAST'] = '1'
    w = Window(PROGRAM, NEXT)
    try:
        wait('the place that was left', lambda: w.is_selected('Inspect'), 60)
        for key, step in (('7', 'Mark'), ('0', 'Report'), ('9', 'Inspect')):
            w.key(f'ctrl+{key}')
            wait(f'the step {step}', lambda: w.is_selected(step))
            case.picture(w, f'contrast-{step.lower()}')
        assert w.close() == 0
    finally:
        w.kill()


def large_text():
    """At half as large again, words grow and the window, with all its buttons, stays on a small screen."""
    def sizes():
        w = Window(PROGRAM, NEXT)
        try:
            w.find('Case ten', seconds=60)
            xdotool('search', '--onlyvisible', '--name', 'UltraTwin', 'windowsize', 1280, 800)
            wait('a small window', lambda: w.find('UltraTwin').place[2] <= 1280)
            found = {}
            for key, buttons in (('7', ('Mark ED in A2C', 'Mark ES in PSAX')), ('9', ('Show ED', 'Beside the heart of another study', 'Show LV (1)')),
                                 ('0', ('Copy', 'Export…'))):
                # again where the place that was left is gone back to meanwhile
                wait(f'step {key}', lambda: w.key(f'ctrl+{key}') or w.look(buttons[0]))
                case.picture(w, f'text-{dpi}-{key}')
                window = w.find('UltraTwin').place
                assert window[2] <= 1280 and window[3] <= 800, f'step {key} at {dpi} dpi makes the window {window}'
                for button in buttons:
                    x, y, width, height = found[button] = w.find(button, 'button').place
                    assert min(x, y) >= 0 and x + width <= window[2] and y + height <= window[3], (button, found[button])
                if key == '9':
                    w.key('F6')  # bars wrap over two narrow hearts: captions make room for them
                    wait('captions below the bars', lambda: bar_ends(w) <= w.find('ED · ', 'label', part=True).place[1])
                    wait('hearts as a whole, though they were fitted to a larger window',
                         lambda: not any(at_edge(w, heart) for heart in ('3D heart', '3D heart 2')), 10)
                    w.key('F5')
            if dpi > usual:
                smaller(w)
            assert w.close() == 0
            return found
        finally:
            w.kill()

    def smaller(w):
        """1024 by 768: the steps fold away, and come when called until one is chosen."""
        xdotool('search', '--onlyvisible', '--name', 'UltraTwin', 'windowsize', 1024, 768)
        for key in ('ctrl+5', 'ctrl+7', 'ctrl+8', 'ctrl+0', 'ctrl+9', 'F6', 'shift+F7'):
            w.key(key)
            fits(w, key)
        w.press('Numbers')
        fits(w, 'Numbers')
        case.picture(w, 'text-1024')
        w.press('Heart')
        w.key('F5')
        wait('the steps fold away', lambda: steps_at(w) < 0)
        w.key('F9')
        wait('the steps', lambda: steps_at(w) >= 0)
        w.click('Report', part=True, role='list item')
        wait('the report', lambda: w.is_selected('Report'))
        wait('the steps fold away again', lambda: steps_at(w) < 0)

    def steps_at(w):
        return w.find('Load', 'list item', part=True).place[0]

    def fits(w, where):
        time.sleep(0.3)  # a page that is too wide would widen the window now
        _, _, width, height = w.find('UltraTwin').place
        assert width <= 1024 and height <= 768, f'{where} at {dpi} dpi makes the window {width} x {height}'

    def at_edge(w, heart):
        """Whether anything in colour is at the left or right edge of a heart's picture, between the bars."""
        x, y, width, height = w.find(heart, 'image').place
        border = (1280 - w.find('UltraTwin').place[2]) // 2
        edges = [word for left in (border + x + 3, border + x + width - 6)  # within the line of the focus
                 for word in ('(', '-clone', '0', '-crop', f'3x{height // 2}+{left}+{y + height // 4}', '+repage', ')')]
        brightest, darkest = (('(', '-clone', '0-2', '-evaluate-sequence', which, ')') for which in ('max', 'min'))
        colour = subprocess.run(['convert', 'x:root', *edges, '-delete', '0', '+append', '-separate', *brightest, *darkest,
                                 '-delete', '0-2', '-compose', 'difference', '-composite', '-format', '%[fx:maxima]', 'info:'],
                                check=True, capture_output=True, text=True)
        return float(colour.stdout) > 0.15

    def bar_ends(w):
        _, y, _, height = w.find('Beside the heart of another study', 'button').place
        return y + height
    if not shutil.which('xprop'):
        raise Skip('no xprop')
    resources = ['xprop', '-root', '-f', 'RESOURCE_MANAGER', '8s', '-set', 'RESOURCE_MANAGER']
    os.environ.pop('ADW_DEBUG_HIGH_CONTRAST', None)
    usual = dpi = 96
    at = {}
    try:
        for dpi in (usual, 144):
            subprocess.run([*resources, f'Xft.dpi:\t{dpi}\n'], check=True)
            at[dpi] = sizes()
    finally:
        subprocess.run(['xprop', '-root', '-remove', 'RESOURCE_MANAGER'], check=True)
    for button in ('Mark ED in A2C', 'Beside the heart of another study', 'Export…'):  # words, no icons
        assert at[144][button][2] > 1.25 * at[usual][button][2], (button, at)


os.makedirs(case.path('cases'))
for folder, label in ((FIRST, 'Case nine'), (NEXT, 'Case ten')):
    shutil.copytree(case.path('new', 'study'), folder)
    file = os.path.join(folder, 'study.json')
    with open(file, encoding='utf-8') as f:
        text = f.read()
    with open(file, 'w', encoding='utf-8') as f:
        f.write(text.replace('Sample: phantom heart', label))
sys.exit(case.run([case_loop, recent, digits_by_place, measured_by_keys, names, little_motion, high_contrast, large_text]))
