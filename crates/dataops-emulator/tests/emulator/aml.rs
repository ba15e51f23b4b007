//! Published pipelines and their runs, in the workspace alone.

use std::fs;
use std::path::Path;

use axum::body::Body;
use axum::http::Request;
use dataops_emulator::aml::{Dependencies, PipelineRef, RunStatus, Submission, Workspace};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::support::until;

const SCOPE: &str =
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w";

struct Site {
    workspace: Workspace,
    dir: TempDir,
}

impl Site {
    fn new() -> Self {
        Self::on(tempfile::tempdir().unwrap())
    }

    fn on(dir: TempDir) -> Self {
        let dependencies = Dependencies::new(dir.path().join("blob"));
        let workspace = Workspace::open(&dir.path().join("aml"), dependencies).unwrap();
        Self { workspace, dir }
    }

    async fn call(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        self.call_with(method, path, &[], body).await
    }

    async fn call_with(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Value,
    ) -> (u16, Value) {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_string())).unwrap();
        let response = self.workspace.router().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX)
            .await
            .unwrap();
        (status, serde_json::from_slice(&bytes).unwrap_or_default())
    }

    /// A call below the pipelines service's workspace that succeeds.
    async fn done(&self, method: &str, below: &str, body: Value) -> Value {
        let path = format!("/pipelines/v1.0{SCOPE}{below}");
        let (status, answer) = self.call(method, &path, body).await;
        assert_eq!(status, 200, "{method} {below}: {answer}");
        answer
    }

    /// A call that is refused: its status, and the code and message in Pascal case.
    async fn refused(&self, method: &str, below: &str, body: Value) -> (u16, String, String) {
        let path = format!("/pipelines/v1.0{SCOPE}{below}");
        let (status, answer) = self.call(method, &path, body).await;
        let text = |name: &str| answer["Error"][name].as_str().unwrap().to_owned();
        (status, text("Code"), text("Message"))
    }

    async fn history(&self, below: &str) -> Value {
        let path = format!("/history/v1.0{SCOPE}{below}");
        let (status, answer) = self.call("GET", &path, Value::Null).await;
        assert_eq!(status, 200, "{below}: {answer}");
        answer
    }

    /// Publishes a script and gives the pipeline's id.
    async fn publish(&self, script: &str, parameters: Value) -> String {
        let source = self.dir.path().join("source");
        fs::create_dir_all(&source).unwrap();
        fs::write(source.join("train.py"), script).unwrap();
        let answer = self
            .done("POST", "/Pipelines/Create", creation(&source, &parameters))
            .await;
        answer["Id"].as_str().unwrap().to_owned()
    }

    async fn submit(&self, pipeline: &str, parameters: Value) -> String {
        let body =
            json!({"ExperimentName": "e", "ParameterAssignments": parameters, "tags": {"by": "t"}});
        let below = format!("/PipelineRuns/PipelineSubmit/{pipeline}");
        let answer = self.done("POST", &below, body).await;
        answer["Id"].as_str().unwrap().to_owned()
    }
}

fn creation(source: &Path, parameters: &Value) -> Value {
    json!({
        "Name": "training",
        "Version": "7",
        "ParameterAssignments": parameters,
        "Properties": {"dataops.sourceDirectory": source, "dataops.entryScript": "train.py"},
    })
}

