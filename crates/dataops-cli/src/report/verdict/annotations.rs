//! Checks that do not hold as commands of a CI system, which shows them at their lines of the contract.

use std::path::Path;

use adf_source::{Position, Span};
use data_contract::verdict::{CheckResult, Status};
use dataops_check::Severity;

use super::words::summary;
use super::{FailOn, Held, Verdicts};
use crate::terminal::{Annotation, Ci, from_repository};

/// The most annotations that a CI system shows for one step.
const SHOWN: usize = 10;

/// One line for each check that does not hold, and one that counts them.
pub(super) fn all(verdicts: &Verdicts, ci: Ci) -> String {
    let lines = notable(verdicts).map(|(held, check)| command(verdicts, held, check, ci) + "\n");
    lines.collect::<String>() + &summary(verdicts) + "\n"
}

/// Commands for the first ones.
pub(super) fn first(verdicts: &Verdicts, ci: Ci) -> Vec<String> {
    let worst_first = [Status::Error, Status::Failed, Status::Warning];
    let of = |status| notable(verdicts).filter(move |(_, check)| check.status == status);
    let all = worst_first.into_iter().flat_map(of);
    all.take(SHOWN)
        .map(|(held, check)| command(verdicts, held, check, ci))
        .collect()
}

fn notable(verdicts: &Verdicts) -> impl Iterator<Item = (&Held, &CheckResult)> {
    verdicts
        .checks()
        .filter(|(_, check)| FailOn::Warning.fails(check.status))
}

fn command(verdicts: &Verdicts, held: &Held, check: &CheckResult, ci: Ci) -> String {
    let mut message = check.title.clone();
    for (word, text) in [("measured", &check.measured), ("expected", &check.expected)] {
        if let Some(text) = text {
            message.push_str(&format!(", {word} {text}"));
        }
    }
    if let Some(reason) = &check.reason {
        message.push_str(&format!(" ({reason})"));
    }
    let severity = match verdicts.fail_on.fails(check.status) {
        true => Severity::Error,
        false => Severity::Warning,
    };
    let line = usize::try_from(check.line).ok().filter(|line| *line > 0);
    let span = line.map(|line| {
        let place = Position { line, column: 1 };
        Span {
            start: place,
            end: place,
            bytes: 0..0,
        }
    });
    ci.annotate(&Annotation {
        severity,
        title: &check.id,
        code: &check.id,
        path: &from_repository(Path::new(&held.file)).to_string_lossy(),
        span: span.as_ref(),
        message: &message,
    })
}
