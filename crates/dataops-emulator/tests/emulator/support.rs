use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use dataops_emulator::{Options, State, app};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

pub(crate) const TOKEN: &str = "the-token";
pub(crate) const FACTORY: &str =
    "/subscriptions/s1/resourceGroups/g1/providers/Microsoft.DataFactory/factories/f-one";
pub(crate) const ACCOUNT: &str =
    "/subscriptions/s1/resourceGroups/g1/providers/Microsoft.Storage/storageAccounts/acct";

/// An emulator without a socket.
pub(crate) struct Emulator {
    app: Router,
    pub(crate) state: Arc<State>,
    pub(crate) dir: TempDir,
}

/// An answer, read whole.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.bytes.clone()).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .unwrap_or_else(|| panic!("no header {name} in {:?}", self.headers))
            .to_str()
            .unwrap()
    }

    /// The status and the code of an error of any service.
    pub(crate) fn error(&self) -> (u16, String) {
        let code = self.header("x-ms-error-code").to_owned();
        (self.status.as_u16(), code)
    }

    pub(crate) fn message(&self) -> String {
        self.json()["error"]["message"].as_str().unwrap().to_owned()
    }
}

pub(crate) fn options(dir: &Path) -> Options {
    let mut options = Options::default();
    options.data_dir = Some(dir.to_owned());
    options.account = "acct".to_owned();
    options.token = Some(TOKEN.to_owned());
    options
}

impl Emulator {
    pub(crate) fn new() -> Self {
        Self::on(tempfile::tempdir().unwrap())
    }

    /// An emulator on a directory that another one may have used.
    pub(crate) fn on(dir: TempDir) -> Self {
        let state = State::open(options(dir.path())).unwrap();
        Self::of(&Arc::new(state), dir)
    }

    /// Closes it and gives what it left behind.
    pub(crate) fn closed(self) -> TempDir {
        let Self { app, state, dir } = self;
        drop((app, state));
        dir
    }

