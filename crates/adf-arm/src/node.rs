//! The values of a resource in a template: literals that are borrowed from the source, and expressions of ours among them.

use std::borrow::Cow;
use std::sync::Arc;

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::text::{Literal, concatenate, escape, quote};

/// A value of a resource.
///
/// Because expressions and literals are different variants, nothing that stands in the source can pass for an expression.
#[derive(Clone, Debug)]
pub enum Node<'a> {
    /// A literal.
    Json(&'a Value),
    /// Literal text that the source has in another form.
    Literal(Cow<'a, str>),
    /// Text of ours, which may be an expression.
    Text(Cow<'a, str>),
    /// The value of a parameter.
    Parameter(Arc<str>),
    /// A `SecureString` object with the value of a parameter.
    Secret(Arc<str>),
    /// An object.
    Object(Vec<(Cow<'a, str>, Self)>),
    /// An array.
    Array(Vec<Self>),
}

impl<'a> Node<'a> {
    /// An object without fields.
    pub(crate) const fn empty() -> Self {
        Self::Object(Vec::new())
    }

    /// The same value, opened one level when it is an object or an array.
    pub(crate) fn opened(self) -> Self {
        match self {
            Self::Json(Value::Object(fields)) => Self::Object(
                fields
                    .iter()
                    .map(|(key, value)| (Cow::Borrowed(key.as_str()), Self::Json(value)))
                    .collect(),
            ),
            Self::Json(Value::Array(items)) => Self::Array(items.iter().map(Self::Json).collect()),
            other => other,
        }
    }

    /// The same value with literals within brackets as expressions.
    pub(crate) fn concatenated(self) -> Self {
        match self.opened() {
            Self::Json(Value::String(text)) => match concatenate(text) {
                Some(expression) => Self::Text(Cow::Owned(expression)),
                None => Self::Text(Cow::Borrowed(text)),
            },
            Self::Object(fields) => Self::Object(
                fields
                    .into_iter()
                    .map(|(key, value)| (key, value.concatenated()))
                    .collect(),
            ),
            Self::Array(items) => Self::Array(items.into_iter().map(Self::concatenated).collect()),
            other => other,
        }
    }

    /// The value of a field.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<Self> {
        match self {
            Self::Json(value) => value.get(name).map(Self::Json),
            Self::Object(fields) => fields
                .iter()
                .find_map(|(key, value)| (key == name).then(|| value.clone())),
            _ => None,
        }
    }

    /// The text, when it is one that is known here.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Json(value) => value.as_str(),
            Self::Text(text) | Self::Literal(text) => Some(text),
            _ => None,
        }
    }

    /// Visits the parameters of secrets in it.
    pub(crate) fn secrets(&self, visit: &mut impl FnMut(&Arc<str>)) {
        match self {
            Self::Secret(name) => visit(name),
            Self::Object(fields) => fields.iter().for_each(|(_, value)| value.secrets(visit)),
            Self::Array(items) => items.iter().for_each(|item| item.secrets(visit)),
            _ => {}
        }
    }

    /// Whether it is an object whose `type` says `kind`.
    pub(crate) fn is_object_of_type(&self, kind: &str) -> bool {
        self.field("type")
            .is_some_and(|value| value.text() == Some(kind))
    }
}

/// The expression that stands for a parameter's value.
pub(crate) fn parameter_expression(name: &str) -> String {
    format!("[parameters('{}')]", quote(name))
}

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Json(value) => Literal(value).serialize(serializer),
            Self::Literal(text) => serializer.serialize_str(&escape(text)),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Parameter(name) => serializer.serialize_str(&parameter_expression(name)),
            Self::Secret(name) => {
                let mut map = serializer.serialize_map(Some(2))?;
                map.serialize_entry("type", "SecureString")?;
                map.serialize_entry("value", &parameter_expression(name))?;
                map.end()
            }
            Self::Object(fields) => {
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                for (key, value) in fields {
                    map.serialize_entry(&*escape(key), value)?;
                }
                map.end()
            }
            Self::Array(items) => {
                let mut sequence = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    sequence.serialize_element(item)?;
                }
                sequence.end()
            }
        }
    }
}
