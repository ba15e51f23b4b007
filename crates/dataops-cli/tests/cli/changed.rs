//! `dataops changed`: what a change touches, for people, programs and both CI systems.

use std::fs;

use serde_json::Value;

use crate::environment::{Ended, Program, TestEnvironment, shows};
use crate::git::{commit, git, with_git};

const SETTINGS: &str = "name: x
adf: { root: adf }
notebooks: { root: notebooks, target: /Shared/x }
contracts: [contracts/*.yaml]
environments:
  local: { emulator: true }
  qa: { dataFactory: adf-qa, overrides: { linkedService.S.typeProperties.url: qa } }
  uat: { extends: qa, after: qa, overrides: { linkedService.S.typeProperties.url: uat } }
";

const PIPELINE: &str = r#"{"name": "p", "properties": {"activities": [], "annotations": []}}"#;

/// A solution in the folder `team`; `main` has it, and `work` is checked out.
fn solution() -> TestEnvironment {
    let environment = with_git(TestEnvironment::new())
        .file("team/dataops.yaml", SETTINGS)
        .file("team/adf/pipeline/p.json", PIPELINE)
        .file(
            "team/notebooks/prepare.py",
            "# Databricks notebook source\nprint(1)\n",
        );
    commit(&environment, "first");
    git(&environment, &["switch", "--quiet", "--create", "work"]);
    environment
}

fn changed(environment: &TestEnvironment, args: &[&str]) -> Ended {
    let args = [&["changed", "--solution", "team"], args].concat();
    environment.run(Program::Dataops, &args)
}

fn json(environment: &TestEnvironment, args: &[&str]) -> Value {
    let ended = changed(environment, &[args, &["--output", "json"]].concat());
    assert_eq!(ended.code, Some(0), "{ended}");
    ended.json()
}

/// The parts that are touched.
fn parts(changed: &Value) -> Vec<&str> {
    let parts = changed["parts"].as_object().unwrap().iter();
    let touched = parts.filter(|(_, part)| part["changed"] == true);
    touched.map(|(name, _)| name.as_str()).collect()
}

/// The environments that are deployed to.
fn deployed(changed: &Value) -> Vec<&str> {
    let environments = changed["environments"].as_object().unwrap().iter();
    let deployed = environments.filter(|(_, work)| work["deploy"] == true);
    deployed.map(|(name, _)| name.as_str()).collect()
}

/// A text without ids of commits.
fn without_ids(mut ended: Ended) -> Ended {
    for text in [&mut ended.stdout, &mut ended.stderr] {
        while let Some(at) = text.find(" (").filter(|at| {
            let id = text.get(at + 2..at + 10);
            id.is_some_and(|id| id.bytes().all(|byte| byte.is_ascii_hexdigit()))
        }) {
            text.replace_range(at..at + 11, "");
        }
    }
    ended
}

#[test]
fn people_see_what_is_touched_and_why() {
    let environment = solution()
        .file(
            "team/notebooks/prepare.py",
            "# Databricks notebook source\nprint(2)\n",
        )
        .file(
            "team/dataops.yaml",
            SETTINGS.replace(": uat }", ": other }"),
        )
        .file("other/notes.md", "no part of the solution");
    commit(&environment, "second");

    shows!(without_ids(changed(&environment, &["--base", "main"])), @r"
    exit: 0
    ----- stdout
    compared with the merge base with main

     touched     by
    ─────────────────────────────────────────────────────────────────────────────────────────
     notebooks   team/notebooks/prepare.py
     python      team/notebooks/prepare.py
     settings    dataops.yaml: environments.uat.overrides.linkedService.S.typeProperties.url

     environment   to do             because of
    ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
     local         deploy and test   notebooks
     qa            deploy and test   notebooks
     uat           deploy and test   notebooks, dataops.yaml: environments.uat.overrides.linkedService.S.typeProperties.url
    ----- stderr
    ");
}

#[test]
fn environments_are_told_in_their_order() {
    let environment = solution().file(
        "team/dataops.yaml",
        SETTINGS.replace("  uat:", "  acceptance: { extends: qa, after: qa }\n  uat:"),
    );
    commit(&environment, "second");

    let ended = changed(&environment, &["--base", "main"]);

    let lines: Vec<_> = ended.stdout.lines().map(str::trim_start).collect();
    let at = |name: &str| lines.iter().position(|line| line.starts_with(name));
    let places = ["local", "qa", "acceptance", "uat"].map(|name| at(name).unwrap());
    assert!(places.is_sorted(), "{ended}");
}

#[test]
fn what_main_has_got_meanwhile_is_no_part_of_the_change() {
    let environment = solution().file("team/contracts/c.yaml", "kind: DataContract\n");
    commit(&environment, "ours");
    git(&environment, &["switch", "--quiet", "main"]);
    let environment = environment.file("team/notebooks/theirs.py", "print(3)\n");
    commit(&environment, "theirs");
    git(&environment, &["switch", "--quiet", "work"]);

    let since = json(&environment, &["--base", "main"]);
    let against = json(&environment, &["--base", "main", "--exact"]);

    assert_eq!(parts(&since), ["contracts"]);
    assert_eq!(parts(&against), ["contracts", "notebooks", "python"]);
    assert!(deployed(&since).is_empty());
    assert_eq!(since["environments"]["uat"]["test"], true);
}

#[test]
fn what_is_in_no_commit_is_told_and_not_looked_at() {
    let environment = solution()
        .file("team/notebooks/prepare.py", "print(2)\n")
        .file("team/notes.md", "no part of the solution");
    let one = changed(&environment, &["--base", "main"]);
    let environment = environment
        .file("team/adf/pipeline/new.json", PIPELINE)
        .file("team/dataops.yaml", format!("{SETTINGS}# mine\n"));
    let more = json(&environment, &["--base", "main"]);
    let told = changed(&environment, &["--base", "main"]);
    commit(&environment, "second");
    let committed = changed(&environment, &["--base", "main"]);
    let environment = environment.file("team/notebooks/prepare.py", "print(3)\n");
    let older = changed(&environment, &["--base", "main", "--head", "main"]);

    one.says("what is changed in team/notebooks/prepare.py is in no commit, and is not looked at");
    told.says("what is changed in team/adf/pipeline/new.json and 2 more files is in no commit")
        .says("hint: commit it, and ask again");
    assert!(parts(&more).is_empty(), "{more}");
    for silent in [committed, older] {
        assert!(!silent.stderr.contains("in no commit"), "{silent}");
    }
}

#[test]
fn documents_that_mean_the_same_are_not_deployed() {
    let spelled = PIPELINE.replace(": ", ":\n    ");
    let environment = solution().file("team/adf/pipeline/p.json", spelled);
    commit(&environment, "formatted");
    let formatted = json(&environment, &["--base", "main"]);
    let environment = environment.file(
        "team/adf/pipeline/p.json",
        PIPELINE.replace("\"activities\"", "\"description\": \"d\", \"activities\""),
    );
    commit(&environment, "described");
    let described = json(&environment, &["--base", "main"]);

    assert_eq!(parts(&formatted), ["adf"]);
    assert!(deployed(&formatted).is_empty());
    assert_eq!(deployed(&described), ["local", "qa", "uat"]);
}

#[test]
fn a_first_push_touches_everything() {
    let environment = solution();

    for base in ["0000000000000000000000000000000000000000", ""] {
        let all = json(&environment, &["--base", base]);
        assert_eq!(deployed(&all), ["local", "qa", "uat"], "{base}");
        assert_eq!(
            parts(&all),
            ["adf", "ci", "contracts", "notebooks", "python", "settings"]
        );
    }
}

#[test]
fn a_moved_file_touches_both_places_and_nothing_touches_nothing() {
    let environment = solution();
    let nothing = json(&environment, &["--base", "main"]);
    git(
        &environment,
        &["mv", "team/notebooks/prepare.py", "team/prepare.txt"],
    );
    commit(&environment, "moved");
    let moved = json(&environment, &["--base", "main"]);

    assert!(parts(&nothing).is_empty(), "{nothing}");
    assert_eq!(parts(&moved), ["notebooks", "python"]);
    assert_eq!(
        moved["parts"]["notebooks"]["why"][0],
        "team/notebooks/prepare.py → team/prepare.txt"
    );
}

#[test]
fn what_somebody_may_run_now_is_not_deployed() {
    let environment = solution();
    let executable = ["update-index", "--chmod=+x", "team/notebooks/prepare.py"];
    git(&environment, &executable);
    git(&environment, &["commit", "--quiet", "--message", "mode"]);

    let changed = json(&environment, &["--base", "main"]);

    assert_eq!(parts(&changed), ["python"], "{changed}");
    assert!(deployed(&changed).is_empty(), "{changed}");
}

#[test]
fn a_shallow_clone_is_told_with_what_helps() {
    let environment = solution().file("team/notebooks/b.py", "print(3)\n");
    commit(&environment, "second");
    let url = format!("file://{}", environment.path(".").display());
    git(
        &environment,
        &[
            "clone", "--quiet", "--depth", "1", "--branch", "work", &url, "shallow",
        ],
    );
    git(
        &environment,
        &["-C", "shallow", "remote", "set-branches", "origin", "*"],
    );
    git(
        &environment,
        &["-C", "shallow", "fetch", "--quiet", "--depth", "1"],
    );

    let args = [
        "changed",
        "--solution",
        "shallow/team",
        "--base",
        "origin/main",
    ];
    let ended = environment.run(Program::Dataops, &args);
    let unknown = ["changed", "--solution", "shallow/team", "--base", "main~1"];
    let unknown = environment.run(Program::Dataops, &unknown);

    for ended in [&ended, &unknown] {
        ended
            .refused(2)
            .says("the clone is shallow: fetch its history");
    }
}

#[test]
fn azure_pipelines_gets_output_variables() {
    let environment = solution().file("team/notebooks/prepare.py", "print(2)\n");
    commit(&environment, "second");
    let environment = environment.with("TF_BUILD", "True");

    let ended = changed(&environment, &["--base", "main"]);

    let commands: Vec<_> = ended
        .stdout
        .lines()
        .filter_map(|line| line.strip_prefix("##vso[task.setvariable variable="))
        .collect();
    assert_eq!(
        commands,
        [
            "adf;isOutput=true]false",
            "ci;isOutput=true]false",
            "contracts;isOutput=true]false",
            "ml;isOutput=true]false",
            "notebooks;isOutput=true]true",
            "python;isOutput=true]true",
            "settings;isOutput=true]false",
            "any;isOutput=true]true",
            "deploy;isOutput=true]true",
            "deploy_local;isOutput=true]true",
            "test_local;isOutput=true]true",
            "deploy_qa;isOutput=true]true",
            "test_qa;isOutput=true]true",
            "deploy_uat;isOutput=true]true",
            "test_uat;isOutput=true]true",
            "environments;isOutput=true][\"qa\",\"uat\"%5D",
        ],
        "{ended}"
    );
}

#[test]
fn the_list_of_environments_is_in_the_order_of_the_settings() {
    let settings = SETTINGS.replace("uat", "acceptance");
    let environment = solution().file("team/dataops.yaml", settings);
    commit(&environment, "renamed");
    let environment = environment.with("TF_BUILD", "True");

    let ended = changed(
        &environment,
        &["--base", "0000000000000000000000000000000000000000"],
    );

    let list = "environments;isOutput=true][\"qa\",\"acceptance\"%5D";
    assert!(ended.stdout.contains(list), "{ended}");
}

#[test]
fn github_gets_outputs_of_the_step_or_a_failure() {
    let environment = solution().file("team/contracts/c.yaml", "kind: DataContract\n");
    commit(&environment, "second");
    let outputs = environment.path("outputs");
    let environment = environment
        .with("GITHUB_ACTIONS", "true")
        .with("GITHUB_BASE_REF", "main")
        .with("GITHUB_OUTPUT", outputs.to_str().unwrap());

    let ended = changed(&environment, &[]);
    let unwritable = environment.with("GITHUB_OUTPUT", "/nowhere/outputs");
    let lost = changed(&unwritable, &[]);

    assert_eq!(ended.code, Some(0), "{ended}");
    let written = fs::read_to_string(outputs).unwrap();
    for line in [
        "adf=false",
        "contracts=true",
        "deploy=false",
        "test_qa=true",
        "environments=[\"qa\",\"uat\"]",
    ] {
        assert!(written.lines().any(|it| it == line), "{line}\n{written}");
    }
    assert_eq!(lost.code, Some(2), "{lost}");
    lost.says("the outputs of the step cannot be written");
}

#[test]
fn what_cannot_be_known_is_told() {
    let environment = solution();

    let unknown = changed(&environment, &["--base", "nowhere"]);
    unknown.refused(2).says("git knows no commit `nowhere`");
    let environment = environment.file("team/dataops.yaml", "name: [\n");
    commit(&environment, "broken");
    changed(&environment, &["--base", "main"])
        .refused(2)
        .says("dataops.yaml:");
    let environment = environment.file("team/dataops.yaml", SETTINGS);
    commit(&environment, "mended");
    let since = changed(&environment, &["--base", "HEAD~1", "--exact"]);
    assert_eq!(since.code, Some(0), "{since}");
    since.says("everything counts as changed");
    let absent = changed(&environment, &["--deployed", "prod"]);
    absent.refused(2).says("there is no environment `prod`");
}
