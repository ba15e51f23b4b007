# The tasks of a contributor; `just --list` names them. Each is one or two lines that can be typed as well.

# Everything that CI checks but the demo.
check: fmt-check clippy test doc

# Format the sources.
fmt:
    cargo fmt --all

# Are the sources formatted?
fmt-check:
    cargo fmt --all --check

# Lint, with warnings as errors.
clippy *ARGS:
    cargo clippy --workspace --all-targets {{ ARGS }} -- -D warnings

# Run the tests, with nextest where it is installed; doc tests too.
test *ARGS:
    #!/usr/bin/env bash
    set -euo pipefail
    export DATAOPS_TEST_PYTHON=$(scripts/python-env.sh)
    if cargo nextest --version >/dev/null 2>&1; then
      cargo nextest run --workspace {{ ARGS }}
      cargo test --workspace --doc
    else
      cargo test --workspace {{ ARGS }}
    fi

# Run the tests of one crate.
test-crate CRATE *ARGS:
    cargo test -p {{ CRATE }} {{ ARGS }}

# Build the documentation, with warnings as errors.
doc:
    RUSTDOCFLAGS=-Dwarnings cargo doc --workspace --no-deps

# Show everything on this machine.
demo *ARGS:
    cargo run --bin dataops -- demo {{ ARGS }}

# Run a local Azure that keeps its data in .dataops/emulator.
emulator *ARGS:
    cargo run --bin dataops -- emulator --data-dir .dataops/emulator {{ ARGS }}

# Run the tests and write changed inline snapshots into the sources; look at the difference before you commit.
snap *ARGS:
    INSTA_UPDATE=always cargo test --workspace {{ ARGS }}
    git diff --stat

# Lint and test the Python sources.
python:
    .ci/run python

# Licences, and advisories where cargo-deny is installed.
licences:
    .ci/run licences

# CPU time and memory of invoke-adf-pipeline.
bench-startup:
    cargo build --release --bin invoke-adf-pipeline --bin dataops
    scripts/measure-startup.sh

# All of CI.
ci *STEPS:
    .ci/run {{ STEPS }}