    /// An emulator that is open already.
    pub(crate) fn of(state: &Arc<State>, dir: TempDir) -> Self {
        let (app, state) = (app(state), Arc::clone(state));
        Self { app, state, dir }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            bytes: bytes.to_vec(),
        }
    }

    pub(crate) async fn call(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "127.0.0.1:9999")
            .header("authorization", format!("Bearer {TOKEN}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(body.into()).unwrap()).await
    }

    /// A call below the factory `f-one`.
    pub(crate) async fn arm(&self, method: &str, below: &str, body: Value) -> Answer {
        self.arm_with(method, below, &[], body).await
    }

    pub(crate) async fn arm_with(
        &self,
        method: &str,
        below: &str,
        headers: &[(&str, &str)],
        body: Value,
    ) -> Answer {
        let mark = if below.contains('?') { '&' } else { '?' };
        let path = format!("{FACTORY}{below}{mark}api-version=2018-06-01");
        let body = match body {
            Value::Null => String::new(),
            body => body.to_string(),
        };
        self.call(method, &path, headers, body).await
    }

    /// Puts a resource and insists that it is taken.
    pub(crate) async fn put(&self, below: &str, properties: Value) -> Value {
        let answer = self
            .arm("PUT", below, json!({"properties": properties}))
            .await;
        assert_eq!(answer.status, 200, "{below}: {}", answer.text());
        answer.json()
    }

    /// The factory `f-one`.
    pub(crate) async fn with_factory(self) -> Self {
        let answer = self.arm("PUT", "", json!({"location": "westeurope"})).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        self
    }

    /// The factory with storage, a pipeline `copy` of one file, and the containers `input` and `output`.
    pub(crate) async fn with_copy(self) -> Self {
        let emulator = self.with_factory().await;
        for container in ["input", "output"] {
            emulator.container(container).await;
        }
        let service = json!({"type": "AzureBlobStorage", "typeProperties": {"serviceEndpoint": "https://acct.blob.core.windows.net/"}});
        emulator.put("/linkedservices/Storage", service).await;
        for (name, container) in [("In", "input"), ("Out", "output")] {
            let dataset = json!({
                "type": "Binary",
                "linkedServiceName": {"referenceName": "Storage", "type": "LinkedServiceReference"},
                "parameters": {"folder": {"type": "String", "defaultValue": ""}, "file": {"type": "String", "defaultValue": ""}},
                "typeProperties": {"location": {"type": "AzureBlobStorageLocation", "container": container,
                    "folderPath": "@dataset().folder", "fileName": "@dataset().file"}},
            });
            emulator.put(&format!("/datasets/{name}"), dataset).await;
        }
        let file = json!({"file": "@pipeline().parameters.file"});
        let pipeline = json!({
            "parameters": {"file": {"type": "String"}},
            "activities": [copy_activity(&file, &json!({"folder": "@pipeline().RunId", "file": "@pipeline().parameters.file"}), &json!({}), &json!({}))],
        });
        emulator.put("/pipelines/copy", pipeline).await;
        emulator
    }

    pub(crate) async fn container(&self, name: &str) {
        let path = format!("/acct/{name}?restype=container");
        let answer = self.call("PUT", &path, &[], "").await;
        assert_eq!(answer.status, 201, "{}", answer.text());
    }

    pub(crate) async fn upload(&self, path: &str, content: impl Into<Body>) -> Answer {
        let headers = [("x-ms-blob-type", "BlockBlob")];
        let path = format!("/acct/{path}");
        let answer = self.call("PUT", &path, &headers, content).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer
    }

    pub(crate) async fn download(&self, path: &str) -> Answer {
        self.call("GET", &format!("/acct/{path}"), &[], "").await
    }

    /// The names of a container's blobs.
    pub(crate) async fn names(&self, container: &str) -> Vec<String> {
        let path = format!("/acct/{container}?restype=container&comp=list");
        let text = self.call("GET", &path, &[], "").await.text();
        let parts = text.split("<Name>").skip(1);
        parts
            .map(|part| part.split("</Name>").next().unwrap().to_owned())
            .collect()
    }

    /// Starts a run and gives its id.
    pub(crate) async fn start(&self, pipeline: &str, parameters: Value) -> String {
        let path = format!("/pipelines/{pipeline}/createRun");
        let answer = self.arm("POST", &path, parameters).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["runId"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn run(&self, id: &str) -> Value {
        let answer = self
            .arm("GET", &format!("/pipelineruns/{id}"), Value::Null)
            .await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    /// The run once it has ended.
    pub(crate) async fn ended(&self, id: &str) -> Value {
        until(|| async {
            let run = self.run(id).await;
            let status = run["status"].as_str().unwrap();
            ["Succeeded", "Failed", "Cancelled"]
                .contains(&status)
                .then_some(run)
        })
        .await
    }

    pub(crate) async fn query(&self, below: &str, more: Value) -> Value {
        let mut body = json!({
            "lastUpdatedAfter": "2000-01-01T00:00:00Z",
            "lastUpdatedBefore": "2999-01-01T00:00:00Z",
        });
        for (key, value) in more.as_object().unwrap() {
            body[key] = value.clone();
        }
        let answer = self.arm("POST", below, body).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    pub(crate) async fn activities(&self, run: &str) -> Vec<Value> {
        let below = format!("/pipelineruns/{run}/queryActivityruns");
        let page = self.query(&below, json!({})).await;
        page["value"].as_array().unwrap().clone()
    }
}

/// A Copy activity from `In` to `Out`.
pub(crate) fn copy_activity(from: &Value, to: &Value, read: &Value, write: &Value) -> Value {
    json!({
        "name": "copy", "type": "Copy",
        "inputs": [{"referenceName": "In", "type": "DatasetReference", "parameters": from}],
        "outputs": [{"referenceName": "Out", "type": "DatasetReference", "parameters": to}],
        "typeProperties": {
            "source": {"type": "BinarySource", "storeSettings": read},
            "sink": {"type": "BinarySink", "storeSettings": write},
        },
    })
}

/// What `look` finds, as soon as it finds something.
pub(crate) async fn until<T, F: Future<Output = Option<T>>>(look: impl Fn() -> F) -> T {
    let found = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            // A loop without a pause takes the processor from the process that it waits for.
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    let patience = Duration::from_secs(120);
    tokio::time::timeout(patience, found)
        .await
        .expect("it never happened")
}
