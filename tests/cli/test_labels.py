# SPDX-License-Identifier: Apache-2.0
"""test_labels.py CLI MODEL   label maps as others keep them: codes, segments, NRRD; TAP on standard output

One phantom, written with the codes of TotalSegmentator, of MM-WHS, as a label map in NRRD and as a
segmentation of 3D Slicer, must be the same heart to every command that reads label maps."""
import bz2
import gzip
import json
import os
import shlex
import struct
import sys

from command import FOLDER, MODEL, done, path, run, run_tests, test

OWN = {'Myo': 1, 'LV': 2, 'LA': 3, 'RV': 4, 'RA': 5}
TOTAL = {'Myo': 1, 'LA': 2, 'LV': 3, 'RA': 4, 'RV': 5}
MM_WHS = {'Myo': 205, 'LA': 420, 'LV': 500, 'RA': 550, 'RV': 600}
CODES = ','.join(f'{name}={code}' for name, code in TOTAL.items())


def refused(*arguments, code=3, words=()):
    got, answer, said = run(*arguments)
    assert got == code, f'{arguments}: exit {got}, want {code}: {said}'
    for word in words:
        assert word in said, f'{arguments}: "{said}" does not say "{word}"'
    assert FOLDER not in said, said
    return answer['error'] if code == 3 else None


def heart():
    """Header and voxels of the phantom's reference at ED."""
    with gzip.open(path('study/reference_ed.nii.gz')) as file:
        data = file.read()
    return bytearray(data[:352]), data[352:]


def recoded(codes):
    """The phantom's voxels with other codes."""
    of = {OWN[name]: code for name, code in codes.items()}
    return [of.get(v, 0) for v in heart()[1]]


def write_nifti(name, codes):
    header, _ = heart()
    struct.pack_into('<2h', header, 70, 512, 16)  # uint16
    with gzip.open(path(name), 'wb', 1) as file:
        file.write(bytes(header) + struct.pack(f'<{len(recoded(codes))}H', *recoded(codes)))
    return path(name)


def write_nrrd(name, codes, encoding='gzip', keys='', space='right-anterior-superior'):
    """The same as uint16, in the same place."""
    header, _ = heart()
    sizes = struct.unpack_from('<3h', header, 42)
    rows = [struct.unpack_from('<4f', header, 280 + 16 * axis) for axis in range(3)]
    if space == 'left-posterior-superior':
        rows[:2] = [[-v for v in row] for row in rows[:2]]
    directions = ' '.join(f'({rows[0][c]!r},{rows[1][c]!r},{rows[2][c]!r})' for c in range(3))
    origin = f'({rows[0][3]!r},{rows[1][3]!r},{rows[2][3]!r})'
    voxels = struct.pack(f'>{len(recoded(codes))}H', *recoded(codes))
    packed = {'raw': bytes, 'gzip': lambda b: gzip.compress(b, 1), 'bzip2': bz2.compress}[encoding](voxels)
    with open(path(name), 'wb') as file:
        file.write((f'NRRD0004\ntype: unsigned short\ndimension: 3\nspace: {space}\nsizes: {sizes[0]} {sizes[1]} {sizes[2]}\n'
                    f'space directions: {directions}\nkinds: domain domain domain\nendian: big\nencoding: {encoding}\n'
                    f'space origin: {origin}\n{keys}\n').encode() + packed)
    return path(name)


def same_heart(name, known_by, codes, *more):
    answer = done('evaluate', '--pred', path('study/reference_ed.nii.gz'), '--ref', name, *more)
    assert answer['mean']['dsc'] == 1 and answer['n_structures_with_one_side_empty'] == 0, answer['mean']
    assert answer['ref_codes'] == codes | {'known_by': known_by}, answer['ref_codes']
    assert answer['pred_codes'] == OWN | {'known_by': 'own'}, answer['pred_codes']


@test
def own_codes_in_every_form():
    for encoding in ('raw', 'gzip', 'bzip2'):
        same_heart(write_nrrd(f'{encoding}.nrrd', OWN, encoding), 'own', OWN)
    same_heart(write_nrrd('lps.nrrd', OWN, space='left-posterior-superior'), 'own', OWN)


@test
def other_codes_are_never_taken_for_ours():
    name = write_nifti('total.nii.gz', TOTAL)
    for words in (('evaluate', '--pred', path('study/reference_ed.nii.gz'), '--ref', name),
                  ('evaluate', '--pred', name, '--ref', path('study/reference_ed.nii.gz')),
                  ('mesh', '--labels', name, '--out', path('x')),
                  ('simulate', '--labels', name, '--out', path('x')),
                  ('canonical', '--labels', name, '--out', path('x.nii.gz'))):
        error = refused(*words, words=('total.nii.gz', 'Myo=1,LV=3,LA=2,RV=5,RA=4', '--'))
        assert error['code'] == 'ask', error
    assert '--pred-codes' in error['message'] or '--codes' in error['message'], error
    assert not os.path.exists(path('x')) and not os.path.exists(path('x.nii.gz'))


