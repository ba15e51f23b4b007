//! The pages of the documentation: that their commands do what they say, and that their links lead somewhere.
//!
//! A box that begins with `sh` is run, all of a page in order, in one folder: after `<!-- setup: example -->` a copy of the example in git.
//! `sh needs-python-packages` is run where they are; `sh azure` too, with a local Azure that takes the place of the real one. What a reader has
//! and a test has not is made by `<!-- run`, lines of commands, `-->`. `sh hosted` asks a service that is not there, and is not run.

use std::fs;
use std::path::{Path, PathBuf};

use integration_tests::{Emulator, Program, Python, folder_of_examples, programs};

/// What a box of a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Commands that are run.
    Run,
    /// Commands that are run where packages of Python are.
    RunWithPython,
    /// Commands that are answered by a local Azure.
    Azure,
    /// Commands for a service that has no local one.
    Hosted,
}

/// A box with commands.
#[derive(Debug)]
struct Commands {
    line: usize,
    kind: Kind,
    text: String,
}

fn book() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src")
}

fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(pages(&path));
        } else if path.extension().is_some_and(|ending| ending == "md") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// How a comment begins whose lines are run, and not shown.
const UNSEEN: &str = "<!-- run";

/// The boxes with commands of a page. A box of another language that holds a command of ours is a mistake: nobody would run it.
fn commands(page: &str, text: &str) -> Vec<Commands> {
    let mut found = Vec::new();
    let mut open: Option<(usize, String, String)> = None;
    for (at, line) in text.lines().enumerate() {
        let Some((start, language, body)) = &mut open else {
            let language = match line.trim_end() {
                UNSEEN => Some("sh azure"),
                line => line.strip_prefix("```"),
            };
            open = language.map(|language| (at + 1, language.trim().to_owned(), String::new()));
            continue;
        };
        if !["```", "-->"].contains(&line.trim_end()) {
            body.push_str(line);
            body.push('\n');
            continue;
        }
        let kind = match language.as_str() {
            "sh" => Some(Kind::Run),
            "sh needs-python-packages" => Some(Kind::RunWithPython),
            "sh azure" => Some(Kind::Azure),
            "sh hosted" => Some(Kind::Hosted),
            "text" | "yaml" | "json" | "rust" => None,
            other => panic!("{page}:{start}: a box of `{other}` is neither run nor marked"),
        };
        found.extend(kind.map(|kind| Commands {
            line: *start,
            kind,
            text: body.clone(),
        }));
        open = None;
    }
    assert!(open.is_none(), "{page}: a box is not closed");
    found
}

/// How a shell is that ends with the first command that fails. `! command` would never end it, so that a page says `fails command`.
const SHELL: &str = r#"set -euo pipefail
fails() { if "$@"; then echo "$* has not failed" >&2; return 1; fi; }
"#;

/// One script of what is run; each box says where it is, so that a failure does.
fn script(page: &str, boxes: &[Commands], with_python: bool) -> String {
    let mut script = SHELL.to_owned();
    for commands in boxes {
        let is_run = match commands.kind {
            Kind::Run => true,
            Kind::RunWithPython | Kind::Azure => with_python,
            Kind::Hosted => false,
        };
        if is_run {
            script.push_str(&format!(
                "echo '== {page}:{}' >&2\n{}",
                commands.line, commands.text
            ));
        }
    }
    script
}

const SUBSCRIPTION: &str = "00000000-0000-0000-0000-000000000000";

const EXAMPLE: &str = "set -e
cp -R \"$EXAMPLE\"/. .
rm -rf .dataops
git init -q -b main .
git add -A
git -c user.name=someone -c user.email=someone@mail.test commit -qm first
";

fn shell(folder: &Path, script: &str, python: Option<&Python>) -> Program {
    let path = std::env::var("PATH").unwrap_or_default();
    let mut found = programs().display().to_string();
    if let Some(folder) = python.and_then(|python| python.path().parent()) {
        found = format!("{found}:{}", folder.display());
    }
    let program = Program::new("bash")
        .args(["-c", script])
        .within(folder)
        .env("PATH", format!("{found}:{path}"))
        .env("EXAMPLE", folder_of_examples().join("data-ingestion"))
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_AUTHOR_NAME", "someone")
        .env("GIT_AUTHOR_EMAIL", "someone@mail.test")
        .env("GIT_COMMITTER_NAME", "someone")
        .env("GIT_COMMITTER_EMAIL", "someone@mail.test")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        // Threads that spin for each other stand still on a busy machine.
        .env("OMP_NUM_THREADS", "1");
    match python {
        Some(python) => program.env("DATAOPS_PYTHON", python.path()),
        None => program,
    }
}

