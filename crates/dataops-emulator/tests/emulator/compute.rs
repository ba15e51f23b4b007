use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dataops_emulator::aml::Publication;
use serde_json::{Value, json};

use crate::support::{Emulator, until};

const EXISTING: &str = "/api/2.1/clusters/create";

async fn databricks(emulator: &Emulator, path: &str, body: &Value) -> Value {
    let answer = emulator.call("POST", path, &[], body.to_string()).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.json()
}

/// A factory with the pipeline `p`, which runs a notebook of this source with the parameter `who`.
async fn with_notebook(source: &str) -> Emulator {
    let emulator = Emulator::new().with_factory().await;
    let content = STANDARD.encode(format!("# Databricks notebook source\n{source}"));
    let import =
        json!({"path": "/Shared/n", "language": "PYTHON", "format": "SOURCE", "content": content});
    databricks(
        &emulator,
        "/api/2.0/workspace/mkdirs",
        &json!({"path": "/Shared"}),
    )
    .await;
    databricks(&emulator, "/api/2.0/workspace/import", &import).await;
    let cluster = json!({"cluster_name": "c", "spark_version": "15.4.x-scala2.12", "node_type_id": "Standard_DS3_v2", "num_workers": 1});
    let cluster = databricks(&emulator, EXISTING, &cluster).await;
    let service = json!({"type": "AzureDatabricks", "typeProperties": {
        "domain": "https://adb-1.1.azuredatabricks.net", "existingClusterId": cluster["cluster_id"]}});
    emulator.put("/linkedservices/Databricks", service).await;
    let pipeline = json!({
        "parameters": {"who": {"type": "String", "defaultValue": "you"}},
        "activities": [{
            "name": "notebook", "type": "DatabricksNotebook",
            "linkedServiceName": {"referenceName": "Databricks", "type": "LinkedServiceReference"},
            "typeProperties": {"notebookPath": "/Shared/n", "baseParameters": {"who": "@pipeline().parameters.who", "n": 3}},
        }],
    });
    emulator.put("/pipelines/p", pipeline).await;
    emulator
}

async fn activity(emulator: &Emulator, run: &str) -> Value {
    emulator.activities(run).await[0].clone()
}

#[tokio::test]
async fn a_notebook_is_given_parameters_and_its_result_comes_back() {
    let source = "who = dbutils.widgets.get('who') + dbutils.widgets.get('n')\ndbutils.notebook.exit('{\"hello\": \"' + who + '\"}')";
    let emulator = with_notebook(source).await;

    let id = emulator.start("p", json!({"who": "world"})).await;
    let run = emulator.ended(&id).await;
    let output = activity(&emulator, &id).await["output"].clone();

    assert_eq!(run["status"], "Succeeded", "{run}");
    assert_eq!(output["runOutput"]["hello"], "world3");
    assert!(output["runPageUrl"].as_str().unwrap().starts_with("http"));
}

#[tokio::test]
async fn a_notebook_that_raises_fails_its_activity_with_the_reason() {
    let emulator =
        with_notebook("def f():\n    raise ValueError('no claims in the file')\n\nf()").await;

    let id = emulator.start("p", json!({})).await;
    let run = emulator.ended(&id).await;
    let activity = activity(&emulator, &id).await;

    assert_eq!(run["status"], "Failed");
    assert_eq!(activity["error"]["errorCode"], "3204");
    let message = activity["error"]["message"].as_str().unwrap();
    assert!(
        message.contains("ValueError: no claims in the file"),
        "{message}"
    );
    let trace = activity["output"]["runTrace"].as_str().unwrap();
    assert!(trace.contains("in f"), "{trace}");
}

#[tokio::test]
async fn an_empty_base_parameter_is_refused_and_no_notebook_runs() {
    let emulator = with_notebook("dbutils.notebook.exit('ran')").await;

    let id = emulator.start("p", json!({"who": ""})).await;
    let run = emulator.ended(&id).await;
    let activity = activity(&emulator, &id).await;

    assert_eq!(run["status"], "Failed");
    assert_eq!(activity["error"]["errorCode"], "3202");
    let message = activity["error"]["message"].as_str().unwrap();
    assert!(message.contains("got 'key: \"who\"' instead"), "{message}");
    let list = emulator
        .call("GET", "/api/2.2/jobs/runs/list", &[], "")
        .await;
    assert_eq!(list.json()["runs"].as_array().map_or(0, Vec::len), 0);
}

