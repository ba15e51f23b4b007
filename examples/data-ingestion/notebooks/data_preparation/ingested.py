"""Checks what a run left behind."""

import csv
import os

from data_preparation.errors import DataError
from data_preparation.source import TARGET


def inspect_run(training_folder: str, testing_folder: str) -> dict:
    """Returns the rows of both folders; a folder that is missing, empty or unreadable is an error."""
    training_columns, training_rows = _inspect(training_folder)
    testing_columns, testing_rows = _inspect(testing_folder)
    if training_columns != testing_columns:
        odd = sorted(set(training_columns) ^ set(testing_columns)) or ["their order"]
        raise DataError(f"training and testing data differ in their columns: {', '.join(odd)}")
    if TARGET not in training_columns:
        raise DataError(f"{training_folder}: there is no column {TARGET!r}")
    return {
        "training_rows": training_rows,
        "testing_rows": testing_rows,
        "rows": training_rows + testing_rows,
        "columns": len(training_columns),
    }


def _inspect(folder: str) -> tuple[list[str], int]:
    try:
        names = sorted(name for name in os.listdir(folder) if name.endswith(".csv"))
    except FileNotFoundError:
        raise DataError(f"{folder}: there is no such folder") from None
    except NotADirectoryError:
        raise DataError(f"{folder}: this is a file, not a folder") from None
    if not names:
        raise DataError(f"{folder}: there is no .csv file")
    columns: list[str] | None = None
    rows = 0
    for name in names:
        header, count = _read(f"{folder}/{name}")
        if columns not in (None, header):
            raise DataError(f"{folder}/{name}: its columns differ from those of {names[0]}")
        columns = header
        rows += count
    if not rows:
        raise DataError(f"{folder}: there are no rows")
    return columns or [], rows


def _read(path: str) -> tuple[list[str], int]:
    with open(path, encoding="utf-8", newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            header = next(reader, [])
            rows = 0
            for row in reader:
                if len(row) != len(header):
                    raise DataError(
                        f"{path}: line {reader.line_num}: {len(row)} cells where the header has {len(header)}"
                    )
                rows += 1
        except csv.Error as error:
            raise DataError(f"{path}: line {reader.line_num}: {error}") from None
    return header, rows
