//! What a record says of a deployment.

use std::collections::BTreeMap;
use std::fmt;

use dataops_plan::{Digest, FactoryAddress, Lists, Plan, ResourceKey, TriggerState};
use serde::{Deserialize, Serialize};

use super::created::Created;
use crate::time::Time;
use crate::who::Source;

/// A deployment, whatever came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Deployment {
    /// When it began.
    pub began: Time,
    /// Why it was done.
    #[serde(default)]
    pub cause: Cause,
    /// What came of it.
    pub outcome: Outcome,
    /// What went wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The number of the record that was written when it began; nothing where it ended before it changed anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finishes: Option<u64>,
    /// The records that spoke for it, where the environment asks for some.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// That it was done although it might not have been.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overridden: Option<Overridden>,
    /// The factory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factory: Option<FactoryAddress>,
    /// Where it came from.
    #[serde(default)]
    pub source: Source,
    /// The digest of the bundle; nothing where a folder was deployed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bundle: Option<String>,
    /// The digest of the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Digest>,
    /// What it was limited to; nothing where it was a deployment of everything.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<String>,
    /// What it left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<String>,
    /// Whether it left the solution's notebooks alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub leaves_notebooks: bool,
    /// What the call consented to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub consents: Vec<String>,
    /// How many resources were to be changed in which way.
    #[serde(default)]
    pub planned: Counts,
    /// What was not there before.
    #[serde(default, skip_serializing_if = "Created::is_empty")]
    pub created: Created,
    /// The triggers that it was about, in the state in which they were left.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub triggers: BTreeMap<ResourceKey, TriggerLeft>,
    /// The deployment of Azure Resource Manager that wrote the factory, where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arm: Option<ArmDeployment>,
    /// The digest of the state that the factory was left in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<Digest>,
    /// Whether a smoke test was to follow: where no record of one does, it was killed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub smoke_follows: bool,
}

/// Where a deployment stands in the history of Azure Resource Manager.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ArmDeployment {
    /// Its name.
    pub name: String,
    /// Its resource group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_group: Option<String>,
    /// The id by which Azure's logs know it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<String>,
}

/// Why a deployment was done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Cause {
    /// Somebody wanted it.
    #[default]
    Deploy,
    /// Its bundle had passed in another environment.
    Promotion {
        /// That environment.
        from: String,
    },
    /// What was there before was wanted back.
    Rollback {
        /// The number of the record that was gone back to.
        to: u64,
        /// The digest of the bundle that was there until then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<String>,
    },
    /// Ids of the ML side were handed over.
    Binding,
    /// What the solution had brought was removed.
    Removal,
}

/// A record of an environment that spoke for a deployment. Whoever removes it later is seen by this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// That environment.
    pub environment: String,
    /// The number of the record.
    pub record: u64,
    /// Its digest.
    pub digest: Digest,
}

/// That somebody has deployed although conditions of the environment did not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Overridden {
    /// Why, in the words of whoever did it.
    pub reason: String,
    /// What did not hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unmet: Vec<String>,
}

/// What came of a deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Nothing: it was refused, or could not be made ready, before it changed anything. What was there before stands as it stood.
    NotBegun,
    /// Nothing yet: it has begun, and another record tells how it ended. Where there is none, it was killed, or goes on.
    Begun,
    /// Everything is as it ought to be.
    Deployed,
    /// Everything but triggers is as it ought to be.
    DeployedButTriggers,
    /// It failed, and left what it had done.
    Failed,
    /// It failed, and what was there before is there again.
    RolledBack,
}

/// The state that a trigger was left in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TriggerLeft {
    /// The state that it should be in.
    pub desired: TriggerState,
    /// The state that it is in; nothing where that could not be told.
    pub observed: Option<TriggerState>,
    /// The state that it was in before, of one that was to go: whoever brings it back has to know whether it ran.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<TriggerState>,
}

impl TriggerLeft {
    /// The last state that is known of it while it was there.
    #[must_use]
    pub fn last(&self) -> Option<TriggerState> {
        let is_there = |state: &TriggerState| *state != TriggerState::Absent;
        self.observed
            .filter(is_there)
            .or(self.before.filter(is_there))
    }
}

/// Numbers of resources by what was to be done with them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Counts {
    /// Created.
    pub create: usize,
    /// Updated.
    pub update: usize,
    /// Deleted and created again.
    pub replace: usize,
    /// Deleted.
    pub delete: usize,
    /// As they ought to be.
    pub unchanged: usize,
    /// Left as they were.
    pub skip: usize,
}

