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

import pseudo
from case import Case, Skip
from driver import Window, on_screen, wait
from languages import speak
from pseudo import pseudo as p

PROGRAM, PICTURES, _, PREPARED = sys.argv[1:]
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
case = Case('untranslated', PICTURES, PREPARED)
STUDY = case.path('study')
WORD = re.compile(r'[A-Za-z]{3,}')

# What stays English, each for its reason.
TRUE_EXCEPTIONS = re.compile('|'.join((
    r'\b(?:Gtk|Adw|Ut)[A-Z]\w+',  # GTK names what has no name after its class
    r'\b[Uu]ltra[Tt]win\b',  # the product
    r'\b(?:PSAX|psax|Myo|DSC)\b',  # views, structures and quantities keep their letters in every language
    r'\b(?:AVX|SSE)[\w.-]*',  # instruction sets of processors
    r'\bc(?:pu|uda)\b|\bsmall\b|\b[0-9a-f]{8,16}\b',  # a device, a network, hashes: as the command wants them
    r'\b[\w-]+\.(?:nii\.gz|json|png|dcm|safetensors|py|md)\b',  # file names
    r'\blibultratwin-cuda\.so\b|(?<!\w)(?:/[\w.-]+){2,}',  # a module, and the folder where it should be
    r'"[a-z][\w/-]*"|:(?:true|false)\b',  # the options of the network, as the command wants them
    r'\bstudy: |Not a directory$',  # a folder, and what the C library says, which has its own catalogues
    r'“title”',  # a key of a lesson's file
    r'Lang et al\., ASE/EACVI 2015',  # a citation
    r'^(?:About|Details|Troubleshooting|Legal|Credits)$',  # libadwaita's
    r'^(?:(?:Ctrl|Shift|Alt)\+)+\S+$',  # GTK's names of keys
    r'^(?:Minimi[sz]e|Maximi[sz]e|Restore|Close)(?: the window)?$',  # GTK's own, in its own catalogues
    r'^(?:Ctrl|Shift|Alt|Page Up|Page Down|Escape|Return|Space|Home|End|Delete|Left|Right|Up|Down|Backspace|Enter)$',
    r'^Shortcuts$|^Search Shortcuts$|^Search Results$|^No Results Found$|^Try a different search$',
)))


def lesson_files():
    folder = os.path.join(ROOT, 'resources', 'lessons')
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding='utf-8') as file:
            yield json.load(file)


LESSONS = list(lesson_files())
# A lesson carries its languages itself; numbers stand in its texts.
LESSON_TEXTS = re.compile('|'.join(re.sub(r'\\\{.*?\\\}', '.*?', re.escape(text['en'])) for lesson in LESSONS for text in
                                   [lesson['title'], lesson['summary'], *(step['text'] for step in lesson['steps'])]))


def plain(text):
    """The first words of @text that nobody can translate, or ''."""
    if LESSON_TEXTS.fullmatch(text):
        return ''
    found = WORD.search(TRUE_EXCEPTIONS.sub('', text))
    return found[0] if found else ''


class Walk:
    """A window of the language, looked at from place to place."""

    def __init__(self, *paths):
        self.w = Window(PROGRAM, *paths)
        self.found = {}
        self.n = 0

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.w.kill()
        print(f'# {self.n} translated texts')
        assert error or not self.found, '\n'.join(f'{place}: {t!r}: {plain(t)}' for t, place in self.found.items())

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
        if not self.w.controls(lambda c: wanted in c.text or wanted in c.description):
            return None
        controls = self.w.controls()
        return [t for t in [c.text for c in controls] + [c.description for c in controls] if t]

    def page(self, name):
        self.w.click(p(name), part=True, role='list item')
        wait(f'the page {name}', lambda: self.w.is_selected(p(name)))

    def window(self, key, place, what, title=None):
        """A window that @key opens, looked at and closed."""
        self.w.key(key)
        if title:
            wait(f'the window {title}', lambda: on_screen(p(title)))
        self.look(place, what)
        self.close(place, what, title)

    def close(self, place, what, title=None):
        def closed():
            self.w.key('Escape', title=p(title) if title else 'UltraTwin')
            return not self.w.look(p(what), part=True)
        wait(f'{place} closed', closed, 40)

    def chooser(self, key, title, *words):
        """A dialog for files is GTK's, whose words are in its own catalogues: the title and @words are ours."""
        self.w.key(key)
        wait(f'the dialog {title}', lambda: on_screen(p(title)))
        for word in words:
            self.w.find(p(word))
        def closed():
            self.w.key('Escape', title=p(title))
            return not on_screen(p(title))
        wait(f'{title} closed', closed, 40)


