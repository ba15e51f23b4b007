//! `dataops contract diff`.

use std::io::{self, Write};
use std::path::PathBuf;

use anstyle::{AnsiColor, Style};
use data_contract::compare::{Comparison, Impact, Party, Version, compare};
use data_contract::lint::faults;
use data_contract::model::Variables;
use serde::Serialize;

use super::since::Since;
use crate::context::Context;
use crate::contracts::{self, Named};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::process::report;
use crate::report::Report;
use crate::terminal::harmless;

/// Tell what a new version of a contract promises otherwise, and what of it breaks those who rely on the old one.
///
/// Each line says whom the change concerns: the producers, of whom more is asked, the consumers, who can rely on less, or both.
///
/// A change breaks where data that held may fail now, and where something that readers could rely on is no longer promised, or less
/// strictly. What is added, and what only warns, breaks nobody.
///
/// Of two files, it fails where the contract's version has not grown as its changes demand. A version that was never one of numbers, as
/// 1.2.0, 1.2 and 2.0.0-rc.1 are, cannot be ordered, and only has to differ; one that is missing, or no longer of numbers, fails. What is a
/// draft or proposed by the old contract's status, or of a version 0.y, may break with its second number. Without files, it compares each
/// contract of the solution with what the branch has that the change will be merged into, and fails where one breaks those who rely on it
/// and its version has not grown so. A contract whose file is called otherwise is known by its id; one that goes has to be deprecated or
/// retired before.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    dataops contract diff old.odcs.yaml new.odcs.yaml\n  \
    dataops contract diff                            the solution's contracts, as a pull request changes them\n  \
    dataops contract diff --base main")]
pub(crate) struct Args {
    /// The contract before.
    #[arg(value_name = "OLD", requires = "new")]
    old: Option<PathBuf>,
    /// The contract after.
    #[arg(value_name = "NEW")]
    new: Option<PathBuf>,
    /// What the solution's contracts are compared with; by default the merge base of the change and the branch that it will be merged into.
    #[arg(long, value_name = "REF", conflicts_with = "old")]
    base: Option<String>,
    /// Fail on any change that breaks, however the version has grown.
    #[arg(long)]
    fail_on_breaking: bool,
}

/// What is otherwise.
#[derive(Debug, Serialize)]
pub(crate) struct Compared {
    #[serde(flatten)]
    comparison: Comparison,
    #[serde(skip)]
    old: PathBuf,
    #[serde(skip)]
    new: PathBuf,
    #[serde(skip)]
    fail_on_breaking: bool,
}

/// Compares two files, or all contracts of the solution with what they were.
pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let (Some(old), Some(new)) = (&args.old, &args.new) else {
        let (base, strict) = (args.base.as_deref(), args.fail_on_breaking);
        return Box::pin(report(context, Since::of(context, base, strict))).await;
    };
    // Variables keep their places: they are the same before and after.
    let variables = Variables::default();
    let before = contracts::read(old, &variables)?;
    let after = contracts::read(new, &variables)?;
    if let Some(fault) = fault(&before) {
        let text = format!("{fault}; what it meant there is compared as if it were not said");
        context.warn("warning", &text, None);
    }
    if let Some(fault) = fault(&after) {
        let error = Failure::usage(format!("{fault}; nothing was compared"));
        return Err(error.hint("`dataops contract lint` tells more of it"));
    }
    context.print(&Compared {
        comparison: compare(&before.contract, &after.contract),
        old: old.clone(),
        new: new.clone(),
        fail_on_breaking: args.fail_on_breaking,
    })
}

/// What a contract says wrongly, first of all. What is not understood would seem not to be otherwise.
fn fault(named: &Named) -> Option<String> {
    let found = faults(&named.contract, None);
    let first = found.first()?;
    let (line, column) = (first.line, first.column);
    let path = named.path.display();
    let more = match found.len() {
        1 => String::new(),
        many => format!(", and {} more errors", many - 1),
    };
    Some(format!(
        "{path}:{line}:{column}: {} ({}){more}",
        first.message, first.rule
    ))
}

impl Compared {
    /// What is to be said of the version, where it has not grown enough.
    fn version(&self) -> Option<String> {
        let comparison = &self.comparison;
        if comparison.is_versioned() {
            return None;
        }
        let is = &comparison.new_version;
        match (comparison.unordered(), comparison.suggested()) {
            (Some(open), Some(suggested)) => Some(format!("{open}; it ought to be {suggested}")),
            (None, Some(suggested)) => {
                Some(format!("the version is {is}, and ought to be {suggested}"))
            }
            (open, None) => open,
        }
    }

    fn breaks(&self) -> bool {
        self.comparison.worst() == Some(Impact::Breaking)
    }
}

impl Report for Compared {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.comparison.changes.is_empty() {
            let versions = [&self.comparison.old_version, &self.comparison.new_version];
            let [old, new] = versions.map(|version| harmless(version));
            return match old == new {
                true => writeln!(out, "nothing is otherwise"),
                false => writeln!(
                    out,
                    "nothing is otherwise but the version: {new}, and {old} before"
                ),
            };
        }
        let files = [&self.old, &self.new].map(|file| file.display().to_string());
        changes(out, &self.comparison, "", [&files[0], &files[1]])?;
        match self.version().or_else(|| self.comparison.unordered()) {
            Some(version) => writeln!(out, "\n{}", harmless(&version))?,
            None => return Ok(()),
        }
        match self.comparison.breaks_by_word() && !self.fail_on_breaking {
            true => writeln!(out, "{STRICT}"),
            false => Ok(()),
        }
    }

    fn holds(&self) -> bool {
        self.version().is_none() && !(self.fail_on_breaking && self.breaks())
    }

    fn complaint(&self) -> String {
        let breaking = || "the contract breaks those who rely on it".to_owned();
        self.version().unwrap_or_else(breaking)
    }
}

/// What to do where a word announces what breaks.
pub(super) const STRICT: &str =
    "--fail-on-breaking fails on what breaks, whatever the version is called";

/// Writes a line for each change; the files are the contract before and after.
pub(super) fn changes(
    out: &mut dyn Write,
    comparison: &Comparison,
    indent: &str,
    [before, after]: [&str; 2],
) -> io::Result<()> {
    for change in &comparison.changes {
        let (style, word) = match change.impact {
            Impact::Breaking => (AnsiColor::Red.on_default(), "breaking"),
            Impact::Compatible => (AnsiColor::Green.on_default(), "compatible"),
            Impact::Note => (Style::new().dimmed(), "note"),
        };
        let whom = match change.concerns {
            Party::Producers => "producers",
            Party::Consumers => "consumers",
            Party::Both => "both",
        };
        let file = match change.version {
            Version::Old => before,
            Version::New => after,
        };
        let place = format!("{file}:{}", change.line);
        let text = format!("{}: {}", change.subject, change.message);
        writeln!(
            out,
            "{indent}{style}{word:<10}{style:#} {whom:<9} {}  ({})",
            harmless(&text),
            harmless(&place)
        )?;
    }
    Ok(())
}
