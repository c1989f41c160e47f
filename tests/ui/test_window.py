# SPDX-License-Identifier: Apache-2.0
"""test_window.py PROGRAM PICTURES [--short]   a whole case in the real window, end to end.

Opens the sample, marks, reconstructs (cancelled once), switches ED and ES, loads a reference,
paints the distance map, exports, saves, reopens; then a picture without a spacing hides every
number, files are dropped, and the program is killed and finds its study again."""
import json
import os
import re
import shutil
import struct
import sys
import time
import zlib

import ruler
from case import Case
from accessible import SENSITIVE
from driver import Window, wait, xdotool

PROGRAM, PICTURES, *short = sys.argv[1:]
case = Case('window', PICTURES)
SAMPLE = case.path('data', 'ultratwin', 'sample')
EXPORT = case.path('export')
seconds = {}
STILL = case.path('a2c.png')
OTHER = case.path('other-a4c.png')
LOOPS = case.path('loops')


def write_png(path, side=128):
    """A grey still picture, which says nothing about its spacing."""
    rows = b''.join(b'\0' + bytes((x * y) % 251 for x in range(side)) for y in range(side))

    def chunk(kind, data):
        return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))

    with open(path, 'wb') as f:
        f.write(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', side, side, 8, 0, 0, 0, 0))
                + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b''))


def result(phase):
    """What result.json of a phase's result says."""
    folder = os.path.join(SAMPLE, 'results', study()['results'][phase]['id'])
    with open(os.path.join(folder, 'result.json'), encoding='utf-8') as f:
        return json.load(f)


def readout(window):
    """The read-outs of the loops on screen."""
    return window.texts(r'^frame \d+ of \d+')


def study():
    with open(os.path.join(SAMPLE, 'study.json'), encoding='utf-8') as f:
        return json.load(f)


# ---- steps: each takes and returns the window -------------------------------------------------

def open_sample(w):
    w.press('Try the Sample Case')
    wait('the sample study', lambda: os.path.exists(os.path.join(SAMPLE, 'study.json')), 600)
    w.find('A4C loop', seconds=60)
    w.press('Play or pause, A4C')
    assert len(readout(w)) == 3, f'three loops, found {readout(w)}'
    assert w.texts('Research use only')
    ruler.draw(w, SAMPLE)
    w.key('y')
    wait('all marked', lambda: not w.texts('proposed: '), 20)
    wait('and saved', lambda: all('es_frame' in view for view in study()['views'].values()), 20)


def mark(w):
    w.key('ctrl+2', 'Home', 'Right', 'Right', 'Right', 'd')
    marked = lambda: w.texts(r'^frame 4 of \d+, .*, ED$')  # not “ED proposed”, as in other views
    wait('ED on frame 4 of A4C', marked, 10)
    w.key('ctrl+z')
    wait('the mark undone, and what it proposed', lambda: not w.texts(r'^frame 4 of \d+, .*, ED'), 10)
    w.key('ctrl+shift+z')
    wait('the mark redone', marked, 10)
    w.key('ctrl+z', 'shift+s')
    wait('ES in all views', lambda: sum('ES' in t for t in readout(w)) == 3, 10)
    assert w.find('A4C frame').value > 0, 'the time bar follows'


def propose(w):
    """The next beat is proposed, hollow: no mark moves until Y, and one undo takes it all back. The
    step says which keys serve now."""
    w.key('ctrl+7', 'ctrl+2')
    w.find('Ctrl+Return reconstructs', part=True, seconds=10)
    before = study()['views']
    shown = lambda end: any(t.endswith(end) for t in readout(w))
    w.key('bracketright')
    wait('the next beat proposed', lambda: shown('ED proposed'), 20)
    w.find('then press Y', part=True, seconds=10)
    w.key('y')
    wait('it marked', lambda: shown(', ED') and not shown('proposed'), 10)
    wait('it saved', lambda: study()['views']['A4C']['es_frame'] > before['A4C']['es_frame'], 20)
    w.key('ctrl+z')
    wait('the marks as they were', lambda: study()['views'] == before, 20)


