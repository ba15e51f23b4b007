"""The `dbutils` object."""

import binascii
import json
from collections import namedtuple

from . import errors
from .display import summarize
from .filesystem import FileSystem
from .workflow import NotebookWorkflow

SecretScope = namedtuple("SecretScope", "name")
SecretMetadata = namedtuple("SecretMetadata", "key")

_MOST_VALUE_BYTES = 48 * 1024
_MOST_VALUES = 250


class DBUtils:
    """What a cluster gives notebooks under the name `dbutils`."""

    def __init__(self, run):
        self.widgets = run.widgets
        self.fs = FileSystem(run.paths, run.mount_changed)
        self.secrets = Secrets(run.request.get("secrets") or {})
        self.notebook = NotebookWorkflow(run)
        self.jobs = Jobs(TaskValues(run.request.get("task"), run.channel))
        self.library = Library()
        self.data = Data(run.display.display)

    def __getattr__(self, name):
        raise AttributeError(f"dbutils.{name} isn't available in the local runner")

    def help(self):
        """Prints the modules."""
        print("dbutils: data, fs, jobs, library, notebook, secrets, widgets")


class Secrets:
    """Values of the workspace's secret scopes. The host hides them wherever a run prints them."""

    def __init__(self, scopes):
        self._scopes = scopes

    def get(self, scope, key):
        """The value of a secret as text."""
        return self.getBytes(scope, key).decode("utf-8")

    def getBytes(self, scope, key):
        """The value of a secret as bytes."""
        values = self._scope(scope)
        if key not in values:
            raise errors.IllegalArgument(f"Secret does not exist with scope: {scope} and key: {key}")
        return binascii.a2b_base64(values[key])

    def list(self, scope):
        """The keys of a scope."""
        return [SecretMetadata(key) for key in sorted(self._scope(scope))]

    def listScopes(self):
        """All scopes."""
        return [SecretScope(name) for name in sorted(self._scopes)]

    def help(self, method=None):
        """Prints what this module does."""
        print("dbutils.secrets: get, getBytes, list, listScopes")

    def _scope(self, scope):
        if scope not in self._scopes:
            raise errors.IllegalArgument(f"Scope {scope} does not exist!")
        return self._scopes[scope]


class Jobs:
    """`dbutils.jobs`."""

    def __init__(self, task_values):
        self.taskValues = task_values


class TaskValues:
    """Small JSON values that tasks of one job run hand on."""

    def __init__(self, task, channel):
        self._task = task
        self._channel = channel
        self._set = set()

    def set(self, key, value):
        """Sets a value of this task; outside a job it is ignored."""
        text = json.dumps(value, allow_nan=False)
        if len(text.encode("utf-8")) > _MOST_VALUE_BYTES:
            raise ValueError(f"the value of task value {key!r} is larger than 48 KiB as JSON")
        if self._task is None:
            return
        self._set.add(key)
        if len(self._set) > _MOST_VALUES:
            raise ValueError(f"a run can set {_MOST_VALUES} task values at most")
        self._channel.send("task_value", key=str(key), value=value)

    def get(self, taskKey, key, default=None, debugValue=None):
        """The value that an earlier task set; outside a job, `debugValue`."""
        if self._task is None:
            if debugValue is None:
                raise TypeError("Must pass debugValue when calling get outside of a job context")
            return debugValue
        values = self._task.get("values", {}).get(taskKey)
        if values is not None and key in values:
            return values[key]
        if default is not None:
            return default
        if values is None:
            raise ValueError(f"No task with key {taskKey!r} has set values in this run")
        raise ValueError(f"Task {taskKey!r} has not set a value with key {key!r}, and no default was given")


class Library:
    """`dbutils.library`."""

    def restartPython(self):
        """Carries on with the next cell in a new Python process."""
        raise errors.PythonRestart

    def __getattr__(self, name):
        raise AttributeError(f"dbutils.library.{name} was removed from Databricks; use %pip instead")


class Data:
    """`dbutils.data`."""

    def __init__(self, display):
        self._display = display

    def summarize(self, df, precise=False):
        """Shows statistics of each column."""
        summarize(self._display, df, precise)
