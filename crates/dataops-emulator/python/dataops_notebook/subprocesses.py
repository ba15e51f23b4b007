"""The cluster's paths in what a notebook starts: in the words of commands, and in Python processes.

Workers of joblib and multiprocessing, and Python scripts, find `sitecustomize` in the folder `child` on their
`PYTHONPATH`, and the paths in an environment variable. All other programs see the real disk.
"""

import functools
import json
import os

_PATHS = "DATAOPS_NOTEBOOK_PATHS"
_FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "child")
# Where `shell` stands among the arguments of Popen after the command.
_SHELL = 7


def announce(paths):
    """Lets Python processes that start from now on see these paths."""
    os.environ[_PATHS] = json.dumps(paths.described())
    found = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if _FOLDER not in found:
        os.environ["PYTHONPATH"] = os.pathsep.join([_FOLDER, *filter(None, found)])


def environment():
    """The variables without the announcement, for a process that is told its paths in another way."""
    variables = {name: value for name, value in os.environ.items() if name != _PATHS}
    found = variables.pop("PYTHONPATH", "").split(os.pathsep)
    kept = [entry for entry in found if entry and entry != _FOLDER]
    return {**variables, "PYTHONPATH": os.pathsep.join(kept)} if kept else variables


def adopt():
    """In a process that a notebook started: takes over its paths."""
    described = os.environ.get(_PATHS)
    if described is None:
        return
    from . import interception, libraries
    from .paths import Paths

    paths = Paths(json.loads(described))
    interception.install(paths)
    libraries.install(interception.mapper(paths), import_patches(paths))


def import_patches(paths):
    """The patch of `subprocess` for `libraries.install`."""

    def patch(module):
        start = module.Popen.__init__

        @functools.wraps(start)
        def call(self, args, *rest, **options):
            shell = options.get("shell", rest[_SHELL] if len(rest) > _SHELL else False)
            if options.get("cwd") is not None:
                options["cwd"] = _word(options["cwd"], paths)
            return start(self, _command(args, shell, paths), *rest, **options)

        module.Popen.__init__ = call

    return {"subprocess": patch}


def _command(args, shell, paths):
    if isinstance(args, str):
        return paths.mapped_words(args) if shell else _word(args, paths)
    if not isinstance(args, (list, tuple)):
        return _word(args, paths)
    words = [_word(word, paths) for word in args]
    if shell and words and isinstance(words[0], str):
        words[0] = paths.mapped_words(words[0])
    return words


def _word(word, paths):
    if not isinstance(word, (str, os.PathLike)):
        return word
    text = os.fspath(word)
    mapped = paths.driver(text) if isinstance(text, str) else None
    return word if mapped is None else mapped
