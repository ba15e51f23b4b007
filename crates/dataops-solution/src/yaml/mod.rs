//! YAML within bounds: a file of a solution is small, and one that is not is refused before it costs anything.

mod places;
mod source;

use serde::de::DeserializeOwned;
use serde_saphyr::budget::BudgetBreach;
use serde_saphyr::{Error, Location, Options};

pub use source::Source;

/// The largest file, in bytes.
pub const LARGEST: u64 = 1 << 20;

/// The deepest nesting.
const DEEPEST: usize = 32;

/// How much is read: far more than a solution says, far less than what stops a machine.
fn options() -> Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_events: 200_000,
            max_nodes: 100_000,
            max_depth: DEEPEST,
            flow_nesting_limit: DEEPEST,
            max_aliases: 1_000,
            max_anchors: 1_000,
            max_recorded_anchor_events: 100_000,
            max_documents: 1,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: 100_000,
            max_replay_stack_depth: 16,
        },
    }
}

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

/// Reads a text.
///
/// # Errors
///
/// When it is not YAML, not a `T`, or more than a file of a solution says.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, YamlError> {
    serde_saphyr::from_str_with_options(text, options()).map_err(|error| {
        let place = error.location();
        YamlError {
            line: place.as_ref().map_or(1, Location::line),
            column: place.as_ref().map_or(1, Location::column),
            reason: reason(error.without_snippet()),
        }
    })
}

fn reason(error: &Error) -> String {
    match error {
        Error::AliasError { error, .. } => reason(error),
        Error::Budget { breach, .. } => excess(breach),
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

const ALIASES: &str = "its aliases stand for more than is read";

fn excess(breach: &BudgetBreach) -> String {
    match breach {
        BudgetBreach::Depth { .. } => format!("it is nested more than {DEEPEST} levels deep"),
        BudgetBreach::Documents { .. } => "a second document begins here".to_owned(),
        BudgetBreach::Aliases { .. }
        | BudgetBreach::Anchors { .. }
        | BudgetBreach::AliasAnchorRatio { .. }
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