def start():
    """The page before any study, and why a path is none."""
    with Walk(case.path('nothing.png')) as walk:
        walk.look('refused', 'Could not open')
        walk.w.key('Escape')
        walk.look('start', 'Try the Sample Case')


def pages():
    with Walk(STUDY) as walk:
        for page, what in (('Load', 'One loop per view'), ('Calibrate', 'The size of a pixel'), ('Reconstruct', 'Number of Seeds'),
                           ('Mark', 'first frame after')):
            walk.page(page)
            walk.look(page.lower(), what)
        for key, what in (('k', 'Length'), ('t', 'mitral annulus')):
            walk.w.key('ctrl+2', 'Home', 'd', key)
            walk.look(f'view-{key}', what)
            walk.w.key('Escape', 'Escape')
        walk.page('Report')
        walk.look('report', 'Definitions')


def inspect():
    """What was once shown is read by every look after, so the pages with most on them come last."""
    with Walk(STUDY) as walk:
        walk.page('Inspect')
        walk.look('heart', 'Opacity')
        for key, what in (('F6', 'ED beside ES'), ('F7', 'Twin beside reference'), ('F8', 'template'),
                          ('shift+F7', 'Which Heart Beside'), ('F5', 'One heart'), ('m', 'Inward motion'),
                          ('n', 'Signed distance'), ('u', 'Seed spread'), ('Planes', 'Cut Open'), ('x', 'Other Side'),
                          ('i', 'Echo Planes'), ('v', 'Caliper'), ('e', 'Paint'), ('F3', 'Volume'), ('F4', 'Review')):
            if key == 'Planes':
                walk.w.press(p(key))
            else:
                walk.w.key('ctrl+4', key)
            walk.look(f'inspect-{key}', what)


def windows():
    """All that opens over a page; a page with little on it, for each look reads all of it."""
    with Walk(STUDY) as walk:
        w = walk.w
        walk.page('Load')
        walk.window('ctrl+comma', 'preferences', 'Appearance', 'Preferences')
        walk.window('ctrl+question', 'shortcuts', 'Open a study or files')
        walk.window('ctrl+shift+F1', 'lessons', 'Open a Lesson File', 'Lessons')
        walk.window('ctrl+F1', 'self-test', 'All Checks Passed', 'Self-Test')
        walk.window('F1', 'help', 'From Three Loops to a Heart')
        walk.window('ctrl+r', 'rename', 'says nothing about who')
        walk.window('F10', 'menu', 'Keyboard Shortcuts')
        w.press(p('%s menu') % 'A4C')
        walk.look('view-menu', 'Trace the Left Ventricle')
        w.key('Escape', 'F10')
        w.press(p('About UltraTwin'))
        walk.look('about', 'The UltraTwin developers', 1)
        walk.close('about', 'The UltraTwin developers')
        for key, title, *words in (
                ('ctrl+o', 'Open a Study or Files'), ('ctrl+alt+o', 'Open a Study Folder'),
                ('ctrl+shift+o', 'Open a Reference Label Map'),
                ('ctrl+shift+s', 'Choose or Make a Folder for the Study'),
                ('ctrl+e', 'Choose or Make a Folder for the Export', 'Meshes as', 'A full turn as')):
            walk.chooser(key, title, *words)
        w.key('ctrl+p')
        walk.look('report-window', 'Report, page')
        save_report(w, case.path('report.pdf'))


def dialogs():
    """What asks, or says that it is done, once the files of a study were read, written or not made."""
    folder, empty, settings = case.path('42'), case.path('43'), case.path('config', 'ultratwin', 'window.ini')
    os.mkdir(folder)
    os.mkdir(empty)
    with Walk(STUDY) as walk:
        walk.page('Load')
        walk.w.key('ctrl+shift+o')
        walk.w.choose(os.path.join(STUDY, 'reference_ed.nii.gz'), p('Open a Reference Label Map'))
        walk.look('moment', 'Which moment does')
        walk.close('moment', 'Which moment does')
        walk.w.key('ctrl+alt+s')
        walk.w.choose(empty + '/', p('Make an Empty Folder for the Copy; Its Name Goes With It'))
        walk.look('copy', 'Is there a name, date or number')
        walk.close('copy', 'Is there a name, date or number', 'De-identified Copy')
        walk.w.key('ctrl+e')
        walk.w.choose(folder, p('Choose or Make a Folder for the Export'))
        walk.look('exported', 'Exported to')
        assert walk.w.close() == 0
    with open(settings, encoding='utf-8') as file:
        text = file.read()
    with open(settings, 'w', encoding='utf-8') as file:
        file.write(text.replace('device=auto', 'device=cuda'))
    os.environ['CUDA_VISIBLE_DEVICES'] = ''  # where there is a card, it is not seen
    with Walk(STUDY) as walk:
        walk.page('Reconstruct')
        walk.w.key('ctrl+Return')
        walk.look('no-card', 'The graphics card cannot do it')
        walk.close('no-card', 'The graphics card cannot do it')
    with open(settings, 'w', encoding='utf-8') as file:
        file.write(text)