#[tokio::test]
async fn cancelling_a_run_ends_its_notebook() {
    let emulator = with_notebook("import time\nprint('going')\ntime.sleep(3600)").await;
    let id = emulator.start("p", json!({})).await;
    until(|| async { (emulator.activities(&id).await.len() == 1).then_some(()) }).await;

    let path = format!("/pipelineruns/{id}/cancel?isRecursive=true");
    emulator.arm("POST", &path, Value::Null).await;
    let run = emulator.ended(&id).await;
    let runs = until(|| async {
        let list = emulator
            .call("GET", "/api/2.2/jobs/runs/list?active_only=true", &[], "")
            .await;
        let runs = list.json()["runs"].as_array().map_or(0, Vec::len);
        (runs == 0).then_some(runs)
    })
    .await;

    assert_eq!((&run["status"], runs), (&json!("Cancelled"), 0));
}

/// A factory with the pipeline `p`, which runs the published script `source` by the given property.
async fn with_training(source: &str, by_endpoint: bool) -> Emulator {
    let emulator = Emulator::new().with_factory().await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("train.py"), source).unwrap();
    let publication = Publication {
        name: "training".to_owned(),
        source_directory: folder.path().to_owned(),
        entry_script: "train.py".to_owned(),
        parameters: BTreeMap::from([("rows".to_owned(), "1".to_owned())]),
        ..Publication::default()
    };
    let aml = emulator.state.aml();
    let pipeline = aml.publish(&publication).unwrap();
    let (property, id) = match by_endpoint {
        true => (
            "mlPipelineEndpointId",
            aml.publish_behind("training", &pipeline).unwrap(),
        ),
        false => ("mlPipelineId", pipeline),
    };
    let service = json!({"type": "AzureMLService", "typeProperties": {"subscriptionId": "s", "resourceGroupName": "g", "mlWorkspaceName": "w", "authentication": "MSI"}});
    emulator.put("/linkedservices/Aml", service).await;
    let mut activity = json!({
        "name": "train", "type": "AzureMLExecutePipeline",
        "linkedServiceName": {"referenceName": "Aml", "type": "LinkedServiceReference"},
        "typeProperties": {"experimentName": "e", "mlPipelineParameters": {"rows": "@string(add(40, 2))"}},
    });
    activity["typeProperties"][property] = id.into();
    emulator
        .put("/pipelines/p", json!({"activities": [activity]}))
        .await;
    emulator
}

#[tokio::test]
async fn a_published_pipeline_trains_by_its_id_or_its_endpoint() {
    for by_endpoint in [false, true] {
        let source = "import sys\nassert '42' in sys.argv, sys.argv";
        let emulator = with_training(source, by_endpoint).await;

        let id = emulator.start("p", json!({})).await;
        let run = emulator.ended(&id).await;
        let activity = activity(&emulator, &id).await;

        assert_eq!(run["status"], "Succeeded", "{activity}");
        assert_eq!(activity["output"]["status"], "Completed");
        assert!(activity["output"]["mlPipelineRunId"].is_string());
    }
}

#[tokio::test]
async fn training_that_fails_or_does_not_exist_has_the_services_code() {
    let emulator = with_training("raise SystemExit('too few rows')", false).await;
    let id = emulator.start("p", json!({})).await;
    emulator.ended(&id).await;
    let failed = activity(&emulator, &id).await["error"].clone();
    let unknown = json!({"activities": [{
        "name": "train", "type": "AzureMLExecutePipeline",
        "linkedServiceName": {"referenceName": "Aml", "type": "LinkedServiceReference"},
        "typeProperties": {"mlPipelineId": "00000000-0000-0000-0000-000000000000"},
    }]});
    emulator.put("/pipelines/unknown", unknown).await;
    let id = emulator.start("unknown", json!({})).await;
    emulator.ended(&id).await;
    let unknown = activity(&emulator, &id).await["error"].clone();

    assert_eq!(failed["errorCode"], "4126");
    let message = failed["message"].as_str().unwrap();
    assert!(
        message.contains("Failed") && message.contains("too few rows"),
        "{message}"
    );
    assert_eq!(unknown["errorCode"], "4124");
}
