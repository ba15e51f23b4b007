//! From nothing to the last environment: `dataops init`, and then the commands that the README names.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use integration_tests::{Emulator, Program, folder_of_examples, programs};

use super::python;

/// The commands of the README's code blocks below a heading.
fn commands(readme: &str, heading: &str) -> Vec<String> {
    let (_, section) = readme.split_once(&format!("## {heading}\n")).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let blocks = section.split("```\n").skip(1).step_by(2);
    blocks.map(str::to_owned).collect()
}

fn succeeds(program: Program) -> String {
    let ended = program.run();
    assert_eq!(ended.code, Some(0), "{ended}");
    ended.stdout
}

/// What commands say that somebody types in a folder; they must succeed.
fn typed(folder: &Path, script: &str) -> String {
    let path = std::env::var("PATH").unwrap();
    let output = Command::new("bash")
        .args(["-euo", "pipefail", "-c", script])
        .current_dir(folder)
        .stdin(Stdio::null())
        .env_clear()
        .env("PATH", format!("{}:{path}", programs().display()))
        .env("HOME", folder.parent().unwrap())
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .unwrap();
    let [said, told] = [&output.stdout, &output.stderr].map(|it| String::from_utf8_lossy(it));
    assert!(output.status.success(), "{script}\n{said}\n{told}");
    said.into_owned()
}

#[test]
fn a_newcomer_gets_from_nothing_to_the_last_environment() {
    let Some(python) = python("a_newcomer_gets_from_nothing_to_the_last_environment") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let chain = [
        "init",
        "demo",
        "--ci",
        "both",
        "--environments",
        "dev,qa,prod",
    ];
    succeeds(Program::dataops(chain).within(folder.path()));
    let demo = folder.path().join("demo");
    let readme = fs::read_to_string(demo.join("README.md")).unwrap();
    // The environment that the README has pip make is the one that there is.
    let script = format!("#!/bin/sh\nexec '{}' \"$@\"\n", python.path().display());
    integration_tests::write(&demo, ".venv/bin/python", &script);
    typed(&demo, "chmod +x .venv/bin/python");
    let work = commands(&readme, "Work on it").remove(0);
    let work: Vec<_> = work
        .lines()
        .filter(|line| !line.contains("-m venv") && !line.contains("-m pip"))
        .collect();
    assert_eq!(work.len(), 5, "{work:?}");
    typed(&demo, &work.join("\n"));
    typed(&demo, "git init --quiet && git add --all");
    typed(
        &demo,
        "git config user.name 'Ada Example' && git config user.email ada@mail.test",
    );
    typed(&demo, "git commit --quiet --message first");

    let blocks = commands(&readme, "Through all environments, on this machine");
    let [starting, going] = blocks.as_slice() else {
        panic!("{blocks:?}");
    };
    let told = [
        "emulator --data-dir .dataops/azure",
        "--exports .dataops/emulator.env",
    ];
    assert!(told.iter().all(|it| starting.contains(it)), "{starting}");
    let exports = demo.join(".dataops/emulator.env");
    let emulator = Emulator::start_with(
        &[
            "--python",
            python.path().to_str().unwrap(),
            "--exports",
            exports.to_str().unwrap(),
        ],
        &[("OMP_NUM_THREADS", "1")],
    );
    // It is written before the line that tells that the emulator is ready.
    assert!(exports.is_file());
    let said = typed(&demo, going);

    for name in ["dev", "qa", "prod"] {
        assert!(going.contains(name), "{going}");
        assert!(said.contains(name), "{said}");
    }
    let audited = said.rsplit("when (UTC)").next().unwrap();
    assert!(audited.contains("Ada Example <ada@mail.test>"), "{said}");
    drop(emulator.stop());
    assert!(!exports.exists(), "who looks later finds no dead emulator");
}

