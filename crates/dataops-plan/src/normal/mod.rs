//! Documents without what means nothing: what the service adds, what the user interface adds, and other spellings of the same.

mod empty;
mod spelling;

use adf_model::Kind;
use serde_json::{Map, Value};

use empty::{Holds, is_kept_when_empty};

/// A document as it is compared: its `properties`, without what the service or the user interface adds, and in one spelling. Of a
/// factory its tags, location and identities too.
///
/// Secrets must have been taken out before.
pub(crate) fn normal(kind: Kind, document: &Value) -> Value {
    let none = Map::new();
    let properties = document.get("properties").and_then(Value::as_object);
    let properties = properties.unwrap_or(&none);
    if kind == Kind::Factory {
        return factory(document, properties);
    }
    let holds = match kind {
        Kind::GlobalParameters => Holds::Definitions,
        _ => Holds::Structure,
    };
    let mut normal = members(properties, read_only(kind), holds, kind);
    if kind == Kind::GlobalParameters {
        definitions(&mut normal);
        return Value::Object(normal);
    }
    for name in ["parameters", "variables"] {
        if let Some(Value::Object(defined)) = normal.get_mut(name) {
            definitions(defined);
        }
    }
    if kind == Kind::ChangeDataCapture {
        for (git, rest) in [
            ("SourceConnectionsInfo", "sourceConnectionsInfo"),
            ("TargetConnectionsInfo", "targetConnectionsInfo"),
        ] {
            if let Some(value) = normal.shift_remove(git) {
                normal.insert(rest.to_owned(), value);
            }
        }
    }
    Value::Object(normal)
}

/// Whether two documents of a resource say the same, word for word, but for what the service alone says. Of a factory that is not asked.
pub(crate) fn says_the_same(kind: Kind, one: &Value, other: &Value) -> bool {
    let properties = |document| Value::as_object(Value::get(document, "properties")?);
    let (Some(one), Some(other)) = (properties(one), properties(other)) else {
        return false;
    };
    let counts = |key: &str| !read_only(kind).contains(&key);
    let count = |object: &Map<String, Value>| object.keys().filter(|key| counts(key)).count();
    kind != Kind::Factory
        && count(one) == count(other)
        && one
            .iter()
            .all(|(key, value)| !counts(key) || other.get(key) == Some(value))
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

fn factory(document: &Value, properties: &Map<String, Value>) -> Value {
    let mut whole = Map::new();
    for name in ["location", "tags"] {
        if let Some(value) = document.get(name) {
            whole.insert(name.to_owned(), value.clone());
        }
    }
    if let Some(kind) = document.pointer("/identity/type") {
        whole.insert("identity".to_owned(), kind.clone());
        whole.insert("userAssignedIdentities".to_owned(), users(kind, document));
    }
    let kind = Kind::Factory;
    let mut whole = members(&whole, &[], Holds::Structure, kind);
    let properties = members(properties, read_only(kind), Holds::Structure, kind);
    if !properties.is_empty() {
        whole.insert("properties".to_owned(), Value::Object(properties));
    }
    Value::Object(whole)
}

/// The identities of others that a factory has, which are the same ignoring case; what the service knows of each is its own.
fn users(kind: &Value, document: &Value) -> Value {
    let kind = kind.as_str().unwrap_or_default().to_ascii_lowercase();
    let users = document.pointer("/identity/userAssignedIdentities");
    let users = users.and_then(Value::as_object).into_iter().flatten();
    let users = users.filter(|_| kind.contains("userassigned"));
    let users = users.map(|(id, _)| (id.to_ascii_lowercase(), Value::Bool(true)));
    Value::Object(users.collect())
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
        Value::Object(object) => Value::Object(members(object, &[], holds, kind)),
        Value::Array(items) => {
            let items = items.iter().map(|item| normalised(item, holds, kind));
            Value::Array(items.collect())
        }
        Value::Number(number) => Value::Number(spelling::number(number)),
        other => other.clone(),
    }
}

/// The members of an object, but for some.
fn members(
    object: &Map<String, Value>,
    except: &[&str],
    holds: Holds,
    kind: Kind,
) -> Map<String, Value> {
    let mut kept = Map::with_capacity(object.len());
    for (key, value) in object {
        // What is sealed opens in one factory only.
        if key == "encryptedCredential" || except.contains(&key.as_str()) {
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
    kept
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