/// What a reader has set, for an Azure on this machine.
fn answered_by(azure: &Emulator, shell: Program) -> Program {
    let host = "https://adb-1000000000000001.1.azuredatabricks.net";
    shell
        .env("DATAOPS_EMULATOR", &azure.ready.endpoint)
        .env("DATAOPS_EMULATOR_TOKEN", &azure.ready.token)
        .env("AZURE_SUBSCRIPTION_ID", SUBSCRIPTION)
        .env("DATABRICKS_HOST", host)
        .env("DATABRICKS_CLUSTER_ID", "1101-090000-ingest01")
}

#[test]
fn commands_of_every_page_do_what_it_says() {
    let python = Python::for_test(
        "commands_of_every_page_do_what_it_says",
        &["pandas", "sklearn", "pytest"],
    );
    let mut run = 0;
    for path in pages(&book()) {
        let page = path.strip_prefix(book()).unwrap().display().to_string();
        let text = fs::read_to_string(&path).unwrap();
        let boxes = commands(&page, &text);
        assert!(!text.contains("\n! "), "{page}: `!` cannot fail");
        run += boxes.iter().filter(|it| it.kind != Kind::Hosted).count();
        let folder = tempfile::tempdir().unwrap();
        let azure = boxes.iter().any(|it| it.kind == Kind::Azure);
        let azure = python
            .as_ref()
            .filter(|_| azure)
            .map(|python| Emulator::start_with_python(python.path()));
        if text.contains("<!-- setup: example -->") {
            let ended = shell(folder.path(), EXAMPLE, None).run();
            assert_eq!(ended.code, Some(0), "{page}: {ended}");
        }
        let script = script(&page, &boxes, python.is_some());
        let mut shell = shell(folder.path(), &script, python.as_ref());
        if let Some(azure) = &azure {
            shell = answered_by(azure, shell);
        }
        let ended = shell.run();
        assert_eq!(ended.code, Some(0), "{page}: {ended}");
    }
    assert!(run >= 20, "only {run} boxes are run");
}

#[test]
fn every_page_is_in_the_summary_and_every_link_leads_somewhere() {
    let summary = fs::read_to_string(book().join("SUMMARY.md")).unwrap();
    for path in pages(&book()) {
        let page = path.strip_prefix(book()).unwrap().display().to_string();
        let text = fs::read_to_string(&path).unwrap();
        let linked = summary.contains(&format!("({page})"));
        assert!(
            linked || page == "SUMMARY.md",
            "{page} is not in the summary"
        );
        for target in links(&text) {
            let file = target.split('#').next().unwrap_or_default();
            let there = path.parent().unwrap().join(file);
            assert!(there.exists(), "{page}: {target} leads nowhere");
        }
    }
}

/// The links of a page to other pages.
fn links(text: &str) -> Vec<&str> {
    let parts = text.split("](").skip(1);
    parts
        .filter_map(|rest| rest.split(')').next())
        .filter(|target| !target.contains("://") && !target.starts_with('#'))
        .collect()
}

#[test]
fn a_command_that_nobody_runs_is_a_mistake() {
    let page = "```sh\ndataops a\n```\n```sh hosted\ndataops b\n```\n```yaml\nx: 1\n```\n<!-- run\ntrue\n-->\n";
    let kinds: Vec<_> = commands("page", page)
        .iter()
        .map(|it| (it.line, it.kind))
        .collect();
    let unmarked = std::panic::catch_unwind(|| commands("page", "```console\n$ dataops c\n```\n"));
    let failing = shell(
        &std::env::temp_dir(),
        &script("page", &commands("page", "```sh\nfalse\n```\n"), false),
        None,
    );

    assert_eq!(
        kinds,
        [(1, Kind::Run), (4, Kind::Hosted), (10, Kind::Azure)]
    );
    assert!(unmarked.is_err());
    assert_eq!(failing.run().code, Some(1));
}
