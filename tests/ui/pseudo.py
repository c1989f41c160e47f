# SPDX-License-Identifier: Apache-2.0
"""A language in which every translated letter looks different: “Open” is “Óƥéɱ”, so a plain letter on
screen never went through gettext. Numbers, formats and markup stay as they are."""
import ast
import os
import re
import subprocess

PLAIN = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
OTHER = 'áƀćđéƒǧħíĵķĺɱńóƥɋŕšťúṽŵẋýžÁɃĆĐÉƑǦĦÍĴĶĹṀŃÓƤɊŔŠŤÚṼŴẊÝŽ'
LETTERS = str.maketrans(PLAIN, OTHER)
KEPT = re.compile(r'''(%[-+ #0-9.*$']*(?:hh|ll|[hljzt])?[a-zA-Z%]|</?[a-z][^<>]*>|&[a-z]+;|\{[a-z_.]+\})''')
ENTRY = re.compile(r'^(msgctxt|msgid|msgid_plural) ((?:"(?:[^"\\]|\\.)*"\n)+)', re.M)


def pseudo(text):
    """@text as it is in the language."""
    return ''.join(part if i % 2 else part.translate(LETTERS) for i, part in enumerate(KEPT.split(text)))


def write(po, folder):
    """Makes ultratwin.mo in @folder of all that the catalogue @po has to translate."""
    with open(po, encoding='utf-8') as file:
        entries = re.split(r'\n\n+', file.read())
    out = ['msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n'
           'Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n']
    for entry in entries[1:]:
        if entry.startswith('#~'):
            continue
        texts = {key: ast.literal_eval('(' + value + ')') for key, value in ENTRY.findall(entry + '\n')}
        quoted = lambda key: '"' + texts[key].replace('\\', '\\\\').replace('"', '\\"').replace('\n', '\\n') + '"'
        lines = [f'{key} {quoted(key)}' for key in ('msgctxt', 'msgid', 'msgid_plural') if key in texts]
        forms = [key for key in ('msgid', 'msgid_plural') if key in texts]
        for i, key in enumerate(forms):
            texts[key] = pseudo(texts[key])
            lines.append(f'msgstr{f"[{i}]" if len(forms) > 1 else ""} {quoted(key)}')
        out.append('\n'.join(lines) + '\n')
    os.makedirs(folder, exist_ok=True)
    subprocess.run(['msgfmt', '-o', os.path.join(folder, 'ultratwin.mo'), '-'], check=True, text=True,
                   input='\n'.join(out))
