//! Libraries on clusters (REST: Libraries 2.0).

use std::fmt;
use std::sync::{Mutex, PoisonError};

use azure_core::Result;
use azure_core::http::{ClientMethodOptions, Response};
use rest_core::{Polled, Wait, poll, shown_address, shown_path};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::clusters::ClusterState;
use crate::error::is_passing;
use crate::wire::{self, display_as_sent};
use crate::{DatabricksError, WorkspaceClient};

/// Libraries on the workspace's clusters.
#[derive(Clone, Copy, Debug)]
pub struct Libraries<'c> {
    pub(crate) client: &'c WorkspaceClient,
}

/// A library to install.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Library {
    /// A Python package, such as `lightgbm==4.5.0`.
    Pypi {
        /// The package, with its version where one is wanted.
        package: String,
        /// The index that it comes from.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        repo: Option<String>,
    },
    /// A Maven artefact.
    Maven {
        /// `group:artifact:version`.
        coordinates: String,
        /// The repository that it comes from.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        repo: Option<String>,
        /// Dependencies that are left out.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exclusions: Vec<String>,
    },
    /// An R package.
    Cran {
        /// The package.
        package: String,
        /// The repository that it comes from.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        repo: Option<String>,
    },
    /// A Python wheel by its path (`/Workspace/…`, `/Volumes/…`, `dbfs:/…`, `abfss://…`).
    Whl(String),
    /// A JAR by its path.
    Jar(String),
    /// A `requirements.txt` by its path.
    Requirements(String),
    /// A Python egg by its path; new runtimes refuse it.
    Egg(String),
    /// One of a kind that this version does not know.
    #[serde(untagged)]
    Unknown(Map<String, Value>),
}

/// As it may be shown: addresses without who signs in and without queries, and of what is not known no values.
impl fmt::Display for Library {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pypi { package, .. } | Self::Cran { package, .. } => {
                out.write_str(&shown_address(package))
            }
            Self::Maven { coordinates, .. } => out.write_str(&shown_address(coordinates)),
            Self::Whl(path) | Self::Jar(path) | Self::Requirements(path) | Self::Egg(path) => {
                out.write_str(&shown_path(path))
            }
            Self::Unknown(library) => {
                let hidden = library.keys().map(|kind| (kind.clone(), "***".into()));
                write!(out, "{}", Value::Object(hidden.collect()))
            }
        }
    }
}

/// How far an installation is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum LibraryState {
    /// Nothing has been done; for ever so on a cluster that stands still.
    Pending,
    /// Its parts are looked for.
    Resolving,
    /// It is being installed.
    Installing,
    /// It is there.
    Installed,
    /// It is there from an earlier start of the cluster.
    Restored,
    /// It does not fit the cluster and was left out.
    Skipped,
    /// It could not be installed.
    Failed,
    /// It goes when the cluster restarts.
    UninstallOnRestart,
    /// One that this version does not know.
    #[serde(untagged)]
    Unknown(String),
}

display_as_sent!(LibraryState);

impl LibraryState {
    /// Whether the installation goes on.
    #[must_use]
    pub fn is_under_way(&self) -> bool {
        matches!(self, Self::Pending | Self::Resolving | Self::Installing)
    }
}

/// A library on a cluster.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct LibraryStatus {
    /// The library.
    pub library: Library,
    /// How far it is.
    pub status: LibraryState,
    /// What the service says about that.
    #[serde(default, deserialize_with = "wire::null_as_default")]
    pub messages: Vec<String>,
}

impl Eq for LibraryStatus {}

/// The libraries on a cluster.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct LibraryStatuses {
    /// The cluster.
    pub cluster_id: String,
    /// Its libraries.
    #[serde(default, deserialize_with = "wire::null_as_default")]
    pub library_statuses: Vec<LibraryStatus>,
}

