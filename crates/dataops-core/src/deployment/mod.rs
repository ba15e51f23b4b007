//! Brings a solution to an environment: containers, notebooks, ML pipelines, factory, triggers.

mod error;
mod factory;
mod machine_learning;
mod order;

pub use error::DeployError;
pub(crate) use factory::bind_to_emulator;
pub use machine_learning::MlPipelineError;
pub(crate) use machine_learning::resolve;

use adf_model::{Factory, Folder, Kind, ResourceId};
use serde::Serialize;
use serde_json::Value;

use crate::connection::Connection;
use crate::workspace::{self, NotebookSource};
use dataops_solution::Solution;
use dataops_solution::overrides::{OverridePath, OverrideValue};

/// What was brought.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Deployed {
    /// The containers that exist now.
    pub containers: Vec<String>,
    /// The notebooks and files that were imported, by workspace path.
    pub notebooks: Vec<String>,
    /// The ML pipelines that were published, by name.
    pub ml_pipelines: Vec<String>,
    /// The factory resources that were put, in order.
    pub resources: Vec<String>,
    /// The triggers that are started now.
    pub triggers: Vec<String>,
}

/// Brings a solution to an environment, and starts the triggers that the source says are started.
///
/// Every step can be repeated. A trigger that stands in the way is stopped for the time of its change.
#[derive(Debug)]
pub struct Deployment<'d> {
    solution: &'d Solution,
    connection: &'d Connection,
}

impl<'d> Deployment<'d> {
    /// Prepares a deployment; nothing is sent yet.
    #[must_use]
    pub fn new(solution: &'d Solution, connection: &'d Connection) -> Self {
        Self {
            solution,
            connection,
        }
    }

    /// Does it; `on_step` is told what comes next.
    ///
    /// # Errors
    ///
    /// What stopped it; what was done before stays.
    pub async fn run(&self, mut on_step: impl FnMut(&str) + Send) -> Result<Deployed, DeployError> {
        let documents = self.documents().await?;
        let mut deployed = Deployed::default();
        if self.connection.is_emulated() {
            on_step("creating the storage containers");
            deployed.containers = self.containers().await?;
            on_step("publishing the ML pipelines");
            deployed.ml_pipelines =
                machine_learning::publish(self.solution, self.connection).await?;
        }
        let cluster = match NotebookSource::of_folder(self.solution)? {
            Some(source) => {
                on_step("importing the notebooks");
                let databricks = self.connection.databricks()?;
                let plan = workspace::plan(&databricks, &source).await?;
                workspace::apply(&databricks, &source, &plan, |_, _| {}).await?;
                deployed.notebooks = source.paths().map(str::to_owned).collect();
                on_step("preparing the cluster");
                workspace::prepare_cluster(self.solution, self.connection).await?
            }
            None => None,
        };
        let documents = self.fit(documents, cluster.as_deref()).await?;
        on_step("putting the factory's resources");
        factory::ensure(self.connection).await?;
        let put = factory::put_all(self.connection, documents).await?;
        deployed.resources = put.resources;
        deployed.triggers = put.triggers;
        Ok(deployed)
    }

    /// The factory's documents in the repository.
    async fn documents(&self) -> Result<Vec<(ResourceId, Value)>, DeployError> {
        let Some(settings) = &self.solution.settings.adf else {
            return Ok(Vec::new());
        };
        let root = self.solution.path(&settings.root);
        if !root.is_dir() {
            return Err(DeployError::NoFolder {
                field: "adf.root",
                path: root,
            });
        }
        let folder = Folder::new(root);
        let mut all = Vec::new();
        for kind in Kind::ALL {
            all.extend(folder.list(kind).await?);
        }
        Ok(all)
    }

    async fn containers(&self) -> Result<Vec<String>, DeployError> {
        let storage = self.connection.storage()?;
        let containers = &self.solution.settings.storage.containers;
        for container in containers {
            storage.ensure_container(container).await?;
        }
        Ok(containers.clone())
    }

    /// The documents as the environment wants them: its overrides, and what an emulator has instead of Azure.
    async fn fit(
        &self,
        mut documents: Vec<(ResourceId, Value)>,
        cluster: Option<&str>,
    ) -> Result<Vec<(ResourceId, Value)>, DeployError> {
        if let Some(emulator) = self.connection.emulator() {
            for (id, document) in &mut documents {
                factory::bind_to_emulator(id, document, &emulator.account, cluster);
            }
        }
        for (path, value) in &self.connection.environment().overrides {
            let path = OverridePath::parse(path)?;
            let mut about = documents.iter_mut().filter(|(id, _)| path.is_about(id));
            let Some((_, document)) = about.next() else {
                return Err(DeployError::OverrideOfNothing {
                    path: path.text,
                    id: path.id,
                });
            };
            match value {
                OverrideValue::Plain(value) => {
                    let value = machine_learning::resolve(self.connection, value).await?;
                    path.apply(document, value)?;
                }
                OverrideValue::Secret(secret) => {
                    path.apply_secret(document, secret)?;
                }
            }
        }
        Ok(documents)
    }
}
