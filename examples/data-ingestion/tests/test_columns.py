import pytest
from data_preparation import DataError
from data_preparation.columns import clean_column_name, clean_column_names


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("target", "target"),
        (" Target ", "target"),
        ("Annual Mileage (km)", "annual_mileage_km"),
        ("Marital-Status", "marital_status"),
        ("a__b", "a_b"),
        ("Prämie\u00a0€", "prämie"),
        ("STRASSE 2", "strasse_2"),
    ],
)
def test_a_name_becomes_lower_case_words(dirty, clean):
    assert clean_column_name(dirty) == clean
    assert clean_column_name(clean) == clean


def test_names_that_become_one_are_refused_with_both():
    with pytest.raises(DataError, match=r"'Driver Age' and 'driver-age' are both named 'driver_age'"):
        clean_column_names(["id", "Driver Age", "driver-age"])


def test_a_name_of_nothing_is_refused_with_its_position():
    with pytest.raises(DataError, match="line 1: column 2 has no name"):
        clean_column_names(["id", " - ", "target"])
