from pathlib import Path

import pytest
from data_preparation import DataError, inspect_run


def inspect(storage) -> dict:
    return inspect_run(storage.folder("training"), storage.folder("testing"))


def test_what_a_run_wrote_passes(storage, hundred_rows):
    storage.prepare(storage.drop(hundred_rows))

    assert inspect(storage) == {"training_rows": 80, "testing_rows": 20, "rows": 100, "columns": 3}


def change(storage, container: str, text: str | None) -> None:
    file = next(Path(storage.folder(container)).iterdir())
    file.unlink()
    if text is not None:
        file.write_text(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "there is no .csv file"),
        ("", "there are no rows"),
        ("id,target,engine_power_kw\n", "there are no rows"),
        ("id,target,engine_power_kw\n1,2\n", "line 2: 2 cells where the header has 3"),
        ("id,target,engine_power_kw,fuel\n1,0,3,x\n", "differ in their columns: fuel"),
        ("target,id,engine_power_kw\n1,0,3\n", "differ in their columns: their order"),
    ],
)
def test_a_folder_that_is_not_what_a_run_leaves_is_refused(storage, hundred_rows, text, message):
    storage.prepare(storage.drop(hundred_rows))
    change(storage, "testing", text)

    with pytest.raises(DataError) as refused:
        inspect(storage)

    assert message in str(refused.value)


def test_a_run_that_never_was_is_refused(storage):
    with pytest.raises(DataError, match="there is no such folder"):
        inspect(storage)
