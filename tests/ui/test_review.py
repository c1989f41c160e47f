# SPDX-License-Identifier: Apache-2.0
"""test_review.py PROGRAM PICTURES COMMAND PREPARED   accept, limit, edit and reject, in the real window.

Says who she is, something of every structure, moves a surface, undoes it and does it again, paints
by keys and by pointer, and reads the study that is saved and its log."""
import json
import os
import re
import subprocess
import sys

from case import Case
from driver import Failed, Window, wait, xdotool

PROGRAM, PICTURES, COMMAND, PREPARED = sys.argv[1:]
case = Case('review', PICTURES, PREPARED)
STUDY = case.path('study')


def study():
    with open(os.path.join(STUDY, 'study.json'), encoding='utf-8') as f:
        return json.load(f)


def count(window, text):
    return window.texts(re.escape(text)).count(text)


# ---- steps ------------------------------------------------------------------------------------

def unreviewed(w):
    w.find('frame ', part=True, seconds=60)
    w.key('ctrl+4')
    w.find('3D heart', seconds=60)
    w.key('F4')
    w.find('Review', seconds=60)
    wait('five unreviewed and the badge', lambda: count(w, 'Unreviewed') == 6)


def say_who(w):
    """The name that the log has: that of the login until another one is written down."""
    w.key('ctrl+comma')
    w.find('Name of the Reviewer', part=True)
    w.key('shift+Tab', title='Preferences')  # the last of the controls
    w.key('ctrl+a', title='Preferences')
    w.type('Ann Berg', 'Preferences')
    case.picture(w, 'who')
    xdotool('key', 'Escape')
    wait('no preferences', lambda: not w.look('Name of the Reviewer', part=True))


def reject(w):
    w.press('Reject LV')
    w.find('Too large')
    case.picture(w, 'reasons')
    w.press('Too large')
    w.find('Rejected: Too large')
    wait('the badge', lambda: count(w, 'Rejected') == 1)


def accept_all(w):
    """Return accepts the four that nobody has judged, in one step of undo."""
    w.click('3D heart')
    w.key('Return')
    wait('four accepted', lambda: count(w, 'Accepted') == 4)
    w.key('ctrl+z')
    wait('none accepted', lambda: count(w, 'Accepted') == 0)
    w.key('ctrl+shift+z')
    wait('four accepted again', lambda: count(w, 'Accepted') == 4)
    w.find('Rejected: Too large')


def grade(w):
    """Q and a digit: the whole heart is limited, but for the LV, which is worse; then one structure by the mouse."""
    w.click('3D heart')
    w.key('q')
    w.find('How good is this heart?')
    case.picture(w, 'grades')
    w.key('2')
    wait('four limited', lambda: count(w, 'Limited: Borders uncertain') == 4)
    w.find('Rejected: Too large')
    w.key('ctrl+z')
    wait('four accepted as before', lambda: count(w, 'Accepted') == 4)
    w.press('RV is limited')
    w.press('Poor image quality')
    w.find('Limited: Poor image quality')
    wait('the three others', lambda: count(w, 'Accepted') == 3 and count(w, 'Rejected') == 1)
    w.press('Quality of the heart', part=True)
    w.press('Limited: View missing or off-axis')
    wait('four limited by the mouse', lambda: count(w, 'Limited: View missing or off-axis') == 4)


def edit(w):
    """LV 3 mm outwards: the heart is edited, LV and its wall are unreviewed, undo takes it back."""
    w.press('Edit LV on a copy')
    w.find('Move Surface')
    case.picture(w, 'offset')
    w.press('Move Surface')
    w.find('edited by hand: LV +3.0 mm; edited by Ann Berg at 2', part=True)
    wait('LV and Myo', lambda: count(w, 'Unreviewed · edited') == 2)
    w.find('Edited', 'label')
    wait('the picture', lambda: 'edited stage' in (w.description('3D heart') or ''), 60)
    w.key('ctrl+z')
    w.find('as the network made it', part=True)
    w.find('Rejected: Too large')
    w.key('ctrl+shift+z')
    w.find('edited by hand: LV +3.0 mm', part=True)


