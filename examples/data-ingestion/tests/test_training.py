import json
import os
import subprocess
import sys
from pathlib import Path

import generate
import joblib
import pandas as pd
import pytest
import train

SCRIPT = Path(train.__file__)


def arguments(**options: str) -> list[str]:
    """What a pipeline run passes: every parameter by its own name."""
    parameters = {
        "training_data": "training/run-1/train.csv",
        "testing_data": "testing/run-1/test.csv",
        "model_name": "driver-claims",
        "caller_run_id": "run-1",
        **options,
    }
    return [part for name, value in parameters.items() for part in (f"--{name}", value)]


def run_training(storage) -> subprocess.CompletedProcess:
    environment = {
        **os.environ,
        "AML_DATASTORE_ROOT": str(storage.root),
        "AML_OUTPUT_DIRECTORY": str(storage.root / "out"),
        "AZUREML_RUN_ID": "aml-run-1",
    }
    command = [sys.executable, str(SCRIPT), *arguments()]
    return subprocess.run(command, check=False, capture_output=True, text=True, env=environment)


@pytest.fixture(scope="module")
def claims() -> str:
    return generate.claims(rows=6_000, seed=1).to_csv(index=False)


def test_a_model_is_left_that_tells_claims_better_than_chance(storage, claims):
    prepared = storage.prepare(storage.drop(claims))

    ended = run_training(storage)

    assert ended.returncode == 0, ended.stderr
    metrics = json.loads((storage.root / "out" / "metrics.json").read_text())
    assert json.loads(ended.stdout) == metrics
    assert metrics["auc"] > 0.55
    assert (metrics["training_rows"], metrics["testing_rows"]) == (4800, 1200)
    assert (metrics["caller_run_id"], metrics["run_id"]) == ("run-1", "aml-run-1")
    model = joblib.load(storage.root / "out" / "model.joblib")
    features, _ = train.read(Path(prepared["testing_data"]))
    assert len(model.predict_proba(features)) == 1200


def test_identifier_and_target_are_not_features_and_minus_one_is_missing(tmp_path):
    file = tmp_path / "train.csv"
    file.write_text("id,target,power,fuel\n1,0,-1,petrol\n2,1,90.5,-1\n")

    features, target = train.read(file)

    assert list(features.columns) == ["power", "fuel"]
    assert features.isna().to_numpy().tolist() == [[True, False], [False, True]]
    assert list(target) == ["0", "1"]


def test_a_text_column_that_looks_like_numbers_in_the_testing_data_is_read_as_text():
    training = pd.DataFrame({"band": ["a", "2", "a", "2"], "power": [1.0, 2.0, 3.0, 4.0]})
    testing = pd.DataFrame({"power": [1, 2], "band": [2, 2]})

    aligned = train.align(testing, training)

    assert list(aligned.columns) == ["band", "power"]
    assert list(aligned["band"]) == ["2", "2"]


def test_more_than_two_classes_are_measured_as_well(storage):
    rows = ["target,power", *[f"{number % 3},{number % 3 + number / 1000}" for number in range(150)]]
    storage.prepare(storage.drop("\n".join(rows)))

    ended = run_training(storage)

    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["auc"] > 0.9


@pytest.mark.parametrize(
    ("files", "options", "message"),
    [
        ({}, {"training_data": ""}, "--training_data is empty"),
        ({}, {}, "train.csv: there is no such file"),
        ({"training": ""}, {}, "not readable as CSV"),
        ({"training": "id,power\n1,2\n"}, {}, "there is no column 'target' among id, power"),
        ({"training": "target,power\n"}, {}, "there are no rows"),
        ({"training": "id,target\n1,0\n"}, {}, "there is no column to learn from"),
        ({"training": "target,power\n0,1\n0,2\n"}, {}, "has the one class '0'"),
        ({"testing": "target,torque\n0,1\n1,2\n"}, {}, "the testing data lacks the columns power"),
        ({"testing": "target,power\n0,1\n7,2\n"}, {}, "classes that the training data lacks: 7"),
        ({"testing": "target,power\n0,1\n0,2\n"}, {}, "the testing data lacks a class"),
    ],
)
def test_data_that_cannot_be_learnt_from_is_refused_in_one_line(
    monkeypatch, storage, files, options, message
):
    for container, name in (("training", "train.csv"), ("testing", "test.csv")):
        if files:
            file = Path(storage.folder(container)) / name
            file.parent.mkdir(parents=True)
            file.write_text(files.get(container, "target,power\n0,1\n1,2\n0,3\n1,4\n"))

    monkeypatch.setattr("sys.argv", [str(SCRIPT), *arguments(**options)])
    monkeypatch.setenv("AML_DATASTORE_ROOT", str(storage.root))
    monkeypatch.setenv("AML_OUTPUT_DIRECTORY", str(storage.root / "out"))
    with pytest.raises(SystemExit) as ended:
        train.main()

    assert message in str(ended.value)
    assert str(ended.value).startswith("train.py: ")
    assert "\n" not in str(ended.value)
    assert not (storage.root / "out").exists()


def test_a_relative_path_needs_the_folder_of_the_containers(monkeypatch):
    monkeypatch.delenv("AML_DATASTORE_ROOT", raising=False)

    with pytest.raises(train.TrainingError, match="AML_DATASTORE_ROOT"):
        train.resolve("training/run-1/train.csv", "--training_data")
    assert train.resolve("/absolute.csv", "--training_data") == Path("/absolute.csv")
