//! What differs without a meaning: what the service notes for itself, and how the web page writes the same thing.

use adf_graph::name_key;
use adf_model::Kind;
use serde_json::{Number, Value};

use crate::Step;
use crate::spelling::{span, time};

/// Below these keys stand values that people give: an empty list is one there.
const VALUES: [&str; 4] = ["defaultValue", "value", "body", "default"];
/// What stands directly below these keys is such a value.
const MAPS: [&str; 12] = [
    "parameters",
    "datasetParameters",
    "baseParameters",
    "mlPipelineParameters",
    "jobParameters",
    "storedProcedureParameters",
    "dataPathAssignments",
    "extendedProperties",
    "headers",
    "authHeaders",
    "additionalHeaders",
    "sparkConfig",
];
/// Texts that mean nothing when they are empty. Elsewhere an empty text may say something: no delimiter, no quotes.
const NOTES: [&str; 3] = ["description", "servicePrincipalId", "tenant"];
/// Properties of a document's root that the service writes.
const OF_ROOT: [&str; 6] = ["name", "type", "id", "etag", "eTag", "systemData"];
/// Properties of `properties` that the service writes, for any kind.
const OF_PROPERTIES: [&str; 6] = [
    "lastPublishTime",
    "provisioningState",
    "createTime",
    "vNetId",
    "alias",
    "isReserved",
];

/// What kind of place a value stands at.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Position {
    /// It belongs to a value that people give.
    is_value: bool,
    /// What stands directly below it is such a value.
    is_map: bool,
    /// An empty text is the same as none.
    is_note: bool,
    /// It is an element of a list: it counts whatever it is.
    is_element: bool,
}

impl Position {
    /// The position of a property.
    pub(crate) fn below(self, key: &str) -> Self {
        Self {
            is_value: self.is_value || self.is_map || VALUES.contains(&key),
            is_map: MAPS.contains(&key),
            is_note: NOTES.contains(&key),
            is_element: false,
        }
    }

    /// The position of an element.
    pub(crate) fn element(self) -> Self {
        Self {
            is_element: true,
            ..self
        }
    }

    /// Whether it means nothing that `value` came or went here.
    pub(crate) fn is_nothing(self, value: &Value) -> bool {
        let is_empty_note = self.is_note && value.as_str() == Some("");
        !self.is_value && !self.is_element && (is_empty_note || is_empty(value))
    }
}

/// Nothing, or an object or list of nothing.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(object) => object.values().all(is_empty),
        _ => false,
    }
}

/// Whether the service alone writes the value at a path.
pub(crate) fn is_volatile(kind: Option<Kind>, path: &[Step]) -> bool {
    let Some(kind) = kind else {
        return false;
    };
    let [Step::Key(first), rest @ ..] = path else {
        return false;
    };
    match (first.as_str(), rest) {
        ("properties", [Step::Key(second), rest @ ..]) => {
            OF_PROPERTIES.contains(&second.as_str())
                || match (kind, second.as_str(), rest) {
                    (Kind::Factory, "version", []) => true,
                    (Kind::Factory, "repoConfiguration", [Step::Key(third)]) => {
                        third == "lastCommitId"
                    }
                    (Kind::IntegrationRuntime, "state", [])
                    | (Kind::ManagedPrivateEndpoint, "connectionState", _) => true,
                    _ => false,
                }
        }
        ("identity", [Step::Key(second)]) => {
            matches!(second.as_str(), "principalId" | "tenantId")
        }
        (key, _) => OF_ROOT.contains(&key),
    }
}

/// Whether the value at a path is what the service takes where there is none: the web page writes it for each activity.
pub(crate) fn is_default(path: &[Step], value: &Value) -> bool {
    let of_policy = |key: &str, value: &Value| match key {
        "retry" => value.as_u64() == Some(0),
        "retryIntervalInSeconds" => value.as_u64() == Some(30),
        "secureInput" | "secureOutput" => value == &Value::Bool(false),
        _ => false,
    };
    match (path, value) {
        ([.., Step::Key(policy), Step::Key(key)], value) if policy == "policy" => {
            of_policy(key, value)
        }
        ([.., Step::Key(policy)], Value::Object(all)) if policy == "policy" => {
            all.iter().all(|(key, value)| of_policy(key, value))
        }
        _ => false,
    }
}

/// Whether two values at a path are written differently and mean the same.
pub(crate) fn mean_the_same(path: &[Step], before: &Value, after: &Value) -> bool {
    if let (Value::Number(before), Value::Number(after)) = (before, after) {
        return same_number(before, after);
    }
    let (Value::String(before), Value::String(after)) = (before, after) else {
        return false;
    };
    if before == HIDDEN || after == HIDDEN {
        return true;
    }
    match path {
        [.., Step::Key(list), Step::Key(_), Step::Key(last)]
            if last == "type"
                && matches!(
                    list.as_str(),
                    "parameters" | "variables" | "globalParameters"
                ) =>
        {
            before.eq_ignore_ascii_case(after)
        }
        // Names are compared without case, and those of activities without the blanks around them.
        [.., Step::Key(list), _, Step::Key(last)] if list == "dependsOn" && last == "activity" => {
            name_key(before) == name_key(after)
        }
        [.., Step::Key(last)] => match last.as_str() {
            "referenceName" => before.to_lowercase() == after.to_lowercase(),
            "startTime" | "endTime" | "requestedStartTime" | "requestedEndTime" => {
                time(before) == time(after)
            }
            "timeout" | "delay" => span(before) == span(after),
            _ => false,
        },
        _ => false,
    }
}

/// Integers up to here are told apart by a number with a fraction.
const MOST_EXACT: f64 = 9_007_199_254_740_992.0;

/// Whether two numbers are one, such as `1` and `1.0`.
fn same_number(before: &Number, after: &Number) -> bool {
    match (before.as_f64(), after.as_f64()) {
        (Some(before), Some(after)) => {
            before.total_cmp(&after).is_eq() && before.abs() < MOST_EXACT
        }
        _ => false,
    }
}

/// What the service shows of a secret.
pub(crate) const HIDDEN: &str = "**********";
