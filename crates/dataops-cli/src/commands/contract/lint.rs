//! `dataops contract lint`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anstyle::{AnsiColor, Style};
use data_contract::lint::{Finding, Level, lint};
use serde::Serialize;

use super::explain::{explain, list};
use crate::context::Context;
use crate::contracts;
use crate::exit::Exit;
use crate::failure::{Failure, excerpt};
use crate::report::Report;
use crate::terminal::harmless;

/// Find what is wrong with contracts, without data: what the standard does not know, what contradicts itself, what no engine can check.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The contracts; without one, those that dataops.yaml names.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The least severity that makes the command fail.
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t)]
    fail_on: Threshold,
    /// Say what a rule means, with a wrong and a right example.
    #[arg(long, value_name = "RULE", conflicts_with = "files")]
    explain: Option<String>,
    /// List all rules.
    #[arg(long, conflicts_with_all = ["files", "explain"])]
    rules: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Threshold {
    /// What is not as the standard says.
    #[default]
    Error,
    /// What means something else than it seems to, too.
    Warning,
    /// Everything.
    Note,
    /// Nothing.
    Never,
}

/// What to do where there is no solution.
pub(super) const OR_A_FILE: &str = "or name the files of contracts";

/// What is wrong with contracts.
#[derive(Debug, Serialize)]
pub(crate) struct Linted {
    contracts: Vec<LintedFile>,
    #[serde(skip)]
    fail_on: Threshold,
}

#[derive(Debug, Serialize)]
struct LintedFile {
    file: PathBuf,
    findings: Vec<Finding>,
    /// Why it cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

pub(crate) fn run(context: &Context, args: &Args) -> Result<Exit, Failure> {
    if let Some(rule) = &args.explain {
        return context.print(&explain(rule)?);
    }
    match args.rules {
        true => context.print(&list()),
        false => context.print(&linted(context, args)?),
    }
}

fn linted(context: &Context, args: &Args) -> Result<Linted, Failure> {
    let files = match args.files.as_slice() {
        [] => {
            let solution = context.solution();
            let solution = solution.map_err(|error| error.hint(OR_A_FILE))?;
            contracts::of_solution(&solution)?
        }
        files => files.to_vec(),
    };
    // Variables are the matter of those who read data: here each keeps its place.
    let variables = data_contract::model::Variables::default();
    let alone = files.len() == 1;
    let linted = files.into_iter().map(|file| {
        let (findings, error) = match contracts::read(&file, &variables) {
            Ok(named) => (lint(&named.contract), None),
            Err(failure) if alone => return Err(failure),
            // What is wrong with the others is told all the same.
            Err(failure) => {
                context.report(&failure);
                (Vec::new(), Some(failure.summary()))
            }
        };
        Ok(LintedFile {
            file,
            findings,
            error,
        })
    });
    Ok(Linted {
        contracts: linted.collect::<Result<_, Failure>>()?,
        fail_on: args.fail_on,
    })
}

impl Linted {
    fn all(&self) -> impl Iterator<Item = &Finding> {
        self.contracts
            .iter()
            .flat_map(|contract| &contract.findings)
    }

    fn counts(&self) -> String {
        let count = |level: Level| match self.all().filter(|finding| finding.level == level).count()
        {
            0 => None,
            1 => Some(format!("1 {}", word(level))),
            many => Some(format!("{many} {}s", word(level))),
        };
        let counts: Vec<_> = [Level::Error, Level::Warning, Level::Note]
            .into_iter()
            .filter_map(count)
            .collect();
        let unread = self.unread();
        let files = match self.contracts.len() - unread {
            1 => "1 contract".to_owned(),
            many => format!("{many} contracts"),
        };
        let unread = match unread {
            0 => String::new(),
            unread => format!("; {unread} cannot be read"),
        };
        match counts.is_empty() {
            true => format!("no findings in {files}{unread}"),
            false => format!("{} in {files}{unread}", counts.join(", ")),
        }
    }

    /// How many contracts cannot be read.
    fn unread(&self) -> usize {
        let unread = self
            .contracts
            .iter()
            .filter(|contract| contract.error.is_some());
        unread.count()
    }
}

impl Report for Linted {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        for contract in &self.contracts {
            if contract.findings.is_empty() {
                continue;
            }
            let source = excerpt::Source::read(&contract.file);
            for finding in &contract.findings {
                write_finding((&contract.file, &source), finding, out)?;
            }
        }
        writeln!(out, "{}", self.counts())
    }

    fn holds(&self) -> bool {
        let least = match self.fail_on {
            Threshold::Error => Level::Error,
            Threshold::Warning => Level::Warning,
            Threshold::Note => Level::Note,
            Threshold::Never => return true,
        };
        !self.all().any(|finding| finding.level >= least)
    }

    fn exit(&self) -> Exit {
        match (self.unread(), self.holds()) {
            (0, true) => Exit::Ok,
            (0, false) => Exit::Failed,
            _ => Exit::Usage,
        }
    }

    fn complaint(&self) -> String {
        self.counts()
    }
}

fn write_finding(
    (file, source): (&Path, &excerpt::Source),
    finding: &Finding,
    out: &mut dyn Write,
) -> io::Result<()> {
    let style = match finding.level {
        Level::Error => AnsiColor::Red.on_default().bold(),
        Level::Warning => AnsiColor::Yellow.on_default().bold(),
        Level::Note => AnsiColor::Cyan.on_default().bold(),
    };
    let (level, dim) = (word(finding.level), Style::new().dimmed());
    writeln!(
        out,
        "{style}{level}[{}]{style:#}: {}",
        finding.rule,
        harmless(&finding.message)
    )?;
    writeln!(
        out,
        "  {dim}-->{dim:#} {}:{}:{}",
        file.display(),
        finding.line,
        finding.column
    )?;
    let shown = source.excerpt(finding.line as u64, finding.column as u64);
    out.write_all(shown.as_bytes())?;
    if let Some(hint) = &finding.hint {
        let cyan = AnsiColor::Cyan.on_default().bold();
        writeln!(out, "{cyan}hint{cyan:#}: {}", harmless(hint))?;
    }
    writeln!(out)
}

pub(super) const fn word(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    }
}
