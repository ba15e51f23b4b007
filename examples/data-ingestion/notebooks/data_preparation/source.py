"""Reads an input file once, to know before anything is written that all of it can be used."""

import csv
import os
from array import array
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from data_preparation.columns import clean_column_names
from data_preparation.errors import DataError

TARGET = "target"
EMPTY = frozenset({"", "nan", "NaN"})
MISSING = "-1"
"""The sign for a missing feature. It stays in the data, so that later steps look for this one sign."""
MISSING_SIGNS = EMPTY | {MISSING, "-1.0"}
"""What is taken for a missing feature, and written as `MISSING`."""
MAX_CLASSES = 20


@dataclass(frozen=True)
class Source:
    """What is known of an input file after one reading."""

    path: str
    columns: list[str]
    classes: list[str]
    """The labels of the target, in the order of their first rows."""
    labels: np.ndarray
    """One entry per row: the position of its label in `classes`."""
    missing: dict[str, int]
    """How many cells of a column are missing; columns without any are left out."""


def scan(path: str) -> Source:
    """Reads the whole file, holding one byte a row, and refuses it with line and column."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            return _scan(path, csv.reader(file, strict=True))
    except FileNotFoundError:
        raise DataError(f"{path}: there is no such file{_neighbours(path)}") from None
    except IsADirectoryError:
        raise DataError(f"{path}: this is a folder, not a file") from None
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not UTF-8 text ({error.reason}); save the file as UTF-8") from None


def _scan(path: str, reader) -> Source:
    try:
        header = next(_filled(reader), None)
        if header is None:
            raise DataError("the file is empty; a header line and rows were expected")
        columns = clean_column_names(header)
        target = _target_position(columns)
        labels = _Labels()
        missing = [0] * len(columns)
        for row in _filled(reader):
            if len(row) != len(columns):
                raise DataError(
                    f"line {reader.line_num}: {len(row)} cells where the header has {len(columns)} columns"
                )
            labels.add(row[target], reader.line_num)
            for position, cell in enumerate(row):
                if cell in MISSING_SIGNS:
                    missing[position] += 1
    except csv.Error as error:
        raise DataError(f"{path}: line {reader.line_num}: {error}") from None
    except DataError as error:
        raise DataError(f"{path}: {error}") from None
    if not labels.codes:
        raise DataError(f"{path}: the file has a header line but no rows")
    shares = {name: count for name, count in zip(columns, missing, strict=True) if count and name != TARGET}
    return Source(path, columns, labels.classes, np.frombuffer(labels.codes, dtype=np.uint8), shares)


def _filled(reader) -> Iterator[list[str]]:
    """Passes over blank lines, as pandas does when it reads the file again."""
    return (row for row in reader if len(row) > 1 or (row and row[0].strip()))


def _target_position(columns: list[str]) -> int:
    if TARGET not in columns:
        hint = "; are its columns separated by commas?" if len(columns) == 1 else ""
        raise DataError(f"line 1: there is no column {TARGET!r} among {', '.join(columns)}{hint}")
    if len(columns) == 1:
        raise DataError(f"line 1: there is no column beside {TARGET!r} to learn from")
    return columns.index(TARGET)


class _Labels:
    """Collects the target column as one byte a row."""

    def __init__(self) -> None:
        self.classes: list[str] = []
        self.codes = array("B")
        self._code_of_text: dict[str, int] = {}

    def add(self, text: str, line: int) -> None:
        code = self._code_of_text.get(text)
        self.codes.append(self._learn(text, line) if code is None else code)

    def _learn(self, text: str, line: int) -> int:
        label = _label(text)
        if label in EMPTY:
            raise DataError(f"line {line}: the column {TARGET!r} is empty")
        if label not in self.classes:
            if len(self.classes) == MAX_CLASSES:
                raise DataError(
                    f"line {line}: the column {TARGET!r} has more than {MAX_CLASSES} different values;"
                    " a class label was expected"
                )
            self.classes.append(label)
        self._code_of_text[text] = self.classes.index(label)
        return self._code_of_text[text]


def _label(text: str) -> str:
    """`1`, ` 1` and `1.0` are one class."""
    text = text.strip()
    try:
        number = float(text)
    except ValueError:
        return text
    return str(int(number)) if number.is_integer() else text


def _neighbours(path: str) -> str:
    folder = os.path.dirname(path)
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return f", and no folder {folder}; is the container mounted?"
    return f"; {folder} holds {', '.join(names[:10]) or 'nothing'}{', …' if names[10:] else ''}"
