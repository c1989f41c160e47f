# SPDX-License-Identifier: Apache-2.0
"""summary.py JUNIT...   counts the test cases of meson's JUnit files; exit 1 where one failed or a file is missing"""
import sys
import xml.etree.ElementTree as tree

passed = failed = 0
skipped = []
for path in sys.argv[1:]:
    try:
        root = tree.parse(path).getroot()
    except (OSError, tree.ParseError) as problem:
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
