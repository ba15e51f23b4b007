//! A name and its value with a colon between them and no quotes around the name: a header, or a line of YAML.

use std::ops::Range;

use super::given::{is_made_up, is_value, value_at};
use super::name::is_secret_name;
use super::pair::{LONGEST_NAME, floor};
use super::text::{Secret, SecretKind};

/// What stands before what authorises.
const SCHEMES: [&str; 6] = [
    "basic ",
    "bearer ",
    "digest ",
    "sharedaccesssignature ",
    "sharedkey ",
    "token ",
];

/// What is around a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Around {
    /// Nothing: the name begins its line.
    Line,
    /// A quote, which ends the value too.
    Quote(char),
    /// The bracket of an object.
    Object,
    /// A comma, before which others may stand.
    Comma,
    /// Words, which may be a sentence.
    Words,
}

/// The value behind the `:` at `at`, where the name before it is that of a secret.
pub(super) fn value(text: &str, at: usize) -> Option<Secret> {
    let rest = &text[at + 1..];
    if !rest.starts_with([' ', '\t', '"', '\'']) {
        return None;
    }
    let name = name_before(text, at)?;
    let around = around(&text[..name.start])?;
    let start = text.len() - rest.trim_start_matches([' ', '\t']).len();
    let (value, kind) = match (around, text[start..].chars().next()?) {
        (Around::Quote(_), '"' | '\'') => return None,
        (_, '"' | '\'') => (value_at(text, start)?, SecretKind::Property),
        (Around::Comma, _) => return None,
        _ => (
            word(text, start, around, &text[name.clone()])?,
            SecretKind::Field,
        ),
    };
    Some(Secret {
        at: value,
        name: Some(name),
        kind,
    })
}

fn name_before(text: &str, end: usize) -> Option<Range<usize>> {
    let head = &text[floor(text, end.saturating_sub(LONGEST_NAME))..end];
    let is_part = |letter: char| letter.is_alphanumeric() || "_-.".contains(letter);
    // A dash before a name makes it an element of a list, or an option.
    let name = head[head.trim_end_matches(is_part).len()..].trim_start_matches('-');
    is_secret_name(name).then_some(end - name.len()..end)
}

fn around(before: &str) -> Option<Around> {
    let trimmed = before.trim_end_matches([' ', '\t']);
    match trimmed.chars().next_back() {
        None | Some('\n' | '\r') => Some(Around::Line),
        Some(quote @ ('"' | '\'')) if trimmed.len() == before.len() => Some(Around::Quote(quote)),
        Some('{') => Some(Around::Object),
        Some(',') => Some(Around::Comma),
        Some('-') => {
            let line = trimmed.trim_end_matches(['-', ' ', '\t']);
            let is_element = line.is_empty() || line.ends_with('\n');
            is_element.then_some(Around::Line)
        }
        _ if trimmed.len() < before.len() => Some(Around::Words),
        _ => None,
    }
}

/// A value without quotes: one word, or what follows the way of authorising. Sentences are none.
fn word(text: &str, start: usize, around: Around, name: &str) -> Option<Range<usize>> {
    let rest = &text[start..];
    let end = match around {
        Around::Quote(quote) => rest.find([quote, '\n']),
        Around::Object => rest.find([',', '}', '\n']),
        Around::Line | Around::Comma => rest.find('\n'),
        Around::Words => rest.find([' ', '\'', '"', '\n']),
    };
    let value = rest[..end.unwrap_or(rest.len())].trim_end_matches(['\\', '\r', ' ', '\t']);
    let scheme = SCHEMES.iter().find(|scheme| {
        let head = value.get(..scheme.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(scheme))
    });
    let skipped = scheme.map_or(0, |scheme| scheme.len());
    let secret = value[skipped..].trim_start();
    let start = start + (value.len() - secret.len());
    let is_list = name.to_ascii_lowercase().ends_with("cookie");
    let is_one = is_list || !secret.contains([' ', '\t']);
    let is_word = around == Around::Words && !is_made_up(secret);
    (is_one && !is_word && is_value(secret)).then_some(start..start + secret.len())
}
