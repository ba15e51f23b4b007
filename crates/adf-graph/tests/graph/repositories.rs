//! Who refers to whom.

use adf_graph::{External, ExternalKind, Node, Reference, ResourceGraph};
use adf_model::{Kind, ResourceId};
use serde_json::{Value, json};

use crate::repository;

fn pipeline(references: &[(&str, &str)]) -> Value {
    let references = references
        .iter()
        .map(|(kind, name)| json!({"referenceName": name, "type": format!("{kind}Reference")}));
    json!({"properties": {"activities": [{"name": "a", "type": "Custom", "inputs": references.collect::<Vec<_>>()}]}})
}

fn ingestion() -> ResourceGraph {
    ResourceGraph::of(&repository([
        (
            "dataset/orders.json",
            json!({"name": "Orders", "properties": {
                "linkedServiceName": {"referenceName": "lake", "type": "LinkedServiceReference"}}}),
        ),
        (
            "linkedService/lake.json",
            json!({"properties": {"connectVia": {"referenceName": "AutoResolveIntegrationRuntime", "type": "IntegrationRuntimeReference"}}}),
        ),
        (
            "managedVirtualNetwork/default/managedPrivateEndpoint/storage.json",
            json!({"properties": {}}),
        ),
        (
            "pipeline/ingest.json",
            json!({"properties": {"activities": [
                {"name": "copy", "type": "Copy", "inputs": [{"referenceName": "ORDERS", "type": "DatasetReference"}]},
                {"name": "each", "type": "ForEach", "typeProperties": {"activities": [
                    {"name": "prepare", "type": "DatabricksNotebook", "typeProperties": {"notebookPath": "/Shared/prepare"}},
                    {"name": "train", "type": "AzureMLExecutePipeline", "typeProperties": {
                        "mlPipelineId": {"value": "@variables('id')", "type": "Expression"}}},
                ]}},
            ]}}),
        ),
        (
            "trigger/dropped.json",
            json!({"properties": {"pipelines": [{"pipelineReference": {"referenceName": "ingest", "type": "PipelineReference"}}]}}),
        ),
    ]))
}

fn shown(reference: Reference<'_>) -> String {
    format!(
        "{} -> {} {}",
        reference.from, reference.to, reference.pointer
    )
}

#[test]
fn references_have_their_places() {
    let graph = ingestion();

    let shown: Vec<_> = graph.references().map(shown).collect();

    insta::assert_snapshot!(shown.join("\n"), @r"
    managed private endpoint `default/storage` -> managed virtual network `default` 
    linked service `lake` -> integration runtime `AutoResolveIntegrationRuntime` /properties/connectVia
    dataset `Orders` -> linked service `lake` /properties/linkedServiceName
    pipeline `ingest` -> dataset `Orders` /properties/activities/0/inputs/0
    pipeline `ingest` -> notebook `/Shared/prepare` /properties/activities/1/typeProperties/activities/0/typeProperties/notebookPath
    pipeline `ingest` -> ML pipeline `@variables('id')` /properties/activities/1/typeProperties/activities/1/typeProperties/mlPipelineId
    trigger `dropped` -> pipeline `ingest` /properties/pipelines/0/pipelineReference
    ");
}

#[test]
fn a_name_is_shown_as_it_is_given_and_kept_as_it_is_written() {
    let graph = ingestion();
    let orders = Node::from(ResourceId::new(Kind::Dataset, "orders"));

    let referrers = graph.referrers_of(&orders);

    assert_eq!(referrers[0].to.name(), "Orders");
    assert_eq!(referrers[0].written, "ORDERS");
}

#[test]
fn what_does_not_exist_is_missing() {
    let graph = ingestion();

    let missing: Vec<_> = graph.missing().map(shown).collect();

    assert_eq!(
        missing,
        ["managed private endpoint `default/storage` -> managed virtual network `default` "]
    );
    assert!(graph.is_defined(&ResourceId::new(Kind::Pipeline, "INGEST")));
    assert!(!graph.is_defined(&ResourceId::new(Kind::Dataset, "ingest")));
}

#[test]
fn dependants_are_found_through_others() {
    let graph = ingestion();
    let notebook = Node::from(External {
        kind: ExternalKind::Notebook,
        name: "/Shared/prepare".to_owned(),
    });
    let lake = Node::from(ResourceId::new(Kind::LinkedService, "lake"));

    let of = |node: &Node| {
        let found = graph.dependants([node]);
        found.iter().map(ToString::to_string).collect::<Vec<_>>()
    };

    assert_eq!(of(&notebook), ["pipeline `ingest`", "trigger `dropped`"]);
    assert_eq!(
        of(&lake),
        ["dataset `Orders`", "pipeline `ingest`", "trigger `dropped`"]
    );
    assert!(
        graph
            .dependencies([&lake])
            .iter()
            .all(|node| node.name() == "AutoResolveIntegrationRuntime")
    );
}

#[test]
fn pipelines_that_call_each_other_are_a_cycle() {
    let graph = ResourceGraph::of(&repository([
        (
            "pipeline/a.json",
            pipeline(&[("Pipeline", "b"), ("Pipeline", "c")]),
        ),
        ("pipeline/b.json", pipeline(&[("Pipeline", "c")])),
        ("pipeline/c.json", pipeline(&[("Pipeline", "A")])),
        ("pipeline/d.json", pipeline(&[("Pipeline", "d")])),
        ("pipeline/e.json", pipeline(&[("Pipeline", "a")])),
    ]));

    let cycles = graph.cycles();

    let paths = cycles.iter().map(|cycle| {
        let members: Vec<_> = cycle.members.iter().map(|id| id.name.as_str()).collect();
        let path: Vec<_> = cycle.path.iter().copied().map(shown).collect();
        format!("{}\n  {}", members.join(" "), path.join("\n  "))
    });
    insta::assert_snapshot!(paths.collect::<Vec<_>>().join("\n"), @r"
    a b c
      pipeline `a` -> pipeline `c` /properties/activities/0/inputs/1
      pipeline `c` -> pipeline `a` /properties/activities/0/inputs/0
    d
      pipeline `d` -> pipeline `d` /properties/activities/0/inputs/0
    ");
}

#[test]
fn levels_begin_with_what_refers_to_nothing() {
    let graph = ingestion();

    let levels = graph.levels();
    let shown = levels.iter().map(|level| {
        let names: Vec<_> = level.iter().map(|node| node.name()).collect();
        names.join(", ")
    });

    insta::assert_snapshot!(shown.collect::<Vec<_>>().join("\n"), @r"
    default, AutoResolveIntegrationRuntime, /Shared/prepare, @variables('id')
    storage, lake
    Orders
    ingest
    dropped
    ");
}

#[test]
fn documents_that_are_nonsense_have_no_references() {
    let graph = ResourceGraph::of(&repository([
        (
            "pipeline/a.json",
            json!({"properties": {"activities": {"name": 1}}}),
        ),
        (
            "pipeline/b.json",
            json!({"properties": {"activities": [1, null, {"type": "ForEach", "typeProperties": []}]}}),
        ),
        (
            "dataset/c.json",
            json!({"properties": {"linkedServiceName": {"referenceName": {"value": "@x"}, "type": "LinkedServiceReference"}}}),
        ),
    ]));

    assert_eq!(graph.references().count(), 0);
    assert_eq!(graph.nodes().count(), 3);
}
