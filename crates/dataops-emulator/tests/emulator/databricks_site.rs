//! A Databricks workspace without the rest of the emulator.

use std::fs;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dataops_emulator::databricks::{Dependencies, Finished, Storage, Workspace};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::support::until;

pub(crate) const KEY: &str = "c2VjcmV0IGtleQ==";

pub(crate) struct Site {
    pub(crate) workspace: Workspace,
    pub(crate) dir: TempDir,
}

impl Site {
    pub(crate) fn new() -> Self {
        Self::on(tempfile::tempdir().unwrap())
    }

    pub(crate) fn on(dir: TempDir) -> Self {
        let dependencies = Dependencies::new(Storage {
            account: "acct".into(),
            key: KEY.into(),
            root: dir.path().join("blob"),
        });
        let workspace = Workspace::open(&dir.path().join("databricks"), dependencies).unwrap();
        Self { workspace, dir }
    }

    /// The same workspace, opened again on its directory.
    pub(crate) fn reopened(self) -> Self {
        let Self { workspace, dir } = self;
        drop(workspace);
        Self::on(dir)
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> (StatusCode, Vec<u8>) {
        let response = self.workspace.router().oneshot(request).await.unwrap();
        let status = response.status();
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX)
            .await
            .unwrap();
        (status, bytes.to_vec())
    }

    pub(crate) async fn call(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let body = match body {
            Value::Null => String::new(),
            body => body.to_string(),
        };
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/{path}"))
            .body(Body::from(body))
            .unwrap();
        let (status, bytes) = self.send(request).await;
        let answer = serde_json::from_slice(&bytes).unwrap_or_default();
        (status.as_u16(), answer)
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let (status, answer) = self.call("GET", path, Value::Null).await;
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        let (status, answer) = self.call("POST", path, body).await;
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }

    /// A refused POST: its status, code and message.
    pub(crate) async fn refused(&self, path: &str, body: Value) -> (u16, String, String) {
        let (status, answer) = self.call("POST", path, body).await;
        assert!(status >= 400, "{path}: {answer}");
        let text = |name: &str| answer[name].as_str().unwrap().to_owned();
        (status, text("error_code"), text("message"))
    }

    /// Imports a Python notebook.
    pub(crate) async fn notebook(&self, path: &str, source: &str) {
        let folder = path.rsplit_once('/').unwrap().0;
        self.post("2.0/workspace/mkdirs", json!({"path": folder}))
            .await;
        let body = json!({
            "path": path, "language": "PYTHON", "overwrite": true, "content": STANDARD.encode(source),
        });
        self.post("2.0/workspace/import", body).await;
    }

    /// Submits one task and waits for its end.
    pub(crate) async fn run(&self, task: Value) -> Finished {
        let run_id = self.submit(task).await;
        self.workspace.wait(run_id).await.unwrap()
    }

    pub(crate) async fn submit(&self, mut task: Value) -> u64 {
        task["task_key"] = "t".into();
        let answer = self
            .post("2.2/jobs/runs/submit", json!({"tasks": [task]}))
            .await;
        answer["run_id"].as_u64().unwrap()
    }

    /// Runs a notebook of this text.
    pub(crate) async fn run_text(&self, source: &str, parameters: Value) -> Finished {
        self.notebook("/Shared/n", source).await;
        self.run(task("/Shared/n", &parameters)).await
    }

    pub(crate) async fn cluster(&self) -> String {
        let body = json!({"spark_version": "14.3.x-scala2.12", "num_workers": 1});
        let answer = self.post("2.1/clusters/create", body).await;
        answer["cluster_id"].as_str().unwrap().to_owned()
    }

    /// Waits for a file that a notebook writes to say that it runs.
    pub(crate) async fn mark(&self, name: &str) -> String {
        let file = self.dir.path().join("databricks/dbfs").join(name);
        until(|| async {
            fs::read_to_string(&file)
                .ok()
                .filter(|text| !text.is_empty())
        })
        .await
    }
}

pub(crate) fn task(path: &str, parameters: &Value) -> Value {
    json!({"notebook_task": {"notebook_path": path, "base_parameters": parameters}})
}

/// A notebook that marks that it runs, and then runs for a long time.
pub(crate) const SLEEPER: &str = "import time\nprint('begun', flush=True)\nopen('/dbfs/mark', 'w').write('x')\ntime.sleep(600)\n";
