//! What the files of the example say has to agree: a bundle that nothing releases, or a branch that is deployed and not checked, shows in none
//! of them alone.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use integration_tests::{Program, folder_of_examples, pipeline_file};
use serde_json::{Value, json};

fn file(path: &str) -> Value {
    let path = folder_of_examples().join("data-ingestion").join(path);
    pipeline_file(&path).unwrap_or_else(|error| panic!("{error}"))
}

fn texts(value: &Value) -> BTreeSet<String> {
    let items = value.as_array().into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The paths that release both systems' pipelines, as folders and files.
fn released() -> [BTreeSet<String>; 2] {
    let azure = texts(&file(".azuredevops/release.yml")["trigger"]["paths"]["include"]);
    let github = texts(&file(".github/workflows/release.yml")["on"]["push"]["paths"]);
    let github = github
        .iter()
        .map(|path| path.trim_end_matches("/**").to_owned());
    [azure, github.collect()]
}

#[test]
fn a_change_of_anything_in_a_bundle_is_released() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("bundle");
    let built = Program::dataops(["build", "--out", out.to_str().unwrap()])
        .within(&folder_of_examples().join("data-ingestion"))
        .run();
    assert_eq!(built.code, Some(0), "{built}");
    let mut files = Vec::new();
    below(&out.join("solution"), "", &mut files);
    assert!(files.len() > 20, "{files:?}");

    for paths in released() {
        for file in &files {
            let is_released = paths
                .iter()
                .any(|path| file == path || file.starts_with(&format!("{path}/")));
            assert!(is_released, "{file} is in the bundle, and not in {paths:?}");
        }
    }
}

fn below(folder: &Path, prefix: &str, files: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        match entry.path().is_dir() {
            true => below(&entry.path(), &format!("{name}/"), files),
            false => files.push(name),
        }
    }
}

#[test]
fn somebody_looks_at_every_file_that_is_deployed_or_guards_what_is() {
    let policy = file("branch-policy.yaml");
    let rules = policy["branches"]["main"]["pathReviewers"].as_array();
    let rules = rules.unwrap().iter();
    let paths: BTreeSet<_> = rules.flat_map(|rule| texts(&rule["paths"])).collect();
    let origin = super::example();
    let files = origin.git(&["ls-files"]);

    let unowned = files.lines().filter(|file| {
        let path = format!("/{file}");
        !paths.iter().any(|pattern| match pattern.strip_suffix('*') {
            Some(folder) => path.starts_with(folder),
            None => path == *pattern,
        })
    });

    let unowned: Vec<_> = unowned.collect();
    assert_eq!(unowned, [".gitattributes", ".gitignore", "README.md"]);
}

#[test]
fn every_branch_that_is_deployed_is_guarded_and_checked_alike() {
    let policy = file("branch-policy.yaml");
    let environments = policy["environments"].as_object().unwrap().values();
    let deployed: BTreeSet<_> = environments.flat_map(|it| texts(&it["branches"])).collect();
    assert_eq!(deployed.len(), 2, "{deployed:?}");

    let azure = |name: &str| file(&format!(".azuredevops/{name}.yml"));
    let github = |name: &str| file(&format!(".github/workflows/{name}.yml"));
    for (what, branches) in [
        (
            "azure release",
            &azure("release")["trigger"]["branches"]["include"],
        ),
        (
            "azure checks",
            &azure("pull-request")["pr"]["branches"]["include"],
        ),
        (
            "github release",
            &github("release")["on"]["push"]["branches"],
        ),
        (
            "github checks",
            &github("pull-request")["on"]["pull_request"]["branches"],
        ),
    ] {
        // A `*` of a workflow passes no `/`; those of a policy and of Azure Pipelines do.
        let is_github = what.starts_with("github");
        let meant = texts(branches).into_iter().map(|name| match is_github {
            true if name.ends_with("/*") => format!("{name}, and no deeper"),
            true => name.replace("/**", "/*"),
            false => name,
        });
        assert_eq!(meant.collect::<BTreeSet<_>>(), deployed, "{what}");
    }
    for identity in policy["identities"].as_array().unwrap() {
        assert_eq!(texts(&identity["branches"]), deployed, "{identity}");
    }
    for branch in deployed.iter().filter(|branch| *branch != "main") {
        assert_eq!(policy["branches"][branch]["like"], "main", "{branch}");
    }
    // A job that is left out counts as passed, so each one is asked for, the one that decides too. What only tells keeps nobody.
    let checks = policy["branches"]["main"]["builds"].as_array().unwrap();
    let checks: BTreeSet<_> = checks
        .iter()
        .filter_map(|it| it["check"].as_str())
        .collect();
    let workflow = github("pull-request");
    let jobs = workflow["jobs"].as_object().unwrap();
    let jobs = jobs.iter().filter(|(id, _)| *id != "review");
    let jobs: BTreeSet<_> = jobs.filter_map(|(_, job)| job["name"].as_str()).collect();
    assert_eq!(checks, jobs);
}

