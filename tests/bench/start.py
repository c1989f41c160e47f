# SPDX-License-Identifier: Apache-2.0
"""start.py PROGRAM CLI EMPTY   how long a start takes until something is painted

PROGRAM is build/app/ultratwin, CLI build/app/ultratwin-cli, EMPTY build/tests/bench/empty-window: a window
of GTK and libadwaita with one line of words, which is the least that any such program needs. For each, the
time from the start of the process until the X server's screen holds more than the bare root window; and
for a study given on the command line, until its loops are seen. Median of 9 warm starts, taken in turns.
Needs an X server of 1440 x 900 with nothing else on it, as xvfb-run -s '-screen 0 1440x900x24' gives.
"""
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time

from screen import Screen


def bare(found):
    return len(set(found)) == 1


def painted(found):
    return len(set(found)) >= 8


def loops_seen(found):
    """Speckle: greys over more than a tenth of the screen."""
    grey = sum(p[0] == p[1] == p[2] and 70 < p[0] < 250 for p in found)
    return grey > len(found) / 10


def start_s(screen, command, seen):
    begin = time.monotonic()
    process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    while not seen(screen.samples()):
        if time.monotonic() > begin + 30:
            sys.exit(f'{command[0]}: nothing was painted in 30 s')
        time.sleep(0.003)
    taken = time.monotonic() - begin
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    while not bare(screen.samples()):
        time.sleep(0.02)
    return taken


def main():
    program, cli, empty = map(os.path.abspath, sys.argv[1:])
    screen = Screen()
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(HOME=home, GDK_BACKEND='x11', LIBGL_ALWAYS_SOFTWARE='1', LC_ALL='C.UTF-8',
                          GSK_RENDERER='cairo')
        study = os.path.join(home, 'study')
        subprocess.run([cli, 'phantom', '--seed', '1', '--out', study], check=True, stdout=subprocess.DEVNULL)
        cases = {'an empty window': ([empty], painted), 'the start page': ([program], painted),
                 'the three loops of a study': ([program, study], loops_seen)}
        taken = {name: [] for name in cases}
        for turn in range(10):
            for name, (command, seen) in cases.items():
                seconds = start_s(screen, command, seen)
                if turn > 0:  # the first is not warm
                    taken[name].append(seconds)
    median = {name: statistics.median(values) for name, values in taken.items()}
    for name, values in taken.items():
        print(f'{name}: {median[name]:.2f} s ({min(values):.2f} to {max(values):.2f}), '
              f'{median[name] / median["an empty window"]:.1f} times an empty window')


main()
