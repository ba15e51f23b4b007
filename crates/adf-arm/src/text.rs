//! Literal text in a template: what ARM would take for an expression gets one more bracket.

use std::borrow::Cow;

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use serde_json::Value;

/// The text that ARM reads as `text`. ARM evaluates what begins with `[` and ends with `]`, unless it begins with `[[`.
#[must_use]
pub fn escape(text: &str) -> Cow<'_, str> {
    if is_bracketed(text) {
        Cow::Owned(format!("[{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// What ARM makes of `text`, when that is a literal and no expression.
#[must_use]
pub fn unescape(text: &str) -> Option<&str> {
    match is_bracketed(text) {
        true => text.strip_prefix('[').filter(|rest| rest.starts_with('[')),
        false => Some(text),
    }
}

fn is_bracketed(text: &str) -> bool {
    text.starts_with('[') && text.ends_with(']')
}

/// The same literal as an expression, as Data Factory wrote it until 2019.
pub(crate) fn concatenate(text: &str) -> Option<String> {
    is_bracketed(text).then(|| format!("[concat('[', '{}')]", quote(&text[1..])))
}

/// Text within single quotes in an expression.
pub(crate) fn quote(text: &str) -> Cow<'_, str> {
    if text.contains('\'') {
        Cow::Owned(text.replace('\'', "''"))
    } else {
        Cow::Borrowed(text)
    }
}

/// A JSON value of which all texts are literals.
#[derive(Clone, Copy, Debug)]
pub struct Literal<'a>(pub &'a Value);

impl Serialize for Literal<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::String(text) => serializer.serialize_str(&escape(text)),
            Value::Array(items) => {
                let mut sequence = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    sequence.serialize_element(&Literal(item))?;
                }
                sequence.end()
            }
            Value::Object(fields) => {
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                for (key, value) in fields {
                    map.serialize_entry(&*escape(key), &Literal(value))?;
                }
                map.end()
            }
            other => other.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_text_within_brackets_gets_one_more() {
        for (text, escaped) in [
            ("[dbo].[load]", "[[dbo].[load]"),
            ("[x]y", "[x]y"),
            ("[", "["),
            ("[1,2]", "[[1,2]"),
            ("[[a]]", "[[[a]]"),
            ("@concat('[', item(), ']')", "@concat('[', item(), ']')"),
            ("[parameters('x')]", "[[parameters('x')]"),
            ("", ""),
        ] {
            assert_eq!(escape(text), escaped);
            assert_eq!(unescape(escaped), Some(text));
        }
        assert_eq!(unescape("[parameters('x')]"), None);
    }

    #[test]
    fn keys_are_texts_too() {
        let value = serde_json::json!({"[a]": ["[b]", {"c": "[d]"}]});

        let written = serde_json::to_string(&Literal(&value)).unwrap();

        assert_eq!(written, r#"{"[[a]":["[[b]",{"c":"[[d]"}]}"#);
    }
}
