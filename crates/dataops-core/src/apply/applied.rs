//! What came of a plan, as data.

use std::time::Duration;

use dataops_plan::{Action, Digest, FactoryAddress, Plan, ResourceKey, TriggerState};
use serde::{Serialize, Serializer};

use super::{ArmRecord, Trouble};

/// What came of a plan.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Applied {
    /// The environment's name.
    pub environment: String,
    /// The factory.
    pub factory: Option<FactoryAddress>,
    /// The digest of the bundle that was deployed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bundle: Option<String>,
    /// The digest of the plan.
    pub plan: Digest,
    /// The deployment in Azure Resource Manager's history, where it was carried out by one.
    #[serde(rename = "armDeployment", skip_serializing_if = "Option::is_none")]
    pub arm: Option<ArmRecord>,
    /// How it ended.
    pub outcome: Outcome,
    /// What was done, in the order in which it ended; then what was not done any more.
    pub resources: Vec<ResourceOutcome>,
    /// How many resources were as they ought to be.
    pub unchanged: usize,
    /// Each trigger that the deployment was about.
    pub triggers: Vec<TriggerOutcome>,
    /// The private endpoints that were put and that their owners have not approved yet: they lead nowhere until then.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub awaiting_approval: Vec<ResourceKey>,
    /// What stopped it, when that was no resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<Trouble>,
    /// What else is to be known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// How long it took, in milliseconds.
    #[serde(rename = "millis", serialize_with = "millis")]
    pub took: Duration,
}

/// How a deployment ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Everything was done.
    Done,
    /// Something failed, and what had not begun was left.
    Failed,
    /// Somebody wished to end early.
    Interrupted,
}

/// What came of a resource.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ResourceOutcome {
    /// Which.
    pub resource: ResourceKey,
    /// What was to be done.
    pub action: Action,
    /// Whether it was.
    pub status: Status,
    /// Whether it was deleted to be created anew, and is not there, as far as that can be told.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub missing: bool,
    /// How long it took, in milliseconds.
    #[serde(rename = "millis", serialize_with = "millis")]
    pub took: Duration,
    /// The service's id of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The entity tag that it has now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// What else is to be known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<Trouble>,
}

/// Whether what was to be done was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It was.
    Done,
    /// It was not begun.
    Skipped,
    /// It failed, or was begun and not ended.
    Failed,
}

/// What came of a trigger.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TriggerOutcome {
    /// Which.
    pub trigger: ResourceKey,
    /// Its type.
    pub kind: String,
    /// The state that it should be in.
    pub desired: TriggerState,
    /// The state that it is in; nothing where that could not be told.
    pub observed: Option<TriggerState>,
    /// Why it is not in the state that it should be in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<Trouble>,
}

impl TriggerOutcome {
    /// Whether it is in the state that it should be in.
    #[must_use]
    pub fn is_as_desired(&self) -> bool {
        self.observed == Some(self.desired)
    }
}

impl Applied {
    /// What comes of a plan that has nothing to do: all is as it was.
    #[must_use]
    pub fn as_it_was(plan: &Plan) -> Self {
        let triggers = plan.triggers.iter().map(|trigger| TriggerOutcome {
            trigger: trigger.trigger.clone(),
            kind: trigger.kind.clone(),
            desired: trigger.after,
            observed: Some(trigger.before),
            trouble: None,
        });
        Self {
            environment: plan.environment.clone(),
            factory: plan.factory.clone(),
            bundle: plan.bundle.clone(),
            plan: plan.digest.clone(),
            arm: None,
            outcome: Outcome::Done,
            resources: Vec::new(),
            unchanged: plan.lists.unchanged.len(),
            triggers: triggers.collect(),
            awaiting_approval: Vec::new(),
            trouble: None,
            warnings: Vec::new(),
            took: Duration::ZERO,
        }
    }

    /// Whether every trigger is in the state that it should be in.
    #[must_use]
    pub fn triggers_are_as_desired(&self) -> bool {
        self.triggers.iter().all(TriggerOutcome::is_as_desired)
    }

    /// What stopped it first.
    #[must_use]
    pub fn first_trouble(&self) -> Option<&Trouble> {
        let mut resources = self.resources.iter();
        let of_resource = resources.find_map(|outcome| outcome.trouble.as_ref());
        of_resource.or(self.trouble.as_ref())
    }

    /// How many resources have a status.
    #[must_use]
    pub fn count(&self, status: Status) -> usize {
        let resources = self.resources.iter();
        resources.filter(|outcome| outcome.status == status).count()
    }
}

fn millis<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
}
