//! The pages of the documentation: that their commands do what they say, and that their links lead somewhere.
//!
//! A box that begins with `sh` is run, all of a page in order, in one folder: after `<!-- setup: example -->` a copy of the example in git.
//! `sh cloud` needs a cloud and is not run; `sh needs-python-packages` is run where they are. What is neither is not a command.

use std::fs;
use std::path::{Path, PathBuf};

use integration_tests::{Program, Python, folder_of_examples, programs};

/// What a box of a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Commands that are run.
    Run,
    /// Commands that are run where packages of Python are.
    RunWithPython,
    /// Commands that need a cloud.
    Cloud,
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

/// The boxes with commands of a page. A box of another language that holds a command of ours is a mistake: nobody would run it.
fn commands(page: &str, text: &str) -> Vec<Commands> {
    let mut found = Vec::new();
    let mut open: Option<(usize, String, String)> = None;
    for (at, line) in text.lines().enumerate() {
        let Some((start, language, body)) = &mut open else {
            if let Some(language) = line.strip_prefix("```") {
                open = Some((at + 1, language.trim().to_owned(), String::new()));
            }
            continue;
        };
        if line.trim_end() != "```" {
            body.push_str(line);
            body.push('\n');
            continue;
        }
        let kind = match language.as_str() {
            "sh" => Some(Kind::Run),
            "sh needs-python-packages" => Some(Kind::RunWithPython),
            "sh cloud" => Some(Kind::Cloud),
            "text" | "yaml" | "mermaid" | "json" | "rust" => None,
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

/// One script of what is run; each box says where it is, so that a failure does.
fn script(page: &str, boxes: &[Commands], with_python: bool) -> String {
    let mut script = "set -euo pipefail\n".to_owned();
    for commands in boxes {
        let is_run = match commands.kind {
            Kind::Run => true,
            Kind::RunWithPython => with_python,
            Kind::Cloud => false,
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
        .env("PYTHONDONTWRITEBYTECODE", "1");
    match python {
        Some(python) => program.env("DATAOPS_PYTHON", python.path()),
        None => program,
    }
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
        run += boxes.iter().filter(|it| it.kind != Kind::Cloud).count();
        let folder = tempfile::tempdir().unwrap();
        if text.contains("<!-- setup: example -->") {
            let ended = shell(folder.path(), EXAMPLE, None).run();
            assert_eq!(ended.code, Some(0), "{page}: {ended}");
        }
        let script = script(&page, &boxes, python.is_some());
        let ended = shell(folder.path(), &script, python.as_ref()).run();
        assert_eq!(ended.code, Some(0), "{page}: {ended}");
    }
    assert!(run >= 10, "only {run} boxes are run");
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
    let page = "```sh\ndataops a\n```\n```sh cloud\ndataops b\n```\n```yaml\nx: 1\n```\n";
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

    assert_eq!(kinds, [(1, Kind::Run), (4, Kind::Cloud)]);
    assert!(unmarked.is_err());
    assert_eq!(failing.run().code, Some(1));
}
