"""Python imports this module at the start of the processes that a notebook starts."""

import importlib
import os
import sys


def _adopt():
    folder = os.path.dirname(os.path.abspath(__file__))
    runner = os.path.dirname(folder)
    sys.path[:] = [entry for entry in sys.path if entry != folder]
    sys.path.insert(0, runner)
    try:
        subprocesses = importlib.import_module("dataops_notebook.subprocesses")
    finally:
        sys.path.remove(runner)
    subprocesses.adopt()


def _next():
    """Imports the environment's own module of this name, which this one hides."""
    own = sys.modules.pop(__name__)
    try:
        importlib.import_module(__name__)
    except ModuleNotFoundError:
        sys.modules[__name__] = own


_adopt()
_next()
