"""Holds datacontract-cli's own test fixtures against both tools. See the README beside this file.

Run by the Python of an environment that has datacontract-cli[duckdb,parquet,csv]:

    python benches/peers/expectations.py CHECKOUT PROGRAM

CHECKOUT  a checkout of datacontract/datacontract-cli, or of a folder of its form with tests/fixtures
PROGRAM   test-data-ingestion
"""

import argparse
import contextlib
import io
import json
import logging
import os
import re
import subprocess
import sys
import tempfile
from glob import glob
from pathlib import Path

import yaml
from datacontract.data_contract import DataContract

# Where the verdicts are meant to differ: part of the fixture's name, their verdict, ours, and why.
MEANT = [
    (
        "parquet/datacontract_invalid_logical_types",
        "warning",
        "failed",
        "types of Parquet files are checked here; there each column is a warning that this is not supported",
    ),
    (
        "quality-local-fallback",
        "passed",
        "failed",
        "the rule calls a function that only DuckDB has; the check is an error that names it",
    ),
    ("local-delta", "failed", "passed", "their reader downloads an extension, for which there was no network"),
    ("s3-delta", "failed", "warning", "the same; and columns that are not declared are told here"),
]


def documents(fixtures: Path):
    """The contracts of the fixtures, those of the older specification as datacontract-cli converts them."""
    for path in sorted(fixtures.rglob("*.y*ml")):
        try:
            document = yaml.safe_load(path.read_text())
        except (yaml.YAMLError, UnicodeDecodeError):
            continue
        if not isinstance(document, dict):
            continue
        if "dataContractSpecification" in document:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(Exception):
                document = yaml.safe_load(DataContract(data_contract_file=str(path)).export("odcs"))
        if document.get("kind") == "DataContract":
            yield path.relative_to(fixtures), document


def servers(document: dict, tests: Path):
    """The servers whose data are among the fixtures, as local ones."""
    for server in document.get("servers") or []:
        location = server.get("location") or server.get("path")
        if server.get("type") not in ("local", "s3") or not location:
            continue
        location = re.sub(r"^s3://[^/]*/", "", location).removeprefix("./").removeprefix("tests/")
        if glob(str(tests / location.replace("{model}", "*")), recursive=True):
            kept = {key: value for key, value in server.items() if key not in ("location", "endpointUrl")}
            yield {**kept, "type": "local", "path": str(tests / location)}


def theirs(contract: Path) -> str:
    with contextlib.redirect_stdout(io.StringIO()):
        result = DataContract(data_contract_file=str(contract)).test().result
    return str(getattr(result, "value", result))


def ours(program: str, contract: Path) -> str:
    command = [program, "--contract", contract, "--output", "json"]
    run = subprocess.run(command, check=False, capture_output=True, text=True)
    if run.returncode not in (0, 1):
        return f"exit {run.returncode}"
    if run.returncode == 1:
        return "failed"
    return "warning" if '"status":"warning"' in run.stdout.replace(" ", "") else "passed"


def outcome(verdict: str) -> str:
    """What a verdict comes to. Who refuses a contract says nothing of its data: that is not that they break it."""
    if verdict.startswith("exit"):
        return "refused"
    return "holds" if verdict in ("passed", "warning") else "fails"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkout", type=Path)
    parser.add_argument("program")
    parser.add_argument("--json", type=Path, help="where to write what each tool said")
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)
    tests = (arguments.checkout / "tests").resolve()
    program = str(Path(arguments.program).resolve())
    os.chdir(tests)
    compared, strange = [], 0
    with tempfile.TemporaryDirectory() as folder:
        for path, document in documents(tests / "fixtures"):
            for server in servers(document, tests):
                contract = Path(folder) / f"{len(compared)}.odcs.yaml"
                contract.write_text(yaml.safe_dump({**document, "servers": [server]}, sort_keys=False))
                said = (theirs(contract), ours(program, contract))
                name = f"{path} ({server.get('server')})"
                reason = next(
                    (why for part, *meant, why in MEANT if part in str(path) and tuple(meant) == said), None
                )
                same = outcome(said[0]) == outcome(said[1])
                strange += not same and reason is None
                mark = "=" if same else "≠" if reason else "?"
                print(f"{mark} {said[0]:8} {said[1]:8} {name}{'' if same else f': {reason or chr(63)}'}")
                compared.append({"fixture": name, "datacontract-cli": said[0], "dataops": said[1], "reason": reason})
    if arguments.json:
        arguments.json.write_text(json.dumps(compared, indent=1))
    same = sum(outcome(one["datacontract-cli"]) == outcome(one["dataops"]) for one in compared)
    meant = len(compared) - same - strange
    print(
        f"{len(compared)} contracts: {same} verdicts are the same, {meant} differ as meant, {strange} for no reason"
    )
    return 1 if strange or not compared else 0


if __name__ == "__main__":
    sys.exit(main())
