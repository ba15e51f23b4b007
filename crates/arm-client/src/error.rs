//! What Azure Resource Manager says of a failure: errors within errors, of which the innermost are the reasons.

use std::fmt;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// An error of Azure Resource Manager, with the errors behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ArmError {
    /// The code, such as `DeploymentFailed`; may be empty.
    pub code: String,
    /// The message.
    pub message: String,
    /// What it is about.
    pub target: Option<String>,
    /// The errors behind it.
    pub details: Vec<Self>,
}

/// The deepest error that is read; what lies below is the service's own affair.
const DEEPEST: usize = 16;

impl ArmError {
    /// Reads an error in any of the forms in which the service wraps one: bare, within `error`, as text, and as JSON within a message.
    #[must_use]
    pub fn read(json: &Value) -> Option<Self> {
        Self::at(json, 0)
    }

    fn at(json: &Value, depth: usize) -> Option<Self> {
        if depth > DEEPEST {
            return None;
        }
        match json {
            Value::String(text) if text.trim().is_empty() => None,
            Value::String(text) => Some(Self::of_text(text, depth)),
            Value::Object(object) => {
                if let Some(inner) = object.get("error") {
                    return Self::at(inner, depth + 1);
                }
                let text = |name: &str| object.get(name).and_then(Value::as_str);
                let (code, message) = (text("code"), text("message"));
                if code.is_none() && message.is_none() {
                    return None;
                }
                let details = object.get("details").and_then(Value::as_array);
                let details = details.into_iter().flatten();
                let mut details: Vec<_> = details
                    .filter_map(|json| Self::at(json, depth + 1))
                    .collect();
                let mut message = message.unwrap_or_default().to_owned();
                if let Some(inner) = within(&message, depth) {
                    message.clear();
                    details.push(inner);
                }
                Some(Self {
                    code: code.unwrap_or_default().to_owned(),
                    message,
                    target: text("target")
                        .filter(|text| !text.is_empty())
                        .map(str::to_owned),
                    details,
                })
            }
            _ => None,
        }
    }

    fn of_text(text: &str, depth: usize) -> Self {
        within(text, depth).unwrap_or_else(|| Self {
            message: text.to_owned(),
            ..Self::default()
        })
    }

    /// The innermost errors, which say why; this one, where it has none behind it.
    #[must_use]
    pub fn reasons(&self) -> Reasons<'_> {
        Reasons { open: vec![self] }
    }
}

/// An error that a message has as its text.
fn within(text: &str, depth: usize) -> Option<ArmError> {
    let json = text.trim_start();
    let json: Value = json
        .starts_with('{')
        .then(|| serde_json::from_str(json).ok())??;
    ArmError::at(&json, depth + 1)
}

/// The innermost errors of an [`ArmError`], in their order.
#[derive(Clone, Debug)]
pub struct Reasons<'e> {
    open: Vec<&'e ArmError>,
}

impl<'e> Iterator for Reasons<'e> {
    type Item = &'e ArmError;

    fn next(&mut self) -> Option<Self::Item> {
        while let Some(error) = self.open.pop() {
            if error.details.is_empty() {
                return Some(error);
            }
            self.open.extend(error.details.iter().rev());
        }
        None
    }
}

impl fmt::Display for ArmError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, reason) in self.reasons().enumerate() {
            if at > 0 {
                out.write_str("; ")?;
            }
            match (reason.code.as_str(), reason.message.as_str()) {
                (code, "") => out.write_str(code)?,
                ("", message) => out.write_str(message)?,
                (code, message) => write!(out, "{code}: {message}")?,
            }
        }
        Ok(())
    }
}

impl std::error::Error for ArmError {}

/// For fields that hold an error, or nothing that can be read as one.
pub(crate) fn optional<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<ArmError>, D::Error> {
    let json = Option::<Value>::deserialize(deserializer)?;
    Ok(json.as_ref().and_then(ArmError::read))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_innermost_errors_are_the_reasons() {
        let error = ArmError::read(&json!({"error": {
            "code": "DeploymentFailed", "message": "at least one failed",
            "details": [
                {"code": "BadRequest", "message": "{\"error\": {\"code\": \"TriggerEnabledCannotUpdate\", \"message\": \"stop it\"}}"},
                {"code": "Conflict", "message": "busy", "target": "x"},
            ],
        }}))
        .unwrap();

        assert_eq!(error.code, "DeploymentFailed");
        assert_eq!(
            error.to_string(),
            "TriggerEnabledCannotUpdate: stop it; Conflict: busy"
        );
    }

    #[test]
    fn text_and_bare_errors_are_errors_and_nothing_else_is() {
        let read = |json: Value| ArmError::read(&json).map(|error| error.to_string());

        assert_eq!(read(json!("it broke")), Some("it broke".to_owned()));
        assert_eq!(read(json!({"code": "C"})), Some("C".to_owned()));
        assert_eq!(
            read(json!({"status": "Failed", "error": {"message": "m"}})),
            Some("m".to_owned())
        );
        for nothing in [
            json!(null),
            json!(3),
            json!([]),
            json!({}),
            json!("  "),
            json!({"error": null}),
        ] {
            assert_eq!(read(nothing), None);
        }
    }

    #[test]
    fn errors_without_an_end_are_cut() {
        let deep = (0..200).fold(
            json!({"code": "Last"}),
            |inner, _| json!({"code": "C", "details": [inner]}),
        );

        assert_eq!(ArmError::read(&deep).unwrap().to_string(), "C");
    }
}
