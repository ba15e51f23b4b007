//! What a deployment would do, and what it then does.

use std::fs;

use integration_tests::{Edition, wide};
use serde_json::{Value, json};

use super::{Drill, assert_says};

#[test]
fn pain_06_deployments_that_take_too_long() {
    let drill = Drill::wide(Edition::First);
    let all = drill.counts("PUT /subscriptions/*", || drop(drill.succeeds(&["deploy"])));
    drill.edit("adf/pipeline/flow3.json", |flow| {
        flow["description"] = "new".into();
    });

    let writes = drill.counts("PUT /subscriptions/*", || drop(drill.succeeds(&["deploy"])));

    assert!(all > 50, "{all}");
    assert_eq!(writes, 1);
}

#[test]
fn pain_07_a_record_of_the_last_deployment_that_is_wrong() {
    let drill = Drill::small();
    drill.succeeds(&["deploy"]);
    let (status, said) = drill.asks("DELETE", "/pipelines/long", None);
    assert_eq!(status, 200, "{said}");

    let again = drill.succeeds(&["deploy"]);

    assert_says(&again, &["+ pipeline.long", "1 created"]);
    assert!(drill.is_live("/pipelines/long"));
    // Nothing of ours is kept in the factory, where runs would carry it along.
    let parameters = drill.asks("GET", "/globalParameters/default", None);
    assert_eq!(parameters.0, 404, "{parameters:?}");
}

#[test]
fn pain_08_no_plan_that_is_worth_the_name() {
    let drill = Drill::small();
    drill.succeeds(&["deploy"]);
    drill.edit("adf/pipeline/greet.json", |greet| {
        greet["parameters"]["times"]["defaultValue"] = 2.into();
    });

    let planned = drill.call(&["plan", "--exit-code", "--out", "plan.json"]);
    let review = drill.succeeds(&["plan", "--format", "markdown"]);

    assert_eq!(planned.code, Some(1), "{planned}");
    assert_says(&planned, &["parameters.times.defaultValue: 1 → 2"]);
    assert_says(
        &review,
        &["pipeline.greet", "parameters.times.defaultValue"],
    );
    let written = fs::read(drill.path().join("plan.json")).unwrap();
    let written: Value = serde_json::from_slice(&written).unwrap();
    let lists = written.to_string();
    assert!(lists.contains("pipeline.greet"), "{lists}");
    drill.succeeds(&["deploy", "--plan", "plan.json"]);
    assert_eq!(
        drill.live("/pipelines/greet")["properties"]["parameters"]["times"]["defaultValue"],
        2
    );
}

#[test]
fn pain_09_deletions_in_the_wrong_order_and_of_too_much() {
    let drill = Drill::wide(Edition::First);
    drill.succeeds(&["deploy"]);
    // Somebody's own pipeline keeps a dataset that the next edition has no more.
    let dataset = json!({"referenceName": "file0", "type": "DatasetReference"});
    let theirs = json!({"properties": {"activities": [{"name": "look", "type": "GetMetadata", "typeProperties": {
        "dataset": dataset, "fieldList": ["exists"]}}]}});
    let (status, said) = drill.asks("PUT", "/pipelines/theirs", Some(&theirs));
    assert_eq!(status, 200, "{said}");

    let drill = drill.goes_on_with(wide(Edition::Second));
    let part = drill.succeeds(&["deploy", "--except", "pipeline.theirs"]);

    assert_says(&part, &["dataset.file0", "pipeline.theirs"]);
    assert!(drill.is_live("/datasets/file0"), "it is still referred to");
    for gone in [
        "/datasets/file1",
        "/pipelines/flow0",
        "/pipelines/flow1",
        "/triggers/Gone",
    ] {
        assert!(!drill.is_live(gone), "{gone}");
    }
    drill.succeeds(&["deploy"]);
    assert!(!drill.is_live("/datasets/file0") && !drill.is_live("/pipelines/theirs"));
}

#[test]
fn pain_20_a_part_alone() {
    let drill = Drill::wide(Edition::First);

    let part = drill.succeeds(&["deploy", "--only", "pipeline.flow8"]);

    // What it cannot be without comes along, and nothing else.
    for live in [
        "/pipelines/flow8",
        "/pipelines/flow7",
        "/datasets/file10",
        "/linkedservices/store4",
        "/integrationRuntimes/onsite",
    ] {
        assert!(drill.is_live(live), "{live}: {part}");
    }
    for absent in ["/pipelines/flow9", "/datasets/file2", "/triggers/Hourly"] {
        assert!(!drill.is_live(absent), "{absent}: {part}");
    }
}

#[test]
fn pain_21_properties_that_a_tool_does_not_know() {
    let drill = Drill::small();
    drill.edit("adf/pipeline/greet.json", |greet| {
        greet["inventedLater"] = json!({"deep": [1.0, 1e30, null]});
        greet["activities"][0]["typeProperties"]["alsoLater"] = true.into();
    });

    drill.succeeds(&["deploy"]);
    let again = drill.succeeds(&["deploy"]);

    let greet = drill.live("/pipelines/greet");
    assert_eq!(
        greet["properties"]["inventedLater"],
        json!({"deep": [1.0, 1e30, null]})
    );
    assert_eq!(
        greet["properties"]["activities"][0]["typeProperties"]["alsoLater"],
        true
    );
    assert_says(&again, &["5 unchanged"]);
}

#[test]
fn pain_22_success_is_reported_although_it_failed() {
    let drill = Drill::wide(Edition::First);
    drill.refuses(
        "PUT */globalParameters/default",
        0,
        "BadRequest",
        "these are not yours to set",
    );

    let failed = drill.call(&["deploy"]);

    assert_eq!(failed.code, Some(3), "{failed}");
    assert_says(
        &failed,
        &[
            "globalParameters.default",
            "these are not yours to set",
            "not begun",
        ],
    );
}

#[test]
fn pain_24_differences_for_ever() {
    let drill = Drill::small();
    drill.edit("adf/pipeline/greet.json", |greet| {
        greet["parameters"]["shape"] =
            json!({"type": "object", "defaultValue": {"rows": [1, 2], "name": "x"}});
        greet["parameters"]["quick"] = json!({"type": "bool", "defaultValue": false});
        greet["annotations"] = json!([]);
    });
    drill.succeeds(&["deploy"]);

    let planned = drill.call(&["plan", "--exit-code"]);

    assert_eq!(planned.code, Some(0), "{planned}");
    let greet = drill.live("/pipelines/greet");
    let shape = &greet["properties"]["parameters"]["shape"]["defaultValue"];
    assert_eq!(*shape, json!({"rows": [1, 2], "name": "x"}));
}

#[test]
fn pain_25_somebody_edits_the_factory_meanwhile() {
    let drill = Drill::small();
    drill.succeeds(&["deploy"]);
    drill.edit("adf/pipeline/greet.json", |greet| {
        greet["description"] = "ours".into();
    });
    drill.succeeds(&["plan", "--out", "plan.json"]);
    let mut theirs = drill.live("/pipelines/greet");
    theirs["properties"]["description"] = "theirs".into();
    drill.asks("PUT", "/pipelines/greet", Some(&theirs));

    let refused = drill.call(&["deploy", "--plan", "plan.json"]);

    assert_eq!(refused.code, Some(1), "{refused}");
    assert_says(&refused, &["the plan no longer holds", "pipeline.greet"]);
    let now = drill.live("/pipelines/greet");
    assert_eq!(now["properties"]["description"], "theirs");
}
