# SPDX-License-Identifier: Apache-2.0
"""lint.py ROOT   the rules of this code that a machine can check; one TAP line per rule"""
import os
import re
import shutil
import subprocess
import sys

root = sys.argv[1]
os.chdir(root)

FOLDERS = ('app', 'render', 'engine', 'cuda', 'tests')
MAX_FUNCTION, MAX_FILE, MAX_INDENT = 120, 800, 10  # lines, lines, columns: 5 levels of 2


def files(*endings):
    found = []
    for folder in FOLDERS:
        for path, folders, names in os.walk(folder):
            folders[:] = [f for f in folders if not f.startswith('.')]
            found += [os.path.join(path, n) for n in names if n.endswith(endings)]
    return sorted(found)


def lines(path):
    with open(path, encoding='utf-8') as f:
        return f.read().split('\n')


def code(path):
    """Lines with comments and string contents blanked, so that words in them do not count."""
    text = '\n'.join(lines(path))
    keep_breaks = lambda m: re.sub(r'[^\n]', ' ', m.group(0))
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', keep_breaks, text, flags=re.S).split('\n')


C_FILES = files('.c', '.h', '.cpp', '.cu')


def file_length():
    for path in C_FILES + files('.py'):
        n = len(lines(path)) - 1
        if n > MAX_FILE:
            yield f'{path}: {n} lines, want at most {MAX_FILE}'


def function_length():
    for path in files('.c', '.cu'):
        start = None
        for i, line in enumerate(lines(path), 1):
            if line == '{':
                start = i
            elif line == '}' and start:
                if i - start > MAX_FUNCTION:
                    yield f'{path}:{start}: a function of {i - start} lines, want at most {MAX_FUNCTION}'
                start = None


def nesting():
    for path in files('.c', '.cu'):
        for i, line in enumerate(code(path), 1):
            keyword = re.match(r'( *)(?:if|for|while|switch|do)\b', line)
            if keyword and len(keyword.group(1)) > MAX_INDENT:
                yield f'{path}:{i}: nested deeper than {MAX_INDENT // 2} levels'


BANNED = {
    r'\bgoto\b': 'g_autoptr and early return',
    r'\batoi \(|\batof \(|\bstrtol \(': 'g_ascii_string_to_signed or g_ascii_strtod',
    r'\bsscanf \(': 'g_ascii_strtod, g_strsplit or GRegex',
    r'\bstrcpy \(|\bstrcat \(|\bsprintf \(': 'g_strdup, g_strconcat or g_strdup_printf',
    r'\boff_t\b': 'goffset',
    r'\bg_auto(?:ptr|free)\b[^=;]*;$': 'an initialised g_auto variable',
}


def banned():
    for path in C_FILES:
        for i, line in enumerate(code(path), 1):
            for pattern, instead in BANNED.items():
                if re.search(pattern, line):
                    yield f'{path}:{i}: {line.strip()}: use {instead}'
            if path.startswith('engine/') and re.search(r'\b(?:g_print|g_printerr|printf|exit|abort) \(', line) \
                    and not path.startswith('engine/train/'):
                yield f'{path}:{i}: engine never prints, exits or aborts'


ROOMS = {  # who may include whom; a room may always include itself
    'base': '', 'image': 'base', 'anatomy': 'base image', 'echo': 'base image anatomy',
    'surface': 'base image', 'measure': 'base image surface', 'nn': 'base',
    'twin': 'base image anatomy nn', 'study': 'base image anatomy surface measure nn twin',
    'train': 'base image anatomy echo surface measure nn twin study',
}


def doors():
    for path in C_FILES:
        part = path.split('/')
        for i, line in enumerate(lines(path), 1):
            include = re.match(r'# *include *[<"]([^>"]+)[>"]', line)
            if not include:
                continue
            what = include.group(1)
            wrong = None
            if part[0] == 'engine':
                other = re.match(r'engine/(\w+)/', what)
                if other and other.group(1) != part[1] and other.group(1) not in ROOMS[part[1]].split():
                    wrong = 'this room may not look there'
                if re.match(r'(gtk|adwaita|epoxy|app/|render/|cuda/|gdk/)', what):
                    wrong = 'engine looks up'
            elif part[0] == 'render' and re.match(r'(gtk/|adwaita|app/|cuda/)', what):
                wrong = 'render looks up'
            elif part[0] == 'cuda' and not re.match(r'(engine/(nn|base)/|cuda/)', what) and what.startswith(('app/', 'render/', 'engine/')):
                wrong = 'cuda sees engine/nn and engine/base only'
            elif part[0] == 'app' and 'cli' in part and re.match(r'(gtk/|adwaita)', what):
                wrong = 'the command line links no GTK'
            if wrong:
                yield f'{path}:{i}: {what}: {wrong}'


UNKEYED = {  # actions without a key, and why
    'page.camera': 'twin.camera for buttons beside the view', 'page.fit': 'twin.fit for a button beside the view',
    'win.about': 'stands in the menu as in every program', 'win.sample': 'a button of the start page, and in the menu',
    'win.continue': 'a button of the start page', 'win.open-lesson': 'a button of the list of lessons',
    'win.open-recent': 'carries which study', 'win.lesson': 'carries which lesson',
}