def cancel(w):
    """Before a small network on a fast machine is done. The wait is held against the whole run
    that follows, which is looked at in the same way."""
    w.key('ctrl+Return', pause=0)
    start = time.monotonic()
    w.key('Escape', pause=0)
    w.find('Reconstruction cancelled', part=True, seconds=30)
    seconds['cancel'] = time.monotonic() - start
    assert not os.path.exists(os.path.join(SAMPLE, 'results')), 'nothing was kept'


def reconstruct(w):
    start = time.monotonic()
    w.key('ctrl+Return', pause=0)
    wait('the Inspect step', lambda: w.is_selected('Inspect'), 300)
    seconds['whole'] = time.monotonic() - start
    wait('the numbers', lambda: w.texts(r'\d ml$'), 120)
    assert w.description('3D heart').startswith('ED'), w.description('3D heart')
    print('# {cancel:.2f} s from Cancel to idle, {whole:.2f} s for the whole'.format(**seconds), flush=True)
    assert seconds['cancel'] < seconds['whole'], seconds


def switch_phase(w):
    w.press('Show ES')
    wait('ES in the 3D view', lambda: w.description('3D heart').startswith('ES'), 10)
    w.key('ctrl+4', 'b')
    wait('ED after B', lambda: w.description('3D heart').startswith('ED'), 10)
    w.key('1')
    wait('LV hidden', lambda: ', LV' not in w.description('3D heart'), 10)
    w.key('1')
    wait('LV shown', lambda: ', LV' in w.description('3D heart'), 10)


def load_reference(w):
    w.key('ctrl+shift+o')
    w.choose(os.path.join(SAMPLE, 'reference_ed.nii.gz'), 'Open a Reference')
    w.find('Which moment does', part=True, seconds=30)
    w.press('End-Diastole', 'button', part=True)
    w.find('reference_ed.nii.gz', seconds=20)
    w.key('ctrl+4', 'F3')
    wait('DSC in the table', lambda: 'DSC' in w.texts(), 60)
    w.key('F2')


def distance_map(w):
    w.key('ctrl+4', 'n')
    wait('the map', lambda: 'Signed distance' in w.description('3D heart'), 10)
    time.sleep(1)


def seeds(w):
    """Two seeds: a spread to colour by, in place of the distance map."""
    w.click('Reconstruct', part=True)
    w.find('Number of seeds', part=True, seconds=20).value = 2
    w.key('ctrl+Return', pause=0)
    wait('the Inspect step', lambda: w.is_selected('Inspect'), 600)
    w.wait_idle(600)
    wait('the spread', lambda: w.find('Seed spread ', part=True, seconds=60).has(SENSITIVE), 120)
    w.key('ctrl+4', 'u')
    wait('its colours', lambda: 'Seed spread 0 to 1' in w.description('3D heart'), 10)
    assert 'Signed distance' not in w.description('3D heart'), 'one map at a time'
    w.find('rank correlation with the error', part=True, seconds=60)
    w.key('u')
    wait('no colours', lambda: 'Seed spread' not in w.description('3D heart'), 10)


def stages(w):
    """Each stage that the network has can be looked at; the others say why not."""
    there = result('ED')['stages']
    names = [stage['name'] for stage in there]
    last = names[-1]
    for i, name in enumerate(('template', 'coarse', 'refined', 'autoencoder', 'corrected'), 1):
        button = w.find(f'Show the {name} stage')
        assert button.has(SENSITIVE) == (name in names), name
        if name not in names:
            continue
        w.press(f'Show the {name} stage')
        wait(f'the {name} stage', lambda: f'{name} stage' in w.description('3D heart'), 60)
        if name != last:
            w.find('numbers of the last stage', part=True, seconds=20)
    w.key('ctrl+4', 'alt+2')
    wait('the coarse stage by its key', lambda: 'coarse stage' in w.description('3D heart'), 60)
    w.press(f'Show the {last} stage')
    wait('the last stage again', lambda: f'{last} stage' in w.description('3D heart'), 60)


