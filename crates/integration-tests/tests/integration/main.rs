//! Whole-system suites.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    reason = "a fixture that breaks must stop its test"
)]

mod access;
mod answers;
mod arm_method;
mod bad_input;
mod batch_endpoints;
mod bind;
mod chain;
mod conformance;
mod deployment_faults;
mod deployment_secrets;
mod deployments;
mod destroy;
mod diff;
mod documentation;
mod drop;
mod emulator_program;
mod env_prepare;
mod factory;
mod faults;
mod ingestion;
mod interruption;
mod invoke;
mod key_vault;
mod ledger;
mod ml_targets;
mod notebook_deployment;
mod notebook_folders;
mod notebook_plans;
mod notebooks;
mod official_clients;
mod pains;
mod pipelines;
mod plan;
mod private_endpoints;
mod read_back;
mod restart;
mod run_commands;
mod runs;
mod secrets;
mod smoke;
mod spark;
mod test_data;
mod validation;

use std::collections::BTreeSet;
use std::path::Path;

#[test]
fn no_suite_is_forgotten() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integration");
    let files = std::fs::read_dir(folder).unwrap();
    let files: BTreeSet<_> = files
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "main.rs")
        .map(|name| name.trim_end_matches(".rs").to_owned())
        .collect();

    let listed: BTreeSet<_> = include_str!("main.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';'))
        .map(str::to_owned)
        .collect();

    assert_eq!(files, listed);
}
