"""One notebook process: takes the request, prepares the surroundings of a cluster, runs, reports."""

import os
import posixpath
import sys
import types

from . import errors, interception, libraries, source, spark, subprocesses
from .channel import Channel
from .dbutils import DBUtils
from .display import Display
from .kernel import Kernel
from .paths import Mount, Paths
from .widgets import Widgets

_MOST_EXIT_BYTES = 5 << 20


class Run:
    """What the parts of a run share."""

    def __init__(self, request, channel, start):
        self.request = request
        self.channel = channel
        self.start = start
        self.notebooks = request["notebooks"]
        self.paths = Paths(request)
        self.widgets = Widgets(request.get("parameters") or {})
        self.display = Display(channel.send)
        self.spark = spark.Session(posixpath.join(os.path.realpath(request["dbfs_root"]), "user/hive/warehouse"))
        self.kernel = Kernel(self)
        self.notebook = None
        self.dbutils = DBUtils(self)
        self.namespace = self._namespace()

    def load(self, path):
        """Reads a notebook of the workspace."""
        entry = self.notebooks[path]
        return source.load(path, entry["file"], entry.get("language"))

    def notebook_path(self, path):
        """The workspace path that `path` means in the current notebook."""
        path = posixpath.normpath(posixpath.join(posixpath.dirname(self._current().path), str(path)))
        return path[len("/Workspace") :] if path.startswith("/Workspace/") else path

    def missing(self, target):
        """Says that a notebook does not exist, and which one may be meant."""
        import difflib

        near = difflib.get_close_matches(target, self.notebooks, 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        return (
            f'Unable to access the notebook "{target}" in the workspace. Either it does not exist, '
            f"or the identity used to run this job lacks the required permissions{hint}"
        )

    def child_request(self, target, arguments, depth):
        """The request of a notebook that this one runs."""
        return {
            **{name: value for name, value in self.request.items() if name not in ("resume", "task")},
            "notebook": target,
            "parameters": arguments,
            "mounts": self.paths.mount_list(),
            "depth": depth,
        }

    def child_event(self, event):
        """Takes over what a child run changed, and passes its events on."""
        if event["event"] == "mounted":
            self.paths.add_mount(Mount(event["mount_point"], event["source"], event["encryption_type"]))
        elif event["event"] == "unmounted" and event["mount_point"] in self.paths.mounts:
            self.paths.remove_mount(event["mount_point"])
        elif event["event"] == "cell":
            return
        if event["event"] in ("mounted", "unmounted"):
            subprocesses.announce(self.paths)
        self.channel.forward(event)

    def mount_changed(self, event, fields):
        """Tells the host, which keeps the workspace's mounts."""
        subprocesses.announce(self.paths)
        self.channel.send(event, **fields)

    def execute(self):
        """Runs the notebook; answers the result for the host."""
        resume = self.request.get("resume") or {}
        if resume:
            self.widgets._restore(resume["widgets"])
        try:
            self.notebook = self.load(self.request["notebook"])
        except source.UnreadableNotebook as error:
            return {"status": "unreadable", "error": str(error), "hint": error.hint}
        try:
            self.kernel.execute(self.notebook, resume.get("position", ()))
            return {"status": "succeeded"}
        except errors.NotebookExit as end:
            data = end.value.encode("utf-8", "replace")
            value = data[:_MOST_EXIT_BYTES].decode("utf-8", "ignore")
            return {"status": "succeeded", "exit_value": value, "exit_truncated": len(data) > _MOST_EXIT_BYTES}
        except errors.PythonRestart:
            self._restart()
        except BaseException as error:
            return {"status": "failed", **self.kernel.explain(error)}

    def _current(self):
        return self.kernel.notebook

    def _namespace(self):
        module = types.ModuleType("__main__")
        sys.modules["__main__"] = module
        for name in ("__doc__", "__loader__", "__package__", "__spec__"):
            module.__dict__[name] = None
        module.__dict__.update(
            dbutils=self.dbutils,
            getArgument=self.widgets.getArgument,
            display=self.display.display,
            displayHTML=self.display.display_html,
            __line_magic__=lambda name, arguments: _line_magic(self, name, arguments),
            **spark.names(self.spark),
        )
        return module.__dict__

    def _restart(self):
        """Replaces this process by a new one that carries on with the next cell."""
        import json

        request = {
            **self.request,
            "mounts": self.paths.mount_list(),
            "channel": self.channel.descriptor,
            "resume": {"position": self.kernel.position(), "widgets": self.widgets._state()},
        }
        sys.stdout.flush()
        sys.stderr.flush()
        with _private_file() as stream:
            stream.write(json.dumps(request).encode("ascii") + b"\n")
            stream.flush()
            stream.seek(0)
            os.dup2(stream.fileno(), 0)
        os.set_inheritable(self.channel.descriptor, True)
        os.execve(sys.executable, [sys.executable, self.start], subprocesses.environment())


def main(start):
    """Serves one request."""
    request, channel = Channel.from_stdin()
    if request.get("warehouse"):
        from . import warehouse

        sys.path[:] = [entry for entry in sys.path if entry != os.path.dirname(start)]
        warehouse.main(request, channel)
        return
    channel.watch_host()
    sys.path[:] = [entry for entry in sys.path if entry != os.path.dirname(start)]
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)
    sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)
    run = Run(request, channel, start)
    _enter_cluster(run)
    process = os.getpid()
    result = run.execute()
    _flush()
    if os.getpid() != process:
        # A copy of the process that the notebook made by os.fork() has come to the end; it is not the run.
        _leave_copy(result)
    channel.send("result", **result)
    _end()


