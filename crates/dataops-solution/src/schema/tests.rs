//! That the schema is that of the types, and says what they do.

use std::borrow::Cow;
use std::path::Path;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;

use super::SCHEMA;
use crate::deployment::{PolicyRule, TriggerPolicy};
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

/// The rules that consent can be asked for: those of policies, without what is always denied.
pub(crate) fn consents(generator: &mut SchemaGenerator) -> Schema {
    let rules = PolicyRule::json_schema(generator).to_value();
    let mut words = rules["oneOf"].as_array().unwrap().clone();
    words.retain(|word| {
        let rule = PolicyRule::named(word["const"].as_str().unwrap()).unwrap();
        !rule.is_always_denied()
    });
    json_schema!({"type": "array", "items": {"oneOf": words}})
}

#[test]
fn the_file_is_what_the_types_say() {
    let made = editor_schema::of::<Settings>("dataops.yaml");
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

fn check(text: &str) -> Vec<String> {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let value: Value = crate::yaml::read(text).unwrap();
    editor_schema::refused(&schema, &value)
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
    let asks = |rule: &str| {
        check(&format!(
            "{{name: x, environments: {{qa: {{policy: {{requireConsent: [delete, {rule}]}}}}}}}}"
        ))
    };
    assert_eq!(asks("mass-delete"), Vec::<String>::new());
    for denied in ["empty-source", "integration-runtime-kind"] {
        let refused = "/environments/qa/policy/requireConsent/1: not one of the values";
        assert_eq!(asks(denied), [refused]);
    }
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
