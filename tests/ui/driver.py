# SPDX-License-Identifier: Apache-2.0
"""What a person does at the window: looks for controls by their accessible names, presses them,
types, takes pictures. Needs a display and a session bus of its own (see meson.build)."""
import os
import re
import subprocess
import sys
import time

from gi.repository import GLib

from accessible import SELECTED, Bus


class Failed(Exception):
    pass


def wait(what, question, seconds=30.0):
    """Asks until the answer is true; the answer. Pauses in between, as long as it took to ask: what is
    waited for wants the cores too."""
    end = time.monotonic() + seconds
    while (began := time.monotonic()) < end:
        try:
            answer = question()
        except GLib.Error:  # a control went away while it was looked at
            answer = None
        if answer:
            return answer
        time.sleep(max(0.1, time.monotonic() - began))
    raise Failed(f'{what}: did not happen within {seconds:.0f} s')


def on_screen(title):
    """The windows of this title."""
    return subprocess.run(['xdotool', 'search', '--onlyvisible', '--name', title],
                          capture_output=True, text=True).stdout.split()


def focus(title):
    if windows := on_screen(title):
        subprocess.run(['xdotool', 'windowfocus', '--sync', windows[-1]], check=False, timeout=10)


def xdotool(*words):
    subprocess.run(['xdotool', *map(str, words)], check=True, timeout=20)


class Window:
    """The program, started on some paths, and its accessible tree."""

    def __init__(self, program, *paths):
        self.bus = Bus()
        self.process = subprocess.Popen([program, *paths])
        self.app = wait('the window', lambda: self._alive() and self.bus.application(self.process.pid), 60)

    def _alive(self):
        if self.process.poll() is not None:
            raise Failed(f'the program ended with {self.process.returncode}')
        return True

    def controls(self, wanted=None):
        """The controls on screen, all or those of which @wanted is true."""
        return self._alive() and self.bus.controls(self.app, wanted)

    def _named(self, name, role, part):
        """Those with this name one after the other; a role is asked for when its turn comes."""
        return (control for control in self.controls(lambda c: c.text == name or part and name in c.text)
                if role in (None, control.role))

    def look(self, name, role=None, part=False):
        """The first control on screen with this name, or None."""
        return next(self._named(name, role, part), None)

    def find(self, name, role=None, part=False, seconds=30):
        return wait(f'“{name}” on screen', lambda: self.look(name, role, part), seconds)

    def wait_idle(self, seconds=120):
        """Until no long work runs: the strip with its progress and Cancel is gone."""
        wait('the end of the work', lambda: not self.look('Cancel', 'button'), seconds)

    def texts(self, pattern=''):
        """Those on screen in which the pattern is found, in order."""
        return [control.text for control in self.controls(lambda c: re.search(pattern, c.text))]

    def press(self, name, role=None, part=False, seconds=30):
        wait(f'“{name}” to press',
             lambda: any(control.press() for control in self._named(name, role, part)), seconds)

    def is_selected(self, name):
        """Whether the list row whose name begins so is the selected one."""
        return bool(self.controls(lambda c: c.has(SELECTED) and c.text.startswith(name)))

    def description(self, name):
        return self.find(name).description

    def key(self, *keys, title='UltraTwin', pause=0.15):
        focus(title)
        for k in keys:
            subprocess.run(['xdotool', 'key', '--clearmodifiers', k], check=True)
            time.sleep(pause)

    def type(self, text, title):
        focus(title)
        subprocess.run(['xdotool', 'type', '--delay', '15', text], check=True)

    def choose(self, path, title):
        """Types a path into a file dialog, once it takes keys, and agrees."""
        wait(f'the dialog “{title}”', lambda: on_screen(title))
        time.sleep(1)
        self.type(path, title)
        time.sleep(0.5)
        self.key('Return', title=title)

    def centre(self, name, part=False, role=None):
        """Of a control, on the screen; the window's client area begins at its corner."""
        x, y, width, height = self.find(name, role, part).place
        where = subprocess.run(['xdotool', 'search', '--onlyvisible', '--name', 'UltraTwin',
                                'getwindowgeometry', '--shell'], capture_output=True, text=True).stdout
        corner = dict(line.split('=') for line in where.split())
        return int(corner['X']) + x + width // 2, int(corner['Y']) + y + height // 2

    def click(self, name, part=False, role=None):
        """For what has no action of its own, such as the row of a list."""
        xdotool('mousemove', *self.centre(name, part, role), 'sleep', 0.2, 'click', 1)

    def drop(self, paths, x, y):
        """Drags files out of another window and lets go of them at a place on the screen."""
        script = os.path.join(os.path.dirname(__file__), 'drag_source.py')
        source = subprocess.Popen([sys.executable, script, *paths])
        try:
            found = wait('the drag source', lambda: on_screen('drag source'), 60)[-1]
            xdotool('windowmove', '--sync', found, 1360, 840)
            xdotool('windowraise', found)
            xdotool('mousemove', 1400, 870, 'sleep', 0.5, 'mousedown', 1)
            for step in range(1, 7):  # a drag begins with the way, not with the press
                xdotool('mousemove', 1400 - 8 * step, 870 - 4 * step, 'sleep', 0.1)
            for left in (20, 6, 0):
                xdotool('mousemove', x + left, y + left, 'sleep', 0.4)
            xdotool('mouseup', 1)
            time.sleep(0.5)
        finally:
            source.kill()
            source.wait()

    def picture(self, path):
        subprocess.run(['import', '-window', 'root', '-quality', '11', path], check=False)

    def close(self):
        """Closes as a person does, again where a message still held the keys; the exit status."""
        for _ in range(6):
            self.key('ctrl+w')
            try:
                return self.process.wait(10)
            except subprocess.TimeoutExpired:
                pass
        self.process.kill()
        raise Failed('the window did not close')

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
