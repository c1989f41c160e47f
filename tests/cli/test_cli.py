# SPDX-License-Identifier: Apache-2.0
"""test_cli.py CLI MODEL [--short]   the command's contract, run as a user would; TAP on standard output"""
import csv
import glob
import gzip
import hashlib
import json
import math
import os
import re
import shutil
import struct
import subprocess
import sys

from command import CLI, FOLDER, MODEL, done, path, refused, run, run_tests, test

SHORT = sys.argv[3:] == ['--short']  # under sanitizers
SELF_TEST = {}  # what results say of it


def long(function):
    """A test of what others have run before it, put together."""
    return function if SHORT else test(function)


def digest(name):
    with open(path(name), 'rb') as file:
        return hashlib.sha256(file.read()).hexdigest()


def write_labels(name, label, spacing=2.0):
    """A NIfTI-1 label map, 32^3, from label(x, y, z) in voxels."""
    header = bytearray(352)
    struct.pack_into('<i', header, 0, 348)
    struct.pack_into('<8h', header, 40, 3, 32, 32, 32, 1, 1, 1, 1)
    struct.pack_into('<2h', header, 70, 2, 8)
    struct.pack_into('<8f', header, 76, 1, spacing, spacing, spacing, 1, 1, 1, 1)
    struct.pack_into('<f', header, 108, 352)
    struct.pack_into('<h', header, 254, 1)
    for axis in range(3):
        row = [0.0] * 4
        row[axis] = spacing
        struct.pack_into('<4f', header, 280 + 16 * axis, *row)
    header[344:348] = b'n+1\0'
    voxels = bytes(label(x, y, z) for z in range(32) for y in range(32) for x in range(32))
    with gzip.open(path(name), 'wb') as file:
        file.write(bytes(header) + voxels)
    return path(name)


def box(low, high, label=2):
    return lambda x, y, z: label if all(low <= v < high for v in (x, y, z)) else 0


def ball(radius, label=2):
    return lambda x, y, z: label if (x - 15.5)**2 + (y - 15.5)**2 + (z - 15.5)**2 <= radius**2 else 0


@test
def help_and_usage():
    for command in ('phantom', 'simulate', 'canonical', 'reconstruct', 'evaluate', 'mesh', 'distance', 'render',
                    'deidentify', 'report', 'reproduce', 'selftest', 'devices', 'model'):
        shown = subprocess.run([CLI, command, '--help'], capture_output=True, text=True)
        assert shown.returncode == 0 and 'Research use only' in shown.stdout, command
    refused('phantom', code=2, word='--out is missing')
    refused('nonsense', code=2, word='no command')
    refused('evaluate', '--what', code=2)
    refused('simulate', '--labels', 'x', '--ef', '2', '--out', path('x'), code=2, word='--ef is 2')
    refused('reconstruct', '--out', path('x'), '--ed', 'A5C:1', code=2, word='A5C')
    refused('reconstruct', '--out', path('x'), '--seeds', '0', code=2, word='--seeds is 0')
    for what in (('simulate', '--labels', 'x'), ('phantom',)):
        refused(*what, '--frames', 'few', '--out', path('x'), code=2, word='few')
    refused('evaluate', '--ablation', '--out', path('x'), code=2, word='--cases is missing')
    refused('evaluate', '--ablation', '--cases', FOLDER, '--out', path('x'), '--views', 'A4C,A9C', code=2, word='A9C')
    refused('evaluate', '--ablation', '--cases', FOLDER, '--out', path('x'), '--seed', -1, code=2, word='--seed is -1')
    refused('evaluate', code=2, word='--pred is missing')


@test
def phantom_is_a_study():
    answer = done('phantom', '--seed', 3, '--frames', 'marked', '--out', path('study'))
    truth = answer['truth']
    assert 40 < truth['ed']['lv_ml'] < 300 and truth['es']['lv_ml'] < truth['ed']['lv_ml'], truth
    expected = 100 * (1 - truth['es']['lv_ml'] / truth['ed']['lv_ml'])
    assert abs(truth['ef_percent'] - expected) < 1e-9
    with open(path('study/study.json')) as file:
        study = json.load(file)
    for view in ('A4C', 'A2C', 'PSAX'):
        slot = study['views'][view]
        assert (slot['ed_frame'], slot['es_frame'], slot['n_frames']) == (1, 2, 2), slot
    refused('phantom', '--out', path('study'))


