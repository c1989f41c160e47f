# SPDX-License-Identifier: Apache-2.0
"""What a program tells assistive technologies, over the accessibility bus: its controls, each with
a name, a role, states and a place. One question at a time would take seconds for a whole window, so
what the program tells of all its controls at once is taken from there, and only what it leaves out is
asked for, many at a time: children where they are new or changed, and the places of what is looked for."""
import re

from gi.repository import Gio, GLib

ACCESSIBLE = 'org.a11y.atspi.Accessible'
ACTION = 'org.a11y.atspi.Action'
CACHE = 'org.a11y.atspi.Cache'
COMPONENT = 'org.a11y.atspi.Component'
EVENT = 'org.a11y.atspi.Event.Object'
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
        self.roles = {}  # names by number
        self.inside = {}  # (owner, path) of the children by the path of the parent, until it says that they changed
        self.connection.signal_subscribe(None, EVENT, 'ChildrenChanged', None, None, Gio.DBusSignalFlags.NONE,
                                         lambda _, owner, path, *more: self.inside.pop(path, None))

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

    def controls(self, application, wanted=None):
        """All that is on screen, parents before children, in order, or only those of which
        @wanted is true; what is hidden or was never given a place is left out with all in it, for
        GTK 4.8 tells only of windows that they show."""
        owner, path = application
        known = self._known(owner)
        known.pop(path, None)  # no children are told of the program itself
        level, found = [Control(self, owner, path, None)], []
        while level:
            self._fill(level, known)
            level = [control for control in level if control.is_visible()]
            found += [control for control in level if wanted is None or wanted(control)]
            self._find_children(level, known)
            level = [child for control in level for child in control.children]
        self._place([control for f in found for control in (f, *f.children)])
        for control in found:
            control.children = [child for child in control.children if child.is_shown()]
        return sorted((control for control in found if control.is_shown()), key=lambda control: control.order)

    def _known(self, owner):
        """What a program tells of each control that was ever asked for, by path: how many children, text, role,
        description, states. To unpack all else that it tells of them would take longer than to be told."""
        items = self.connection.call_sync(owner, '/org/a11y/atspi/cache', CACHE, 'GetItems', None, None, 0,
                                          TIMEOUT_MS, None).get_child_value(0)
        known = {}
        for i in range(items.n_children()):
            field = items.get_child_value(i).get_child_value
            known[field(0).get_child_value(1).get_string()] = (
                field(4).get_int32(), field(6).get_string(), field(7).get_uint32(), field(8).get_string(),
                field(9).get_child_value(0).get_uint32())
        while GLib.MainContext.default().iteration(False):  # which children have changed by now
            pass
        return known

    def _fill(self, level, known):
        """The texts, roles and states of controls."""
        questions = ((PROPERTIES, 'Get', GLib.Variant('(ss)', (ACCESSIBLE, 'Name'))), (ACCESSIBLE, 'GetRole', None),
                     (PROPERTIES, 'Get', GLib.Variant('(ss)', (ACCESSIBLE, 'Description'))), (ACCESSIBLE, 'GetState', None))
        new = [control for control in level if control.path not in known]
        answers = self.ask_all([(c.owner, c.path, *question) for c in new for question in questions])
        for control, *told in zip(new, *(answers[i::4] for i in range(4))):
            text, kind, description, states = (answer and answer[0] for answer in told)
            control.told(text or '', kind or 0, description or '', states[0] if states else 0)
        for control in level:
            if control.path in known:
                control.told(*known[control.path][1:])

    def _find_children(self, level, known):
        """Asked for where they are not what was told last, and the control is on screen."""
        def is_sure(control):
            return control.path in known and known[control.path][0] == len(self.inside.get(control.path, []))

        unsure = [control for control in level if not is_sure(control)]
        self._place(unsure)
        unsure = [control for control in unsure if control.is_shown()]
        self.inside |= {control.path: [] for control in unsure}  # out again where they change while they are asked
        answers = self.ask_all([(c.owner, c.path, ACCESSIBLE, 'GetChildren', None) for c in unsure])
        told = {c.path: answer[0] if answer else [] for c, answer in zip(unsure, answers)}
        for control in level:
            children = told.get(control.path) or self.inside.get(control.path, [])
            control.children = [Control(self, *child, control, n) for n, child in enumerate(children)]
        self.inside |= {path: told[path] for path in told if path in self.inside}

    def _place(self, controls):
        """The places of controls and of all that they are in, as far as they were not asked for."""
        controls = list(dict.fromkeys(c for control in controls for c in control.line() if not c.placed))
        for control, place in zip(controls, self.ask_all([(c.owner, c.path, COMPONENT, 'GetExtents', IN_WINDOW)
                                                          for c in controls])):
            control.place, control.placed = place[0] if place else None, True


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

    def __init__(self, bus, owner, path, parent, n=0):
        self.bus, self.owner, self.path, self.parent = bus, owner, path, parent
        self.order = (*parent.order, n) if parent else ()
        self.depth = len(self.order)
        self.children = []
        self.told('', 0, '', 0)
        self.place, self.placed = None, False

    def told(self, text, kind, description, states):
        self.text, self.kind, self.description, self.states = text, kind, description, states

    def line(self):
        """Itself and what it is in, outwards."""
        control = self
        while control:
            yield control
            control = control.parent

    def is_visible(self):
        """What is meant to be seen where the page that it is on is; the program and its windows are always."""
        return self.depth < 2 or self.has(VISIBLE)

    def is_shown(self):
        """What is visible is on screen where all that it is in have room there, which _place() asked for."""
        return all(c.depth < 3 or not c.place or all(c.place[2:]) for c in self.line())

    def has(self, state):
        return bool(self.states >> state & 1)

    def _ask(self, interface, method, arguments=None):
        return self.bus.ask(self.owner, self.path, interface, method, arguments)

    def _get(self, interface, name):
        return self._ask(PROPERTIES, 'Get', GLib.Variant('(ss)', (interface, name)))[0]

    @property
    def role(self):
        if self.kind not in self.bus.roles:
            self.bus.roles[self.kind] = self._ask(ACCESSIBLE, 'GetRoleName')[0]
        return self.bus.roles[self.kind]

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