def layouts(w):
    """Hearts side by side, each with its own words and one camera for all."""
    w.key('ctrl+4', 'F6')
    wait('ED', lambda: w.description('3D heart').startswith('ED'), 20)
    wait('ES beside it', lambda: w.description('3D heart 2').startswith('ES'), 20)
    w.key('l')
    for name in ('3D heart', '3D heart 2'):
        wait('the left side', lambda: w.description(name).endswith('seen from the left'), 20)
    w.key('F7')
    wait('the reference', lambda: 'reference' in w.description('3D heart 2'), 20)
    w.key('F8')
    wait('the template', lambda: 'template' in w.description('3D heart'), 20)
    wait('the corrected stage', lambda: 'corrected' in w.description('3D heart 4'), 20)
    w.key('F5', 'm')
    wait('the motion', lambda: 'Inward motion' in w.description('3D heart'), 20)
    w.key('m', 'a', 'space')
    w.find('interpolated between ED and ES', seconds=60)
    w.key('space')
    wait('a still heart', lambda: not w.look('interpolated between ED and ES'), 20)


def model_card(w):
    w.key('shift+F1')
    w.find('Model card: ', part=True, seconds=20)
    w.find('What was not tested', seconds=10)
    assert 'DSC, %' in w.texts(), 'the table of accuracy'
    w.key('Escape', title='Model Card')
    wait('the card closed', lambda: not w.look('What was not tested'), 20)


def report(w):
    w.key('ctrl+p')
    w.find('Where the Numbers Come From', seconds=10)
    assert w.texts('^Dice|Dice:'), 'definitions are shown'
    w.find('Report, page 1 of 2', seconds=120)
    w.key('Escape', title='Report Preview')
    wait('the preview closed', lambda: not w.look('Report, page 1 of 2'), 20)


def passports(w):
    """The EF never stands alone, every number opens its card, the wall is told in words."""
    assert w.texts(r'^\d+ % \(-?\d+–\d+\)$|^No EF: ')
    assert not w.texts(r'^-?\d+ %$'), 'an EF alone'
    w.press('HD95 – LV, ED: ', part=True)
    for title in ('Value', 'Formula', 'Direction', 'Percentile', 'Sampling', 'Unit', 'Empty structure'):
        w.find(title, seconds=10)
    assert w.texts(r'^\d+\.\d mm = \d+\.\d voxels$'), 'both units'
    w.key('Escape')
    wait('the card closed', lambda: not w.look('Empty structure'), 10)
    w.key('ctrl+4')
    w.press('Numbers')
    w.find('Left Ventricle', seconds=20)
    if w.look('Wall thickness at ED'):  # not with weights that make no heart
        assert '1 basal anterior: ' in w.description('Wall thickness at ED')
        assert '17 apex: ' in w.description('Wall thickness at ED')
        w.press('Thickening')
        w.find('Thickening, ES − ED', seconds=10)
    w.press('Heart')


def body(w):
    """Height and weight, typed, bring the numbers per square metre; undo takes them back."""
    w.press('Numbers')
    w.find('Numbers per m² of body surface need height and weight.', part=True, seconds=20)
    x, y = w.centre('Numbers')
    xdotool('mousemove', x, y + 300)
    wait('the controls in sight', lambda: xdotool('click', 5) or w.centre('Height in cm')[1] < y + 300, 20)
    for name, text in (('Height in cm', '17'), ('Height in cm', '170'), ('Weight in kg', '64,5')):
        w.click(name)
        w.key('ctrl+a')
        w.type(text, 'UltraTwin')
        w.key('Return')
        if text == '17':
            w.find('a height of 17 cm, want 30 to 250')
    w.find('BSA 1.75 m² from 170 cm and 64.5 kg (Du Bois).', part=True, seconds=20)
    wait('a volume per square metre', lambda: w.texts(r'^\d+ ml/m²$'), 20)
    w.key('ctrl+z', 'ctrl+z')
    w.find('Numbers per m² of body surface need height and weight.', part=True, seconds=20)
    w.press('Heart')


