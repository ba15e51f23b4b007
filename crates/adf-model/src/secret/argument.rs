//! Values that are secrets because another document declares their parameter as a `SecureString`.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use serde_json::{Map, Value, json};

use crate::pointer::escape;
use crate::{Kind, ResourceId};

/// The parameters of pipelines, datasets and linked services whose values nobody may see.
///
/// ```
/// use adf_model::secret::SecureParameters;
/// use adf_model::{Kind, ResourceId};
/// use serde_json::json;
///
/// let pipeline = json!({"properties": {"parameters": {"key": {"type": "SecureString"}}}});
/// let secure = SecureParameters::of([(&ResourceId::new(Kind::Pipeline, "load"), &pipeline)]);
/// let trigger = json!({"properties": {"pipelines": [
///     {"pipelineReference": {"referenceName": "load", "type": "PipelineReference"}, "parameters": {"key": "hunter2"}}]}});
/// assert_eq!(secure.arguments(&trigger), ["/properties/pipelines/0/parameters/key"]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct SecureParameters(HashMap<(Kind, String), BTreeSet<String>>);

impl SecureParameters {
    /// What documents declare.
    pub fn of<'d>(documents: impl IntoIterator<Item = (&'d ResourceId, &'d Value)>) -> Self {
        let mut declared: HashMap<_, BTreeSet<_>> = HashMap::new();
        for (id, document) in documents {
            let parameters = document.pointer("/properties/parameters");
            let parameters = parameters.and_then(Value::as_object).into_iter().flatten();
            let secure = parameters.filter(|(_, parameter)| is_secure(parameter));
            let mut names = secure.map(|(name, _)| name.to_lowercase()).peekable();
            if names.peek().is_some() {
                let of = declared.entry((id.kind, id.name.to_lowercase()));
                of.or_default().extend(names);
            }
        }
        Self(declared)
    }

    /// The JSON pointers of the values that a document gives to such parameters. An expression is none: it says where a value is.
    #[must_use]
    pub fn arguments(&self, document: &Value) -> Vec<String> {
        let mut found = Vec::new();
        if !self.0.is_empty() {
            self.walk(document, &mut String::new(), &mut found);
        }
        found
    }

    /// A document in which each such value is marked as a `SecureString`, so that it is a secret by its place.
    #[must_use]
    pub fn marked<'d>(&self, document: &'d Value) -> Cow<'d, Value> {
        let mut marked = Cow::Borrowed(document);
        for pointer in self.arguments(document) {
            if let Some(value) = marked.to_mut().pointer_mut(&pointer) {
                *value = json!({"type": "SecureString", "value": value.take()});
            }
        }
        marked
    }

    fn walk(&self, value: &Value, pointer: &mut String, found: &mut Vec<String>) {
        let length = pointer.len();
        let mut below = |step: &str, value: &Value| {
            pointer.push('/');
            *pointer += step;
            self.walk(value, pointer, found);
            pointer.truncate(length);
        };
        match value {
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    below(&at.to_string(), item);
                }
            }
            Value::Object(object) => {
                for (key, value) in object {
                    below(&escape(key), value);
                }
                // A pipeline's are beside the reference to it, or within as others are.
                let beside = ["pipeline", "pipelineReference"].into_iter();
                let mut references: Vec<_> = beside.filter_map(|key| object.get(key)).collect();
                references.push(value);
                for reference in references {
                    if let Some(secure) = self.declared(reference) {
                        given(object, secure, pointer, found);
                    }
                }
            }
            _ => {}
        }
    }

    fn declared(&self, reference: &Value) -> Option<&BTreeSet<String>> {
        let name = reference.get("referenceName")?.as_str()?;
        let kind = Kind::of_reference(reference.get("type")?.as_str()?)?;
        self.0.get(&(kind, name.to_lowercase()))
    }
}

fn is_secure(parameter: &Value) -> bool {
    let kind = parameter.get("type").and_then(Value::as_str);
    kind.is_some_and(|kind| kind.eq_ignore_ascii_case("SecureString"))
}

fn given(
    object: &Map<String, Value>,
    secure: &BTreeSet<String>,
    pointer: &str,
    found: &mut Vec<String>,
) {
    let arguments = object.get("parameters").and_then(Value::as_object);
    for (name, value) in arguments.into_iter().flatten() {
        if secure.contains(&name.to_lowercase()) && is_literal(value) {
            found.push(format!("{pointer}/parameters/{}", escape(name)));
        }
    }
}

fn is_literal(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.is_empty() && !text.starts_with('@') && !text.contains("@{"),
        Value::Number(_) => true,
        Value::Object(object) => match object.get("type").and_then(Value::as_str) {
            Some("Expression") => object.get("value").is_some_and(is_literal),
            Some("AzureKeyVaultSecret") => false,
            _ => true,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secrecy;

    fn secure() -> SecureParameters {
        let declares = json!({"properties": {"parameters": {"Key": {"type": "securestring"}, "day": {"type": "String"}}}});
        let ids = [Kind::Pipeline, Kind::Dataset].map(|kind| ResourceId::new(kind, "One"));
        SecureParameters::of(ids.iter().map(|id| (id, &declares)))
    }

    fn reference(kind: &str) -> Value {
        json!({"referenceName": "one", "type": kind})
    }

    #[test]
    fn what_is_given_to_a_secure_parameter_is_found_wherever_it_is_given() {
        let pipeline = reference("PipelineReference");
        let mut dataset = reference("DatasetReference");
        dataset["parameters"] = json!({"key": "X", "day": "x"});
        let document = json!({"properties": {
        "pipeline": {"pipelineReference": pipeline, "parameters": {"key": "X", "day": "x"}},
        "activities": [
            {"typeProperties": {"pipeline": pipeline, "parameters": {"KEY": {"value": "X", "type": "Expression"}}}},
            {"inputs": [dataset]},
        ]}});

        assert_eq!(
            secure().arguments(&document),
            [
                "/properties/pipeline/parameters/key",
                "/properties/activities/0/typeProperties/parameters/KEY",
                "/properties/activities/1/inputs/0/parameters/key",
            ]
        );
        let shown = Secrecy::of(Kind::Pipeline).masked(&secure().marked(&document), "***");
        assert!(!shown.to_string().contains('X'), "{shown}");
    }

    #[test]
    fn expressions_and_what_others_declare_are_no_secrets() {
        let pipeline = reference("PipelineReference");
        let open = json!({"properties": {"activities": [
            {"typeProperties": {"pipeline": pipeline, "parameters": {"key": "@variables('x')", "day": "x"}}},
            {"typeProperties": {"pipeline": pipeline, "parameters": {"key": {"value": "@{item()}", "type": "Expression"}}}},
            {"typeProperties": {"pipeline": reference("TriggerReference"), "parameters": {"key": "x"}}},
            {"typeProperties": {"pipeline": {"referenceName": "two", "type": "PipelineReference"}, "parameters": {"key": "x"}}},
        ]}});

        assert_eq!(secure().arguments(&open), [""; 0]);
        assert_eq!(*secure().marked(&open), open);
    }
}
