# SPDX-License-Identifier: Apache-2.0
"""test_words.py PROGRAM PICTURES COMMAND PREPARED   the window in other languages, and what it says to who does
not see it: German with a decimal comma, Hebrew's direction, a name for every control. Criticals end
the program (G_DEBUG), so coming up is a test in itself."""
import os
import struct
import subprocess
import sys
import time

from case import Case
from driver import Window, wait
from languages import speak

PROGRAM, PICTURES, _, PREPARED = sys.argv[1:]
NAMED = ('button', 'toggle button', 'checkbox', 'switch', 'slider', 'text box', 'spin button', 'image', 'combo box')
WIDTH = 1440  # of the screen
PAGES = ('Load', 'Calibrate', 'Mark', 'Reconstruct', 'Inspect', 'Report')
case = Case('words', PICTURES, PREPARED)
STUDY = case.path('study')


def german():
    speak(case, 'de_DE')
    w = Window(PROGRAM, STUDY)
    try:
        w.find('Rekonstruieren', part=True, seconds=60)
        w.find('2,6 s bei', part=True)
        w.key('ctrl+comma')
        w.find('Tasten aus einem Buchstaben')
        case.picture(w, 'de')
        w.key('Escape', title='Einstellungen')
        w.key('ctrl+F1')
        w.find('– → 0,5000 x 0,5000 mm', part=True, seconds=60)
        w.find('dann 0,5000 x 0,5000 mm', part=True)
        case.picture(w, 'de-self-test')
        w.key('Escape', title='Selbsttest')
        w.close()
    finally:
        w.kill()


def element(group, number, kind, value):
    long = b'\0\0' + struct.pack('<I', len(value)) if kind == 'OB' else struct.pack('<H', len(value))
    return struct.pack('<HH', group, number) + kind.encode() + long + value


def dicom(path, patient=b'', n_pixels=64):
    """A picture of 8 by 8. Fewer pixels are whole to who reads its structure; what is wrong is found by the
    decoder, a process of its own."""
    syntax = element(2, 0x10, 'UI', b'1.2.840.10008.1.2.1\0')
    parts = [element(2, 0, 'UL', struct.pack('<I', len(syntax))), syntax, element(0x10, 0x20, 'LO', patient),
             element(0x28, 2, 'US', b'\1\0'), element(0x28, 4, 'CS', b'MONOCHROME2 ')]
    for number, value in ((0x10, 8), (0x11, 8), (0x100, 8), (0x101, 8), (0x102, 7), (0x103, 0)):
        parts.append(element(0x28, number, 'US', struct.pack('<H', value)))
    with open(path, 'wb') as file:
        file.write(bytes(128) + b'DICM' + b''.join(parts) + element(0x7fe0, 0x10, 'OB', bytes(n_pixels)))


def refused_in_german():
    """What the engine says of a damaged file, in the window's own process and in the decoder's."""
    speak(case, 'de_DE')
    dicom(case.path('few.dcm'), n_pixels=60)
    with open(case.path('few.dcm'), 'rb') as whole, open(case.path('cut.dcm'), 'wb') as cut:
        cut.write(whole.read()[:-70])
    w = Window(PROGRAM, case.path('few.dcm'), case.path('cut.dcm'))
    try:
        w.find('few.dcm: die Pixeldaten passen nicht zu Rows, Columns und Number of Frames', part=True, seconds=60)
        w.find('cut.dcm: eine DICOM-Datei, die beschädigt, abgeschnitten oder ohne Bilder ist', part=True)
        case.picture(w, 'de-refused')
    finally:
        w.kill()


def two_patients():
    """Loops whose files name two people: asked at once; Undo takes the second away."""
    speak(case, 'de_DE')
    for name, patient in (('a4c.dcm', b'ONE '), ('a2c.dcm', b'TWO ')):
        dicom(case.path(name), patient)
    w = Window(PROGRAM, case.path('a4c.dcm'), case.path('a2c.dcm'))
    try:
        w.find('Schleifen zweier Patienten?', seconds=60)
        w.find('A4C und A2C stammen laut ihren Dateien von zwei Patienten', part=True)
        case.picture(w, 'de-two-patients')
        *_, answer = w.controls(lambda c: 'Rückgängig' in c.text and c.role == 'button')  # not the window's
        answer.press()
        wait('the question to go', lambda: not w.look('Schleifen zweier Patienten?'))
        wait('both gone', lambda: len(w.texts('^(A4C|A2C|PSAX) hier ablegen')) == 3)
    finally:
        w.kill()


