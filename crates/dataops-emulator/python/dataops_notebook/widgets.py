"""`dbutils.widgets` and `getArgument`: the parameters of a run."""

from . import errors


class Widgets:
    """Values are always text. A parameter of the run wins over the default that a widget is created with."""

    def __init__(self, parameters):
        self._parameters = dict(parameters)
        self._defaults = {}

    def text(self, name, defaultValue="", label=None):
        """Creates an input of free text."""
        self._define(name, defaultValue)

    def dropdown(self, name, defaultValue, choices, label=None):
        """Creates an input with one of `choices`."""
        _require_choice(name, [str(defaultValue)], choices)
        self._define(name, defaultValue)

    def combobox(self, name, defaultValue, choices, label=None):
        """Creates an input of free text with proposals."""
        self._define(name, defaultValue)

    def multiselect(self, name, defaultValue, choices, label=None):
        """Creates an input with several of `choices`, joined by commas."""
        if isinstance(defaultValue, (list, tuple)):
            defaultValue = ",".join(map(str, defaultValue))
        _require_choice(name, str(defaultValue).split(",") if defaultValue else [], choices)
        self._define(name, defaultValue)

    def get(self, name):
        """The value of a parameter or widget."""
        if name in self._parameters:
            return self._parameters[name]
        if name in self._defaults:
            return self._defaults[name]
        raise errors.InputWidgetNotDefined(f"No input widget named {name} is defined")

    def getAll(self):
        """All values by name."""
        return {**self._defaults, **self._parameters}

    def getArgument(self, name, defaultValue=None):
        """The value of a parameter or widget; with a default, creates the widget when it is missing."""
        if defaultValue is not None and name not in self._parameters and name not in self._defaults:
            self._define(name, defaultValue)
        return self.get(name)

    def remove(self, name):
        """Removes a widget with its value."""
        self.get(name)
        self._defaults.pop(name, None)
        self._parameters.pop(name, None)

    def removeAll(self):
        """Removes all widgets with their values."""
        self._defaults.clear()
        self._parameters.clear()

    def help(self, method=None):
        """Prints what this module does."""
        print("dbutils.widgets: text, dropdown, combobox, multiselect, get, getAll, getArgument, remove, removeAll")

    def _define(self, name, value):
        self._defaults[str(name)] = "" if value is None else str(value)

    def _state(self):
        return {"parameters": dict(self._parameters), "defaults": dict(self._defaults)}

    def _restore(self, state):
        self._parameters = dict(state["parameters"])
        self._defaults = dict(state["defaults"])

    def _override(self, values):
        """Sets values for a `%run`; answers what puts the former ones back."""
        former = {name: self._parameters.get(name) for name in values}
        self._parameters.update(values)

        def undo():
            for name, value in former.items():
                if value is None:
                    self._parameters.pop(name, None)
                else:
                    self._parameters[name] = value

        return undo


def _require_choice(name, values, choices):
    known = [str(choice) for choice in choices]
    for value in values:
        if value not in known:
            raise errors.IllegalArgument(
                f"requirement failed: the default value {value!r} of widget {name!r} is not one of its choices "
                f"({', '.join(known)})"
            )
