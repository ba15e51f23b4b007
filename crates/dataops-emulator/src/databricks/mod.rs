//! A Databricks workspace on one machine: its REST API, and notebooks that really run, in local Python.
//!
//! Everything is kept below one directory, one file a row; a workspace that is opened on the same directory knows
//! all that the one before it knew. Runs that were active when the process died have failed.
//!
//! What it does not promise: clusters and pools are names (nothing is started, every notebook runs on this machine), libraries
//! are looked up and not installed, there is one user with all rights, SQL is executed by the installed pyspark (whose tables are gone
//! when the emulator ends), any volume that is named exists, and Unity Catalog knows neither tables nor grants.

mod account;
mod clock;
mod cluster;
mod cluster_events;
mod clusters;
mod clusters_api;
mod dbfs;
mod dbfs_api;
mod fields;
mod files_api;
mod format;
mod jobs;
mod libraries;
mod mounts;
mod object;
mod path;
mod pools;
mod refusal;
mod secret_acls;
mod secrets;
mod sql;
mod tree;
mod unity_catalog;
mod volumes;
mod workspace_api;

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use serde_json::{Map, Value};
use time::OffsetDateTime;
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;

use crate::events::Writers;
use crate::notebook::{Interpreter, PythonError};
use crate::store::{StoreError, Table};

pub use jobs::{Compute, Finished, NotebookSubmission};
pub use mounts::Storage;
pub use refusal::Refusal;

/// The one user.
const USER: &str = "emulator@dataops.test";
/// The user's id.
const USER_ID: &str = "1000000000000001";
/// The workspace's id.
const WORKSPACE_ID: &str = "900800700600";
/// The row of the last id that was given away.
const LAST_ID: &str = "last";

/// What a workspace needs from its surroundings.
#[derive(Clone)]
#[non_exhaustive]
pub struct Dependencies {
    /// The Python that runs notebooks; `None` looks for one.
    pub python: Option<PathBuf>,
    /// The storage account that mounts lead to.
    pub storage: Storage,
    /// Cancelled when the emulator stops; runs end then.
    pub stopping: CancellationToken,
}

impl Dependencies {
    /// A workspace that finds Python by itself and is never stopped.
    #[must_use]
    pub fn new(storage: Storage) -> Self {
        Self {
            python: None,
            storage,
            stopping: CancellationToken::new(),
        }
    }
}

