//! The parameters of a template: which there are, what they are given, what of it may be seen.

use serde_json::{Map, Value, json};

use super::{Result, TemplateError};

/// The most parameters that ARM takes.
const MOST: usize = 256;

/// A parameter with the value that it was given.
#[derive(Clone, Debug)]
pub(super) struct Parameter {
    kind: String,
    given: Option<Value>,
    default: Option<Value>,
    allowed: Option<Vec<Value>>,
}

impl Parameter {
    /// The value that was given, which is no expression.
    pub(super) fn given(&self) -> Option<&Value> {
        self.given.as_ref()
    }

    /// The default, which may be an expression.
    pub(super) fn default(&self) -> Option<&Value> {
        self.default.as_ref()
    }

    /// Refuses a value of another type.
    pub(super) fn check(&self, name: &str, value: &Value) -> Result<()> {
        let fits = match self.kind.to_ascii_lowercase().as_str() {
            "string" | "securestring" => value.is_string(),
            "int" => value.is_i64() || value.is_u64(),
            "bool" => value.is_boolean(),
            "array" => value.is_array(),
            "object" | "secureobject" => value.is_object(),
            _ => false,
        };
        if !fits {
            let kind = &self.kind;
            let message =
                format!("template parameter '{name}' was given a value that is no {kind}");
            return Err(TemplateError::invalid(message));
        }
        let allowed = self.allowed.as_ref();
        if allowed.is_some_and(|allowed| !allowed.contains(value)) {
            let message = format!(
                "the value of the template parameter '{name}' is not part of the allowed value(s)"
            );
            return Err(TemplateError::invalid(message));
        }
        Ok(())
    }
}

/// Whether a type keeps its values secret.
fn is_secure(kind: &str) -> bool {
    kind.to_ascii_lowercase().starts_with("secure")
}

/// The parameters that a template declares, with what is given for them.
pub(super) fn parameters(
    declared: Option<&Value>,
    given: &Map<String, Value>,
) -> Result<Vec<(String, Parameter)>> {
    let none = Map::new();
    let declared = declared.and_then(Value::as_object).unwrap_or(&none);
    if declared.len() > MOST {
        let message = format!(
            "the template has {} parameters, and the limit is {MOST}",
            declared.len()
        );
        return Err(TemplateError::invalid(message));
    }
    let unknown: Vec<_> = given
        .keys()
        .filter(|name| find(declared, name).is_none())
        .cloned()
        .collect();
    if !unknown.is_empty() {
        let message = format!(
            "the following parameters were supplied, but do not correspond to any parameters defined in the template: {}",
            unknown.join(", ")
        );
        return Err(TemplateError::invalid(message));
    }
    let parameters = declared.iter().map(|(name, declared)| {
        let kind = declared.get("type").and_then(Value::as_str);
        let kind = kind.ok_or_else(|| {
            TemplateError::invalid(format!("template parameter '{name}' has no type"))
        })?;
        let given = match find(given, name) {
            Some(given) if given.get("reference").is_some() => {
                return Err(TemplateError::lacking(
                    "references to key vaults in parameters",
                ));
            }
            Some(given) => given.get("value").cloned(),
            None => None,
        };
        let default = declared.get("defaultValue").cloned();
        if given.is_none() && default.is_none() {
            let message = format!("the value for the template parameter '{name}' is not provided");
            return Err(TemplateError::invalid(message));
        }
        let allowed = declared
            .get("allowedValues")
            .and_then(Value::as_array)
            .cloned();
        let parameter = Parameter {
            kind: kind.to_owned(),
            given,
            default,
            allowed,
        };
        Ok((name.clone(), parameter))
    });
    parameters.collect()
}

/// The parameters as the history shows them: no value of a secure one.
pub(in super::super) fn shown(template: &Value, given: &Map<String, Value>) -> Value {
    let declared = template.get("parameters").and_then(Value::as_object);
    let shown = declared.into_iter().flatten().map(|(name, declared)| {
        let kind = declared
            .get("type")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let value = find(given, name).and_then(|given| given.get("value"));
        let value = value.or(declared.get("defaultValue"));
        let shown = match value.filter(|_| !is_secure(kind)) {
            Some(value) => json!({"type": capital(kind), "value": value}),
            None => json!({"type": capital(kind)}),
        };
        (name.clone(), shown)
    });
    Value::Object(shown.collect())
}

/// `SecureString` for `secureString`.
fn capital(kind: &str) -> String {
    let mut letters = kind.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

fn find<'m>(map: &'m Map<String, Value>, wanted: &str) -> Option<&'m Value> {
    let found = map.get(wanted);
    found.or_else(|| {
        let mut all = map.iter();
        all.find_map(|(name, value)| name.eq_ignore_ascii_case(wanted).then_some(value))
    })
}
