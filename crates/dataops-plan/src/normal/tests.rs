use proptest::prelude::*;
use serde_json::json;

use super::*;

#[test]
fn what_the_service_adds_means_nothing() {
    let git = json!({"name": "p", "properties": {
        "activities": [{"name": "a", "type": "Copy", "dependsOn": [], "userProperties": [], "typeProperties": {
            "source": {"type": "BinarySource"}, "staging": {}, "dataflow": {"referenceName": "f", "type": "DataFlowReference"}}}],
        "parameters": {"days": {"type": "int", "defaultValue": 2.0}},
        "annotations": [], "policy": {"elapsedTimeMetric": {}, "cancelAfter": {}}, "folder": {"name": "x"}}});
    let live = json!({"id": "/subscriptions/s", "name": "p", "etag": "e", "type": "Microsoft.DataFactory/factories/pipelines", "properties": {
        "folder": {"name": "x"}, "lastPublishTime": "2026-01-01T00:00:00Z", "description": null,
        "parameters": {"days": {"type": "Int", "defaultValue": 2}},
        "activities": [{"type": "Copy", "name": "a", "typeProperties": {
            "source": {"type": "BinarySource", "storeSettings": {}}, "dataFlow": {"referenceName": "f", "type": "DataFlowReference", "parameters": {}}}}]}});

    assert_eq!(normal(Kind::Pipeline, &git), normal(Kind::Pipeline, &live));
}

#[test]
fn an_empty_value_is_not_a_missing_one() {
    let document = |activity: Value| json!({"properties": {"activities": [activity]}});
    for (with, without) in [
        (
            json!({"typeProperties": {"variableName": "v", "value": []}}),
            json!({"typeProperties": {"variableName": "v"}}),
        ),
        (
            json!({"typeProperties": {"parameters": {"list": []}}}),
            json!({"typeProperties": {"parameters": {}}}),
        ),
        (
            json!({"typeProperties": {"body": {"a": {"b": []}}}}),
            json!({"typeProperties": {"body": {"a": {}}}}),
        ),
        (
            json!({"typeProperties": {"headers": {"x": ""}}}),
            json!({"typeProperties": {"headers": {}}}),
        ),
    ] {
        assert_ne!(
            normal(Kind::Pipeline, &document(with)),
            normal(Kind::Pipeline, &document(without))
        );
    }
    let globals = |value: Value| json!({"properties": {"list": {"type": "array", "value": value}}});
    assert_ne!(
        normal(Kind::GlobalParameters, &globals(json!([]))),
        normal(Kind::GlobalParameters, &globals(json!([1])))
    );
    let none = json!({"properties": {}});
    assert_ne!(
        normal(Kind::GlobalParameters, &globals(json!([]))),
        normal(Kind::GlobalParameters, &none)
    );
}

#[test]
fn the_version_of_a_linked_service_counts_and_that_of_a_factory_does_not() {
    let document = json!({"properties": {"version": "2.0"}});

    assert_eq!(
        normal(Kind::LinkedService, &document),
        json!({"version": "2.0"})
    );
    assert_eq!(normal(Kind::Factory, &document), json!({}));
}

#[test]
fn the_state_of_a_trigger_is_not_part_of_it() {
    let trigger = |state: &str| {
        json!({"properties": {"runtimeState": state, "type": "ScheduleTrigger", "typeProperties":
            {"recurrence": {"startTime": "2026-01-01T00:00:00.000Z"}}}})
    };

    let normal = normal(Kind::Trigger, &trigger("Started"));

    assert_eq!(normal, super::normal(Kind::Trigger, &trigger("Stopped")));
    assert_eq!(
        normal["typeProperties"]["recurrence"]["startTime"],
        "2026-01-01T00:00:00Z"
    );
}

#[test]
fn a_sealed_credential_is_not_compared() {
    let sealed = json!({"properties": {"type": "Sftp", "typeProperties": {"host": "h", "encryptedCredential": "x"}}});
    let open = json!({"properties": {"type": "Sftp", "typeProperties": {"host": "h"}}});

    assert_eq!(
        normal(Kind::LinkedService, &sealed),
        normal(Kind::LinkedService, &open)
    );
}

#[test]
fn a_document_without_properties_has_none() {
    for odd in [
        json!({}),
        json!({"properties": null}),
        json!({"properties": 1}),
        json!([]),
    ] {
        assert_eq!(normal(Kind::ManagedVirtualNetwork, &odd), json!({}));
    }
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-z:.;= 0Z]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 48, 4, |inner| {
        let names = [
            "type",
            "value",
            "parameters",
            "body",
            "timeout",
            "startTime",
            "connectionString",
            "x",
        ];
        let key = (0..names.len()).prop_map(move |at| names[at].to_owned());
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((key, inner), 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_normal_stays_so(properties in json_value()) {
        for kind in [Kind::Pipeline, Kind::Trigger, Kind::LinkedService, Kind::GlobalParameters] {
            let once = normal(kind, &json!({"properties": properties}));
            let twice = normal(kind, &json!({"properties": once}));

            prop_assert_eq!(once, twice);
        }
    }
}

#[test]
fn what_says_the_same_has_one_normal_form() {
    let source = json!({"name": "t", "properties": {"type": "ScheduleTrigger", "runtimeState": "Started", "typeProperties": {"a": [1, {"b": 2}]}}});
    let live = json!({"id": "/x", "etag": "e", "name": "t", "properties": {"typeProperties": {"a": [1, {"b": 2}]}, "type": "ScheduleTrigger",
        "runtimeState": "Stopped", "lastPublishTime": "now"}});
    let other = json!({"name": "t", "properties": {"type": "ScheduleTrigger", "typeProperties": {"a": [1, {"b": 3}]}}});
    let more = json!({"name": "t", "properties": {"type": "ScheduleTrigger", "typeProperties": {"a": [1, {"b": 2}]}, "more": 1}});

    assert!(says_the_same(Kind::Trigger, &source, &live));
    assert_eq!(normal(Kind::Trigger, &source), normal(Kind::Trigger, &live));
    for other in [&other, &more] {
        assert!(!says_the_same(Kind::Trigger, &source, other));
        assert!(!says_the_same(Kind::Trigger, other, &source));
    }
    assert!(!says_the_same(Kind::Factory, &source, &source));
}
