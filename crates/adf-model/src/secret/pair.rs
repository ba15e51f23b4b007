//! Names with their values inside of a text: `Name=value;`, `name=value&` and `"name": "value"`.

use std::ops::Range;

use super::given::joined;
use super::line;
use super::name::is_secret_name;
use super::text::{Secret, SecretKind};

/// No name of a secret is longer.
pub(super) const LONGEST_NAME: usize = 48;

/// What ends the name before a `=`, looked at from there.
const BEFORE_NAME: [char; 14] = [
    ';', '?', '&', '\'', '"', '(', '{', '[', ',', '\n', '=', '<', '>', '|',
];

/// Finds the values of names.
pub(super) fn find(text: &str, found: &mut Vec<Secret>) {
    let mut from = 0;
    while let Some(at) = text[from..].find(['=', ':']) {
        let at = from + at;
        from = at + 1;
        let secret = match text.as_bytes()[at] {
            b'=' => value_of_setting(text, at),
            _ => value_of_property(text, at).or_else(|| line::value(text, at)),
        };
        if let Some(secret) = secret {
            from = from.max(secret.at.end);
            found.push(secret);
        }
    }
}

/// The value behind the `=` at `at`, where the name before it is that of a secret.
fn value_of_setting(text: &str, at: usize) -> Option<Secret> {
    let before = &text[floor(text, at.saturating_sub(LONGEST_NAME))..at];
    let start = at - before.len() + before.rfind(BEFORE_NAME).map_or(0, |mark| mark + 1);
    let mark = text[..start].chars().next_back();
    let name_at = name_in(text, start, at)?;
    let name = &text[name_at.clone()];
    let value = &text[at + 1..];
    let in_link = matches!(mark, Some('?' | '&'));
    let is = |other: &str| name.eq_ignore_ascii_case(other);
    let (kind, end) = if is("sig") {
        (SecretKind::Signature, end_in_link(value))
    } else if in_link && is("code") {
        (SecretKind::Code, end_in_link(value))
    } else if !is_secret_name(name) {
        return None;
    } else if in_link {
        (SecretKind::Field, end_in_link(value))
    } else if mark.is_none() && is_form(text) {
        (SecretKind::Field, value.find(['&', '\n']))
    } else {
        // What stands in a connection string may hold anything but a semicolon.
        (SecretKind::Setting, value.find([';', '\n']))
    };
    let end = end.map_or(text.len(), |end| at + 1 + end);
    if end == at + 1 && text.starts_with('@') {
        return Some(Secret {
            at: joined(text, end)?,
            name: Some(name_at),
            kind,
        });
    }
    (end > at + 1).then_some(Secret {
        at: at + 1..end,
        name: Some(name_at),
        kind,
    })
}

/// The name between two places: all that is there, as `Shared Access Key`, or the last word, as in `SET PASSWORD`.
fn name_in(text: &str, start: usize, end: usize) -> Option<Range<usize>> {
    let part = &text[start..end];
    let whole = part.trim();
    let is_part = |letter: char| letter.is_alphanumeric() || "_-. ".contains(letter);
    let words = whole.split(' ').count();
    if !whole.is_empty() && words <= 3 && whole.chars().all(is_part) {
        let start = start + (part.len() - part.trim_start().len());
        return Some(start..start + whole.len());
    }
    let spaces = part.len() - part.trim_end().len();
    // With a blank before the `=` it is a sentence or a statement, where only a quoted text is a value.
    if spaces > 0 && !is_quoted(text[end..].trim_start_matches('=')) {
        return None;
    }
    let end = end - spaces;
    let last = text[start..end].rsplit(char::is_whitespace).next()?;
    (!last.is_empty()).then_some(end - last.len()..end)
}

/// Whether what follows is a text of SQL or of code, as `'…'` or `N'…'`.
fn is_quoted(text: &str) -> bool {
    let text = text.trim_start();
    text.strip_prefix('N')
        .unwrap_or(text)
        .starts_with(['\'', '"'])
}

/// Where a value in a link ends.
fn end_in_link(value: &str) -> Option<usize> {
    value.find(|letter: char| letter.is_whitespace() || "&'\"#;<>),}".contains(letter))
}

/// Whether a text is `name=value&name=value` from its beginning.
fn is_form(text: &str) -> bool {
    !text.contains(';')
        && text.split_once('&').is_some_and(|(_, second)| {
            let name = second.split('=').next().unwrap_or_default();
            name.len() < second.len()
                && !name.is_empty()
                && name
                    .chars()
                    .all(|letter| letter.is_alphanumeric() || "_-.".contains(letter))
        })
}

/// The value behind the `:` at `at`, where a quoted name before it is that of a secret and a quoted value follows.
fn value_of_property(text: &str, at: usize) -> Option<Secret> {
    let before = text[..at].trim_end_matches(' ');
    let quote = before
        .chars()
        .next_back()
        .filter(|mark| matches!(mark, '"' | '\''))?;
    let before = before.strip_suffix(quote)?;
    // JSON within a text of JSON.
    let escape = if before.ends_with('\\') { "\\" } else { "" };
    let before = before.strip_suffix(escape)?;
    let head = &before[floor(before, before.len().saturating_sub(LONGEST_NAME))..];
    let name = &head[head.rfind(quote)? + 1..];
    let name_end = before.len();
    if !is_secret_name(name) {
        return None;
    }
    let rest = &text[at + 1..];
    let value = rest.trim_start_matches(' ');
    let value = value.strip_prefix(escape)?.strip_prefix(quote)?;
    let start = text.len() - value.len();
    let end = start + end_of_quoted(value, escape, quote)?;
    // `"password":"', pipeline().parameters.x, '"` is a value that an expression puts there.
    let is_put_in = quote == '"' && text.starts_with('@') && text[start..end].starts_with('\'');
    (!is_put_in).then_some(Secret {
        at: start..end,
        name: Some(name_end - name.len()..name_end),
        kind: SecretKind::Property,
    })
}

/// Where a quoted value ends.
pub(super) fn end_of_quoted(value: &str, escape: &str, quote: char) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = value[from..].find(quote) {
        let at = from + at;
        let escapes = value[..at]
            .bytes()
            .rev()
            .take_while(|byte| *byte == b'\\')
            .count();
        if escape.is_empty() && escapes % 2 == 0 {
            return Some(at);
        }
        if !escape.is_empty() && escapes == 1 {
            return Some(at - 1);
        }
        from = at + 1;
    }
    None
}

/// The last boundary between characters at or before `at`.
pub(super) fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