@long
def phantom_beats_three_times():
    """Every frame of it; the marked ones are what they are alone."""
    done('phantom', '--seed', 3, '--out', path('beating'))
    with open(path('beating/study.json')) as file:
        study = json.load(file)
    for view in ('A4C', 'A2C', 'PSAX'):
        slot, folder = study['views'][view], f'beating/{view.lower()}'
        assert slot['ed_frame'] == 1 and slot['es_frame'] > 2 and slot['n_frames'] > 40, slot
        with open(path(f'{folder}/cine.json')) as file:
            cine = json.load(file)
        beat = 60000 / cine['heart_rate_bpm']
        assert abs(cine['times_ms'][-1] - 3 * beat) < 60, 'three beats'
        assert len(cine['r_waves_ms']) >= 3
        assert digest(f'{folder}/frame_0001.png') == digest(f'study/{view.lower()}/frame_0001.png')


@test
def selftest_and_devices():
    """Before anything is reconstructed: results and reports then say that the test passed."""
    names = [d['name'] for d in done('devices')['devices'] if d['usable']]
    assert 'cpu' in names, names
    os.environ['UT_MODEL'] = MODEL
    answer = done('selftest')
    assert answer['passed'] and len(answer['checks']) >= 8, answer
    del os.environ['UT_MODEL']
    SELF_TEST.update(passed=True, sha256=answer['sha256'])


@test
def reconstruct_a_study_twice():
    first = done('reconstruct', '--study', path('study'), '--model', MODEL, '--seed', 5, '--save', '--out', path('a'),
                 '--export-input', '--sex', 'female', '--height', 168, '--weight', 64.5)
    again = done('reconstruct', '--study', path('study'), '--model', MODEL, '--seed', 5, '--out', path('b'))
    for name in ['ed.nii.gz', 'es.nii.gz'] + [f'{p}_{s}.ply' for p in ('ed', 'es') for s in ('myo', 'lv', 'la', 'rv', 'ra')]:
        assert digest(f'a/{name}') == digest(f'b/{name}'), name
    assert first['ed']['provenance']['seed'] == 5 and first['self_test'] == SELF_TEST, first.get('self_test')
    body, lv = first['body'], first['ed']['structures']['LV']
    assert (body['sex'], body['height_cm'], body['weight_kg']) == ('female', 168, 64.5), body
    assert abs(body['surface_m2'] - 0.007184 * 168 ** 0.725 * 64.5 ** 0.425) < 1e-9, body
    assert math.isclose(lv['volume_index_ml_per_m2'], lv['volume_ml'] / body['surface_m2']), lv
    assert again['body'] == body and body['heart_rate_bpm'] > 50  # kept with the study
    views = first['ed']['provenance']['views']  # what was exported is what the twin was made from
    with open(path('a/ed_input_spacing_mm.npy'), 'rb') as file:
        spacing = struct.unpack('<6d', file.read()[-48:])
    assert spacing == tuple(mm for view in ('A4C', 'A2C', 'PSAX') for mm in views[view]['network_spacing_mm'])
    assert os.path.exists(path('a/ed_input.npy')) and os.path.exists(path('a/es_input.png'))
    assert not os.path.exists(path('b/ed_input.npy'))
    with open(path('a/result.json')) as file:
        assert json.load(file) == first
    head = open(path('a/ed_lv.ply'), 'rb').read(600)
    assert b'mm' in head and b'esearch use only' in head
    other = done('reconstruct', '--study', path('study'), '--model', MODEL, '--seed', 6, '--seeds', 1, '--out', path('c'))
    assert other['ed']['provenance']['seed'] == 6
    assert again['notice'] == first['notice'] and 'esearch use only' in first['notice']


@test
def one_view_and_one_phase_are_enough():
    frame = path('study/a4c/frame_0001.png')
    done('reconstruct', '--a4c', frame, '--spacing', 'A4C:0.5x0.5', '--model', MODEL, '--out', path('still'))
    assert os.path.exists(path('still/ed.nii.gz')) and not os.path.exists(path('still/es.nii.gz'))
    assert os.path.exists(path('still/study.json'))
    done('reconstruct', '--a4c', path('study/a4c'), '--es', 'A4C:2', '--model', MODEL, '--out', path('loop'))


