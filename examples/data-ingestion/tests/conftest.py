"""Folders and files that the tests share."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from data_preparation import prepare


@dataclass
class Storage:
    """A folder that stands for a storage account, with its containers as folders."""

    root: Path

    def drop(self, text: str | bytes, name: str = "claims.csv") -> str:
        file = self.root / "input" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(file)

    def folder(self, container: str, run: str = "run-1") -> str:
        return str(self.root / container / run)

    def prepare(self, input_file: str, **options) -> dict:
        return prepare(input_file, self.folder("training"), self.folder("testing"), **options)


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(tmp_path)


def rows_of_two_classes(ones: int, zeros: int) -> str:
    lines = [f"{number},{int(number < ones)},{number * 0.5:.2f}" for number in range(ones + zeros)]
    return "\n".join(["ID, Target ,Engine Power (kW)", *lines]) + "\n"


@pytest.fixture
def hundred_rows() -> str:
    return rows_of_two_classes(ones=10, zeros=90)