#[test]
fn a_new_solution_writes_over_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let init = |args: &[&str]| {
        let args = [&["init"], args].concat();
        Program::dataops(args).within(folder.path()).run()
    };
    let first = init(&["here", "--ci", "none"]);
    assert_eq!(first.code, Some(0), "{first}");
    let again = init(&["here"]);

    assert_eq!(again.code, Some(2), "{again}");
    assert!(
        again
            .stderr
            .contains("are there already; nothing was written"),
        "{again}"
    );
    assert!(!folder.path().join("here/.azuredevops").exists());
    assert!(folder.path().join("here/tests/test_split.py").is_file());
    let example = folder_of_examples().join("data-ingestion/notebooks/data-prepare.py");
    let written = folder.path().join("here/notebooks/data-prepare.py");
    assert_eq!(fs::read(written).unwrap(), fs::read(example).unwrap());
    let twice = init(&["other", "--environments", "qa,qa"]);
    assert_eq!(twice.code, Some(2), "{twice}");
    assert!(!folder.path().join("other").exists());
}

#[test]
fn a_readme_that_is_there_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name);
    fs::write(place("README.md"), "# Ours\n").unwrap();

    let ended = Program::dataops(["init", ".", "--name", "claims"])
        .within(folder.path())
        .run();

    assert_eq!(ended.code, Some(0), "{ended}");
    let told = "README.dataops.md leads on from there";
    assert!(ended.stdout.contains(told), "{ended}");
    assert_eq!(fs::read_to_string(place("README.md")).unwrap(), "# Ours\n");
    let beside = fs::read_to_string(place("README.dataops.md")).unwrap();
    assert!(beside.contains("DATAOPS_RELEASES"), "{beside}");
    assert!(!beside.contains("data-ingestion-qa"), "the name is claims");
}

#[test]
fn lines_are_added_to_a_gitignore_that_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name);
    let read = |name: &str| fs::read_to_string(place(name)).unwrap();
    fs::write(place(".gitignore"), "/target\nout/\n").unwrap();
    fs::write(place(".gitattributes"), "*.bat eol=crlf\n").unwrap();
    fs::write(place("README.md"), "# Ours\n").unwrap();
    fs::write(place("LICENSE"), "ours\n").unwrap();

    let ended = Program::dataops(["init", ".", "--name", "claims"])
        .within(folder.path())
        .run();

    assert_eq!(ended.code, Some(0), "{ended}");
    let told = ".gitignore was there and stays; added above what it says: .venv/";
    assert!(ended.stdout.contains(told), "{ended}");
    let ignored = read(".gitignore");
    assert!(ignored.ends_with("\n\n/target\nout/\n"), "{ignored}");
    assert!(ignored.contains("\n.dataops/\n"), "{ignored}");
    assert_eq!(ignored.matches("out/\n").count(), 1, "{ignored}");
    let attributes = read(".gitattributes");
    assert!(
        attributes.ends_with("* text=auto eol=lf\n*.png binary\n\n*.bat eol=crlf\n"),
        "{attributes}"
    );
    assert_eq!(read("README.md") + &read("LICENSE"), "# Ours\nours\n");
    assert!(place("README.dataops.md").is_file());
}

#[test]
fn no_solution_is_written_into_another() {
    let folder = tempfile::tempdir().unwrap();
    let init = |within: &Path, dir: &str| {
        Program::dataops(["init", dir, "--ci", "none"])
            .within(within)
            .run()
    };
    let first = init(folder.path(), "demo");
    assert_eq!(first.code, Some(0), "{first}");

    let demo = folder.path().join("demo");
    let again = init(&demo, "demo");

    assert_eq!(again.code, Some(2), "{again}");
    assert!(again.stderr.contains("is in the solution"), "{again}");
    assert!(again.stderr.contains("nothing was written"), "{again}");
    assert!(!demo.join("demo").exists());
    let named = demo.join("dataops.yaml").display().to_string();
    assert!(again.stderr.contains(&named), "{again}");
    let beside = init(&demo, "../other");
    assert_eq!(beside.code, Some(0), "{beside}");
    let by_a_detour = init(&demo, "new/../../third");
    assert_eq!(by_a_detour.code, Some(0), "{by_a_detour}");
    assert!(folder.path().join("third/dataops.yaml").is_file());
    assert!(!demo.join("new").exists());
    fs::write(folder.path().join("dataops.yaml"), "# nothing yet\n").unwrap();
    let below_nothing = init(folder.path(), "fourth");
    assert_eq!(below_nothing.code, Some(0), "{below_nothing}");
}

