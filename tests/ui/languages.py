# SPDX-License-Identifier: Apache-2.0
"""Programs started in another language and with its numbers."""
import os
import shutil
import subprocess

from case import Skip


def speak(case, language):
    """From here on programs start in this locale, made for this run."""
    if not shutil.which('localedef'):
        raise Skip('no localedef: install locales')
    os.makedirs(case.path('locale'), exist_ok=True)
    made = subprocess.run(['localedef', '-f', 'UTF-8', '-i', language, case.path('locale', f'{language}.UTF-8')],
                          capture_output=True)
    if made.returncode > 1:
        raise Skip(f'localedef cannot make {language}.UTF-8')
    os.environ.update(LOCPATH=case.path('locale'), LC_ALL=f'{language}.UTF-8')
