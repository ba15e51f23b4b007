//! A solution in memory, a change to it, and what must be found then.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use adf_source::{Files, Repository};
use dataops_check::{Finding, Severity, Subject, check};
use dataops_solution::settings::FILE_NAME;
use dataops_solution::source::{Contents, SolutionSource};

/// Where the Data Factory repository is in the solution.
const ADF: &str = "adf/";

/// The files of a solution, by path.
#[derive(Clone)]
pub(crate) struct Solution(BTreeMap<String, Vec<u8>>);

impl Solution {
    /// `base/`.
    pub(crate) fn good() -> Self {
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
        Self(files)
    }

    /// What is found in it.
    pub(crate) fn check(&self) -> Vec<Finding> {
        let files: Files = self
            .0
            .iter()
            .filter_map(|(path, bytes)| Some((path.strip_prefix(ADF)?, bytes.clone())))
            .collect();
        let repository = Repository::read(&files);
        let source = self.source();
        check(&Subject::new(&repository, ADF).in_solution(&source))
    }

    fn source(&self) -> SolutionSource {
        let files = self.0.iter().map(|(path, bytes)| {
            let text = String::from_utf8(bytes.clone());
            let contents = text.map_or(Contents::Bytes(bytes.len() as u64), Contents::Text);
            (path.clone(), contents)
        });
        SolutionSource::new(self.text(FILE_NAME), files.collect())
    }

    fn text(&self, path: &str) -> String {
        let bytes = self.0.get(path);
        let bytes = bytes.unwrap_or_else(|| panic!("the solution has no {path}"));
        String::from_utf8_lossy(bytes).into_owned()
    }

    fn apply(&mut self, change: &Change) {
        match change {
            Change::Replace { path, old, new } => {
                let text = self.text(path);
                let found = text.matches(old).count();
                assert_eq!(found, 1, "{path} has {old:?} {found} times");
                self.0.insert(path.clone(), text.replace(old, new).into());
            }
            Change::Write { path, bytes } => {
                self.0.insert(path.clone(), bytes.clone());
            }
            Change::Remove { path } => {
                assert!(self.0.remove(path).is_some(), "the solution has no {path}");
            }
        }
    }
}

#[derive(Clone)]
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
}

/// A mistake, and where which rule must find it.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) rule: &'static str,
    changes: Vec<Change>,
    expected: (String, Option<String>),
}

impl Case {
    /// A mistake that `rule` must find. It is made by the methods below; the last one says where it is found.
    pub(crate) const fn new(rule: &'static str) -> Self {
        Self {
            rule,
            changes: Vec::new(),
            expected: (String::new(), None),
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

    /// The finding is on the first line of the file that has `marker`.
    pub(crate) fn at(mut self, path: &str, marker: &str) -> Self {
        self.expected = (path.to_owned(), Some(marker.to_owned()));
        self
    }

    /// Why the case does not hold, if so.
    pub(crate) fn failure(&self) -> Option<String> {
        let mut solution = Solution::good();
        for change in &self.changes {
            solution.apply(change);
        }
        let (path, marker) = &self.expected;
        let line = marker.as_ref().map(|marker| {
            let text = solution.text(path);
            let line = text.lines().position(|line| line.contains(marker));
            line.unwrap_or_else(|| panic!("{path} has no {marker:?}")) + 1
        });

        let found = solution.check();

        let expected = |finding: &&Finding| {
            let at = finding.span.as_ref().map(|span| span.start.line);
            // Until positions are known, all spans are empty.
            let unknown = finding
                .span
                .as_ref()
                .is_some_and(|span| span.bytes == (0..0));
            finding.rule.id == self.rule && finding.path == *path && (at == line || unknown)
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
