# SPDX-License-Identifier: Apache-2.0
"""test_untranslated.py PROGRAM PICTURES COMMAND PREPARED   every word on screen can be translated.

The window speaks the language of pseudo.py and goes to every page, panel and window. A plain word
in a name, a text or a tooltip never went through gettext; so does one in the report as a PDF."""
import json
import os
import re
import shutil
import subprocess
import sys
import time

from gi.repository import GLib

import pseudo
from accessible import ACCESSIBLE, PROPERTIES
from case import Case, Skip
from driver import Window, on_screen, wait
from languages import speak
from pseudo import pseudo as p

PROGRAM, PICTURES, _, PREPARED = sys.argv[1:]
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
case = Case('untranslated', PICTURES, PREPARED)
STUDY = case.path('study')
DESCRIPTION = GLib.Variant('(ss)', (ACCESSIBLE, 'Description'))
WORD = re.compile(r'[A-Za-z]{3,}')

# What stays English, each for its reason.
TRUE_EXCEPTIONS = re.compile('|'.join((
    r'\b(?:Gtk|Adw|Ut)[A-Z]\w+',  # GTK names what has no name after its class
    r'\b[Uu]ltra[Tt]win\b',  # the product
    r'\b(?:PSAX|psax|Myo)\b',  # views and structures keep their letters in every language
    r'Sample: phantom heart',  # a name that was given to a study
    r'\bcpu\b|\bsmall\b|\b[0-9a-f]{8,16}\b',  # a device, a network, hashes: as the command wants them
    r'\b[\w-]+\.(?:nii\.gz|json|png|dcm|safetensors|py|md)\b',  # file names
    r'"[a-z][\w/-]*"|:(?:true|false)\b',  # the options of the network, as the command wants them
    r'Lang et al\., ASE/EACVI 2015',  # a citation
    r'^(?:Minimi[sz]e|Maximi[sz]e|Restore|Close)(?: the window)?$',  # GTK's own, in its own catalogues
    r'^(?:Ctrl|Shift|Alt|Page Up|Page Down|Escape|Return|Space|Home|End|Delete|Left|Right|Up|Down|Backspace|Enter)$',
    r'^Shortcuts$|^Search Shortcuts$|^Search Results$|^No Results Found$|^Try a different search$',
)))


def lesson_texts():
    """Lessons and the model card are written documents: they carry their languages themselves, or are English."""
    texts = set()
    folder = os.path.join(ROOT, 'resources', 'lessons')
    for name in os.listdir(folder):
        with open(os.path.join(folder, name), encoding='utf-8') as file:
            lesson = json.load(file)
        texts.update(lesson[key]['en'] for key in ('title', 'summary'))
    return texts


LESSONS = lesson_texts()


def plain(text):
    """The first words of @text that nobody can translate, or ''."""
    if text in LESSONS:
        return ''
    found = WORD.search(TRUE_EXCEPTIONS.sub('', text))
    return found[0] if found else ''


class Walk:
    """A window of the language, looked at from place to place."""

    def __init__(self, *paths):
        self.w = Window(PROGRAM, *paths)
        self.found = {}
        self.n = 0

    def look(self, place, what, at_least=8):
        """Once @what is on screen: all texts and descriptions there."""
        controls = wait(f'{place}: {what}', lambda: self.texts(p(what)), 60)
        translated = [text for text in controls if not text.isascii()]
        assert len(translated) >= at_least, f'{place}: only {translated}'
        self.n += len(translated)
        for text in controls:
            if plain(text):
                self.found.setdefault(text, place)
        case.picture(self.w, place)

    def texts(self, wanted):
        """All of them, once one has @wanted in it."""
        controls = self.w.controls()
        asked = self.w.bus.ask_all([(c.owner, c.path, PROPERTIES, 'Get', DESCRIPTION) for c in controls])
        texts = [c.text for c in controls if c.text] + [a[0] for a in asked if a and a[0]]
        return texts if any(wanted in text for text in texts) else None

    def page(self, name):
        self.w.click(p(name), part=True)
        wait(f'the page {name}', lambda: self.w.is_selected(p(name)))

    def window(self, key, place, what, title=None):
        """A window that @key opens, looked at and closed."""
        self.w.key('ctrl+4', key)
        if title:
            wait(f'the window {title}', lambda: on_screen(p(title)))
        self.look(place, what)
        def closed():
            self.w.key('Escape', title=p(title) if title else 'UltraTwin')
            return not self.w.look(p(what), part=True)
        wait(f'{place} closed', closed, 40)

    def end(self):
        self.w.kill()
        print(f'# {self.n} translated texts')
        assert not self.found, '\n'.join(f'{place}: {text!r}: {plain(text)}' for text, place in self.found.items())


