//! What a run needs to know about the workspace, its data and its secrets.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::Interpreter;

/// One notebook run.
///
/// Its `Debug` form names the notebook only, since parameters and keys may be secret.
#[derive(Clone)]
pub struct Request {
    /// The interpreter, with the packages that the notebook imports.
    pub python: Interpreter,
    /// A private folder for the runner's own files; they are shared by all runs.
    pub support_dir: PathBuf,
    /// The workspace path of the notebook to run.
    pub notebook: String,
    /// The run's parameters, which become widgets.
    pub parameters: BTreeMap<String, String>,
    /// All notebooks of the workspace by workspace path, for `%run` and `dbutils.notebook.run`.
    pub notebooks: BTreeMap<String, NotebookFile>,
    /// The folder behind `/Workspace`: files under their workspace paths, so that packages beside a notebook import.
    pub workspace_root: PathBuf,
    /// The folder behind `dbfs:/` and `/dbfs`.
    pub dbfs_root: PathBuf,
    /// The folder behind `/Volumes`.
    pub volumes_root: PathBuf,
    /// The workspace's mounts when the run starts.
    pub mounts: Vec<Mount>,
    /// Storage accounts by name.
    pub storage: BTreeMap<String, StorageAccount>,
    /// The workspace's secrets; their values are hidden in everything that the run gives out.
    pub secrets: Secrets,
    /// The job that the run is a task of.
    pub task: Option<TaskContext>,
    /// The cluster that the run pretends to be on.
    pub cluster: Cluster,
    /// The run's id.
    pub run_id: String,
    /// After this time the run is killed.
    pub timeout: Option<Duration>,
    /// Further environment variables.
    pub env: BTreeMap<String, String>,
}

impl Request {
    /// A run of `notebook` with an empty workspace whose folders lie under `root`.
    pub fn new(python: Interpreter, root: impl AsRef<Path>, notebook: impl Into<String>) -> Self {
        let root = root.as_ref();
        Self {
            python,
            support_dir: root.join("runtime"),
            notebook: notebook.into(),
            parameters: BTreeMap::new(),
            notebooks: BTreeMap::new(),
            workspace_root: root.join("workspace"),
            dbfs_root: root.join("dbfs"),
            volumes_root: root.join("volumes"),
            mounts: Vec::new(),
            storage: BTreeMap::new(),
            secrets: Secrets::default(),
            task: None,
            cluster: Cluster::default(),
            run_id: String::new(),
            timeout: None,
            env: BTreeMap::new(),
        }
    }

    /// The request as the Python side reads it. Relative folders must have been made absolute.
    pub(super) fn to_json(&self) -> Value {
        json!({
            "notebook": self.notebook,
            "parameters": self.parameters,
            "notebooks": self.notebooks,
            "workspace_root": self.workspace_root,
            "dbfs_root": self.dbfs_root,
            "volumes_root": self.volumes_root,
            "mounts": self.mounts,
            "storage": self.storage.iter().map(|(name, account)| (name.clone(), account.to_json()))
                .collect::<Map<_, _>>(),
            "secrets": self.secrets.to_json(),
            "task": self.task,
            "cluster": self.cluster,
            "run_id": self.run_id,
        })
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("notebook", &self.notebook)
            .field("run_id", &self.run_id)
            .finish_non_exhaustive()
    }
}

/// Where a notebook's text is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotebookFile {
    /// The file, in source format or as a Jupyter document.
    pub file: PathBuf,
    /// The language (`PYTHON`, `SQL`, `SCALA`, `R`), for a text without a header line. Else the file's suffix decides.
    pub language: Option<String>,
}

impl NotebookFile {
    /// A notebook in `file`.
    pub fn new(file: impl Into<PathBuf>) -> Self {
        Self {
            file: file.into(),
            language: None,
        }
    }
}

/// A mount of the workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mount {
    /// A path of DBFS such as `/mnt/input`.
    pub mount_point: String,
    /// The storage, such as `wasbs://input@account.blob.core.windows.net/`.
    pub source: String,
    /// As `dbutils.fs.mount` got it; mostly empty.
    #[serde(default)]
    pub encryption_type: String,
}

/// A storage account that mounts and storage addresses may name.
#[derive(Clone)]
pub struct StorageAccount {
    /// The folder that holds the containers' folders.
    pub path: PathBuf,
    /// The key that a mount must give; without it any credentials do.
    pub key: Option<String>,
}

impl StorageAccount {
    fn to_json(&self) -> Value {
        json!({ "path": self.path, "key": self.key })
    }
}

impl fmt::Debug for StorageAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StorageAccount")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// The secrets of a workspace, by scope and key.
#[derive(Clone, Default)]
pub struct Secrets(BTreeMap<String, BTreeMap<String, Vec<u8>>>);

impl Secrets {
    /// Adds a scope without secrets.
    pub fn add_scope(&mut self, scope: impl Into<String>) {
        self.0.entry(scope.into()).or_default();
    }

    /// Adds a secret, and its scope when that is missing.
    pub fn insert(
        &mut self,
        scope: impl Into<String>,
        key: impl Into<String>,
        value: impl Into<Vec<u8>>,
    ) {
        self.0
            .entry(scope.into())
            .or_default()
            .insert(key.into(), value.into());
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &[u8]> {
        self.0
            .values()
            .flat_map(|scope| scope.values().map(Vec::as_slice))
    }

    fn to_json(&self) -> Value {
        let scope = |keys: &BTreeMap<String, Vec<u8>>| {
            keys.iter()
                .map(|(key, value)| (key.clone(), STANDARD.encode(value).into()))
                .collect::<Map<_, _>>()
        };
        self.0
            .iter()
            .map(|(name, keys)| (name.clone(), scope(keys).into()))
            .collect::<Map<_, _>>()
            .into()
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Secrets").finish_non_exhaustive()
    }
}

/// The task of a job run that a notebook belongs to.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TaskContext {
    /// This task's key.
    pub key: String,
    /// The values that other tasks of the run have set, by task key.
    pub values: BTreeMap<String, Map<String, Value>>,
}

/// What a notebook can ask about its cluster.
#[derive(Clone, Debug, Serialize)]
pub struct Cluster {
    /// The cluster's id.
    pub id: String,
    /// The value of `DATABRICKS_RUNTIME_VERSION`.
    pub runtime_version: String,
}

impl Default for Cluster {
    fn default() -> Self {
        Self {
            id: "local".to_owned(),
            runtime_version: "15.4".to_owned(),
        }
    }
}