@test
def reconstruct_falls_back_when_told():
    arguments = ('reconstruct', '--a4c', path('study/a4c'), '--ed', 'A4C:1', '--model', MODEL,
                 '--device', 'cuda:1023', '--out', path('fallen'))
    refused(*arguments, code=4)
    code, answer, said = run(*arguments, '--fallback')
    assert code == 0 and 'running on the cpu instead' in said, said
    assert os.path.exists(path('fallen/ed.nii.gz'))


@test
def reconstruct_refuses():
    frame = path('study/a4c/frame_0001.png')
    refused('reconstruct', '--a4c', frame, '--model', MODEL, '--out', path('x'), word='A4C')
    refused('reconstruct', '--a4c', path('study/a4c'), '--ed', 'A4C:900', '--model', MODEL, '--out', path('x'))
    refused('reconstruct', '--a4c', path('nowhere'), '--model', MODEL, '--out', path('x'), word='nowhere')
    refused('reconstruct', '--study', path('study'), '--device', 'cuda', '--model', MODEL, '--out', path('x'), code=4)
    refused('reconstruct', '--study', path('study'), '--device', 'cuda:x', '--model', MODEL, '--out', path('x'),
            code=4, word='cuda:x')
    refused('reconstruct', '--study', path('study'), '--model', frame, '--out', path('x'))
    os.environ['UT_MODEL'] = path('gone.safetensors')  # never the one that ships in its place
    refused('reconstruct', '--study', path('study'), '--out', path('x'), word='gone.safetensors')
    del os.environ['UT_MODEL']
    assert FOLDER not in refused('reconstruct', '--study', path('study'), '--model', frame, '--out', path('x'))
    refused('reconstruct', '--study', path('study'), '--height', 1.68, '--out', path('x'), word='height')
    refused('reconstruct', '--study', path('study'), '--sex', 'F', '--out', path('x'), code=2, word='--sex')


@test
def evaluate_boxes():
    a, b = write_labels('a.nii.gz', box(5, 15)), write_labels('b.nii.gz', box(6, 16))
    same = done('evaluate', '--pred', a, '--ref', a)
    assert same['structures']['LV']['dsc'] == 1 and same['mean']['hd_mm'] == 0
    moved = done('evaluate', '--pred', a, '--ref', b)['structures']['LV']
    assert abs(moved['dsc'] - 0.729) < 1e-9
    assert abs(moved['hd_voxels'] - 3**0.5) < 1e-9 and abs(moved['hd_mm'] - 2 * 3**0.5) < 1e-9
    empty = done('evaluate', '--pred', a, '--ref', write_labels('e.nii.gz', box(0, 0)))
    assert empty['structures']['LV']['dsc'] == 0 and empty['n_structures_with_one_side_empty'] == 1
    odd = write_labels('odd.nii.gz', box(5, 15, label=9))
    for pair in ((a, odd), (odd, a)):
        refused('evaluate', '--pred', pair[0], '--ref', pair[1], word='odd.nii.gz: holds the codes 9,')
    coarse = write_labels('coarse.nii.gz', box(5, 15), spacing=3.0)
    refused('evaluate', '--pred', a, '--ref', coarse)


@test
def mesh_and_distance_of_balls():
    done('mesh', '--labels', write_labels('large.nii.gz', ball(12.0)), '--out', path('large'))
    small = done('mesh', '--labels', write_labels('small.nii.gz', ball(11.0)), '--out', path('small'))
    volume = small['structures']['LV']['mesh_volume_ml']
    assert abs(volume / (4 / 3 * 3.141593 * 22**3 / 1000) - 1) < 0.03, volume
    answer = done('distance', '--from', path('large/lv.ply'), '--to', path('small/lv.ply'), '--out', path('d.ply'))
    assert answer['sign_valid'] and abs(answer['mean_mm'] - 2) < 0.3, answer  # voxel stairs
    back = done('distance', '--from', path('small/lv.ply'), '--to', path('large/lv.ply'), '--out', path('d.ply'))
    assert abs(back['mean_mm'] + 2) < 0.3, back
    assert b'signed distance' in open(path('d.ply'), 'rb').read(2000)
    refused('distance', '--from', path('study/study.json'), '--to', path('d.ply'), '--out', path('x.ply'))


@test
def canonical_again_is_the_same_heart():
    source = path('study/reference_ed.nii.gz')
    first = done('canonical', '--labels', source, '--out', path('canonical.nii.gz'))
    overlap = done('evaluate', '--pred', path('canonical.nii.gz'), '--ref', source)
    assert overlap['mean']['dsc'] > 0.95, overlap['mean']
    assert set(first['volume_ml']) == {'Myo', 'LV', 'LA', 'RV', 'RA'}
    refused('canonical', '--labels', path('a.nii.gz'), '--out', path('x.nii.gz'))


