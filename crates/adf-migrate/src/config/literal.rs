//! Literals within a value: JSON with single quotes, and PowerShell's arrays. What is no literal is nothing; nothing is run.

use serde_json::Value;

/// JSON whose texts may stand in single quotes.
pub(crate) fn json(text: &str) -> Option<Value> {
    serde_json::from_str(text)
        .or_else(|_| serde_json::from_str(&double_quoted(text)))
        .ok()
}

/// The text with double quotes in the place of single ones.
fn double_quoted(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut inside = None;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match (character, inside) {
            ('\\', Some(quote)) => match characters.next() {
                Some('\'') if quote == '\'' => result.push('\''),
                Some(other) => result.extend(['\\', other]),
                None => result.push('\\'),
            },
            ('"', Some('\'')) => result.push_str("\\\""),
            (quote @ ('\'' | '"'), None) => {
                inside = Some(quote);
                result.push('"');
            }
            (quote, Some(open)) if quote == open => {
                inside = None;
                result.push('"');
            }
            (other, _) => result.push(other),
        }
    }
    result
}

/// The elements of `@('a', 'b')` or `'a', 'b'`: texts in quotes, numbers, `$true` and `$false`.
pub(crate) fn powershell(text: &str) -> Option<Vec<Value>> {
    let text = text.trim();
    let whole = text
        .strip_prefix("@(")
        .and_then(|text| text.strip_suffix(')'));
    let mut rest = whole.unwrap_or(text).trim();
    let mut items = Vec::new();
    if rest.is_empty() {
        return whole.map(|_| items);
    }
    loop {
        let (item, after) = element(rest)?;
        items.push(item);
        rest = after.trim_start();
        match rest.strip_prefix(',') {
            Some(after) => rest = after.trim_start(),
            None if rest.is_empty() => return Some(items),
            None => return None,
        }
    }
}

/// The element at the beginning of a text, and what follows it.
fn element(text: &str) -> Option<(Value, &str)> {
    if let Some(quote @ ('\'' | '"')) = text.chars().next() {
        let mut item = String::new();
        let mut characters = text[1..].char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            if character != quote {
                item.push(character);
            } else if characters.peek().is_some_and(|(_, next)| *next == quote) {
                item.push(quote);
                characters.next();
            } else {
                return Some((item.into(), &text[1 + at + 1..]));
            }
        }
        return None;
    }
    let length = text.find(',').unwrap_or(text.len());
    let (word, after) = text.split_at(length);
    let item = match word.trim().to_ascii_lowercase().as_str() {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        number => Value::Number(number.parse().ok()?),
    };
    Some((item, after))
}
