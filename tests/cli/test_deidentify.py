# SPDX-License-Identifier: Apache-2.0
"""test_deidentify.py CLI MODEL   what a de-identified copy holds, and what not; TAP on standard output"""
import csv
import gzip
import json
import os
import random
import shutil
import struct
import sys
import zlib

from command import FOLDER, MODEL, done, path, refused, run_tests, test


def in_fan(x, y, more=0):
    """TRUE in the fan of write_dicom() and up to @more pixels around it."""
    dx, dy = abs(x - 80), y - 14
    return (dx - 0.7 * dy) / 1.22 <= more and (dx * dx + dy * dy) ** 0.5 <= 110 + more


def write_dicom(name, patient, seed, region_top=12):
    """A loop of 9 frames, 160 x 140: a fan of moving speckle, @patient in the header and bars in its place above the
    fan; its region begins at @region_top."""
    def put(tag, kind, data):
        data = data.encode() if isinstance(data, str) else data
        data += b' ' * (len(data) % 2)
        long_length = kind in ('OB', 'SQ')
        return (struct.pack('<2H', tag >> 16, tag & 0xffff) + kind.encode() +
                struct.pack('<2xI' if long_length else '<H', len(data)) + data)

    def short(tag, value):
        return put(tag, 'US', struct.pack('<H', value))

    corners = zip((0x00186018, 0x0018601a, 0x0018601c, 0x0018601e), (0, region_top, 159, 139))
    region = b''.join([short(0x00186012, 1), short(0x00186014, 1)] +
                      [put(tag, 'UL', struct.pack('<I', at)) for tag, at in corners] +
                      [short(0x00186024, 3), short(0x00186026, 3)] +
                      [put(tag, 'FD', struct.pack('<d', 0.11)) for tag in (0x0018602c, 0x0018602e)])
    speckle = random.Random(seed)
    pixels = bytearray()
    for _ in range(9):
        noise = speckle.randbytes(160 * 140)
        pixels += bytes(1 + noise[160 * y + x] // 2 if in_fan(x, y) else 255 if y < 10 and x % 5 < 2 else 0
                        for y in range(140) for x in range(160))
    meta = (put(0x00020001, 'OB', b'\0\1') + put(0x00020002, 'UI', '1.2.840.10008.5.1.4.1.1.3.1\0') +
            put(0x00020003, 'UI', '1.2.3.4\0') + put(0x00020010, 'UI', '1.2.840.10008.1.2.1\0'))
    body = (put(0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.3.1\0') + put(0x00080018, 'UI', '1.2.3.4\0') +
            put(0x00080020, 'DA', '19940130') + put(0x00080060, 'CS', 'US') + put(0x00100010, 'PN', patient) +
            put(0x00181063, 'DS', '33.3') + put(0x00181088, 'IS', '72') +
            put(0x00186011, 'SQ', struct.pack('<2HI', 0xfffe, 0xe000, len(region)) + region) + short(0x00280002, 1) +
            put(0x00280004, 'CS', 'MONOCHROME2') + put(0x00280008, 'IS', '9') +
            put(0x00280009, 'AT', struct.pack('<2H', 0x0018, 0x1063)) + short(0x00280010, 140) + short(0x00280011, 160) +
            short(0x00280100, 8) + short(0x00280101, 8) + short(0x00280102, 7) + short(0x00280103, 0) +
            put(0x7fe00010, 'OB', bytes(pixels)))
    with open(path(name), 'wb') as file:
        file.write(b'\0' * 128 + b'DICM' + put(0x00020000, 'UL', struct.pack('<I', len(meta))) + meta + body)
    return path(name), pixels


def grey_of(png):
    """The red bytes of an RGB picture, row after row."""
    with open(png, 'rb') as file:
        data = file.read()
    width, height = struct.unpack_from('>2I', data, 16)
    packed, at = b'', 8
    while at < len(data):
        n, kind = struct.unpack_from('>I4s', data, at)
        assert kind in (b'IHDR', b'sBIT', b'IDAT', b'IEND'), f'{png} holds more than a picture: {kind}'
        packed += data[at + 8:at + 8 + n] if kind == b'IDAT' else b''
        at += n + 12
    raw, rows, above = zlib.decompress(packed), bytearray(), bytearray(3 * width)
    for y in range(height):
        begin = y * (3 * width + 1)
        method, row = raw[begin], bytearray(raw[begin + 1:begin + 1 + 3 * width])
        for i in range(3 * width if method else 0):
            left, up = row[i - 3] if i > 2 else 0, above[i]
            corner = above[i - 3] if i > 2 else 0
            near = min((abs(up - corner), 0, left), (abs(left - corner), 1, up), (abs(left + up - 2 * corner), 2, corner))
            row[i] = row[i] + (0, left, up, (left + up) // 2, near[2])[method] & 255
        rows += row[::3]
        above = row
    return bytes(rows)


def bytes_in(folder):
    """Of every file by its name, unpacked; the names are in it too."""
    for place, folders, names in os.walk(folder):
        yield '', '\n'.join(folders + names).encode()
        for name in names:
            with (gzip.open if name.endswith('.gz') else open)(os.path.join(place, name), 'rb') as file:
                yield name, file.read()
            with open(os.path.join(place, name), 'rb') as file:  # a gzip header can hold a name
                yield name, file.read()


def hashes(study):
    """Of the loops that a study was made of."""
    return [view['sha256'] for view in study['views'].values()]


def numbers_of(study, name):
    os.makedirs(path(f'{name}-alone'))
    shutil.copytree(study, path(f'{name}-alone/one'))
    done('cohort', '--dir', path(f'{name}-alone'), '--out', path(f'{name}-sheet'))
    with open(path(f'{name}-sheet/cohort.csv'), encoding='utf-8', newline='') as file:
        row = next(csv.DictReader(file))
    return {key: value for key, value in row.items() if key not in ('label', 'reasons')}


@test
def deidentified_copy_tells_nothing():
    loops = {view: write_dicom(f'Quidam_{view}.dcm', 'Quidam^Jane', n) for n, view in enumerate(('a4c', 'a2c', 'psax'))}
    files = [word for view, (file, _) in loops.items() for word in (f'--{view}', file)]
    marks = ('--ed', 'A4C:2,A2C:2,PSAX:2', '--es', 'A4C:6,A2C:6,PSAX:6')
    done('reconstruct', *files, *marks, '--model', MODEL, '--seeds', 1, '--out', path('quidam'))
    with open(path('quidam/study.json'), 'r+', encoding='utf-8') as file:
        study = json.load(file)
        study['label'] = 'Quidam'
        when = {'who': 'Dr. Quidam', 'when': '2001-02-03T04:05:06Z'}
        study['reviews'] = {'ED': {'LV': {'verdict': 'rejected', 'reason': 'Quidam said so', **when}},
                            'ES': {'RV': {'verdict': 'rejected', 'reason': 'Wrong shape', **when}}}
        study['review_log'] = [{'act': 'reject', 'phase': 'ED', 'structure': 'LV', 'reason': 'Quidam said so', **when}]
        study['ui'] = {'step': 'report', 'second_study': '../Quidam', 'note': 'Quidam', 'frames': {'A4C': 2}}
        study['Quidam'] = 'Quidam'
        file.seek(0)
        json.dump(study, file)
        file.truncate()
    answer = done('deidentify', '--study', path('quidam'), '--out', path('handed/over'))
    assert answer['results'] == {'ED': 'up_to_date', 'ES': 'up_to_date'}, answer
    assert FOLDER not in json.dumps(answer) and not [n for n in os.listdir(path('handed')) if n != 'over']
    os.rename(path('handed'), path('elsewhere'))
    copy = path('elsewhere/over')
    for name, held in bytes_in(copy):
        for word in (b'uidam', b'UIDAM', FOLDER.encode(), b'2001-02-03', b'19940130', b'.dcm', *map(str.encode, hashes(study))):
            assert word not in held, (name, word)
    for view, (_, pixels) in loops.items():
        for frame in range(9):
            grey = grey_of(f'{copy}/{view}/frame_{frame + 1:04}.png')
            for at, (was, now) in enumerate(zip(pixels[22400 * frame:], grey, strict=False)):
                x, y = at % 160, at // 160
                assert now == was if in_fan(x, y) else now == 0 or in_fan(x, y, 4), (view, frame, x, y, was, now)
    with open(f'{copy}/study.json', encoding='utf-8') as file:
        made = json.load(file)
    assert made['label'] == '' and made['reviews'] == {'ED': {'LV': {'verdict': 'rejected'}}, 'ES': {
        'RV': {'verdict': 'rejected', 'reason': 'Wrong shape'}}} and made['ui'] == {'step': 'report', 'frames': {'A4C': 2}}
    assert made['review_log'] == [{'act': 'reject', 'phase': 'ED', 'structure': 'LV'}]
    for loop, _ in loops.values():
        os.remove(loop)
    again = done('deidentify', '--study', copy, '--out', path('handed-again'))
    first, second = (sorted(held for name, held in bytes_in(folder) if name and name != 'DEIDENTIFIED.txt')
                     for folder in (copy, path('handed-again')))
    assert again == answer and first == second, 'a copy of a copy'


@test
def deidentified_copy_has_the_same_numbers():
    done('deidentify', '--study', path('study'), '--out', path('numbers'))
    was, now = numbers_of(path('study'), 'before'), numbers_of(path('numbers'), 'after')
    assert was == now and float(was['lv_edv_ml']) > 0 and float(was['ed_LV_dsc']) > 0, (was, now)
    with open(path('numbers/DEIDENTIFIED.txt'), encoding='utf-8') as file:
        said = file.read()
    assert 'esearch use only' in said and 'nobody looked' in said and 'up to date' in said, said


@test
def blacked_out_by_the_command():
    """A mirrored view with pixels that are not square: the area is of the picture as it was filmed."""
    loop, pixels = write_dicom('named.dcm', 'Quidam^Jane', 3)
    done('reconstruct', '--a4c', loop, '--ed', 'A4C:2', '--mirror', 'A4C', '--spacing', 'A4C:1.5x0.9', '--model', MODEL, '--seeds', 1,
         '--out', path('named'))
    answer = done('deidentify', '--study', path('named'), '--out', path('unnamed'), '--black-out', 'A4C:60,90,25x7', '--black-out',
                  'a4c:0,0,160x2')
    assert answer['results'] == {'ED': 'out_of_date'} and answer['blacked_out_areas'] == {'A4C': 1}, answer
    n_lit = 0
    for frame in range(9):
        grey = grey_of(path(f'unnamed/a4c/frame_{frame + 1:04}.png'))
        for at, (was, now) in enumerate(zip(pixels[22400 * frame:], grey, strict=False)):
            x, y = at % 160, at // 160
            black = 60 <= x < 85 and 90 <= y < 97
            assert now == 0 if black else now == was if in_fan(x, y) else now == 0 or in_fan(x, y, 4), (frame, x, y, was, now)
            n_lit += black and was > 0
    assert n_lit > 1000
    with open(path('unnamed/study.json'), encoding='utf-8') as file:
        slot = json.load(file)['views']['A4C']
    assert slot['blacked_out_areas'] == 1 and slot['mirrored'], slot
    with open(path('unnamed/DEIDENTIFIED.txt'), encoding='utf-8') as file:
        said = file.read()
    assert '(A4C: 1); nobody looked' in said and '60' not in said, said
    for wrong in ('A4C:150,0,11x5', 'A4C:0,139,5x2', 'A4C:0,0,0x5', 'A2C:0,0,5x5'):
        refused('deidentify', '--study', path('named'), '--out', path('none'), '--black-out', wrong, word=wrong[:3])
    for wrong in ('A4C', 'A5C:1,2,3x4', 'A4C:1,2,3', 'A4C:1,2,3x', 'A4C:-1,2,3x4', 'A4C:1,2,3x4x5', 'A4C:1.5,2,3x4', 'A4C:1,2,3x99999999999'):
        refused('deidentify', '--study', path('named'), '--out', path('none'), '--black-out', wrong, code=2, word='is not VIEW:X,Y')
    assert not os.path.exists(path('none'))
    os.remove(loop)


@test
def deidentify_refuses():
    marked = ('--ed', 'A4C:2', '--model', MODEL, '--seeds', 1)
    loop, _ = write_dicom('seen.dcm', 'Quidam^Jane', 5, region_top=0)  # the network is given the bars too
    done('reconstruct', '--a4c', loop, *marked, '--out', path('seen'))
    assert done('deidentify', '--study', path('seen'), '--out', path('blind'))['results'] == {'ED': 'out_of_date'}
    refused('deidentify', '--study', path('seen'), '--out', path('blind'), word='empty folder')
    frame = path('flat/frame_1.png')
    os.makedirs(path('flat'))
    with open(frame, 'wb') as file:  # 64 x 64, all black
        def chunk(kind, data):
            return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
        file.write(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>2I5B', 64, 64, 8, 0, 0, 0, 0)) +
                   chunk(b'IDAT', zlib.compress(bytes(65) * 64)) + chunk(b'IEND', b''))
    done('reconstruct', '--a4c', frame, '--spacing', 'A4C:2x2', '--model', MODEL, '--seeds', 1, '--out', path('black'))
    before = set(os.listdir(FOLDER))
    assert FOLDER not in refused('deidentify', '--study', path('black'), '--out', path('none'), word='A4C: the fan')
    os.remove(loop)
    refused('deidentify', '--study', path('seen'), '--out', path('none'), word='A4C: its loop is missing')
    refused('deidentify', '--study', path('nowhere'), '--out', path('none'))
    refused('deidentify', '--study', path('seen'), code=2, word='--out')
    assert before - {'seen.dcm'} == set(os.listdir(FOLDER))


done('phantom', '--seed', 3, '--frames', 'marked', '--out', path('study'))
done('reconstruct', '--study', path('study'), '--model', MODEL, '--seed', 5, '--save', '--out', path('a'))
sys.exit(run_tests())
