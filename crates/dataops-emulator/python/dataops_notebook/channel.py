"""The private line to the host: one request in, events out, and a watch on the host's life.

The host hands a connected socket over as standard input. It is moved to a descriptor that subprocesses do not
inherit, and standard input is closed, so nothing that a notebook prints or reads can be taken for an event.
"""

import _thread
import fcntl
import json
import os
import signal

_LOWEST_DESCRIPTOR = 64


class Channel:
    """Writes events as JSON lines. Threads may share it."""

    def __init__(self, descriptor, read=b""):
        self._descriptor = descriptor
        self._read = read
        self._lock = _thread.allocate_lock()

    @classmethod
    def from_stdin(cls):
        """Takes over standard input; answers the request and the channel."""
        line, read = _read_line(0)
        request = json.loads(line)
        descriptor = fcntl.fcntl(0, fcntl.F_DUPFD_CLOEXEC, _LOWEST_DESCRIPTOR)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)
        inherited = request.pop("channel", None)
        if inherited is not None:
            os.close(descriptor)
            descriptor = inherited
            os.set_inheritable(descriptor, False)
        return request, cls(descriptor, read)

    @property
    def descriptor(self):
        return self._descriptor

    def lines(self):
        """Further lines that the host sends, until it is gone."""
        pending = self._read
        while True:
            *whole, pending = pending.split(b"\n")
            yield from whole
            try:
                chunk = os.read(self._descriptor, 1 << 16)
            except OSError:
                chunk = b""
            if not chunk:
                return
            pending += chunk

    def send(self, event, **fields):
        """Sends one event; a host that is gone is not an error here, the watch ends the process."""
        fields["event"] = event
        self.forward(fields)

    def forward(self, fields):
        """Sends an event that a child run made."""
        # Half a surrogate pair may stand in a text of Python, but not in JSON.
        data = memoryview(json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        with self._lock:
            while data:
                try:
                    data = data[os.write(self._descriptor, data) :]
                except OSError:
                    return

    def watch_host(self):
        """Ends this run with its subprocesses when the host disappears."""
        _thread.start_new_thread(self._wait_for_end, ())

    def _wait_for_end(self):
        try:
            while os.read(self._descriptor, 4096):
                pass
        except OSError:
            pass
        if os.getpgrp() == os.getpid():
            os.killpg(os.getpid(), signal.SIGKILL)
        os._exit(1)


def _read_line(descriptor):
    """The first line, and what was read beyond it."""
    read = b""
    while b"\n" not in read:
        chunk = os.read(descriptor, 1 << 16)
        if not chunk:
            break
        read += chunk
    line, _, rest = read.partition(b"\n")
    return line, rest
