# SPDX-License-Identifier: Apache-2.0
"""What a person does at the window: looks for controls by their accessible names, presses them,
types, takes pictures. Needs a display and a session bus of its own (see meson.build)."""
import os
import subprocess
import sys
import time

import gi

gi.require_version('Atspi', '2.0')
from gi.repository import Atspi, GLib  # noqa: E402


class Failed(Exception):
    pass


def wait(what, question, seconds=30.0):
    """Asks until the answer is true; the answer. Pauses shortly in between."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            answer = question()
        except GLib.Error:  # a control went away while it was looked at
            answer = None
        if answer:
            return answer
        time.sleep(0.1)
    raise Failed(f'{what}: did not happen within {seconds:.0f} s')


def walk(node, depth=0):
    """The node and all below it, but not what is hidden or was never given a place."""
    if node is None or depth > 60:
        return
    if depth > 1 and not has_state(node, Atspi.StateType.VISIBLE) or depth > 2 and not placed(node):
        return
    yield node
    try:
        n = node.get_child_count()
    except GLib.Error:
        return
    for i in range(n):
        try:
            child = node.get_child_at_index(i)
        except GLib.Error:
            continue
        yield from walk(child, depth + 1)


def text_of(node):
    try:
        name = node.get_name()
        if name:
            return name
        text = node.get_text_iface()
        return text.get_text(0, text.get_character_count()) if text else ''
    except GLib.Error:
        return ''


def has_state(node, state):
    try:
        return node.get_state_set().contains(state)
    except GLib.Error:
        return False


def placed(node):
    """GTK 4.8 tells only of windows that they show; pages that were never shown have no size.
    Pages of a stack have no place of their own."""
    try:
        part = node.get_component_iface()
        extents = part.get_extents(Atspi.CoordType.WINDOW) if part else None
        return extents is None or extents.width > 0 and extents.height > 0
    except GLib.Error:
        return False


def xdotool(*words):
    subprocess.run(['xdotool', *map(str, words)], check=True, timeout=20)


class Window:
    """The program, started on some paths, and its accessible tree."""

    def __init__(self, program, *paths):
        self.process = subprocess.Popen([program, *paths])
        self.app = wait('the window', self._find_app, 60)

    def _find_app(self):
        if self.process.poll() is not None:
            raise Failed(f'the program ended with {self.process.returncode}')
        Atspi.get_desktop(0).clear_cache()
        desktop = Atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            app = desktop.get_child_at_index(i)
            if app and app.get_process_id() == self.process.pid and app.get_child_count() > 0:
                return app
        return None

    def look(self, name, role=None, part=False):
        """The first control on screen with this name, or None."""
        if self.process.poll() is not None:
            raise Failed(f'the program ended with {self.process.returncode}')
        for node in walk(self.app):
            text = text_of(node)
            if (text == name or part and name in text):
                if role is None or node.get_role_name() == role:
                    return node
        return None

    def find(self, name, role=None, part=False, seconds=30):
        return wait(f'“{name}” on screen', lambda: self.look(name, role, part), seconds)

    def wait_idle(self, seconds=120):
        """Until no long work runs: the strip with its progress and Cancel is gone."""
        wait('the end of the work', lambda: not self.look('Cancel', 'push button'), seconds)

    def texts(self):
        return [text_of(node) for node in walk(self.app)]

    def press(self, name, role=None, part=False, seconds=30):
        node = wait(f'“{name}” to press',
                    lambda: (n := self.look(name, role, part)) and n.get_action_iface() and n, seconds)
        node.get_action_iface().do_action(0)

    def is_selected(self, name):
        """Whether the list row whose name begins so is the selected one."""
        return any(text_of(node).startswith(name) and has_state(node, Atspi.StateType.SELECTED)
                   for node in walk(self.app))

    def description(self, name):
        return self.find(name).get_description()

    def key(self, *keys, title='UltraTwin', pause=0.15):
        window = subprocess.run(['xdotool', 'search', '--onlyvisible', '--name', title],
                                capture_output=True, text=True).stdout.split()
        if window:
            subprocess.run(['xdotool', 'windowfocus', '--sync', window[-1]], check=False, timeout=10)
        for k in keys:
            subprocess.run(['xdotool', 'key', '--clearmodifiers', k], check=True)
            time.sleep(pause)

    def type(self, text, title):
        window = subprocess.run(['xdotool', 'search', '--onlyvisible', '--name', title],
                                capture_output=True, text=True).stdout.split()
        if window:
            subprocess.run(['xdotool', 'windowfocus', '--sync', window[-1]], check=False, timeout=10)
        subprocess.run(['xdotool', 'type', '--delay', '15', text], check=True)

    def centre(self, name, part=False):
        """Of a control, on the screen; the window's client area begins at its corner."""
        part_of = self.find(name, part=part).get_component_iface().get_extents(Atspi.CoordType.WINDOW)
        where = subprocess.run(['xdotool', 'search', '--onlyvisible', '--name', 'UltraTwin',
                                'getwindowgeometry', '--shell'], capture_output=True, text=True).stdout
        corner = dict(line.split('=') for line in where.split())
        return (int(corner['X']) + part_of.x + part_of.width // 2,
                int(corner['Y']) + part_of.y + part_of.height // 2)

    def click(self, name, part=False):
        """For what has no action of its own, such as the row of a list."""
        xdotool('mousemove', *self.centre(name, part), 'sleep', 0.2, 'click', 1)

    def drop(self, paths, x, y):
        """Drags files out of another window and lets go of them at a place on the screen."""
        script = os.path.join(os.path.dirname(__file__), 'drag_source.py')
        source = subprocess.Popen([sys.executable, script, *paths])
        try:
            found = wait('the drag source', lambda: subprocess.run(
                ['xdotool', 'search', '--onlyvisible', '--name', 'drag source'],
                capture_output=True, text=True).stdout.split(), 60)[-1]
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
        subprocess.run(['import', '-window', 'root', path], check=False)

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
