//! `dataops build`: a solution becomes one bundle.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::environment::{Program, TestEnvironment, shows};

const SETTINGS: &str = "\
name: ingest
adf: { root: adf }
notebooks: { root: notebooks, target: /Shared/ingest }
environments:
  qa:
    subscription: \"${SUBSCRIPTION}\"
    resourceGroup: rg
    dataFactory: adf-qa
    databricks: { host: https://adb-1.2.azuredatabricks.test }
";

fn solution() -> TestEnvironment {
    TestEnvironment::new()
        .file("s/dataops.yaml", SETTINGS)
        .file(
            "s/adf/pipeline/copy.json",
            r#"{"name": "copy", "properties": {"activities": []}}"#,
        )
        .file(
            "s/adf/factory/adf-dev.json",
            r#"{"name": "adf-dev", "properties": {}}"#,
        )
        .file("s/notebooks/prepare.py", "# Databricks notebook source\n")
}

fn git(folder: &Path, args: &[&str]) {
    let answer = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["-c", "user.name=x", "-c", "user.email=x@example.test"])
        .args(["-c", "commit.gpgSign=false"])
        .args(args)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .unwrap();
    assert!(
        answer.status.success(),
        "{}",
        String::from_utf8_lossy(&answer.stderr)
    );
}

/// Every file below a folder, with its bytes.
fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if entry.path().is_dir() {
            let below = tree(&entry.path()).into_iter();
            files.extend(below.map(|(path, bytes)| (format!("{name}/{path}"), bytes)));
        } else {
            files.insert(name, fs::read(entry.path()).unwrap());
        }
    }
    files
}

