"""The same counts by each tool: `peers.py TOOL FILE` prints them as JSON."""

import json
import sys

DEVICE = "^D[0-9]{7}$"
CONTACT = "^([^@ ]+@[^@ ]+[.][a-z]+)?$"
SITES = ["BER", "PAR", "ROM", "MAD", "AMS", "OSL", "VIE", "WAW"]


def statement(table: str, matches: str, length: str) -> str:
    """All counts as one statement, with the key's repetitions as rows less distinct values."""
    bad = {
        "id.null": "id IS NULL",
        "device.null": "device IS NULL",
        "device.pattern": f"NOT {matches}(device, '{DEVICE}')",
        "taken_at.null": "taken_at IS NULL",
        "battery.low": "battery < 0",
        "battery.high": "battery > 100",
        "battery.null": "battery IS NULL",
        "pressure.low": "pressure < 0",
        "pressure.null": "pressure IS NULL",
        "site.short": f"{length}(site) < 3",
        "site.long": f"{length}(site) > 3",
        "site.invalid": "site NOT IN ({})".format(", ".join(f"'{site}'" for site in SITES)),
        "contact.missing": "contact IS NULL OR contact IN ('', 'n/a')",
        "contact.pattern": f"NOT {matches}(contact, '{CONTACT}')",
        "alarm.null": "alarm IS NULL",
        "alarm.invalid": "alarm NOT IN (0, 1)",
        "part.null": "part IS NULL",
        "part.invalid": "part NOT IN ('train', 'test')",
        "quality.low": "quality < 0",
        "quality.high": "quality > 1",
    }
    counts = [f'COUNT(CASE WHEN {test} THEN 1 END) AS "{name}"' for name, test in bad.items()]
    more = [
        'COUNT(*) AS "rows"',
        'AVG(alarm) AS "alarm.mean"',
        'COUNT(id) - COUNT(DISTINCT id) AS "id.surplus"',
        'CAST(MAX(taken_at) AS VARCHAR) AS "taken_at.max"',
    ]
    return f"SELECT {', '.join(more + counts)} FROM {table}"


def duckdb(path: str) -> dict:
    import duckdb

    reader = "read_csv" if path.endswith(".csv") else "read_parquet"
    result = duckdb.connect().execute(statement(f"{reader}('{path}')", "regexp_matches", "length"))
    return dict(zip([column[0] for column in result.description], result.fetchone(), strict=True))


def datafusion(path: str) -> dict:
    from datafusion import SessionContext

    context = SessionContext()
    register = context.register_csv if path.endswith(".csv") else context.register_parquet
    register("measurements", path)
    return context.sql(statement("measurements", "regexp_like", "length")).to_arrow_table().to_pylist()[0]


def polars(path: str) -> dict:
    import polars as pl

    rows = pl.scan_csv(path, try_parse_dates=True) if path.endswith(".csv") else pl.scan_parquet(path)
    column = pl.col
    return (
        rows.select(
            pl.len().alias("rows"),
            column("alarm").mean().alias("alarm.mean"),
            (column("id").count() - column("id").drop_nulls().n_unique()).alias("id.surplus"),
            column("taken_at").max().cast(pl.String).alias("taken_at.max"),
            column("id").null_count().alias("id.null"),
            column("device").null_count().alias("device.null"),
            (~column("device").str.contains(DEVICE)).sum().alias("device.pattern"),
            column("taken_at").null_count().alias("taken_at.null"),
            (column("battery") < 0).sum().alias("battery.low"),
            (column("battery") > 100).sum().alias("battery.high"),
            column("battery").null_count().alias("battery.null"),
            (column("pressure") < 0).sum().alias("pressure.low"),
            column("pressure").null_count().alias("pressure.null"),
            (column("site").str.len_chars() < 3).sum().alias("site.short"),
            (column("site").str.len_chars() > 3).sum().alias("site.long"),
            (~column("site").is_in(SITES)).sum().alias("site.invalid"),
            (column("contact").is_null() | column("contact").is_in(["", "n/a"])).sum().alias("contact.missing"),
            (~column("contact").str.contains(CONTACT)).sum().alias("contact.pattern"),
            column("alarm").null_count().alias("alarm.null"),
            (~column("alarm").is_in([0, 1])).sum().alias("alarm.invalid"),
            column("part").null_count().alias("part.null"),
            (~column("part").is_in(["train", "test"])).sum().alias("part.invalid"),
            (column("quality") < 0).sum().alias("quality.low"),
            (column("quality") > 1).sum().alias("quality.high"),
        )
        .collect(engine="streaming")
        .row(0, named=True)
    )


if __name__ == "__main__":
    counted = {"duckdb": duckdb, "datafusion": datafusion, "polars": polars}[sys.argv[1]](sys.argv[2])
    print(json.dumps(counted, default=str))