impl Counts {
    /// Those of a plan's lists.
    #[must_use]
    pub fn of(lists: &Lists) -> Self {
        Self {
            create: lists.create.len(),
            update: lists.update.len(),
            replace: lists.replace.len(),
            delete: lists.delete.len(),
            unchanged: lists.unchanged.len(),
            skip: lists.skip.len(),
        }
    }

    /// How many were to be changed.
    #[must_use]
    pub const fn changed(&self) -> usize {
        self.create + self.update + self.replace + self.delete
    }
}

impl Deployment {
    /// What a plan says of its deployment, which has ended in this way.
    #[must_use]
    pub fn of(plan: &Plan, began: Time, source: Source, outcome: Outcome) -> Self {
        Self {
            began,
            cause: Cause::Deploy,
            outcome,
            reason: None,
            finishes: None,
            evidence: Vec::new(),
            overridden: None,
            factory: plan.factory.clone(),
            source,
            bundle: plan.bundle.clone(),
            plan: Some(plan.digest.clone()),
            only: plan.options.only.clone(),
            except: plan.options.except.clone(),
            leaves_notebooks: plan.options.leaves_notebooks,
            consents: plan.options.consents.clone(),
            planned: Counts::of(&plan.lists),
            created: Created::of(plan),
            triggers: BTreeMap::new(),
            arm: None,
            state: None,
            smoke_follows: false,
        }
    }

    /// Whether it was about everything, and neither about chosen resources nor without the notebooks.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        !self.is_part() && !self.leaves_notebooks
    }

    /// Whether it was about chosen resources of the factory.
    #[must_use]
    pub const fn is_part(&self) -> bool {
        !self.only.is_empty() || !self.except.is_empty()
    }

    /// What it was about, where it was not about everything.
    #[must_use]
    pub const fn part(&self) -> &'static str {
        match self.leaves_notebooks {
            true => "everything but the notebooks",
            false => "chosen resources",
        }
    }

    /// Whether it was refused, or failed, before it changed anything: what was there before is there still.
    #[must_use]
    pub fn has_changed_nothing(&self) -> bool {
        match self.outcome {
            Outcome::NotBegun => true,
            Outcome::Failed => self.finishes.is_none(),
            _ => false,
        }
    }

    /// Whether everything that a bundle holds is there, triggers too.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.outcome == Outcome::Deployed && self.is_whole() && self.cause != Cause::Removal
    }

    /// The same deployment, whose record is `number`, after somebody has brought the triggers that it left in other states into theirs, as the
    /// `states` of all show: all that it should do is done now. Nothing where something else is missing.
    #[must_use]
    pub fn repaired(
        &self,
        number: u64,
        began: Time,
        states: &BTreeMap<ResourceKey, TriggerState>,
    ) -> Option<Self> {
        let is_open = |left: &TriggerLeft| left.observed != Some(left.desired);
        let mut open = self.triggers.iter().filter(|(_, left)| is_open(left));
        let all = open.all(|(key, left)| {
            let now = states.get(key).copied();
            now.unwrap_or(TriggerState::Absent) == left.desired
        });
        let is_repaired = self.outcome == Outcome::DeployedButTriggers && all;
        is_repaired.then(|| {
            let mut all = self.triggers.clone();
            for left in all.values_mut() {
                left.observed = Some(left.desired);
            }
            Self {
                began,
                outcome: Outcome::Deployed,
                reason: Some(format!(
                    "the triggers that record {number} left in other states are in theirs"
                )),
                triggers: all,
                ..self.clone()
            }
        })
    }

    /// The number of the record that it went back to.
    #[must_use]
    pub const fn goes_back_to(&self) -> Option<u64> {
        match self.cause {
            Cause::Rollback { to, .. } => Some(to),
            _ => None,
        }
    }
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::NotBegun,
        Self::Begun,
        Self::Deployed,
        Self::DeployedButTriggers,
        Self::Failed,
        Self::RolledBack,
    ];
}

impl fmt::Display for Outcome {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::NotBegun => "not begun",
            Self::Begun => "begun, and not ended",
            Self::Deployed => "deployed",
            Self::DeployedButTriggers => "deployed, but triggers are not as they should be",
            Self::Failed => "failed",
            Self::RolledBack => "failed and rolled back",
        })
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Deploy => out.write_str("deployment"),
            Self::Promotion { from } => write!(out, "promotion from {from}"),
            Self::Rollback { to, .. } => write!(out, "rollback to {to}"),
            Self::Binding => out.write_str("binding of ML ids"),
            Self::Removal => out.write_str("removal"),
        }
    }
}
