"""A SQL warehouse: one Spark session in a process of its own, which executes the statements that the host sends."""

import _thread
import json
import math
import os
import signal
import sys

from . import spark, sql
from .paths import Paths

_MOST_ROWS = 1_000_000


def serve(request, channel):
    """Executes statements until the host is gone."""
    warehouse = Warehouse(request, channel)
    for line in channel.lines():
        message = json.loads(line)
        if "cancel" in message:
            _thread.start_new_thread(warehouse.cancel, (message["cancel"],))
        elif warehouse.is_ready(message["id"]):
            _thread.start_new_thread(warehouse.answer, (message,))
    if os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(0)


class Warehouse:
    """Executes statements, several at once."""

    def __init__(self, request, channel):
        self._request = request
        self._channel = channel
        folder = os.path.join(os.path.realpath(request["dbfs_root"]), "user/hive/warehouse")
        self._spark = spark.Session(folder, "a SQL warehouse")
        self._preparing = _thread.allocate_lock()
        self._cancelled = set()
        self._databases = set()

    def is_ready(self, name):
        """Whether Spark runs; the statement fails where it does not start. It starts in the main thread alone."""
        try:
            self._spark.get("sql")
            return True
        except BaseException as error:
            self._fail(name, error)
            return False

    def answer(self, message):
        """Executes a statement, and sends what came of it."""
        name = message["id"]
        try:
            columns, rows = self._execute(message)
            self._channel.send("executed", id=name, columns=columns, rows=rows)
        except BaseException as error:
            self._fail(name, error)

    def _fail(self, name, error):
        code, text = _explain(error)
        self._channel.send("failed", id=name, code=code, message=text)

    def cancel(self, name):
        """Ends a statement: it fails, and the host knows why."""
        self._cancelled.add(name)
        session = self._spark.started()
        if session is not None:
            session.sparkContext.cancelJobGroup(name)

    def _execute(self, message):
        name, catalogs = message["id"], message["catalogs"]
        with self._preparing:
            session = self._spark.get("sql").newSession()
            self._prepare(session, catalogs)
        session.sparkContext.setJobGroup(name, name, interruptOnCancel=True)
        session.conf.set("spark.sql.session.timeZone", "UTC")
        # What is tried on one machine is small: code that is made for it takes longer than it saves.
        session.conf.set("spark.sql.shuffle.partitions", "4")
        session.conf.set("spark.sql.codegen.wholeStage", "false")
        catalog, schema = message.get("catalog"), message.get("schema")
        if schema:
            database = sql.database_of(catalog, schema) if catalog else schema
            session.catalog.setCurrentDatabase(database)
        paths = Paths({**self._request, "mounts": message["mounts"]})
        translator = sql.Translator(session, paths, catalogs)
        statement = translator.translate(message["statement"])
        if name in self._cancelled:
            raise InterruptedError("the statement was cancelled")
        parameters = {item["name"]: _value(session, item) for item in message.get("parameters") or []}
        frame = session.sql(statement, args=parameters) if parameters else session.sql(statement)
        return _result(frame, message.get("row_limit"))

    def _prepare(self, session, catalogs):
        """A schema of a catalog is a database."""
        for catalog, schemas in catalogs.items():
            for schema in schemas:
                database = sql.database_of(catalog, schema)
                if database not in self._databases:
                    session.sql(f"CREATE DATABASE IF NOT EXISTS `{database}`")
                    self._databases.add(database)


# How Spark writes numbers of these types.
_SUFFIXES = {"TINYINT": "Y", "SMALLINT": "S", "BIGINT": "L", "LONG": "L", "FLOAT": "F", "DOUBLE": "D"}


def _value(session, item):
    """A parameter as a literal of its type. Spark takes no cast for one, so the cast is done before."""
    from pyspark.sql.functions import expr, lit

    kind = (item.get("type") or "STRING").upper()
    value = session.range(1).select(lit(item.get("value")).cast(kind)).first()[0]
    if value is None or kind not in _SUFFIXES or not math.isfinite(value):
        return lit(value)
    return expr(f"{value}{_SUFFIXES[kind]}")


def _result(frame, limit):
    from pyspark.sql.functions import col

    columns = [
        {
            "name": field.name,
            "type_text": field.dataType.simpleString().upper(),
            "type_name": _type_name(field.dataType),
        }
        for field in frame.schema.fields
    ]
    # Two columns may have one name.
    names = [f"c{at}" for at in range(len(columns))]
    frame = frame.toDF(*names) if names else frame
    frame = frame.select([col(name).cast("string") for name in names])
    rows = frame.limit(int(limit) if limit else _MOST_ROWS).collect() if names else []
    return columns, [list(row) for row in rows]


def _type_name(kind):
    names = {"bigint": "LONG", "int": "INT", "smallint": "SHORT", "tinyint": "BYTE", "timestamp_ntz": "TIMESTAMP_NTZ"}
    base = kind.simpleString().partition("(")[0].partition("<")[0]
    return names.get(base, base.upper())


def _explain(error):
    """The code and the words of an error, as the service has them."""
    if isinstance(error, (spark.SparkMissing, sql.NotEmulated)):
        return "NOT_IMPLEMENTED", str(error)
    text = str(error)
    if "JAVA_GATEWAY_EXITED" in text or "Java gateway process exited" in text:
        return "NOT_IMPLEMENTED", "Spark needs a Java runtime, and none was found (17 or 21; JAVA_HOME names it)"
    return "BAD_REQUEST", text.partition("\n\nJVM stacktrace")[0][:10_000]


def main(request, channel):
    """Serves a warehouse; what Spark prints goes to the log of the host."""
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)
    serve(request, channel)
