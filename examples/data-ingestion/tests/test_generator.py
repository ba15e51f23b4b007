import subprocess
import sys
from pathlib import Path

import generate
from data_preparation.columns import clean_column_names

SCRIPT = Path(generate.__file__)


def test_the_target_is_binary_and_near_four_percent():
    frame = generate.claims(rows=100_000, seed=7)

    assert set(frame["Target"]) == {0, 1}
    assert 0.035 < frame["Target"].mean() < 0.045
    assert frame["ID"].is_unique


def test_features_are_about_twenty_with_names_to_clean_and_gaps():
    frame = generate.claims(rows=2_000, seed=7)

    names = list(frame.columns)
    assert len(names) - 2 == 21
    assert sum(clean != name for clean, name in zip(clean_column_names(names), names, strict=True)) > 10
    assert (frame["telematics score"] == -1).mean() > 0.3
    assert (frame[" Gender"] == "-1").any()
    assert not frame.isna().any(axis=None)


def test_a_seed_gives_the_same_file_and_another_seed_another(tmp_path):
    def written(name: str, seed: str) -> bytes:
        out = tmp_path / name
        command = [sys.executable, SCRIPT, "--rows", "500", "--seed", seed, "--out", out]
        subprocess.run(command, check=True, capture_output=True)
        return out.read_bytes()

    assert written("a.csv", "1") == written("b.csv", "1")
    assert written("a.csv", "1") != written("c.csv", "2")


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()

    ended = subprocess.run(
        [sys.executable, SCRIPT, "--rows", "5", "--out", tmp_path / "file" / "out.csv"],
        check=False,
        capture_output=True,
        text=True,
    )

    assert ended.returncode == 1
    assert "cannot write" in ended.stderr
    assert "Traceback" not in ended.stderr
