//! Documents without what means nothing: what the service adds, what the user interface adds, and other spellings of the same.

mod empty;
mod spelling;

use adf_model::Kind;
use serde_json::{Map, Value};

use empty::{Holds, is_kept_when_empty};

/// A document as it is compared: its `properties`, without what the service or the user interface adds, and in one spelling. Of a
/// factory its tags, location and kind of identity too.
///
/// Secrets must have been taken out before.
pub(crate) fn normal(kind: Kind, document: &Value) -> Value {
    let properties = document.get("properties").and_then(Value::as_object);
    let mut properties = properties.cloned().unwrap_or_default();
    for name in read_only(kind) {
        properties.remove(*name);
    }
    if kind == Kind::GlobalParameters {
        definitions(&mut properties);
        let values = Value::Object(properties);
        return normalised(&values, Holds::Definitions, kind);
    }
    for name in ["parameters", "variables"] {
        if let Some(Value::Object(defined)) = properties.get_mut(name) {
            definitions(defined);
        }
    }
    if kind == Kind::ChangeDataCapture {
        for (git, rest) in [
            ("SourceConnectionsInfo", "sourceConnectionsInfo"),
            ("TargetConnectionsInfo", "targetConnectionsInfo"),
        ] {
            if let Some(value) = properties.remove(git) {
                properties.insert(rest.to_owned(), value);
            }
        }
    }
    if kind == Kind::Factory {
        return factory(document, properties);
    }
    normalised(&Value::Object(properties), Holds::Structure, kind)
}

/// What the service says about a resource and nobody can write.
fn read_only(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Factory => &[
            "createTime",
            "version",
            "provisioningState",
            // A resource of their own.
            "globalParameters",
        ],
        Kind::Trigger => &["runtimeState", "lastPublishTime", "provisioningState"],
        Kind::IntegrationRuntime => &["state", "lastPublishTime", "provisioningState"],
        Kind::ManagedVirtualNetwork => &["vNetId", "alias", "provisioningState"],
        Kind::ManagedPrivateEndpoint => &["connectionState", "isReserved", "provisioningState"],
        Kind::ChangeDataCapture => &["status", "provisioningState"],
        Kind::GlobalParameters => &[],
        _ => &["lastPublishTime", "provisioningState"],
    }
}

fn factory(document: &Value, properties: Map<String, Value>) -> Value {
    let mut whole = Map::new();
    for name in ["location", "tags"] {
        if let Some(value) = document.get(name) {
            whole.insert(name.to_owned(), value.clone());
        }
    }
    if let Some(kind) = document.pointer("/identity/type") {
        whole.insert("identity".to_owned(), kind.clone());
    }
    whole.insert("properties".to_owned(), Value::Object(properties));
    normalised(&Value::Object(whole), Holds::Structure, Kind::Factory)
}

/// The types of parameters and variables are read ignoring case.
fn definitions(defined: &mut Map<String, Value>) {
    for definition in defined.values_mut() {
        if let Some(Value::String(kind)) = definition.get_mut("type") {
            *kind = spelling::type_name(kind);
        }
    }
}

fn normalised(value: &Value, holds: Holds, kind: Kind) -> Value {
    match value {
        Value::Object(object) => {
            let mut kept = Map::new();
            for (key, value) in object {
                // Sealed by the service for one factory.
                if key == "encryptedCredential" {
                    continue;
                }
                let value = match (holds, value) {
                    (Holds::Structure, Value::String(text)) => {
                        Value::String(spelling::text(kind, key, text))
                    }
                    _ => normalised(value, holds.below(key), kind),
                };
                if holds == Holds::Structure && is_empty(&value) && !is_kept_when_empty(key) {
                    continue;
                }
                kept.insert(spelling::key(key, &value).to_owned(), value);
            }
            Value::Object(kept)
        }
        Value::Array(items) => {
            let items = items.iter().map(|item| normalised(item, holds, kind));
            Value::Array(items.collect())
        }
        Value::Number(number) => Value::Number(spelling::number(number)),
        other => other.clone(),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Object(object) => object.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
