//! `{"value":"@…","type":"Expression"}`, or the same as plain text.

use serde::Deserialize;
use serde_json::Value;

/// A property that the service evaluates. Any JSON value may stand there: text is evaluated when it begins with `@` or
/// holds `@{`, and so is the `value` of an object whose `type` is `Expression`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Expression(pub Value);
