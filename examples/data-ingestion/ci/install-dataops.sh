#!/usr/bin/env bash
# Puts the programs of dataops on the PATH of an agent: a released archive, checked against its SHA-256 before anything of it is run.
#
# DATAOPS_VERSION   the version; nothing is done where `dataops` of that version is there already, as in the container image
# DATAOPS_SHA256    what the archive must have; without it, what the file SHA256SUMS of the release says
# DATAOPS_RELEASES  where releases are; default https://github.com/dataops-rs/dataops/releases/download
# DATAOPS_HOME      where the archive goes; the cache of the pipeline keeps this folder; default ~/.dataops
#
# The programs are unpacked there too; on an agent, into the job's own folder for temporary files: a cache that has both is twice as much to
# bring, and what is unpacked again each time is what was checked.
set -euo pipefail

version=${DATAOPS_VERSION:?the version that is to be installed}
home=${DATAOPS_HOME:-$HOME/.dataops}
releases=${DATAOPS_RELEASES:-https://github.com/dataops-rs/dataops/releases/download}

fail() { printf 'install-dataops: %s\n' "$*" >&2; exit 1; }
sum() { if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1; }

# A cache of a folder that is not there is an error of its own.
mkdir -p "$home/$version"

if command -v dataops >/dev/null && [ "$(dataops --version | tr -d '\r')" = "dataops $version" ]; then
  printf 'dataops %s is there already\n' "$version"
  exit
fi

kind=tar.gz
case $(uname -s)-$(uname -m) in
  Linux-x86_64) target=x86_64-unknown-linux-musl ;;
  Linux-aarch64 | Linux-arm64) target=aarch64-unknown-linux-musl ;;
  Darwin-x86_64) target=x86_64-apple-darwin ;;
  Darwin-arm64) target=aarch64-apple-darwin ;;
  MINGW*-x86_64 | MSYS*-x86_64 | CYGWIN*-x86_64) target=x86_64-pc-windows-msvc kind=zip ;;
  *) fail "there is no release for $(uname -s) on $(uname -m)" ;;
esac
name=dataops-$version-$target
archive=$home/$version/$name.$kind
sums=$home/$version/SHA256SUMS

# What is only half there never has the name of what is whole.
download() {
  curl --fail --silent --show-error --location --retry 3 --output "$2.part" "$1" || fail "$1 cannot be downloaded"
  mv "$2.part" "$2"
}
[ -s "$archive" ] || download "$releases/v$version/$name.$kind" "$archive"

# An archive of the cache is checked, too; sums of the cache that do not fit it may be what is broken, and are asked for anew.
said() { awk -v name="$name.$kind" '{ sub(/^\*/, "", $2) } $2 == name { print $1 }' "$sums"; }
expected=${DATAOPS_SHA256:-}
if [ -z "$expected" ]; then
  if [ ! -s "$sums" ] || [ "$(said)" != "$(sum "$archive")" ]; then
    download "$releases/v$version/SHA256SUMS" "$sums"
  fi
  expected=$(said)
fi
expected=$(printf '%s' "$expected" | tr -d '[:space:]' | tr '[:upper:]' '[:lower:]')
[ -n "$expected" ] || fail "the release says no SHA-256 of $name.$kind"
if [ "$(sum "$archive")" != "$expected" ]; then
  rm -f "$archive"
  fail "$name.$kind has another SHA-256 than $expected, and was removed"
fi

within=${AGENT_TEMPDIRECTORY:-${RUNNER_TEMP:-$home}}
if command -v cygpath >/dev/null; then within=$(cygpath -u "$within"); fi
bin=$within/$version/bin
mkdir -p "${bin%/*}"
rm -rf "$bin" "$bin.part"
mkdir -p "$bin.part"
case $kind in
  zip) unzip -q "$archive" -d "$bin.part" ;;
  *) tar -xzf "$archive" -C "$bin.part" ;;
esac
mv "$bin.part/$name" "$bin"
rm -rf "$bin.part"
"$bin/dataops" --version

# Agents on Windows want a path of Windows.
if command -v cygpath >/dev/null; then bin=$(cygpath -w "$bin"); fi
if [ -n "${TF_BUILD:-}" ]; then
  printf '##vso[task.prependpath]%s\n' "$bin"
elif [ -n "${GITHUB_PATH:-}" ]; then
  printf '%s\n' "$bin" >>"$GITHUB_PATH"
else
  printf 'add %s to the PATH\n' "$bin"
fi
