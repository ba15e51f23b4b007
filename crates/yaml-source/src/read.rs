//! Reading, and why it fails.

use serde::de::DeserializeOwned;
use serde_saphyr::budget::BudgetBreach;
use serde_saphyr::{Error, Location};

use crate::Limits;
use crate::limits::Words;

/// Why a text cannot be used, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {reason}")]
pub struct YamlError {
    /// The line, from 1.
    pub line: u64,
    /// The column in characters, from 1.
    pub column: u64,
    /// What is wrong there.
    pub reason: String,
}

/// Reads a text of settings.
///
/// # Errors
///
/// When it is not YAML, not a `T`, or more than [`Limits::SETTINGS`].
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, YamlError> {
    read_within(text, Limits::SETTINGS, Words::Taken)
}

pub(crate) fn read_within<T: DeserializeOwned>(
    text: &str,
    limits: Limits,
    words: Words,
) -> Result<T, YamlError> {
    serde_saphyr::from_str_with_options(text, limits.options(words)).map_err(|error| {
        let place = error.location();
        YamlError {
            line: place.as_ref().map_or(1, Location::line),
            column: place.as_ref().map_or(1, Location::column),
            reason: reason(error.without_snippet(), limits),
        }
    })
}

fn reason(error: &Error, limits: Limits) -> String {
    match error {
        Error::AliasError { error, .. } => reason(error, limits),
        Error::Budget { breach, .. } => excess(breach, limits),
        Error::DuplicateMappingKey { key: Some(key), .. } => {
            format!("the key `{key}` stands here a second time")
        }
        Error::AliasReplayLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. }
        | Error::AliasExpansionLimitExceeded { .. } => ALIASES.to_owned(),
        Error::RecursiveReferencesRequireWeakTypes { .. } => {
            "the alias stands inside of what it stands for".to_owned()
        }
        Error::UnknownAnchor { .. } => "the alias stands for nothing".to_owned(),
        Error::Eof { .. } => "the file ends where a value was expected".to_owned(),
        Error::Unexpected {
            expected: "mapping start",
            ..
        } => "expected a mapping".to_owned(),
        other => first_line(other),
    }
}

const ALIASES: &str = "its aliases stand for more than the 100,000 values that are read";

fn excess(breach: &BudgetBreach, limits: Limits) -> String {
    match breach {
        BudgetBreach::Depth { .. } => {
            format!("it is nested more than {} levels deep", limits.depth)
        }
        BudgetBreach::Documents { .. } => "a second document begins here".to_owned(),
        BudgetBreach::Aliases { .. } => "it has more than 1,000 aliases".to_owned(),
        BudgetBreach::Anchors { .. } => "it has more than 1,000 anchors".to_owned(),
        BudgetBreach::AliasAnchorRatio { .. }
        | BudgetBreach::RecordedAnchorEvents { .. }
        | BudgetBreach::RecordedAnchorBytes { .. } => ALIASES.to_owned(),
        _ => "it has more values than are read".to_owned(),
    }
}

/// The error's text without the place, which is shown beside it.
fn first_line(error: &Error) -> String {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    let place = [" at line ", " at "]
        .into_iter()
        .find_map(|mark| line.rfind(mark));
    line[..place.unwrap_or(line.len())].to_owned()
}
