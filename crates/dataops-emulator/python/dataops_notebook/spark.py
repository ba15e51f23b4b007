"""`spark` and its companions: a session of the installed pyspark, made at the first use."""

import os
import sys

_READ = "csv json load orc parquet text"
_WRITE = "csv json orc parquet save text"


class SparkMissing(ModuleNotFoundError):
    """Somebody uses Spark, and pyspark is not installed."""


class Session:
    """Makes the Spark session once."""

    def __init__(self, warehouse, user="this notebook"):
        self._warehouse = warehouse
        self._user = user
        self._session = None

    def started(self):
        """The session, where there is one yet."""
        return self._session

    def get(self, name):
        """The session; `name` is what the notebook used, for the message when pyspark is missing."""
        if self._session is None:
            self._session = self._start(name)
        return self._session

    def _start(self, name):
        try:
            from pyspark.sql import SparkSession
        except ModuleNotFoundError as error:
            if error.name != "pyspark":
                raise
            raise SparkMissing(
                f"{self._user} uses `{name}`, and pyspark isn't installed in {sys.executable}; "
                'install it with: pip install "pyspark==3.5.*" (it needs a Java runtime)',
                name="pyspark",
            ) from None
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = SparkSession.builder.appName("dataops").master("local[*]")
        builder = builder.config("spark.ui.enabled", "false").config("spark.sql.warehouse.dir", self._warehouse)
        return builder.getOrCreate()


class Lazy:
    """Stands for an object of the session until it is used."""

    def __init__(self, name, get):
        object.__setattr__(self, "_name", name)
        object.__setattr__(self, "_get", get)

    def __getattr__(self, name):
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return getattr(self._get(self._name), name)

    def __setattr__(self, name, value):
        setattr(self._get(self._name), name, value)

    def __call__(self, *args, **kwargs):
        return self._get(self._name)(*args, **kwargs)

    def __repr__(self):
        return f"<{self._name}: started at the first use>"

    @property
    def __class__(self):
        # isinstance() asks here; without pyspark the stand-in is just itself.
        return type(self._get(self._name)) if "pyspark" in sys.modules else Lazy


def names(session):
    """The globals that come from Spark."""
    return {
        "spark": Lazy("spark", session.get),
        "sc": Lazy("sc", lambda name: session.get(name).sparkContext),
        "sqlContext": Lazy("sqlContext", session.get),
        "sql": Lazy("sql", lambda name: session.get(name).sql),
        "table": Lazy("table", lambda name: session.get(name).table),
        "udf": Lazy("udf", lambda name: _udf(session, name)),
    }


def _udf(session, name):
    session.get(name)
    from pyspark.sql.functions import udf

    return udf


def import_patches(paths):
    """Patches for `libraries.install`: Spark's readers and writers take the cluster's paths."""

    def local(path):
        if isinstance(path, (list, tuple)):
            return [local(item) for item in path]
        if not isinstance(path, (str, os.PathLike)) or _foreign(path):
            return path
        return "file://" + paths.locate(path).local

    def patch(module):
        for owner, methods in (("DataFrameReader", _READ), ("DataFrameWriter", _WRITE)):
            kind = getattr(module, owner, None)
            for name in methods.split():
                function = getattr(kind, name, None)
                if function is not None:
                    setattr(kind, name, _first_path(function, local))

    def patch_sql(module):
        kind = module.SparkSession
        kind.sql = _translated(kind.sql, paths)

    return {"pyspark.sql.readwriter": patch, "pyspark.sql.session": patch_sql}


def _translated(function, paths):
    import functools

    from . import sql

    @functools.wraps(function)
    def call(self, statement, *args, **kwargs):
        return function(self, sql.Translator(self, paths).translate(statement), *args, **kwargs)

    return call


def _foreign(path):
    scheme = os.fspath(path).partition(":")
    return bool(scheme[1]) and scheme[0].lower() not in ("dbfs", "file", "wasbs", "wasb", "abfss", "abfs")


def _first_path(function, local):
    import functools

    @functools.wraps(function)
    def call(self, *args, **kwargs):
        if args:
            args = (local(args[0]), *args[1:])
        elif kwargs.get("path") is not None:
            kwargs = {**kwargs, "path": local(kwargs["path"])}
        return function(self, *args, **kwargs)

    return call
