//! Brings a solution to an environment: containers, ML pipelines, notebooks, then the factory by a plan that is carried out.

mod emulated;
mod error;
mod machine_learning;
mod ml_address;
mod publication;

pub(crate) use emulated::bind_to_emulator;
pub use emulated::place_of_azure;
pub use error::DeployError;
pub use machine_learning::{MissingMl, MlPipelineError};
pub(crate) use ml_address::resolve;

use std::time::Duration;

use adf_model::Kind;
use dataops_plan::{Plan, Request, TriggerState};
use serde::Serialize;

use crate::apply::{Applied, Apply, Event, Keeper, Outcome};
use crate::connection::Connection;
use crate::planning::{self, Lookup};
use crate::store::Place;
use crate::workspace::{self, NotebookSource};
use dataops_solution::Solution;

/// How long the cluster may take to start, and its libraries to install.
const PATIENCE: Duration = Duration::from_secs(20 * 60);

/// What the factory's resources rely on.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Prepared {
    /// The containers that exist now.
    pub containers: Vec<String>,
    /// The notebooks and files that were imported, by workspace path.
    pub notebooks: Vec<String>,
    /// The ML pipelines that were published, by name.
    pub ml_pipelines: Vec<String>,
}

/// What was brought.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Deployed {
    /// What the factory's resources rely on.
    #[serde(flatten)]
    pub prepared: Prepared,
    /// The resources of the source; all of them are in the factory now.
    pub resources: Vec<String>,
    /// The triggers that are started now.
    pub triggers: Vec<String>,
    /// What was done with the factory.
    pub applied: Applied,
}

/// Brings a solution to an environment, with its triggers in the states that the environment wants.
///
/// Every step can be repeated, and what is as it ought to be is left alone.
#[derive(Debug)]
pub struct Deployment<'d> {
    solution: &'d Solution,
    connection: &'d Connection,
    patience: Duration,
}

impl<'d> Deployment<'d> {
    /// Prepares a deployment; nothing is sent yet.
    #[must_use]
    pub fn new(solution: &'d Solution, connection: &'d Connection) -> Self {
        Self {
            solution,
            connection,
            patience: PATIENCE,
        }
    }

    /// With another limit of how long the cluster may take to start, and its libraries to install; twenty minutes unless said.
    #[must_use]
    pub fn within(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Does all of it; `on_step` is told what comes next.
    ///
    /// # Errors
    ///
    /// What stopped it; what was done before stays.
    pub async fn run(&self, mut on_step: impl FnMut(&str) + Send) -> Result<Deployed, DeployError> {
        let repository = planning::repository(self.solution)?;
        // A document that cannot be read stops everything before anything is done.
        dataops_plan::documents(&repository)
            .map_err(|error| error.below(&planning::folder(self.solution)))?;
        let prepared = self.prepare(&mut on_step).await?;
        on_step("comparing the factory with the solution");
        let keeper = self.keeper()?;
        let pending = keeper.read().await?;
        let desired = planning::desired(&repository, self.connection, Lookup::Must).await?;
        let live = planning::live(self.connection).await?;
        let live = match &pending {
            Some(kept) => kept.journal.seen_in(live),
            None => live,
        };
        let request = Request::of(self.connection.environment());
        let plan = dataops_plan::plan(&desired, &live, &request);
        on_step("putting the factory's resources");
        let apply = Apply::new(self.connection, &plan, &desired, &keeper).finishing(pending);
        let applied = apply.run(&|_: Event<'_>| {}).await?;
        if applied.outcome != Outcome::Done || !applied.triggers_are_as_desired() {
            return Err(DeployError::Unfinished(Box::new(applied)));
        }
        Ok(Deployed {
            prepared,
            resources: resources(&plan),
            triggers: started(&applied),
            applied,
        })
    }

    /// Brings what the factory's resources rely on: notebooks and their cluster, and on an emulator what belongs to other teams in
    /// Azure, containers and ML pipelines.
    ///
    /// # Errors
    ///
    /// What stopped it; what was done before stays.
    pub async fn prepare(
        &self,
        mut on_step: impl FnMut(&str) + Send,
    ) -> Result<Prepared, DeployError> {
        let mut prepared = self.belongings(&mut on_step).await?;
        let environment = self.connection.environment();
        if let Some(source) = NotebookSource::of_folder(self.solution, environment)? {
            on_step("importing the notebooks");
            let databricks = self.connection.databricks()?;
            let plan = workspace::plan(&databricks, &source).await?;
            workspace::apply(&databricks, &source, &plan, |_, _| {}).await?;
            prepared.notebooks = source.paths().map(str::to_owned).collect();
            on_step("preparing the cluster");
            self.cluster(&|_| {}).await?;
        }
        Ok(prepared)
    }

    /// Makes what belongs to other teams in Azure: on an emulator, containers and ML pipelines; elsewhere nothing.
    ///
    /// # Errors
    ///
    /// What stopped it; what was done before stays.
    pub async fn belongings(
        &self,
        mut on_step: impl FnMut(&str) + Send,
    ) -> Result<Prepared, DeployError> {
        let mut prepared = Prepared::default();
        if self.connection.is_emulated() {
            let settings = &self.solution.settings;
            if !settings.storage.containers.is_empty() {
                on_step("creating the storage containers");
            }
            prepared.containers = self.containers().await?;
            let ml = settings.ml.as_ref();
            if ml.is_some_and(|ml| !ml.pipelines.is_empty()) {
                on_step("publishing the ML pipelines");
            }
            prepared.ml_pipelines = publication::publish(self.solution, self.connection).await?;
        }
        Ok(prepared)
    }

    /// Brings the environment's cluster to its specification, with its libraries; `on_state` is told what the service does meanwhile.
    ///
    /// # Errors
    ///
    /// When the cluster cannot be had as it ought to be: it does not start, or a library does not install.
    pub async fn cluster(&self, on_state: &(dyn Fn(&str) + Sync)) -> Result<(), DeployError> {
        let (solution, patience) = (self.solution, self.patience);
        workspace::prepare_cluster(solution, self.connection, patience, on_state).await?;
        Ok(())
    }

    fn keeper(&self) -> Result<Keeper, DeployError> {
        let environment = self.connection.environment();
        let home = self.solution.root.join(".dataops");
        let place = Place::of(environment, self.connection, &home);
        let store = place.open(self.connection)?;
        let factory = environment
            .azure()
            .map_err(crate::connection::ConnectionError::from)?;
        Ok(Keeper::new(
            store,
            &environment.name,
            &factory.factory,
            "a local deployment",
        ))
    }

    async fn containers(&self) -> Result<Vec<String>, DeployError> {
        let storage = self.connection.storage()?;
        let containers = &self.solution.settings.storage.containers;
        for container in containers {
            storage.ensure_container(container).await?;
        }
        Ok(containers.clone())
    }
}

/// The resources of the source.
fn resources(plan: &Plan) -> Vec<String> {
    let ours = plan
        .resources
        .iter()
        .filter(|it| it.desired.is_some() && it.resource.kind != Kind::Factory);
    ours.map(|it| it.resource.to_string()).collect()
}

fn started(applied: &Applied) -> Vec<String> {
    let started = applied.triggers.iter();
    let started = started.filter(|it| it.observed == Some(TriggerState::Started));
    started.map(|it| it.trigger.name.clone()).collect()
}