def start():
    """The page before any study, and why a path is none."""
    walk = Walk(case.path('nothing.png'))
    try:
        walk.look('refused', 'Could not open')
        walk.w.key('Escape')
        walk.look('start', 'Try the Sample Case')
    finally:
        walk.end()


def pages():
    walk = Walk(STUDY)
    try:
        for page, what in (('Load', 'One loop per view'), ('Calibrate', 'The size of a pixel'), ('Reconstruct', 'Number of Seeds'),
                           ('Report', 'Definitions'), ('Mark', 'first frame after')):
            walk.page(page)
            walk.look(page.lower(), what)
        for key, what in (('k', 'Length'), ('t', 'mitral annulus')):
            walk.w.key('ctrl+2', 'Home', 'd', key)
            walk.look(f'view-{key}', what)
            walk.w.key('Escape', 'Escape')
    finally:
        walk.end()


def inspect():
    walk = Walk(STUDY)
    try:
        walk.page('Inspect')
        walk.look('heart', 'Opacity')
        for key, what in (('F3', 'Volume'), ('F4', 'Review'), ('F2', 'Opacity'), ('F6', 'ED beside ES'),
                          ('F7', 'Twin beside reference'), ('F8', 'template'), ('F5', 'One heart'),
                          ('m', 'Inward motion'), ('n', 'Signed distance'), ('u', 'Seed spread')):
            walk.w.key('ctrl+4', key)
            walk.look(f'inspect-{key}', what)
        walk.w.press(p('Planes'))
        for key, what in (('x', 'Other Side'), ('i', 'Other Side'), ('v', 'Caliper'), ('e', 'Paint')):
            walk.w.key('ctrl+4', key)
            walk.look(f'inspect-{key}', what)
    finally:
        walk.end()


def windows():
    walk = Walk(STUDY)
    try:
        walk.page('Inspect')
        walk.window('ctrl+comma', 'preferences', 'Appearance', 'Preferences')
        walk.window('ctrl+question', 'shortcuts', 'Open a study or files')
        walk.window('ctrl+shift+F1', 'lessons', 'Open a Lesson File', 'Lessons')
        walk.window('ctrl+F1', 'self-test', 'All Checks Passed', 'Self-Test')
        walk.window('ctrl+p', 'report-window', 'Report, page', 'Report Preview')
    finally:
        walk.end()


def report():
    """The words in the PDF."""
    if not shutil.which('pdftotext'):
        raise Skip('no pdftotext: install poppler-utils')
    path = case.path('report.pdf')
    w = Window(PROGRAM, STUDY)
    try:
        w.find(p('Inspect'), part=True, seconds=60)
        w.click(p('Inspect'), part=True)
        wait('the page', lambda: w.is_selected(p('Inspect')))
        w.key('ctrl+4', 'ctrl+p')
        w.find(p('Report, page'), part=True, seconds=120)
        w.press(p('Save'), 'button', part=True)
        wait('the dialog', lambda: on_screen(p('Save the Report')))
        time.sleep(0.5)
        w.key('ctrl+a', title=p('Save the Report'))
        w.choose(path, p('Save the Report'))
        w.find(p('Saved as'), part=True, seconds=60)
    finally:
        w.kill()
    text = subprocess.run(['pdftotext', path, '-'], capture_output=True, text=True, check=True).stdout
    lines = [line for line in text.split('\n') if not line.isascii()]
    assert len(lines) > 40, text
    found = [line for line in text.split('\n') if plain(line)]
    assert not found, '\n'.join(found)


def language():
    speak(case, 'en_GB')
    os.environ['UT_LOCALES'] = case.path('locales')
    pseudo.write(os.path.join(ROOT, 'po', 'de.po'), case.path('locales', 'en', 'LC_MESSAGES'))


sys.exit(case.run([language, start, pages, inspect, windows, report]))