#[test]
fn a_bundle_says_what_it_is() {
    let environment = solution();

    let ended = environment.run(
        Program::Dataops,
        &["build", "--solution", "s", "--out", "out/bundle"],
    );

    insta::with_settings!({ filters => [("[0-9a-f]{64}", "[DIGEST]"), (r"\d+\.\d kB", "[SIZE]")] }, {
        insta::assert_snapshot!(ended, @r"
        exit: 0
        ----- stdout
        bundle  out/bundle (made)
        digest  [DIGEST]
        source  not known to git
        files   2 documents of Data Factory, 6 templates, 2 others; [SIZE]
        ----- stderr
        warning: the bundle does not say which commit it was made of: git does not know [HOME]/s: git cannot be run: No such file or directory (os error 2)
        ");
    });
    let text =
        String::from_utf8(tree(&environment.path("out/bundle"))["solution/dataops.yaml"].clone())
            .unwrap();
    assert_eq!(text, SETTINGS);
}

#[test]
fn a_bundle_of_a_commit_names_it_and_is_the_same_in_every_clone() {
    let environment = solution();
    let path = std::env::var("PATH").unwrap();
    let environment = environment
        .with("PATH", &path)
        .with("GIT_CONFIG_GLOBAL", "/dev/null");
    git(&environment.path("s"), &["init", "--quiet"]);
    git(&environment.path("s"), &["add", "."]);
    git(
        &environment.path("s"),
        &["commit", "--quiet", "--message", "first"],
    );
    let clone = environment.path("a/clone");
    git(
        &environment.path("s"),
        &["clone", "--quiet", ".", clone.to_str().unwrap()],
    );

    let build = |solution, out| {
        [
            "build",
            "--output",
            "json",
            "--solution",
            solution,
            "--out",
            out,
        ]
    };
    let first = environment.run(Program::Dataops, &build("s", "one"));
    let second = environment.run(Program::Dataops, &build("a/clone/adf", "two"));

    assert_eq!(
        (first.code, first.stderr.as_str()),
        (Some(0), ""),
        "{first}"
    );
    assert_eq!(
        tree(&environment.path("one")),
        tree(&environment.path("two"))
    );
    let (first, second) = (first.json(), second.json());
    assert_eq!(first["digest"], second["digest"]);
    assert_eq!(first["source"]["dirty"], false);
    assert_eq!(first["source"]["commit"].as_str().unwrap().len(), 40);
    let environment = environment.file("s/notebooks/new.py", "");
    let dirty = environment.run(
        Program::Dataops,
        &["build", "--solution", "s", "--out", "one"],
    );
    assert_eq!(dirty.code, Some(0), "{dirty}");
    dirty
        .says("made, in the place of an older one")
        .says("changes that are in no commit");
}

#[test]
fn a_changed_bundle_does_not_hold() {
    let environment = solution();
    let build = ["build", "--solution", "s", "--out", "bundle"];
    assert_eq!(environment.run(Program::Dataops, &build).code, Some(0));
    let verified = environment.run(Program::Dataops, &["build", "--verify", "bundle"]);
    assert_eq!(verified.code, Some(0), "{verified}");
    verified.says("bundle (as it was sealed)");

    let environment = environment
        .file("bundle/solution/adf/pipeline/copy.json", "{}")
        .file("bundle/solution/adf/pipeline/evil.json", "{}");

    shows!(environment.run(Program::Dataops, &["build", "--verify", "bundle"]), @r"
    exit: 1
    ----- stdout
    ----- stderr
    error: bundle is not what was sealed: `solution/adf/pipeline/copy.json` was changed; `solution/adf/pipeline/evil.json` does not belong to it
    hint: build it again from its commit
    ");
    shows!(environment.run(Program::Dataops, &build), @r"
    exit: 2
    ----- stdout
    ----- stderr
    error: bundle is there already, and is no bundle that may be replaced
      because bundle is not what was sealed: `solution/adf/pipeline/copy.json` was changed; `solution/adf/pipeline/evil.json` does not belong to it
    hint: name a folder that does not exist yet, or delete this one
    ");
}

#[test]
fn what_cannot_be_read_is_not_sealed() {
    let environment = solution().file("s/adf/pipeline/broken.json", "{\n  \"name\": \"broken\",\n");
    let before = tree(environment.path("").as_path());

    let ended = environment.run(
        Program::Dataops,
        &["build", "--solution", "s", "--out", "bundle"],
    );

    shows!(ended, @r"
    exit: 2
    ----- stdout
    ----- stderr
    error: adf/pipeline/broken.json:3:1 cannot be read: expected a key in double quotes, found the end of the file
    hint: nothing was written: a bundle without it would delete it
    ");
    assert_eq!(tree(environment.path("").as_path()), before);
}

#[test]
fn what_stands_in_the_way_stays() {
    let environment = solution().file("mine/notes.txt", "mine");

    let ended = environment.run(
        Program::Dataops,
        &["build", "--solution", "s", "--out", "mine"],
    );

    ended
        .refused(2)
        .says("is there already, and is no bundle that may be replaced");
    assert_eq!(tree(&environment.path("mine")).len(), 1);
}

#[test]
fn secrets_in_clear_text_are_not_sealed_unasked() {
    let environment = solution().file(
        "s/adf/linkedService/Store.json",
        r#"{"name": "Store", "properties": {"type": "AzureBlobStorage", "typeProperties": {
            "connectionString": "DefaultEndpointsProtocol=https;AccountName=st;AccountKey=c2VjcmV0LXRleHQtb2YtdGhlLXRlc3QtMDEyMzQ1Njc4OWFiY2RlZg=="
        }}}"#,
    );
    let build = ["build", "--solution", "s", "--out", "bundle"];

    let refused = environment.run(Program::Dataops, &build);

    shows!(refused, @r"
    exit: 1
    ----- stdout
    ----- stderr
    error: the bundle would hold a secret in clear text: adf/linkedService/Store.json:2 (ADF601)
    hint: take them from a key vault; `dataops validate` says more of each
    hint: seal them all the same by --allow-secrets
    ");
    assert!(!environment.path("bundle").exists());
    let allowed = environment.run(
        Program::Dataops,
        &[&build[..], &["--allow-secrets"]].concat(),
    );
    assert_eq!(allowed.code, Some(0), "{allowed}");
}

#[test]
fn a_credential_that_one_factory_alone_can_open_is_no_secret() {
    let environment = solution().file(
        "s/adf/linkedService/Sql.json",
        r#"{"name": "Sql", "properties": {"type": "AzureSqlDatabase", "typeProperties": {"encryptedCredential": "ew0KICAiVmVyc2lvbiI6"}}}"#,
    );

    let built = environment.run(
        Program::Dataops,
        &["build", "--solution", "s", "--out", "bundle"],
    );

    assert_eq!(built.code, Some(0), "{built}");
}

#[test]
fn what_will_not_be_deployed_is_said_when_it_is_sealed() {
    let environment = solution().file(
        "s/adf/pipeline/copy.json",
        r#"{"name": "copy", "properties": {"activities": [
            {"name": "a", "type": "ExecutePipeline", "typeProperties": {"pipeline": {"referenceName": "gone", "type": "PipelineReference"}}}
        ]}}"#,
    );

    let built = environment.run(
        Program::Dataops,
        &["build", "--solution", "s", "--out", "bundle"],
    );

    assert_eq!(built.code, Some(0), "{built}");
    built.says("warning: this will be refused when it is deployed, or fail when it runs: adf/pipeline/copy.json:2");
    built.says("hint: `dataops validate` shows them all");
}
