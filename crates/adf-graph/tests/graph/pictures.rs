//! Pictures: what is drawn, and that no name breaks out of its place.

use adf_graph::{ActivityGraph, Arrow, Class, Mark, Node, Picture, ResourceGraph, Shape, Stroke};
use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Value, json};

use crate::repository;

fn factory() -> Picture {
    let call = |name: &str| {
        json!({"properties": {"activities": [
            {"name": "call", "type": "ExecutePipeline", "typeProperties": {"pipeline": {"referenceName": name, "type": "PipelineReference"}}},
            {"name": "again", "type": "ExecutePipeline", "typeProperties": {"pipeline": {"referenceName": name, "type": "PipelineReference"}}},
        ]}})
    };
    let graph = ResourceGraph::of(&repository([
        ("pipeline/a.json", call("b")),
        ("pipeline/b.json", call("a")),
        ("pipeline/c.json", call("lost")),
        (
            "trigger/t.json",
            json!({"properties": {"pipelines": [{"pipelineReference": {"referenceName": "c", "type": "PipelineReference"}}]}}),
        ),
    ]));
    Picture::of_resources(&graph, "adf", |_| true)
}

fn pipeline() -> Picture {
    Picture::of_pipeline(
        &ActivityGraph::of(&json!({"properties": {"activities": [
            {"name": "look", "type": "Lookup"},
            {"name": "each", "type": "ForEach", "dependsOn": [{"activity": "look"}],
                "typeProperties": {"activities": [{"name": "copy", "type": "Copy"}]}},
            {"name": "end", "type": "IfCondition", "dependsOn": [{"activity": "each", "dependencyConditions": ["Failed", "Skipped"]}],
                "typeProperties": {"ifTrueActivities": [{"name": "stop", "type": "Fail", "state": "Inactive"}]}},
        ]}})),
        "ingest",
    )
}

#[test]
fn a_factory_is_a_flowchart() {
    insta::assert_snapshot!(factory().mermaid(), @r#"
    flowchart LR
      n0(["a<br/><small>pipeline</small>"]):::isPipeline
      n1(["b<br/><small>pipeline</small>"]):::isPipeline
      n2(["c<br/><small>pipeline</small>"]):::isPipeline
      n3{{"t<br/><small>trigger</small>"}}:::isTrigger
      n4(["lost<br/><small>pipeline</small>"]):::isMissing
      n0 --> n1
      n1 --> n0
      n2 -.-> n4
      n3 --> n2
      classDef isPipeline fill:#fff,stroke:#1d4ed8,stroke-width:2px,color:#0f172a
      classDef isTrigger fill:#fff,stroke:#b45309,stroke-width:2px,color:#0f172a
      classDef isMissing fill:#fff1f2,stroke:#be123c,stroke-width:2px,color:#0f172a,stroke-dasharray:5 3
      linkStyle 2 stroke:#be123c
      linkStyle 0,1 stroke:#be123c
    "#);
}

#[test]
fn a_pipeline_has_frames_in_mermaid() {
    insta::assert_snapshot!(pipeline().mermaid(), @r#"
    flowchart LR
      n0["look<br/><small>Lookup</small>"]:::isMovesData
      subgraph n1["each · ForEach"]
        direction LR
        n2["copy<br/><small>Copy</small>"]:::isMovesData
      end
      subgraph n3["end · IfCondition"]
        direction LR
        subgraph n4["true"]
          direction LR
          n5["stop<br/><small>Fail</small>"]:::isInactive
        end
      end
      n0 --> n1
      n1 -->|"failed or skipped"| n3
      classDef isMovesData fill:#fff,stroke:#1d4ed8,stroke-width:2px,color:#0f172a
      classDef isControlFlow fill:#fff,stroke:#7c3aed,stroke-width:2px,color:#0f172a
      classDef isBranch fill:#fff,stroke:#64748b,stroke-width:2px,color:#0f172a
      classDef isInactive fill:#f1f5f9,stroke:#94a3b8,stroke-width:2px,color:#0f172a,stroke-dasharray:5 3
      class n1 isControlFlow
      class n3 isControlFlow
      class n4 isBranch
      linkStyle 0 stroke:#15803d
      linkStyle 1 stroke:#7c3aed
    "#);
}

#[test]
fn a_pipeline_has_clusters_in_dot() {
    insta::assert_snapshot!(pipeline().dot(), @r##"
    digraph "ingest" {
      rankdir=LR;
      compound=true;
      node [shape=box, fontname="Helvetica,Arial,sans-serif", fontsize=11];
      edge [fontname="Helvetica,Arial,sans-serif", fontsize=9];
      graph [fontname="Helvetica,Arial,sans-serif", fontsize=11];
      n0 [label="look\nLookup", color="#1d4ed8", fillcolor="#ffffff", style="rounded,filled"];
      subgraph cluster_1 {
        label="each\nForEach"; color="#7c3aed"; style="rounded";
        n2 [label="copy\nCopy", color="#1d4ed8", fillcolor="#ffffff", style="rounded,filled"];
      }
      subgraph cluster_3 {
        label="end\nIfCondition"; color="#7c3aed"; style="rounded";
        subgraph cluster_4 {
          label="true"; color="#64748b"; style="rounded";
          n5 [label="stop\nFail", color="#94a3b8", fillcolor="#f1f5f9", style="rounded,filled,dashed"];
        }
      }
      n0 -> n2 [color="#15803d", lhead=cluster_1];
      n2 -> n5 [color="#7c3aed", label="failed or skipped", ltail=cluster_1, lhead=cluster_3];
    }
    "##);
}

#[test]
fn a_picture_says_what_it_shows() {
    let svg = texts(&factory().svg());

    assert_eq!(svg[0], "adf");
    assert_eq!(
        svg[1],
        "4 pipelines, 1 trigger; 4 references; 1 of them missing"
    );
    assert!(
        svg.iter().any(|text| text == "goes round in a circle"),
        "{svg:?}"
    );
}

#[test]
fn the_neighbourhood_is_what_leads_to_a_resource_and_away_from_it() {
    let graph = ResourceGraph::of(&repository([
        ("pipeline/a.json", called(&["b"])),
        ("pipeline/b.json", called(&["c", "d"])),
        ("pipeline/c.json", called(&[])),
        ("pipeline/d.json", called(&["e"])),
        ("pipeline/e.json", called(&[])),
        ("pipeline/f.json", called(&["c"])),
    ]));
    let of = |name: &str, steps| {
        let node = graph.nodes().find(|node| node.name() == name).unwrap();
        let found = graph.neighbourhood(node, steps);
        found
            .into_iter()
            .map(Node::name)
            .collect::<Vec<_>>()
            .join("")
    };

    assert_eq!(of("b", usize::MAX), "abcde");
    assert_eq!(of("b", 1), "abcd");
    assert_eq!(of("b", 0), "b");
}

fn called(names: &[&str]) -> Value {
    let calls = names.iter().map(|name| {
        json!({"name": name, "type": "ExecutePipeline", "typeProperties": {"pipeline": {"referenceName": name, "type": "PipelineReference"}}})
    });
    json!({"properties": {"activities": calls.collect::<Vec<_>>()}})
}

/// The texts of an SVG document, which must be XML.
fn texts(svg: &str) -> Vec<String> {
    let mut reader = Reader::from_str(svg);
    let mut texts = Vec::new();
    let mut text: Option<String> = None;
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) => {
                let name = String::from_utf8(tag.name().as_ref().to_vec()).unwrap();
                let known = [
                    "svg", "title", "desc", "defs", "style", "marker", "g", "text", "rect", "path",
                ];
                assert!(known.contains(&name.as_str()), "{name}");
                text = Some(String::new());
            }
            Event::Text(part) => text
                .get_or_insert_default()
                .push_str(&part.decode().unwrap()),
            Event::GeneralRef(entity) => {
                let entity = entity.decode().unwrap();
                let character = quick_xml::escape::unescape(&format!("&{entity};"))
                    .unwrap()
                    .into_owned();
                text.get_or_insert_default().push_str(&character);
            }
            Event::End(_) => texts.extend(text.take().filter(|text| !text.trim().is_empty())),
            Event::Eof => return texts,
            _ => {}
        }
    }
}

