//! A solution in memory, a change to it, and what must be found then.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use adf_source::{Files, Position, Problem, ProblemKind, Repository, Span};
use dataops_check::{Finding, PythonLint, Severity, Subject, check};
use dataops_solution::settings::FILE_NAME;
use dataops_solution::source::{Contents, SolutionSource};
use serde_json::Value;

/// Where the Data Factory repository is in the solution.
const ADF: &str = "adf/";

/// The files of a solution, by path.
#[derive(Clone)]
pub(crate) struct Solution {
    files: BTreeMap<String, Vec<u8>>,
    /// What reading them from a disk has found.
    problems: Vec<(ProblemKind, String)>,
    /// What it could not read.
    unreadable: Vec<(String, Contents)>,
    /// What a linter says.
    pub(crate) lints: Vec<PythonLint>,
}

impl Solution {
    /// `base/`.
    pub(crate) fn good() -> Self {
        static GOOD: LazyLock<Solution> = LazyLock::new(Solution::read);
        GOOD.clone()
    }

    fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/seeded/base");
        let mut files = BTreeMap::new();
        let mut open = vec![root.clone()];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    let name = path.strip_prefix(&root).unwrap().to_str().unwrap();
                    files.insert(name.replace('\\', "/"), fs::read(&path).unwrap());
                }
            }
        }
        Self {
            files,
            problems: Vec::new(),
            unreadable: Vec::new(),
            lints: Vec::new(),
        }
    }

    /// The same solution with one file more.
    pub(crate) fn with(mut self, path: &str, contents: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path.to_owned(), contents.into());
        self
    }

    /// What is found in it.
    pub(crate) fn check(&self) -> Vec<Finding> {
        let files: Files = self
            .files
            .iter()
            .filter_map(|(path, bytes)| Some((path.strip_prefix(ADF)?, bytes.clone())))
            .collect();
        let mut repository = Repository::read(&files);
        let problems = self.problems.iter().map(|(kind, path)| Problem {
            kind: *kind,
            path: path.strip_prefix(ADF).unwrap().to_owned(),
            span: None,
            message: "it is so".to_owned(),
            hint: None,
            related: Vec::new(),
        });
        repository.problems.extend(problems);
        let source = self.source();
        let subject = Subject::new(&repository, ADF).in_solution(&source);
        check(&subject.with_python(&self.lints))
    }

    fn source(&self) -> SolutionSource {
        let files = self.files.iter().map(|(path, bytes)| {
            let size = bytes.len() as u64;
            let contents = match size > 10 << 20 {
                true => Contents::TooLarge(size),
                false => Contents::of(bytes.clone()),
            };
            (path.clone(), contents)
        });
        let files = files.chain(self.unreadable.clone());
        SolutionSource::new(self.text(FILE_NAME), files.collect())
    }

    /// The paths of the Data Factory documents.
    pub(crate) fn documents(&self) -> Vec<&str> {
        let paths = self.files.keys().map(String::as_str);
        paths
            .filter(|path| path.starts_with(ADF) && path.ends_with(".json"))
            .collect()
    }

    /// What a document says.
    pub(crate) fn document(&self, path: &str) -> Value {
        serde_json::from_str(&self.text(path)).unwrap()
    }

    /// Lets a document say something else.
    pub(crate) fn write(&mut self, path: &str, document: &Value) {
        let text = serde_json::to_vec_pretty(document).unwrap();
        self.files.insert(path.to_owned(), text);
    }

    fn text(&self, path: &str) -> String {
        let bytes = self.files.get(path);
        let bytes = bytes.unwrap_or_else(|| panic!("the solution has no {path}"));
        String::from_utf8_lossy(bytes).into_owned()
    }

    fn apply(&mut self, change: &Change) {
        match change {
            Change::Replace { path, old, new } => {
                let text = self.text(path);
                let found = text.matches(old).count();
                assert_eq!(found, 1, "{path} has {old:?} {found} times");
                self.files
                    .insert(path.clone(), text.replace(old, new).into());
            }
            Change::Write { path, bytes } => {
                self.files.insert(path.clone(), bytes.clone());
            }
            Change::Problem { kind, path } => self.problems.push((*kind, path.clone())),
            Change::Unreadable { path, contents } => {
                self.files.remove(path);
                self.unreadable.push((path.clone(), contents.clone()));
            }
            Change::Lint(lint) => self.lints.push(lint.clone()),
            Change::Remove { path } => {
                assert!(
                    self.files.remove(path).is_some(),
                    "the solution has no {path}"
                );
            }
        }
    }
}

#[derive(Clone, Debug)]
enum Change {
    Replace {
        path: String,
        old: String,
        new: String,
    },
    Write {
        path: String,
        bytes: Vec<u8>,
    },
    Remove {
        path: String,
    },
    Problem {
        kind: ProblemKind,
        path: String,
    },
    Unreadable {
        path: String,
        contents: Contents,
    },
    Lint(PythonLint),
}

/// A mistake, and where which rule must find it.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) rule: &'static str,
    changes: Vec<Change>,
    expected: (String, Option<String>),
    about: Option<String>,
}

impl Case {
    /// A mistake that `rule` must find. It is made by the methods below; the last one says where it is found.
    pub(crate) const fn new(rule: &'static str) -> Self {
        Self {
            rule,
            changes: Vec::new(),
            expected: (String::new(), None),
            about: None,
        }
    }

