"""Trains a model that tells which drivers will claim, and measures it on the testing data.

Writes `model.joblib` and `metrics.json` into the output folder.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OrdinalEncoder

TARGET = "target"
IDENTIFIER = "id"
MISSING = -1


class TrainingError(Exception):
    """The training cannot be done; the message says why."""


def read(path: Path) -> tuple[pd.DataFrame, pd.Series]:
    """Returns features and target; -1, the sign for a missing value, becomes NaN in the features."""
    try:
        frame = pd.read_csv(path)
    except FileNotFoundError:
        raise TrainingError(f"{path}: there is no such file") from None
    except IsADirectoryError:
        raise TrainingError(f"{path}: this is a folder, not a file") from None
    except (pd.errors.EmptyDataError, pd.errors.ParserError, UnicodeDecodeError) as error:
        raise TrainingError(f"{path}: not readable as CSV: {str(error).strip()}") from None
    if TARGET not in frame.columns:
        raise TrainingError(
            f"{path}: there is no column {TARGET!r} among {', '.join(map(str, frame.columns))}"
        )
    if frame.empty:
        raise TrainingError(f"{path}: there are no rows")
    features = frame.drop(columns=[TARGET, IDENTIFIER], errors="ignore")
    if features.columns.empty:
        raise TrainingError(f"{path}: there is no column to learn from")
    return features.replace({MISSING: np.nan, str(MISSING): np.nan}), frame[TARGET].astype(str)


def fit(features: pd.DataFrame, target: pd.Series) -> Pipeline:
    """Gradient boosting, which takes missing values as they are; text columns become numbers first."""
    if target.nunique() < 2:  # noqa: PLR2004
        raise TrainingError(f"the training data has the one class {target.iloc[0]!r}; two are needed")
    encode = make_column_transformer(
        (
            OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan),
            make_column_selector(dtype_exclude="number"),
        ),
        remainder="passthrough",
    )
    boosting = HistGradientBoostingClassifier(
        max_iter=80, learning_rate=0.1, max_leaf_nodes=15, early_stopping=False, random_state=0
    )
    return make_pipeline(encode, boosting).fit(features, target)


def measure(model: Pipeline, features: pd.DataFrame, target: pd.Series) -> float:
    """The area under the ROC curve; with more than two classes, the mean of one class against the rest."""
    unseen = sorted(set(target) - set(model.classes_))
    if unseen:
        raise TrainingError(f"the testing data has classes that the training data lacks: {', '.join(unseen)}")
    if len(set(target)) < len(model.classes_):
        raise TrainingError(
            "the testing data lacks a class of the training data; the model cannot be measured"
        )
    chances = model.predict_proba(features)
    if len(model.classes_) == 2:  # noqa: PLR2004
        return float(roc_auc_score(target, chances[:, 1]))
    return float(roc_auc_score(target, chances, multi_class="ovr", labels=model.classes_))


def align(testing: pd.DataFrame, training: pd.DataFrame) -> pd.DataFrame:
    """The testing features with the columns, their order and their types of the training features."""
    absent = [name for name in training.columns if name not in testing.columns]
    if absent:
        raise TrainingError(f"the testing data lacks the columns {', '.join(absent)}")
    aligned = testing[list(training.columns)].copy()
    for name, dtype in training.dtypes.items():
        if pd.api.types.is_numeric_dtype(dtype):
            aligned[name] = pd.to_numeric(aligned[name], errors="coerce")
        else:
            aligned[name] = (
                aligned[name].astype(object).where(aligned[name].isna(), aligned[name].astype(str))
            )
    return aligned


def resolve(value: str, option: str) -> Path:
    """An absolute path as it is; another one below the folder that holds the containers."""
    if not value:
        raise TrainingError(f"{option} is empty; pass the path of a CSV file, as container/folder/file.csv")
    path = Path(value)
    if path.is_absolute():
        return path
    root = os.environ.get("AML_DATASTORE_ROOT")
    if not root:
        raise TrainingError(
            f"{option} {value}: relative, and AML_DATASTORE_ROOT, the folder of the containers, is not set"
        )
    return Path(root) / path


def train(arguments: argparse.Namespace) -> dict:
    """Trains, measures, writes the model and its metrics, and returns the metrics."""
    started = time.perf_counter()
    training, training_target = read(resolve(arguments.training_data, "--training_data"))
    testing, testing_target = read(resolve(arguments.testing_data, "--testing_data"))
    model = fit(training, training_target)
    auc = measure(model, align(testing, training), testing_target)
    metrics = {
        "model_name": arguments.model_name,
        "auc": round(auc, 4),
        "training_rows": len(training),
        "testing_rows": len(testing),
        "features": len(training.columns),
        "caller_run_id": arguments.caller_run_id,
        "run_id": os.environ.get("AZUREML_RUN_ID", ""),
        "seconds": round(time.perf_counter() - started, 2),
    }
    arguments.output_dir.mkdir(parents=True, exist_ok=True)
    joblib.dump(model, arguments.output_dir / "model.joblib")
    (arguments.output_dir / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n", encoding="utf-8")
    return metrics


def parser() -> argparse.ArgumentParser:
    """Options in both spellings: a published pipeline passes its parameter names as they are."""
    options = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    options.add_argument("--training_data", "--training-data", required=True)
    options.add_argument("--testing_data", "--testing-data", required=True)
    options.add_argument("--model_name", "--model-name", default="driver-claims")
    options.add_argument("--caller_run_id", "--caller-run-id", default="")
    options.add_argument(
        "--output_dir",
        "--output-dir",
        type=Path,
        default=Path(os.environ.get("AML_OUTPUT_DIRECTORY", "outputs")),
    )
    return options


def main() -> None:
    arguments = parser().parse_args()
    try:
        metrics = train(arguments)
    except TrainingError as error:
        sys.exit(f"train.py: {error}")
    except OSError as error:
        sys.exit(f"train.py: cannot write to {arguments.output_dir}: {error.strerror}")
    print(json.dumps(metrics))


if __name__ == "__main__":
    main()
