#!/usr/bin/env bash
# Makes a virtual environment from pinned lists and prints the path of its interpreter, and nothing else, on stdout.
#
#   scripts/python-env.sh [LIST...]      default: scripts/requirements-test.txt
#
# DATAOPS_PYTHON_HOME  where environments go, each in a folder of its lists; default ~/.cache/dataops
# PYTHON               the interpreter that makes it; default: the first of python3.13, 3.12, 3.11, 3.14, python3
#
# A second call with the same lists does nothing and takes no time. Calls at the same time wait for each other.
# Exit codes: 0 ready; 1 the installation failed; 2 usage, or no usable Python.
set -euo pipefail

say() { printf 'python-env: %s\n' "$*" >&2; }

find_python() {
  local candidate
  for candidate in ${PYTHON:+"$PYTHON"} python3.13 python3.12 python3.11 python3.14 python3; do
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
    if [ "$candidate" = "${PYTHON:-}" ]; then
      say "PYTHON=$PYTHON is not a Python 3.11 to 3.14 with the venv module"
      return 1
    fi
  done
  say "no Python 3.11 to 3.14 with the venv module on PATH"
  say "hint: install one (Debian, Ubuntu: apt install python3 python3-venv), or name it in PYTHON"
  return 1
}

# The list and the lists that it includes, as one text.
read_list() {
  local list=$1 included
  [ -r "$list" ] || { say "cannot read the list $list"; return 2; }
  cat "$list"
  while read -r included; do
    read_list "$(dirname "$list")/$included" || return
  done < <(sed -n 's/^-r *//p' "$list" | tr -d '\r')
}

main() {
  local root python content key home log list
  root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
  [ $# -gt 0 ] || set -- "$root/requirements-test.txt"
  python=$(find_python) || exit 2
  content=$("$python" -V)
  for list in "$@"; do
    content+=$(read_list "$list") || exit 2
  done
  key=$(printf '%s' "$content" | "$python" -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest()[:16])')
  # Other lists have another folder, so that none takes the place of one that is in use.
  home=${DATAOPS_PYTHON_HOME:-$HOME/.cache/dataops}/python-$key

  if [ "$(cat "$home/.dataops-lists" 2>/dev/null)" = "$key" ] && "$home/bin/python" -c '' 2>/dev/null; then
    printf '%s\n' "$home/bin/python"
    return
  fi
  mkdir -p "$(dirname "$home")" || exit 2
  # The lock belongs to the open file, which this shell holds until it ends, however it ends.
  exec 9>"$home.lock"
  "$python" -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX)'
  if [ "$(cat "$home/.dataops-lists" 2>/dev/null)" = "$key" ] && "$home/bin/python" -c '' 2>/dev/null; then
    printf '%s\n' "$home/bin/python"
    return
  fi
  if [ -n "$(ls -A "$home" 2>/dev/null)" ] && [ ! -e "$home/.dataops-lists" ] && [ ! -e "$home.log" ]; then
    say "$home is not empty and was not made here; it is left as it is"
    say "hint: set DATAOPS_PYTHON_HOME to a folder of its own"
    exit 2
  fi

  local lists=()
  for list in "$@"; do lists+=(-r "$list"); done
  log=$home.log
  say "installing into $home"
  if ! { "$python" -m venv --clear "$home" &&
    "$home/bin/python" -m pip install --disable-pip-version-check --no-input --no-deps --only-binary :all: \
      --no-compile "${lists[@]}" &&
    "$home/bin/python" -m pip check; } >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    say "the installation failed; all of its output is in $log"
    exit 1
  fi
  # pip would compile on one core, and the packages' own tests too, which is most of what there is.
  "$home/bin/python" -m compileall -q -j 0 -x '[/\\]tests[/\\]' "$home/lib" >>"$log" 2>&1 || true
  printf '%s\n' "$key" >"$home/.dataops-lists"
  printf '%s\n' "$home/bin/python"
}

main "$@"