def _enter_cluster(run):
    interception.install(run.paths)
    patches = {**spark.import_patches(run.paths), **subprocesses.import_patches(run.paths)}
    libraries.install(interception.mapper(run.paths), patches)
    subprocesses.announce(run.paths)
    request = run.request
    folder = posixpath.join(request["workspace_root"], posixpath.dirname(request["notebook"]).lstrip("/"))
    os.makedirs(folder, exist_ok=True)
    os.chdir(folder)
    sys.path.insert(0, folder)
    # The workspace belongs to those who deploy to it: what nobody has brought would stand in their way.
    sys.dont_write_bytecode = True
    sys.argv = [request["notebook"]]
    os.environ["DATABRICKS_RUNTIME_VERSION"] = (request.get("cluster") or {}).get("runtime_version") or "15.4"
    os.environ["DATAOPS_DBFS_ROOT"] = request["dbfs_root"]
    os.environ["DATAOPS_WORKSPACE_ROOT"] = request["workspace_root"]
    _offer_dbutils_to_modules(run.dbutils)


def _offer_dbutils_to_modules(dbutils):
    """Modules beside a notebook get `dbutils` through these two imports, where the packages are installed."""
    for name, members in (
        ("pyspark.dbutils", {"DBUtils": lambda *_session: dbutils}),
        ("databricks.sdk.runtime", {"dbutils": dbutils}),
    ):
        module = types.ModuleType(name)
        module.__dict__.update(members)
        sys.modules[name] = module


def _line_magic(run, name, arguments):
    from . import magics

    magics.line_magic(run, name, arguments)


def _private_file():
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("request"), "w+b")
    import tempfile

    return tempfile.TemporaryFile()


def _flush():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            pass


def _dismiss_workers():
    """joblib's workers wait for work until they are told; multiprocessing's exit would wait for them."""
    threading = sys.modules.get("threading")
    for call in getattr(threading, "_threading_atexits", None) or ():
        function = getattr(call, "func", call)
        if ".loky." in f"{getattr(function, '__module__', '')}.":
            call()


def _leave_copy(result):
    failed = result["status"] != "succeeded"
    if failed:
        print(result.get("error_trace") or result["error"], file=sys.stderr, flush=True)
    os._exit(1 if failed else 0)


def _end():
    """Ends without waiting for threads that a notebook left behind."""
    import atexit

    try:
        _dismiss_workers()
        atexit._run_exitfuncs()
    finally:
        _flush()
        os._exit(0)