/// The workspace's directory cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("cannot open the Databricks workspace")]
pub struct OpenError(#[source] Box<dyn std::error::Error + Send + Sync>);

impl From<StoreError> for OpenError {
    fn from(error: StoreError) -> Self {
        Self(Box::new(error))
    }
}

/// A Databricks workspace. Clones are the same workspace.
#[derive(Clone)]
pub struct Workspace(Arc<Inner>);

struct Inner {
    dir: PathBuf,
    dependencies: Dependencies,
    endpoint: OnceLock<String>,
    writers: Writers,
    python: OnceCell<Interpreter>,
    ids: Table<u64>,
    tree: tree::Tree,
    mounts: Arc<mounts::Mounts>,
    dbfs: dbfs::Dbfs,
    volumes: volumes::Volumes,
    secrets: secrets::Secrets,
    clusters: clusters::Clusters,
    runs: jobs::Runs,
    sql: sql::Sql,
    pools: pools::Pools,
    unity_catalog: unity_catalog::UnityCatalog,
    tokens: account::Tokens,
}

impl Workspace {
    /// Opens the workspace that is kept in `dir`, or makes one there.
    ///
    /// # Errors
    ///
    /// When the directory cannot be used or what is in it is damaged.
    pub fn open(dir: &Path, dependencies: Dependencies) -> Result<Self, OpenError> {
        let mounts = mounts::Mounts::open(dir, dependencies.storage.clone())?;
        let mounts = Arc::new(mounts);
        let ids = Table::open(dir.join("ids"))?;
        if ids.get(LAST_ID).is_none() {
            ids.put(LAST_ID, 0)?;
        }
        Ok(Self(Arc::new(Inner {
            dir: dir.to_owned(),
            endpoint: OnceLock::new(),
            writers: Writers::new(),
            python: OnceCell::new(),
            ids,
            tree: tree::Tree::open(dir, USER)?,
            dbfs: dbfs::Dbfs::new(dir, Arc::clone(&mounts)),
            mounts,
            volumes: volumes::Volumes::new(dir),
            secrets: secrets::Secrets::open(dir)?,
            clusters: clusters::Clusters::open(dir)?,
            runs: jobs::Runs::open(dir)?,
            sql: sql::Sql::open(dir)?,
            pools: pools::Pools::open(dir)?,
            unity_catalog: unity_catalog::UnityCatalog::open(dir)?,
            tokens: account::Tokens::open(dir)?,
            dependencies,
        })))
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

    /// The REST API: `/api/…` and `/.well-known/databricks-config`. Who may call is checked before.
    pub fn router(&self) -> Router {
        Router::new()
            .merge(workspace_api::router())
            .merge(jobs::router())
            .merge(clusters_api::router())
            .merge(dbfs_api::router())
            .merge(files_api::router())
            .merge(secrets::router())
            .merge(sql::router())
            .merge(pools::router())
            .merge(unity_catalog::router())
            .merge(account::router())
            .fallback(refusal::lacking)
            .method_not_allowed_fallback(refusal::lacking)
            .layer(DefaultBodyLimit::disable())
            .with_state(self.clone())
    }

    /// Whether a bearer token was made by `token/create` and is still valid.
    #[must_use]
    pub fn accepts_token(&self, token: &str) -> bool {
        self.0.tokens.accepts(token)
    }

    /// Makes a cluster of a given id, unless there is one: documents name clusters by ids of real workspaces, and the
    /// REST API lets nobody choose an id.
    ///
    /// # Errors
    ///
    /// When `spec` has no `spark_version`.
    pub fn keep_cluster(&self, id: &str, spec: Map<String, Value>) -> Result<(), Refusal> {
        self.clusters().keep(id, spec)
    }

    fn dir(&self) -> &Path {
        &self.0.dir
    }

    fn endpoint(&self) -> String {
        let endpoint = self.0.endpoint.get().cloned();
        endpoint.unwrap_or_else(|| "http://localhost".to_owned())
    }

    fn storage(&self) -> &Storage {
        &self.0.dependencies.storage
    }

    fn stopping(&self) -> &CancellationToken {
        &self.0.dependencies.stopping
    }

    async fn python(&self) -> Result<&Interpreter, PythonError> {
        let wanted = self.0.dependencies.python.as_deref();
        self.0
            .python
            .get_or_try_init(|| Interpreter::find(wanted))
            .await
    }

    /// A number that no other job, run or stream has.
    fn next_id(&self) -> Result<u64, Refusal> {
        let next = self.0.ids.update(LAST_ID, |last| {
            *last += 1;
            *last
        })?;
        next.ok_or_else(|| Refusal::internal("the row of the last id is gone"))
    }

    fn tree(&self) -> &tree::Tree {
        &self.0.tree
    }

    fn mounts(&self) -> &mounts::Mounts {
        &self.0.mounts
    }

    fn dbfs(&self) -> &dbfs::Dbfs {
        &self.0.dbfs
    }

    fn volumes(&self) -> &volumes::Volumes {
        &self.0.volumes
    }

    fn secrets(&self) -> &secrets::Secrets {
        &self.0.secrets
    }

    fn clusters(&self) -> &clusters::Clusters {
        &self.0.clusters
    }

    fn runs(&self) -> &jobs::Runs {
        &self.0.runs
    }

    fn sql(&self) -> &sql::Sql {
        &self.0.sql
    }

    fn pools(&self) -> &pools::Pools {
        &self.0.pools
    }

    fn unity_catalog(&self) -> &unity_catalog::UnityCatalog {
        &self.0.unity_catalog
    }

    fn tokens(&self) -> &account::Tokens {
        &self.0.tokens
    }
}
