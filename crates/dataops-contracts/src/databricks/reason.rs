//! Why a statement failed, as short as it can be said.

use databricks_client::{Statement, StatementState};

/// So many characters of a reason are kept: Spark repeats the whole statement, and the plan of it.
const LONGEST: usize = 600;

/// Why a statement has no result that somebody has cancelled.
const CANCELLED: &str = "the statement was cancelled in the workspace";

/// Whether a reason is that somebody has cancelled the statement.
pub(super) fn is_cancelled(reason: &str) -> bool {
    reason == CANCELLED
}

/// Why a statement that has ended brings no rows; none where it does.
pub(super) fn of(statement: &Statement) -> Option<String> {
    let said = || {
        let error = statement.status.error.as_ref();
        let message = error.and_then(|error| error.message.clone());
        message.or_else(|| error.and_then(|error| error.error_code.clone()))
    };
    match &statement.status.state {
        StatementState::Succeeded => None,
        StatementState::Failed => Some(said().map_or_else(
            || "the statement failed, and nobody says why".to_owned(),
            |said| short(&said),
        )),
        StatementState::Canceled => Some(CANCELLED.to_owned()),
        StatementState::Closed => Some("the result of the statement is gone".to_owned()),
        other => Some(format!("the statement ended as {other}")),
    }
}

/// The first lines of a message, without what Spark adds: the statement itself, and the plan of it.
pub(super) fn short(message: &str) -> String {
    let ends = ["== SQL", "\n\tat ", "JVM stacktrace", "\n'Project", "\n+- "];
    let end = ends.iter().filter_map(|end| message.find(end)).min();
    let message = &message[..end.unwrap_or(message.len())];
    let words: Vec<_> = message.split_whitespace().collect();
    let text = words.join(" ");
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.trim_end_matches([';', ' ']).to_owned(),
    }
}

/// Whether a reason says that there are no such data, and not that something went wrong.
pub(super) fn is_missing(reason: &str) -> bool {
    let codes = [
        "TABLE_OR_VIEW_NOT_FOUND",
        "PATH_NOT_FOUND",
        "SCHEMA_NOT_FOUND",
        "CF_EMPTY_DIR_FOR_SCHEMA_INFERENCE",
        "UNABLE_TO_INFER_SCHEMA",
    ];
    codes.iter().any(|code| reason.contains(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_ends_before_the_statement_and_its_plan() {
        let message = "[UNRESOLVED_COLUMN] a column `x`\n cannot be resolved.; line 1 pos 7;\n'Project ['x]\n+- Relation";

        assert_eq!(
            short(message),
            "[UNRESOLVED_COLUMN] a column `x` cannot be resolved.; line 1 pos 7"
        );
        assert_eq!(short(&"é".repeat(2000)).chars().count(), LONGEST + 1);
    }
}
