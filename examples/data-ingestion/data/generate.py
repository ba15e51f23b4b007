"""Makes sample data: claims of car drivers, with a binary target near 4 % and -1 where a value is missing.

The people are invented. The same rows and seed give the same file.
"""

import argparse
import contextlib
import os
import sys
from pathlib import Path

import numpy as np
import pandas as pd

CLAIM_RATE = 0.04


def claims(rows: int, seed: int) -> pd.DataFrame:
    """One row per driver: an id, the target, and 21 features under names as somebody typed them."""
    random = np.random.default_rng(seed)
    age = np.clip(random.gamma(9.0, 5.0, rows) + 17, 18, 92).astype(int)
    licensed = np.maximum(age - 18 - random.poisson(2, rows), 0)
    mileage = random.lognormal(9.5, 0.5, rows).round(-2).astype(int)
    power = np.clip(random.normal(95, 35, rows), 35, 400).astype(int)
    earlier = random.poisson(0.18 + 0.004 * np.maximum(30 - age, 0), rows)
    night = random.beta(2, 8, rows).round(3)
    urban = random.integers(0, 2, rows)
    score = np.clip(random.normal(50, 15, rows), 0, 100).round(1)
    vehicle = random.choice(
        ["compact", "estate", "suv", "van", "sports"], rows, p=[0.42, 0.22, 0.22, 0.09, 0.05]
    )
    features = {
        "Driver Age": age,
        "Years Licensed": licensed,
        " Gender": random.choice(["f", "m", "x"], rows, p=[0.485, 0.505, 0.01]),
        "Marital-Status": random.choice(
            ["single", "married", "divorced", "widowed"], rows, p=[0.4, 0.43, 0.13, 0.04]
        ),
        "REGION": random.choice(["north", "east", "south", "west", "centre"], rows),
        "Urban Area": urban,
        "Vehicle Type ": vehicle,
        "Vehicle Age": random.poisson(7, rows),
        "Engine Power (kW)": power,
        "fuel": random.choice(["petrol", "diesel", "hybrid", "electric"], rows, p=[0.5, 0.28, 0.13, 0.09]),
        "Annual Mileage (km)": mileage,
        "Garage": random.integers(0, 2, rows),
        "Bonus Class": np.clip(licensed // 2 - earlier * 3 + random.integers(-2, 3, rows), 0, 25),
        "Earlier Claims": earlier,
        "Payment Plan": random.choice(["yearly", "quarterly", "monthly"], rows, p=[0.46, 0.21, 0.33]),
        "Policy Tenure": random.poisson(4, rows),
        "Yearly Premium": (210 + power * 1.6 + earlier * 95 + random.gamma(2.0, 40.0, rows)).round(2),
        "Distance to Work": random.exponential(14, rows).round(1),
        "Night Share": night,
        "telematics score": score,
        "Drivers in Household": 1 + random.poisson(0.8, rows),
    }
    risk = (
        0.06 * np.maximum(30 - age, 0)
        + 0.8 * earlier
        + 0.6 * np.log(np.maximum(mileage, 100) / 13_000)
        + 2.5 * night
        + 0.4 * urban
        - 0.05 * score
        + 0.006 * (power - 95)
        + 0.4 * (vehicle == "sports")
    )
    target = (random.random(rows) < _probability(risk)).astype(int)
    frame = pd.DataFrame({"ID": np.arange(1, rows + 1), "Target": target, **features})
    return _with_gaps(frame, random)


def _probability(risk: np.ndarray) -> np.ndarray:
    """The logistic of the risk, shifted so that its mean is the claim rate."""
    low, high = -20.0, 20.0
    for _ in range(50):
        shift = (low + high) / 2
        if (1 / (1 + np.exp(-(risk + shift)))).mean() > CLAIM_RATE:
            high = shift
        else:
            low = shift
    return 1 / (1 + np.exp(-(risk + low)))


def _with_gaps(frame: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    gaps = {
        "telematics score": 0.35,
        "Night Share": 0.35,
        "Distance to Work": 0.12,
        "Garage": 0.06,
        " Gender": 0.02,
        "Bonus Class": 0.02,
        "Annual Mileage (km)": 0.01,
    }
    for name, share in gaps.items():
        missing = random.random(len(frame)) < share
        sign = -1 if pd.api.types.is_numeric_dtype(frame[name]) else "-1"
        frame[name] = frame[name].mask(missing, sign)
    return frame


def main() -> None:
    """Writes the file under its name only once it is whole."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--rows", type=int, default=120_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=Path, default=Path("driver-claims.csv"))
    arguments = parser.parse_args()
    if arguments.rows < 1 or arguments.seed < 0:
        parser.error("--rows must be at least 1, and --seed at least 0")
    part = arguments.out.with_name(arguments.out.name + ".part")
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        claims(arguments.rows, arguments.seed).to_csv(part, index=False, lineterminator="\n")
        os.replace(part, arguments.out)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        sys.exit(f"generate.py: cannot write {arguments.out}: {error.strerror}")
    print(f"{arguments.rows} rows in {arguments.out}")


if __name__ == "__main__":
    main()