def export(w):
    os.mkdir(EXPORT)
    w.key('ctrl+4', 'ctrl+e')
    w.choose(EXPORT + '/', 'Choose or Make a Folder')
    w.find('Report, done', seconds=300)  # the toast that says so goes after 5 s
    names = [f'{phase}{rest}' for phase in ('ed', 'es')
             for rest in ['.nii.gz', *(f'_{s}.ply' for s in ('myo', 'lv', 'la', 'rv', 'ra')),
                          '_spread.nii.gz', '_coarse.nii.gz', '_corrected.nii.gz',
                          *(f'_{c}.png' for c in ('a', 'l', 'a4c', 'a2c', 'psax'))]]
    found = os.listdir(EXPORT)
    names += ['result.csv']
    assert {*names, 'result.json'} <= set(found), sorted({*names, 'result.json'} - set(found))
    stage = r'e[ds]_(template|refined|autoencoder|variance-[xyz]|weight-[xyz])\.nii\.gz'
    for name in set(found) - {*names, 'result.json'}:
        assert re.fullmatch(stage, name), f'{name} is no file of an export'
    for name in set(found) - {'result.json'}:
        check_exported(name)
    with open(os.path.join(EXPORT, 'result.json'), encoding='utf-8') as f:
        result = json.load(f)
    assert result['format'] == 'ultratwin-result' and 'Research use only' in result['notice']
    assert {'inputs', 'ed', 'es', 'lv', 'definitions'} <= result.keys(), result.keys()


def check_exported(name):
    with open(os.path.join(EXPORT, name), 'rb') as f:
        data = f.read()
    if name.endswith('.ply'):
        header = data[:data.index(b'end_header')].decode()
        assert header.startswith('ply\n') and 'research use only' in header and 'unit mm' in header, header
        assert int(re.search(r'element vertex (\d+)', header)[1]) > 100, f'{name}: {header}'
    elif name.endswith('.png'):
        assert data.startswith(b'\x89PNG') and struct.unpack('>II', data[16:24]) == (1200, 1000), name
        assert len(data) > 20000, f'{name}: {len(data)} bytes are no heart'
    elif name.endswith('.csv'):
        assert data.startswith(b'phase,structure,quantity,value,low,high,unit,') and b'Research use only' in data
    else:
        assert data.startswith(b'\x1f\x8b'), name


def save(w):
    file = os.path.join(SAMPLE, 'study.json')
    before = os.path.getmtime(file)
    w.key('ctrl+4', 'ctrl+s')
    wait('the save', lambda: os.path.getmtime(file) > before, 20)
    assert study()['format'] == 'ultratwin-study'
    assert os.listdir(os.path.join(SAMPLE, 'results')), 'results are on disk'
    assert w.close() == 0


def reopen(w):
    w.find('3D heart', seconds=60)
    wait('the step that was on screen', lambda: w.is_selected('Inspect'), 20)
    wait('the numbers', lambda: w.texts(r'\d ml$'), 120)
    assert w.description('3D heart').startswith('ED')


def out_of_date(w):
    """A mark of ED that moved: said of all numbers that it goes into, though ES is looked at."""
    said = lambda: w.look('Out of date: views, marks or calibration changed since.', 'label')
    w.key('ctrl+2', 'Home', 'Right', 'd', 'ctrl+9')
    w.press('Show ES')
    for key in ('ctrl+9', 'ctrl+0'):
        w.key(key)
        wait('a sentence', said, 20)
        wait('names that say so', lambda: w.texts('^EF – LV, ED and ES: .*, out of date$'), 10)
    w.key('ctrl+z', 'ctrl+9')
    wait('all up to date', lambda: not said(), 20)
    w.press('Show ED')


def break_result(w):
    """While no window looks: the probabilities of ED end too early."""
    assert w.close() == 0
    ed = study()['results']['ED']['id']
    for name in os.listdir(os.path.join(SAMPLE, 'results', ed)):
        if name.endswith('.u16.gz') and name != 'spread.u16.gz':
            shutil.copy(os.path.join(SAMPLE, 'results', ed, name), case.home)
            with open(os.path.join(SAMPLE, 'results', ed, name), 'r+b') as f:
                f.truncate(200)


def broken_result(w):
    """One phase cannot be read: that is said, and the other one is there."""
    w.find('ED result: it cannot be read', part=True, seconds=60)
    w.press('Show ES')
    wait('ES in the 3D view', lambda: w.description('3D heart').startswith('ES, '), 60)
    wait('the numbers of ES', lambda: w.texts(r'\d ml$'), 120)
    w.kill()  # behind the message
    ed = study()['results']['ED']['id']
    for name in os.listdir(case.home):
        if name.endswith('.u16.gz'):
            shutil.move(case.path(name), os.path.join(SAMPLE, 'results', ed, name))


