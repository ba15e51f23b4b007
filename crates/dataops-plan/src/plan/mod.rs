//! The plan: what will be done, as a value that is written, read, shown and carried out.

mod action;
mod file;
mod finding;
mod resource;
mod round;
mod trigger;

use serde::{Deserialize, Serialize};

pub use action::{Action, Because};
pub use file::{PlanFileError, SCHEMA};
pub use finding::{Consent, ConsentError, Finding, Problem, Verdict, Warning};
pub use resource::{Change, ResourcePlan, SecretPlan, SecretState, What};
pub use round::Round;
pub use trigger::{
    AfterBecause, StopBecause, TriggerPlan, TriggerState, TriggerStep, TriggerSteps,
};

use crate::cluster::ClusterPlan;
use crate::digest::Digest;
use crate::key::ResourceKey;
use crate::notebooks::NotebookPlan;

/// What will be done.
///
/// It has no secret, no time and nothing random: the same source, environment and factory give the same plan to the byte.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Plan {
    /// The version of this form.
    pub schema: u32,
    /// The environment's name.
    pub environment: String,
    /// The factory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factory: Option<FactoryAddress>,
    /// The digest of the bundle that is deployed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bundle: Option<String>,
    /// What the call asked for.
    pub options: Options,
    /// The resources that each thing is done with, for those who decide by names.
    pub lists: Lists,
    /// Every resource of the source or of the factory, in the order of kinds and names.
    pub resources: Vec<ResourcePlan>,
    /// The order in which they are written and deleted.
    pub order: Order,
    /// The triggers that the deployment is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub triggers: Vec<TriggerPlan>,
    /// What is done with notebooks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notebooks: Option<NotebookPlan>,
    /// What is done with the cluster that runs them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<ClusterPlan>,
    /// What a policy is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// What the service would refuse.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
    /// What a reader should know.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
    /// The digest of all the rest.
    pub digest: Digest,
}

/// Where a factory is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FactoryAddress {
    /// The subscription's id.
    pub subscription: String,
    /// The resource group.
    pub resource_group: String,
    /// The factory's name.
    pub factory: String,
}

/// What the call asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Options {
    /// Only these resources.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<String>,
    /// None of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<String>,
    /// Whether what the source does not have is deleted.
    pub delete_not_in_source: bool,
    /// Whether what a solution has brought is removed, and nothing else is done.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub destroys: bool,
    /// Whether secrets that cannot be compared are written.
    pub put_secrets: bool,
    /// Whether an empty set of global parameters is written.
    pub put_empty_global_parameters: bool,
    /// Whether the solution's notebooks are left alone.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub leaves_notebooks: bool,
    /// What the call consents to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub consents: Vec<String>,
}

impl Options {
    /// Whether all resources are meant.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.only.is_empty() && self.except.is_empty()
    }
}

/// Names of resources by what is done with them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Lists {
    /// Created.
    pub create: Vec<ResourceKey>,
    /// Updated.
    pub update: Vec<ResourceKey>,
    /// Deleted and created again.
    pub replace: Vec<ResourceKey>,
    /// Deleted.
    pub delete: Vec<ResourceKey>,
    /// As they ought to be.
    pub unchanged: Vec<ResourceKey>,
    /// Left as they are.
    pub skip: Vec<ResourceKey>,
}

impl Lists {
    pub(crate) fn of(resources: &[ResourcePlan]) -> Self {
        let mut lists = Self::default();
        for plan in resources {
            let list = match plan.action {
                Action::Create => &mut lists.create,
                Action::Update => &mut lists.update,
                Action::Replace => &mut lists.replace,
                Action::Delete => &mut lists.delete,
                Action::Unchanged => &mut lists.unchanged,
                Action::Skip => &mut lists.skip,
            };
            list.push(plan.resource.clone());
        }
        lists
    }
}

/// The order in which a plan is carried out: stop, put, delete, start. What stands in one list can be done at once; each list waits for
/// the one before. What is removed because it comes again goes between what is put, as [`Order::rounds`] says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Order {
    /// Whether the factory is created, before anything else.
    pub create_factory: bool,
    /// Whether tags, identity or network access of the factory are changed, before anything else.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub patch_factory: bool,
    /// Triggers that are stopped, dependants first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stop: Vec<Vec<TriggerSteps>>,
    /// Resources that are deleted because they come again, and what refers to them and goes for good; referrers first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remove: Vec<Vec<ResourceKey>>,
    /// Resources that are put; what is referred to first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub put: Vec<Vec<ResourceKey>>,
    /// Resources that are deleted; referrers first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub delete: Vec<Vec<ResourceKey>>,
    /// Triggers that are started; those that others depend on first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub start: Vec<Vec<TriggerSteps>>,
}

impl Plan {
    /// Whether there is something to do.
    #[must_use]
    pub fn has_work(&self) -> bool {
        let resources = self.resources.iter().any(|plan| plan.action.changes());
        let triggers = self
            .triggers
            .iter()
            .any(|plan| plan.start || plan.stop.is_some());
        let notebooks = self.notebooks.as_ref().is_some_and(NotebookPlan::has_work);
        let cluster = self.cluster.as_ref().is_some_and(ClusterPlan::has_work);
        resources || triggers || notebooks || cluster
    }

    /// Whether it can be carried out: the service would refuse nothing that is known, and no policy stands against it.
    #[must_use]
    pub fn is_applicable(&self) -> bool {
        let stops = self.findings.iter().any(|finding| finding.verdict.stops());
        let clashes = self.notebooks.as_ref().is_some_and(NotebookPlan::has_clash);
        self.problems.is_empty() && !stops && !clashes
    }

    /// What is done with a resource.
    #[must_use]
    pub fn resource(&self, key: &ResourceKey) -> Option<&ResourcePlan> {
        let found = self
            .resources
            .binary_search_by(|plan| plan.resource.cmp(key));
        found.ok().map(|at| &self.resources[at])
    }

    /// The same plan with what is done with the cluster.
    #[must_use]
    pub fn with_cluster(mut self, cluster: ClusterPlan) -> Self {
        self.cluster = Some(cluster);
        self.seal();
        self
    }

    /// The same plan, in which the solution's notebooks are left alone.
    #[must_use]
    pub fn leaving_notebooks(mut self) -> Self {
        self.options.leaves_notebooks = true;
        self.seal();
        self
    }

    /// The same plan with what is done with notebooks.
    #[must_use]
    pub fn with_notebooks(mut self, notebooks: NotebookPlan) -> Self {
        self.notebooks = Some(notebooks);
        self.seal();
        self
    }
}
