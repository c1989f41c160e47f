# SPDX-License-Identifier: Apache-2.0
"""drag_source.py PATH...   a small window from which these files can be dragged."""
import sys

import gi

gi.require_version('Gdk', '4.0')
gi.require_version('Gtk', '4.0')
from gi.repository import Gdk, Gio, GObject, Gtk  # noqa: E402


def prepare(*_):
    files = Gdk.FileList.new_from_list([Gio.File.new_for_path(path) for path in sys.argv[1:]])
    return Gdk.ContentProvider.new_for_value(GObject.Value(Gdk.FileList, files))


def activate(app):
    handle = Gtk.Label(label='files', hexpand=True, vexpand=True)
    source = Gtk.DragSource(actions=Gdk.DragAction.COPY)
    source.connect('prepare', prepare)
    handle.add_controller(source)
    window = Gtk.ApplicationWindow(application=app, title='drag source', default_width=80,
                                   default_height=60, decorated=False, child=handle)
    window.present()


application = Gtk.Application(flags=Gio.ApplicationFlags.NON_UNIQUE)
application.connect('activate', activate)
application.run([])
