"""Makes the benchmark's files: the same rows as CSV and Parquet, with a few defects at known rates."""

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as parquet

ROWS_AT_ONCE = 1 << 20
SITES = np.array(["BER", "PAR", "ROM", "MAD", "AMS", "OSL", "VIE", "WAW", "???"])
SCHEMA = pa.schema(
    [
        ("id", pa.int64()),
        ("device", pa.string()),
        ("taken_at", pa.timestamp("us")),
        ("battery", pa.int32()),
        ("pressure", pa.float64()),
        ("site", pa.string()),
        ("contact", pa.string()),
        ("alarm", pa.int32()),
        ("part", pa.string()),
        ("quality", pa.float64()),
    ]
)


def chunk(random: np.random.Generator, ids: np.ndarray) -> pa.Table:
    """Some rows."""
    rows = len(ids)
    device = random.integers(0, 9_000_000, rows)
    end = np.datetime64("2026-11-01T00:00:00", "s")
    taken = (end - random.integers(0, 60 * 86_400, rows).astype("timedelta64[s]")).astype("datetime64[us]")
    battery = random.integers(1, 101, rows).astype(np.int32)
    battery[random.random(rows) < 2e-5] = 127
    contact = np.char.add(np.char.mod("ops%d", device), "@example.test")
    draw = random.random(rows)
    contact[draw < 0.015] = ""
    contact[(draw >= 0.015) & (draw < 0.01512)] = "nobody"
    quality = random.random(rows)
    quality[random.random(rows) < 2e-5] = 1.25
    columns = [
        pa.array(ids),
        pa.array(np.char.mod("D%07d", device)),
        pa.array(taken),
        pa.array(battery, mask=random.random(rows) < 0.04),
        pa.array(np.round(random.normal(1013, 25, rows), 2), mask=random.random(rows) < 0.06),
        pa.array(SITES[random.choice(9, rows, p=[0.25, 0.2, 0.15, 0.1, 0.1, 0.1, 0.05, 0.0498, 0.0002])]),
        pa.array(contact),
        pa.array((random.random(rows) < 0.2).astype(np.int32)),
        pa.array(np.where(random.random(rows) < 0.8, "train", "test")),
        pa.array(quality),
    ]
    return pa.table(columns, schema=SCHEMA)


def make(folder: Path, rows: int) -> tuple[Path, Path]:
    """Writes the files unless they are there."""
    paths = folder / f"measurements-{rows}.csv", folder / f"measurements-{rows}.parquet"
    if all(path.exists() for path in paths):
        return paths
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(7)
    ids = random.permutation(rows).astype(np.int64) + 1
    ids[20:27] = ids[:7]
    with csv.CSVWriter(str(paths[0]), SCHEMA) as text, parquet.ParquetWriter(str(paths[1]), SCHEMA) as binary:
        for start in range(0, rows, ROWS_AT_ONCE):
            table = chunk(random, ids[start : start + ROWS_AT_ONCE])
            text.write_table(table)
            binary.write_table(table)
    return paths


if __name__ == "__main__":
    print(*make(Path(sys.argv[1]), int(sys.argv[2])), sep="\n")
