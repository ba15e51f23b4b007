//! Differences between whole repositories.

use adf_diff::{Difference, compare};
use adf_source::{Files, Repository};
use serde_json::{Value, json};

use crate::{differ, repository, shown};

fn dataset(service: &str, file: &str) -> Value {
    json!({"properties": {"type": "DelimitedText", "linkedServiceName": {"referenceName": service, "type": "LinkedServiceReference"},
        "typeProperties": {"location": {"type": "AzureBlobStorageLocation", "container": "input", "fileName": file}, "firstRowAsHeader": true}}})
}

fn service(url: &str) -> Value {
    json!({"properties": {"type": "AzureBlobStorage", "typeProperties": {"serviceEndpoint": url}}})
}

fn pipeline(input: &str) -> Value {
    json!({"properties": {"activities": [
        {"name": "copy", "type": "Copy", "inputs": [{"referenceName": input, "type": "DatasetReference"}]},
        {"name": "prepare", "type": "DatabricksNotebook", "typeProperties": {"notebookPath": "/Shared/prepare"}},
    ]}})
}

fn trigger() -> Value {
    json!({"properties": {"type": "ScheduleTrigger", "runtimeState": "Started", "pipelines": [
        {"pipelineReference": {"referenceName": "ingest", "type": "PipelineReference"}}]}})
}

