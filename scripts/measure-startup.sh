#!/usr/bin/env bash
# Measures the CPU time and the largest memory of the release build of invoke-adf-pipeline, and prints a table.
#
#   cargo build --release --bin invoke-adf-pipeline --bin dataops
#   scripts/measure-startup.sh [RUNS]      default: 20
#
# CARGO_TARGET_DIR  where cargo has built; default target
# MEASURED_FOLDER   where the programs are; target/dist has those that `cargo build --profile dist` makes, as they are published
#
# Three cases: the help text; a refused start (the factory does not exist: one request, one error); and a whole run of an
# empty pipeline, from start to report. The last two are answered by `dataops emulator` on this machine.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=${MEASURED_FOLDER:-${CARGO_TARGET_DIR:-$root/target}/release}
for program in invoke-adf-pipeline dataops; do
  if [ ! -x "$folder/$program" ]; then
    printf 'measure-startup: there is no %s\nhint: cargo build --release --bin invoke-adf-pipeline --bin dataops\n' \
      "$folder/$program" >&2
    exit 2
  fi
done

exec "${PYTHON:-python3}" -I - "$folder" "${1:-20}" <<'PYTHON'
import json
import os
import subprocess
import sys
import urllib.request
from statistics import median

folder, runs = sys.argv[1], int(sys.argv[2])
GROUP = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/local"
# Until a program is loaded it has the size of what starts it, and the system counts that; so something small starts it.
STARTER = """
import os, sys
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(pid, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
"""


def put(ready, path, body):
    request = urllib.request.Request(
        f"{ready['endpoint']}{GROUP}/providers/Microsoft.DataFactory/factories/{path}?api-version=2018-06-01",
        data=json.dumps(body).encode(),
        headers={"authorization": f"Bearer {ready['token']}", "content-type": "application/json"},
        method="PUT",
    )
    urllib.request.urlopen(request).read()


def measure(arguments, variables, expected):
    seconds, kibibytes = [], []
    for _ in range(runs):
        starter = [sys.executable, "-I", "-S", "-c", STARTER, f"{folder}/invoke-adf-pipeline", *arguments]
        ended = subprocess.run(
            starter, env=variables, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True
        )
        code, cpu, memory = ended.stdout.splitlines()[-1].split()
        if int(code) != expected:
            sys.exit(f"measure-startup: {arguments} ended with {code}, not {expected}\n{ended.stderr}")
        seconds.append(float(cpu))
        kibibytes.append(int(memory))
    return seconds, kibibytes


def row(name, seconds, kibibytes):
    cpu = f"{median(seconds) * 1000:.1f} ms | {max(seconds) * 1000:.1f} ms"
    print(f"| {name} | {cpu} | {max(kibibytes) / 1024:.1f} MiB |")


emulator = subprocess.Popen(
    [f"{folder}/dataops", "--quiet", "emulator"], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
)
try:
    ready = json.loads(emulator.stdout.readline())
    put(ready, "measured", {"location": "westeurope"})
    activity = {"name": "set", "type": "SetVariable", "typeProperties": {"variableName": "v", "value": "1"}}
    variables = {"v": {"type": "String"}}
    put(ready, "measured/pipelines/empty", {"properties": {"variables": variables, "activities": [activity]}})
    at = {"DATAOPS_EMULATOR": ready["endpoint"], "DATAOPS_EMULATOR_TOKEN": ready["token"]}
    named = ["--resource-group", "local", "--pipeline", "empty", "--factory"]
    print(f"{runs} runs each, {os.uname().machine}, {os.cpu_count()} cores\n")
    print("| case | CPU time, median | CPU time, most | memory, most |\n|---|---|---|---|")
    row("`--help`", *measure(["--help"], {}, 0))
    row("a refused start", *measure([*named, "absent"], at, 3))
    row("a whole run", *measure([*named, "measured"], at, 0))
finally:
    emulator.terminate()
    emulator.wait()
PYTHON