@test
def codes_that_are_told():
    name = write_nifti('total.nii.gz', TOTAL)
    same_heart(name, 'told', TOTAL, '--ref-codes', CODES)
    answer = done('evaluate', '--pred', name, '--pred-codes', CODES, '--ref', name, '--ref-codes', 'LV=3')
    assert answer['structures']['LV']['dsc'] == 1 and answer['structures']['LA']['dsc'] == 0, answer
    own = done('mesh', '--labels', path('study/reference_ed.nii.gz'), '--out', path('own'))
    told = done('mesh', '--labels', name, '--codes', CODES, '--out', path('told'))
    assert told['structures'] == own['structures'] and told['codes']['known_by'] == 'told', told
    canonical = done('canonical', '--labels', name, '--codes', CODES, '--out', path('c.nii.gz'))
    assert canonical['volume_ml']['LV'] > 50 and canonical['codes']['LV'] == 3, canonical
    simulated = done('simulate', '--labels', name, '--codes', CODES, '--frames', 'marked', '--out', path('simulated'))
    assert simulated['codes'] == TOTAL | {'known_by': 'told'}, simulated
    refused('mesh', '--labels', name, '--codes', 'LV=3,LA=3', '--out', path('x'), code=2, words=('--codes', 'LV=3,LA=3'))
    refused('mesh', '--labels', name, '--codes', 'LV=9', '--out', path('x'), words=('no code 9', 'LV'))


@test
def conventions_that_are_known():
    same_heart(write_nifti('mm-whs.nii.gz', MM_WHS), 'MM-WHS', MM_WHS)
    same_heart(write_nrrd('mm-whs.nrrd', MM_WHS), 'MM-WHS', MM_WHS)
    names = {'Myo': 'LV myocardium', 'LV': 'left ventricle', 'LA': 'heart_atrium_left', 'RV': 'RV', 'RA': 'Right Atrium'}
    keys = ''.join(f'Segment{i}_ID:=Segment_{i}\nSegment{i}_Name:={names[name]}\nSegment{i}_LabelValue:={code}\n'
                   f'Segment{i}_Layer:=0\n' for i, (name, code) in enumerate(TOTAL.items()))
    same_heart(write_nrrd('slicer.seg.nrrd', TOTAL, keys=keys), 'segment names', TOTAL)
    nameless = write_nrrd('nameless.seg.nrrd', TOTAL, keys=keys.replace('left ventricle', 'Segment_3'))
    refused('mesh', '--labels', nameless, '--out', path('x'), words=('named as LV', '--codes'))


@test
def surfaces_as_reference():
    """Five of them are the heart that they were cut from; an open one is none."""
    done('mesh', '--labels', path('study/reference_ed.nii.gz'), '--mesh-format', 'stl', '--out', path('surfaces'))
    made = ('reconstruct', '--study', path('study'), '--seeds', 1, '--model', MODEL)
    labels = done(*made, '--out', path('by-labels'))['ed']['structures']
    surfaces = done(*made, '--reference-ed', path('surfaces'), '--out', path('by-surfaces'))['ed']['structures']
    for name in OWN:
        assert abs(labels[name]['dsc'] - surfaces[name]['dsc']) < 0.01, (name, labels[name], surfaces[name])
    os.remove(path('surfaces/ra.stl'))
    refused(*made, '--reference-ed', path('surfaces'), '--out', path('x'), words=('surfaces: there is no surface of RA',))


@test
def reference_of_a_study():
    """What was told of a reference is kept with it, and is part of the command that makes it again."""
    name = write_nifti('total.nii.gz', TOTAL)
    made = ('reconstruct', '--study', path('study'), '--seeds', 1, '--model', MODEL, '--reference-ed', name)
    refused(*made, '--out', path('x'), words=('--reference-ed-codes', 'LV=3'))
    refused(*made, '--reference-ed-codes', 'LV', '--out', path('x'), code=2, words=('--reference-ed-codes',))
    answer = done(*made, '--reference-ed-codes', CODES, '--save', '--out', path('made'))
    assert answer['ed']['reference_codes'] == 'Myo=1,LV=3,LA=2,RV=5,RA=4', answer['ed']
    assert answer['es']['reference_codes'] == 'Myo=1,LV=2,LA=3,RV=4,RA=5', answer['es']
    with open(path('study/study.json'), encoding='utf-8') as file:
        kept = json.load(file)['references']
    assert kept['ED']['codes'] == TOTAL | {'known_by': 'told'}, kept
    again = done('reconstruct', '--study', path('study'), '--seeds', 1, '--model', MODEL, '--out', path('again'))
    for part in ('reference_codes', 'reference_sha256', 'structures'):
        assert again['ed'][part] == answer['ed'][part], part
    command = done('reproduce', '--study', path('study'))['command']
    assert '--reference-ed-codes Myo=1,LV=3,LA=2,RV=5,RA=4' in command and '--reference-es-codes' not in command, command
    third = done(*shlex.split(command)[1:-1], path('third'), '--model', MODEL)
    assert third['ed']['structures'] == answer['ed']['structures'] and third['reproduced']['ed'], third['reproduced']


done('phantom', '--seed', 3, '--frames', 'marked', '--out', path('study'))
sys.exit(run_tests())
