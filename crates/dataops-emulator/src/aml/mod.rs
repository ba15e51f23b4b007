//! An Azure Machine Learning workspace on one machine: published pipelines, pipeline endpoints and their runs, through
//! the pipelines service and run history; batch endpoints, their deployments and jobs. A pipeline is one Python script, and
//! a run is that script in local Python.
//!
//! Everything is kept below one directory, one file a row; runs that were active when the process died have failed.
//!
//! What it does not promise: every subscription, resource group and workspace name in a path means this one workspace;
//! step graphs, schedules and the registration of assets answer 501; a script finds data below
//! `AML_DATASTORE_ROOT`, where each container is a folder.

mod batch;
mod call;
mod document;
mod endpoints;
mod execution;
mod history;
mod pipelines;
mod process;
mod refusal;
mod routes;
mod runs;
mod source;
mod status;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::any;
use serde_json::{Value, json};
use time::OffsetDateTime;
use tokio::sync::{OnceCell, Semaphore};
use tokio_util::sync::CancellationToken;

use crate::events::Writers;
use crate::notebook::{Interpreter, PythonError};
use crate::store::{StoreError, Table};
use crate::{http_date, private_file};
use document::Document;

pub use pipelines::{ENTRY_SCRIPT, Publication, SOURCE_DIRECTORY};
pub use refusal::Refusal;
pub use runs::{Finished, PipelineRef, Submission};
pub use status::RunStatus;

/// What a workspace needs from its surroundings.
#[derive(Clone)]
#[non_exhaustive]
pub struct Dependencies {
    /// The Python that runs scripts; `None` looks for one.
    pub python: Option<PathBuf>,
    /// The folder that holds the containers' folders; scripts get it as `AML_DATASTORE_ROOT`.
    pub datastore_root: PathBuf,
    /// Cancelled when the emulator stops; runs end then.
    pub stopping: CancellationToken,
    /// Whether states are told as numbers, as the service still does in places.
    pub enums_as_numbers: bool,
}

impl Dependencies {
    /// A workspace that finds Python by itself and is never stopped.
    #[must_use]
    pub fn new(datastore_root: impl Into<PathBuf>) -> Self {
        Self {
            python: None,
            datastore_root: datastore_root.into(),
            stopping: CancellationToken::new(),
            enums_as_numbers: false,
        }
    }
}

