# SPDX-License-Identifier: Apache-2.0
"""test_film.py CLI   films of a heart, and what is left where none comes about; TAP on standard output"""
import hashlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

CLI = os.path.abspath(sys.argv[1])
WIDTH, HEIGHT, CAPTION = 640, 480, 460  # pixels; the row where the legend's words begin


def run(*words, **how):
    return subprocess.run([CLI, *map(str, words)], capture_output=True, text=True, timeout=120, **how)


def done(*words):
    said = run(*words)
    assert said.returncode == 0, said.stderr
    return json.loads(said.stdout)


def command(kind, *more, study='study', size=(WIDTH, HEIGHT), out='films/f.mp4'):
    return 'render', '--study', study, '--film', kind, '--width', size[0], '--height', size[1], '--out', out, *more


def refused(words, word, code=3, **how):
    """One sentence with @word in it, and nothing is left."""
    said = run(*words, **how)
    assert said.returncode == code and word in said.stderr, (words, said.returncode, said.stderr)
    assert os.getcwd() not in said.stderr and os.listdir('films') == [], (said.stderr, os.listdir('films'))


def frames_of(film):
    """Grey, row by row."""
    raw = subprocess.run(['ffmpeg', '-v', 'error', '-i', film, '-f', 'rawvideo', '-pix_fmt', 'gray', '-'],
                         capture_output=True, check=True).stdout
    return [raw[i:i + WIDTH * HEIGHT] for i in range(0, len(raw), WIDTH * HEIGHT)]


def differ(a, b):
    return sum(abs(x - y) for x, y in zip(a, b)) / len(a)


def check_file(film):
    probe = subprocess.run(['ffprobe', '-v', 'error', '-show_streams', '-show_format', '-of', 'json', film],
                           capture_output=True, text=True, check=True)
    found = json.loads(probe.stdout)
    (video,), tags = found['streams'], found['format']['tags']
    want = {'codec_name': 'h264', 'pix_fmt': 'yuv420p', 'width': WIDTH, 'height': HEIGHT, 'nb_frames': '48',
            'r_frame_rate': '30/1'}
    assert {key: video[key] for key in want} == want, video
    assert tags['comment'] == 'Research use only - not for diagnosis' and 'creation_time' not in tags, tags


def check_motion(frames):
    """A seam like the step behind it, but for what H.264 does to it; another heart in the middle."""
    seam, step, far = (differ(frames[i], frames[0]) for i in (-1, 1, 24))
    assert 0.5 * step < seam < 3 * step and far > 2 * seam, (seam, step, far)


def kinds():
    ink = {}
    for kind, more in (('turn', ['--phase', 'es', '--beats', 1]), ('beat', []), ('turn-beat', ['--beats', 1])):
        answer = done(*command(kind, *more, out=f'{kind}.mp4'))
        want = {'frames': 48, 'fps': 30, 'width_px': WIDTH, 'height_px': HEIGHT, 'interpolated': kind != 'turn'}
        assert {key: answer[key] for key in want} == want and abs(answer['seconds'] - 1.6) < 1e-9, answer
        check_file(f'{kind}.mp4')
        frames = frames_of(f'{kind}.mp4')
        check_motion([frame[:CAPTION * WIDTH] for frame in frames])
        captions = [frame[CAPTION * WIDTH:] for frame in frames]
        assert max(differ(caption, captions[0]) for caption in captions) < 2, kind
        ink[kind] = sum(grey < 128 for grey in captions[0])
    assert min(ink['beat'], ink['turn-beat']) > 1.5 * ink['turn'], ink  # all say that they are interpolated


def same_again():
    done(*command('beat', out='again.mp4'))
    digests = {hashlib.sha256(open(film, 'rb').read()).hexdigest() for film in ('beat.mp4', 'again.mp4')}
    assert len(digests) == 1, digests


def refusals():
    refused(command('roll'), 'turn-beat', code=2)
    refused(command('beat', size=(641, 480)), '641', code=2)
    refused(command('beat', size=(320, 240)), '320', code=2)
    refused(command('beat', '--distance'), '--distance', code=2)
    refused(command('beat', '--beats', '-1'), '--beats is -1', code=2)
    refused(('render', '--meshes', 'study', '--film', 'turn', '--out', 'films/f.mp4'), '--study', code=2)
    done('reconstruct', '--a4c', 'study/a4c/frame_0001.png', '--spacing', 'A4C:0.5x0.5', '--save', '--out', 'still')
    refused(command('beat', study='still'), 'ES')
    refused(command('beat', out='nowhere/f.mp4'), 'f.mp4: the film cannot be written')


def path_with(script):
    """A search path that finds another ffmpeg first."""
    os.makedirs('other', exist_ok=True)
    with open('other/ffmpeg', 'w', encoding='utf-8') as file:
        file.write(f'#!/bin/sh\n{script}\n')
    os.chmod('other/ffmpeg', 0o755)
    return os.environ | {'PATH': os.path.abspath('other') + ':' + os.environ['PATH']}


def little_room():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))


def failures():
    refused(command('beat'), 'install ffmpeg', env=os.environ | {'PATH': '/nowhere'})
    refused(command('beat'), 'too large', preexec_fn=little_room)  # as on a full disk
    refused(command('beat'), 'no such codec', env=path_with('echo no such codec >&2; exit 1'))
    refused(command('beat'), 'ended early', env=path_with('head -c 9999 >/dev/null; kill -9 $$'))


def interrupted():
    """Within a second, also where ffmpeg hangs; it goes too."""
    name = os.path.abspath('id')
    env = path_with(f'head -c 999 >/dev/null; echo $$ >{name}.new; mv {name}.new {name}; exec sleep 60')
    process = subprocess.Popen([CLI, *map(str, command('turn'))], env=env, text=True, stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE)
    try:
        while process.poll() is None and not os.path.exists('id'):
            time.sleep(0.1)
        time.sleep(0.3)
        assert len(os.listdir('films')) == 1, 'the film that is not whole'
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=1)[1]
    finally:
        process.kill()
    assert process.returncode == 3 and 'cancelled' in said, (process.returncode, said)
    with open('id', encoding='utf-8') as file:
        assert not os.path.exists(f'/proc/{file.read().strip()}')
    assert os.listdir('films') == []


TESTS = (kinds, same_again, refusals, failures, interrupted)
if not shutil.which('ffmpeg'):
    print('1..0 # SKIP install ffmpeg')
    sys.exit(0)
print(f'1..{len(TESTS)}', flush=True)
n_failed = 0
with tempfile.TemporaryDirectory(prefix='ultratwin-film-') as home:
    os.chdir(home)
    os.environ['XDG_DATA_HOME'] = os.path.join(home, 'data')
    os.mkdir('films')
    done('phantom', '--seed', 3, '--frames', 'marked', '--out', 'study')
    done('reconstruct', '--study', 'study', '--save', '--out', 'heart')
    for number, test in enumerate(TESTS, 1):
        try:
            test()
            print(f'ok {number} - {test.__name__}', flush=True)
        except (AssertionError, KeyError, OSError, subprocess.SubprocessError) as problem:
            n_failed += 1
            print(f'not ok {number} - {test.__name__}\n# {problem!r}', flush=True)
    os.chdir('/')
sys.exit(n_failed > 0)