@test
def simulate_from_labels():
    answer = done('simulate', '--labels', path('study/reference_ed.nii.gz'), '--seed', 2, '--ef', 0.35,
                  '--frames', 'marked', '--out', path('marked'))
    assert abs(answer['truth']['ef_percent'] - 35) < 2, answer
    with open(path('marked/study.json')) as file:
        slot = json.load(file)['views']['A2C']
    assert (slot['ed_frame'], slot['es_frame'], slot['n_frames']) == (1, 2, 2), slot


@test
def seeds_and_stages():
    answer = done('reconstruct', '--study', path('marked'), '--model', MODEL, '--seeds', 2, '--seed', 4, '--stages',
                  '--out', path('seeds'))
    assert answer['ed']['provenance']['n_seeds'] == 2 and answer['ed']['provenance']['seed'] == 4
    stage = answer['ed']['stages'][answer['ed']['stage']]['volume_ml']['LV']
    assert abs(stage - answer['ed']['structures']['LV']['volume_ml']) < 1e-9
    rho = answer['ed']['structures']['LV']['seed_spread_error_rank_correlation']
    assert -1 <= rho <= 1 and 'seed_spread_error_rank_correlation' in answer['definitions']
    for name in [f"{p}_{s}.nii.gz" for p in ('ed', 'es') for s in (*answer['ed']['stages'], 'spread')]:
        assert os.path.exists(path(f'seeds/{name}')), name
    assert b'property float seed_spread' in open(path('seeds/ed_rv.ply'), 'rb').read(2000)
    assert os.path.exists(path('a/ed_spread.nii.gz')), 'two seeds where nobody asks for another number'
    assert not os.path.exists(path('c/ed_spread.nii.gz')) and b'seed_spread' not in open(path('c/ed_rv.ply'), 'rb').read(2000)
    again = done('evaluate', '--pred', path('seeds/ed.nii.gz'), '--ref', path('marked/reference_ed.nii.gz'),
                 '--uncertainty', path('seeds/ed_spread.nii.gz'))
    assert set(again['uncertainty_error_rank_correlation']) == {'Myo', 'LV', 'LA', 'RV', 'RA'}
    assert again['topology']['n_parts']['LV'] >= 1
    refused('evaluate', '--pred', path('seeds/ed.nii.gz'), '--ref', path('marked/reference_ed.nii.gz'),
            '--uncertainty', path('seeds/ed.nii.gz'))


@long
def ablation():
    os.makedirs(path('cases/empty'))
    os.rename(path('marked'), path('cases/marked'))
    table = subprocess.run([CLI, 'evaluate', '--ablation', '--cases', path('cases'), '--weights', MODEL,
                            '--out', path('table.json')], capture_output=True, text=True)
    assert table.returncode == 0, table.stderr
    for word in ('DSC', 'HD, voxels', 'HD95, mm', 'E_vol, ml', 'EF error', 'one part', 'no leak', 'p vs full'):
        assert word in table.stdout, word
    with open(path('table.json')) as file:
        answer = json.load(file)
    assert 'Research use only' in answer['notice'] and answer['n_hearts'] == 1
    rows = {row['name']: row for row in answer['rows']}
    assert {'baseline', 'full'} <= set(rows), set(rows)
    # the row is what reconstruct and evaluate say of the same case
    done('reconstruct', '--study', path('cases/marked'), '--model', MODEL, '--out', path('one'))
    dsc = volume = 0
    for phase in ('ed', 'es'):
        overlap = done('evaluate', '--pred', path(f'one/{phase}.nii.gz'), '--ref',
                       path(f'cases/marked/reference_{phase}.nii.gz'))
        dsc += overlap['mean']['dsc'] / 2
        volume += overlap['structures']['RV']['volume_error_ml'] / 2
    assert abs(rows['full']['mean']['dsc'] - dsc) < 1e-9, (rows['full']['mean'], dsc)
    assert abs(rows['full']['structures']['RV']['volume_error_ml'] - volume) < 1e-9
    assert rows['full']['n_volumes'] == 2 and rows['full']['n_ef'] == 1
    assert f"{rows['full']['mean']['dsc']:.3f}" in table.stdout
    refused('evaluate', '--ablation', '--cases', path('cases/empty'), '--weights', MODEL, '--out', path('t.json'),
            word='no study')


