//! Whether two branches fit together.

mod finding;
mod markdown;

use std::io::{self, Write};

use adf_diff::Found;
use dataops_check::{Breach, Subject};
use serde::Serialize;

use super::Report;
use super::difference::paint::{ALARM, QUIET, STRONG, WARNING, line, painted};
use crate::repository::Read;
use finding::Finding;

/// What breaks when two branches are merged.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MergeReport {
    base: String,
    one: String,
    other: String,
    findings: Vec<Finding>,
}

/// What a merge has made of both branches.
pub(crate) struct Outcome<'a> {
    pub(crate) subject: Subject<'a>,
    /// Where paths of findings begin, from the root of the git repository.
    pub(crate) root: String,
    /// The files that git cannot merge, from there.
    pub(crate) unmerged: Vec<String>,
    /// All files that git cannot merge.
    pub(crate) torn: Vec<Torn>,
    /// Whether lines of its files are those of a text that somebody will have.
    pub(crate) has_lines: bool,
}

/// A file that git cannot merge.
pub(crate) struct Torn {
    /// The file, from the root of the git repository.
    pub(crate) path: String,
    /// The first conflict in it.
    pub(crate) line: Option<usize>,
    /// What git says.
    pub(crate) text: String,
}

impl MergeReport {
    /// What was found, with the places in the files of both sides and of the merge.
    pub(crate) fn new(
        [base, one, other]: &[Read; 3],
        subjects: [&Subject<'_>; 2],
        outcome: &Outcome<'_>,
        found: &[Found],
        breaches: Vec<Breach>,
    ) -> Self {
        let view = finding::View {
            sides: [one, other],
            subjects,
            outcome,
        };
        let mut findings: Vec<_> = outcome.torn.iter().map(Finding::of_torn).collect();
        for found in found {
            let told = breaches.iter();
            let told = told.filter(|breach| breach.is_told_by(found, &outcome.subject));
            findings.push(view.contract(found, told));
        }
        let is_new = |breach: &Breach| {
            let mut found = found.iter();
            !found.any(|found| breach.is_told_by(found, &outcome.subject))
        };
        let breaches = breaches.into_iter().filter(is_new);
        findings.extend(breaches.map(|breach| view.breach(&breach)));
        Self {
            base: base.name.clone(),
            one: one.name.clone(),
            other: other.name.clone(),
            findings,
        }
    }

    fn verdict(&self) -> String {
        let torn = self.findings.iter().filter(|finding| finding.is_torn());
        let torn = torn.count();
        let broken = match self.findings.len() - torn {
            0 if torn == 0 => return "both branches fit together".to_owned(),
            0 => None,
            1 => Some("1 thing breaks".to_owned()),
            count => Some(format!("{count} things break")),
        };
        let torn = match torn {
            0 => None,
            1 => Some("git has a conflict in 1 file".to_owned()),
            count => Some(format!("git has conflicts in {count} files")),
        };
        let parts: Vec<_> = torn.into_iter().chain(broken).collect();
        format!("merged, {}", parts.join(" and "))
    }
}

impl Report for MergeReport {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(
            out,
            "{} {} {}  {}",
            painted(&line(&self.one), STRONG),
            painted("+", QUIET),
            painted(&line(&self.other), STRONG),
            painted(&format!("since {}", line(&self.base)), QUIET)
        )?;
        for finding in &self.findings {
            let sign = match finding.is_warning() {
                true => painted("!", WARNING),
                false => painted("✘", ALARM),
            };
            let path = finding
                .path
                .as_ref()
                .map(|path| format!("  {}", line(path)))
                .unwrap_or_default();
            let rule = finding
                .rule
                .as_ref()
                .map(|rule| painted(&format!("  {rule}"), QUIET))
                .unwrap_or_default();
            writeln!(
                out,
                "\n{sign} {} {}{path}{rule}\n    {}",
                finding.kind,
                painted(&line(&finding.name), STRONG),
                line(&finding.text)
            )?;
            for place in &finding.places {
                writeln!(out, "    {}", painted(&line(&place.shown()), QUIET))?;
            }
            for change in &finding.changes {
                writeln!(
                    out,
                    "    {}  {}",
                    line(&change.text),
                    painted(&line(&change.shown()), QUIET)
                )?;
            }
            if let Some(hint) = &finding.hint {
                writeln!(
                    out,
                    "    {}",
                    painted(&format!("hint: {}", line(hint)), QUIET)
                )?;
            }
        }
        writeln!(out, "\n{}", self.verdict())
    }

    fn holds(&self) -> bool {
        self.findings.is_empty()
    }

    fn complaint(&self) -> String {
        format!(
            "{} and {}: {}",
            line(&self.one),
            line(&self.other),
            self.verdict()
        )
    }
}
