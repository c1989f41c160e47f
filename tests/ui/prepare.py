# SPDX-License-Identifier: Apache-2.0
"""prepare.py COMMAND ARCHIVE   what the cases in the window begin with, made once for all of them.

ARCHIVE holds a phantom's study as it is new (new/study), the same with its heart (study), and the
files that COMMAND wrote with it (out)."""
import os
import shutil
import subprocess
import sys
import tempfile

COMMAND, ARCHIVE = map(os.path.abspath, sys.argv[1:3])


def command(*words):
    subprocess.run([COMMAND, *words], check=True, stdout=subprocess.DEVNULL)


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    os.mkdir('new')
    command('phantom', '--seed', '3', '--out', 'new/study')
    shutil.copytree('new/study', 'study')
    command('reconstruct', '--study', 'study', '--save', '--stages', '--export-input', '--mesh-format', 'ply,stl,obj,glb', '--out', 'out')
    os.chdir(os.path.dirname(ARCHIVE))
    shutil.make_archive(ARCHIVE.removesuffix('.tar'), 'tar', folder)
