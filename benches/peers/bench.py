"""Times the tools on the same files and compares what they counted. See the README beside this file."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import data

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent

# Checks of the contract, and what the other tools call their counts.
SAME = {
    "measurements.id.required": "id.null",
    "measurements.id.unique": "id.surplus",
    "measurements.device.required": "device.null",
    "measurements.device.pattern": "device.pattern",
    "measurements.taken_at.required": "taken_at.null",
    "measurements.battery.minimum": "battery.low",
    "measurements.battery.maximum": "battery.high",
    "measurements.pressure.minimum": "pressure.low",
    "measurements.site.minLength": "site.short",
    "measurements.site.maxLength": "site.long",
    "measurements.alarm.required": "alarm.null",
    "alarm_valid": "alarm.invalid",
    "measurements.part.required": "part.null",
    "part_valid": "part.invalid",
    "measurements.quality.minimum": "quality.low",
    "measurements.quality.maximum": "quality.high",
    "rows": "rows",
    "alarm_rate": "alarm.mean",
}


# Until a program is loaded it has the size of what starts it, and the system counts that; so something small starts it.
STARTER = """
import os, sys, time
start = time.perf_counter()
pid = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(pid, 0)
wall = time.perf_counter() - start
print(os.waitstatus_to_exitcode(status), wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, file=sys.stderr)
"""


def run(command: list[str]) -> tuple[float, float, float, bytes]:
    """Wall seconds, CPU seconds, MiB at most, and what was printed."""
    starter = [sys.executable, "-I", "-S", "-c", STARTER, *command]
    ended = subprocess.run(starter, capture_output=True, check=True)
    code, wall, cpu, size = map(float, ended.stderr.split(b"\n")[-2].split())
    # 1 says that a check does not hold; a tool that fails prints nothing.
    if code not in (0, 1) or not ended.stdout.strip():
        sys.exit(f"failed: {' '.join(command)}")
    return wall, cpu, size, ended.stdout


def ours(program: Path, path: Path) -> list[str]:
    contract = path.with_suffix(path.suffix + ".contract.yaml")
    text = (HERE / "contract.yaml").read_text()
    contract.write_text(text.replace("{path}", str(path)).replace("{format}", path.suffix[1:]))
    return [str(program), "--contract", str(contract), "--output", "json"]


def counted(tool: str, printed: bytes) -> dict[str, float]:
    document = json.loads(printed)
    if tool != "dataops":
        return {name: document[name] for name in SAME.values()}
    checks = {check["id"]: check["value"] for check in document["contracts"][0]["checks"]}
    return {name: checks[check] for check, name in SAME.items()}


def disagreements(counts: dict[str, dict[str, float]]) -> list[str]:
    told = []
    for name in SAME.values():
        values = {tool: counts[tool][name] for tool in counts}
        first = next(iter(values.values()))
        if any(abs(value - first) > 1e-9 * max(1.0, abs(first)) for value in values.values()):
            told.append(f"{name}: {values}")
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--data", type=Path, default=Path(tempfile.gettempdir()) / "dataops-peers")
    parser.add_argument("--datacontract", help="the program of datacontract-cli")
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    parser.add_argument("--program", type=Path, default=target / "release" / "test-data-ingestion")
    args = parser.parse_args()
    print("| file | tool | wall s | CPU s | MiB | to DuckDB |\n|---|---|---|---|---|---|")
    wrong = []
    for path in data.make(args.data, args.rows):
        peers = ["duckdb", "datafusion", "polars"]
        commands = {tool: [sys.executable, str(HERE / "peers.py"), tool, str(path)] for tool in peers}
        commands = {"dataops": ours(args.program, path)} | commands
        results: dict[str, list] = {tool: [] for tool in commands}
        for _ in range(args.runs):
            for tool, command in commands.items():
                results[tool].append(run(command))
        wrong += disagreements({tool: counted(tool, runs[0][3]) for tool, runs in results.items()})
        if args.datacontract:
            contract = str(path.with_suffix(path.suffix + ".contract.yaml"))
            results["datacontract-cli"] = [run([args.datacontract, "test", contract]) for _ in range(args.runs)]
        base = statistics.median(wall for wall, *_ in results["duckdb"])
        for tool, runs in results.items():
            wall, cpu, size = (statistics.median(run[at] for run in runs) for at in range(3))
            print(f"| {path.name} | {tool} | {wall:.2f} | {cpu:.2f} | {size:.0f} | {wall / base:.2f} |", flush=True)
    if wrong:
        sys.exit("the tools do not agree:\n" + "\n".join(wrong))


if __name__ == "__main__":
    main()
