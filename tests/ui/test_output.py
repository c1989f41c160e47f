# SPDX-License-Identifier: Apache-2.0
"""test_output.py PROGRAM PICTURES COMMAND PREPARED   what leaves the window, held against what leaves the command.

The window reconstructs what COMMAND has reconstructed, and exports: result.json may differ in the
time that it took, nothing else at all. Then the report as a PDF, the command line that makes the
heart again, a film that is cancelled, de-identified copies, and the self-test."""
import json
import os
import re
import shutil
import subprocess
import sys
import time

from case import Case
from driver import Window, on_screen, wait, xdotool

PROGRAM, PICTURES, COMMAND, PREPARED = sys.argv[1:]
case = Case('output', PICTURES, PREPARED)
OURS, THEIRS, SEEN = case.path('window'), case.path('out'), case.path('seen')
COPY, COPY_TOO = case.path('copy'), case.path('copy-too')


def same_bytes(a, b):
    with open(a, 'rb') as ours, open(b, 'rb') as theirs:
        return ours.read() == theirs.read()


def load(folder):
    with open(os.path.join(folder, 'result.json'), encoding='utf-8') as file:
        result = json.load(file)
    seconds = [result[phase]['provenance'].pop('seconds') for phase in ('ed', 'es')]
    assert all(s > 0 for s in seconds), seconds
    return result


def reconstruct(w):
    w.find('A4C loop', seconds=60)
    w.key('ctrl+Return', pause=0)
    wait('the Inspect step', lambda: w.is_selected('Inspect'), 300)
    w.wait_idle()


def what_the_network_sees(w):
    """The pictures as the network is given them, to the byte those that the command exports."""
    os.mkdir(SEEN)
    w.key('ctrl+8')
    w.press('Export…')
    w.choose(SEEN + '/', 'Choose or Make a Folder for the Export')
    w.find('Exported: pictures, numbers and spacing', seconds=60)
    names = sorted(os.listdir(SEEN))
    assert {'ed_input.npy', 'es_input_spacing_mm.npy', 'es_input.png'} <= set(names), names
    for name in names:
        assert same_bytes(os.path.join(SEEN, name), os.path.join(THEIRS, name)), name
    w.key('ctrl+9')


def export(w):
    wait('the numbers', lambda: w.texts(r'\d ml$'), 120)
    os.mkdir(OURS)
    w.key('ctrl+e')
    w.find('Meshes as', part=True)
    w.choose(OURS + '/', 'Choose or Make a Folder')
    w.find('Report, done', seconds=300)


