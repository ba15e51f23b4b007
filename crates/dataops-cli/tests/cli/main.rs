//! The programs, in processes of their own, against scripted services.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    reason = "a step that cannot be done fails its test"
)]

mod arguments;
mod build;
mod changed;
mod ci;
mod completions;
mod contract_changes;
mod contract_reports;
mod contracts;
mod contracts_chosen;
mod contracts_executed;
mod contracts_planned;
mod contracts_reported;
mod data;
mod day_two;
mod delta;
mod diff;
mod diff_secrets;
mod environment;
mod export;
mod factory;
mod faults;
mod git;
mod graph;
mod help;
mod limits;
mod migrate;
mod notebook;
mod operations;
mod output;
mod policy;
mod python_lint;
mod reference;
mod review;
mod runs;
mod secrets;
mod settings;
mod signals;
mod validate;
mod validate_solution;

use std::collections::BTreeSet;
use std::path::Path;

#[test]
fn no_module_is_forgotten() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli");
    let files: BTreeSet<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".rs") && name != "main.rs")
        .collect();

    let listed: BTreeSet<_> = include_str!("main.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';'))
        .map(|name| format!("{name}.rs"))
        .collect();

    assert_eq!(files, listed);
}