impl Libraries<'_> {
    /// Asks for libraries on a cluster: `POST /api/2.0/libraries/install`. The installation goes on after the answer, once
    /// the cluster runs; see [`Libraries::wait`].
    pub async fn install(
        &self,
        cluster_id: &str,
        libraries: &[Library],
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        self.client
            .post(
                "2.0/libraries/install",
                &json!({ "cluster_id": cluster_id, "libraries": libraries }),
            )
            .context(&options.context)
            .repeatable()
            .send_empty()
            .await
    }

    /// The libraries on a cluster: `GET /api/2.0/libraries/cluster-status`.
    pub async fn cluster_status(
        &self,
        cluster_id: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<LibraryStatuses>> {
        let options = options.unwrap_or_default();
        self.client
            .get("2.0/libraries/cluster-status")
            .query("cluster_id", Some(cluster_id))
            .context(&options.context)
            .send()
            .await
    }

    /// Waits until no library of the cluster is under way.
    ///
    /// # Errors
    ///
    /// [`DatabricksError::LibrariesFailed`] when one failed; [`DatabricksError::ClusterNotRunning`] when the cluster stands
    /// still, where nothing is ever installed; [`rest_core::TimedOut`] when the limit of `wait` is reached; those of
    /// [`Libraries::cluster_status`].
    pub async fn wait(&self, cluster_id: &str, wait: Wait) -> Result<LibraryStatuses> {
        let what = format!("installing libraries on cluster {cluster_id}");
        poll(&what, wait, || async {
            match self.settled(cluster_id).await {
                Ok(Some(statuses)) => Ok(Polled::Done(statuses)),
                Ok(None) => Ok(Polled::Pending(None)),
                Err(error) if is_passing(&error) => Ok(Polled::Pending(None)),
                Err(error) => Err(error),
            }
        })
        .await
    }

    /// Waits until none of `wanted` is under way on the cluster, whatever others do. `on_change` sees the libraries whenever the
    /// state of one has changed.
    ///
    /// # Errors
    ///
    /// Those of [`Libraries::wait`], about the wanted libraries alone.
    pub async fn wait_for(
        &self,
        cluster_id: &str,
        wanted: &[Library],
        wait: Wait,
        on_change: impl FnMut(&[LibraryStatus]) + Send,
    ) -> Result<Vec<LibraryStatus>> {
        let what = format!("installing libraries on cluster {cluster_id}");
        let seen = Mutex::new((Vec::new(), on_change));
        poll(&what, wait, || async {
            let statuses = match self.cluster_status(cluster_id, None).await {
                Ok(answer) => answer.into_model()?.library_statuses,
                Err(error) if is_passing(&error) => return Ok(Polled::Pending(None)),
                Err(error) => return Err(error),
            };
            let ours = statuses.into_iter();
            let ours: Vec<_> = ours
                .filter(|status| wanted.contains(&status.library))
                .collect();
            {
                let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
                let (before, on_change) = &mut *seen;
                if *before != ours {
                    on_change(&ours);
                    before.clone_from(&ours);
                }
            }
            if ours.len() < wanted.len() || ours.iter().any(|it| it.status.is_under_way()) {
                return self.still_under_way(cluster_id).await;
            }
            match failed(cluster_id, &ours) {
                None => Ok(Polled::Done(ours)),
                Some(error) => Err(error),
            }
        })
        .await
    }

    /// Libraries are under way for ever on a cluster that stands still.
    async fn still_under_way<T>(&self, cluster_id: &str) -> Result<Polled<T>> {
        let cluster = match self.client.clusters().get(cluster_id, None).await {
            Ok(answer) => answer.into_model()?,
            Err(error) if is_passing(&error) => return Ok(Polled::Pending(None)),
            Err(error) => return Err(error),
        };
        match cluster.state {
            ClusterState::Terminated | ClusterState::Terminating | ClusterState::Error => {
                Err(cluster.not_running().into_error())
            }
            _ => Ok(Polled::Pending(None)),
        }
    }

    /// The cluster's libraries, once none is under way.
    async fn settled(&self, cluster_id: &str) -> Result<Option<LibraryStatuses>> {
        let statuses = self.cluster_status(cluster_id, None).await?.into_model()?;
        let all = &statuses.library_statuses;
        if all.iter().any(|library| library.status.is_under_way()) {
            let cluster = self
                .client
                .clusters()
                .get(cluster_id, None)
                .await?
                .into_model()?;
            return match cluster.state {
                ClusterState::Terminated | ClusterState::Terminating | ClusterState::Error => {
                    Err(cluster.not_running().into_error())
                }
                _ => Ok(None),
            };
        }
        match failed(cluster_id, all) {
            None => Ok(Some(statuses)),
            Some(error) => Err(error),
        }
    }
}

/// The error about the libraries that could not be installed.
fn failed(cluster_id: &str, all: &[LibraryStatus]) -> Option<azure_core::Error> {
    let failed = all.iter().filter(|it| it.status == LibraryState::Failed);
    let failed: Vec<_> = failed.cloned().collect();
    let cluster_id = cluster_id.to_owned();
    (!failed.is_empty())
        .then(|| DatabricksError::LibrariesFailed { cluster_id, failed }.into_error())
}
