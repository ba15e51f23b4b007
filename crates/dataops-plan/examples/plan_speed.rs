//! How long plans take: `cargo run --release -p dataops-plan --example plan_speed`.
//!
//! A factory of linked services, datasets, pipelines with ten activities each, and triggers is planned against itself, against one in
//! which a tenth differs, and against nothing.

#![expect(clippy::print_stdout, reason = "an example shows what it measures")]

use std::time::Instant;

use adf_model::{Kind, ResourceId};
use dataops_plan::{Desired, DesiredError, Live, Overlay, Request};
use serde_json::{Value, json};

fn main() -> Result<(), DesiredError> {
    println!("resources  prepared     same   a tenth      all  (milliseconds)");
    for count in [50, 500, 5_000, 50_000] {
        let source = factory(count, 0);
        let started = Instant::now();
        let desired = Desired::of_documents(source.clone(), &Overlay::default())?;
        let prepared = started.elapsed();
        let mut line = format!("{count:>9}  {:>8.1}", prepared.as_secs_f64() * 1e3);
        for live in [source, factory(count, 10), Vec::new()] {
            let live = Live::new(Some(json!({"name": "adf"})), live);
            let started = Instant::now();
            let plan = dataops_plan::plan(&desired, &live, &Request::default());
            assert!(plan.problems.is_empty(), "{:?}", plan.problems);
            line += &format!("  {:>7.1}", started.elapsed().as_secs_f64() * 1e3);
        }
        println!("{line}");
    }
    Ok(())
}

/// A factory; of every `differs` resources one is another than usual.
fn factory(count: usize, differs: usize) -> Vec<(ResourceId, Value)> {
    let resources = (0..count).map(|at| {
        let retries = u8::from(differs > 0 && at % differs == 0);
        let group = at - at % 10;
        match at % 10 {
            0 => resource(Kind::LinkedService, at, &json!({"type": "AzureBlobFS", "typeProperties": {"url": "https://lake.test", "retries": retries}})),
            1..=4 => resource(Kind::Dataset, at, &json!({"type": "DelimitedText", "linkedServiceName": refer("LinkedService", group),
                "typeProperties": {"location": {"type": "AzureBlobFSLocation", "folderPath": format!("in/{at}")}, "retries": retries}})),
            5..=8 => {
                let activities = (0..10).map(|number| json!({"name": format!("Copy {number}"), "type": "Copy",
                    "policy": {"timeout": "0.12:00:00", "retry": retries, "secureInput": false},
                    "typeProperties": {"source": {"type": "DelimitedTextSource", "query": "@concat('select * from ', pipeline().parameters.table)"}, "sink": {"type": "ParquetSink"}},
                    "inputs": [refer("Dataset", group + 1)], "outputs": [refer("Dataset", group + 2)]}));
                let activities: Vec<_> = activities.collect();
                resource(Kind::Pipeline, at, &json!({"activities": activities, "parameters": {"table": {"type": "string"}}}))
            }
            _ => resource(Kind::Trigger, at, &json!({"type": "ScheduleTrigger", "runtimeState": "Started",
                "pipelines": [{"pipelineReference": refer("Pipeline", group + 5)}], "typeProperties": {"recurrence": {"frequency": "Day", "interval": 1 + retries}}})),
        }
    });
    resources.collect()
}

fn resource(kind: Kind, at: usize, properties: &Value) -> (ResourceId, Value) {
    let name = format!("resource_{at}");
    (
        ResourceId::new(kind, name.as_str()),
        json!({"name": name, "properties": properties}),
    )
}

fn refer(kind: &str, at: usize) -> Value {
    json!({"referenceName": format!("resource_{at}"), "type": format!("{kind}Reference")})
}
