import csv
import json
from pathlib import Path

import pandas as pd
import pytest
from data_preparation import DataError, preparation


def read(file: str) -> list[list[str]]:
    with open(file, newline="", encoding="utf-8") as opened:
        return list(csv.reader(opened))


def test_every_row_goes_to_exactly_one_side(storage, hundred_rows):
    summary = storage.prepare(storage.drop(hundred_rows))

    training, testing = read(summary["training_data"]), read(summary["testing_data"])
    assert training[0] == testing[0] == ["id", "target", "engine_power_kw"]
    given = [line.split(",") for line in hundred_rows.splitlines()[1:]]
    assert sorted(training[1:] + testing[1:]) == sorted(given)
    assert (len(training) - 1, len(testing) - 1) == (80, 20)


def test_the_summary_is_json_and_agrees_with_the_files(storage, hundred_rows):
    summary = storage.prepare(storage.drop(hundred_rows))

    assert json.loads(json.dumps(summary)) == summary
    assert summary["input_rows"] == 100
    assert summary["training_rows"] == len(pd.read_csv(summary["training_data"])) == 80
    assert summary["testing_rows"] == len(pd.read_csv(summary["testing_data"])) == 20
    assert summary["target_rate"] == 0.1
    assert summary["classes"] == {"0": 90, "1": 10}
    assert pd.read_csv(summary["testing_data"])["target"].mean() == 0.1


def test_a_second_run_over_the_same_file_writes_the_same_bytes(storage, hundred_rows):
    file = storage.drop(hundred_rows)
    first = Path(storage.prepare(file)["training_data"]).read_bytes()

    assert Path(storage.prepare(file)["training_data"]).read_bytes() == first


def test_rows_stay_together_across_chunks(storage, hundred_rows, monkeypatch):
    whole = storage.prepare(storage.drop(hundred_rows))
    expected = read(whole["training_data"]), read(whole["testing_data"])
    monkeypatch.setattr(preparation, "ROWS_AT_ONCE", 7)

    chunked = storage.prepare(storage.drop(hundred_rows))

    assert (read(chunked["training_data"]), read(chunked["testing_data"])) == expected


def test_missing_features_get_one_sign_and_other_cells_keep_their_text(storage):
    rows = ["target,power,fuel,name"]
    rows += [f"{number % 2},,{'-1.0' if number % 4 else '-1'},007" for number in range(8)]

    summary = storage.prepare(storage.drop("\n".join(rows)), testing_share=0.5)

    cells = read(summary["training_data"])[1:] + read(summary["testing_data"])[1:]
    assert {tuple(row[1:]) for row in cells} == {("-1", "-1", "007")}
    assert summary["missing_share"] == {"power": 1.0, "fuel": 1.0}


def test_labels_need_not_be_numbers(storage):
    rows = ["target,power", *["yes,1"] * 4, *["no,2"] * 12]

    summary = storage.prepare(storage.drop("\n".join(rows)))

    assert summary["classes"] == {"no": 12, "yes": 4}
    assert summary["target_rate"] == 0.25


def test_one_and_one_point_zero_are_one_class(storage):
    rows = ["target,power", "1,1", "1.0,1", " 1,1", "0,1", "0.0,1"]

    assert storage.prepare(storage.drop("\n".join(rows)))["classes"] == {"0": 2, "1": 3}


def test_byte_order_mark_windows_line_ends_quotes_and_blank_lines_are_read(storage):
    text = "\r\n".join(["\ufeffTarget,Note", '1,"a, b"', "", '1,"two\nlines"', "0,c", "  ", "0,d", ""])

    summary = storage.prepare(storage.drop(text), testing_share=0.5)

    assert summary["input_rows"] == 4
    cells = read(summary["training_data"])[1:] + read(summary["testing_data"])[1:]
    assert sorted(row[1] for row in cells) == ["a, b", "c", "d", "two\nlines"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty; a header line and rows were expected"),
        ("\n  \n", "the file is empty"),
        ("target,power\n", "the file has a header line but no rows"),
        ("id,power\n1,2\n", "line 1: there is no column 'target' among id, power"),
        ("id;target\n1;0\n", "are its columns separated by commas"),
        ("target\n1\n", "no column beside 'target'"),
        ("target,power\n1,2\n0,2\n1\n0,2,3\n", "line 4: 1 cells where the header has 2 columns"),
        ("target,power\n1,2\n0,2,3\n", "line 3: 3 cells where the header has 2 columns"),
        ('target,power\n1,"a\nb"\n,2\n', "line 4: the column 'target' is empty"),
        ('target,power\n1,"2\n0,2\n', "line 3: unexpected end of data"),
        ("target,power\n1,2\n1,2\n", "the column 'target' is '1' in every row"),
        ("target,power\n1,2\n0,2\n0,2\n", "the class '1' of the column 'target' has 1 row"),
        (
            "\n".join(["target,power", *[f"{number}.5,1" for number in range(30)]]),
            "line 22: the column 'target' has more than 20 different values",
        ),
        ("target,power\n1,caf\u00e9\n".encode("latin-1"), "not UTF-8 text"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_and_nothing_is_written(storage, text, message):
    with pytest.raises(DataError) as refused:
        storage.prepare(storage.drop(text))

    assert message in str(refused.value)
    assert not Path(storage.folder("training")).exists()
    assert not Path(storage.folder("testing")).exists()


def test_a_file_that_is_not_there_is_answered_with_those_that_are(storage):
    storage.drop("target,a\n", name="other.csv")

    with pytest.raises(DataError, match=r"there is no such file; .* holds other\.csv"):
        storage.prepare(f"{storage.root}/input/claims.csv")


def test_a_folder_that_is_not_there_points_at_the_mount(storage):
    with pytest.raises(DataError, match="is the container mounted"):
        storage.prepare(f"{storage.root}/nowhere/claims.csv")
