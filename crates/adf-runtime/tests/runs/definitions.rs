//! Datasets and linked services of an activity.

use adf_model::Kind;
use serde_json::{Value, json};

use crate::world::{Aftermath, World, activity, ex, pipeline};

fn dataset_use(argument: &str) -> Value {
    json!({"referenceName": "Files", "type": "DatasetReference", "parameters": {"folder": ex(argument)}})
}

fn world(task: Value) -> World {
    let store = json!({
        "type": "AzureBlobStorage",
        "parameters": {"account": {"type": "String"}, "suffix": {"type": "String", "defaultValue": "core.test"}},
        "typeProperties": {"serviceEndpoint": "https://@{linkedService().account}.@{linkedService().suffix}"},
    });
    let files = json!({
        "type": "DelimitedText",
        "linkedServiceName": {"referenceName": "Store", "type": "LinkedServiceReference",
            "parameters": {"account": {"value": "@concat('st', dataset().env)", "type": "Expression"}}},
        "parameters": {"folder": {"type": "String"}, "env": {"type": "String", "defaultValue": "qa"}},
        "typeProperties": {"location": {"type": "AzureBlobStorageLocation", "folderPath": ex("@dataset().Folder")}, "columnDelimiter": ","},
    });
    World::new(pipeline([task]))
        .resource(Kind::LinkedService, "Store", store)
        .resource(Kind::Dataset, "Files", files)
}

fn run(change: impl FnOnce(&mut Value)) -> Aftermath {
    let mut task = activity("A", "Task", "", json!({}));
    change(&mut task);
    world(task).run()
}

#[test]
fn arguments_flow_from_the_activity_to_the_linked_service() {
    let after = run(|task| task["inputs"] = json!([dataset_use("@pipeline().Pipeline")]));

    let input = after.calls().remove(0).inputs.remove(0);
    assert_eq!(
        (input.name.as_str(), input.kind.as_str()),
        ("Files", "DelimitedText")
    );
    assert_eq!(input.properties["location"]["folderPath"], "main");
    assert_eq!(input.linked_service.kind, "AzureBlobStorage");
    assert_eq!(
        input.linked_service.properties,
        json!({"serviceEndpoint": "https://stqa.core.test"})
    );
}

#[test]
fn every_place_of_a_dataset_is_resolved() {
    let after = run(|task| {
        task["inputs"] = json!([dataset_use("in")]);
        task["outputs"] = json!([dataset_use("out")]);
        task["typeProperties"] = json!({"dataset": dataset_use("own")});
        task["linkedServiceName"] = json!({"referenceName": "Store", "type": "LinkedServiceReference", "parameters": {"account": "@pipeline().Pipeline"}});
    });

    let call = after.calls().remove(0);
    let folders = |sets: &[adf_runtime::ResolvedDataset]| -> Vec<Value> {
        sets.iter()
            .map(|set| set.properties["location"]["folderPath"].clone())
            .collect()
    };
    assert_eq!(folders(&call.inputs), ["in", "own"]);
    assert_eq!(folders(&call.outputs), ["out"]);
    assert_eq!(
        call.linked_service.unwrap().properties["serviceEndpoint"],
        "https://main.core.test"
    );
    assert_eq!(after.only("A").linked_service_name, "Store");
}

#[test]
fn a_dataset_sees_its_own_arguments_alone() {
    let task = |folder: &str| {
        let mut task = activity("A", "Task", "", json!({}));
        task["inputs"] = json!([dataset_use(folder)]);
        task
    };
    let curious = json!({
        "type": "DelimitedText",
        "linkedServiceName": {"referenceName": "Store", "type": "LinkedServiceReference", "parameters": {"account": "x"}},
        "parameters": {"folder": {"type": "String"}},
        "typeProperties": {"folderPath": "@pipeline().Pipeline"},
    });

    let after = world(task("a"))
        .resource(Kind::Dataset, "Files", curious)
        .run();

    assert!(
        after.message().contains("dataset `Files`"),
        "{}",
        after.message()
    );
    assert_eq!(after.only("A").error.error_code, "InvalidTemplate");
}

#[test]
fn an_argument_without_a_default_is_asked_for() {
    let after = run(|task| {
        task["inputs"] = json!([{"referenceName": "Files", "type": "DatasetReference"}]);
    });

    assert!(
        after
            .message()
            .contains("dataset `Files`: parameter `folder` has no value"),
        "{}",
        after.message()
    );
}

#[test]
fn linked_services_are_not_shown_with_their_properties() {
    let after = run(|task| task["inputs"] = json!([dataset_use("x")]));

    let shown = format!("{:?}", after.calls());

    assert!(
        shown.contains("AzureBlobStorage") && !shown.contains("stqa"),
        "{shown}"
    );
}
