# SPDX-License-Identifier: Apache-2.0
"""Calibrating the A2C loop of the sample study by hand, as its depth ticks allow: they stand beside
the sector, every fifth, 50 mm from the last, is a dash."""
import os
import time

import gi
gi.require_version('GdkPixbuf', '2.0')
from gi.repository import GdkPixbuf

from driver import wait, xdotool


def dashes(path):
    """Where the dashes left of the sector are in a picture: (x, y), from its middle in shares of its
    width. Left of a dash is nothing, right of it a gap."""
    picture = GdkPixbuf.Pixbuf.new_from_file(path)
    side, step, pixels = picture.get_width(), picture.get_n_channels(), picture.get_pixels()
    found = []
    for y in range(picture.get_height()):
        row = pixels[y * picture.get_rowstride():][:side * step:step]
        lit = next((x for x in range(side) if row[x] > 60), side)
        dash = row[lit:lit + 6]
        if len(dash) == 6 and min(dash) > 230 and max(row[lit + 6:lit + 9], default=0) < 60:
            if not found or y > found[-1][1] + 3:
                found.append((lit, y))
    return [((x + 3) / side - 0.5, (y + 1 - picture.get_height() / 2) / side) for x, y in found]


def draw(w, sample):
    """The line, in the window: K, from dash to dash, 50 mm, Return."""
    loop = os.path.join(sample, 'a2c')
    frame = os.path.join(loop, sorted(name for name in os.listdir(loop) if name.endswith('.png'))[0])
    (x0, y0), (x1, y1) = dashes(frame)[:2]
    w.key('ctrl+1', 'k')
    time.sleep(0.5)
    x, y = w.centre('A2C loop')
    side = min(w.find('A2C loop').place[2:])
    begin, end = ([round(x + fx * side), round(y + fy * side)] for fx, fy in ((x0, y0), (x1, y1)))
    middle = [(a + b) // 2 for a, b in zip(begin, end)]
    xdotool('mousemove', *begin, 'sleep', 0.2, 'mousedown', 1, 'sleep', 0.1, 'mousemove', *middle,
            'sleep', 0.1, 'mousemove', *end, 'sleep', 0.2, 'mouseup', 1)
    time.sleep(0.7)
    w.type('0', 'UltraTwin')
    w.key('Return')
    w.find('The length of the line is a number of mm', part=True)
    w.key('ctrl+a')
    w.type('5 cm', 'UltraTwin')  # as depth scales are labelled
    w.key('Return')
    wait('the badge says by hand', lambda: w.look('Manual ruler') is not None, 20)
