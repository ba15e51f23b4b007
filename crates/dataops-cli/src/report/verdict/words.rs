//! Words for what came of checks.

use data_contract::verdict::{CheckResult, ObjectRead, Status};

use super::{FailOn, Outcome, Verdicts, databricks};
use crate::terminal::{grouped, harmless, one_line, size};

/// The sign of a status.
pub(super) const fn sign(status: Status) -> &'static str {
    match status {
        Status::Passed => "✔",
        Status::NotExecutable => "–",
        Status::Warning => "!",
        Status::Failed => "✘",
        Status::Error => "✘",
    }
}

/// The word of a status.
pub(super) const fn word(status: Status) -> &'static str {
    match status {
        Status::Passed => "passed",
        Status::NotExecutable => "not executable",
        Status::Warning => "warning",
        Status::Failed => "failed",
        Status::Error => "error",
    }
}

/// `28 checks: 25 passed, 1 warning, 2 failed`.
pub(super) fn summary(verdicts: &Verdicts) -> String {
    let all = verdicts.checks().count();
    let checks = if all == 1 { "check" } else { "checks" };
    let statuses = [
        Status::Passed,
        Status::Warning,
        Status::Failed,
        Status::Error,
        Status::NotExecutable,
    ];
    let counts = statuses
        .into_iter()
        .filter_map(|status| match verdicts.count(status) {
            0 => None,
            1 => Some(format!("1 {}", word(status))),
            count => Some(format!("{} {}", grouped(count as u64), plural(status))),
        });
    let counts: Vec<_> = counts.collect();
    let undecided = undecided(verdicts);
    match counts.is_empty() {
        true => format!("no checks{undecided}"),
        false => format!(
            "{} {checks}: {}{undecided}",
            grouped(all as u64),
            counts.join(", ")
        ),
    }
}

/// The contracts of which nothing was decided, unless something fails anyway.
fn undecided(verdicts: &Verdicts) -> String {
    if verdicts.outcome() != Outcome::Undecided {
        return String::new();
    }
    let undecided = verdicts.contracts.iter().filter(|held| !held.is_decided());
    let names: Vec<_> = undecided
        .map(|held| held.verdict.contract.as_str())
        .collect();
    harmless(&format!("; nothing was decided of {}", names.join(", ")))
}

const fn plural(status: Status) -> &'static str {
    match status {
        Status::Warning => "warnings",
        Status::Error => "errors",
        other => word(other),
    }
}

/// What does not hold, in one line.
pub(super) fn complaint(verdicts: &Verdicts) -> String {
    let failing = verdicts
        .checks()
        .filter(|(_, check)| verdicts.fail_on.fails(check.status));
    let names: Vec<_> = failing.map(|(_, check)| check.id.as_str()).collect();
    let first = names.iter().take(5).copied().collect::<Vec<_>>().join(", ");
    let more = names.len().saturating_sub(5);
    let rest = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    let checks = if names.len() == 1 {
        "check does"
    } else {
        "checks do"
    };
    harmless(&format!("{} {checks} not hold: {first}{rest}", names.len()))
}

/// What was read of an object, in one line.
pub(super) fn read(object: &ObjectRead) -> String {
    let mut parts = Vec::new();
    if let Some(rows) = object.rows {
        parts.push(format!(
            "{} {}",
            grouped(rows),
            if rows == 1 { "row" } else { "rows" }
        ));
    }
    if object.files > 0 {
        parts.push(format!(
            "{} in {} {}",
            size(object.bytes),
            grouped(object.files),
            if object.files == 1 { "file" } else { "files" }
        ));
    }
    parts.join(", ")
}

/// What else is worth knowing about a check: why, in which files, which rows, by which query.
pub(super) fn details(check: &CheckResult) -> Vec<String> {
    let mut details = details_without_query(check);
    if let Some(query) = databricks::query(check) {
        details.push(format!("sql: {query}"));
    }
    details
}

/// The same where the query is shown as a whole.
pub(super) fn details_without_query(check: &CheckResult) -> Vec<String> {
    let mut details = Vec::new();
    if let Some(reason) = &check.reason {
        details.push(one_line(reason));
    }
    // One file alone is named by the reason, or is all there is.
    let files = if check.files.len() > 1 {
        check.files.as_slice()
    } else {
        &[]
    };
    for (file, count) in files.iter().take(FILES) {
        details.push(one_line(&format!("{file}: {}", grouped(*count))));
    }
    if check.files.len() > FILES {
        details.push(format!("and {} more files", check.files.len() - FILES));
    }
    for sample in &check.samples {
        let row = sample.row.map(|row| format!("row {}", grouped(row)));
        let place: Vec<_> = sample.file.clone().into_iter().chain(row).collect();
        // A hidden value and NULL have none.
        let parts = [place.join(", "), sample.value.clone().unwrap_or_default()];
        let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        if !parts.is_empty() {
            details.push(one_line(&parts.join(": ")));
        }
    }
    details
}

/// So many files are named.
const FILES: usize = 5;

/// Whether a check is shown with its details.
pub(super) fn is_notable(check: &CheckResult) -> bool {
    FailOn::Warning.fails(check.status) || check.status == Status::NotExecutable
}
