//! `dataops diff`: between commits, folders and the working tree, for people, programs and pull requests.

mod comment;
mod merge;

use serde_json::{Value, json};

use crate::environment::{Ended, Program, TestEnvironment};
use crate::git::{commit, git, with_git};

fn diff(environment: &TestEnvironment, args: &[&str]) -> Ended {
    environment.run(Program::Dataops, &[&["diff"], args].concat())
}

fn pipeline(retry: u32, path: &str) -> Value {
    json!({"name": "ingest", "properties": {"activities": [{
        "name": "copy", "type": "Copy", "policy": {"retry": retry},
        "inputs": [{"referenceName": "orders", "type": "DatasetReference", "parameters": {"file": path}}],
    }], "annotations": []}})
}

fn dataset(container: &str) -> Value {
    json!({"name": "orders", "properties": {"type": "Json", "parameters": {"file": {"type": "string"}}, "typeProperties": {"location": {
        "container": container, "fileName": {"value": "@dataset().file", "type": "Expression"}}}}})
}

fn written(environment: TestEnvironment, path: &str, json: &Value) -> TestEnvironment {
    environment.file(path, format!("{json:#}\n"))
}

/// A solution in git: `main` has a pipeline and a dataset, and the working tree is on `work` with changes of both.
fn solution() -> TestEnvironment {
    let environment = with_git(TestEnvironment::new());
    let environment = environment.file("dataops.yaml", "name: x\nadf: { root: factory/adf }\n");
    let environment = written(
        environment,
        "factory/adf/pipeline/ingest.json",
        &pipeline(0, "@{pipeline().RunId}.json"),
    );
    let environment = written(
        environment,
        "factory/adf/dataset/orders.json",
        &dataset("input"),
    );
    commit(&environment, "first");
    git(&environment, &["switch", "--quiet", "--create", "work"]);
    let environment = written(
        environment,
        "factory/adf/pipeline/ingest.json",
        &pipeline(3, "@{pipeline().GroupId}.json"),
    );
    written(
        environment,
        "factory/adf/dataset/orders.json",
        &dataset("archive"),
    )
}

/// The text without ids of commits.
fn shown(ended: &Ended) -> String {
    let mut text = ended.stdout.clone();
    while let Some(at) = text.find(" (").filter(|at| {
        text[at + 2..]
            .chars()
            .take(8)
            .all(|c| c.is_ascii_hexdigit())
    }) {
        text.replace_range(at..at + 11, "");
    }
    text
}

