# SPDX-License-Identifier: Apache-2.0
"""summary.py JUNIT...   counts the test cases of meson's JUnit files; exit 1 where one failed or a file is missing

A program that died amid its cases, or ran out of time, has no failed case there: meson's own log beside
each file says so, and it counts as one."""
import json
import sys
import xml.etree.ElementTree as tree



def died(path):
    """Programs that neither passed, nor were skipped, nor failed case by case."""
    with open(path.removesuffix('.junit.xml') + '.json', encoding='utf-8') as log:
        programs = [json.loads(line) for line in log]
    return [f"{p['name']}: {p['result']}" for p in programs if p['result'] not in ('OK', 'SKIP', 'FAIL', 'EXPECTEDFAIL')]


passed = failed = 0
skipped = []
for path in sys.argv[1:]:
    try:
        root = tree.parse(path).getroot()
        for name in died(path):
            failed += 1
            print('died:', name)
    except (OSError, ValueError, tree.ParseError) as problem:
        print(f'{path}: {problem}')
        failed += 1
        continue
    for case in root.iter('testcase'):
        if case.find('failure') is not None or case.find('error') is not None:
            failed += 1
            print('failed:', case.get('classname'), case.get('name'))
        elif case.find('skipped') is not None:
            skipped.append(f"{case.get('classname')} {case.get('name')}")
        else:
            passed += 1
for name in sorted(set(skipped)):
    print('skipped:', name)
print(f'{passed} passed, {failed} failed' + (f', {len(skipped)} skipped' if skipped else ''))
sys.exit(failed > 0 or passed == 0)
