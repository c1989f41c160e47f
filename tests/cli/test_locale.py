# SPDX-License-Identifier: Apache-2.0
"""test_locale.py CLI MODEL   the command where numbers have a comma; TAP on standard output

The same study is made, calibrated with a spacing that has a point, reconstructed and tested in the
C locale and in de_DE.UTF-8: every file is the same byte for byte, but for the time that it took."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

CLI, MODEL = map(os.path.abspath, sys.argv[1:3])
LANGUAGE = 'de_DE'


def make_locale(folder):
    """The environment in which the C library writes a comma, or None."""
    if not shutil.which('localedef'):
        return None
    done = subprocess.run(['localedef', '-f', 'UTF-8', '-i', LANGUAGE, os.path.join(folder, f'{LANGUAGE}.UTF-8')],
                          capture_output=True)
    env = {**os.environ, 'LOCPATH': folder, 'LC_ALL': f'{LANGUAGE}.UTF-8'}
    env.pop('LANGUAGE', None)
    said = subprocess.run(['printf', '%.1f', '1,5'], env=env, capture_output=True, text=True).stdout
    return env if done.returncode <= 1 and said == '1,5' else None


def make(env, folder):
    """A study, its heart, a still picture's heart and the self-test's answer in a folder."""
    env = {**env, 'XDG_DATA_HOME': os.path.join(folder, 'data')}

    def run(*words):
        done = subprocess.run([CLI, *words], cwd=folder, env=env, capture_output=True, text=True)
        assert done.returncode == 0, f'{words}: {done.stderr}'
        return done.stdout

    run('phantom', '--seed', '3', '--frames', 'marked', '--out', 'study')
    said = run('reconstruct', '--study', 'study', '--model', MODEL, '--save', '--stages', '--export-input',
               '--mesh-format', 'ply,stl,obj,glb', '--out', 'heart')
    still = min(name for name in os.listdir(os.path.join(folder, 'study/a4c')) if name.endswith('.png'))
    said += run('reconstruct', '--a4c', f'study/a4c/{still}', '--ed', 'A4C:1', '--spacing', 'A4C:0.625x0.5',
                '--model', MODEL, '--out', 'still')
    said += run('selftest')
    with open(os.path.join(folder, 'said'), 'w', encoding='utf-8') as file:
        file.write(said)


def files(folder):
    """Every file by its name, without what differs between any two runs: seconds and dates."""
    found = {}
    for path, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(path, name), 'rb') as file:
                data = file.read()
            if name.endswith('.json') or name == 'said':
                data = re.sub(rb'"(seconds|date|created|modified|saved)" ?: ?("[^"]*"|[0-9.]+)', rb'"\1": ', data)
            data = data.replace(folder.encode(), b'')  # a study knows where its loops lie
            found[os.path.relpath(os.path.join(path, name), folder)] = data
    return found


print('1..4', flush=True)
with tempfile.TemporaryDirectory(prefix='ultratwin-locale-') as home:
    comma = make_locale(home)
    if comma is None:
        for number in range(1, 5):
            print(f'ok {number} # SKIP localedef cannot make {LANGUAGE}.UTF-8: install locales')
        sys.exit(0)
    sides = {}
    for side, env in (('point', {**os.environ, 'LC_ALL': 'C.UTF-8'}), ('comma', comma)):
        os.mkdir(os.path.join(home, side))
        make(env, os.path.join(home, side))
        sides[side] = files(os.path.join(home, side))
    point, comma = sides['point'], sides['comma']

    def tell(number, name, good):
        print(f"{'ok' if good else 'not ok'} {number} - {name}", flush=True)

    for kind in sorted({os.path.splitext(name)[1] for name in point}):
        print(f"# {kind or 'no ending'}: {sum(os.path.splitext(name)[1] == kind for name in point)} files")
    different = [name for name in point if comma.get(name) != point[name]]
    for name in different:
        print(f'# differs: {name}')
    tell(1, 'the same files', len(point) > 10 and sorted(point) == sorted(comma))
    tell(2, 'each the same byte for byte', not different)
    tell(3, 'a spacing with a point is understood', b'0.625' in comma['still/result.json'])
    tell(4, 'JSON, CSV, NIfTI and meshes are among them',
         all(any(name.endswith(kind) for name in comma) for kind in ('.json', '.csv', '.nii.gz', '.ply', '.obj')))
    sys.exit(1 if different else 0)
