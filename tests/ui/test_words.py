# SPDX-License-Identifier: Apache-2.0
"""test_words.py PROGRAM CLI PICTURES   the window in other languages, and what it says to who does
not see it: German with a decimal comma, Hebrew's direction, a name for every control. Criticals end
the program (G_DEBUG), so coming up is a test in itself. One TAP line per step."""
import os
import shutil
import subprocess
import sys
import tempfile
import traceback

from driver import Failed, Window, text_of, wait, walk

import gi

gi.require_version('Atspi', '2.0')
from gi.repository import Atspi  # noqa: E402

PROGRAM, CLI, PICTURES = sys.argv[1:4]
NAMED = ('push button', 'toggle button', 'switch', 'slider', 'entry', 'spin button', 'image', 'combo box', 'drawing area')
PAGES = ('Load', 'Calibrate', 'Mark', 'Reconstruct', 'Inspect', 'Report')
home = tempfile.mkdtemp(prefix='ultratwin-words-')
STUDY = os.path.join(home, 'study')


class Skip(Exception):
    pass


def speak(language):
    """From here on programs start in this locale, made for this run."""
    if not shutil.which('localedef'):
        raise Skip('no localedef: install locales')
    os.makedirs(os.path.join(home, 'locale'), exist_ok=True)
    made = subprocess.run(['localedef', '-f', 'UTF-8', '-i', language, os.path.join(home, 'locale', f'{language}.UTF-8')],
                          capture_output=True)
    if made.returncode > 1:
        raise Skip(f'localedef cannot make {language}.UTF-8')
    os.environ.update(LOCPATH=os.path.join(home, 'locale'), LC_ALL=f'{language}.UTF-8')


def german():
    speak('de_DE')
    w = Window(PROGRAM, STUDY)
    try:
        w.find('Rekonstruieren', part=True, seconds=60)
        w.find('2,6 s bei', part=True)
        w.key('ctrl+comma')
        w.find('Tasten aus einem Buchstaben')
        w.picture(os.path.join(PICTURES, 'words-de.png'))
        w.key('Escape', title='Einstellungen')
        w.close()
    finally:
        w.kill()


def right_to_left():
    """An empty catalogue is enough: without one GTK keeps the direction of the program's English."""
    speak('he_IL')
    folder = os.path.join(home, 'he', 'LC_MESSAGES')
    os.makedirs(folder)
    subprocess.run(['msgfmt', '-o', os.path.join(folder, 'ultratwin.mo'), '-'], check=True, text=True,
                   input='msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n')
    os.environ['UT_LOCALES'] = home
    w = Window(PROGRAM, STUDY)
    try:
        wait('the study, wherever it was left', lambda: any(w.is_selected(page) for page in PAGES), 60)
        extents = w.find('Open', 'push button').get_component_iface().get_extents(Atspi.CoordType.WINDOW)
        w.picture(os.path.join(PICTURES, 'words-rtl.png'))
        assert extents.x > 600, f'Open begins at {extents.x}: not mirrored'
        for key in ('ctrl+2', 'Right', 'd', 'ctrl+4'):
            w.key(key)
        wait('the Inspect step', lambda: w.is_selected('Inspect'))
        w.picture(os.path.join(PICTURES, 'words-rtl-inspect.png'))
        w.close()
    finally:
        w.kill()


def nameless(w):
    """Roles of the controls that say nothing; where each stands."""
    controls = [node for node in walk(w.app) if node.get_role_name() in NAMED]
    assert len(controls) >= 8, f'only {len(controls)} controls are seen'
    return [where(node) for node in controls if not text_of(node) and not has_name_of_parent(node)]


def where(node):
    path = []
    while node is not None and len(path) < 8:
        path.append(f'{node.get_role_name()} “{text_of(node)}”')
        node = node.get_parent()
    return ' in '.join(path)


def has_name_of_parent(node):
    """A picture or a part inside a named control is read with it."""
    for _ in range(4):
        node = node.get_parent()
        if node is None:
            return False
        if node.get_role_name() in NAMED + ('list item', 'menu item', 'toggle button', 'combo box') and text_of(node):
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


STEPS = [german, names, right_to_left]


def main():
    os.makedirs(PICTURES, exist_ok=True)
    for kind in ('DATA', 'CONFIG', 'CACHE', 'STATE'):
        os.environ[f'XDG_{kind}_HOME'] = os.path.join(home, kind.lower())
    subprocess.run([CLI, 'phantom', '--seed', '3', '--out', STUDY], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([CLI, 'reconstruct', '--study', STUDY, '--seeds', '1', '--save', '--out', os.path.join(home, 'heart')],
                   check=True, stdout=subprocess.DEVNULL)
    failed = False
    print(f'1..{len(STEPS)}', flush=True)
    for number, step in enumerate(STEPS, 1):
        name = step.__name__.replace('_', ' ')
        try:
            step()
            print(f'ok {number} - {name}', flush=True)
        except Skip as why:
            print(f'ok {number} - {name} # SKIP {why}', flush=True)
        except (Failed, AssertionError, OSError, subprocess.SubprocessError) as error:
            failed = True
            print(f'not ok {number} - {name}', flush=True)
            for line in (str(error) or traceback.format_exc()).split('\n'):
                print(f'# {line}', flush=True)
    shutil.rmtree(home, ignore_errors=True)
    return failed


sys.exit(main())