def cancel_film(w):
    """Chosen, begun, cancelled within a second: nothing of it is left."""
    title, folder = 'Choose or Make a Folder', case.path('film')
    os.mkdir(folder)
    w.key('ctrl+e')
    w.find('A full turn as')
    time.sleep(1)  # until the dialog has its size
    x, y, width, height = w.find('Nothing').place
    xdotool('mousemove', '--window', on_screen(title)[-1], x + width // 2, y + height // 2, 'click', 1)
    w.find('Film')
    w.key('Down', 'Down', 'Return', title=title)
    w.choose(folder + '/', title)
    wait('a film', lambda: any(name.startswith('film.mp4') for name in os.listdir(folder)), 120)
    w.press('Cancel', 'button')
    w.wait_idle(5)
    assert 'ed_a.png' in os.listdir(folder) and not any(name.startswith('film') for name in os.listdir(folder))


def same_answer(w):
    window, cli = load(OURS), load(THEIRS)
    assert window == cli, {key: (window.get(key), cli.get(key)) for key in window.keys() | cli.keys()
                           if window.get(key) != cli.get(key)}
    for name in os.listdir(OURS):
        if name.endswith('.png') or name == 'result.json':
            continue
        assert same_bytes(os.path.join(OURS, name), os.path.join(THEIRS, name)), name


def reproduce(w):
    w.key('ctrl+shift+c')
    w.find('The command that makes this heart again', part=True, seconds=20)


def print_report(w):
    """The pages that Ctrl+P shows, saved as they are."""
    path = case.path('report.pdf')
    w.key('ctrl+p')
    w.find('Report, page 1 of 2', seconds=120)
    wait('the preview', lambda: on_screen('Report Preview'))
    w.key('alt+s', title='Report Preview')
    wait('the dialog', lambda: on_screen('Save the Report'))
    time.sleep(0.5)
    w.key('ctrl+a', title='Save the Report')
    w.choose(path, 'Save the Report')
    w.find('Saved as “report.pdf”', seconds=60)
    with open(path, 'rb') as file:
        assert file.read(5) == b'%PDF-'
    case.picture(w, 'report')
    def closed():  # the dialog before it may still hold the keys
        w.key('Escape', title='Report Preview')
        return not w.look('Report, page 1 of 2')
    wait('the preview closed', closed, 40)


def look_at_copy(w):
    """What a de-identified copy would show; Return by habit saves none."""
    os.makedirs(COPY, exist_ok=True)
    w.key('ctrl+alt+s')
    w.choose(COPY + '/', 'Make an Empty Folder')
    w.find('PSAX as it goes into the copy', seconds=60)
    wait('the question', lambda: on_screen('De-identified Copy'))


def said_of(copy):
    with open(os.path.join(copy, 'DEIDENTIFIED.txt'), encoding='utf-8') as file:
        return file.read()


def compare_copies():
    """The window's and the command's; what these say of who looked differs."""
    for place, _, names in os.walk(COPY):
        for name in names:
            if name != 'DEIDENTIFIED.txt':
                path = os.path.join(place, name)
                assert same_bytes(path, os.path.join(COPY_TOO, os.path.relpath(path, COPY))), path


def deidentify(w):
    """Nothing is written before it was looked at; then what the command writes, to the byte."""
    look_at_copy(w)
    case.picture(w, 'copy')
    w.key('Return', title='De-identified Copy')
    wait('the window closed', lambda: not on_screen('De-identified Copy'), 20)
    assert os.listdir(COPY) == []
    look_at_copy(w)
    w.key('alt+s', title='De-identified Copy')
    w.find('De-identified copy in “copy”', seconds=60)
    w.key('ctrl+s')
    w.find('Saved in “study”', seconds=60)
    subprocess.run([COMMAND, 'deidentify', '--study', case.path('new', 'study'), '--out', COPY_TOO], check=True,
                   stdout=subprocess.DEVNULL)
    compare_copies()
    said = [said_of(folder) for folder in (COPY, COPY_TOO)]
    assert 'a person looked' in said[0] and 'nobody looked' in said[1], said
    shutil.rmtree(COPY)
    shutil.rmtree(COPY_TOO)
    assert not [name for name in os.listdir(case.home) if name.startswith('.deidentified')]


def drag_over(w, name, dx, dy):
    """From the middle of a picture of the question; what it says then of the area that was drawn."""
    found = subprocess.run(['xdotool', 'getwindowgeometry', '--shell', on_screen('De-identified Copy')[-1]], capture_output=True,
                           text=True).stdout
    corner = dict(line.split('=') for line in found.split())
    x, y, width, height = w.find(name).place
    x, y = int(corner['X']) + x + width // 2, int(corner['Y']) + y + height // 2
    xdotool('mousemove', x, y, 'sleep', 0.3, 'mousedown', 1, 'sleep', 0.2)
    for step in range(1, 6):
        xdotool('mousemove', x + dx * step // 5, y + dy * step // 5, 'sleep', 0.1)
    xdotool('mouseup', 1)
    said = wait('an area', lambda: re.fullmatch(r'area at (\d+), (\d+) of (\d+) by (\d+) pixels is chosen, Delete removes it',
                                                w.description(name)))
    return '{},{},{}x{}'.format(*said.groups())


def black_out(w):
    """By pointer and by keys, undone and removed; the copy is the command's with the same areas, to the byte."""
    a4c, psax = 'A4C as it goes into the copy', 'PSAX as it goes into the copy'
    look_at_copy(w)
    areas = [drag_over(w, a4c, 60, 25)]
    drag_over(w, a4c, -50, -30)
    w.find('2 areas blacked out')
    w.key('Delete', title='De-identified Copy')
    w.find('1 area blacked out')
    w.press('Take back the last change to A4C')
    w.find('2 areas blacked out')
    w.press('Take back the last change to A4C')
    w.find('1 area blacked out')
    drag_over(w, psax, 20, 20)
    w.key('Delete', 'Up', 'Return', 'shift+Right', 'Down', 'Return', title='De-identified Copy')
    said = wait('an area by keys', lambda: re.search(r'area at (\d+), (\d+) of 21 by 3 pixels', w.description(psax)))
    areas.append('{},{},21x3'.format(*said.groups()))
    w.key('Tab', 'Right', 'Right', title='De-identified Copy')
    w.find('Frame 2 of', part=True)
    case.picture(w, 'black-out')
    w.key('alt+s', title='De-identified Copy')
    w.find('In the copy the heart is out of date', seconds=60)
    xdotool('key', 'Escape')
    subprocess.run([COMMAND, 'deidentify', '--study', case.path('new', 'study'), '--out', COPY_TOO, '--black-out', 'A4C:' + areas[0],
                    '--black-out', 'PSAX:' + areas[1]], check=True, stdout=subprocess.DEVNULL)
    compare_copies()
    with open(os.path.join(COPY, 'study.json'), encoding='utf-8') as file:
        views = json.load(file)['views']
    assert [views[view].get('blacked_out_areas') for view in ('A4C', 'A2C', 'PSAX')] == [1, None, 1], views
    assert '(A4C: 1, PSAX: 1); a person looked' in said_of(COPY), said_of(COPY)


def self_test(w):
    w.key('ctrl+F1')
    w.find('All Checks Passed', seconds=120)
    case.picture(w, 'self-test')
    with open(case.path('data', 'ultratwin', 'selftest.json'), encoding='utf-8') as file:
        assert json.load(file)['passed'] is True
    w.key('Escape', title='Self-Test')
    wait('the window closed', lambda: not w.look('All Checks Passed'), 20)


sys.exit(case.run([reconstruct, what_the_network_sees, export, cancel_film, same_answer, reproduce, print_report, deidentify,
                   black_out, self_test],
                  Window(PROGRAM, case.path('new', 'study'))))
