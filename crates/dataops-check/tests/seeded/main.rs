//! Small broken solutions: a good one with one mistake, found by its rule, at its line, and by no other rule at error level.
//!
//! `base/` is the good solution. A module for each family of rules has a function `cases`; a case is one line.
#![expect(
    clippy::unwrap_used,
    reason = "a step that cannot be done fails its test"
)]

mod accepted;
mod accepted_expressions;
mod across;
mod activities;
mod arm;
mod attacks;
mod environments;
mod expressions;
mod files;
mod globals;
mod harness;
mod leftovers;
mod limits;
mod merges;
mod names;
mod notebooks;
mod overridden;
mod python;
mod references;
mod retired;
mod secrets;
mod shape;
mod triggers;
mod unused;

use std::collections::BTreeSet;

use dataops_check::RULES;
use harness::{Case, Solution};

fn cases() -> Vec<Case> {
    [
        files::cases(),
        shape::cases(),
        leftovers::cases(),
        names::cases(),
        activities::cases(),
        references::cases(),
        expressions::cases(),
        globals::cases(),
        environments::cases(),
        overridden::cases(),
        notebooks::cases(),
        across::cases(),
        arm::cases(),
        python::cases(),
        limits::cases(),
        triggers::cases(),
        unused::cases(),
        secrets::cases(),
        retired::cases(),
    ]
    .concat()
}

#[test]
fn the_good_solution_has_no_finding() {
    let found = Solution::good().check();

    let found: Vec<_> = found.iter().map(harness::shown).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn each_mistake_is_found_by_its_rule_at_its_line() {
    let cases = cases();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);

    let failures: Vec<String> = std::thread::scope(|scope| {
        let parts: Vec<_> = (0..threads)
            .map(|part| {
                let own = cases.iter().skip(part).step_by(threads);
                scope.spawn(move || own.filter_map(Case::failure).collect::<Vec<_>>())
            })
            .collect();
        parts
            .into_iter()
            .flat_map(|part| part.join().unwrap())
            .collect()
    });

    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_rule_has_a_mistake() {
    let seeded: BTreeSet<_> = cases().iter().map(|case| case.rule).collect();

    let without: Vec<_> = RULES
        .iter()
        .map(|rule| rule.id)
        .filter(|id| !seeded.contains(id))
        .collect();
    assert!(without.is_empty(), "{without:?}");
}

#[test]
fn no_mistake_is_counted_twice() {
    let cases = cases();

    let distinct: BTreeSet<_> = cases.iter().map(Case::mistake).collect();

    assert_eq!(distinct.len(), cases.len());
    assert!(
        distinct.len() >= RULES.len(),
        "{} mistakes for {} rules",
        distinct.len(),
        RULES.len()
    );
}

#[test]
fn no_module_is_forgotten() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/seeded");
    let files: BTreeSet<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter_map(|name| Some(name.strip_suffix(".rs")?.to_owned()))
        .filter(|name| name != "main")
        .collect();

    let listed: BTreeSet<_> = include_str!("main.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';'))
        .map(str::to_owned)
        .collect();

    assert_eq!(files, listed);
}