    /// `old`, which the file has once, becomes `new`.
    pub(crate) fn replace(mut self, path: &str, old: &str, new: &str) -> Self {
        self.changes.push(Change::Replace {
            path: path.to_owned(),
            old: old.to_owned(),
            new: new.to_owned(),
        });
        self
    }

    /// The file has these contents.
    pub(crate) fn write(mut self, path: &str, contents: impl Into<Vec<u8>>) -> Self {
        self.changes.push(Change::Write {
            path: path.to_owned(),
            bytes: contents.into(),
        });
        self
    }

    /// The file is gone.
    pub(crate) fn remove(mut self, path: &str) -> Self {
        self.changes.push(Change::Remove {
            path: path.to_owned(),
        });
        self
    }

    /// Reading the file from a disk has found this, which files in memory cannot have.
    pub(crate) fn problem(mut self, kind: ProblemKind, path: &str) -> Self {
        self.changes.push(Change::Problem {
            kind,
            path: path.to_owned(),
        });
        self.in_file(path)
    }

    /// The file or folder cannot be read.
    pub(crate) fn unreadable(mut self, path: &str, contents: Contents) -> Self {
        self.changes.push(Change::Unreadable {
            path: path.to_owned(),
            contents,
        });
        self.in_file(path)
    }

    /// A linter says this about a line of the file, or of a cell in it.
    pub(crate) fn lint(mut self, lint: PythonLint) -> Self {
        self.changes.push(Change::Lint(lint));
        self
    }

    /// The finding is on the line where the file first has `marker`, or where that begins.
    pub(crate) fn at(mut self, path: &str, marker: &str) -> Self {
        self.expected = (path.to_owned(), Some(marker.to_owned()));
        self
    }

    /// The finding is about the file as a whole.
    pub(crate) fn in_file(mut self, path: &str) -> Self {
        self.expected = (path.to_owned(), None);
        self
    }

    /// The finding is about just this text.
    pub(crate) fn about(mut self, text: &str) -> Self {
        self.about = Some(text.to_owned());
        self
    }

    fn solution(&self) -> Solution {
        let mut solution = Solution::good();
        for change in &self.changes {
            solution.apply(change);
        }
        solution
    }

    /// What is changed, by which two cases are told apart.
    pub(crate) fn mistake(&self) -> String {
        format!("{} {:?}", self.rule, self.changes)
    }

    /// What is found after the changes.
    pub(crate) fn found(&self) -> Vec<Finding> {
        self.solution().check()
    }

    /// Why the case does not hold, if so.
    pub(crate) fn failure(&self) -> Option<String> {
        let solution = self.solution();
        let (path, marker) = &self.expected;
        let line = match marker {
            Some(marker) => {
                let text = solution.text(path);
                let Some(before) = text.find(marker) else {
                    return Some(format!("{}: {path} has no {marker:?}", self.rule));
                };
                Some(text[..before].matches('\n').count() + 1)
            }
            None => None,
        };

        let found = solution.check();

        let expected = |finding: &&Finding| {
            let at = finding.span.as_ref().map(|span| span.start.line);
            let about = self.about.as_ref().is_none_or(|about| {
                let span = finding.span.clone().unwrap_or_default();
                solution.text(path).get(span.bytes) == Some(about)
            });
            finding.rule.id == self.rule && finding.path == *path && at == line && about
        };
        let others: Vec<_> = found
            .iter()
            .filter(|finding| finding.rule.severity == Severity::Error && !expected(finding))
            .map(shown)
            .collect();
        match found.iter().filter(expected).count() {
            1 if others.is_empty() => None,
            1 => Some(format!(
                "{}: also found:\n  {}",
                self.name(line),
                others.join("\n  ")
            )),
            times => {
                let all: Vec<_> = found.iter().map(shown).collect();
                Some(format!(
                    "{}: found {times} times; there is:\n  {}",
                    self.name(line),
                    all.join("\n  ")
                ))
            }
        }
    }

    fn name(&self, line: Option<usize>) -> String {
        let line = line.map_or(String::new(), |line| format!(":{line}"));
        format!("{} at {}{line}", self.rule, self.expected.0)
    }
}

/// What a linter says about a line of a file, or of a cell in it; without a code, that it is no Python.
pub(crate) fn lint(
    path: &str,
    cell: Option<usize>,
    line: usize,
    code: &str,
    message: &str,
) -> PythonLint {
    let place = Position { line, column: 1 };
    PythonLint {
        path: path.to_owned(),
        cell,
        span: Span::between(place, place),
        code: (!code.is_empty()).then(|| code.to_owned()),
        message: message.to_owned(),
        url: None,
    }
}

/// A finding in a line.
pub(crate) fn shown(finding: &Finding) -> String {
    let place = finding.span.as_ref().map_or(String::new(), |span| {
        format!(":{}:{}", span.start.line, span.start.column)
    });
    let (rule, path) = (finding.rule, &finding.path);
    format!(
        "{} {:?} {path}{place}: {}",
        rule.id, rule.severity, finding.message
    )
}

/// No error and no warning.
pub(crate) fn assert_accepted(case: &Case) {
    let found = case.found();
    let found: Vec<_> = found
        .iter()
        .filter(|finding| finding.rule.severity < Severity::Note)
        .map(shown)
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}
