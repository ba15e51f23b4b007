"""The preparation as a whole: one input file in, one training and one testing file out."""

import os

import numpy as np
import pandas as pd

from data_preparation.errors import DataError
from data_preparation.source import MISSING, MISSING_SIGNS, TARGET, Source, scan
from data_preparation.split import testing_rows

ROWS_AT_ONCE = 50_000


def prepare(
    input_file: str,
    training_folder: str,
    testing_folder: str,
    testing_share: float = 0.2,
    seed: int = 42,
) -> dict:
    """Writes `train.csv` and `test.csv`, and returns what was done as a JSON object.

    The file is read twice and never held whole: first to check it and to choose the rows, then to write them.
    Cells keep their text, missing ones apart: a number is never written differently from how it came.
    """
    source = scan(input_file)
    chosen = testing_rows(source.labels, source.classes, testing_share, seed)
    training_file = f"{training_folder}/train.csv"
    testing_file = f"{testing_folder}/test.csv"
    for folder in (training_folder, testing_folder):
        os.makedirs(folder, exist_ok=True)
    _write(source, chosen, training_file, testing_file)
    return _summary(source, chosen, training_file, testing_file, seed)


def fill_missing(frame: pd.DataFrame) -> pd.DataFrame:
    """Writes the one sign for a missing feature wherever one is missing."""
    return frame.mask(frame.isin(MISSING_SIGNS), MISSING)


def _write(source: Source, chosen: np.ndarray, training_file: str, testing_file: str) -> None:
    chunks = pd.read_csv(
        source.path,
        header=0,
        names=source.columns,
        dtype=str,
        na_filter=False,
        encoding="utf-8-sig",
        chunksize=ROWS_AT_ONCE,
    )
    done = 0
    # Each file is written from start to end through one handle: /dbfs takes no appends and no random writes.
    with (
        chunks,
        open(training_file, "w", encoding="utf-8", newline="") as training,
        open(testing_file, "w", encoding="utf-8", newline="") as testing,
    ):
        for chunk in chunks:
            marks = chosen[done : done + len(chunk)]
            if len(marks) != len(chunk):
                break
            filled = fill_missing(chunk)
            filled[~marks].to_csv(training, header=done == 0, index=False, lineterminator="\n")
            filled[marks].to_csv(testing, header=done == 0, index=False, lineterminator="\n")
            done += len(chunk)
    if done != len(chosen):
        raise DataError(f"{source.path}: the file changed while it was read; drop it again")


def _summary(source: Source, chosen: np.ndarray, training_file: str, testing_file: str, seed: int) -> dict:
    rows = len(chosen)
    counts = np.bincount(source.labels, minlength=len(source.classes)).tolist()
    classes = dict(sorted(zip(source.classes, counts, strict=True)))
    return {
        "input_rows": rows,
        "training_rows": int(rows - chosen.sum()),
        "testing_rows": int(chosen.sum()),
        # Of class 1 where there is one, of the rarest class otherwise.
        "target_rate": round(classes.get("1", min(counts)) / rows, 6),
        "classes": classes,
        "columns": [name for name in source.columns if name != TARGET],
        "missing_share": {name: round(count / rows, 6) for name, count in source.missing.items()},
        "training_data": training_file,
        "testing_data": testing_file,
        "seed": seed,
    }
