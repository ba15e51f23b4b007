"""`dbutils.notebook`: runs other notebooks, ends this one, tells about the run."""

import json
import os
import sys

from . import errors, subprocesses

_DEEPEST = 20


class NotebookWorkflow:
    """Each notebook that is run gets a Python process of its own."""

    def __init__(self, run):
        self._run = run
        self.entry_point = _EntryPoint(self)

    def exit(self, value=""):
        """Ends the notebook as a success with a value."""
        raise errors.NotebookExit(value if isinstance(value, str) else str(value))

    def run(self, path, timeout_seconds=0, arguments=None, **_options):
        """Runs a notebook and answers its exit value; 0 seconds means no limit."""
        arguments = {} if arguments is None else arguments
        for name, value in arguments.items():
            if not isinstance(name, str) or not isinstance(value, str):
                raise TypeError(
                    f"dbutils.notebook.run takes strings only; argument {name!r} is {type(value).__name__}: use str(…)"
                )
        target = self._run.notebook_path(path)
        if target not in self._run.notebooks:
            raise _failed(self._run.missing(target))
        result = self._child(target, timeout_seconds, arguments)
        if result["status"] != "succeeded":
            _show_trace(target, result)
            raise _failed(result.get("error") or "the notebook ended without a result")
        return result.get("exit_value") or ""

    def getContext(self):
        """Facts about this run."""
        return _Context(self._run)

    def help(self, method=None):
        """Prints what this module does."""
        print("dbutils.notebook: run, exit, getContext")

    def _child(self, target, timeout_seconds, arguments):
        import socket
        import subprocess

        depth = self._run.request.get("depth", 0) + 1
        if depth > _DEEPEST:
            raise _failed(f"notebooks run each other more than {_DEEPEST} levels deep, at {target}")
        request = self._run.child_request(target, arguments, depth)
        ours, theirs = socket.socketpair()
        sys.stdout.flush()
        sys.stderr.flush()
        with ours:
            with theirs:
                command = [sys.executable, self._run.start]
                process = subprocess.Popen(command, stdin=theirs, env=subprocesses.environment())
            self._run.channel.send("child_started", notebook=target)
            try:
                ours.sendall(json.dumps(request).encode("ascii") + b"\n")
                ours.settimeout(float(timeout_seconds) or None)
                result = self._listen(ours, timeout_seconds)
            except TimeoutError:
                process.kill()
                raise _failed(f"the notebook {target} ran longer than {timeout_seconds} seconds", "TIMEDOUT") from None
            except BaseException:
                process.kill()
                raise
            finally:
                process.wait()
        self._run.channel.send("child_ended", notebook=target, status=result["status"])
        return result

    def _listen(self, connection, timeout_seconds):
        import time

        deadline = time.monotonic() + float(timeout_seconds) if timeout_seconds else None
        pending = b""
        while True:
            if deadline is not None:
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    raise TimeoutError
                connection.settimeout(remaining)
            data = _receive(connection)
            if not data:
                return {"status": "failed", "error": "the Python process of the notebook ended unexpectedly"}
            lines = (pending + data).split(b"\n")
            pending = lines.pop()
            for line in lines:
                event = json.loads(line)
                if event["event"] == "result":
                    return event
                self._run.child_event(event)


def _receive(connection):
    import socket

    try:
        return connection.recv(1 << 16)
    except socket.timeout:
        # Before Python 3.10 this is not a TimeoutError.
        raise TimeoutError from None
    except ConnectionError:
        return b""


_EXECUTION = "com.databricks.NotebookExecutionException: "


def _failed(reason, state="FAILED"):
    # A failure that comes up through several notebooks is named once.
    innermost = reason.rpartition(_EXECUTION)[2]
    if innermost != reason:
        return errors.WorkflowFailure(_EXECUTION + innermost)
    return errors.WorkflowFailure(f"{_EXECUTION}{state}: {reason}")


def _show_trace(target, result):
    """The exception that the caller gets has only the last line of what happened in the other notebook."""
    location = result.get("location")
    if location is None or _EXECUTION in (result.get("error") or ""):
        return
    place = f"{location['notebook']}, cell {location['cell']}, line {location['line']}"
    print(f"{target} failed in {place}:\n{result.get('error_trace') or ''}", file=sys.stderr, flush=True)


class _EntryPoint:
    """The way in which older notebooks ask for their context."""

    def __init__(self, workflow):
        self._workflow = workflow

    def getDbutils(self):
        return self

    def notebook(self):
        return self._workflow


class _Option:
    def __init__(self, value):
        self._value = value

    def get(self):
        if self._value is None:
            raise errors.ServiceError("java.util.NoSuchElementException: None.get")
        return self._value

    def getOrElse(self, default):
        return default() if self._value is None and callable(default) else self._value or default

    def isDefined(self):
        return self._value is not None

    def __str__(self):
        return "None" if self._value is None else f"Some({self._value})"


class _Tags(dict):
    def get(self, name, default=None):
        return _Option(super().get(name, default))

    def apply(self, name):
        return self[name]


class _Context:
    def __init__(self, run):
        cluster = run.request.get("cluster") or {}
        self._path = run.notebook.path
        self._tags = {
            "clusterId": cluster.get("id") or "",
            "notebookPath": run.notebook.path,
            "jobRunId": run.request.get("run_id") or "",
            "user": os.environ.get("USER", "local"),
        }

    @property
    def notebook_path(self):
        return self._path

    def notebookPath(self):
        return _Option(self._path)

    def clusterId(self):
        return _Option(self._tags["clusterId"] or None)

    def jobId(self):
        return _Option(None)

    def currentRunId(self):
        return _Option(self._tags["jobRunId"] or None)

    def userName(self):
        return _Option(self._tags["user"])

    def apiToken(self):
        return _Option(None)

    def apiUrl(self):
        return _Option(None)

    def tags(self):
        return _Tags(self._tags)

    def toJson(self):
        return json.dumps({"extraContext": {"notebook_path": self._path}, "tags": self._tags})

    def safeToJson(self):
        return json.dumps({"attributes": dict(self._tags, notebook_path=self._path)})
