//! The checks of contracts that would be made.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use super::{Report, rows};
use crate::contracts::{PlannedCheck, PlannedContract};
use crate::terminal::{grouped, harmless};

/// The contracts.
#[derive(Debug, Serialize)]
pub(crate) struct Planned {
    pub(crate) contracts: Vec<PlannedContract>,
}

impl Planned {
    /// `15 checks would be made, 1 is not executable; no data were read`.
    fn summary(&self) -> String {
        let checks = || self.contracts.iter().flat_map(|contract| &contract.checks);
        let all = checks().count();
        let left = checks()
            .filter(|check| check.not_executable.is_some())
            .count();
        let made = match all - left {
            1 => "1 check would be made".to_owned(),
            many => format!("{} checks would be made", grouped(many as u64)),
        };
        let left = match left {
            0 => String::new(),
            1 => ", and 1 is not executable".to_owned(),
            many => format!(", and {} are not executable", grouped(many as u64)),
        };
        format!("{made}{left}; no data were read")
    }
}

impl Report for Planned {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let (bold, dim) = (Style::new().bold(), Style::new().dimmed());
        for contract in &self.contracts {
            let title = harmless(&format!("{} {}", contract.contract, contract.version));
            writeln!(out, "{bold}{title}{bold:#}  {}", harmless(&contract.file))?;
            let server = harmless(&contract.server);
            let place = match contract.measured {
                "here" => "here",
                _ => "in Databricks",
            };
            writeln!(out, "on the server {server}, measured {place}")?;
            if let Some(note) = contract.note {
                writeln!(out, "{dim}{note}{dim:#}")?;
            }
            for object in &contract.objects {
                let location = object.location.as_deref().unwrap_or_default();
                let line = format!("{}  {}", harmless(&object.name), harmless(location));
                writeln!(out, "\n{bold}{}{bold:#}", line.trim_end())?;
                let checks = contract.checks.iter();
                let of_it: Vec<_> = checks.filter(|check| check.object == object.name).collect();
                let shown = of_it.iter().map(|check| row(check));
                writeln!(out, "{}", rows(&["", "check", "expected", "id"], shown))?;
                for check in of_it {
                    notable(check, out)?;
                }
            }
            writeln!(out)?;
        }
        writeln!(out, "{bold}{}{bold:#}", self.summary())
    }
}

fn row(check: &PlannedCheck) -> [String; 4] {
    let sign = match (&check.not_executable, &check.error) {
        (Some(_), _) => "–",
        (_, Some(_)) => "✘",
        _ => "",
    };
    [
        sign.to_owned(),
        harmless(&check.title),
        harmless(check.expected.as_deref().unwrap_or_default()),
        harmless(&check.id),
    ]
}

/// Why a check is not made, or cannot be.
fn notable(check: &PlannedCheck, out: &mut dyn Write) -> io::Result<()> {
    let (style, word, reason) = match (&check.not_executable, &check.error) {
        (Some(reason), _) => (Style::new().dimmed(), "not executable", reason),
        (_, Some(reason)) => (AnsiColor::Red.on_default(), "error", reason),
        _ => return Ok(()),
    };
    let id = harmless(&check.id);
    writeln!(
        out,
        "\n{style}{word}{style:#}: {id}, line {}",
        grouped(check.line)
    )?;
    writeln!(out, "  {}", harmless(reason))
}