/// The workspace's directory cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("cannot open the Azure Machine Learning workspace")]
pub struct OpenError(#[source] Box<dyn std::error::Error + Send + Sync>);

impl From<StoreError> for OpenError {
    fn from(error: StoreError) -> Self {
        Self(Box::new(error))
    }
}

impl From<Refusal> for OpenError {
    fn from(error: Refusal) -> Self {
        Self(Box::new(error))
    }
}

/// An Azure Machine Learning workspace. Clones are the same workspace.
#[derive(Clone)]
pub struct Workspace(Arc<Inner>);

struct Inner {
    dir: PathBuf,
    dependencies: Dependencies,
    endpoint: OnceLock<String>,
    writers: Writers,
    python: OnceCell<Interpreter>,
    pipelines: Table<pipelines::Pipeline>,
    endpoints: Table<endpoints::Endpoint>,
    runs: Table<runs::Run>,
    batch: batch::Batch,
    /// Makes "take the next number, then keep the run" one step.
    numbering: tokio::sync::Mutex<()>,
    slots: Semaphore,
    active: Mutex<HashMap<String, Arc<runs::Active>>>,
}

impl Workspace {
    /// Opens the workspace that is kept in `dir`, or makes one there.
    ///
    /// # Errors
    ///
    /// When the directory cannot be used or what is in it is damaged.
    pub fn open(dir: &Path, dependencies: Dependencies) -> Result<Self, OpenError> {
        let sources = dir.join("sources");
        private_file::create_folder(&sources)
            .and_then(|()| source::sweep(&sources))
            .map_err(|error| Refusal::disk(&sources, &error))?;
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let workspace = Self(Arc::new(Inner {
            dir: dir.to_owned(),
            dependencies,
            endpoint: OnceLock::new(),
            writers: Writers::new(),
            python: OnceCell::new(),
            pipelines: Table::open(dir.join("pipelines"))?,
            endpoints: Table::open(dir.join("pipeline-endpoints"))?,
            runs: Table::open(dir.join("runs"))?,
            batch: batch::Batch::open(dir)?,
            numbering: tokio::sync::Mutex::default(),
            slots: Semaphore::new(cores),
            active: Mutex::default(),
        }));
        workspace.end_orphans()?;
        Ok(workspace)
    }

    /// Whom to tell when a run, which may have written files into containers, has ended. The first call holds.
    pub(crate) fn when_a_run_has_ended(
        &self,
        tell: impl Fn(OffsetDateTime) + Send + Sync + 'static,
    ) {
        let _ = self.0.writers.set(Box::new(tell));
    }

    fn run_has_ended(&self, began: OffsetDateTime) {
        if let Some(tell) = self.0.writers.get() {
            tell(began);
        }
    }

    /// Tells where the workspace answers, for the links in its answers. The first call holds.
    pub fn set_endpoint(&self, endpoint: &str) {
        let endpoint = endpoint.trim_end_matches('/').to_owned();
        let _ = self.0.endpoint.set(endpoint);
    }

    /// `/pipelines/v1.0/…`, `/history/v1.0/…`, `/discovery` and what Resource Manager knows of the workspace. Who may
    /// call is checked before.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/{*path}", any(routes::dispatch))
            .layer(DefaultBodyLimit::disable())
            .with_state(self.clone())
    }

    fn endpoint_url(&self) -> &str {
        self.0
            .endpoint
            .get()
            .map_or("http://localhost", String::as_str)
    }

    /// An address of the pipelines service. Any workspace name will do in it.
    fn address(&self, path: &str) -> String {
        format!("{}/pipelines/v1.0{ANY_SCOPE}/{path}", self.endpoint_url())
    }

    /// Where the workspace's services are.
    fn services(&self) -> Value {
        let url = self.endpoint_url();
        json!({
            "api": url, "history": url, "experimentation": url, "modelmanagement": url,
            "hyperdrive": url, "studio": url,
        })
    }

    /// The workspace as a resource.
    fn resource(&self, id: &str) -> Value {
        json!({
            "id": id,
            "name": id.rsplit('/').next(),
            "type": "Microsoft.MachineLearningServices/workspaces",
            "location": LOCATION,
            "tags": {},
            "properties": {
                "discoveryUrl": format!("{}/discovery", self.endpoint_url()),
                "workspaceId": WORKSPACE_ID,
                "provisioningState": "Succeeded",
                "v1LegacyMode": false,
            },
        })
    }

    /// The local path of `{"DataStoreName": …, "RelativePath": …}`, alone or as a `LiteralValue`.
    fn data_path(&self, name: &str, assigned: &Document) -> Result<String, Refusal> {
        let literal = assigned.value("LiteralValue").and_then(Value::as_object);
        let assigned = match literal {
            Some(fields) => &Document::of(fields.clone()),
            None => assigned,
        };
        if !assigned.has("DataStoreName") {
            let what = format!("the data set of parameter `{name}`, other than as a path");
            return Err(Refusal::not_emulated(&what));
        }
        let relative = assigned.text("RelativePath")?.unwrap_or_default();
        let path =
            Path::new(&assigned.required("DataStoreName")?).join(relative.trim_start_matches('/'));
        if !path
            .components()
            .all(|part| matches!(part, std::path::Component::Normal(_)))
        {
            return Err(Refusal::bad(format!(
                "the path of parameter `{name}` climbs"
            )));
        }
        let path = self.0.dependencies.datastore_root.join(path);
        Ok(path.to_string_lossy().into_owned())
    }

    fn active(&self) -> MutexGuard<'_, HashMap<String, Arc<runs::Active>>> {
        self.0.active.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn python(&self) -> Result<&Interpreter, PythonError> {
        let wanted = self.0.dependencies.python.as_deref();
        self.0
            .python
            .get_or_try_init(|| Interpreter::find(wanted))
            .await
    }
}

/// The region.
const LOCATION: &str = "local";
const WORKSPACE_ID: &str = "00000000-0000-0000-0000-000000000001";
/// The workspace's resource id, where a caller has not said it.
const ANY_SCOPE: &str = "/subscriptions/local/resourceGroups/local/providers/Microsoft.MachineLearningServices/workspaces/local";

/// The time as the services tell it.
fn now() -> String {
    http_date::utc(OffsetDateTime::now_utc())
}
