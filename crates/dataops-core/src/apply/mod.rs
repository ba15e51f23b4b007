//! Carries out a plan on a factory: level by level, over the versions that the plan saw, with a journal for the triggers.
//!
//! The order is that of the plan: create or change the factory, stop triggers, put, delete, start triggers. What comes again is removed just
//! before it is put. Once the first step is done there is no error any more, only an [`Applied`] that tells what was done and what was
//! not.

mod applied;
mod approval;
mod arm;
mod event;
mod factory;
mod interrupt;
mod journal;
mod limits;
mod missing;
mod removal;
mod restore;
mod settle;
mod trigger;
mod triggers;
mod trouble;
mod work;
mod write;

use std::collections::BTreeMap;
use std::time::Instant;

use adf_client::Remote;
use dataops_plan::{Action, Desired, Plan, ResourceKey};

pub use applied::{Applied, Outcome, ResourceOutcome, Status, TriggerOutcome};
pub use arm::{
    ArmError, ArmOrder, ArmRecord, Expected, Label, LeftBehind, WhatIfOutcome, await_left,
};
pub use arm_client::models::ChangeType;
pub use event::Event;
pub use interrupt::Interrupt;
pub use journal::{Journal, JournalEntry, JournalError, Keeper, Kept};
pub use limits::Limits;
pub use restore::{known, restore};
pub use settle::{Target, settle};
pub use trouble::{Trouble, TroubleKind};

use crate::connection::{Connection, ConnectionError};
use crate::ledger::Watch;
use triggers::Transaction;
use work::{Done, Part, Work};

/// Why nothing was begun.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ApplyError {
    /// A policy, or the service, stands against the plan.
    #[error("the plan cannot be carried out: {0}")]
    NotApplicable(String),
    /// The environment cannot be reached as it is described.
    #[error(transparent)]
    Connection(#[from] ConnectionError),
    /// The journal cannot be kept, so that no trigger is stopped.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// A plan that is about to be carried out.
pub struct Apply<'a> {
    connection: &'a Connection,
    plan: &'a Plan,
    desired: &'a Desired,
    keeper: &'a Keeper,
    pending: Option<Kept>,
    arm: Option<ArmOrder>,
    limits: Limits,
    interrupt: Interrupt,
    watch: Option<Watch>,
}

impl<'a> Apply<'a> {
    /// A plan, what it was made of, and who keeps the journal.
    #[must_use]
    pub fn new(
        connection: &'a Connection,
        plan: &'a Plan,
        desired: &'a Desired,
        keeper: &'a Keeper,
    ) -> Self {
        Self {
            connection,
            plan,
            desired,
            keeper,
            pending: None,
            arm: None,
            limits: Limits::default(),
            interrupt: Interrupt::default(),
            watch: None,
        }
    }

    /// Finishes also what an earlier deployment has left, whose triggers the plan counted as started.
    #[must_use]
    pub fn finishing(mut self, pending: Option<Kept>) -> Self {
        self.pending = pending;
        self
    }

    /// What is put is put by one deployment of Azure Resource Manager.
    #[must_use]
    pub fn by_arm(mut self, order: Option<ArmOrder>) -> Self {
        self.arm = order;
        self
    }

