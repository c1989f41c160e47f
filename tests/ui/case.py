# SPDX-License-Identifier: Apache-2.0
"""What the cases in the window share: a home that is theirs alone, the study that prepare.py made,
and steps one after the other, each a line of TAP and a picture of the screen."""
import os
import shutil
import subprocess
import tempfile
import traceback

from driver import Failed, GLib


class Skip(Exception):
    """A step that this machine cannot do, and why."""


class Case:
    """@name begins the names of its pictures."""

    def __init__(self, name, pictures, prepared=None, animations=False):
        self.name = name
        self.pictures = pictures
        self.home = tempfile.mkdtemp(prefix='ultratwin-ui-')
        os.makedirs(pictures, exist_ok=True)
        for kind in ('DATA', 'CONFIG', 'CACHE', 'STATE'):
            os.environ[f'XDG_{kind}_HOME'] = self.path(kind.lower())
        os.makedirs(self.path('config', 'gtk-4.0'))
        with open(self.path('config', 'gtk-4.0', 'settings.ini'), 'w', encoding='utf-8') as f:
            f.write(f'[Settings]\ngtk-enable-animations={int(animations)}\n')
        if prepared:
            shutil.unpack_archive(prepared, self.home)

    def path(self, *parts):
        return os.path.join(self.home, *parts)

    def picture(self, window, name):
        window.picture(os.path.join(self.pictures, f'{self.name}-{name}.png'))

    def run(self, steps, window=None):
        """Does the steps, each given the window if there is one, and closes the window; the first
        step that fails ends the case. The exit status."""
        print(f'1..{len(steps) + (window is not None)}', flush=True)
        try:
            for number, step in enumerate(steps, 1):
                if not self.step(number, step, window):
                    return 1
            status = window.close() if window else 0
            if window:
                print(f"{'not ' if status else ''}ok {len(steps) + 1} - close", flush=True)
            return status
        finally:
            if window:
                window.kill()
            self.end()

    def step(self, number, step, window):
        title = f'{number} - {step.__name__}'
        try:
            step(*[window] if window else [])
            print(f'ok {title}', flush=True)
            return True
        except Skip as why:
            print(f'ok {title} # SKIP {why}', flush=True)
            return True
        except (Failed, AssertionError, OSError, GLib.Error, subprocess.SubprocessError) as error:
            print(f'not ok {title}', flush=True)
            on_screen = window.texts() if window and window.process.poll() is None else []
            for line in [*(str(error) or traceback.format_exc()).split('\n'), *map(repr, on_screen)]:
                print(f'# {line}', flush=True)
            print('Bail out! a step failed', flush=True)
            return False
        finally:
            if window:
                self.picture(window, f'{number:02}-{step.__name__}')

    def end(self):
        shutil.rmtree(self.home, ignore_errors=True)
