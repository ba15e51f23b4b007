"""Makes `/dbfs/…`, `/Workspace/…` and `/Volumes/…` work for Python code that opens, lists or changes files.

The functions of `os` and `io` are the one place where nearly all of Python comes by (pathlib, shutil, glob, pandas,
numpy, joblib, zipfile, the import system), so they are replaced, and a path of the cluster is swapped for the file
behind it. Errors and listings keep the cluster's path. Libraries that open files in native code are the business of
`libraries`, commands and Python subprocesses that of `subprocesses`. Other subprocesses see the real disk.
"""

import _io
import builtins
import functools
import io
import os
import posix
import sys

_ONE_PATH = (
    "access chdir chflags chmod chown getxattr lchmod lchown listdir listxattr lstat mkdir mkfifo mknod open pathconf "
    "readlink remove removexattr rmdir setxattr stat statvfs truncate unlink utime"
).split()
_TWO_PATHS = "link rename replace symlink".split()
_CAPABILITIES = ("supports_dir_fd", "supports_effective_ids", "supports_fd", "supports_follow_symlinks")


def mapper(paths):
    """A function that answers the file behind a path of the cluster, or None for any other value."""

    def local(path):
        kind = type(path)
        if kind is str:
            return paths.driver(path)
        if kind is int or path is None:
            return None
        if isinstance(path, bytes):
            mapped = paths.driver(os.fsdecode(path))
            return None if mapped is None else os.fsencode(mapped)
        if isinstance(path, (str, os.PathLike)):
            path = os.fspath(path)
            return local(path) if type(path) in (str, bytes) else None
        return None

    return local


def install(paths):
    """Replaces the file functions for the rest of the process."""
    local = mapper(paths)
    replaced = {}
    for name in _ONE_PATH:
        if hasattr(posix, name):
            replaced[name] = _with_path(getattr(posix, name), local)
    for name in _TWO_PATHS:
        replaced[name] = _with_two_paths(getattr(posix, name), local)
    replaced["scandir"] = _scandir(posix.scandir, local)
    replaced["system"] = _system(posix.system, paths)
    pairs = [(getattr(posix, name), wrapper) for name, wrapper in replaced.items()]
    for name, wrapper in replaced.items():
        setattr(posix, name, wrapper)
        setattr(os, name, wrapper)
    _extend_capabilities(pairs)
    pairs.append((_io.open, _open(_io.open, local, replaced["open"])))
    pairs.append((_io.open_code, _with_path(_io.open_code, local)))
    builtins.open = io.open = _io.open = pairs[-2][1]
    io.open_code = _io.open_code = pairs[-1][1]
    _rebind(pairs)


def _like(original):
    """Makes a replacement that, as a builtin does, stays unbound when a class takes it for an attribute."""

    def decorate(call):
        replacement = type("builtin_function", (), {"__call__": staticmethod(call)})()
        functools.update_wrapper(replacement, original)
        return replacement

    return decorate


def _with_path(function, local):
    @_like(function)
    def call(*args, **kwargs):
        path = args[0] if args else kwargs.get("path")
        mapped = local(path)
        if mapped is None:
            return function(*args, **kwargs)
        try:
            if args:
                return function(mapped, *args[1:], **kwargs)
            return function(**{**kwargs, "path": mapped})
        except OSError as error:
            _restore(error, {mapped: path})
            raise

    return call


def _with_two_paths(function, local):
    @_like(function)
    def call(src, dst, *args, **kwargs):
        source, target = local(src), local(dst)
        if source is None and target is None:
            return function(src, dst, *args, **kwargs)
        source = src if source is None else source
        target = dst if target is None else target
        try:
            return function(source, target, *args, **kwargs)
        except OSError as error:
            _restore(error, {source: src, target: dst})
            raise

    return call


def _open(function, local, open_descriptor):
    @_like(function)
    def call(file, mode="r", buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None):
        if opener is None and local(file) is not None:
            # An opener lets the file object keep the name that the notebook used.
            file = os.fspath(file)

            def opener(name, flags):
                return open_descriptor(name, flags, 0o666)

        return function(file, mode, buffering, encoding, errors, newline, closefd, opener)

    return call


class Entry(os.PathLike):
    """A directory entry that keeps the path under which the notebook listed its folder."""

    __slots__ = ("_entry", "name", "path")

    def __init__(self, entry, folder):
        self._entry = entry
        self.name = entry.name
        self.path = os.path.join(folder, entry.name)

    def __fspath__(self):
        return self.path

    def __repr__(self):
        return f"<DirEntry {self.name!r}>"

    def inode(self):
        return self._entry.inode()

    def is_dir(self, *, follow_symlinks=True):
        return self._entry.is_dir(follow_symlinks=follow_symlinks)

    def is_file(self, *, follow_symlinks=True):
        return self._entry.is_file(follow_symlinks=follow_symlinks)

    def is_symlink(self):
        return self._entry.is_symlink()

    def is_junction(self):
        return False

    def stat(self, *, follow_symlinks=True):
        return os.stat(self.path, follow_symlinks=follow_symlinks)


class _Entries:
    def __init__(self, entries, folder):
        self._entries = entries
        self._folder = folder

    def __iter__(self):
        return self

    def __next__(self):
        return Entry(next(self._entries), self._folder)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._entries.close()


def _scandir(function, local):
    scan = _with_path(function, local)

    @_like(function)
    def call(path="."):
        if local(path) is None:
            return function(path)
        return _Entries(scan(path), os.fspath(path))

    return call


def _system(function, paths):
    @_like(function)
    def call(command):
        return function(paths.mapped_words(command) if isinstance(command, str) else command)

    return call


def _restore(error, names):
    if error.filename in names:
        error.filename = names[error.filename]
    if error.filename2 in names:
        error.filename2 = names[error.filename2]


def _extend_capabilities(pairs):
    """Keeps `os.stat in os.supports_fd` and its like true, which shutil asks."""
    for name in _CAPABILITIES:
        capable = getattr(os, name)
        for original, wrapper in pairs:
            if original in capable:
                capable.add(wrapper)


def _rebind(pairs):
    """Replaces the functions in modules that took them by name before."""
    wrappers = {id(original): wrapper for original, wrapper in pairs}
    for module in list(sys.modules.values()):
        if module is None or module.__name__ == __name__:
            continue
        for owner in (module, getattr(module, "_NormalAccessor", None)):
            for name, value in list(getattr(owner, "__dict__", {}).items()):
                value = value.__func__ if isinstance(value, staticmethod) else value
                wrapper = wrappers.get(id(value))
                if wrapper is not None:
                    setattr(owner, name, wrapper)
