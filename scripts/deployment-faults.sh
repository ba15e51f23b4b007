#!/usr/bin/env bash
# Lets every call of a deployment of sixty resources fail in turn, by each kind of fault, and kills the program at each; every time the
# next deployment has to end as an undisturbed one. Prints how many there were, a row for each kind; a row whose call was never made
# proves nothing, and fails. The normal test run takes a sample of them.
#
#   scripts/deployment-faults.sh [FILTER]      a part of a test's name, such as `kill`; default: all of them
#
# It takes an hour or so on two cores. DATAOPS_FAULTS=sample takes the sample of the normal run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
filter="${1:-}"
# Rows of faults that stop a deployment, of faults that pass, and of kills.
expected=18
log=$(mktemp)
trap 'rm -f "$log"' EXIT
DATAOPS_FAULTS="${DATAOPS_FAULTS:-all}" cargo test -p integration-tests --test integration "deployment_faults::$filter" -- --nocapture 2>&1 | tee "$log"

rows=$(grep -c 'row .* calls met' "$log" || true)
echo
grep -o 'row .* calls met.*' "$log" | sort || true
if [[ "$rows" -eq 0 ]]; then
    echo "no row was tried: no test is named like \`$filter\`" >&2
    exit 1
fi
if [[ -z "$filter" && "$rows" -ne "$expected" ]]; then
    echo "$rows rows of $expected were told: the others are silent" >&2
    exit 1
fi
echo "$rows rows, each call of them met"
