#!/usr/bin/env python3
"""Checks that deny.toml allows the licence of every crate that is built, without tools beyond cargo.

Prints each crate that is not allowed, and each allowed licence that no crate needs.
Exit code 1 when a crate is not allowed.
"""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path


def holds(expression, allowed):
    """Whether `allowed` satisfies a licence expression of SPDX; `/` is the old way to write OR."""
    tokens = re.findall(r"\(|\)|/|[^\s()/]+", expression)
    position = 0

    def peek():
        return tokens[position].upper() if position < len(tokens) else ""

    def take():
        nonlocal position
        position += 1
        return tokens[position - 1]

    def either():
        value = both()
        while peek() in ("OR", "/"):
            take()
            other = both()
            value = value or other
        return value

    def both():
        value = one()
        while peek() == "AND":
            take()
            other = one()
            value = value and other
        return value

    def one():
        if peek() == "(":
            take()
            value = either()
            take()
            return value
        name = take()
        if peek() == "WITH":
            name = f"{name} {take()} {take()}"
        if name in allowed:
            needed.add(name)
        return name in allowed

    needed = set()
    return either(), needed


def main():
    root = Path(__file__).resolve().parent.parent
    allowed = tomllib.loads((root / "deny.toml").read_text())["licenses"]["allow"]
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--all-features"]
    packages = json.loads(subprocess.run(command, cwd=root, check=True, stdout=subprocess.PIPE).stdout)["packages"]
    refused, needed = [], set()
    for package in packages:
        good, licences = holds(package["license"] or "none", allowed)
        needed |= licences
        if not good:
            refused.append(f"{package['name']} {package['version']}: {package['license']}")
    for line in refused:
        print(f"not allowed: {line}")
    for licence in allowed:
        if licence not in needed:
            print(f"allowed, but no crate has it: {licence}")
    print(f"{len(packages) - len(refused)} of {len(packages)} crates have an allowed licence")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