    /// With other limits.
    #[must_use]
    pub fn within(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Until somebody wishes to end early: what is on its way ends, and triggers run again.
    #[must_use]
    pub fn until(mut self, interrupt: Interrupt) -> Self {
        self.interrupt = interrupt;
        self
    }

    /// As long as a lease is held. Nothing is written once it is lost, no trigger either: whoever has it now finishes the journal.
    #[must_use]
    pub fn while_held(mut self, watch: Watch) -> Self {
        self.watch = Some(watch);
        self
    }

    /// Does it; `tell` hears what goes on.
    ///
    /// # Errors
    ///
    /// When nothing was begun.
    pub async fn run(self, tell: &(dyn Fn(Event<'_>) + Sync)) -> Result<Applied, ApplyError> {
        if let Some(why) = obstacle(self.plan) {
            return Err(ApplyError::NotApplicable(why));
        }
        let started = Instant::now();
        let client = self.connection.factory()?;
        let work = Work::new(
            Remote::new(client.clone()),
            self.plan,
            self.desired,
            self.limits,
            tell,
            self.interrupt.clone(),
            self.watch,
        );
        let mut triggers = Transaction::new(self.keeper, self.pending, &client, &work);
        let counted = self.plan.resources.iter();
        let resources = counted.filter(|plan| plan.action.changes()).count();
        tell(Event::Begin { resources });
        let mut outcomes = factory::bring(&work).await;
        let refused = match &self.arm {
            Some(order) => arm::check(&work, order).await,
            None => None,
        };
        let trouble = triggers.stop().await?;
        let written = write_all(&work, self.arm.as_ref()).await;
        outcomes.extend(written.outcomes);
        let ended = triggers.finish().await;
        let mut resources = merged(outcomes);
        missing::mark(&work, &mut resources).await;
        let outcome = match () {
            () if !ended.has_failed => Outcome::Done,
            () if self.interrupt.is_raised() => Outcome::Interrupted,
            () => Outcome::Failed,
        };
        let unchanged = self.plan.resources.iter();
        let unchanged = unchanged.filter(|plan| plan.action == Action::Unchanged);
        Ok(Applied {
            environment: self.plan.environment.clone(),
            factory: self.plan.factory.clone(),
            bundle: self.plan.bundle.clone(),
            plan: self.plan.digest.clone(),
            arm: written.record,
            outcome,
            resources,
            unchanged: unchanged.count(),
            triggers: ended.triggers,
            awaiting_approval: written.awaiting_approval,
            trouble: refused.or(trouble).or(written.trouble).or(ended.trouble),
            warnings: ended.warnings,
            took: started.elapsed(),
        })
    }
}

/// What stands against a plan first.
fn obstacle(plan: &Plan) -> Option<String> {
    if plan.is_applicable() {
        return None;
    }
    let findings = plan.findings.iter().filter(|it| it.verdict.stops());
    let findings = findings.map(|finding| match &finding.resource {
        Some(resource) => format!("{resource}: {} ({})", finding.text, finding.rule),
        None => format!("{} ({})", finding.text, finding.rule),
    });
    let problems = plan.problems.iter();
    let problems = problems.map(|problem| format!("{}: {}", problem.resource, problem.text));
    let all: Vec<_> = problems.chain(findings).collect();
    Some(match all.as_slice() {
        [] => "two notebooks stand in each other's way".to_owned(),
        [one] => one.clone(),
        [first, rest @ ..] => format!("{first}; and {} more", rest.len()),
    })
}

/// What was written, and deleted.
#[derive(Default)]
struct Written {
    outcomes: Vec<ResourceOutcome>,
    /// What stopped it, when that was no resource.
    trouble: Option<Trouble>,
    /// The deployment that put it.
    record: Option<ArmRecord>,
    /// The private endpoints that nobody has approved yet.
    awaiting_approval: Vec<ResourceKey>,
}

/// Removes, puts and deletes, level by level, or puts by one deployment. After a failure the rest is skipped.
async fn write_all(work: &Work<'_>, arm: Option<&ArmOrder>) -> Written {
    let mut written = match arm {
        Some(order) => put_by_one(work, order).await,
        None => put_all(work).await,
    };
    written.awaiting_approval = approval::wait(work, &mut written.outcomes).await;
    for level in &work.plan.order.delete {
        written.outcomes.extend(remove(work, level).await);
    }
    written
}

/// Puts by one deployment, before which all that comes again is removed: it writes whatever it has in an order of its own.
async fn put_by_one(work: &Work<'_>, arm: &ArmOrder) -> Written {
    let mut removed = Vec::new();
    for level in &work.plan.order.remove {
        removed.extend(make_way(work, level).await);
    }
    let mut written = arm::put_all(work, arm).await;
    written.outcomes.splice(0..0, removed);
    written
}

/// Puts level by level. What comes again is removed just before, so that it stays where something before it fails.
async fn put_all(work: &Work<'_>) -> Written {
    let mut written = Written::default();
    for round in work.plan.order.rounds() {
        for level in &round.remove {
            written.outcomes.extend(make_way(work, level).await);
        }
        let put = |key: ResourceKey| {
            let is_anew = round.anew.contains(&key);
            async move {
                match is_anew {
                    true => replace(work, &key).await,
                    false => write::put(work, &key).await,
                }
            }
        };
        written.outcomes.extend(work.each(&round.put, put).await);
    }
    written
}

/// Deletes what comes again later, and what refers to it.
async fn make_way(work: &Work<'_>, level: &[ResourceKey]) -> Vec<ResourceOutcome> {
    let delete = |key: ResourceKey| async move { removal::delete(work, &key).await };
    work.each_of(level, Part::First, delete).await
}

/// Deletes a resource and creates it anew: once it is gone, it is put at once unless the lease is lost. It stays away where that is refused.
async fn replace(work: &Work<'_>, key: &ResourceKey) -> Result<Done, Trouble> {
    removal::delete(work, key).await?;
    (work.tell)(Event::Removed(key));
    if let Some(why) = work.lost_lease().await {
        let text = format!("{key} was deleted and is not created anew: the lease was lost ({why})");
        return Err(Trouble::new(TroubleKind::Interrupted, text));
    }
    write::put(work, key).await
}

async fn remove(work: &Work<'_>, level: &[ResourceKey]) -> Vec<ResourceOutcome> {
    let delete = |key: ResourceKey| async move { removal::delete(work, &key).await };
    work.each(level, delete).await
}

/// One outcome for each resource: of one that is deleted and put again, that of the PUT unless the deletion failed.
fn merged(outcomes: Vec<ResourceOutcome>) -> Vec<ResourceOutcome> {
    let mut merged: Vec<ResourceOutcome> = Vec::with_capacity(outcomes.len());
    let mut places: BTreeMap<ResourceKey, usize> = BTreeMap::new();
    for outcome in outcomes {
        match places.get(&outcome.resource) {
            Some(at) if merged[*at].status == Status::Failed => {}
            Some(at) => merged[*at] = outcome,
            None => {
                places.insert(outcome.resource.clone(), merged.len());
                merged.push(outcome);
            }
        }
    }
    // What was not done comes last.
    merged.sort_by_key(|outcome| outcome.status == Status::Skipped);
    merged
}