#[tokio::test]
async fn a_published_script_runs_with_its_parameters() {
    let site = Site::new();
    let script = "import json, os, sys\n\
        json.dump({'arguments': sys.argv[1:], 'run': os.environ['AZUREML_RUN_ID'],\n\
        'root': os.environ['AML_DATASTORE_ROOT'], 'here': os.path.exists('train.py')},\n\
        open(os.path.join(os.environ['AML_OUTPUT_DIRECTORY'], 'seen.json'), 'w'))\n\
        print('trained')\n";
    let parameters = json!({"model": "m", "data": "", "seed": "1"});
    let pipeline = site.publish(script, parameters).await;
    // What is published stays as it was.
    fs::write(
        site.dir.path().join("source/train.py"),
        "raise SystemExit(1)",
    )
    .unwrap();

    let run = site.submit(&pipeline, json!({"seed": "42"})).await;
    let finished = site.workspace.wait(&run).await.unwrap();

    assert_eq!(finished.status, RunStatus::Finished, "{:?}", finished.error);
    let seen = fs::read_to_string(finished.output_directory.join("seen.json")).unwrap();
    let seen: Value = serde_json::from_str(&seen).unwrap();
    assert_eq!(seen["arguments"], json!(["--model", "m", "--seed", "42"]));
    assert_eq!(seen["run"], run.as_str());
    assert_eq!(seen["root"], json!(site.dir.path().join("blob")));
    assert_eq!(seen["here"], true);
    assert_eq!(fs::read_to_string(finished.stdout).unwrap(), "trained\n");
    let told = site
        .done("GET", &format!("/PipelineRuns/{run}"), Value::Null)
        .await;
    assert_eq!(told["Status"]["StatusCode"], "Finished");
    assert_eq!(told["RunHistoryExperimentName"], "e");
    let history = site.history(&format!("/experiments/e/runs/{run}")).await;
    assert_eq!(history["status"], "Completed");
    assert_eq!(history["tags"]["by"], "t");
    let below = format!("/PipelineRuns/{run}/Graph/AllNodes/Status");
    let nodes = site.done("POST", &below, json!([])).await;
    assert_eq!(nodes["script"]["StatusCode"], "Finished");
}

#[tokio::test]
async fn a_failure_tells_the_last_words_of_the_script() {
    let site = Site::new();
    let script = "import sys\nprint('x' * 10_000_000)\nsys.exit('train.py: no rows')\n";
    let pipeline = site.publish(script, json!({})).await;

    let run = site.submit(&pipeline, json!({})).await;
    let finished = site.workspace.wait(&run).await.unwrap();

    assert_eq!(finished.status, RunStatus::Failed);
    let error = finished.error.unwrap();
    assert!(
        error.contains("exit status: 1") && error.ends_with("train.py: no rows"),
        "{error}"
    );
    assert_eq!(fs::metadata(finished.stdout).unwrap().len(), 5 << 20);
    let details = site.history(&format!("/runs/{run}/details")).await;
    assert_eq!(details["status"], "Failed");
    assert_eq!(details["error"]["error"]["message"], error.as_str());
}

#[tokio::test]
async fn wrong_requests_are_refused_in_pascal_case() {
    let site = Site::new();
    let pipeline = site.publish("", json!({"a": "1"})).await;
    let submit = format!("/pipelineruns/pipelinesubmit/{pipeline}");
    let body =
        |parameters: Value| json!({"ExperimentName": "e", "ParameterAssignments": parameters});

    let (status, code, message) = site.refused("POST", &submit, body(json!({"b": "2"}))).await;
    assert_eq!((status, code.as_str()), (400, "BadArgument"));
    assert!(message.contains("no parameter `b`; it has a"), "{message}");
    let nameless = site.refused("POST", &submit, json!({})).await;
    assert!(nameless.2.contains("ExperimentName"), "{}", nameless.2);
    let stranger = "/PipelineRuns/PipelineSubmit/none";
    assert_eq!(site.refused("POST", stranger, body(json!({}))).await.0, 404);
    let graph = json!({"Name": "n", "Graph": {"Nodes": []}});
    let (status, _, message) = site.refused("POST", "/Pipelines/Create", graph).await;
    assert_eq!(status, 501);
    assert!(message.contains("step graphs"), "{message}");
    let status = format!("/Pipelines/{pipeline}/status");
    site.done("PUT", &status, json!("Disabled")).await;
    let (status, _, message) = site.refused("POST", &submit, body(json!({}))).await;
    assert_eq!(status, 400);
    assert!(message.ends_with("is disabled"), "{message}");
    assert_eq!(
        site.refused("POST", "/Schedules/Create", json!({})).await.0,
        501
    );
}

