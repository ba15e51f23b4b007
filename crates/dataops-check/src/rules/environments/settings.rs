//! A `dataops.yaml` that cannot be used.

use dataops_solution::settings::{FILE_NAME, SettingsError};
use dataops_solution::source::SolutionSource;

use crate::rules::rule;
use crate::suggestion::meant;
use crate::text::word_at;
use crate::{Finding, Rule};

pub(super) static MALFORMED: Rule = rule!(
    "ENV101",
    "malformed-settings",
    Error,
    "dataops.yaml is not YAML, or says something that it has no place for"
);

pub(super) fn finding(solution: &SolutionSource, error: &SettingsError) -> Finding {
    let SettingsError::Malformed {
        line,
        column,
        reason,
        ..
    } = error
    else {
        return Finding::in_file(&MALFORMED, FILE_NAME, error.to_string());
    };
    let number = |number: u64| usize::try_from(number).unwrap_or(1);
    let place = word_at(solution.yaml.text(), number(*line), number(*column));
    Finding {
        span: Some(place),
        ..Finding::in_file(&MALFORMED, FILE_NAME, sentence(reason))
    }
    .hint_if(hint(reason))
}

/// The reason without the list of everything that there may be.
fn sentence(reason: &str) -> &str {
    reason.split(", expected one of ").next().unwrap_or(reason)
}

/// The known key that an unknown one was meant to be, or else all of them.
fn hint(reason: &str) -> Option<String> {
    let (unknown, known) = reason.split_once(", expected one of ")?;
    let given = unknown.split('`').nth(1)?;
    let known: Vec<_> = known
        .split(", ")
        .map(|name| name.trim_matches('`'))
        .collect();
    meant(given, known.iter().copied())
        .or_else(|| Some(format!("there may be {}", known.join(", "))))
}