@test
def render_pictures():
    done('render', '--study', path('study'), '--camera', 'a4c', '--width', 320, '--height', 240, '--out', path('p.png'))
    done('render', '--study', path('study'), '--phase', 'es', '--distance', '--width', 320, '--height', 240,
         '--out', path('q.png'))
    done('render', '--meshes', path('a'), '--width', 320, '--height', 240, '--out', path('r.png'))
    for name in ('p.png', 'q.png', 'r.png'):
        head = open(path(name), 'rb').read(24)
        assert head[:8] == b'\x89PNG\r\n\x1a\n' and struct.unpack('>2I', head[16:24]) == (320, 240), name
        assert os.path.getsize(path(name)) > 4000, 'an empty picture'
    refused('render', '--out', path('x.png'), code=2)
    refused('render', '--study', path('study'), '--camera', 'q', '--out', path('x.png'), code=2, word='camera')


def words_of(pdf):
    """What a person reads on each page; None where nothing here can tell."""
    if not shutil.which('pdftotext'):
        print('# pdftotext is missing: the words of the report are not looked at', flush=True)
        return None
    text = subprocess.run(['pdftotext', '-layout', pdf, '-'], capture_output=True, text=True, check=True).stdout
    return text.rstrip('\f').split('\f')


@test
def csv_says_what_json_says():
    with open(path('a/result.json'), encoding='utf-8') as file:
        result = json.load(file)
    with open(path('a/result.csv'), encoding='utf-8', newline='') as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        phase = result['lv'] if row['phase'] == 'ED-ES' else result[row['phase'].lower()]
        place = phase['structures'].get(row['structure'], phase) if 'structures' in phase else phase
        place = phase['mean'] if row['structure'] == 'mean' else place
        there = place.get(row['quantity'], phase.get(row['quantity']))
        assert float(row['value']) == there, row
        assert row['notice'].startswith('Research use only')
    assert sum(row['quantity'] == 'volume_ml' for row in rows) == 10, rows
    assert {row['quantity'] for row in rows} == result['definitions'].keys()


def ply(name):
    """Vertices and triangles of one of our PLY files, as bytes."""
    with open(path(name), 'rb') as file:
        header, body = file.read().split(b'end_header\n', 1)
    n_vertices, n_faces = (int(re.search(rb'element %s (\d+)' % kind, header)[1]) for kind in (b'vertex', b'face'))
    row = 4 * header.count(b'property float')
    vertices = b''.join(body[row * i:row * i + 12] for i in range(n_vertices))
    faces = body[row * n_vertices:]
    return vertices, b''.join(faces[13 * i + 1:13 * i + 13] for i in range(n_faces))


def glb(name):
    with open(path(name), 'rb') as file:
        data = file.read()
    magic, version, whole, n_json, kind = struct.unpack_from('<4sIII4s', data)
    assert (magic, version, whole, kind) == (b'glTF', 2, len(data), b'JSON')
    return json.loads(data[20:20 + n_json]), data[28 + n_json:]


def glb_bytes(scene, binary, accessor):
    view = scene['bufferViews'][scene['accessors'][accessor]['bufferView']]
    return binary[view['byteOffset']:view['byteOffset'] + view['byteLength']]


