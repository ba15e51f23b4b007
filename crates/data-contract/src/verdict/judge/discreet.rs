//! Failures where there are classified columns: engines quote the values that they stumble over.

/// What is said here of a statement, and not by an engine.
const OWN: &str = "it was cancelled, because ";

/// What values and names stand in.
const QUOTES: [char; 3] = ['\'', '"', '`'];

/// Classes of errors of Spark that are about the statement and not about the data, where no SQL state says so.
const OF_STATEMENT: [&str; 5] = [
    "UNRESOLVED_",
    "TABLE_OR_VIEW_NOT_FOUND",
    "SCHEMA_NOT_FOUND",
    "PATH_NOT_FOUND",
    "PARSE_SYNTAX_ERROR",
];

/// What is said, without the values in it: all of it where it is about the statement, and of other errors the class of Spark where there is
/// one. Of a query's failure nothing else is told; of other measures what is not in quotes.
pub(super) fn without_values(reason: &str, is_query: bool) -> String {
    match class(reason) {
        Some(class) if is_of_statement(reason, class) => reason.to_owned(),
        Some(class) => format!("[{class}] about a classified column"),
        None if reason.starts_with(OWN) => reason.to_owned(),
        None if !is_query => ['\'', '"'].iter().fold(reason.to_owned(), unquoted),
        None => "it fails on a value, which is not shown because there are classified columns"
            .to_owned(),
    }
}

/// The class of an error of Spark, `CAST_INVALID_INPUT`: at the beginning, or behind the name of an exception. A value in brackets may look the
/// same, but stands in quotes.
fn class(reason: &str) -> Option<&str> {
    let is_part =
        |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || b"_.".contains(&byte);
    let is_class = |class: &str| {
        let starts = class.starts_with(|letter: char| letter.is_ascii_uppercase());
        starts && class.contains('_') && class.bytes().all(is_part)
    };
    let mut opened = reason.match_indices('[');
    opened.find_map(|(at, _)| {
        let (before, behind) = (&reason[..at], &reason[at + 1..]);
        let is_said = before.is_empty() || before.ends_with(": ");
        let (class, _) = behind.split_once(']')?;
        (is_said && !before.contains(QUOTES) && is_class(class)).then_some(class)
    })
}

/// The states of the class 42 are about syntax, names, types and rights. A value could say so too, but the last one is the engine's where it
/// stands at the end; where the text was cut, the class says it.
fn is_of_statement(reason: &str, class: &str) -> bool {
    let said = reason.rsplit_once("SQLSTATE: ");
    let state = said.and_then(|(_, behind)| behind.split("; line ").next());
    match state.map(str::trim_end) {
        Some(state) if state.len() == 5 => state.starts_with("42"),
        _ => OF_STATEMENT.iter().any(|known| class.starts_with(known)),
    }
}

/// A value may have the quote in it, so that all between the first and the last one goes.
fn unquoted(text: String, quote: &char) -> String {
    match (text.find(*quote), text.rfind(*quote)) {
        (Some(first), Some(last)) if first < last => {
            format!("{}***{}", &text[..=first], &text[last..])
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_is_told_and_what_is_wrong_with_a_statement_is() {
        for (said, told) in [
            (
                "[CAST_INVALID_INPUT] The value '123-45 SQLSTATE: 42' of the type \"STRING\" cannot be cast. SQLSTATE: 22018",
                "[CAST_INVALID_INPUT] about a classified column",
            ),
            (
                "Job aborted due to stage failure: org.apache.spark.SparkNumberFormatException: [CAST_INVALID_INPUT] The value 'x' ...",
                "[CAST_INVALID_INPUT] about a classified column",
            ),
            (
                "[USER_RAISED_EXCEPTION] 123-45-6789 SQLSTATE: P0001",
                "[USER_RAISED_EXCEPTION] about a classified column",
            ),
            (
                "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column `ssm` cannot be resolved. Did you mean `ssn`? SQLSTATE: 42703",
                "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column `ssm` cannot be resolved. Did you mean `ssn`? SQLSTATE: 42703",
            ),
            (
                "Cannot cast string '12'3' to value of Int64 type",
                "it fails on a value, which is not shown because there are classified columns",
            ),
            (
                "Cannot cast string '[AB_123456]' to value of Int64 type",
                "it fails on a value, which is not shown because there are classified columns",
            ),
            (
                "Cannot cast string [AB123456] to value of Int64 type",
                "it fails on a value, which is not shown because there are classified columns",
            ),
            (
                "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column `ssm` cannot be resolved. SQLSTATE: 42703; line 1 pos 7",
                "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column `ssm` cannot be resolved. SQLSTATE: 42703; line 1 pos 7",
            ),
            (
                "[CAST_INVALID_INPUT] The value 'SQLSTATE: 42, and more that was cut ...",
                "[CAST_INVALID_INPUT] about a classified column",
            ),
            (
                "it was cancelled, because the test has taken 3 s",
                "it was cancelled, because the test has taken 3 s",
            ),
        ] {
            assert_eq!(without_values(said, true), told);
        }
        let said = |reason: &str| without_values(reason, false);
        assert_eq!(
            said("there is no file at a.csv"),
            "there is no file at a.csv"
        );
        assert_eq!(said("no '12'3' here"), "no '***' here");
    }
}