#[test]
fn workflows_that_nobody_would_start_are_told() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    let init = |args: &[&str]| {
        let args = [&["init"], args].concat();
        Program::dataops(args).within(folder.path()).run()
    };

    let below = init(&["team", "--ci", "github"]);
    let without = init(&["alone", "--ci", "none"]);
    let root = init(&[".", "--ci", "github", "--name", "root"]);

    for ended in [&below, &without, &root] {
        assert_eq!(ended.code, Some(0), "{ended}");
    }
    assert!(
        below
            .stderr
            .contains("those that were written are never started"),
        "{below}"
    );
    assert_eq!(without.stderr + &root.stderr, "");
}

#[test]
fn a_new_solution_has_what_belongs_to_its_hosts_and_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let init = |args: &[&str]| {
        let args = [&["init"], args].concat();
        Program::dataops(args).within(folder.path()).run()
    };
    let is_there = |path: &str| folder.path().join(path).exists();

    assert_eq!(
        init(&["azure", "--ci", "azure-devops", "--environments", "dev"]).code,
        Some(0)
    );
    assert_eq!(init(&["short", "--ci", "azdo"]).code, Some(0));
    assert_eq!(init(&["hub", "--ci", "github-actions"]).code, Some(0));
    assert_eq!(init(&["none", "--ci", "none"]).code, Some(0));
    let word = init(&["word", "--environments", "null,yes"]);

    for path in [
        "azure/branch-policy.yaml",
        "azure/.gitattributes",
        "azure/.azuredevops/release.yml",
        "short/.azuredevops/release.yml",
        "hub/.github/workflows/release.yml",
        "none/smoke/canary.txt",
        "azure/smoke/canary.txt",
        "hub/.github/dependabot.yml",
    ] {
        assert!(is_there(path), "{path}");
    }
    for path in [
        "azure/.github",
        "none/branch-policy.yaml",
        "none/ci",
        "word",
    ] {
        assert!(!is_there(path), "{path}");
    }
    assert_eq!(word.code, Some(2), "{word}");
    assert!(
        word.stderr.contains("YAML takes `null` for something else"),
        "{word}"
    );
    assert_eq!(init(&["real", "--environments", "prod"]).code, Some(0));
    for name in ["azure", "hub", "real"] {
        let checked = Program::dataops(["validate", "--no-python-lint"])
            .within(&folder.path().join(name))
            .run();
        assert_eq!(checked.code, Some(0), "{checked}");
        assert!(checked.stdout.contains("no findings"), "{name}: {checked}");
    }
}

#[test]
fn what_keeps_dependencies_up_to_date_stays_and_the_branch_is_the_one_that_there_is() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name);
    let read = |name: &str| fs::read_to_string(place(name)).unwrap();
    typed(folder.path(), "git init --quiet --initial-branch trunk");
    integration_tests::write(folder.path(), ".github/dependabot.yml", "version: 2\n");

    let ended = Program::dataops(["init", ".", "--name", "claims", "--ci", "both"])
        .within(folder.path())
        .run();

    assert_eq!(ended.code, Some(0), "{ended}");
    assert!(ended.stdout.contains("merged into `trunk`"), "{ended}");
    assert_eq!(read(".github/dependabot.yml"), "version: 2\n");
    for file in [
        ".azuredevops/release.yml",
        ".azuredevops/pull-request.yml",
        ".github/workflows/release.yml",
        ".github/workflows/pull-request.yml",
        "branch-policy.yaml",
    ] {
        let text = read(file);
        assert!(text.contains("[trunk, "), "{file}: {text}");
    }
}
