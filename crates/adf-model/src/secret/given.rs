//! What is given to a name by words: `--password X`, `X-Api-Key: X`, `identified by X`.

use std::ops::Range;

use super::pair::end_of_quoted;

/// Words that are given to names of secrets and are none: types, states, and what means nothing.
const NO_SECRETS: [&str; 32] = [
    "any",
    "bool",
    "boolean",
    "bytes",
    "denied",
    "empty",
    "expired",
    "failed",
    "false",
    "hidden",
    "int",
    "integer",
    "invalid",
    "is",
    "missing",
    "no",
    "none",
    "null",
    "number",
    "object",
    "optional",
    "redacted",
    "required",
    "securestring",
    "str",
    "string",
    "text",
    "true",
    "undefined",
    "unknown",
    "wrong",
    "yes",
];

/// The value at a place: what is in quotes there, or a word. None where it comes from elsewhere, or is no value.
pub(super) fn value_at(text: &str, from: usize) -> Option<Range<usize>> {
    let rest = &text[from..];
    let is_expression = text.starts_with('@');
    if is_expression && rest.starts_with('\'') && !rest.starts_with("''") {
        return joined(text, from);
    }
    let quotes: &[&str] = match is_expression {
        true => &["''", "\\\"", "\""],
        false => &["\\\"", "\\'", "\"", "'"],
    };
    let quote = quotes.iter().find(|quote| rest.starts_with(**quote));
    let value = match quote {
        Some(quote) => {
            let inside = &rest[quote.len()..];
            let end = match quote.strip_prefix('\\') {
                Some(mark) => end_of_quoted(inside, "\\", mark.chars().next()?),
                None if *quote == "''" => inside.find(quote),
                None => end_of_quoted(inside, "", quote.chars().next()?),
            };
            let start = from + quote.len();
            start..start + end.unwrap_or_else(|| end_of_word(inside))
        }
        None => from..from + end_of_word(rest),
    };
    is_value(&text[value.clone()]).then_some(value)
}

/// The next text of an expression, where one ends at `from`: `'` in `'…?sig=', 'X'`.
pub(super) fn joined(text: &str, from: usize) -> Option<Range<usize>> {
    let next = text[from..].strip_prefix('\'')?.trim_start();
    let next = next.strip_prefix(',')?.trim_start().strip_prefix('\'')?;
    let start = text.len() - next.len();
    let value = start..start + next.find('\'')?;
    is_value(&text[value.clone()]).then_some(value)
}

/// Whether something is a value, and neither a variable that holds one nor a word about one.
pub(super) fn is_value(text: &str) -> bool {
    let text = text.trim();
    let is_elsewhere = text.starts_with(['@', '$', '<', '%', '-', '|', '>', '{', '[', '(']);
    let is_word = text.len() <= 16 && {
        let word = text
            .trim_end_matches([',', ';', ')', '}', '.'])
            .to_ascii_lowercase();
        word.is_empty() || NO_SECRETS.contains(&word.as_str())
    };
    !is_elsewhere && !is_word
}

/// Whether a text has letters and digits in it, as secrets do and words of a sentence do not.
pub(super) fn is_made_up(text: &str) -> bool {
    text.len() >= 6
        && !text.contains(char::is_whitespace)
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
        && text.bytes().any(|byte| byte.is_ascii_digit())
}

fn end_of_word(text: &str) -> usize {
    let ends = |letter: char| letter.is_whitespace() || "\"'`\\".contains(letter);
    text.find(ends).unwrap_or(text.len())
}
