#!/usr/bin/env bash
# Lets every call of a deployment of sixty resources fail in turn, by each kind of fault, and kills the program at each; every time the
# next deployment has to end as an undisturbed one. Prints how many there were. The normal test run takes a sample of them.
#
#   scripts/deployment-faults.sh [FILTER]      a part of a test's name, such as `kill`; default: all of them
#
# It takes an hour or so on two cores.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
DATAOPS_FAULTS=all exec cargo test -p integration-tests --test integration "deployment_faults::${1:-}" -- --nocapture
