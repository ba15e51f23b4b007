#!/usr/bin/env bash
# Measures how long `dataops deploy` takes against an emulator that is paced as Azure Resource Manager paces, and prints a table:
# a few resources changed, nothing changed, and beside it Python's azure-mgmt-datafactory, which puts one resource after the other.
#
#   cargo build --release --bin dataops
#   scripts/measure-deployment.sh [COUNT [CHANGED]]      default: 3000 10
#
# DATAOPS   the program; default: that of the release build
# NEW=1     measures also the deployment of all COUNT resources into an empty factory, beside the least that the buckets allow
# SDK       how many resources the SDK puts; default 100, `all` for all of them, 0 for none
# LIMIT     fail when the deployment of what has changed takes more seconds; by default nothing fails. A PUT without need always fails.
#
# The factory is made by scripts/generate_factory.py, the SDK comes from scripts/python-env.sh.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
dataops=${DATAOPS:-${CARGO_TARGET_DIR:-$root/target}/release/dataops}
if [ ! -x "$dataops" ]; then
  printf 'measure-deployment: there is no %s\nhint: see the head of this script\n' "$dataops" >&2
  exit 2
fi
python=${PYTHON:-python3}
if [ "${SDK:-100}" != 0 ]; then
  python=$("$root/scripts/python-env.sh")
fi
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
"$python" "$root/scripts/generate_factory.py" "${1:-3000}" "$made/adf" >/dev/null
"$python" -I - "$dataops" "$made" "${2:-10}" "${NEW:-0}" "${SDK:-100}" "${LIMIT:-0}" <<'PYTHON'
import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

dataops, made, changed, new, sdk, limit = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4] == "1", sys.argv[5], float(sys.argv[6])
(made / "dataops.yaml").write_text("name: measured\nadf: { root: adf }\nenvironments:\n  local: { emulator: true }\n")


class Emulator:
    def __init__(self, name):
        arguments = [dataops, "emulator", "--listen", "127.0.0.1:0", "--data-dir", str(made / name)]
        self.process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.ready = json.loads(self.process.stdout.readline())

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.ready["endpoint"] + path, data, method=method)
        request.add_header("Authorization", f"Bearer {self.ready['token']}")
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def pace(self):
        self.call("PUT", "/_emulator/pace", "arm")

    def deploy(self):
        """Deploys, and tells how long it took and how many PUTs there were."""
        self.call("DELETE", "/_emulator/faults")
        self.call("POST", "/_emulator/faults", {"pattern": "PUT /subscriptions/*", "status": 500, "offset": 1 << 40})
        variables = {
            "PATH": os.environ["PATH"],
            "HOME": str(made),
            "DATAOPS_EMULATOR": self.ready["endpoint"],
            "DATAOPS_EMULATOR_TOKEN": self.ready["token"],
            "DATAOPS_EMULATOR_ACCOUNT": self.ready["account"],
        }
        started = time.perf_counter()
        ended = subprocess.run([dataops, "deploy", "--quiet"], cwd=made, env=variables, capture_output=True, text=True)
        took = time.perf_counter() - started
        if ended.returncode != 0:
            sys.exit(f"measure-deployment: deploy ended with {ended.returncode}\n{ended.stdout[-2000:]}{ended.stderr[-2000:]}")
        return took, self.call("GET", "/_emulator/faults")["value"][0]["seen"]

    def stop(self):
        self.process.terminate()
        self.process.wait()


def documents():
    kinds = ["linkedService", "dataset", "dataflow", "pipeline", "trigger"]
    for kind in kinds:
        for path in sorted((made / "adf" / kind).glob("*.json")):
            yield kind, path


rows, faults = [], []
count = sum(1 for _ in documents())
emulator = Emulator("first")
emulator.deploy()
pipelines = [path for kind, path in documents() if kind == "pipeline"][:changed]
for path in pipelines:
    document = json.loads(path.read_text())
    document["properties"]["description"] = "measured"
    path.write_text(json.dumps(document))
emulator.pace()
took, puts = emulator.deploy()
rows.append((f"{count:,} resources, {changed} changed: plan and deploy", took, puts))
if puts != changed:
    faults.append(f"{puts} PUTs for {changed} changes")
if limit and took > limit:
    faults.append(f"{took:.1f} s, more than {limit} s")
time.sleep(10)  # The buckets fill again.
took, puts = emulator.deploy()
rows.append(("the same, nothing changed", took, puts))
if puts:
    faults.append(f"{puts} PUTs although nothing had changed")
emulator.stop()

if new:
    emulator = Emulator("second")
    emulator.pace()
    took, puts = emulator.deploy()
    least = max(0.0, (puts - 200) / 10)
    rows.append((f"all {count:,} new; the buckets allow {least:.0f} s", took, puts))
    if took > 1.1 * least + 5:
        faults.append(f"{took:.0f} s for all, the buckets allow {least:.0f} s")
    emulator.stop()

if sdk != "0":
    os.environ["AZURE_CORE_ONLY_SHOW_ERRORS"] = "1"
    from azure.core.credentials import AccessToken
    from azure.core.pipeline.transport import RequestsTransport
    from azure.mgmt.datafactory import DataFactoryManagementClient

    emulator = Emulator("third")
    emulator.deploy()
    emulator.pace()
    endpoint = emulator.ready["endpoint"]

    class Token:
        def get_token(self, *scopes, **_):
            return AccessToken(emulator.ready["token"], int(time.time()) + 3600)

    class Loopback(RequestsTransport):
        def send(self, request, **arguments):
            request.url = request.url.replace("https://management.azure.com", endpoint)
            return super().send(request, **arguments)

    client = DataFactoryManagementClient(Token(), "00000000-0000-0000-0000-000000000000", transport=Loopback())
    operations = {
        "linkedService": client.linked_services,
        "dataset": client.datasets,
        "dataflow": client.data_flows,
        "pipeline": client.pipelines,
    }
    puts = [(kind, path) for kind, path in documents() if kind in operations]
    puts = puts if sdk == "all" else puts[: int(sdk)]
    started = time.perf_counter()
    for kind, path in puts:
        operations[kind].create_or_update("local", "measured", path.stem, json.loads(path.read_text()))
    took = time.perf_counter() - started
    rows.append((f"azure-mgmt-datafactory, {len(puts):,} resources one by one", took, len(puts)))
    if len(puts) < count:
        rate = len(puts) / took
        at_rate = count / rate
        least = max(at_rate, (count - 200) / 10)
        rows.append((f"the same for all {count:,}, from that rate and the buckets", least, count))
    emulator.stop()

print("| | seconds | PUTs |\n|---|---|---|")
for name, took, puts in rows:
    print(f"| {name} | {took:.1f} | {puts:,} |")
if faults:
    sys.exit("measure-deployment: " + "; ".join(faults))
PYTHON
