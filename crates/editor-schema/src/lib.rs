//! JSON Schemas for editors, made from the types that settings are read into.
//!
//! Only tests use it: a schema is a file of the repository, and a test says when it is stale.
#![expect(clippy::unwrap_used, reason = "a schema that is broken fails its test")]

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

/// The schema (draft 2020-12) of the file called `title` that is read into a `T`.
#[must_use]
pub fn of<T: JsonSchema>(title: &str) -> String {
    let mut schema = SchemaSettings::draft2020_12()
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value();
    schema["title"] = json!(title);
    simplify(&mut schema);
    format!("{schema:#}\n")
}

/// What an editor need not know: that a key may be left out is said by `required`.
fn simplify(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            object.shift_remove("default");
            if let Some(Value::Array(types)) = object.get_mut("type") {
                types.retain(|kind| kind != "null");
                if let [only] = types.as_slice() {
                    object["type"] = only.clone();
                }
            }
            if let Some(Value::Array(choices)) = object.get_mut("anyOf") {
                choices.retain(|choice| choice["type"] != "null");
                if let [only] = choices.as_slice() {
                    let only = only.clone();
                    object.shift_remove("anyOf");
                    object.extend(only.as_object().cloned().unwrap_or_default());
                }
            }
            object.values_mut().for_each(simplify);
        }
        Value::Array(items) => items.iter_mut().for_each(simplify),
        _ => {}
    }
}

/// What of a value a schema refuses: as much of JSON Schema as settings use.
#[must_use]
pub fn refused(schema: &Value, value: &Value) -> Vec<String> {
    below(schema, schema, value, "")
}

fn below(root: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = root.pointer(reference.trim_start_matches('#')).unwrap();
        return below(root, target, value, at);
    }
    let mut found = own(schema, value, at);
    for (key, member) in value.as_object().into_iter().flatten() {
        let at = format!("{at}/{key}");
        match (
            schema["properties"].get(key),
            &schema["additionalProperties"],
        ) {
            (Some(known), _) => found.extend(below(root, known, member, &at)),
            (None, Value::Bool(false)) => found.push(format!("{at}: unknown")),
            (None, others) => found.extend(below(root, others, member, &at)),
        }
    }
    for (number, item) in value.as_array().into_iter().flatten().enumerate() {
        let at = format!("{at}/{number}");
        found.extend(below(root, &schema["items"], item, &at));
    }
    found
}

/// What it refuses of the value itself.
fn own(schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let mut found = Vec::new();
    if schema["type"].as_str().is_some_and(|wanted| wanted != kind) {
        found.push(format!("{at}: {kind}"));
    }
    if schema["enum"]
        .as_array()
        .is_some_and(|values| !values.contains(value))
    {
        found.push(format!("{at}: not one of the values"));
    }
    if let (Some(choices), None) = (schema["oneOf"].as_array(), schema["enum"].as_array()) {
        let fits = choices.iter().any(|choice| choice["const"] == *value);
        found.extend((!fits).then(|| format!("{at}: not one of the values")));
    }
    for key in schema["required"].as_array().into_iter().flatten() {
        if value.get(key.as_str().unwrap()).is_none() {
            found.push(format!("{at}: lacks {key}"));
        }
    }
    found
}
