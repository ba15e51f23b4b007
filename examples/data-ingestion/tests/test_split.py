import numpy as np
import pytest
from data_preparation import DataError
from data_preparation.split import testing_rows as marked

CLASSES = ["0", "1"]


def labels(zeros: int, ones: int) -> np.ndarray:
    return np.array([0] * zeros + [1] * ones, dtype=np.uint8)


def test_every_class_keeps_its_share():
    marks = marked(labels(zeros=9600, ones=400), CLASSES, share=0.25, seed=1)

    assert marks[:9600].sum() == 2400
    assert marks[9600:].sum() == 100


def test_a_seed_gives_the_same_rows_and_another_seed_others():
    given = labels(zeros=90, ones=10)

    assert (marked(given, CLASSES, 0.2, seed=1) == marked(given, CLASSES, 0.2, seed=1)).all()
    assert (marked(given, CLASSES, 0.2, seed=1) != marked(given, CLASSES, 0.2, seed=2)).any()


def test_the_class_that_comes_first_in_the_file_changes_nothing():
    given = labels(zeros=90, ones=10)

    assert (marked(given, ["0", "1"], 0.2, 1) == marked(1 - given, ["1", "0"], 0.2, 1)).all()


@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_a_class_of_two_rows_gives_one_to_either_side(share):
    marks = marked(labels(zeros=50, ones=2), CLASSES, share, seed=1)

    assert marks[50:].sum() == 1


def test_a_class_of_one_row_is_refused_by_name():
    with pytest.raises(DataError, match="the class '1' of the column 'target' has 1 row; 2 are needed"):
        marked(labels(zeros=50, ones=1), CLASSES, 0.2, seed=1)


def test_a_single_class_is_refused():
    with pytest.raises(DataError, match="the column 'target' is '0' in every row"):
        marked(labels(zeros=5, ones=0), ["0"], 0.2, seed=1)


@pytest.mark.parametrize("share", [0, 1, -0.2, 1.5, float("nan")])
def test_a_share_outside_of_its_range_is_refused(share):
    with pytest.raises(DataError, match="must lie between 0 and 1"):
        marked(labels(zeros=5, ones=5), CLASSES, share, seed=1)