def tool(w):
    """What the slices say of the brush."""
    return next((t.split(', ')[-1] for t in w.texts(' slice, at ')), '')


def undoes(w):
    return 'Undo Brush Stroke' in w.description('Undo')


def brush_by_keys(w):
    """E, a structure, a size, Return at the crosshair, which a press on the heart puts there."""
    w.click('3D heart')
    w.key('e')
    wait('the brush', lambda: tool(w) == 'LV brush of 6.0 mm')
    w.key('3', 'bracketright', 'plus', 'minus', 'Return')
    wait('a stroke of it', lambda: tool(w) == 'LA brush of 7.5 mm' and undoes(w))
    w.key('0', 'Return')
    wait('the eraser', lambda: tool(w) == 'eraser of 7.5 mm')
    w.key('ctrl+z')
    w.find('Edited', 'label')
    w.key('Escape')
    wait('no brush', lambda: 'mm' not in tool(w))


def brush_by_pointer(w):
    w.key('e', '1')
    wait('the brush', lambda: tool(w) == 'LV brush of 7.5 mm')
    x, y = w.centre('Coronal slice, at ', part=True)
    xdotool('mousemove', x, y, 'sleep', 0.3, 'mousedown', 1, 'sleep', 0.2)
    for step in range(1, 6):
        xdotool('mousemove', x + 6 * step, y + 2 * step, 'sleep', 0.1)
    case.picture(w, 'brush')
    xdotool('mouseup', 1)
    w.press('Trust')
    w.find('edited by hand: LV +3.0 mm, LA brush (1 stroke), LV brush (1 stroke)', part=True)
    wait('LA too', lambda: count(w, 'Unreviewed · edited') >= 3)


def saved(w):
    """What was done stands in the study; the report of COMMAND is drawn of it."""
    w.press('Reject RA')
    w.press('Does not fit the echo')
    w.find('Rejected: Does not fit the echo')
    w.key('ctrl+s')
    done = wait('the save', lambda: (r := study().get('reviews', {}).get('ED')) and 'RA' in r and r)
    steps = done['edit']['steps']
    if ([(s['structure'], s.get('offset_mm'), s.get('brush_radius_mm')) for s in steps]
            != [('LV', 3.0, None), ('LA', None, 7.5), ('LV', None, 7.5)]
            or not all(s['when'].endswith('Z') for s in steps)):
        raise Failed(f'saved {done["edit"]}')
    if not os.path.exists(os.path.join(STUDY, 'edits', done['edit']['id'] + '.nii.gz')):
        raise Failed('the edited labels are not in the study')
    log = study()['review_log']
    if {line['who'] for line in log} != {'Ann Berg'} or [
            (line['act'], line['structure'], line.get('turn', 'do')) for line in log if line['act'] in ('offset', 'brush')] != [
            ('offset', 'LV', 'do'), ('offset', 'LV', 'undo'), ('offset', 'LV', 'redo'), ('brush', 'LA', 'do'),
            ('brush', 'background', 'do'), ('brush', 'background', 'undo'), ('brush', 'LV', 'do')]:
        raise Failed(f'logged {log}')
    w.click(f'Review Log ({len(log)})')
    w.find('Ann Berg: ED RA rejected (Does not fit the echo)', part=True)
    w.find('Ann Berg: undone: ED Myo limited (Borders uncertain)', part=True)
    w.find('Ann Berg: undone: ED eraser of 7.5 mm', part=True)
    case.picture(w, 'log')
    subprocess.run([COMMAND, 'report', '--study', STUDY, '--out', os.path.join(PICTURES, 'review.pdf')], check=True,
                   stdout=subprocess.DEVNULL)


sys.exit(case.run([unreviewed, say_who, reject, accept_all, grade, edit, brush_by_keys, brush_by_pointer, saved], Window(PROGRAM, STUDY)))
