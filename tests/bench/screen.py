# SPDX-License-Identifier: Apache-2.0
"""What an X server's screen of 1440 x 900 holds: Screen().samples(). Ends the program where there is none."""
import ctypes
import sys

WIDTH, HEIGHT = 1440, 900
Z_PIXMAP, ALL_PLANES = 2, 0xffffffff


class Image(ctypes.Structure):
    """The head of Xlib's XImage."""
    _fields_ = [('width', ctypes.c_int), ('height', ctypes.c_int), ('xoffset', ctypes.c_int),
                ('format', ctypes.c_int), ('data', ctypes.c_void_p)]


x11 = ctypes.CDLL('libX11.so.6')
x11.XOpenDisplay.restype = ctypes.c_void_p
x11.XDefaultRootWindow.argtypes = [ctypes.c_void_p]
x11.XDefaultRootWindow.restype = ctypes.c_ulong
x11.XGetImage.argtypes = [ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.c_int, ctypes.c_uint,
                          ctypes.c_uint, ctypes.c_ulong, ctypes.c_int]
x11.XGetImage.restype = ctypes.POINTER(Image)
x11.XDestroyImage.argtypes = [ctypes.POINTER(Image)]


class Screen:
    def __init__(self):
        self.display = x11.XOpenDisplay(None)
        if not self.display:
            sys.exit("no X server: run this under xvfb-run -a -s '-screen 0 1440x900x24 -noreset'")

    def samples(self):
        """Every second pixel of every sixth row, (blue, green, red, unused)."""
        image = x11.XGetImage(self.display, x11.XDefaultRootWindow(self.display), 0, 0, WIDTH, HEIGHT,
                              ALL_PLANES, Z_PIXMAP)
        pixels = ctypes.string_at(image.contents.data, 4 * WIDTH * HEIGHT)
        x11.XDestroyImage(image)
        return [pixels[i:i + 4] for row in range(0, HEIGHT, 6)
                for i in range(4 * WIDTH * row, 4 * WIDTH * (row + 1), 8)]