def go_to(w, page):
    w.click(page, part=True, role='list item')
    wait(f'the page {page}', lambda: w.is_selected(page))


def x_of(w, *names):
    """Where controls begin, from the left."""
    return [w.find(name, part=True).place[0] for name in names]


def right_to_left():
    """An empty catalogue is enough: without one GTK keeps the direction of the program's English.
    What is read is mirrored; pictures and time are not."""
    speak(case, 'he_IL')
    folder = case.path('he', 'LC_MESSAGES')
    os.makedirs(folder)
    subprocess.run(['msgfmt', '-o', os.path.join(folder, 'ultratwin.mo'), '-'], check=True, text=True,
                   input='msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n')
    os.environ['UT_LOCALES'] = case.home
    w = Window(PROGRAM, STUDY)
    try:
        wait('the study, wherever it was left', lambda: any(w.is_selected(page) for page in PAGES), 60)
        x, = x_of(w, 'Open')
        assert x > 600, f'Open begins at {x}: not mirrored'
        for page in PAGES:
            go_to(w, page)
            time.sleep(1)
            case.picture(w, f'rtl-{page.lower()}')
            cut = [where(c) for c in w.controls(lambda c: c.text and c.role in NAMED) if c.place
                   and (c.place[0] < 0 or c.place[0] + c.place[2] > WIDTH)]
            assert not cut, '\n'.join(cut)
        go_to(w, 'Mark')
        w.key('ctrl+2', 'Home')
        w.find('frame 1 of', part=True)
        w.key('Right')
        w.find('frame 2 of', part=True)
        play, time_bar = x_of(w, 'Play or pause, A4C', 'A4C frame')
        assert play < time_bar, f'time runs from {time_bar} to {play}: mirrored'
        case.picture(w, 'rtl-frame-2')
        go_to(w, 'Inspect')
        panel, heart = x_of(w, 'Opacity of LV', '3D heart')
        assert panel < heart, f'the panel begins at {panel}, the heart at {heart}: not mirrored'
        for key in ('F3', 'F4', 'F6', 'F5', 'F2'):
            w.key('ctrl+4', key)
            time.sleep(1.5)
            case.picture(w, f'rtl-{key}')
        w.key('ctrl+comma')
        w.find('Appearance')
        case.picture(w, 'rtl-preferences')
        w.key('Escape', title='Preferences')
        w.key('ctrl+4', 'ctrl+p')
        w.find('Report, page', part=True, seconds=120)
        time.sleep(1)
        case.picture(w, 'rtl-report-window')
    finally:
        w.kill()


def nameless(w):
    """Roles of the controls that say nothing; where each stands."""
    controls = w.controls(lambda control: control.role in NAMED)
    assert len(controls) >= 8, f'only {len(controls)} controls are seen'
    return [where(control) for control in controls if not control.text and not has_name_of_parent(control)]


def where(node):
    path = []
    while node is not None and len(path) < 8:
        path.append(f'{node.role} “{node.text}”')
        node = node.parent
    return ' in '.join(path)


def has_name_of_parent(node):
    """A picture or a part inside a named control is read with it."""
    for _ in range(4):
        node = node.parent
        if node is None:
            return False
        if node.text and node.role in NAMED + ('list item', 'menu item', 'toggle button', 'combo box'):
            return True
    return False


def names():
    os.environ['LC_ALL'] = 'C.UTF-8'
    os.environ.pop('LOCPATH', None)
    w = Window(PROGRAM, STUDY)
    try:
        w.find('Inspect', part=True, seconds=60)  # opens where the step before left it
        found = {}
        for page in PAGES:
            w.click(page, part=True)
            wait(f'the page {page}', lambda: w.is_selected(page))
            found[page] = nameless(w)
            if page == 'Inspect':
                for key in ('F2', 'F3', 'F4'):
                    w.key('ctrl+4', key)
                    found[f'{page} {key}'] = nameless(w)
        missing = '\n'.join(f'{page}: {place}' for page, places in found.items() for place in places)
        assert not missing, missing
        w.close()
    finally:
        w.kill()


sys.exit(case.run([german, refused_in_german, two_patients, names, right_to_left]))