#[tokio::test]
async fn an_endpoint_runs_its_default_until_another_is_chosen() {
    let site = Site::new();
    let first = site.publish("print('first')", json!({})).await;
    let second = site.publish("print('second')", json!({})).await;
    let body = json!({"Name": "training", "Description": "d", "PipelineId": first});
    let mut endpoint = site
        .done("POST", "/PipelineEndpoints/Create", body.clone())
        .await;
    let id = endpoint["Id"].as_str().unwrap().to_owned();
    assert_eq!(endpoint["DefaultVersion"], "0");
    assert_eq!(
        site.refused("POST", "/PipelineEndpoints/Create", body)
            .await
            .0,
        409
    );

    let etag = endpoint["Etag"].as_str().unwrap().to_owned();
    endpoint["PipelineVersionList"] = json!([
        {"Version": "0", "PipelineId": first}, {"Version": "1", "PipelineId": second},
    ]);
    endpoint["DefaultVersion"] = "1".into();
    site.done("PUT", &format!("/PipelineEndpoints/{id}"), endpoint.clone())
        .await;

    let named = site
        .done("GET", "/PipelineEndpoints/Name?Name=training", Value::Null)
        .await;
    assert_eq!(named["DefaultVersion"], "1");
    let path = format!("/pipelines/v1.0{SCOPE}/PipelineEndpoints/{id}");
    let stale = site
        .call_with("PUT", &path, &[("if-match", &etag)], endpoint.clone())
        .await;
    assert_eq!(stale.0, 412);
    endpoint["DefaultVersion"] = "9".into();
    assert_eq!(site.call("PUT", &path, endpoint).await.0, 400);
    for (query, words) in [("", "second\n"), ("?pipelineVersion=0", "first\n")] {
        let below = format!("/PipelineRuns/PipelineEndpointSubmit/Id/{id}{query}");
        let run = site
            .done("POST", &below, json!({"experimentName": "e"}))
            .await;
        let finished = site
            .workspace
            .wait(run["Id"].as_str().unwrap())
            .await
            .unwrap();
        assert_eq!(fs::read_to_string(finished.stdout).unwrap(), words);
    }
}

/// A script that says by a file that it and a child of it run, then does nothing for a long time.
fn sleeper(mark: &Path) -> String {
    format!(
        "import subprocess, sys, time, os\n\
         child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n\
         open({mark:?} + '.part', 'w').write(str(child.pid))\n\
         os.rename({mark:?} + '.part', {mark:?})\n\
         time.sleep(600)\n"
    )
}

async fn child_of(mark: &Path) -> String {
    until(|| async { fs::read_to_string(mark).ok() }).await
}

fn is_alive(process: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // A zombie has ended; only nobody has asked for it.
    stat.rsplit(") ")
        .next()
        .is_some_and(|rest| !rest.is_empty() && !rest.starts_with('Z'))
}

#[tokio::test]
async fn a_cancellation_ends_the_script_and_what_it_started() {
    let site = Site::new();
    let mark = site.dir.path().join("mark");
    let pipeline = site.publish(&sleeper(&mark), json!({})).await;
    let run = site.submit(&pipeline, json!({})).await;
    let child = child_of(&mark).await;

    let path = format!("/PipelineRuns/{run}/Execution");
    site.done("DELETE", &path, Value::Null).await;
    let finished = site.workspace.wait(&run).await.unwrap();

    assert_eq!(finished.status, RunStatus::Canceled);
    if cfg!(target_os = "linux") {
        until(|| async { (!is_alive(&child)).then_some(()) }).await;
    }
    site.done("POST", &format!("/PipelineRuns/{run}/Cancel"), Value::Null)
        .await;
    let again = site.workspace.wait(&run).await.unwrap();
    assert_eq!(again.status, RunStatus::Canceled);
}

#[test]
fn what_ran_when_the_process_died_has_failed() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let site = Site::new();
    let mark = site.dir.path().join("mark");
    let (pipeline, run) = runtime.block_on(async {
        let pipeline = site.publish(&sleeper(&mark), json!({"a": "1"})).await;
        let run = site.submit(&pipeline, json!({})).await;
        child_of(&mark).await;
        (pipeline, run)
    });
    drop(runtime);
    let Site { workspace, dir } = site;
    drop(workspace);

    let site = Site::on(dir);

    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let told = site
            .done("GET", &format!("/PipelineRuns/{run}"), Value::Null)
            .await;
        assert_eq!(told["Status"]["StatusCode"], "Failed");
        let listed = site
            .done("GET", "/Pipelines?activeOnly=true", Value::Null)
            .await;
        assert_eq!(listed[0]["Id"], pipeline.as_str());
        assert_eq!(listed[0]["ParameterAssignments"]["a"], "1");
    });
}

