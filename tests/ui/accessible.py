# SPDX-License-Identifier: Apache-2.0
"""What a program tells assistive technologies, over the accessibility bus: its controls, each with
a name, a role, states and a place. One question at a time would take seconds for a whole window, so
those about all controls of one depth are sent together."""
import re

from gi.repository import Gio, GLib

ACCESSIBLE = 'org.a11y.atspi.Accessible'
ACTION = 'org.a11y.atspi.Action'
COMPONENT = 'org.a11y.atspi.Component'
PROPERTIES = 'org.freedesktop.DBus.Properties'
TEXT = 'org.a11y.atspi.Text'
VALUE = 'org.a11y.atspi.Value'
CHECKED, FOCUSABLE, SELECTED, SENSITIVE, VISIBLE = 4, 11, 23, 24, 30  # AtspiStateType
IN_WINDOW = GLib.Variant('(u)', (1,))  # AtspiCoordType
TIMEOUT_MS = 20000


class Bus:
    """The accessibility bus, which starts with the first who asks for it."""

    def __init__(self):
        session = Gio.bus_get_sync(Gio.BusType.SESSION)
        address = session.call_sync('org.a11y.Bus', '/org/a11y/bus', 'org.a11y.Bus', 'GetAddress',
                                    None, None, 0, TIMEOUT_MS, None).unpack()[0]
        flags = Gio.DBusConnectionFlags
        self.connection = Gio.DBusConnection.new_for_address_sync(
            address, flags.AUTHENTICATION_CLIENT | flags.MESSAGE_BUS_CONNECTION, None, None)

    def ask(self, owner, path, interface, method, arguments=None):
        return self.connection.call_sync(owner, path, interface, method, arguments, None, 0, TIMEOUT_MS, None).unpack()

    def ask_all(self, questions):
        """The answers to several (owner, path, interface, method, arguments), None for each failure."""
        answers = [None] * len(questions)
        waiting = len(questions)

        def answered(connection, result, index):
            nonlocal waiting
            waiting -= 1
            try:
                answers[index] = connection.call_finish(result).unpack()
            except GLib.Error:  # a control that went away, or has nothing of the kind
                pass

        for index, question in enumerate(questions):
            self.connection.call(*question, None, 0, TIMEOUT_MS, None, answered, index)
        while waiting:
            GLib.MainContext.default().iteration(True)
        return answers

    def application(self, pid):
        """The root of a program's controls, or None where it has no window yet."""
        for owner, path in self.ask('org.a11y.atspi.Registry', '/org/a11y/atspi/accessible/root', ACCESSIBLE, 'GetChildren')[0]:
            found, = self.ask('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus',
                              'GetConnectionUnixProcessID', GLib.Variant('(s)', (owner,)))
            if found == pid and self.ask(owner, path, ACCESSIBLE, 'GetChildren')[0]:
                return owner, path
        return None

    def controls(self, application):
        """All that is on screen, parents before children, in order; what is hidden or was never
        given a place is left out with all in it, for GTK 4.8 tells only of windows that they show."""
        owner, path = application
        root = Control(self, owner, path, None)
        level, depth = [root], 0
        while level:
            level = [child for parent in self._fill(level, depth)
                     for child in parent.children]
            depth += 1
        return list(root.walk())

    def _fill(self, level, depth):
        """Asks for all about the controls of one depth; those that are on screen."""
        kinds = (('GetChildren', ACCESSIBLE, None), ('GetState', ACCESSIBLE, None),
                 ('Get', PROPERTIES, GLib.Variant('(ss)', (ACCESSIBLE, 'Name'))), ('GetExtents', COMPONENT, IN_WINDOW))
        answers = self.ask_all([(c.owner, c.path, interface, method, arguments)
                                for method, interface, arguments in kinds for c in level])
        n = len(level)
        shown = []
        for control, children, state, name, place in zip(level, *(answers[i:i + n] for i in range(0, 4 * n, n))):
            control.states = state[0][0] if state else 0
            control.text = name[0] if name else ''
            control.place = place[0] if place else None
            if depth > 1 and not control.has(VISIBLE) or depth > 2 and place and not all(control.place[2:]):
                control.parent.children.remove(control)
                continue
            control.children = [Control(self, *child, control) for child in children[0]] if children else []
            shown.append(control)
        return shown


def nameless(controls):
    """Those that take the keyboard and have no name, for which GTK tells the class. Left out is what
    GTK makes inside its own: groups that scroll, texts, the popups of drop-downs, a message's cross."""
    found = []
    for control in controls:
        if not control.has(FOCUSABLE) or not control.has(SENSITIVE) or \
                control.text.strip() and not re.match('(Gtk|Adw|Ut)[A-Z][A-Za-z]+$', control.text):
            continue
        parent, role = control.parent, control.role
        own = role in ('group', 'label') or 'GtkListView' in (control.text, parent.text) or \
            control.text == 'GtkListItemWidget' or parent.text == 'AdwToastWidget' or \
            role == 'list' and parent.parent.role == 'list item'  # an expander's
        if not own:
            found.append(f'{role} {control.text} at {control.place} in “{parent.text}”')
    return found


class Control:
    """One control as it was when it was asked: its name, or else the text in it; a set of states; a
    place (x, y, width, height) in its window, or None. What else is asked now may raise GLib.Error."""

    def __init__(self, bus, owner, path, parent):
        self.bus, self.owner, self.path, self.parent = bus, owner, path, parent
        self.children = []
        self.text, self.states, self.place = '', 0, None

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()

    def has(self, state):
        return bool(self.states >> state & 1)

    def _ask(self, interface, method, arguments=None):
        return self.bus.ask(self.owner, self.path, interface, method, arguments)

    def _get(self, interface, name):
        return self._ask(PROPERTIES, 'Get', GLib.Variant('(ss)', (interface, name)))[0]

    @property
    def role(self):
        return self._ask(ACCESSIBLE, 'GetRoleName')[0]

    @property
    def description(self):
        return self._get(ACCESSIBLE, 'Description')

    @property
    def value(self):
        return self._get(VALUE, 'CurrentValue')

    @value.setter
    def value(self, number):
        self._ask(PROPERTIES, 'Set', GLib.Variant('(ssv)', (VALUE, 'CurrentValue', GLib.Variant('d', number))))

    def press(self):
        """Does its action, or that of the button inside it; whether there was one."""
        for control in [self] + self.children:
            try:
                if control._get(ACTION, 'NActions') > 0:
                    control._ask(ACTION, 'DoAction', GLib.Variant('(i)', (0,)))
                    return True
            except GLib.Error:
                continue
        return False
