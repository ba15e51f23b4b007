"""`dbutils.fs`: files of DBFS, of the driver and of mounted storage."""

import os
from collections import namedtuple

from . import errors
from .paths import Mount, StorageAddress

MountInfo = namedtuple("MountInfo", "mountPoint source encryptionType")


class FileInfo(namedtuple("FileInfo", "path name size modificationTime")):
    """An entry of a listing; the name and the path of a folder end in `/`."""

    __slots__ = ()

    def isDir(self):
        return self.name.endswith("/")

    def isFile(self):
        return not self.isDir()


class FileSystem:
    """Names without a scheme belong to DBFS; `file:` names the driver's disk."""

    def __init__(self, paths, changed):
        self._paths = paths
        self._changed = changed

    def ls(self, dir):
        """The entries of a folder, or the file itself."""
        place = self._existing(dir)
        if not os.path.isdir(place.local):
            return [_info(place)]
        return [_info(place.child(name)) for name in sorted(os.listdir(place.local))]

    def cp(self, from_, to, recurse=False):
        """Copies a file, or with `recurse` a folder; replaces what is there."""
        source, target = self._existing(from_), self._paths.locate(to)
        if os.path.isdir(source.local):
            _require_recurse(source, recurse, "copy")
        elif os.path.isdir(target.local):
            target = target.child(os.path.basename(source.local))
        _copy(source.local, target.local)
        return True

    def mv(self, from_, to, recurse=False):
        """Moves a file, or with `recurse` a folder."""
        source, target = self._existing(from_), self._paths.locate(to)
        if os.path.isdir(source.local):
            _require_recurse(source, recurse, "move")
        elif os.path.isdir(target.local):
            target = target.child(os.path.basename(source.local))
        if os.path.realpath(source.local) != os.path.realpath(target.local):
            _copy(source.local, target.local)
            _remove(source)
        return True

    def rm(self, dir, recurse=False):
        """Removes a file, an empty folder, or with `recurse` a folder with all its content."""
        place = self._paths.locate(dir)
        if not os.path.lexists(place.local):
            return False
        if os.path.isdir(place.local) and os.listdir(place.local) and not recurse:
            raise errors.InputOutput(f"Directory is not empty: {place.uri}; pass recurse=True to remove its content")
        _remove(place)
        return True

    def mkdirs(self, dir):
        """Makes a folder and its parents."""
        place = self._paths.locate(dir)
        try:
            os.makedirs(place.local, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            raise errors.FileAlreadyExists(f"a file is in the way of folder {place.uri}") from None
        return True

    def put(self, file, contents, overwrite=False):
        """Writes a text to a file."""
        place = self._paths.locate(file)
        if os.path.isdir(place.local):
            raise errors.FileAlreadyExists(f"{place.uri} is a directory")
        if os.path.exists(place.local) and not overwrite:
            raise errors.FileAlreadyExists(f"File already exists: {place.uri}; pass overwrite=True to replace it")
        data = str(contents).encode("utf-8")
        os.makedirs(os.path.dirname(place.local), exist_ok=True)
        with open(place.local, "wb") as stream:
            stream.write(data)
        print(f"Wrote {len(data)} bytes.")
        return True

    def head(self, file, maxBytes=65536):
        """The first bytes of a file as text."""
        place = self._existing(file)
        if os.path.isdir(place.local):
            raise errors.InputOutput(f"Cannot head a directory: {place.uri}")
        with open(place.local, "rb") as stream:
            data = stream.read(int(maxBytes))
        if os.path.getsize(place.local) > len(data):
            print(f"[Truncated to first {len(data)} bytes]")
        return data.decode("utf-8", "replace")

    def mount(
        self,
        source,
        mountPoint=None,
        encryptionType="",
        owner=None,
        extraConfigs=None,
        *,
        mount_point=None,
        encryption_type="",
        extra_configs=None,
    ):
        """Shows a storage folder under a path of DBFS, for the whole workspace."""
        point = _mount_point(mount_point if mountPoint is None else mountPoint)
        if point in self._paths.mounts:
            raise errors.Remote(
                f"java.lang.IllegalArgumentException: requirement failed: Directory already mounted: {point}"
            )
        self._mount(source, point, encryption_type or encryptionType, extra_configs or extraConfigs)
        return True

    def updateMount(
        self,
        source,
        mountPoint=None,
        encryptionType="",
        owner=None,
        extraConfigs=None,
        *,
        mount_point=None,
        encryption_type="",
        extra_configs=None,
    ):
        """Replaces what a mount point shows."""
        point = _mount_point(mount_point if mountPoint is None else mountPoint)
        self._require_mounted(point)
        self._mount(source, point, encryption_type or encryptionType, extra_configs or extraConfigs)
        return True

    def unmount(self, mountPoint=None, *, mount_point=None):
        """Removes a mount point; the storage keeps its content."""
        point = _mount_point(mount_point if mountPoint is None else mountPoint)
        self._require_mounted(point)
        self._paths.remove_mount(point)
        self._changed("unmounted", {"mount_point": point})
        print(f"{point} has been unmounted.")
        return True

    def mounts(self):
        """All mount points, the root of DBFS among them."""
        known = [MountInfo(mount.point, mount.source, mount.encryption) for mount in self._paths.mounts.values()]
        return [MountInfo("/", "DatabricksRoot", ""), *sorted(known)]

    def refreshMounts(self):
        """Makes other clusters see the mounts; all runs here share them already."""
        return True

    def help(self, method=None):
        """Prints what this module does."""
        print("dbutils.fs: ls, cp, mv, rm, mkdirs, put, head, mount, mounts, unmount, updateMount, refreshMounts")

    def _existing(self, name):
        place = self._paths.locate(name)
        if not os.path.exists(place.local):
            raise errors.FileNotFound(f"No such file or directory: {place.uri}")
        return place

    def _require_mounted(self, point):
        if point not in self._paths.mounts:
            raise errors.Remote(
                f"java.lang.IllegalArgumentException: requirement failed: Directory not mounted: {point}"
            )

    def _mount(self, source, point, encryption, configs):
        address = StorageAddress(str(source))
        expected = self._paths.account_key(address)
        if expected is not None:
            _check_credentials(address, configs or {}, expected)
        self._paths.storage_folder(address)
        self._paths.add_mount(Mount(point, str(source), encryption or ""))
        self._changed("mounted", {"mount_point": point, "source": str(source), "encryption_type": encryption or ""})


def _mount_point(value):
    if not isinstance(value, str) or not value.startswith("/") or value.strip("/") == "":
        raise errors.IllegalArgument(f"requirement failed: a mount point is an absolute path, not {value!r}")
    return "/" + value.strip("/")


def _check_credentials(address, configs, expected):
    if address.scheme.startswith("abfs"):
        if "fs.azure.account.auth.type" in configs or f"fs.azure.account.auth.type.{address.host}" in configs:
            return
        raise errors.IllegalArgument(
            f"mounting {address.scheme}:// needs the OAuth configuration fs.azure.account.auth.type; "
            "an account key is accepted for wasbs:// mounts only"
        )
    if f"fs.azure.sas.{address.container}.{address.host}" in configs:
        return
    given = configs.get(f"fs.azure.account.key.{address.host}")
    if given is None:
        raise errors.AzureFailure(
            f"Container {address.container} in account {address.host} not found, and it cannot be created with "
            "anonymous credentials: no credentials found for them in the configuration "
            f"(expected fs.azure.account.key.{address.host})."
        )
    if given != expected:
        raise errors.AzureFailure(
            "com.microsoft.azure.storage.StorageException: Server failed to authenticate the request. "
            "Make sure the value of Authorization header is formed correctly including the signature."
        )


def _info(place):
    status = os.stat(place.local)
    name = os.path.basename(place.uri.rstrip("/")) or "/"
    modified = int(status.st_mtime * 1000)
    if os.path.isdir(place.local):
        return FileInfo(place.uri.rstrip("/") + "/", name.rstrip("/") + "/", 0, modified)
    return FileInfo(place.uri, name, status.st_size, modified)


def _require_recurse(source, recurse, verb):
    if not recurse:
        raise errors.InputOutput(f"Cannot {verb} a directory unless recurse is set to true: {source.uri}")


def _copy(source, target):
    import shutil

    if os.path.isdir(source):
        inside = os.path.realpath(target) + "/"
        if inside.startswith(os.path.realpath(source) + "/"):
            raise errors.IllegalArgument(f"cannot copy a directory into itself: {target}")
        shutil.copytree(source, target, dirs_exist_ok=True, copy_function=shutil.copyfile)
        return
    os.makedirs(os.path.dirname(target), exist_ok=True)
    try:
        shutil.copyfile(source, target)
    except shutil.SameFileError:
        pass


def _remove(place):
    import shutil

    if not os.path.isdir(place.local) or os.path.islink(place.local):
        os.remove(place.local)
    elif not place.root:
        shutil.rmtree(place.local)
    else:
        # The root of a container or of DBFS stays; only its content can be removed.
        for name in os.listdir(place.local):
            _remove(place.child(name))