def action_keys():
    known = {}
    for path in files('.c'):
        text = '\n'.join(lines(path)) if path.startswith('app/') else ''
        own = re.search(r'insert_action_group \([^;]*?"(\w+)"', text)
        group = own.group(1) if own else {'application': 'app'}.get(os.path.basename(path)[:-2], 'win')
        entries = re.findall(r'GActionEntry \w+\[\] = \{(.*?)\};', text, re.S)
        for name in re.findall(r'\{"([\w-]+)"', ' '.join(entries)) + re.findall(r'_action_new \("([\w-]+)"', text):
            known[f'{group}.{name}'] = path
        known.update((name, path) for name in re.findall(r'install_(?:property_)?action \(\s*\w+,\s*"([^"]+)"', text))
    keyed = set(re.findall(r'\{UT_KEYS_\w+,\s*"([\w-]+\.[\w-]+)', '\n'.join(lines('app/keys.c'))))
    for name in sorted(known.keys() - keyed - UNKEYED.keys()):
        yield f'{known[name]}: {name} has no key in app/keys.c'
    for name in sorted((keyed | UNKEYED.keys()) - known.keys() - {'window.close'}):  # GTK's own
        yield f'{name}: has a key, or a reason for none, but is no action'
    for name in sorted(keyed & UNKEYED.keys()):
        yield f'{name}: has a key and a reason for none'


def licence():
    for path in C_FILES + files('.py', '.glsl'):
        if not any('SPDX-License-Identifier: Apache-2.0' in l for l in lines(path)[:3]):
            yield f'{path}: no SPDX line on top'


def pragma_once():
    for path in files('.h'):
        if '#pragma once' not in lines(path):
            yield f'{path}: no #pragma once'


def potfiles():
    listed = set(lines('po/POTFILES')) if os.path.exists('po/POTFILES') else set()
    for path in C_FILES + [os.path.join(p, n) for p, _, names in os.walk('resources') for n in names if n.endswith('.ui')]:
        if path.startswith(('tests/', 'engine/', 'render/')):
            continue
        text = '\n'.join(lines(path))
        if (re.search(r'\b(?:N|C|NC)?_ \("|gettext \("', text) or 'translatable="yes"' in text) and path not in listed:
            yield f'{path}: has words for people but is not in po/POTFILES'
    for path in listed:
        if path and not path.startswith('#') and not os.path.exists(path):
            yield f'po/POTFILES: {path} is gone'


SAYERS = r'\b(?:g_set_error|g_set_error_literal|g_prefix_error|ut_cine_take_note|ut_mesh_file_fail|fail|note|refuse) \('


def engine_words():
    """What the engine says to people goes through ut_words(), or is marked by UT_WORDS in a table."""
    for path in files('.c', '.cpp'):
        if not path.startswith(('engine/', 'cuda/', 'render/')) or path.startswith('engine/train/'):
            continue
        text = re.sub(r'/\*.*?\*/', lambda m: re.sub(r'[^\n]', ' ', m.group(0)), '\n'.join(lines(path)), flags=re.S)
        for call in re.finditer(SAYERS, text):
            said = text[call.start():text.find(';', call.end())]
            for literal in re.finditer(r'((?:ut_words|UT_WORDS) \()?\s*((?:"(?:\\.|[^"\\\n])*"\s*|PRI\w+\s*)+)', said):
                words = re.sub(r'%[-+.\d]*[a-z]+|\\.', ' ', literal.group(2))
                if re.search(r'[a-z]+ [a-z]+', words) and not literal.group(1):
                    yield f'{path}:{text.count(chr(10), 0, call.start()) + 1}: {literal.group(2).strip()}: not in ut_words ()'


def mnemonics():
    """In the main menu a letter stands for one item, in every language."""
    menu = re.search(r'<menu id=.*?</menu>', '\n'.join(lines('resources/ui/window.ui')), re.S)[0]
    labels = re.findall(r'name="label"[^>]*>([^<]+)<', menu)
    for language in ['en', *'\n'.join(lines('po/LINGUAS')).split()]:
        text = '\n'.join(lines(f'po/{language}.po')) if language != 'en' else ''
        said = dict(re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', text, re.M))
        letters = {}
        for label in labels:
            letter = re.search('_(.)', said.get(label, label))
            other = letters.setdefault(letter[1].lower(), label) if letter else 'no letter'
            if other != label:
                yield f'{language}: {label}: {other}'


def layout():
    tool = shutil.which('clang-format')
    version = subprocess.run([tool, '--version'], capture_output=True, text=True).stdout if tool else ''
    if ' 14.' not in version:
        return None  # other versions lay out differently
    run = subprocess.run([tool, '--dry-run', '-Werror', *files('.c', '.h')], capture_output=True, text=True)
    return [l for l in run.stderr.split('\n') if 'error:' in l]


RULES = [file_length, function_length, nesting, banned, doors, licence, pragma_once, potfiles, action_keys, engine_words, mnemonics, layout]
print(f'1..{len(RULES)}')
for number, rule in enumerate(RULES, 1):
    found = rule()
    name = rule.__name__.replace('_', ' ')
    if found is None:
        print(f'ok {number} - {name} # SKIP clang-format 14 is not installed')
        continue
    found = list(found)
    print(f"{'not ok' if found else 'ok'} {number} - {name}")
    for line in found[:40]:
        print('#', line)