#[tokio::test]
async fn a_data_path_becomes_a_path_below_the_containers() {
    let site = Site::new();
    let pipeline = site
        .publish("import sys; print(sys.argv[2])", json!({"data": ""}))
        .await;
    let path = |relative: &str| {
        json!({"ExperimentName": "e", "DataPathAssignments": {
            "data": {"DataStoreName": "training", "RelativePath": relative}}})
    };
    let below = format!("/PipelineRuns/PipelineSubmit/{pipeline}");

    let run = site.done("POST", &below, path("r1/train.csv")).await;
    let finished = site
        .workspace
        .wait(run["Id"].as_str().unwrap())
        .await
        .unwrap();

    let printed = fs::read_to_string(finished.stdout).unwrap();
    let expected = site.dir.path().join("blob/training/r1/train.csv");
    assert_eq!(Path::new(printed.trim()), expected);
    assert_eq!(
        site.refused("POST", &below, path("../../secret")).await.0,
        400
    );
}

#[tokio::test]
async fn a_client_finds_the_services_by_the_workspace() {
    let site = Site::new();
    site.workspace.set_endpoint("http://127.0.0.1:5/");

    let versioned = format!("{SCOPE}?api-version=2025-12-01");
    let (status, workspace) = site.call("GET", &versioned, Value::Null).await;
    let (found, services) = site.call("GET", "/discovery", Value::Null).await;
    let (lacking, error) = site
        .call(
            "PUT",
            &format!("{SCOPE}/schedules/s?api-version=2025-12-01"),
            json!({}),
        )
        .await;

    assert_eq!((status, found), (200, 200));
    assert_eq!(
        workspace["properties"]["discoveryUrl"],
        "http://127.0.0.1:5/discovery"
    );
    assert_eq!(services["api"], "http://127.0.0.1:5");
    assert_eq!(lacking, 501);
    let message = error["error"]["message"].as_str().unwrap();
    assert!(message.contains("schedules/s"), "{message}");
}

#[tokio::test]
async fn only_discovery_is_open_to_callers_without_a_token() {
    let emulator = crate::support::Emulator::new();
    let ask = async |method: &str, path: &str| {
        let request = axum::http::Request::builder()
            .method(method)
            .uri(path)
            .header("host", "127.0.0.1:9999");
        let request = request.body(axum::body::Body::empty()).unwrap();
        emulator.send(request).await.status.as_u16()
    };

    assert_eq!(ask("GET", "/discovery/workspaces/w").await, 200);
    assert_eq!(ask("POST", "/discovery").await, 401);
    assert_eq!(
        ask("GET", &format!("/pipelines/v1.0{SCOPE}/Pipelines")).await,
        401
    );
}

#[tokio::test]
async fn runs_are_found_by_tag_and_by_name() {
    let site = Site::new();
    let pipeline = site.publish("", json!({})).await;
    let submission = Submission {
        experiment: "e".into(),
        tags: [("caller".into(), "r1".into())].into(),
        ..Submission::default()
    };
    assert_eq!(
        site.workspace.pipeline_named("training"),
        Some(pipeline.clone())
    );
    let endpoint = site.workspace.publish_behind("train", &pipeline).unwrap();
    let endpoint = PipelineRef::Endpoint {
        id: endpoint,
        version: None,
    };

    let run = site.workspace.submit(&endpoint, submission).await.unwrap();
    site.workspace.wait(&run).await.unwrap();

    let path = format!("/history/v1.0{SCOPE}/experiments/e/runs:query");
    let find = |tag: &str| json!({"filter": format!("tags/caller eq '{tag}'")});
    let (_, found) = site.call("POST", &path, find("r1")).await;
    let (_, none) = site.call("POST", &path, find("r2")).await;
    assert_eq!(found["value"][0]["runId"], run.as_str());
    assert_eq!(none["value"], json!([]));
    let (_, jobs) = site
        .call(
            "GET",
            &format!("{SCOPE}/jobs?api-version=2025-12-01"),
            Value::Null,
        )
        .await;
    assert_eq!(jobs["value"][0]["properties"]["status"], "Completed");
}