fn named(name: &str, detail: &str) -> Picture {
    let mut frame = Shape::new(name, detail, Class::Control);
    frame.mark = Mark::Changed;
    let mut inner = Shape::new(name, detail, Class::Movement);
    inner.within = Some(0);
    Picture {
        title: "t".to_owned(),
        description: "d".to_owned(),
        shapes: vec![frame, inner, Shape::new(name, detail, Class::File)],
        arrows: vec![Arrow {
            from: 0,
            to: 2,
            stroke: Stroke::Several,
            label: name.to_owned(),
        }],
    }
}

/// What each line of a Mermaid flowchart may be once the numbers of characters are taken out.
fn is_flowchart(text: &str) -> bool {
    text.lines().all(|line| {
        let quotes = line.matches('"').count();
        let parts: Vec<_> = line.split('"').collect();
        let label = if quotes == 2 { parts[1] } else { "" };
        let label = label.replace("<br/><small>", "").replace("</small>", "");
        let is_plain = label
            .chars()
            .all(|c| c.is_alphanumeric() || " ,/…·_-.#;".contains(c));
        (quotes == 0 || quotes == 2) && is_plain && !label.contains("--")
    })
}

proptest! {
    #[test]
    fn names_are_text_in_svg(name in "\\PC{1,30}|[\"<>&'\\]\\[a-z-]{1,20}", detail in ".{0,12}") {
        let texts = texts(&named(&name, &detail).svg());

        let label = Shape::new(&name, "", Class::File).label;
        prop_assert!(label.trim().is_empty() || label.contains('\r') || texts.contains(&label), "{:?} not in {:?}", label, texts);
    }

    #[test]
    fn names_are_text_in_mermaid(name in ".{1,30}|[\"<>&'`%{}()|;\\]\\[a-z-]{1,20}", detail in ".{0,12}") {
        let text = named(&name, &detail).mermaid();

        prop_assert!(is_flowchart(&text), "{}", text);
        prop_assert_eq!(text.lines().count(), 13, "{}", text);
    }

    #[test]
    fn names_are_text_in_dot(name in ".{1,30}|[\"\\\\<>{};a-z]{1,20}", detail in ".{0,12}") {
        let text = named(&name, &detail).dot();

        for line in text.lines() {
            let unescaped = line.replace("\\\\", "").replace("\\\"", "");
            prop_assert!(unescaped.matches('"').count() % 2 == 0, "{}", line);
        }
        prop_assert_eq!(text.lines().count(), 13, "{}", text);
    }
}
