"""A split that keeps the share of every class and gives the same rows for the same seed."""

import numpy as np

from data_preparation.errors import DataError

MIN_ROWS_PER_CLASS = 2


def testing_rows(labels: np.ndarray, classes: list[str], share: float, seed: int) -> np.ndarray:
    """Marks the testing rows: `share` of each class, and at least one row of it on either side."""
    if not 0 < share < 1:
        raise DataError(f"the share of testing rows must lie between 0 and 1, and is {share}")
    if len(classes) < 2:  # noqa: PLR2004
        raise DataError(
            f"the column 'target' is {classes[0]!r} in every row; at least two classes are needed"
        )
    random = np.random.default_rng(seed)
    chosen = np.zeros(len(labels), dtype=bool)
    # In the order of the labels, not of their first rows, so that the order of the file plays no part.
    for label in sorted(classes):
        rows = np.flatnonzero(labels == classes.index(label))
        if len(rows) < MIN_ROWS_PER_CLASS:
            raise DataError(
                f"the class {label!r} of the column 'target' has {len(rows)} row;"
                f" {MIN_ROWS_PER_CLASS} are needed, one for training and one for testing"
            )
        count = min(max(round(len(rows) * share), 1), len(rows) - 1)
        chosen[random.permutation(rows)[:count]] = True
    return chosen
