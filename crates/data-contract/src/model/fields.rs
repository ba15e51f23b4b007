//! Values of a mapping by key and type.

use std::borrow::Cow;

use yaml_source::{Node, Value};

use crate::plan::{Decimal, Literal};

/// Reads members of a mapping; what has another type is absent.
pub(crate) trait Fields {
    /// Text, and whatever stands for itself as text.
    fn text(&self, key: &str) -> Option<Cow<'_, str>>;
    /// True or false.
    fn flag(&self, key: &str) -> Option<bool>;
    /// A whole number.
    fn integer(&self, key: &str) -> Option<i128>;
    /// The items of a sequence.
    fn list(&self, key: &str) -> &[Node];
    /// The texts of a sequence, or the only one.
    fn texts(&self, key: &str) -> Vec<String>;
}

impl Fields for Node {
    fn text(&self, key: &str) -> Option<Cow<'_, str>> {
        self.get(key).and_then(as_text)
    }

    fn flag(&self, key: &str) -> Option<bool> {
        match &self.get(key)?.value {
            Value::Bool(flag) => Some(*flag),
            // Words of YAML 1.1, which older tools take for truth values.
            Value::Text(word) => match word.to_ascii_lowercase().as_str() {
                "yes" | "on" => Some(true),
                "no" | "off" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    fn integer(&self, key: &str) -> Option<i128> {
        as_integer(self.get(key)?)
    }

    fn list(&self, key: &str) -> &[Node] {
        self.get(key).map_or(&[], Self::items)
    }

    fn texts(&self, key: &str) -> Vec<String> {
        let Some(node) = self.get(key) else {
            return Vec::new();
        };
        let items = match &node.value {
            Value::Sequence(items) => items.as_slice(),
            _ => std::slice::from_ref(node),
        };
        let texts = items.iter().filter_map(as_text);
        texts.map(Cow::into_owned).collect()
    }
}

/// A scalar as text.
pub(crate) fn as_text(node: &Node) -> Option<Cow<'_, str>> {
    match &node.value {
        Value::Text(text) => Some(Cow::Borrowed(text)),
        Value::Bool(value) => Some(Cow::Owned(value.to_string())),
        Value::Integer(value) => Some(Cow::Owned(value.to_string())),
        Value::Number(value) => Some(Cow::Owned(value.to_string())),
        Value::Digits(value) => Some(Cow::Borrowed(value)),
        Value::Null | Value::Sequence(_) | Value::Mapping(_) => None,
    }
}

/// A whole number, also one that is written with a fraction of zero.
pub(crate) fn as_integer(node: &Node) -> Option<i128> {
    match &node.value {
        Value::Integer(value) => Some(*value),
        #[expect(clippy::cast_possible_truncation, reason = "it is whole and in range")]
        Value::Number(value) if value.fract() == 0.0 && value.abs() < 1e30 => Some(*value as i128),
        Value::Digits(value) => match Decimal::parse(value.as_bytes())?.floor(0) {
            (whole, true) => Some(whole),
            _ => None,
        },
        _ => None,
    }
}

/// A number.
#[expect(clippy::cast_precision_loss, reason = "bounds are compared as numbers")]
pub(crate) fn as_number(node: &Node) -> Option<f64> {
    match &node.value {
        Value::Integer(value) => Some(*value as f64),
        Value::Number(value) => Some(*value),
        Value::Digits(value) => value.parse().ok(),
        _ => None,
    }
}

/// A number, to its last digit.
pub(crate) fn number(node: &Node) -> Option<Literal> {
    match &node.value {
        Value::Integer(value) => Some(Literal::Integer(*value)),
        Value::Number(value) => Some(Literal::Number(*value)),
        Value::Digits(value) => number_of(value),
        _ => None,
    }
}

/// The number that a text is, to its last digit.
pub(crate) fn number_of(text: &str) -> Option<Literal> {
    let whole = text.parse().ok().map(Literal::Integer);
    let decimal = || Decimal::parse(text.as_bytes()).map(Literal::of_decimal);
    let double = || text.parse().ok().map(Literal::Number);
    whole.or_else(decimal).or_else(double)
}
