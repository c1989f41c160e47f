# SPDX-License-Identifier: Apache-2.0
"""test_output.py PROGRAM CLI PICTURES   what leaves the window, held against what leaves the command.

The command makes a study and reconstructs it; the window reconstructs a copy of it and exports:
result.json may differ in the time that it took, nothing else at all. Then the report as a PDF, the
command line that makes the heart again, and the self-test. One TAP line per step."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

from driver import Failed, Window, wait

PROGRAM, CLI, PICTURES = sys.argv[1:4]
home = tempfile.mkdtemp(prefix='ultratwin-output-')
STUDY, OURS, THEIRS = (os.path.join(home, name) for name in ('study', 'window', 'command'))


def command(*words):
    subprocess.run([CLI, *words], check=True, stdout=subprocess.DEVNULL)


def prepare():
    os.makedirs(PICTURES, exist_ok=True)
    os.mkdir(OURS)
    for kind in ('DATA', 'CONFIG', 'CACHE', 'STATE'):
        os.environ[f'XDG_{kind}_HOME'] = os.path.join(home, kind.lower())
    command('phantom', '--seed', '3', '--out', STUDY)
    command('reconstruct', '--study', STUDY, '--stages', '--mesh-format', 'ply,stl,obj,glb', '--out', THEIRS)


def load(folder):
    with open(os.path.join(folder, 'result.json'), encoding='utf-8') as file:
        result = json.load(file)
    seconds = [result[phase]['provenance'].pop('seconds') for phase in ('ed', 'es')]
    assert all(s > 0 for s in seconds), seconds
    return result


def on_screen(title):
    return subprocess.run(['xdotool', 'search', '--onlyvisible', '--name', title], capture_output=True).stdout


def choose(w, path, title):
    time.sleep(1.5)
    w.type(path, title)
    time.sleep(0.5)
    w.key('Return', title=title)


def reconstruct(w):
    w.find('A4C loop', seconds=60)
    w.key('ctrl+Return', pause=0)
    wait('the Inspect step', lambda: w.is_selected('Inspect'), 300)
    w.wait_idle()


def export(w):
    wait('the numbers', lambda: any(re.search(r'\d ml$', t) for t in w.texts()), 120)
    w.key('ctrl+e')
    w.find('Meshes as', part=True)
    choose(w, OURS + '/', 'Choose or Make a Folder')
    w.find('Report, done', seconds=300)


def same_answer(w):
    window, cli = load(OURS), load(THEIRS)
    assert window == cli, {key: (window.get(key), cli.get(key)) for key in window.keys() | cli.keys()
                           if window.get(key) != cli.get(key)}
    for name in os.listdir(OURS):
        if name.endswith('.png') or name == 'result.json':
            continue
        with open(os.path.join(OURS, name), 'rb') as ours, open(os.path.join(THEIRS, name), 'rb') as theirs:
            assert ours.read() == theirs.read(), name


def reproduce(w):
    w.key('ctrl+shift+c')
    w.find('The command that makes this heart again', part=True, seconds=20)


def print_report(w):
    """The pages that Ctrl+P shows, saved as they are."""
    path = os.path.join(home, 'report.pdf')
    w.key('ctrl+p')
    w.find('Report, page 1 of 2', seconds=120)
    wait('the preview', lambda: on_screen('Report Preview'))
    w.key('alt+s', title='Report Preview')
    wait('the dialog', lambda: on_screen('Save the Report'))
    time.sleep(0.5)
    w.key('ctrl+a', title='Save the Report')
    choose(w, path, 'Save the Report')
    w.find('Saved as “report.pdf”', seconds=60)
    with open(path, 'rb') as file:
        assert file.read(5) == b'%PDF-'
    w.picture(os.path.join(PICTURES, 'output-report.png'))
    def closed():  # the dialog before it may still hold the keys
        w.key('Escape', title='Report Preview')
        return not w.look('Report, page 1 of 2')
    wait('the preview closed', closed, 40)


def self_test(w):
    w.key('ctrl+F1')
    w.find('All Checks Passed', seconds=120)
    w.picture(os.path.join(PICTURES, 'output-self-test.png'))
    with open(os.path.join(home, 'data', 'ultratwin', 'selftest.json'), encoding='utf-8') as file:
        assert json.load(file)['passed'] is True
    w.key('Escape', title='Self-Test')
    wait('the window closed', lambda: not w.look('All Checks Passed'), 20)


STEPS = [reconstruct, export, same_answer, reproduce, print_report, self_test]


def main():
    print(f'1..{len(STEPS)}', flush=True)
    prepare()
    window = Window(PROGRAM, STUDY)
    try:
        for number, function in enumerate(STEPS, 1):
            try:
                function(window)
                print(f'ok {number} - {function.__name__}', flush=True)
            except (Failed, AssertionError, OSError) as error:
                print(f'not ok {number} - {function.__name__}: {error}', flush=True)
                window.picture(os.path.join(PICTURES, f'output-{function.__name__}.png'))
                return 1
        return window.close()
    finally:
        window.kill()
        shutil.rmtree(home)


sys.exit(main())
