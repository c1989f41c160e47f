# SPDX-License-Identifier: Apache-2.0
"""An X server's screen of 1440 x 900, what it holds, and its keyboard. Ends the program where there is none."""
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


xtst = ctypes.CDLL('libXtst.so.6')
xtst.XTestFakeKeyEvent.argtypes = [ctypes.c_void_p, ctypes.c_uint, ctypes.c_int, ctypes.c_ulong]
x11.XStringToKeysym.restype = ctypes.c_ulong
x11.XKeysymToKeycode.argtypes = [ctypes.c_void_p, ctypes.c_ulong]
x11.XKeysymToKeycode.restype = ctypes.c_ubyte
x11.XFlush.argtypes = [ctypes.c_void_p]


class Screen:
    def __init__(self):
        self.display = x11.XOpenDisplay(None)
        if not self.display:
            sys.exit("no X server: run this under xvfb-run -a -s '-screen 0 1440x900x24 -noreset'")

    def content(self, x=0, y=0, width=WIDTH, height=HEIGHT):
        """The pixels of a part, row by row, each (blue, green, red, unused)."""
        image = x11.XGetImage(self.display, x11.XDefaultRootWindow(self.display), x, y, width, height,
                              ALL_PLANES, Z_PIXMAP)
        pixels = ctypes.string_at(image.contents.data, 4 * width * height)
        x11.XDestroyImage(image)
        return pixels

    def samples(self):
        """Every second pixel of every sixth row."""
        pixels = self.content()
        return [pixels[i:i + 4] for row in range(0, HEIGHT, 6)
                for i in range(4 * WIDTH * row, 4 * WIDTH * (row + 1), 8)]

    def press(self, *names):
        """Keys down in this order and up again, by X's names of them: 'Alt_L', '1'."""
        codes = [x11.XKeysymToKeycode(self.display, x11.XStringToKeysym(name.encode())) for name in names]
        for down in (1, 0):
            for code in codes if down else reversed(codes):
                xtst.XTestFakeKeyEvent(self.display, code, down, 0)
        x11.XFlush(self.display)
