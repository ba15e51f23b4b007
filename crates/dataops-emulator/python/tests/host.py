"""Plays the host: writes a request, starts the notebook process, collects its events and its output."""

import base64
import json
import os
import socket
import subprocess
import sys
import threading

START = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "start.py")


class Workspace:
    """A workspace in a temporary folder."""

    def __init__(self, root):
        self.root = str(root)
        self.notebooks = {}
        self.request = {
            "dbfs_root": self.folder("dbfs"),
            "workspace_root": self.folder("workspace"),
            "volumes_root": self.folder("volumes"),
            "storage": {"lake": {"path": self.folder("lake"), "key": "c2VjcmV0"}},
            "mounts": [],
        }
        self.folder("lake/input")

    def folder(self, name):
        path = os.path.join(self.root, name)
        os.makedirs(path, exist_ok=True)
        return path

    def add(self, path, text, suffix=".py", language=None):
        file = os.path.join(self.folder("notebooks"), path.strip("/").replace("/", "-") + suffix)
        with open(file, "w", encoding="utf-8") as stream:
            stream.write(text)
        self.notebooks[path] = {"file": file, "language": language}

    def secret(self, scope, key, value):
        scopes = self.request.setdefault("secrets", {})
        scopes.setdefault(scope, {})[key] = base64.b64encode(value.encode()).decode()

    def start(self, path, parameters, **fields):
        """Starts a run; answers its process and the host's end of the line."""
        request = {**self.request, "notebook": path, "notebooks": self.notebooks, "parameters": parameters}
        request.update(fields)
        ours, theirs = socket.socketpair()
        process = subprocess.Popen(
            [sys.executable, START], stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        theirs.close()
        ours.sendall(json.dumps(request).encode() + b"\n")
        return process, ours

    def run(self, path="/Shared/main", parameters=None, **fields):
        process, connection = self.start(path, parameters or {}, **fields)
        received = []
        reader = threading.Thread(target=lambda: received.append(connection.makefile("rb").read()))
        reader.start()
        stdout, stderr = process.communicate(timeout=60)
        reader.join()
        connection.close()
        return Finished([json.loads(line) for line in received[0].splitlines()], stdout, stderr)


class Finished:
    """What a run left."""

    def __init__(self, events, stdout, stderr):
        self.events = events
        self.stdout = stdout
        self.stderr = stderr

    @property
    def result(self):
        results = [event for event in self.events if event["event"] == "result"]
        assert len(results) == 1, (self.events, self.stdout, self.stderr)
        return results[0]

    @property
    def exit_value(self):
        assert self.result["status"] == "succeeded", self.result.get("error_trace")
        return self.result.get("exit_value")

    def named(self, name):
        return [event for event in self.events if event["event"] == name]
