# SPDX-License-Identifier: Apache-2.0
"""test_reference.py PROGRAM PICTURES COMMAND PREPARED   a ground truth with others' codes, in the real window.

A label map with the codes of TotalSegmentator is asked about, never taken for ours; what is answered
stays with the study. One with those of MM-WHS, in NRRD and dropped, is recognised, and says so. Five
surfaces are a reference too."""
import gzip
import json
import os
import struct
import sys

from case import Case
from driver import Window, wait, xdotool

PROGRAM, PICTURES, COMMAND, PREPARED = sys.argv[1:]
case = Case('reference', PICTURES, PREPARED)
STUDY = case.path('study')
ASKED = 'Which code of'
MOMENT = 'Which moment does'


def recoded(codes):
    """Header and voxels, uint16, of the phantom's reference at ED with other codes; codes by ours."""
    with gzip.open(case.path('study', 'reference_ed.nii.gz')) as file:
        data = file.read()
    return bytearray(data[:352]), struct.pack(f'<{len(data) - 352}H', *(codes[v] for v in data[352:]))


def write_nifti(name, codes):
    header, voxels = recoded(codes)
    struct.pack_into('<2h', header, 70, 512, 16)
    with gzip.open(case.path(name), 'wb', 1) as file:
        file.write(bytes(header) + voxels)


def write_nrrd(name, codes):
    header, voxels = recoded(codes)
    sizes = '{} {} {}'.format(*struct.unpack_from('<3h', header, 42))
    x, y, z = (struct.unpack_from('<4f', header, 280 + 16 * axis) for axis in range(3))
    columns = [f'({a!r},{b!r},{c!r})' for a, b, c in zip(x, y, z, strict=True)]
    with open(case.path(name), 'wb') as file:
        file.write(f'NRRD0004\ntype: ushort\ndimension: 3\nspace: RAS\nsizes: {sizes}\n'
                   f'space directions: {" ".join(columns[:3])}\nspace origin: {columns[3]}\n'
                   f'endian: little\nencoding: gzip\n\n'.encode() + gzip.compress(voxels, 1))


def references():
    with open(os.path.join(STUDY, 'study.json'), encoding='utf-8') as file:
        return json.load(file)['references']


def load(w, name):
    w.key('ctrl+shift+o')
    w.choose(case.path(name), 'Open a Reference')


# ---- steps ------------------------------------------------------------------------------------

def asked(w):
    """The guess fits; with one code twice nothing can be used."""
    wait('the loops', lambda: w.texts(r'^frame \d+ of'), 60)
    load(w, 'total.nii.gz')
    w.find(ASKED, part=True, seconds=60)
    for row in ('Myo, wall of the LV', 'LV, left ventricle', 'LA, left atrium', 'RV, right ventricle', 'RA, right atrium'):
        w.find(row, part=True)
    for code in (1, 2, 3, 4, 5):
        w.find(f'{code} · ', part=True)
    w.find('fits Myo=1,LV=3,LA=2,RV=5,RA=4 better than ours', part=True)
    w.find('What fits best is chosen already', part=True)
    case.picture(w, 'codes')


def choose(entry):
    """Of the list of the row that has the keys: its first entry is none of the codes."""
    for key in ['space', 'Home'] + ['Down'] * entry + ['Return']:
        xdotool('key', key, 'sleep', 0.3)


def use(w):
    w.press('Use', 'button', part=True)


def refused_twice(w):
    """A code that is two structures cannot be used."""
    before = references()
    xdotool('key', 'Tab')  # from Myo to LV
    choose(1)
    wait('one code twice', lambda: len(w.texts('^1 · ')) == 2)
    case.picture(w, 'twice')
    use(w)
    w.find(ASKED, part=True)
    assert not w.look(MOMENT, part=True) and references() == before
    choose(3)
    wait('each code once', lambda: len(w.texts('^1 · ')) == len(w.texts('^3 · ')) == 1)


def used(w):
    use(w)
    w.find(MOMENT, part=True, seconds=60)
    assert not w.texts('codes are those of'), 'a person told the codes'
    w.press('End-Diastole', 'button', part=True)
    w.find('total.nii.gz', seconds=20)
    w.key('ctrl+s')
    told = {'Myo': 1, 'LV': 3, 'LA': 2, 'RV': 5, 'RA': 4, 'known_by': 'told'}
    wait('the codes in the study', lambda: references()['ED'].get('codes') == told, 20)


def recognised(w):
    w.drop([case.path('mm-whs.nrrd')], *w.centre('3D heart'))
    w.find(MOMENT, part=True, seconds=60)
    w.find('Its codes are those of MM-WHS', part=True)
    case.picture(w, 'mm-whs')
    xdotool('key', 'Escape')
    wait('no question', lambda: not w.look(MOMENT, part=True))


def surfaces(w):
    """Those of a result, of which one is chosen, are five."""
    load(w, os.path.join('out', 'es_lv.ply'))
    w.find(MOMENT, part=True, seconds=60)
    w.press('End-Systole', 'button', part=True)
    w.find('es_lv.ply', seconds=20)


def cancelled(w):
    load(w, 'total.nii.gz')
    w.find(ASKED, part=True, seconds=60)
    xdotool('key', 'Escape')
    wait('no question', lambda: not w.look(ASKED, part=True))
    assert references()['ED']['codes']['LV'] == 3


def not_asked_again(w):
    w.find('3D heart', seconds=60)
    w.key('F2')
    w.find('es_lv.ply', seconds=60)
    w.key('ctrl+4', 'b')
    w.find('total.nii.gz', seconds=60)
    assert not w.look(ASKED, part=True) and not w.texts('cannot be read')


def main():
    parts = ([asked, refused_twice, used, recognised, surfaces, cancelled], [not_asked_again])
    print(f'1..{sum(map(len, parts))}', flush=True)
    number = 0
    for steps in parts:
        window = Window(PROGRAM, STUDY)
        try:
            for step in steps:
                number += 1
                if not case.step(number, step, window):
                    return 1
            window.close()
        finally:
            window.kill()
    return 0


write_nifti('total.nii.gz', {0: 0, 1: 1, 2: 3, 3: 2, 4: 5, 5: 4})
write_nrrd('mm-whs.nrrd', {0: 0, 1: 205, 2: 500, 3: 420, 4: 600, 5: 550})
try:
    sys.exit(main())
finally:
    case.end()
