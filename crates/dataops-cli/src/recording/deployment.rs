//! What is recorded of a deployment, whatever came of it.

use std::collections::{BTreeMap, BTreeSet};

use adf_model::ResourceId;
use dataops_bundle::Checkout;
use dataops_core::apply::{Applied, Outcome as Ended, TriggerOutcome};
use dataops_core::connection::Connection;
use dataops_core::ledger::{Ledger, now};
use dataops_ledger::{
    ArmDeployment, Cause, Counts, Created, Deployment, Did, NotebooksLeft, Outcome,
    Source as Origin, State, TriggerLeft,
};
use dataops_plan::{Digest, Live, Plan, ResourceKey, TriggerState};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::gate::Standing;
use crate::ledger;
use crate::planning::{self, Source};

use super::part::Part;

/// A deployment that goes on: what is known of it so far.
pub(crate) struct Story {
    deployment: Deployment,
    /// The factory as it was before.
    before: Option<Live>,
    /// What the plan does something with.
    touched: Vec<ResourceId>,
    /// The triggers that are to go, in the states that they were in.
    going: BTreeMap<ResourceKey, TriggerState>,
    /// The states that the triggers of the plan were in.
    stood: BTreeMap<ResourceKey, TriggerState>,
    /// What it is about, where it is not about everything.
    part: Option<Part>,
    /// What it leaves in the workspace.
    notebooks: Option<NotebooksLeft>,
    /// Whether an earlier record tells all of it.
    is_told: bool,
}

impl Story {
    /// A deployment that begins now.
    pub(crate) fn begin(
        context: &Context,
        source: &Source,
        connection: &Connection,
        cause: Cause,
        standing: &Standing,
    ) -> Self {
        let deployment = Deployment {
            began: now(),
            cause,
            outcome: Outcome::NotBegun,
            reason: None,
            finishes: None,
            evidence: standing.evidence.clone(),
            overridden: standing.overridden.clone(),
            factory: planning::address(connection.environment()),
            source: origin(context, source),
            bundle: source.bundle.clone(),
            plan: None,
            only: Vec::new(),
            except: Vec::new(),
            leaves_notebooks: false,
            consents: Vec::new(),
            planned: Counts::default(),
            created: Created::default(),
            triggers: BTreeMap::new(),
            arm: None,
            state: None,
            smoke_follows: false,
        };
        Self {
            deployment,
            before: None,
            touched: Vec::new(),
            going: BTreeMap::new(),
            stood: BTreeMap::new(),
            part: None,
            notebooks: None,
            is_told: false,
        }
    }

    /// It has a plan.
    pub(crate) fn planned(
        &mut self,
        (source, connection): (&Source, &Connection),
        plan: &Plan,
        live: Live,
    ) {
        let target = connection.environment().notebooks_target.as_deref();
        let name = &source.solution.settings.name;
        let notebooks = plan.notebooks.as_ref().zip(target);
        self.notebooks = notebooks.map(|(plan, target)| NotebooksLeft::of(plan, name, target));
        let told = &self.deployment;
        self.deployment = Deployment {
            cause: told.cause.clone(),
            evidence: told.evidence.clone(),
            overridden: told.overridden.clone(),
            ..Deployment::of(plan, told.began, told.source.clone(), Outcome::NotBegun)
        };
        self.part = Part::of(plan, &self.deployment.cause, &live);
        self.before = Some(live);
        let resources = plan.resources.iter();
        let changed = resources.filter(|it| it.action.changes());
        let triggers = plan.triggers.iter();
        let moved = triggers.filter(|it| it.start || it.stop.is_some());
        let keys = changed
            .map(|it| &it.resource)
            .chain(moved.map(|it| &it.trigger));
        let touched: BTreeSet<_> = keys.map(|key| key.id().clone()).collect();
        self.touched = touched.into_iter().collect();
        let triggers = plan.triggers.iter();
        let going = triggers.filter(|it| it.after == TriggerState::Absent);
        self.going = going.map(|it| (it.trigger.clone(), it.before)).collect();
        let stood = plan.triggers.iter();
        self.stood = stood.map(|it| (it.trigger.clone(), it.before)).collect();
    }

    /// It is written by a deployment of Azure Resource Manager with this name.
    pub(crate) fn by_arm(&mut self, name: &str) {
        self.deployment.arm = Some(ArmDeployment {
            name: name.to_owned(),
            resource_group: None,
            correlation_id: None,
        });
    }

    /// It begins to change something: who finds no other record of it knows that it was killed.
    pub(crate) async fn begun(
        &mut self,
        context: &Context,
        ledger: &Ledger,
    ) -> Result<(), Failure> {
        let begun = Deployment {
            outcome: Outcome::Begun,
            ..self.deployment.clone()
        };
        let did = Did::Deployment(Box::new(begun));
        let written = ledger.append(ledger::entry(context, ledger, did)).await;
        let record = written.map_err(|error| {
            ledger::failure(error)
                .hint("nothing was changed: a deployment that cannot be recorded is none")
        })?;
        self.deployment.finishes = Some(record.number);
        self.deployment.outcome = Outcome::Failed;
        Ok(())
    }

    /// There was nothing to do that an earlier one has not done: its record stands, and so does what was tested since.
    pub(crate) fn stands(&mut self) {
        self.is_told = true;
    }

    /// The plan cannot be carried out.
    pub(crate) fn refused(&mut self, why: impl Into<String>) {
        self.deployment.reason = Some(why.into());
    }

    /// A smoke test is about to be made of it.
    pub(crate) fn smoke_follows(&mut self) {
        self.deployment.smoke_follows = true;
    }