#[test]
fn no_release_waits_for_the_approval_of_another_one() {
    let release = file(".azuredevops/release.yml");

    assert!(release["trigger"].get("batch").is_none(), "{release}");
}

/// The workflows of the example.
const WORKFLOWS: [&str; 6] = [
    "drift",
    "environment",
    "prepare",
    "pull-request",
    "release",
    "rollback",
];

/// What a value says goes into a script by a variable: as an expression it would be part of the script's text.
#[test]
fn no_script_is_made_of_what_somebody_gives() {
    let mut scripts = 0;
    for name in WORKFLOWS {
        let workflow = file(&format!(".github/workflows/{name}.yml"));
        for (id, job) in workflow["jobs"].as_object().unwrap() {
            let steps = job["steps"].as_array().into_iter().flatten();
            for script in steps.filter_map(|step| step["run"].as_str()) {
                assert!(!script.contains("${{"), "{name}: {id}: {script}");
                scripts += 1;
            }
        }
    }
    assert!(scripts > 20, "{scripts}");
}

#[test]
fn only_jobs_that_sign_in_may_ask_for_a_token() {
    for name in WORKFLOWS {
        let workflow = file(&format!(".github/workflows/{name}.yml"));

        assert_eq!(
            workflow["permissions"],
            json!({"contents": "read"}),
            "{name}"
        );
        for (id, job) in workflow["jobs"].as_object().unwrap() {
            // A workflow that is called has no more than the job that calls it.
            let signs_in = job.get("environment").is_some() || job.get("uses").is_some();
            let may = job["permissions"]["id-token"] == "write";
            assert_eq!(may, signs_in, "{name}: {id}");
        }
    }
}

#[test]
fn nobody_who_goes_back_waits_for_the_approval_of_a_release() {
    let group = |name: &str, job: &str| {
        let workflow = file(&format!(".github/workflows/{name}.yml"));
        let group = &workflow["jobs"][job]["concurrency"]["group"];
        let (kind, environment) = group.as_str().unwrap().split_once('-').unwrap();
        assert!(environment.starts_with("${{ inputs."), "{group}");
        kind.to_owned()
    };

    let groups = [
        group("environment", "deploy"),
        group("rollback", "rollback"),
        group("prepare", "prepare"),
    ];

    assert_eq!(BTreeSet::from(groups.clone()).len(), 3, "{groups:?}");
}

/// The root of this repository.
fn root() -> PathBuf {
    folder_of_examples().join("..")
}

#[test]
fn every_action_of_somebody_else_is_one_commit() {
    let mut pinned = 0;
    for folder in [".github", "examples/data-ingestion/.github"] {
        let mut files = Vec::new();
        below(&root().join(folder), "", &mut files);
        for file in files.iter().filter(|file| file.ends_with(".yml")) {
            let text = fs::read_to_string(root().join(folder).join(file)).unwrap();
            let uses = text.lines().filter_map(|line| line.split_once("uses: "));
            for (_, action) in uses.filter(|(_, action)| !action.starts_with("./")) {
                let (_, version) = action.split_once('@').unwrap();
                let (commit, version) = version.split_once(" # v").unwrap_or((version, ""));
                let is_commit =
                    commit.len() == 40 && commit.bytes().all(|it| it.is_ascii_hexdigit());
                assert!(
                    is_commit && !version.is_empty(),
                    "{folder}/{file}: {action}"
                );
                pinned += 1;
            }
        }
    }
    assert!(pinned > 20, "{pinned}");
}

#[test]
fn a_release_is_tested_first_and_replaces_nothing_that_is_out() {
    let release = pipeline_file(&root().join(".github/workflows/release.yml")).unwrap();
    let jobs = release["jobs"].as_object().unwrap();

    assert!(release["env"].get("GH_TOKEN").is_none(), "{release}");
    assert_eq!(jobs["tests"]["uses"], "./.github/workflows/ci.yml");
    assert_eq!(jobs["draft"]["needs"], "tests");
    let steps = jobs.values().filter_map(|job| job["steps"].as_array());
    let scripts = steps.flatten().filter_map(|step| step["run"].as_str());
    let replacing: Vec<_> = scripts.filter(|it| it.contains("--clobber")).collect();
    assert_eq!(replacing.len(), 2);
    for script in replacing {
        let (before, _) = script.split_once("--clobber").unwrap();
        assert!(before.contains("--json isDraft"), "{script}");
    }
}