def hide_numbers(w):
    """A view without a spacing: no number with a unit, and the way out is said."""
    wait('the question for a line', lambda: w.is_selected('Calibrate'), 60)
    w.find('Spacing unknown', part=True, seconds=20)
    w.key('ctrl+4')
    w.find('Numbers are hidden', part=True, seconds=20)
    numbers = w.texts(r'\d\s*(ml|mm(?! per pixel)|g|%)(?!\w)')
    assert not numbers, f'numbers with units while uncalibrated: {numbers}'
    w.key('ctrl+p')
    w.find('No Numbers Yet', seconds=10)


def drop(w):
    """A study on the window, then a picture on a view: the place counts, not the name."""
    w.drop([SAMPLE], 500, 400)
    wait('the study', lambda: w.is_selected('Report'), 120)
    w.key('ctrl+2')
    w.drop([OTHER], *w.centre('PSAX loop'))
    w.find('other-a4c.png', seconds=30)
    wait('the step for it', lambda: w.is_selected('Calibrate'), 20)
    wait('PSAX, not A4C, as its place', lambda: study()['views']['PSAX']['n_frames'] == 1, 20)
    w.key('ctrl+z')
    wait('undone', lambda: not w.look('other-a4c.png'), 20)
    for name in ('a2c', 'a4c', 'psax'):
        shutil.copytree(os.path.join(SAMPLE, name), os.path.join(LOOPS, name))
    w.drop([LOOPS], 500, 400)  # a folder of loops: each to the view that its name says
    w.find('Placed A2C: a2c, A4C: a4c, PSAX: psax', part=True, seconds=30)
    w.find('A2C is not calibrated', part=True, seconds=30)  # that one after it
    w.key('ctrl+z')
    wait('the loops of the study', lambda: study()['views']['A4C']['source'] == 'a4c', 20)
    w.drop([OTHER, os.path.join(LOOPS, 'a4c')], 500, 400)  # both say A4C, and no view is free
    w.find('a4c was not opened: no view is left for it', part=True, seconds=30)
    w.key('Escape')
    w.find('More than one loop says A4C', part=True, seconds=20)
    w.key('ctrl+z')
    wait('undone again', lambda: study()['views']['A4C']['source'] == 'a4c', 20)


def edit_and_die(w):
    """An edit that nobody saved, and a program that is killed."""
    w.key('ctrl+2', 'Home', 'Right', 'd')
    wait('the edit on disk', lambda: study()['views']['A4C']['ed_frame'] == 2, 30)
    w.kill()


def come_back(w):
    w.find('UltraTwin was cut off', part=True, seconds=60)
    w.key('ctrl+2', 'shift+d')
    wait('the edit', lambda: any(re.match(r'frame 2 of \d+, .*ED', t) for t in readout(w)), 30)
    w.kill()
    with open(os.path.join(SAMPLE, 'study.json'), 'r+b') as f:  # a disk that was full
        f.truncate(200)


def come_back_damaged(w):
    w.find('The last study could not be brought back', seconds=60)
    sentences = w.texts(r'study\.json')
    assert len(sentences) == 1, sentences
    assert os.path.getsize(os.path.join(SAMPLE, 'study.json')) == 200, 'nothing was written over'
    w.find('Try the Sample Case')  # behind the message
    w.kill()


PARTS = [  # what to open, and what to do then
    ([], [open_sample, mark, propose, cancel, reconstruct, switch_phase, load_reference, distance_map, seeds,
          stages, layouts, model_card, report, passports, body, export, save]),
    ([SAMPLE], [reopen, out_of_date, break_result]),
    ([SAMPLE], [broken_result]),
    ([SAMPLE, STILL], [hide_numbers]),
    ([], [drop, edit_and_die]),
    ([], [come_back]),
    ([], [come_back_damaged]),
]


if short:  # under sanitizers
    PARTS = [(paths, [step for step in steps if step not in (propose, seeds, layouts, model_card, passports, body)])
             for paths, steps in PARTS]


def main():
    write_png(STILL)
    write_png(OTHER, side=96)
    print(f'1..{sum(len(steps) for _, steps in PARTS)}', flush=True)
    number = 0
    for paths, steps in PARTS:
        window = Window(PROGRAM, *paths)
        try:
            for function in steps:
                number += 1
                if not case.step(number, function, window):
                    return 1
            if window.process.poll() is None:
                window.close()
        finally:
            window.kill()
    return 0


try:
    sys.exit(main())
finally:
    case.end()
