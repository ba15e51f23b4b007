//! `dataops contract diff`.

use std::io::{self, Write};
use std::path::PathBuf;

use anstyle::{AnsiColor, Style};
use data_contract::compare::{Comparison, Impact, Version, compare};
use data_contract::model::Variables;
use serde::Serialize;

use crate::contracts;
use crate::failure::Failure;
use crate::report::Report;
use crate::terminal::harmless;

/// Tell what a new version of a contract promises otherwise, and what of it breaks those who rely on the old one.
///
/// It fails where the contract's version has not grown as its changes demand.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The contract before.
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The contract after.
    #[arg(value_name = "NEW")]
    new: PathBuf,
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

pub(crate) fn run(args: &Args) -> Result<Compared, Failure> {
    // Variables keep their places: they are the same before and after.
    let variables = Variables::default();
    let old = contracts::read(&args.old, &variables)?;
    let new = contracts::read(&args.new, &variables)?;
    Ok(Compared {
        comparison: compare(&old.contract, &new.contract),
        old: args.old.clone(),
        new: args.new.clone(),
        fail_on_breaking: args.fail_on_breaking,
    })
}

impl Compared {
    /// What is to be said of the version, where it has not grown enough.
    fn version(&self) -> Option<String> {
        let comparison = &self.comparison;
        let suggested = comparison.suggested()?;
        let is = &comparison.new_version;
        (!comparison.is_versioned())
            .then(|| format!("the version is {is}, and ought to be {suggested}"))
    }

    fn breaks(&self) -> bool {
        self.comparison.worst() == Some(Impact::Breaking)
    }
}

impl Report for Compared {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.comparison.changes.is_empty() {
            return writeln!(out, "nothing is otherwise");
        }
        for change in &self.comparison.changes {
            let (style, word) = match change.impact {
                Impact::Breaking => (AnsiColor::Red.on_default(), "breaking"),
                Impact::Compatible => (AnsiColor::Green.on_default(), "compatible"),
                Impact::Note => (Style::new().dimmed(), "note"),
            };
            let file = match change.version {
                Version::Old => &self.old,
                Version::New => &self.new,
            };
            let place = format!("{}:{}", file.display(), change.line);
            let text = format!("{}: {}", change.subject, change.message);
            writeln!(
                out,
                "{style}{word:<10}{style:#} {}  ({})",
                harmless(&text),
                harmless(&place)
            )?;
        }
        match self.version() {
            Some(version) => writeln!(out, "\n{}", harmless(&version)),
            None => Ok(()),
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
