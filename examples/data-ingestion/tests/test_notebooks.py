"""Runs the notebooks as plain scripts, with stand-ins for what a cluster gives them."""

import json
import runpy
from pathlib import Path
from types import SimpleNamespace

import data_preparation
import pytest

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"


class Exit(BaseException):
    """What `dbutils.notebook.exit` does here."""


class Widgets:
    def __init__(self, given: dict[str, str]):
        self.values = dict(given)

    def text(self, name: str, default: str, label: str = "") -> None:
        self.values.setdefault(name, default)

    def get(self, name: str) -> str:
        return self.values[name]


class Mounts:
    """Mounts that fail at their first reading when the key is wrong, as on a cluster."""

    def __init__(self, mounted: dict[str, str]):
        self.mounted = dict(mounted)
        self.keys: dict[str, str] = {}

    def mounts(self) -> list[SimpleNamespace]:
        return [SimpleNamespace(mountPoint=point, source=source) for point, source in self.mounted.items()]

    def mount(self, source: str, mount_point: str, extra_configs: dict[str, str]) -> None:
        if mount_point in self.mounted:
            raise RuntimeError(f"Directory already mounted: {mount_point}")
        self.mounted[mount_point] = source
        self.keys[mount_point] = next(iter(extra_configs.values()))

    def unmount(self, mount_point: str) -> None:
        del self.mounted[mount_point]

    def ls(self, mount_point: str) -> list:
        if self.keys[mount_point] == "wrong":
            raise RuntimeError("403 AuthenticationFailed")
        return []


def run(name: str, parameters: dict[str, str], mounts: Mounts | None = None, key: str = "right") -> dict:
    def leave(value: str) -> None:
        raise Exit(value)

    dbutils = SimpleNamespace(
        widgets=Widgets(parameters),
        notebook=SimpleNamespace(exit=leave),
        fs=mounts,
        secrets=SimpleNamespace(get=lambda scope, key: secret),
    )
    secret = key
    with pytest.raises(Exit) as left:
        runpy.run_path(str(NOTEBOOKS / f"{name}.py"), {"dbutils": dbutils})
    return json.loads(str(left.value))


def test_every_notebook_begins_with_the_header_line_and_no_module_does():
    header = "# Databricks notebook source"
    notebooks = {file.stem for file in NOTEBOOKS.rglob("*.py") if file.read_text().startswith(header)}

    assert notebooks == {file.stem for file in NOTEBOOKS.glob("*.py")}
    assert notebooks == {"data-prepare", "mount-containers", "test-data-ingestion"}


def test_data_prepare_reads_and_writes_below_the_mounts(monkeypatch):
    calls = []
    answer = {"input_rows": 10, "training_rows": 8, "testing_rows": 2}
    monkeypatch.setattr(data_preparation, "prepare", lambda **call: calls.append(call) or answer)

    left = run("data-prepare", {"data_file_name": "2026/11/claims.csv", "run_id": "run-1", "seed": "3"})

    assert left == answer
    assert calls == [
        {
            "input_file": "/dbfs/mnt/input/2026/11/claims.csv",
            "training_folder": "/dbfs/mnt/training/run-1",
            "testing_folder": "/dbfs/mnt/testing/run-1",
            "testing_share": 0.2,
            "seed": 3,
        }
    ]


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({}, "run_id names the folders to write"),
        ({"run_id": ".."}, "run_id names the folders to write"),
        ({"run_id": "a/b"}, "run_id names the folders to write"),
        ({"run_id": "run-1", "data_file_name": "../training/x.csv"}, "a path inside the input container"),
        ({"run_id": "run-1", "data_file_name": ""}, "a path inside the input container"),
    ],
)
def test_data_prepare_refuses_parameters_that_leave_the_containers(parameters, message):
    with pytest.raises(ValueError, match=message):
        run("data-prepare", parameters)


def test_test_data_ingestion_looks_at_the_folders_of_the_run(monkeypatch):
    calls = []
    found = {"training_rows": 8, "testing_rows": 2}
    monkeypatch.setattr(data_preparation, "inspect_run", lambda **call: calls.append(call) or found)

    left = run("test-data-ingestion", {"run_id": "run-1", "testing_mount_point_name": "/mnt/held-out"})

    assert left == found
    assert calls == [
        {"training_folder": "/dbfs/mnt/training/run-1", "testing_folder": "/dbfs/mnt/held-out/run-1"}
    ]


def test_mount_containers_keeps_what_is_right_and_replaces_what_is_not():
    host = "stingest.blob.core.windows.net"
    mounts = Mounts({"/mnt/input": f"wasbs://input@{host}/", "/mnt/training": "wasbs://training@old.test"})

    left = run("mount-containers", {"storage_account": "stingest"}, mounts)

    assert left == {"/mnt/input": "kept", "/mnt/training": "replaced", "/mnt/testing": "mounted"}
    assert mounts.mounted["/mnt/training"] == f"wasbs://training@{host}"
    again = run("mount-containers", {"storage_account": "stingest"}, mounts)
    assert set(again.values()) == {"kept"}


def test_mount_containers_leaves_no_mount_that_cannot_be_read():
    mounts = Mounts({})

    with pytest.raises(RuntimeError, match="AuthenticationFailed"):
        run("mount-containers", {"storage_account": "stingest"}, mounts, key="wrong")

    assert mounts.mounted == {}