    /// It was carried out, or begun.
    pub(crate) async fn applied(
        &mut self,
        context: &Context,
        ledger: &Ledger,
        connection: &Connection,
        applied: &Applied,
    ) {
        let told = &mut self.deployment;
        told.outcome = match applied.outcome {
            Ended::Done if applied.triggers_are_as_desired() => Outcome::Deployed,
            Ended::Done => Outcome::DeployedButTriggers,
            Ended::Failed | Ended::Interrupted => Outcome::Failed,
        };
        told.reason = match applied.outcome {
            Ended::Interrupted => Some("interrupted".to_owned()),
            _ => applied.first_trouble().map(|it| it.message.clone()),
        };
        told.arm = applied.arm.as_ref().map(|arm| ArmDeployment {
            name: arm.name.clone(),
            resource_group: Some(arm.resource_group.clone()),
            correlation_id: arm.correlation_id.clone(),
        });
        let triggers = applied.triggers.iter().map(|trigger| {
            let left = TriggerLeft {
                desired: trigger.desired,
                observed: trigger.observed,
                before: self.going.get(&trigger.trigger).copied(),
            };
            (trigger.trigger.clone(), left)
        });
        told.triggers = triggers.collect();
        let earlier = match &self.part {
            Some(_) => super::part::earlier(ledger, told.factory.as_ref()).await,
            None => Ok(None),
        };
        let kept = match earlier {
            Ok(earlier) => self.keep(ledger, connection, applied, earlier).await,
            Err(error) => Err(error),
        };
        let told = &mut self.deployment;
        match kept {
            Ok(digest) => told.state = Some(digest),
            Err(error) => {
                let text = format!("the state of the factory is not recorded: {error}");
                context.warn("warning", &text, Some("`dataops drift` will not know it"));
            }
        }
    }

    /// Keeps the state that the factory is left in. What a deployment of a part is not about stays as the `earlier` one has it; where there
    /// is none, all of it is as it is found.
    async fn keep(
        &mut self,
        ledger: &Ledger,
        connection: &Connection,
        applied: &Applied,
        earlier: Option<State>,
    ) -> Result<Digest, Failure> {
        let touched = std::mem::take(&mut self.touched);
        let live = match self.before.take() {
            Some(before) => planning::live_again(connection, before, touched).await?,
            None => planning::live(connection).await?,
        };
        // What has failed brings back what it has stopped, and has not come to the others.
        let is_meant = |it: &&TriggerOutcome| {
            let stood = self.stood.get(&it.trigger);
            applied.outcome == Ended::Done || stood.is_none_or(|state| *state == it.desired)
        };
        let triggers = applied.triggers.iter().filter(is_meant);
        let desired = triggers.map(|it| (it.trigger.clone(), it.desired));
        let state = State::of(&live).with_triggers(desired);
        let state = match (&self.part, &earlier) {
            (Some(part), Some(earlier)) => part.left(state, earlier, applied),
            _ => state,
        };
        let state = state.with_notebooks(self.notebooks.take());
        ledger.keep_state(&state).await.map_err(ledger::failure)
    }

    /// What was to be done beside the factory was not.
    pub(crate) fn failed(&mut self, why: impl Into<String>) {
        self.deployment.outcome = Outcome::Failed;
        self.deployment.reason = Some(why.into());
    }

    /// Writes the record of its end. One that ended by wrong usage before it changed anything is none.
    pub(crate) async fn record(
        mut self,
        context: &Context,
        ledger: &Ledger,
        failure: Option<&Failure>,
    ) -> Result<(), Failure> {
        if self.is_told {
            return Ok(());
        }
        if let Some(failure) = failure {
            if failure.exit == Exit::Usage && self.deployment.finishes.is_none() {
                return Ok(());
            }
            let reason = &mut self.deployment.reason;
            reason.get_or_insert_with(|| failure.summary());
        }
        let reason = self.deployment.reason.as_deref();
        let masked = reason.map(|text| adf_model::secret::masked(text, "***").into_owned());
        self.deployment.reason = masked;
        let did = Did::Deployment(Box::new(self.deployment));
        let written = ledger.append(ledger::entry(context, ledger, did)).await;
        let record = written.map_err(|error| {
            let mut failure = ledger::failure(error);
            // Something was changed, so that it is no matter of usage.
            failure.exit = match failure.exit {
                Exit::Usage => Exit::Failed,
                exit => exit,
            };
            failure.hint("the deployment itself has ended as told above")
        })?;
        ledger::tell_record(context, ledger, &record);
        Ok(())
    }
}

/// Where what is deployed came from: as the bundle says, otherwise as git says, otherwise as the CI system says.
pub(crate) fn origin(context: &Context, source: &Source) -> Origin {
    let origin = Origin::of(&context.variables);
    let commit = match &source.sealed {
        Some(bundle) => bundle.manifest().source.clone(),
        None => checked_out(source),
    };
    match commit {
        Some(known) => origin.with_commit(known.commit, known.dirty),
        None => origin,
    }
}

/// The commit that the solution's documents are those of.
fn checked_out(source: &Source) -> Option<dataops_bundle::Origin> {
    let root = &source.solution.root;
    let checkout = Checkout::of(root).ok()?;
    let adf = source.solution.settings.adf.as_ref();
    let below = adf.map(|adf| adf.root.to_string_lossy().into_owned());
    let paths = source.repository.resources.iter();
    let paths = paths.map(|resource| match below.as_deref() {
        None | Some("" | ".") => resource.file.path.clone(),
        Some(below) => format!("{below}/{}", resource.file.path),
    });
    let paths: Vec<_> = paths.collect();
    checkout.origin(paths.iter().map(String::as_str))
}
