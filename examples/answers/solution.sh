# Sourced by the answers: a copy of the example in a git repository of its own, and on request a local Azure.
#
# `dataops` has to be on the PATH. DATAOPS_PYTHON has the packages of ../data-ingestion/requirements-dev.txt; default python3.
# KEEP=1 leaves the folder, and says where it is.
set -euo pipefail

answers=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
example=$answers/../data-ingestion
export DATAOPS_PYTHON=${DATAOPS_PYTHON:-$(command -v python3)}
export PYTHONDONTWRITEBYTECODE=1
# What is asked here is answered by the local Azure, whatever the caller works with.
unset DATAOPS_EMULATOR DATAOPS_EMULATOR_TOKEN DATAOPS_EMULATOR_ACCOUNT DATAOPS_SOLUTION DATAOPS_ENV DATAOPS_OUTPUT
command -v dataops >/dev/null || { printf 'dataops is not on the PATH\n' >&2; exit 2; }

folder=$(mktemp -d)
azure=
finish() {
  if [ -n "$azure" ]; then
    kill "$azure" 2>/dev/null || true
    wait "$azure" 2>/dev/null || true
  fi
  if [ -n "${KEEP:-}" ]; then
    printf 'The solution stays in %s\n' "$folder"
  else
    rm -rf "$folder"
  fi
}
trap finish EXIT
cd "$folder"
mkdir solution
cp -R "$example/." solution
cd solution
rm -rf .dataops out

as_someone() { git -c user.name=someone -c user.email=someone@mail.test "$@"; }
git init --quiet --initial-branch main
git add --all
as_someone commit --quiet --message 'The solution'

say() { printf '\n# %s\n' "$*"; }

# Runs a command that has to end with CODE.
ends_with() {
  local expected=$1 code=0
  shift
  "$@" || code=$?
  if [ "$code" != "$expected" ]; then
    printf '%s ended with %s, not %s\n' "$*" "$code" "$expected" >&2
    return 1
  fi
}

# Starts a local Azure for the commands that follow, in which every environment has a factory of its own.
start_azure() {
  local waited=0
  dataops --quiet emulator --data-dir "$folder/azure" --python "$DATAOPS_PYTHON" --exports "$folder/azure.env" >"$folder/azure.log" 2>&1 &
  azure=$!
  until [ -s "$folder/azure.env" ]; do
    waited=$((waited + 1))
    if [ "$waited" -gt 300 ] || ! kill -0 "$azure" 2>/dev/null; then
      cat "$folder/azure.log" >&2
      return 1
    fi
    sleep 0.1
  done
  # shellcheck disable=SC1091
  . "$folder/azure.env"
  export AZURE_SUBSCRIPTION_ID=00000000-0000-0000-0000-000000000000
  export DATABRICKS_HOST=https://adb-1000000000000001.1.azuredatabricks.net DATABRICKS_CLUSTER_ID=1101-090000-ingest01
}

# Makes a file of sample data with so many rows.
sample() { "$DATAOPS_PYTHON" data/generate.py --rows "$1" --seed 7 --out "$folder/driver-claims.csv"; }
