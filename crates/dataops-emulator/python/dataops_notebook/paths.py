"""Where the paths of a cluster lie on this machine: DBFS, its mounts, the workspace, volumes and storage accounts."""

import os
import posixpath
import re

from . import errors

_STORAGE_URI = re.compile(r"(wasbs?|abfss?)://([^@/]+)@([^/]+)(/.*)?\Z", re.IGNORECASE)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_VIRTUAL = ("/dbfs", "/Workspace", "/Volumes", "//")


class Mount:
    """A mount point of the workspace and the storage that it shows."""

    def __init__(self, point, source, encryption=""):
        self.point = point
        self.source = source
        self.encryption = encryption


class Location:
    """A place that a notebook named: its file on this machine and its name on the service."""

    def __init__(self, local, uri, root=False):
        self.local = local
        self.uri = uri
        self.root = root

    def child(self, name):
        return Location(posixpath.join(self.local, name), posixpath.join(self.uri, name))


class StorageAddress:
    """The parts of `wasbs://container@host/folder`."""

    def __init__(self, uri):
        match = _STORAGE_URI.match(uri)
        if match is None:
            raise errors.IllegalArgument(
                f"cannot read the storage address {uri!r}; "
                "expected wasbs://container@account.blob.core.windows.net/folder or abfss://…"
            )
        self.scheme = match.group(1).lower()
        self.container = match.group(2)
        self.host = match.group(3).lower()
        self.account = self.host.partition(".")[0]
        self.folder = _clean(match.group(4) or "/")


class Paths:
    """Maps the names that notebooks use to files. Mounts may change while a notebook runs."""

    def __init__(self, request):
        self._dbfs_root = os.path.realpath(request["dbfs_root"])
        self._workspace_root = os.path.realpath(request["workspace_root"])
        self._volumes_root = os.path.realpath(request["volumes_root"])
        self._accounts = request.get("storage") or {}
        self._native = _native_entries("/Volumes") | _native_entries("/Workspace")
        self._mounts = {}
        self._folders = []
        for mount in request.get("mounts") or []:
            point = mount["mount_point"]
            self._mounts[point] = Mount(point, mount["source"], mount.get("encryption_type", ""))
            os.makedirs(posixpath.join(self._dbfs_root, point[1:]), exist_ok=True)
        self._index()

    @property
    def mounts(self):
        return dict(self._mounts)

    def described(self):
        """What a request says about paths, with the mounts of now and without keys."""
        return {
            "dbfs_root": self._dbfs_root,
            "workspace_root": self._workspace_root,
            "volumes_root": self._volumes_root,
            "storage": {name: {"path": account["path"]} for name, account in self._accounts.items()},
            "mounts": self.mount_list(),
        }

    def mount_list(self):
        """The mounts as a request has them."""
        return [
            {"mount_point": mount.point, "source": mount.source, "encryption_type": mount.encryption}
            for mount in self._mounts.values()
        ]

    def add_mount(self, mount):
        """Shows a storage folder at a mount point; a folder of that name makes it appear in listings."""
        self._mounts[mount.point] = mount
        self._index()
        os.makedirs(posixpath.join(self._dbfs_root, mount.point[1:]), exist_ok=True)

    def remove_mount(self, point):
        del self._mounts[point]
        self._index()
        try:
            os.rmdir(posixpath.join(self._dbfs_root, point[1:]))
        except OSError:
            pass

    def storage_folder(self, address):
        """The folder of a storage address.

        Raises when the account or the container does not exist.
        """
        account = self._accounts.get(address.account)
        if account is None:
            raise errors.UnknownHost(address.host)
        container = posixpath.join(account["path"], address.container)
        if not os.path.isdir(container):
            raise errors.AzureFailure(
                f"Container {address.container} in account {address.host} not found. "
                "The specified container does not exist."
            )
        return container if address.folder == "/" else container + address.folder

    def account_key(self, address):
        """The key that an account expects, when the host gave one."""
        return (self._accounts.get(address.account) or {}).get("key")

    def driver(self, path):
        """The file behind a path of the driver's disk such as `/dbfs/mnt/x`; None for a real path."""
        if not path.startswith(_VIRTUAL):
            return None
        clean = _clean(path)
        root, _, rest = clean[1:].partition("/")
        if root == "dbfs":
            local = self._dbfs("/" + rest)
        elif "/".join(clean.split("/", 3)[:3]) in self._native:
            return None
        elif root == "Workspace":
            local = _join(self._workspace_root, rest)
        elif root == "Volumes":
            local = _join(self._volumes_root, rest)
        else:
            return None
        return local + "/" if path.endswith("/") and rest else local

    def locate(self, name):
        """The place of a name as `dbutils.fs` takes it: no scheme means DBFS, `file:` the driver's disk."""
        name = os.fspath(name)
        match = _SCHEME.match(name)
        scheme = match.group(1).lower() if match else "dbfs"
        rest = name[match.end() :] if match else name
        if scheme == "dbfs":
            return self._locate_dbfs(_clean("/" + rest))
        if scheme == "file":
            clean = _clean("/" + rest)
            return Location(self.driver(clean) or clean, "file:" + clean)
        if scheme in ("wasbs", "wasb", "abfss", "abfs"):
            address = StorageAddress(name)
            return Location(self.storage_folder(address), name.rstrip("/"), address.folder == "/")
        raise errors.InputOutput(f'No FileSystem for scheme "{scheme}": {name}')

    def _locate_dbfs(self, clean):
        first = clean.split("/", 2)[1]
        if first in ("Workspace", "Volumes"):
            prefix = "file:" if first == "Workspace" else "dbfs:"
            return Location(self.driver(clean) or clean, prefix + clean)
        return Location(self._dbfs(clean), "dbfs:" + clean, clean == "/" or clean in self._mounts)

    def mapped_words(self, text):
        """Replaces the cluster's paths in a shell text, since subprocesses see the real disk only."""
        return _PATH_WORD.sub(lambda match: self.driver(match.group(0)) or match.group(0), text)

    def _dbfs(self, clean):
        for point, folder in self._folders:
            if clean == point:
                return folder
            if clean.startswith(point + "/"):
                return folder + clean[len(point) :]
        return _join(self._dbfs_root, clean[1:])

    def _index(self):
        folders = []
        for point, mount in self._mounts.items():
            try:
                folders.append((point, self.storage_folder(StorageAddress(mount.source))))
            except errors.ServiceError:
                continue
        self._folders = sorted(folders, key=lambda pair: -len(pair[0]))


_PATH_WORD = re.compile(r"(?<![\w./:-])/(?:dbfs|Workspace|Volumes)(?=[/\s'\"]|\Z)[^\s'\"|&;<>()$`*?]*")


def _native_entries(folder):
    """Paths that really exist there, as volumes do on macOS: these stay what they are."""
    try:
        return frozenset(f"{folder}/{name}" for name in os.listdir(folder))
    except OSError:
        return frozenset()


def _clean(path):
    return "/" + posixpath.normpath("/" + path).lstrip("/")


def _join(root, rest):
    return posixpath.join(root, rest) if rest and rest != "." else root
