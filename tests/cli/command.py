# SPDX-License-Identifier: Apache-2.0
"""What the tests of the command share: the program and a weight file, the first two words of their command line, a
folder that is theirs alone, and a line of TAP per test on standard output."""
import json
import os
import shutil
import subprocess
import sys
import tempfile

CLI, MODEL = sys.argv[1:3]
FOLDER = tempfile.mkdtemp()
TESTS = []
os.environ['XDG_DATA_HOME'] = os.path.join(FOLDER, 'data')


def test(function):
    TESTS.append(function)
    return function


def path(name):
    return os.path.join(FOLDER, name)


def run(*arguments):
    """Exit code, parsed standard output (None where it is no JSON), standard error."""
    ran = subprocess.run([CLI, *map(str, arguments)], capture_output=True, text=True)
    try:
        answer = json.loads(ran.stdout)
    except ValueError:
        answer = None
    return ran.returncode, answer, ran.stderr


def done(*arguments):
    code, answer, said = run(*arguments)
    assert code == 0, f'{arguments}: exit {code}: {said}'
    return answer


def refused(*arguments, code=3, word=''):
    got, answer, said = run(*arguments)
    assert got == code, f'{arguments}: exit {got}, want {code}: {said}'
    assert word in said, f'{arguments}: "{said}" does not say "{word}"'
    if code == 3:
        assert answer['error']['message'] in said and answer['research_use_only'] is True
    return said


def run_tests():
    """All, in order; the exit status."""
    print(f'1..{len(TESTS)}', flush=True)
    failed = 0
    try:
        for number, function in enumerate(TESTS, 1):
            try:
                function()
                print(f'ok {number} - {function.__name__}', flush=True)
            except (AssertionError, OSError, KeyError, TypeError) as problem:
                failed += 1
                print(f'not ok {number} - {function.__name__}\n# {problem!r}', flush=True)
    finally:
        shutil.rmtree(FOLDER)
    return failed > 0