#[test]
fn the_working_tree_is_compared_with_what_it_began_with() {
    let environment = solution();

    let ended = diff(&environment, &[]);

    assert_eq!(
        (ended.code, ended.stderr.as_str()),
        (Some(0), ""),
        "{ended}"
    );
    insta::assert_snapshot!(shown(&ended), @r##"
    HEAD → working tree  2 changed

    ~ pipeline ingest  factory/adf/pipeline/ingest.json
        copy
          ~ policy.retry  0 → 3  line 9  ! run behaviour
          ~ inputs["orders"].parameters.file  "@{pipeline().RunId}.json" → "@{pipeline().GroupId}.json"  line 16  ! data location

    ~ dataset orders (Json)  factory/adf/dataset/orders.json
        ~ location.container  "input" → "archive"  line 12  ! data location
        reaches pipeline ingest
    "##);
}

#[test]
fn commits_are_compared_without_a_checkout() {
    let environment = solution();
    commit(&environment, "second");
    let environment = written(
        environment,
        "factory/adf/pipeline/ingest.json",
        &pipeline(9, "x"),
    );

    let ended = diff(
        &environment,
        &["--base", "main", "--head", "work", "--output", "json"],
    );

    let json = ended.json();
    assert_eq!(
        json["summary"],
        json!({"added": 0, "removed": 0, "renamed": 0, "changed": 2})
    );
    assert_eq!(
        json["changes"][0]["headPath"],
        "factory/adf/pipeline/ingest.json"
    );
    let difference = &json["changes"][0]["differences"][1];
    assert_eq!(
        difference["path"],
        "activities[\"copy\"].inputs[\"orders\"].parameters.file"
    );
    assert_eq!(difference["expression"]["onlyAfter"], json!([".GroupId"]));
    let text =
        std::fs::read_to_string(environment.path("factory/adf/pipeline/ingest.json")).unwrap();
    assert!(text.contains('9'), "{text}");
}

#[test]
fn a_branch_that_went_on_does_not_show_as_a_change() {
    let environment = solution();
    commit(&environment, "second");
    git(&environment, &["switch", "--quiet", "main"]);
    let environment = environment.file("factory/adf/dataset/new.json", "{\"properties\": {}}");
    commit(&environment, "third");
    git(&environment, &["switch", "--quiet", "work"]);

    let since = diff(&environment, &["--output", "json"]).json();
    let against = diff(&environment, &["--base", "main", "--output", "json"]).json();
    let common = diff(
        &environment,
        &["--base", "main", "--merge-base", "--output", "json"],
    )
    .json();

    assert_eq!(
        (&since["summary"]["removed"], &since["summary"]["changed"]),
        (&json!(0), &json!(2))
    );
    assert_eq!(against["summary"]["removed"], 1);
    assert_eq!(common["changes"], since["changes"]);
}

#[test]
fn folders_are_compared_without_git() {
    let environment = written(
        TestEnvironment::new(),
        "a/dataset/orders.json",
        &dataset("input"),
    );
    let environment = written(environment, "b/dataset/orders.json", &dataset("archive"));

    let same = diff(
        &environment,
        &["--adf", "a", "--base", "a/", "--head", "./a", "--exit-code"],
    );
    let other = diff(
        &environment,
        &["--adf", "a", "--base", "a", "--head", "b", "--exit-code"],
    );

    assert_eq!(same.code, Some(0), "{same}");
    assert_eq!(other.code, Some(1), "{other}");
    other.says("location.container  \"input\" → \"archive\"");
}

#[test]
fn what_means_nothing_is_shown_when_it_is_asked_for() {
    let environment = written(
        TestEnvironment::new(),
        "a/pipeline/p.json",
        &json!({"properties": {"lastPublishTime": "1"}}),
    );
    let environment = written(
        environment,
        "b/pipeline/p.json",
        &json!({"properties": {"lastPublishTime": "2", "variables": {}}}),
    );
    let between = ["--adf", "a", "--base", "a", "--head", "b"];

    let plain = diff(&environment, &[&between[..], &["--exit-code"]].concat());
    let all = diff(&environment, &[&between[..], &["--all"]].concat());

    assert_eq!(plain.code, Some(0), "{plain}");
    plain.says("no difference").says("--all");
    all.says("lastPublishTime  \"1\" → \"2\"  line 3  means nothing");
}

#[test]
fn a_folder_that_a_base_did_not_have_yet_is_new() {
    let environment = with_git(TestEnvironment::new()).file("readme.md", "x");
    commit(&environment, "first");
    git(&environment, &["switch", "--quiet", "--create", "work"]);
    let environment = written(environment, "adf/dataset/orders.json", &dataset("input"));
    let environment = environment.file("dataops.yaml", "name: x\nadf: { root: adf }\n");

    let ended = diff(&environment, &[]);

    assert_eq!(ended.code, Some(0), "{ended}");
    ended
        .says("1 added")
        .says("has no folder `adf`; everything counts as added");
}

#[test]
fn what_git_cannot_give_is_told() {
    let environment = solution();
    diff(&environment, &["--base", "nope"])
        .refused(2)
        .says("git knows no commit `nope`");
    diff(
        &environment,
        &["--head", "main", "--adf", "elsewhere", "--base", "main"],
    )
    .refused(2)
    .says("`main` has no folder `elsewhere`");

    let bare = TestEnvironment::new().file("adf/pipeline/p.json", "{}");
    diff(&bare, &["--adf", "adf"])
        .refused(2)
        .says("git cannot be started")
        .says("--base DIR --head DIR");
    let path = std::env::var("PATH").unwrap();
    diff(&bare.with("PATH", &path), &["--adf", "adf"])
        .refused(2)
        .says("is in no git repository");

    let lonely = with_git(TestEnvironment::new()).file("adf/pipeline/p.json", "{}");
    git(&lonely, &["switch", "--quiet", "--create", "work"]);
    commit(&lonely, "first");
    diff(&lonely, &["--adf", "adf"])
        .refused(2)
        .says("git has no branch")
        .says("--base REF");
    diff(&lonely, &["--adf", "adf", "--base", "env:qa"])
        .refused(2)
        .says("there is no dataops.yaml");
}

#[test]
fn a_shallow_clone_is_told_how_to_get_deeper() {
    let environment = solution();
    commit(&environment, "second");
    let origin = format!("file://{}", environment.path(".").display());
    git(
        &environment,
        &[
            "clone", "--quiet", "--depth", "1", "--branch", "work", &origin, "clone",
        ],
    );

    let ended = diff(&environment, &["--solution", "clone", "--base", "main"]);

    ended
        .refused(2)
        .says("git knows no commit `main`")
        .says("fetch-depth: 0");
}

#[test]
fn two_folders_need_no_solution() {
    let environment = written(
        TestEnvironment::new(),
        "one/dataset/orders.json",
        &dataset("input"),
    );
    let environment = written(environment, "two/dataset/orders.json", &dataset("archive"));

    let ended = diff(&environment, &["--base", "one", "--head", "two"]);

    assert_eq!(ended.code, Some(0), "{ended}");
    assert!(ended.stdout.contains("\"input\" → \"archive\""), "{ended}");
}

#[test]
fn the_branch_of_a_pull_request_is_the_one_that_ci_names() {
    let environment = solution();
    commit(&environment, "second");
    git(&environment, &["branch", "release", "work"]);
    let environment = environment.with("GITHUB_BASE_REF", "release");

    let ended = diff(&environment, &["--output", "json"]);

    assert_eq!(ended.json()["changes"], json!([]), "{ended}");
}
