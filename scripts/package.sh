#!/usr/bin/env bash
# Packs the programs as a release has them: with completions, manual pages and licences.
#
#   cargo build --profile dist --locked --bins --target TARGET && scripts/package.sh TARGET OUT
#
# PROGRAMS  the folder of the programs; default TARGET/dist in the folder that cargo builds in
#
# It writes OUT/dataops-VERSION-TARGET.tar.gz, or .zip for Windows, and prints its path. The programs are run for what they say of
# themselves, so they must be of this machine's kind.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
target=${1:?the target, such as x86_64-unknown-linux-musl}
out=${2:?the folder that the archive goes into}
programs=${PROGRAMS:-${CARGO_TARGET_DIR:-$root/target}/$target/dist}
suffix=
case $target in *windows*) suffix=.exe ;; esac

dataops=$programs/dataops$suffix
version=$("$dataops" --version | cut -d ' ' -f 2 | tr -d '\r')
name=dataops-$version-$target
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/$name/completions" "$out"
out=$(cd "$out" && pwd)

for program in dataops invoke-adf-pipeline test-data-ingestion; do
  cp "$programs/$program$suffix" "$work/$name/"
done
for shell in bash elvish fish powershell zsh; do
  for program in dataops invoke-adf-pipeline test-data-ingestion; do
    "$dataops" completions "$shell" --program "$program" >"$work/$name/completions/$program.$shell"
  done
done
"$dataops" man "$work/$name/man"
cp "$root"/{README.md,CHANGELOG.md,LICENSE-APACHE,LICENSE-MIT} "$work/$name/"

cd "$work"
case $target in
  *windows*) archive=$out/$name.zip && rm -f "$archive" && 7z a -bso0 -tzip "$archive" "$name" ;;
  *) archive=$out/$name.tar.gz && tar -czf "$archive" "$name" ;;
esac
printf '%s\n' "$archive"