#[test]
fn a_change_reaches_what_uses_it() {
    let difference = differ(
        [
            ("linkedService/lake.json", service("https://a.test")),
            ("dataset/orders.json", dataset("lake", "orders.csv")),
            ("pipeline/ingest.json", pipeline("orders")),
            ("trigger/daily.json", trigger()),
        ],
        [
            ("linkedService/lake.json", service("https://b.test")),
            ("dataset/orders.json", dataset("lake", "orders.csv")),
            ("pipeline/ingest.json", pipeline("orders")),
            ("trigger/daily.json", trigger()),
        ],
    );

    insta::assert_snapshot!(shown(&difference), @r#"
    * linked service `lake`
       typeProperties.serviceEndpoint "https://a.test" => "https://b.test"
      ! data location: `serviceEndpoint`: `https://a.test` → `https://b.test`
      -> ["ingest"] ["daily"] ["notebook `/Shared/prepare`"]
    "#);
}

#[test]
fn a_global_parameter_reaches_the_pipelines_that_read_it() {
    let factory = |value: &str| {
        json!({"name": "f", "properties": {"globalParameters": {
            "Region": {"type": "string", "value": value}, "other": {"type": "int", "value": 1}}}})
    };
    let reads = |expression: &str| {
        json!({"properties": {"activities": [{"name": "fail", "type": "Fail", "typeProperties": {
            "message": {"value": expression, "type": "Expression"}, "errorCode": "1"}}]}})
    };
    let side = |value: &str| {
        [
            ("factory/f.json", factory(value)),
            (
                "pipeline/ingest.json",
                reads("@concat('x', pipeline().globalParameters.region)"),
            ),
            (
                "pipeline/aside.json",
                reads("@string(pipeline().globalParameters.other)"),
            ),
            ("trigger/daily.json", trigger()),
        ]
    };

    insta::assert_snapshot!(shown(&differ(side("west"), side("north"))), @r#"
    * factory `f`
       globalParameters.Region.value "west" => "north"
      ! run behaviour: global parameter `Region`: `value`: `west` → `north`
      -> ["ingest"] ["daily"] []
    "#);
}

#[test]
fn a_renamed_resource_is_followed_by_references() {
    let difference = differ(
        [
            ("linkedService/lake.json", service("https://a.test")),
            ("dataset/orders.json", dataset("lake", "orders.csv")),
            ("pipeline/ingest.json", pipeline("orders")),
        ],
        [
            ("linkedService/lake.json", service("https://a.test")),
            ("dataset/orders_v2.json", dataset("lake", "orders_v2.csv")),
            ("pipeline/ingest.json", pipeline("orders_v2")),
        ],
    );

    insta::assert_snapshot!(shown(&difference), @r#"
    * pipeline `ingest`
       activities["copy"].inputs["orders_v2"].referenceName (follows) "orders" => "orders_v2"
      -> [] [] ["notebook `/Shared/prepare`"]
    > dataset `orders_v2` was `orders`
       typeProperties.location.fileName "orders.csv" => "orders_v2.csv"
      ! data location: `fileName`: `orders.csv` → `orders_v2.csv`
      -> ["ingest"] [] ["notebook `/Shared/prepare`"]
    "#);
    assert!(difference.changes[0].only_follows());
}

#[test]
fn a_removed_resource_that_is_still_used_is_a_broken_reference() {
    let difference = differ(
        [
            ("dataset/orders.json", dataset("lake", "orders.csv")),
            ("pipeline/ingest.json", pipeline("orders")),
        ],
        [
            ("pipeline/ingest.json", pipeline("orders")),
            ("trigger/daily.json", trigger()),
        ],
    );

    insta::assert_snapshot!(shown(&difference), @r#"
    + trigger `daily`
      ! trigger behaviour: starts `ingest`, and is started
      -> ["ingest"] [] ["notebook `/Shared/prepare`"]
    - dataset `orders`
      ! broken reference: pipeline `ingest` still refers to dataset `orders`
      -> ["ingest"] [] ["notebook `/Shared/prepare`"]
    "#);
}

#[test]
fn those_who_still_refer_to_what_is_gone_are_counted() {
    let named = |path: &'static str| (path, pipeline("orders"));
    let [a, b, c] = ["pipeline/a.json", "pipeline/b.json", "pipeline/c.json"].map(named);
    let orders = ("dataset/orders.json", dataset("lake", "o.csv"));
    let broken = |difference: &Difference| {
        let text = shown(difference);
        let mut lines = text
            .lines()
            .filter_map(|line| line.trim().strip_prefix("! broken reference: "));
        lines.next().unwrap_or_default().to_owned()
    };

    let two = differ(
        [orders.clone(), a.clone(), b.clone()],
        [a.clone(), b.clone()],
    );
    insta::assert_snapshot!(broken(&two), @"pipeline `a` and pipeline `b` still refer to dataset `orders`");
    let three = differ([orders, a.clone(), b.clone(), c.clone()], [a, b, c]);
    insta::assert_snapshot!(broken(&three), @"pipeline `a`, pipeline `b` and 1 more still refer to dataset `orders`");
}

#[test]
fn a_name_in_another_case_is_a_rename_that_breaks_nothing() {
    let difference = differ(
        [
            ("dataset/orders.json", dataset("lake", "o.csv")),
            ("pipeline/ingest.json", pipeline("orders")),
        ],
        [
            ("dataset/Orders.json", dataset("lake", "o.csv")),
            ("pipeline/ingest.json", pipeline("orders")),
        ],
    );

    insta::assert_snapshot!(shown(&difference), @r#"
    > dataset `Orders` was `orders`
      -> ["ingest"] [] ["notebook `/Shared/prepare`"]
    "#);
}

#[test]
fn a_file_that_cannot_be_read_is_not_a_removed_resource() {
    let files = |text: &str| {
        Repository::read(
            &[("dataset/orders.json", text.to_owned())]
                .into_iter()
                .collect::<Files>(),
        )
    };

    let difference = compare(&files("{}"), &files("{"));

    assert_eq!(difference.changes, []);
    assert_eq!(difference.unreadable_head, ["dataset/orders.json"]);
}

#[test]
fn files_beside_the_resources_are_compared_too() {
    let difference = differ(
        [(
            "publish_config.json",
            json!({"publishBranch": "adf_publish"}),
        )],
        [
            ("publish_config.json", json!({"publishBranch": "publish"})),
            ("arm-template-parameters-definition.json", json!({})),
        ],
    );

    insta::assert_snapshot!(shown(&difference), @r#"
    + file `arm-template-parameters-definition.json`
    * file `publish_config.json`
       publishBranch "adf_publish" => "publish"
    "#);
}

#[test]
fn a_repository_does_not_differ_from_itself() {
    let files = [
        ("trigger/daily.json", trigger()),
        ("pipeline/ingest.json", pipeline("orders")),
    ];
    let one = repository(files);

    assert_eq!(compare(&one, &one).changes, []);
}

#[test]
fn what_is_given_to_a_secure_parameter_of_a_pipeline_is_not_told() {
    let ingest = json!({"properties": {"parameters": {"key": {"type": "SecureString"}, "day": {"type": "String"}}}});
    let start = |key: &str, day: &str| {
        let mut trigger = trigger();
        trigger["properties"]["pipelines"][0]["parameters"] = json!({"key": key, "day": day});
        trigger
    };

    let difference = differ(
        [
            ("pipeline/ingest.json", json!({"properties": {}})),
            ("trigger/daily.json", start("hunter1", "monday")),
        ],
        [
            ("pipeline/ingest.json", ingest),
            ("trigger/daily.json", start("hunter2", "friday")),
        ],
    );

    let text = shown(&difference);
    assert!(!text.contains("hunter"), "{text}");
    assert!(text.contains("monday") && text.contains("friday"), "{text}");
    assert!(text.contains("key"), "{text}");
}
