//! Words that the standard fixes or suggests, each list once.

/// Dimensions of quality, each with its two letters.
pub(crate) const DIMENSIONS: [(&str, &str); 7] = [
    ("ac", "accuracy"),
    ("cp", "completeness"),
    ("cf", "conformity"),
    ("cs", "consistency"),
    ("cv", "coverage"),
    ("tm", "timeliness"),
    ("uq", "uniqueness"),
];

/// Words of `severity` that mean a warning.
pub(crate) const WARNINGS: [&str; 6] = ["info", "warning", "warn", "low", "minor", "trivial"];
/// Words of `severity` that mean an error, as any other does.
pub(crate) const ERRORS: [&str; 8] = [
    "error", "critical", "high", "major", "medium", "blocker", "fatal", "severe",
];

/// What stands for the object in a query.
pub(crate) const OBJECT: [&str; 4] = ["object", "table", "model", "schema"];
/// What stands for the column in a query.
pub(crate) const COLUMN: [&str; 3] = ["property", "column", "field"];

/// The dimension of a name or of its two letters; `None` where the standard does not know it.
pub(crate) fn dimension_named(name: &str) -> Option<&'static str> {
    let mut all = DIMENSIONS.into_iter();
    all.find(|(short, long)| name.eq_ignore_ascii_case(short) || name.eq_ignore_ascii_case(long))
        .map(|(_, long)| long)
}

/// Whether a word in braces stands for a name in a query.
pub(crate) fn is_placeholder(word: &str) -> bool {
    OBJECT.contains(&word) || COLUMN.contains(&word)
}