@test
def meshes_in_every_format():
    done('mesh', '--labels', path('study/reference_ed.nii.gz'), '--mesh-format', 'ply,stl,OBJ,glb', '--out', path('m'))
    assert len(os.listdir(path('m'))) == 16, os.listdir(path('m'))
    scene, binary = glb('m/heart.glb')
    root = scene['nodes'][scene['scenes'][0]['nodes'][0]]
    assert root['extras'] == {'frame': 'LPS', 'unit_of_positions': 'mm', 'metres_per_unit': 0.001}, root
    assert root['scale'] == [0.001] * 3
    names = [scene['nodes'][child]['name'] for child in root['children']]
    assert names == ['Myo', 'LV', 'LA', 'RV', 'RA'], names
    for child in root['children']:
        node = scene['nodes'][child]
        vertices, triangles = ply(f'm/{node["name"].lower()}.ply')
        primitive = scene['meshes'][node['mesh']]['primitives'][0]
        assert glb_bytes(scene, binary, primitive['attributes']['POSITION']) == vertices, node
        assert glb_bytes(scene, binary, primitive['indices']) == triangles, node
        with open(path(f'm/{node["name"].lower()}.obj'), encoding='ascii') as file:
            lines = [line.split() for line in file]
        assert b''.join(struct.pack('<3f', *map(float, line[1:])) for line in lines if line[0] == 'v') == vertices
        assert b''.join(struct.pack('<3I', *(int(corner.split('//')[0]) - 1 for corner in line[1:]))
                        for line in lines if line[0] == 'f') == triangles
        with open(path(f'm/{node["name"].lower()}.stl'), 'rb') as file:
            stl = file.read()
        corners = struct.unpack(f'<{len(triangles) // 4}I', triangles)
        places = b''.join(stl[84 + 50 * i + 12:84 + 50 * i + 48] for i in range(len(corners) // 3))
        assert places == b''.join(vertices[12 * i:12 * i + 12] for i in corners)
    colours = [tuple(m['pbrMetallicRoughness']['baseColorFactor']) for m in scene['materials']]
    assert len(set(colours)) == 5 and scene['materials'][0]['alphaMode'] == 'BLEND'
    refused('mesh', '--labels', path('study/reference_ed.nii.gz'), '--mesh-format', 'vtk', '--out', path('m'), code=2,
            word='vtk')


def size_of(png):
    with open(path(png), 'rb') as file:
        return struct.unpack('>II', file.read(24)[16:])


@long
def figures_from_fixed_cameras():
    done('render', '--study', path('study'), '--figures', '--turntable', 3, '--out', path('f'))
    names = [f'{phase}_{camera}.png' for phase in ('ed', 'es')
             for camera in ('a', 'l', 'a4c', 'a2c', 'psax', 'turn_001', 'turn_002', 'turn_003')]
    assert sorted(os.listdir(path('f'))) == sorted(names)
    assert all(size_of(f'f/{name}') == (1200, 1000) for name in names)
    assert len({digest(f'f/{name}') for name in names}) == len(names), 'no two alike'
    done('render', '--study', path('study'), '--phase', 'es', '--turntable', 2, '--out', path('turn'))
    assert sorted(os.listdir(path('turn'))) == ['es_turn_001.png', 'es_turn_002.png']
    refused('render', '--study', path('study'), '--turntable', 10000, '--out', path('x'), code=2, word='10000')
    refused('render', '--meshes', path('a'), '--figures', '--out', path('x'), code=2, word='--study')


@long
def result_made_again():
    """By the command that the study gives: the same labels, to the bit."""
    shutil.copytree(path('study'), path("o'study"))
    done('reconstruct', '--study', path("o'study"), '--seed', 9, '--mirror', 'PSAX', '--spacing', 'A2C:0.61x0.59',
         '--ed', 'A4C:none,A2C:2', '--save', '--model', MODEL, '--out', path('made'))
    command = done('reproduce', '--study', path("o'study"))['command']
    for words in ('--mirror PSAX', '--seed 9', 'A4C:none', '--device cpu', 'A2C:0.60999999999999999x', '--sex female --height 168 --weight 64.5', '--expect ED:'):
        assert words in command, (words, command)
    environment = os.environ | {'PATH': os.path.dirname(os.path.abspath(CLI)) + ':' + os.environ['PATH'],
                                'UT_MODEL': MODEL}
    again = subprocess.run(command, shell=True, cwd=FOLDER, env=environment, capture_output=True, text=True)
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)['reproduced'] == {'ed': True, 'es': True}, (again.stdout, again.stderr)
    for name in ('ed.nii.gz', 'es.nii.gz', 'ed_lv.ply'):
        assert digest(f'made/{name}') == digest(f'again/{name}'), name
    twice = subprocess.run(command, shell=True, cwd=FOLDER, env=environment, capture_output=True, text=True)
    assert twice.returncode == 3 and 'again: the folder holds a study already' in twice.stderr, twice.stderr
    shutil.rmtree(path('again'))
    with open(MODEL, 'rb') as source, open(path('other.safetensors'), 'wb') as file:
        weights = source.read()
        file.write(weights[:-1] + bytes([weights[-1] ^ 1]))
    other = subprocess.run(command.replace('--seed 9', '--seed 10'), shell=True, cwd=FOLDER,
                           env=environment | {'UT_MODEL': path('other.safetensors')}, capture_output=True, text=True)
    answer = json.loads(other.stdout)
    assert answer['reproduced'] == {'ed': False, 'es': False} and 'expected' in other.stderr, (answer, other.stderr)
    assert set(answer['dsc_with_expected']['ed']) == {'Myo', 'LV', 'RV', 'LA', 'RA'}, answer
    least = min(answer['dsc_with_expected']['ed'].values())
    assert f'{least:.4f}' in other.stderr and least < 1, (answer, other.stderr)
    assert f'made with other weights: SHA-256 {hashlib.sha256(weights).hexdigest()[:12]}' in other.stderr, other.stderr
    refused('reproduce', '--study', path('nowhere'))
    refused('reconstruct', '--study', path('study'), '--expect', 'EF:1', '--out', path('x'), code=2, word='EF:1')


@test
def report_is_two_pages():
    assert done('report', '--study', path('study'), '--out', path('r.pdf'))['file'] == 'r.pdf'
    with open(path('r.pdf'), 'rb') as file:
        assert file.read(5) == b'%PDF-'
    with open(path('a/result.json'), encoding='utf-8') as file:
        numbers = json.load(file)
    pages = words_of(path('r.pdf'))
    if pages:
        assert len(pages) == 2, len(pages)
        assert all('Research use only – not for diagnosis' in page for page in pages)
        assert FOLDER not in ''.join(pages)
        for structure, values in numbers['ed']['structures'].items():
            assert re.search(rf'{structure} +(≥ )?{values["volume_ml"]:.0f} ', pages[0]), (structure, values)
        assert f'Self-test: passed, {SELF_TEST["sha256"][:12]}' in pages[1], pages[1]
        for words in ('unreviewed LV', numbers['ed']['provenance']['model_sha256'][:12], 'Seed 5', 'Volume, ml',
                      'Lang et al., ASE/EACVI 2015', 'Ranges of women', '46–106', 'BSA 1.73 m²'):
            assert words in ''.join(pages), words
        if 'lv_wall_thickness_segments_mm' in numbers['ed']:
            for words in ('Wall thickness at ED, mm: 6–9', 'anterior'):
                assert words in pages[0], words
    shutil.copytree(path('study'), path('half'))
    os.rename(glob.glob(path('half/results/*/coarse.nii.gz'))[0], path('half/away'))
    said = refused('report', '--study', path('half'), '--out', path('x.pdf'), word='result cannot be read')
    assert 'coarse.nii.gz' in said and not os.path.exists(path('x.pdf')), said
    refused('report', '--study', path('nowhere'), '--out', path('x.pdf'))
    refused('report', '--out', path('x.pdf'), code=2, word='--study')


@test
def batch_goes_on_where_it_was():
    for name in ('case-9', 'case-10', 'case-11'):
        shutil.copytree(path('study'), path(f'batch/{name}'))
        with open(path(f'batch/{name}/study.json'), 'r+', encoding='utf-8') as file:
            study = json.load(file)
            if name != 'case-10':  # a heart that is up to date
                study['results'] = {}
            if name == 'case-11':
                for view in study['views'].values():
                    view['ed_frame'] = view['es_frame'] = None
            file.seek(0)
            json.dump(study, file)
            file.truncate()
    words = 'batch', '--dir', path('batch'), '--model', MODEL, '--seeds', 1
    code, answer, said = run(*words)
    assert code == 3 and FOLDER not in said, (code, said)
    assert [case['state'] for case in answer['studies']] == ['reconstructed', 'up_to_date', 'refused'], answer
    assert answer['studies'][2]['reason'] in said
    assert 'case-9' not in said + json.dumps(answer)
    code, again, said = run(*words, '--names')
    assert [case['state'] for case in again['studies']] == ['up_to_date', 'up_to_date', 'refused'], again
    assert [case['folder'] for case in again['studies']] == ['case-9', 'case-10', 'case-11'] and 'case-11: refused' in said
    with open(path('batch/case-9/study.json'), encoding='utf-8') as file:
        assert json.load(file)['results'].keys() == {'ED', 'ES'}
    refused('batch', '--dir', path('nowhere'), '--model', MODEL)
    refused('batch', '--dir', path('batch'), '--seeds', 0, code=2, word='--seeds')


@test
def cohort_of_studies():
    for name in ('case-9', 'case-10', 'case-11'):
        shutil.copytree(path('study'), path(f'cohort/{name}'))
    with open(path('cohort/case-10/study.json'), 'r+', encoding='utf-8') as file:
        study = json.load(file)
        study['label'] = 'The "second"'
        study['reviews'] = {'ED': {'LV': {'verdict': 'rejected', 'reason': 'leaks'}}}
        file.seek(0)
        json.dump(study, file)
        file.truncate()
    with open(path('cohort/case-9/study.json'), 'r+', encoding='utf-8') as file:
        study = json.load(file)
        dark = {'verdict': 'limited', 'reason': 'Poor image quality'}
        study['format_version'] = 2
        study['reviews'] = {phase: dict.fromkeys(('Myo', 'LV', 'LA', 'RV', 'RA'), dark) for phase in ('ED', 'ES')}
        file.seek(0)
        json.dump(study, file)
        file.truncate()
    with open(path('cohort/case-11/study.json'), 'w', encoding='utf-8') as file:
        file.write('{')
    answer = done('cohort', '--dir', path('cohort'), '--out', path('sheet'))
    with open(path('sheet/cohort.json'), encoding='utf-8') as file:
        assert json.load(file) == answer
    with open(path('a/result.json'), encoding='utf-8') as file:
        result = json.load(file)
    with open(path('sheet/cohort.csv'), encoding='utf-8', newline='') as file:
        rows = list(csv.DictReader(file))
    assert [row['study'] for row in rows] == ['1', '2', '3'] and rows[1]['label'] == 'The "second"'
    assert rows[1]['review'] == 'rejected' and rows[1]['reasons'] == 'ED LV: leaks' and rows[2]['problem']
    for row in rows[:2]:
        for phase in ('ed', 'es'):
            for structure, values in {**result[phase]['structures'], 'mean': result[phase]['mean']}.items():
                for quantity in ('dsc', 'hd95_mm', 'assd_mm'):
                    assert float(row[f'{phase}_{structure}_{quantity}']) == values[quantity], (phase, structure)
        assert float(row['lv_edv_ml']) == result['ed']['structures']['LV']['volume_ml']
        assert row['notice'].startswith('Research use only')
    assert answer['n_studies'] == 3 and answer['n_with_numbers'] == 2
    assert answer['review'] == {'unreviewed': 0, 'accepted': 0, 'limited': 1, 'rejected': 1}
    why = 'ED Myo/LV/LA/RV/RA: Poor image quality; ES Myo/LV/LA/RV/RA: Poor image quality'
    assert rows[0]['review'] == 'limited' and rows[0]['reasons'] == why and answer['limited'][0]['reasons'] == why, (rows[0], answer)
    assert answer['medians']['ed']['LV']['dsc'] == result['ed']['structures']['LV']['dsc']
    assert answer['agreement_twin_minus_reference']['lv_edv_ml'] == {'n': 2}, 'two pairs have no limits'
    assert [case['study'] for case in answer['rejected']] == [2] and answer['without_numbers'][0]['study'] == 3
    pages = words_of(path('sheet/cohort.pdf'))
    if pages:
        for words in ('3 studies, 2 with numbers', 'The "second": ED LV: leaks', 'Research use only'):
            assert words in pages[0], words
        assert len(pages) == 1 and FOLDER not in pages[0]
    refused('cohort', '--dir', path('a'), '--out', path('sheet'), word='no studies')
    refused('cohort', '--dir', path('nowhere'), '--out', path('sheet'))
    refused('cohort', '--dir', path('cohort'), code=2, word='--out')


@test
def model_and_its_card():
    answer = done('model', '--model', MODEL)
    assert answer['n_parameters'] > 1000 and 'coarse' in answer['stages'] and len(answer['sha256']) == 64
    assert 'card' not in answer
    assert 'model card' in refused('model', '--model', MODEL, '--text')
    os.makedirs(path('weights'))
    with open(MODEL, 'rb') as source, open(path('weights/w.safetensors'), 'wb') as file:
        file.write(source.read())
    with open(path('weights/w.md'), 'w', encoding='utf-8') as file:
        file.write('# A card\n\nµ and more\n')
    assert done('model', '--model', path('weights/w.safetensors'))['card'].startswith('# A card')
    shown = subprocess.run([CLI, 'model', '--model', path('weights/w.safetensors'), '--text'], capture_output=True,
                           text=True)
    assert shown.returncode == 0 and shown.stdout == '# A card\n\nµ and more\n'
    with open(path('weights/w.md'), 'wb') as file:
        file.write(b'\xff\xfe')
    refused('model', '--model', path('weights/w.safetensors'), '--text', word='UTF-8')


sys.exit(run_tests())
