//! The help texts: a change of the interface is a change of these files.

use crate::environment::{Program, TestEnvironment};

/// The help texts: the name of each file, and what it is the help of.
pub(crate) const TEXTS: [(&str, Program, &[&str]); 58] = [
    ("dataops", Program::Dataops, &[]),
    ("dataops-audit", Program::Dataops, &["audit"]),
    ("dataops-bind", Program::Dataops, &["bind"]),
    ("dataops-build", Program::Dataops, &["build"]),
    ("dataops-changed", Program::Dataops, &["changed"]),
    ("dataops-completions", Program::Dataops, &["completions"]),
    ("dataops-contract", Program::Dataops, &["contract"]),
    (
        "dataops-contract-diff",
        Program::Dataops,
        &["contract", "diff"],
    ),
    (
        "dataops-contract-init",
        Program::Dataops,
        &["contract", "init"],
    ),
    (
        "dataops-contract-lint",
        Program::Dataops,
        &["contract", "lint"],
    ),
    (
        "dataops-contract-test",
        Program::Dataops,
        &["contract", "test"],
    ),
    (
        "dataops-contract-profile",
        Program::Dataops,
        &["contract", "profile"],
    ),
    ("dataops-demo", Program::Dataops, &["demo"]),
    ("dataops-deploy", Program::Dataops, &["deploy"]),
    ("dataops-destroy", Program::Dataops, &["destroy"]),
    ("dataops-diff", Program::Dataops, &["diff"]),
    ("dataops-drift", Program::Dataops, &["drift"]),
    ("dataops-drop", Program::Dataops, &["drop"]),
    ("dataops-emulator", Program::Dataops, &["emulator"]),
    ("dataops-env", Program::Dataops, &["env"]),
    ("dataops-env-prepare", Program::Dataops, &["env", "prepare"]),
    ("dataops-eval", Program::Dataops, &["eval"]),
    ("dataops-export", Program::Dataops, &["export"]),
    ("dataops-export-arm", Program::Dataops, &["export", "arm"]),
    ("dataops-graph", Program::Dataops, &["graph"]),
    ("dataops-init", Program::Dataops, &["init"]),
    ("dataops-lease", Program::Dataops, &["lease"]),
    ("dataops-lease-break", Program::Dataops, &["lease", "break"]),
    ("dataops-lease-show", Program::Dataops, &["lease", "show"]),
    ("dataops-migrate", Program::Dataops, &["migrate"]),
    ("dataops-notebook", Program::Dataops, &["notebook"]),
    (
        "dataops-notebook-run",
        Program::Dataops,
        &["notebook", "run"],
    ),
    ("dataops-plan", Program::Dataops, &["plan"]),
    ("dataops-policy", Program::Dataops, &["policy"]),
    (
        "dataops-policy-apply",
        Program::Dataops,
        &["policy", "apply"],
    ),
    (
        "dataops-policy-check",
        Program::Dataops,
        &["policy", "check"],
    ),
    ("dataops-policy-plan", Program::Dataops, &["policy", "plan"]),
    (
        "dataops-policy-schema",
        Program::Dataops,
        &["policy", "schema"],
    ),
    ("dataops-promote", Program::Dataops, &["promote"]),
    ("dataops-review", Program::Dataops, &["review"]),
    ("dataops-rollback", Program::Dataops, &["rollback"]),
    ("dataops-run", Program::Dataops, &["run"]),
    ("dataops-runs", Program::Dataops, &["runs"]),
    ("dataops-runs-cancel", Program::Dataops, &["runs", "cancel"]),
    ("dataops-runs-list", Program::Dataops, &["runs", "list"]),
    ("dataops-runs-rerun", Program::Dataops, &["runs", "rerun"]),
    ("dataops-runs-show", Program::Dataops, &["runs", "show"]),
    ("dataops-schema", Program::Dataops, &["schema"]),
    ("dataops-smoke", Program::Dataops, &["smoke"]),
    ("dataops-test", Program::Dataops, &["test"]),
    ("dataops-triggers", Program::Dataops, &["triggers"]),
    (
        "dataops-triggers-restore",
        Program::Dataops,
        &["triggers", "restore"],
    ),
    (
        "dataops-triggers-start",
        Program::Dataops,
        &["triggers", "start"],
    ),
    (
        "dataops-triggers-status",
        Program::Dataops,
        &["triggers", "status"],
    ),
    (
        "dataops-triggers-stop",
        Program::Dataops,
        &["triggers", "stop"],
    ),
    ("dataops-validate", Program::Dataops, &["validate"]),
    ("invoke-adf-pipeline", Program::Invoke, &[]),
    ("test-data-ingestion", Program::TestData, &[]),
];

#[test]
fn help_texts_are_reviewed() {
    let environment = TestEnvironment::new().with("AZURE_SUBSCRIPTION_ID", "not-to-be-shown");
    for (name, program, command) in TEXTS {
        let ended = environment.run(program, &[command, &["--help"]].concat());

        assert_eq!(
            (ended.code, ended.stderr.as_str()),
            (Some(0), ""),
            "{ended}"
        );
        insta::assert_snapshot!(name, ended.stdout);
    }
}

#[test]
fn every_command_has_a_reviewed_help_text() {
    let ended = TestEnvironment::new().run(Program::Dataops, &["--help"]);

    let commands = ended
        .stdout
        .split("Commands:")
        .nth(1)
        .unwrap()
        .split("Options:")
        .next()
        .unwrap();
    let names = commands
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|name| !name.is_empty());
    for name in names.filter(|name| *name != "help") {
        let snapshot = format!(
            "{}/tests/cli/snapshots/cli__help__dataops-{name}.snap",
            env!("CARGO_MANIFEST_DIR")
        );
        assert!(
            std::path::Path::new(&snapshot).is_file(),
            "add `{name}` to the help texts"
        );
    }
}

#[test]
fn versions_are_told() {
    for (program, name) in [
        (Program::Dataops, "dataops"),
        (Program::Invoke, "invoke-adf-pipeline"),
        (Program::TestData, "test-data-ingestion"),
    ] {
        let ended = TestEnvironment::new().run(program, &["--version"]);

        assert_eq!(
            ended.stdout,
            format!("{name} {}\n", env!("CARGO_PKG_VERSION"))
        );
    }
}
