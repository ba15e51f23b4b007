"""Libraries that open files in native code, where `interception` cannot see them.

Their functions that take paths are wrapped when they are imported, never before, so a run pays only for what it uses.
"""

import functools
import os
import sys

_PARQUET = {
    "functions": "read_table read_pandas read_schema read_metadata write_table write_to_dataset write_metadata",
    "classes": "ParquetFile ParquetDataset ParquetWriter",
}
_POLARS_FRAME = "write_avro write_csv write_delta write_excel write_ipc write_json write_ndjson write_parquet"
_POLARS_LAZY = "sink_csv sink_ipc sink_ndjson sink_parquet"
_POLARS = (
    "read_avro read_csv read_csv_batched read_delta read_excel read_ipc read_json read_ndjson read_parquet "
    "scan_csv scan_delta scan_ipc scan_ndjson scan_parquet"
)
_LOCAL_METHODS = (
    "copy_file create_dir delete_dir delete_dir_contents delete_file get_file_info move open_append_stream "
    "open_input_file open_input_stream open_output_stream"
)

_PATCHES = {
    "pyarrow": {
        "functions": "create_memory_map input_stream memory_map output_stream",
        "natives": "MemoryMappedFile OSFile",
    },
    "pyarrow.csv": {"functions": "open_csv read_csv write_csv", "natives": "CSVWriter"},
    "pyarrow.dataset": {"functions": "dataset parquet_dataset write_dataset"},
    "pyarrow.feather": {"functions": "read_feather read_table write_feather"},
    "pyarrow.fs": {
        "functions": "copy_files",
        "natives": "FileSelector SubTreeFileSystem",
        "filesystem": "LocalFileSystem",
    },
    "pyarrow.ipc": {"functions": "new_file new_stream open_file open_stream"},
    "pyarrow.json": {"functions": "open_json read_json"},
    "pyarrow.orc": {"functions": "read_table write_table", "classes": "ORCFile ORCWriter"},
    "pyarrow.parquet.core": _PARQUET,
    "pyarrow.parquet": _PARQUET,
    "polars": {
        "functions": _POLARS,
        "methods": {"DataFrame": _POLARS_FRAME, "LazyFrame": _POLARS_LAZY},
    },
    "lightgbm.basic": {"classes": "Booster Dataset", "methods": {"Booster": "save_model", "Dataset": "save_binary"}},
    "xgboost.core": {"classes": "Booster DMatrix", "methods": {"Booster": "load_model save_model"}},
    "sqlite3.dbapi2": {"functions": "connect"},
    "sqlite3": {"functions": "connect"},
}


def install(local, extra=None):
    """Watches imports; `extra` maps further module names to functions that get the module."""
    patches = {name: functools.partial(_patch, local, what) for name, what in _PATCHES.items()}
    patches.update(extra or {})
    for name in [name for name in patches if name in sys.modules]:
        patches.pop(name)(sys.modules[name])
    sys.meta_path.insert(0, _AfterImport(patches))


class _AfterImport:
    """Finds nothing by itself: lets the other finders work, and patches what they load."""

    def __init__(self, patches):
        self._patches = patches

    def find_spec(self, name, path=None, target=None):
        if name not in self._patches:
            return None
        for finder in sys.meta_path:
            find = getattr(finder, "find_spec", None)
            spec = None if finder is self or find is None else find(name, path, target)
            if spec is not None:
                if hasattr(spec.loader, "exec_module"):
                    spec.loader = _Loader(spec.loader, self._patches[name])
                return spec
        return None


class _Loader:
    def __init__(self, loader, patch):
        self._loader = loader
        self._patch = patch

    def __getattr__(self, name):
        return getattr(self._loader, name)

    def create_module(self, spec):
        return self._loader.create_module(spec)

    def exec_module(self, module):
        module.__spec__.loader = module.__loader__ = self._loader
        self._loader.exec_module(module)
        self._patch(module)


def _patch(local, what, module):
    for name in what.get("functions", "").split():
        _replace(module, name, lambda function: _mapped(function, local))
    for name in what.get("classes", "").split():
        _replace(getattr(module, name, None), "__init__", lambda function: _mapped(function, local))
    for name, methods in what.get("methods", {}).items():
        for method in methods.split():
            _replace(getattr(module, name, None), method, lambda function: _mapped(function, local))
    for name in what.get("natives", "").split():
        _replace(module, name, lambda native: _constructed(native, local))
    if "filesystem" in what:
        _replace(module, what["filesystem"], lambda native: _filesystem(native, local))


def _replace(owner, name, change):
    original = getattr(owner, name, None)
    if original is None or hasattr(original, "_takes_cluster_paths"):
        return
    changed = change(original)
    changed._takes_cluster_paths = True
    setattr(owner, name, changed)


def _mapped(function, local):
    @functools.wraps(function)
    def call(*args, **kwargs):
        return function(*(_value(arg, local) for arg in args), **{k: _value(v, local) for k, v in kwargs.items()})

    return call


def _value(value, local):
    if isinstance(value, (str, os.PathLike)):
        mapped = local(value)
        return value if mapped is None else mapped
    if type(value) in (list, tuple) and value and isinstance(value[0], (str, os.PathLike)):
        return type(value)(_value(item, local) for item in value)
    return value


def _constructed(native, local):
    """A subclass of a native class whose constructor takes the cluster's paths."""

    def construct(cls, *args, **kwargs):
        args = [_value(arg, local) for arg in args]
        return native.__new__(cls, *args, **{k: _value(v, local) for k, v in kwargs.items()})

    body = {"__new__": construct, "__module__": native.__module__, "__doc__": native.__doc__}
    if native.__init__ is not object.__init__:
        body["__init__"] = _mapped(native.__init__, local)
    return type(native.__name__, (native,), body)


def _filesystem(native, local):
    body = {"__module__": native.__module__, "__doc__": native.__doc__}
    for name in _LOCAL_METHODS.split():
        body[name] = _mapped(getattr(native, name), local)
    return type(native.__name__, (native,), body)
