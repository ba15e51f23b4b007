//! The reference of the documentation: written from what the programs say of themselves, and stale when it says something else.

mod names;
mod schema;
mod variables;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::environment::{Program, TestEnvironment};
use crate::help::TEXTS;
use schema::settings;

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Compares a page with what it ought to be, or writes it.
pub(crate) fn page(name: &str, title: &str, body: &str) {
    let note = "<!-- Written by a test from what the programs say; DATAOPS_WRITE_REFERENCE=1 cargo test --workspace --test cli reference -->";
    let wanted = format!("# {title}\n\n{note}\n\n{body}");
    let path = root().join("docs/src/reference").join(name);
    if std::env::var_os("DATAOPS_WRITE_REFERENCE").is_some() {
        std::fs::write(path, wanted).unwrap();
        return;
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        found == wanted,
        "{name} is stale; write it anew: DATAOPS_WRITE_REFERENCE=1 cargo test --workspace --test cli reference"
    );
}

#[test]
fn every_command_is_in_the_reference() {
    let environment = TestEnvironment::new();
    let mut body = String::new();
    for (_, program, command) in TEXTS {
        let ended = environment.run(program, &[command, &["--help"]].concat());
        let name = match program {
            Program::Dataops => "dataops",
            Program::Invoke => "invoke-adf-pipeline",
            Program::TestData => "test-data-ingestion",
        };
        let title = [&[name], command].concat().join(" ");
        writeln!(
            body,
            "## {title}\n\n```text\n{}\n```\n",
            ended.stdout.trim_end()
        )
        .unwrap();
    }
    page("commands.md", "Commands", &body);
}

/// Text in a cell of a table.
pub(crate) fn cell(text: &str) -> String {
    text.replace('|', "\\|")
        .replace('\n', " ")
        .replace('<', "&lt;")
}

#[test]
fn every_rule_is_in_the_reference() {
    let mut body = "## Of solutions: `dataops validate`\n\n| rule | name | severity | finds |\n|---|---|---|---|\n".to_owned();
    for rule in dataops_check::RULES.iter() {
        let (id, name, severity) = (rule.id, rule.name, rule.severity.word());
        writeln!(
            body,
            "| {id} | {name} | {severity} | {} |",
            cell(rule.summary)
        )
        .unwrap();
    }
    body.push_str("\n## Of data contracts: `dataops contract lint`\n\n| rule | name | level | finds |\n|---|---|---|---|\n");
    for rule in data_contract::lint::RULES {
        let level = format!("{:?}", rule.level).to_lowercase();
        writeln!(
            body,
            "| {} | {} | {level} | {} |",
            rule.id,
            rule.name,
            cell(rule.summary)
        )
        .unwrap();
    }
    page("rules.md", "Rules", &body);
}

#[test]
fn every_check_of_training_data_is_in_the_reference_with_its_keys() {
    let path = root().join("docs/src/reference/contract-checks.md");
    let page = std::fs::read_to_string(path).unwrap();
    let rows = |name: &str| -> Vec<&str> {
        let named = format!("`{name}`");
        let first = |row: &&str| row.split('|').nth(1).is_some_and(|it| it.contains(&named));
        page.lines().filter(first).collect()
    };
    for check in data_contract::ml::CHECKS {
        let [row] = rows(check.name)[..] else {
            panic!("{} has not one row", check.name);
        };
        for (key, _) in check.keys {
            assert!(row.contains(&format!("`{key}`")), "{}: {key}", check.name);
        }
    }
    for method in data_contract::ml::METHODS {
        assert_eq!(rows(method).len(), 1, "{method}");
    }
}

#[test]
fn every_setting_is_in_the_reference() {
    let mut body = String::new();
    for (file, schema) in [
        ("dataops.yaml", dataops_solution::schema::SCHEMA),
        ("branch-policy.yaml", branch_policy::schema::SCHEMA),
    ] {
        let schema: Value = serde_json::from_str(schema).unwrap();
        writeln!(body, "## {file}\n\n| key | is | |\n|---|---|---|").unwrap();
        settings(&schema, &schema, "", 12, &mut body);
        body.push('\n');
    }
    page("settings.md", "Settings", &body);
}

#[test]
fn every_exit_code_is_in_the_reference() {
    let ended = TestEnvironment::new().run(Program::Dataops, &["--help"]);
    let words: Vec<_> = ended.stdout.split_whitespace().collect();
    let text = words.join(" ");
    let codes = text.split("Exit codes: ").nth(1).unwrap();
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let table = readme.split("\n## Exit codes\n\n").nth(1).unwrap();
    let table = table.split("\n\n").next().unwrap();
    // The README says more of each, and of none less than the help.
    let numbers = |text: &mut dyn Iterator<Item = &str>| -> Vec<String> {
        text.filter_map(|it| it.split_whitespace().next().map(str::to_owned))
            .collect()
    };
    let rows = &mut table.lines().skip(2).map(|row| row.trim_start_matches('|'));
    assert_eq!(numbers(&mut codes.split(" · ")), numbers(rows));
    let body = format!("{table}\n");
    page("exit-codes.md", "Exit codes", &body);
}
