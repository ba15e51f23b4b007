#!/usr/bin/env bash
# Measures how long the release build of dataops takes for factories of 50, 500 and 5,000 resources, and prints a table.
#
#   cargo build --release --bin dataops && cargo build --release -p adf-arm --example read_json
#   scripts/measure-factory.sh [RUNS]      default: 5
#
# CARGO_TARGET_DIR  where cargo has built; default target
# MEASURED          the commands, export and validate; those that dataops does not know are left out
# LIMIT             fail when a command takes more than so many times as long as reading and parsing the same files with
#                   serde_json, or more than a second for 5,000 resources; by default nothing fails
#
# The factories are made by scripts/generate_factory.py; the baseline is examples/read_json.rs of adf-arm, run in turn with the commands.
# The figure of a command is the shortest of its runs: what else the machine does only adds to it.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=${CARGO_TARGET_DIR:-$root/target}/release
for program in dataops examples/read_json; do
  if [ ! -x "$folder/$program" ]; then
    printf 'measure-factory: there is no %s\nhint: see the head of this script\n' "$folder/$program" >&2
    exit 2
  fi
done
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
for count in 50 500 5000; do
  "${PYTHON:-python3}" "$root/scripts/generate_factory.py" "$count" "$made/$count" >/dev/null
done

"${PYTHON:-python3}" -I - "$folder" "$made" "${1:-5}" "${MEASURED:-export validate}" "${LIMIT:-0}" <<'PYTHON'
import os
import subprocess
import sys
import time

folder, made, runs, commands, limit = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4].split(), float(sys.argv[5])
SIZES = (50, 500, 5000)


def arguments(command, size):
    source = f"{made}/{size}"
    return {
        "read": [f"{folder}/examples/read_json", source],
        "export": [f"{folder}/dataops", "export", "arm", "--source", source, "--out", f"{made}/out-{size}"],
        "validate": [f"{folder}/dataops", "validate", "--adf", source],
    }[command]


def seconds(command, size):
    started = time.perf_counter()
    ended = subprocess.run(arguments(command, size), capture_output=True, text=True)
    took = time.perf_counter() - started
    # Findings end with 1; what cannot be done at all with something else.
    if ended.returncode not in (0, 1):
        sys.exit(f"measure-factory: {command} ended with {ended.returncode}\n{ended.stderr}")
    return took


known = subprocess.run([f"{folder}/dataops", "--help"], capture_output=True, text=True).stdout
commands = [command for command in commands if f"\n  {command} " in known]
best = {}
for size in SIZES:
    for _ in range(runs):
        for command in ("read", *commands):
            took = seconds(command, size)
            best[command, size] = min(took, best.get((command, size), took))

print(f"the shortest of {runs} runs, {os.uname().machine}, {os.cpu_count()} cores\n")
print("| | " + " | ".join(f"{size:,} resources" for size in SIZES) + " |\n|---|" + "---|" * len(SIZES))
slow = []
for command in ("read", *commands):
    name = "reading and parsing with serde_json" if command == "read" else f"`dataops {command}`"
    cells = []
    for size in SIZES:
        took, times = best[command, size], best[command, size] / best["read", size]
        cells.append(f"{took * 1000:.0f} ms" + ("" if command == "read" else f", {times:.1f} times that"))
        if command != "read" and size == SIZES[-1] and limit and (times > limit or took > 1):
            slow.append(f"{command}: {took:.2f} s, {times:.1f} times as long as reading")
    print(f"| {name} | " + " | ".join(cells) + " |")
if slow:
    sys.exit("measure-factory: " + "; ".join(slow))
PYTHON
