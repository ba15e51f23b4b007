//! `dataops graph`: pictures of a factory, and what is said of names that it does not have.

use serde_json::json;

use crate::environment::{Ended, Program, TestEnvironment};

fn factory() -> TestEnvironment {
    let pipeline = json!({"properties": {"activities": [
        {"name": "copy", "type": "Copy", "inputs": [{"referenceName": "orders", "type": "DatasetReference"}]},
        {"name": "end", "type": "DatabricksNotebook", "dependsOn": [{"activity": "copy", "dependencyConditions": ["Completed"]}],
            "typeProperties": {"notebookPath": "/Shared/<b>\"]; click"}},
    ]}});
    let dataset = json!({"properties": {"linkedServiceName": {"referenceName": "lake", "type": "LinkedServiceReference"}}});
    TestEnvironment::new()
        .file("dataops.yaml", "name: x\nadf: { root: adf }\n")
        .file("adf/pipeline/ingest.json", pipeline.to_string())
        .file("adf/dataset/orders.json", dataset.to_string())
        .file("adf/dataset/lonely.json", "{\"properties\": {}}")
        .file("adf/factory/dev.json", "{\"properties\": {}}")
}

fn graph(environment: &TestEnvironment, args: &[&str]) -> Ended {
    environment.run(Program::Dataops, &[&["graph"], args].concat())
}

#[test]
fn a_factory_is_drawn_for_markdown() {
    let ended = graph(&factory(), &[]);

    assert_eq!(
        (ended.code, ended.stderr.as_str()),
        (Some(0), ""),
        "{ended}"
    );
    insta::assert_snapshot!(ended.stdout, @r##"
    flowchart LR
      n0[("lonely<br/><small>dataset</small>")]:::isDataset
      n1[("orders<br/><small>dataset</small>")]:::isDataset
      n2(["ingest<br/><small>pipeline</small>"]):::isPipeline
      n3[/"lake<br/><small>linked service</small>"/]:::isMissing
      n4[["/Shared/#60;b#62;#34;#93;#59; click<br/><small>notebook</small>"]]:::isNotebook
      n1 -.-> n3
      n2 --> n1
      n2 --> n4
      classDef isLinkedService fill:#fff,stroke:#475569,stroke-width:2px,color:#0f172a
      classDef isDataset fill:#fff,stroke:#0f766e,stroke-width:2px,color:#0f172a
      classDef isPipeline fill:#fff,stroke:#1d4ed8,stroke-width:2px,color:#0f172a
      classDef isNotebook fill:#fff,stroke:#c2410c,stroke-width:2px,color:#0f172a
      classDef isMissing fill:#fff1f2,stroke:#be123c,stroke-width:2px,color:#0f172a,stroke-dasharray:5 3
      linkStyle 0 stroke:#be123c
    "##);
}

#[test]
fn a_form_that_is_not_drawn_is_refused_by_its_name() {
    let ended = graph(&factory(), &["--out", "factory.png"]);

    assert_eq!(ended.code, Some(2), "{ended}");
    assert!(
        ended.stderr.contains("a graph is not drawn as png"),
        "{ended}"
    );
    assert!(ended.stderr.contains("dot -Tpng"), "{ended}");
}

#[test]
fn the_neighbourhood_of_a_resource_leaves_the_rest_out() {
    let ended = graph(
        &factory(),
        &[
            "--resource",
            "dataset/ORDERS",
            "--depth",
            "1",
            "--output",
            "json",
        ],
    );

    let names: Vec<_> = ended.json()["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| format!("{} {} {}", node["kind"], node["name"], node["exists"]))
        .collect();
    assert_eq!(
        names,
        [
            "\"dataset\" \"orders\" true",
            "\"pipeline\" \"ingest\" true",
            "\"linked service\" \"lake\" false",
        ]
    );
    assert_eq!(
        ended.json()["references"][0]["pointer"],
        "/properties/linkedServiceName"
    );
}

#[test]
fn the_ending_of_a_file_decides_the_form() {
    let environment = factory();

    let ended = graph(&environment, &["--pipeline", "ingest", "--out", "p.svg"]);

    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (Some(0), ""),
        "{ended}"
    );
    let svg = std::fs::read_to_string(environment.path("p.svg")).unwrap();
    assert!(
        svg.starts_with("<svg ") && svg.contains("<title id=\"title\">ingest</title>"),
        "{svg}"
    );
    assert!(!svg.contains("<script"), "{svg}");
}

#[test]
fn a_pipeline_is_drawn_for_graphviz() {
    let ended = graph(&factory(), &["--pipeline", "INGEST", "--format", "dot"]);

    assert_eq!(ended.code, Some(0), "{ended}");
    ended.says("n0 -> n1 [color=\"#1d4ed8\"];");
}

#[test]
fn names_that_nobody_has_are_told_with_what_is_like_them() {
    let environment = factory();

    graph(&environment, &["--pipeline", "ingst"])
        .refused(2)
        .says("hint: did you mean `ingest`?");
    graph(&environment, &["--resource", "datset/orders"])
        .refused(2)
        .says("hint: did you mean `dataset`?");
    graph(&environment, &["--resource", "orders"])
        .refused(2)
        .says("write kind and name");
    graph(&TestEnvironment::new(), &[])
        .refused(2)
        .says("--adf DIR");
}

#[test]
fn a_file_that_cannot_be_read_is_told_and_the_rest_is_drawn() {
    let environment = factory().file("adf/pipeline/bad.json", "{");

    let ended = graph(&environment, &["--format", "json"]);

    assert_eq!(ended.code, Some(0), "{ended}");
    ended.says("bad.json:1:2: ");
    assert!(
        ended.json()["nodes"].as_array().unwrap().len() > 3,
        "{ended}"
    );
}
