//! That the schema is that of the types, and says what they do.

use std::borrow::Cow;
use std::path::Path;

use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings, json_schema};
use serde_json::{Value, json};

use super::SCHEMA;
use crate::deployment::TriggerPolicy;
use crate::period::Period;
use crate::settings::Settings;

impl JsonSchema for TriggerPolicy {
    fn schema_name() -> Cow<'static, str> {
        "TriggerPolicy".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Whether a trigger runs after a deployment: as its document says, as it was before, or always on or off.",
            "enum": ["source", "keep", "on", "off", true, false],
        })
    }
}

impl JsonSchema for Period {
    fn schema_name() -> Cow<'static, str> {
        "Period".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A length of time: a number and s, m, h, d or w.",
            "type": "string",
            "pattern": "^[0-9]+[smhdw]$",
        })
    }
}

fn made() -> String {
    let mut schema = SchemaSettings::draft2020_12()
        .into_generator()
        .into_root_schema_for::<Settings>()
        .to_value();
    schema["title"] = json!("dataops.yaml");
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

#[test]
fn the_file_is_what_the_types_say() {
    let made = made();
    if std::env::var_os("DATAOPS_WRITE_SCHEMA").is_some() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/schema/dataops.schema.json");
        std::fs::write(file, &made).unwrap();
        return;
    }
    assert!(
        made == SCHEMA,
        "the settings have changed; write the schema anew: DATAOPS_WRITE_SCHEMA=1 cargo test -p dataops-solution schema"
    );
}

/// What of a value a schema refuses: as much of JSON Schema as the settings use.
fn refused(root: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = root.pointer(reference.trim_start_matches('#')).unwrap();
        return refused(root, target, value, at);
    }
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
    for (key, member) in value.as_object().into_iter().flatten() {
        let at = format!("{at}/{key}");
        match (
            schema["properties"].get(key),
            &schema["additionalProperties"],
        ) {
            (Some(known), _) => found.extend(refused(root, known, member, &at)),
            (None, Value::Bool(false)) => found.push(format!("{at}: unknown")),
            (None, others) => found.extend(refused(root, others, member, &at)),
        }
    }
    for (number, item) in value.as_array().into_iter().flatten().enumerate() {
        found.extend(refused(
            root,
            &schema["items"],
            item,
            &format!("{at}/{number}"),
        ));
    }
    found
}

fn check(text: &str) -> Vec<String> {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let value: Value = crate::yaml::read(text).unwrap();
    refused(&schema, &schema, &value, "")
}

#[test]
fn the_example_is_accepted() {
    let root =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/data-ingestion/dataops.yaml");
    let text = std::fs::read_to_string(root).unwrap();

    assert_eq!(check(&text), Vec::<String>::new());
}

#[test]
fn what_the_settings_refuse_is_refused() {
    assert_eq!(check("{}"), [": lacks \"name\""]);
    assert_eq!(
        check("{name: x, enviroments: {}}"),
        ["/enviroments: unknown"]
    );
    assert_eq!(
        check("{name: x, environments: {qa: {resourcegroup: r}}}"),
        ["/environments/qa/resourcegroup: unknown"]
    );
    assert_eq!(
        check("{name: x, contracts: c.yaml}"),
        ["/contracts: string"]
    );
    assert_eq!(
        check("{name: x, environments: {qa: {triggers: {t: maybe}, policy: {deny: [all]}}}}"),
        [
            "/environments/qa/triggers/t: not one of the values",
            "/environments/qa/policy/deny/0: not one of the values"
        ]
    );
    assert_eq!(
        check("{name: x, environments: {qa: {overrides: {a.b.c: [1]}, triggers: {t: on}}}}"),
        Vec::<String>::new()
    );
}

#[test]
fn descriptions_are_for_those_who_write_the_file() {
    for code in ["[`", "::", "PolicyRule`"] {
        let speaking = SCHEMA
            .lines()
            .filter(|line| line.contains("\"description\""));
        let speaking: Vec<_> = speaking.filter(|line| line.contains(code)).collect();
        assert_eq!(speaking, [""; 0]);
    }
}
