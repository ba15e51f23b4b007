//! The libraries that a cluster ought to have.

use databricks_client::{
    DatabricksError, Library, LibraryState, LibraryStatus, Wait, WorkspaceClient,
};

use crate::workspace::WorkspaceError;
use crate::workspace::sent::Sent;

/// The libraries of a cluster beside those that it ought to have.
pub(crate) struct Libraries {
    /// Those that are wanted and not there, or failed.
    pub(crate) missing: Vec<Library>,
    /// Those that are wanted and on the cluster, whatever they are doing.
    pub(crate) there: Vec<LibraryStatus>,
}

impl Libraries {
    /// Compares.
    pub(crate) async fn find(
        client: &WorkspaceClient,
        cluster: &str,
        wanted: &[Library],
    ) -> Result<Self, WorkspaceError> {
        let status = client.libraries().cluster_status(cluster, None).await;
        let status = status.and_then(azure_core::http::Response::into_model);
        let status = status.map_err(WorkspaceError::step("reading the cluster's libraries"))?;
        let there: Vec<_> = status
            .library_statuses
            .into_iter()
            .filter(|status| wanted.contains(&status.library))
            .collect();
        let is_there = |library: &Library| {
            let mut good = there.iter().filter(|status| {
                use LibraryState::{Failed, Skipped, UninstallOnRestart};
                !matches!(status.status, Failed | Skipped | UninstallOnRestart)
            });
            good.any(|status| status.library == *library)
        };
        let missing = wanted.iter().filter(|library| !is_there(library));
        Ok(Self {
            missing: missing.cloned().collect(),
            there,
        })
    }

    /// Installs what is missing on a cluster that runs, and waits until everything wanted is there.
    pub(crate) async fn install(
        &self,
        client: &WorkspaceClient,
        cluster: &str,
        wanted: &[Library],
        sent: &Sent,
        wait: Wait,
        on_state: &(dyn Fn(&str) + Sync),
    ) -> Result<Vec<LibraryStatus>, WorkspaceError> {
        let libraries = client.libraries();
        if !self.missing.is_empty() {
            let asked = libraries.install(cluster, &self.missing, None).await;
            let step = WorkspaceError::step("asking for the libraries");
            asked.map_err(|error| step(sent.error(error)))?;
        }
        let installed = libraries.wait_for(cluster, wanted, wait, |statuses| {
            let each = statuses.iter();
            let each: Vec<_> = each
                .map(|status| format!("{} is {}", status.library, status.status))
                .collect();
            on_state(&each.join(", "));
        });
        installed.await.map_err(|error| not_installed(error, sent))
    }
}

/// A library that fails to install was not refused: it, or what it needs, is not there or does not fit.
fn not_installed(error: azure_core::Error, sent: &Sent) -> WorkspaceError {
    match DatabricksError::of(&error) {
        Some(failed @ DatabricksError::LibrariesFailed { .. }) => {
            let why = sent.text(&failed.to_string());
            WorkspaceError::Failed(format!("installing the libraries: {why}"))
        }
        _ => WorkspaceError::step("installing the libraries")(sent.error(error)),
    }
}
