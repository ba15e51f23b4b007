//! Whether a plan still holds: what moved since it was made.

use std::collections::BTreeMap;
use std::fmt;

use adf_model::{Kind, ResourceId};

use crate::desired::{Desired, DesiredResource};
use crate::key::ResourceKey;
use crate::live::{Live, LiveResource};
use crate::plan::{Because, Plan, ResourcePlan, TriggerState};

/// Something that is no longer as it was when the plan was made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Moved {
    /// Which resource.
    pub resource: ResourceKey,
    /// How.
    pub how: MovedHow,
}

/// How something is no longer as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MovedHow {
    /// The factory has it now.
    Appeared,
    /// The factory no longer has it.
    Disappeared,
    /// It was changed.
    Changed,
    /// It was written again with the same content, but perhaps with another secret.
    Rewritten,
    /// The trigger is in another state.
    State {
        /// The state when the plan was made.
        was: TriggerState,
        /// The state now.
        is: TriggerState,
    },
    /// The source, or what the environment makes of it, is another.
    Source,
    /// The environment wants the trigger in another state afterwards.
    Policy {
        /// The state in which the plan leaves it.
        planned: TriggerState,
        /// The state that the environment wants by now.
        wanted: TriggerState,
    },
}

impl fmt::Display for Moved {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { resource, how } = self;
        match how {
            MovedHow::Appeared => write!(out, "{resource} is in the factory now"),
            MovedHow::Disappeared => write!(out, "{resource} is no longer in the factory"),
            MovedHow::Changed => write!(out, "{resource} was changed in the factory"),
            MovedHow::Rewritten => write!(out, "{resource} was written again in the factory"),
            MovedHow::State { was, is } => write!(out, "{resource} was {was} and is {is}"),
            MovedHow::Source => write!(out, "{resource} is not what the plan was made of"),
            MovedHow::Policy { planned, wanted } => write!(
                out,
                "{resource} is to be {wanted} afterwards by the environment's policy, and {planned} by the plan"
            ),
        }
    }
}

impl Plan {
    /// What moved in the factory since the plan was made. What was not selected does not count.
    #[must_use]
    pub fn verify(&self, live: &Live) -> Vec<Moved> {
        let mut moved = Vec::new();
        for plan in &self.resources {
            let found = match plan.resource.kind {
                Kind::Factory => live.factory.as_ref(),
                _ => live.get(plan.resource.id()),
            };
            let is_meant = !matches!(plan.because, Because::NotSelected | Because::NotOurs);
            if is_meant && let Some(how) = since(plan, found) {
                moved.push((&plan.resource, how));
            }
        }
        let known = |id: &ResourceId| self.resource(&id.into()).is_some();
        let new: Vec<ResourceKey> = match self.options.only.is_empty() {
            true => {
                let new = live.resources.keys().filter(|id| !known(id));
                new.map(ResourceKey::from).collect()
            }
            false => Vec::new(),
        };
        moved.extend(new.iter().map(|key| (key, MovedHow::Appeared)));
        for plan in &self.triggers {
            let found = live.get(plan.trigger.id()).map(state);
            if let Some(is) = found.filter(|is| *is != plan.before)
                && plan.before != TriggerState::Absent
            {
                let was = plan.before;
                moved.push((&plan.trigger, MovedHow::State { was, is }));
            }
        }
        let moved = moved.into_iter().map(|(resource, how)| Moved {
            resource: resource.clone(),
            how,
        });
        moved.collect()
    }

    /// What moved in the source, or in what the environment makes of it.
    #[must_use]
    pub fn verify_source(&self, desired: &Desired) -> Vec<Moved> {
        let planned: BTreeMap<&ResourceKey, _> = self
            .resources
            .iter()
            .filter_map(|plan| Some((&plan.resource, plan.desired.as_ref()?)))
            .collect();
        let mut moved: Vec<ResourceKey> = Vec::new();
        for (key, digest) in &planned {
            let now = desired.get(key.id()).map(DesiredResource::digest);
            if now != Some(*digest) {
                moved.push((*key).clone());
            }
        }
        let new = desired.resources.keys().map(ResourceKey::from);
        moved.extend(new.filter(|key| !planned.contains_key(key)));
        moved.sort();
        let moved = moved.into_iter().map(|resource| Moved {
            resource,
            how: MovedHow::Source,
        });
        moved.collect()
    }
}

fn state(trigger: &LiveResource) -> TriggerState {
    match trigger.state.as_deref() {
        Some("Started") => TriggerState::Started,
        _ => TriggerState::Stopped,
    }
}

fn since(plan: &ResourcePlan, found: Option<&LiveResource>) -> Option<MovedHow> {
    let is_left = plan.resource.kind == Kind::Factory && !plan.action.changes();
    match (&plan.live, found) {
        (None, None) => None,
        (None, Some(_)) => Some(MovedHow::Appeared),
        (Some(_), None) => Some(MovedHow::Disappeared),
        // It is not written, so that only its existence matters.
        (Some(_), Some(_)) if is_left => None,
        (Some(was), Some(found)) if *was != found.prepared().digest => Some(MovedHow::Changed),
        (Some(_), Some(found)) => {
            // Of the factory no version is written over, and its resources may change it.
            let touched = plan.action.changes() && plan.resource.kind != Kind::Factory;
            let is_other = plan.etag.is_some() && plan.etag != found.etag;
            (touched && is_other).then_some(MovedHow::Rewritten)
        }
    }
}