def save_report(w, path):
    w.press(p('Save'), 'button', part=True)
    wait('the dialog', lambda: on_screen(p('Save the Report')))
    time.sleep(0.5)
    w.key('ctrl+a', title=p('Save the Report'))  # the name that it proposes
    w.choose(path, p('Save the Report'))
    w.find(p('Saved as'), part=True, seconds=60)


def report():
    """The words in the PDF that was saved."""
    if not shutil.which('pdftotext'):
        raise Skip('no pdftotext: install poppler-utils')
    text = subprocess.run(['pdftotext', case.path('report.pdf'), '-'], capture_output=True, text=True, check=True).stdout
    lines = [line for line in text.split('\n') if not line.isascii()]
    assert len(lines) > 40, text
    found = [line for line in text.split('\n') if plain(line)]
    assert not found, '\n'.join(found)


def out_of_date():
    """A mark that moved: the heart is not of these marks, and nothing reproduces it. Then nothing can be
    saved any more, and who leaves is asked."""
    with Walk(STUDY) as walk:
        walk.page('Mark')
        walk.w.key('ctrl+2', 'End', 'd')
        walk.page('Inspect')
        walk.look('out-of-date', 'Out of date')
        walk.window('ctrl+shift+c', 'no-command', 'There is no command for this heart')
        walk.page('Reconstruct')
        walk.look('out-of-date-settings', 'out of date')
        walk.w.key('ctrl+Return')
        walk.look('working', 'Progress')
        walk.w.key('Escape')
        walk.look('cancelled', 'Reconstruction cancelled')
        shutil.rmtree(STUDY)
        with open(STUDY, 'w', encoding='utf-8'):
            pass
        walk.page('Mark')
        walk.w.key('ctrl+2', 'End', 's')
        walk.look('not-saved', 'The study could not be saved')
        walk.w.key('ctrl+w')
        walk.look('close', 'Close Without Saving')


def broken():
    """A picture that says nothing of its pixels, a lesson with a slip, a study without one of its loops."""
    still, lesson, study = case.path('a2c.png'), case.path('slip.json'), case.path('new', 'study')
    subprocess.run(['convert', '-size', '128x128', 'gradient:', still], check=True)
    with open(lesson, 'w', encoding='utf-8') as file:
        file.write('{"format": "ultratwin-lesson", "format_version": 1, "title": {"de": "x"}}')
    with Walk(still) as walk:
        for page, what in (('Calibrate', 'Spacing unknown'), ('Load', 'still picture'), ('Mark', 'not marked'),
                           ('Reconstruct', 'Y confirms what is proposed')):
            walk.page(page)
            walk.look(f'still-{page.lower()}', what)
        open_lesson(walk.w, lesson)
        walk.look('lesson-refused', 'The lesson could not be opened')
    shutil.rmtree(os.path.join(study, 'a4c'))
    with Walk(study) as walk:
        walk.look('missing', 'Parts of the study are missing')


def lessons():
    """Their texts carry the language themselves; all around them is ours."""
    steps = [next(step for step in lesson['steps'] if 'wait' in step) for lesson in LESSONS]
    path = case.path('lesson.json')
    with open(path, 'w', encoding='utf-8') as file:
        json.dump({**LESSONS[0], 'study': STUDY, 'steps': steps}, file)
    with Walk(case.path('new', 'study')) as walk:
        open_lesson(walk.w, path)
        for n in range(1, len(steps) + 1):
            wait(f'step {n}', lambda: walk.w.look(p('Step %u of %u') % (n, len(steps))), 60)
            walk.look(f'lesson-{n}', 'Leave')
            walk.w.key('ctrl+4', 'alt+Right')


def open_lesson(w, path):
    w.key('ctrl+shift+F1')
    w.click(p('Open a Lesson File…'), part=True)
    w.choose(path, p('Open a Lesson File'))


def language():
    speak(case, 'en_GB')
    os.environ['UT_LOCALES'] = case.path('locales')
    pseudo.write(os.path.join(ROOT, 'po', 'de.po'), case.path('locales', 'en', 'LC_MESSAGES'))


sys.exit(case.run([language, start, pages, inspect, windows, report, dialogs, lessons, broken, out_of_date]))
