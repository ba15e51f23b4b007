#!/usr/bin/env bash
# Puts the programs of dataops on the PATH of an agent: a released archive, checked against its SHA-256 before anything of it is run.
#
# DATAOPS_VERSION   the version; nothing is done where `dataops` of that version is there already, as in the container image
# DATAOPS_SHA256    what the archive must have; without it, what the file SHA256SUMS of the release says
# DATAOPS_RELEASES  where releases are; default https://github.com/dataops-rs/dataops/releases/download
# DATAOPS_HOME      where it goes; the cache of the pipeline keeps this folder; default ~/.dataops
set -euo pipefail

version=${DATAOPS_VERSION:?the version that is to be installed}
home=${DATAOPS_HOME:-$HOME/.dataops}
releases=${DATAOPS_RELEASES:-https://github.com/dataops-rs/dataops/releases/download}

fail() { printf 'install-dataops: %s\n' "$*" >&2; exit 1; }
sum() { if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1; }

if command -v dataops >/dev/null && [ "$(dataops --version)" = "dataops $version" ]; then
  printf 'dataops %s is there already\n' "$version"
  exit
fi

case $(uname -s)-$(uname -m) in
  Linux-x86_64) target=x86_64-unknown-linux-musl ;;
  Linux-aarch64 | Linux-arm64) target=aarch64-unknown-linux-musl ;;
  Darwin-x86_64) target=x86_64-apple-darwin ;;
  Darwin-arm64) target=aarch64-apple-darwin ;;
  *) fail "there is no release for $(uname -s) on $(uname -m)" ;;
esac
name=dataops-$version-$target
archive=$home/$version/$name.tar.gz
mkdir -p "$home/$version"

download() { curl --fail --silent --show-error --location --retry 3 --output "$2" "$1"; }
[ -s "$archive" ] || download "$releases/v$version/$name.tar.gz" "$archive.part"
[ ! -e "$archive.part" ] || mv "$archive.part" "$archive"

# An archive of the cache is checked, too.
expected=${DATAOPS_SHA256:-}
if [ -z "$expected" ]; then
  sums=$home/$version/SHA256SUMS
  [ -s "$sums" ] || download "$releases/v$version/SHA256SUMS" "$sums"
  expected=$(awk -v name="$name.tar.gz" '$2 == name { print $1 }' "$sums")
fi
[ -n "$expected" ] || fail "the release says no SHA-256 of $name.tar.gz"
if [ "$(sum "$archive")" != "$expected" ]; then
  rm -f "$archive"
  fail "$name.tar.gz has another SHA-256 than $expected, and was removed"
fi

bin=$home/$version/bin
rm -rf "$bin"
mkdir -p "$bin"
tar -xzf "$archive" -C "$bin" --strip-components 1
"$bin/dataops" --version

if [ -n "${TF_BUILD:-}" ]; then
  printf '##vso[task.prependpath]%s\n' "$bin"
elif [ -n "${GITHUB_PATH:-}" ]; then
  printf '%s\n' "$bin" >>"$GITHUB_PATH"
else
  printf 'add %s to the PATH\n' "$bin"
fi
